"""Who and what the account has: employees, numbers, scenarios, tags, the blacklist. The people of tests: office.py."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

MAX_EXTENSION_DIGITS = 5
OUTSIDE_DIGITS = range(10, 16)
FIRST_BLOCKED_ID = 90_000


@dataclass(slots=True)
class Employee:
    """One employee and how the person at that phone behaves when called for advice."""

    employee_id: int
    full_name: str
    extension: str
    phone_number: str
    """PSTN digits or a SIP number with its leading zero."""
    coach_id: int | None = None
    call_recording: str = "off"
    """``all``, ``in``, ``out`` or ``off``; anything but off cannot be switched off by record.call."""
    answers_after_s: float | None = None
    """None: rings until told."""
    declines_after_s: float | None = None
    has_active_phone: bool = True
    other_phones: tuple[str, ...] = ()
    """Further numbers, called in turn after `phone_number` when a start.* method names none."""
    dial_time_s: float | None = None
    """How long each phone rings for a start.* method; None: the configuration's."""
    status_id: int = 1

    @property
    def phones(self) -> tuple[str, ...]:
        """Numbers by priority; empty when none is active."""
        return (self.phone_number, *self.other_phones) if self.has_active_phone else ()

    @property
    def behaviour(self) -> "PhoneBehaviour":
        """What the person at these phones does by themselves."""
        return PhoneBehaviour(self.answers_after_s, self.declines_after_s)


@dataclass(frozen=True, slots=True)
class PhoneBehaviour:
    """What happens at a ringing phone by itself; both None: it rings until told."""

    answers_after_s: float | None = None
    declines_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class EmployeeStatus:
    """What an employee can be at the moment, e.g. available or in a break."""

    status_id: int
    name: str
    mnemonic: str | None
    """None for a status of the account's own."""
    color: str = "#48B23D"
    is_select_allowed: bool = True
    is_worktime: bool = True


@dataclass(frozen=True, slots=True)
class EmployeeGroup:
    """Employees with a common number."""

    group_id: int
    name: str
    number: str
    employees: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CallScenario:
    """Where calls of some virtual numbers go: a message and the employees who are rung together."""

    scenario_id: int
    name: str
    numbers: tuple[str, ...]
    employees: tuple[int, ...]
    message_s: float = 0.0
    """How long the scenario's own message to the employee lasts."""


@dataclass(frozen=True, slots=True)
class BlockedNumber:
    """One line of the blacklist."""

    blocked_id: int
    number: str
    added_at: datetime
    added_by: str
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class VirtualNumber:
    """A number of the account that customers call."""

    number: str
    name: str
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Tag:
    """A mark for calls."""

    tag_id: int
    name: str


@dataclass(frozen=True, slots=True)
class TalkOption:
    """What a phone key does during a talk."""

    button: str
    mnemonic: str
    name: str
    value_id: int | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A sound that can be played to a party."""

    media_file_id: int
    name: str
    duration_s: float
    is_system: bool = False


@dataclass(frozen=True, slots=True)
class Destination:
    """Whom a dialled string reaches."""

    number: str
    employee: Employee | None


@dataclass(slots=True)
class Directory:
    """Everything the account has, by key."""

    employees: dict[int, Employee] = field(default_factory=dict)
    virtual_numbers: list[VirtualNumber] = field(default_factory=list)
    tags: dict[int, Tag] = field(default_factory=dict)
    talk_options: list[TalkOption] = field(default_factory=list)
    media_files: dict[int, MediaFile] = field(default_factory=dict)
    statuses: dict[int, EmployeeStatus] = field(default_factory=dict)
    groups: dict[int, EmployeeGroup] = field(default_factory=dict)
    scenarios: dict[int, CallScenario] = field(default_factory=dict)
    blacklist: dict[int, BlockedNumber] = field(default_factory=dict)
    outside_phones: dict[str, PhoneBehaviour] = field(default_factory=dict)
    """What happens at outside numbers that are called, where it is not `contact_answers_after_s`."""
    contact_answers_after_s: float | None = None
    """For outside numbers that a start.* method calls, when the configuration does not say; None: ring until told."""

    def add_employees(self, employees: Iterable[Employee]) -> None:
        """Add or replace by id."""
        self.employees.update((employee.employee_id, employee) for employee in employees)

    def resolve(self, dialled: str) -> Destination | None:
        """Extension, employee's phone or SIP number, or an outside number; None when nobody can be reached."""
        for employee in self.employees.values():
            if dialled in (employee.extension, employee.phone_number, *employee.other_phones):
                number = dialled if dialled in employee.other_phones else employee.phone_number
                return Destination(number, employee) if employee.has_active_phone else None
        if len(dialled) <= MAX_EXTENSION_DIGITS or dialled.startswith("0"):
            return None
        return Destination(dialled, None) if len(dialled) in OUTSIDE_DIGITS else None

    def virtual_number(self, number: str) -> VirtualNumber | None:
        """An active number of the account."""
        return next((line for line in self.virtual_numbers if line.number == number and line.is_active), None)

    def scenario_of_number(self, number: str) -> CallScenario | None:
        """The scenario that calls of this virtual number go through."""
        return next((scenario for scenario in self.scenarios.values() if number in scenario.numbers), None)

    def behaviour_at(self, destination: Destination) -> PhoneBehaviour:
        """What happens by itself when this phone rings."""
        if destination.employee is not None:
            return destination.employee.behaviour
        return self.outside_phones.get(destination.number, PhoneBehaviour())

    def is_blocked(self, number: str) -> bool:
        """The number is in the blacklist."""
        return any(blocked.number == number for blocked in self.blacklist.values())

    def block(self, number: str, at: datetime, by: str, comment: str | None = None) -> BlockedNumber:
        """Put a number in the blacklist; ValueError when it is there."""
        if self.is_blocked(number):
            raise ValueError(f"{number} is blocked already")
        blocked = BlockedNumber(max(self.blacklist, default=FIRST_BLOCKED_ID) + 1, number, at, by, comment)
        self.blacklist[blocked.blocked_id] = blocked
        return blocked
