"""The account's own lists as the program sees them, and who gives them. Nothing here knows a vendor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.domain.calls import CallSessionId, EmployeeId, TagId


@dataclass(frozen=True, slots=True)
class Colleague:
    """An employee. `extension` keeps its leading zeros, empty when there is none; `phone_numbers` those that can be
    rung, the most important first, digits or a SIP name; `groups` by name.

    `is_always_recorded`: nobody can stop the recording of this employee's calls. `has_coach`: a coach is set, so that
    one can be added without saying who.
    """

    employee_id: EmployeeId
    name: str
    extension: str = ""
    phone_numbers: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    status_id: int | None = None
    is_always_recorded: bool = False
    has_coach: bool = False


@dataclass(frozen=True, slots=True)
class EmployeeGroup:
    """Several employees behind one short number; `number` is empty when the group has none."""

    group_id: int
    name: str
    number: str = ""
    members: tuple[EmployeeId, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountTag:
    """A mark that can be put on a call."""

    tag_id: TagId
    name: str


@dataclass(frozen=True, slots=True)
class AccountLine:
    """A number of the account, digits only. `has_scenario`: a scenario answers it, so that a call can be started by
    its number alone."""

    number: str
    name: str = ""
    has_scenario: bool = False


@dataclass(frozen=True, slots=True)
class AccountScenario:
    """What the PBX does with a call; `line_numbers` are those it answers."""

    scenario_id: int
    name: str
    line_numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountMediaFile:
    """A sound that can be played to a party."""

    media_file_id: int
    name: str
    duration_s: float | None = None


@dataclass(frozen=True, slots=True)
class OperatorStatus:
    """What an employee can be to the PBX: available, at lunch… `colour` "#RRGGBB" or empty; `is_selectable`: by the
    employee; `is_worktime`: it counts as work."""

    status_id: int
    name: str
    colour: str = ""
    is_selectable: bool = True
    is_worktime: bool = False


class AccountPort(Protocol):
    """Reads are whole lists.

    Raises: errors.Refused and its subclasses (RightsMissing: this list is not for this user), errors.LinkError,
    errors.OutcomeUnknown.
    """

    async def read_time_zone(self) -> str | None:
        """The account's zone, e.g. "Europe/Moscow"; None when it is not told."""
        ...

    async def read_colleagues(self) -> tuple[Colleague, ...]: ...

    async def read_groups(self) -> tuple[EmployeeGroup, ...]: ...

    async def read_tags(self) -> tuple[AccountTag, ...]: ...

    async def read_lines(self) -> tuple[AccountLine, ...]:
        """The numbers that are in use."""
        ...

    async def read_scenarios(self) -> tuple[AccountScenario, ...]: ...

    async def read_media_files(self) -> tuple[AccountMediaFile, ...]: ...

    async def read_statuses(self) -> tuple[OperatorStatus, ...]: ...

    async def read_employee_status(self, employee_id: EmployeeId) -> int | None:
        """One employee's status now; None when there is no such employee or status."""
        ...

    async def set_employee_status(self, employee_id: EmployeeId, status_id: int) -> None: ...

    async def find_started_call(self, external_id: str, since: datetime) -> CallSessionId | None:
        """The call begun with that mark at or after `since`, live or over; None when the PBX knows of none (yet)."""
        ...

    async def is_started_call_over(self, external_id: str, since: datetime) -> bool:
        """Has the call begun with that mark at or after `since` ended? False also when the PBX knows of none (yet)."""
        ...

    async def tag_finished_call(self, call_session_id: CallSessionId, tag_id: TagId) -> None:
        """Put a tag on a call that is over."""
        ...

    def can_spare(self) -> bool:
        """May one more request be spent on what nobody waits for?"""
        ...

    async def sign_out(self) -> None: ...
