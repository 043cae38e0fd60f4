"""What the account's reports tell of calls that are over, and who gives them. Nothing here knows a vendor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.domain.calls import CallSessionId, EmployeeId
from app.domain.reported_call import ReportedCall, ReportedLeg


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

    async def legs_of(
        self, employee_id: EmployeeId, since: datetime, until: datetime
    ) -> Mapping[CallSessionId, tuple[ReportedLeg, ...]]:
        """That employee's legs, by call, of calls begun between the two moments."""
        ...

    async def finished_calls(
        self, call_session_ids: Sequence[CallSessionId], since: datetime, until: datetime
    ) -> tuple[ReportedCall, ...]:
        """Those of the calls, begun between the two moments, that are over; each with everybody's legs."""
        ...

    def recording_address(self, link: str) -> str | None:
        """The link as it may be asked for; None when it leads to somebody who is not the PBX."""
        ...

    def can_spare(self) -> bool:
        """May one more request be spent on what nobody waits for?"""
        ...

    async def sign_out(self) -> None:
        """End the session with the PBX, where there is one."""
        ...
