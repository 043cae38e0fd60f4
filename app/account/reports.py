"""What the account's reports tell of calls that are over, and who gives them. Nothing here knows a vendor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.domain.calls import CallSessionId, EmployeeId
from app.domain.reported_call import ReportedCall


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """A call whose recording is looked for: when it was (aware), and whose part in it is meant."""

    call_session_id: CallSessionId
    began_at: datetime
    ended_at: datetime
    employee_id: EmployeeId | None = None


class CallReports(Protocol):
    """Raises as AccountPort does."""

    async def find_recordings(self, calls: Sequence[RecordedCall]) -> Mapping[CallSessionId, tuple[str, ...]]:
        """Where the recordings may be had, the likeliest address first. A call without a recording (yet) has none of
        them; one the reports do not know (yet) is absent."""
        ...

    async def finished_calls(
        self, employee_id: EmployeeId, since: datetime, until: datetime
    ) -> tuple[ReportedCall, ...]:
        """Calls that are over and in which that employee had a part, begun between the two moments or some time
        before; `legs` has that employee's only."""
        ...

    async def with_all_legs(self, calls: Sequence[ReportedCall]) -> tuple[ReportedCall, ...]:
        """The same calls with everybody's legs."""
        ...

    def recording_address(self, link: str) -> str | None:
        """The link as it may be asked for; None when it leads to somebody who is not the PBX."""
        ...

    def can_spare(self) -> bool:
        """May one more request be spent on what nobody waits for?"""
        ...
