"""Looking into the list of calls for the effect of one command. Never sends a command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.account.port import AccountPort
from app.clock import Clock
from app.domain.calls import CallSession, CallSessionId, EmployeeId
from app.domain.live_call import LiveCall, Sighting, observe_call
from app.errors import LimitExceeded, LinkError, OutcomeUnknown, PultError
from app.http import PointsBudget
from app.telephony.port import CallsSnapshot, TelephonyPort

_LOOK_EVERY_S = 0.5


@dataclass(frozen=True, slots=True)
class PbxDesk:
    """One signed-in PBX. `wait_time_s`: how long effects are looked for; None: not at all. `account`: its reports, None
    without a Data API."""

    telephony: TelephonyPort
    points: PointsBudget
    clock: Clock
    employee_id: int | None = None
    wait_time_s: float | None = None
    account: AccountPort | None = None

    @property
    def me(self) -> EmployeeId | None:
        return None if self.employee_id is None else EmployeeId(self.employee_id)

    async def live_call(self, call_session_id: CallSessionId) -> LiveCall | None:
        """The call as the list shows it now; None when it does not. Raises as `list_calls` does."""
        call_session = listed(await self.telephony.list_calls(), call_session_id)
        if call_session is None:
            return None
        return observe_call(None, call_session, Sighting(self.clock.now(), self.clock.monotonic()))

    async def sees(self, shows: Callable[[CallsSnapshot], bool]) -> bool:
        """Look again and again until a snapshot shows it or the time is over. A look that fails is followed by another;
        a refused one ends it."""
        wait_time_s = self.wait_time_s or 0.0
        until_s = self.clock.monotonic() + wait_time_s
        while True:
            pause_s = self.points.poll_interval_s(_LOOK_EVERY_S)
            try:
                if shows(await self.telephony.list_calls()):
                    return True
            except LimitExceeded as error:
                pause_s = max(pause_s, error.resets_in_s or 0.0)
            except (LinkError, OutcomeUnknown):
                pass
            except PultError:
                return False
            if self.clock.monotonic() + pause_s > until_s:
                return False
            await self.clock.sleep(pause_s)


def listed(snapshot: CallsSnapshot, call_session_id: CallSessionId) -> CallSession | None:
    """That call in a snapshot."""
    return next((call for call in snapshot.calls if call.call_session_id == call_session_id), None)
