"""Which call the operator looks at: the chosen one while it lives, else mine. Polls never move a choice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.domain.calls import CallSessionId, CallState, EmployeeId
from app.domain.live_call import LiveCall
from app.observe import Observable

_MY_ORDER = (
    CallState.TALK,
    CallState.CONSULT,
    CallState.CONSULT_RINGING,
    CallState.UNKNOWN,
    CallState.RINGING,
    CallState.HOLD,
    CallState.TRANSFER_PENDING,
    CallState.QUEUED,
)


def my_calls(calls: Iterable[LiveCall], me: EmployeeId | None) -> list[LiveCall]:
    """Calls with a live leg of mine: the one I talk in first, then by age."""
    own = [call for call in calls if call.session.leg_of(me) is not None]
    return sorted(own, key=lambda call: (_MY_ORDER.index(call.call_state), call.first_seen.monotonic_s))


def pick_call(
    calls: Mapping[CallSessionId, LiveCall], me: EmployeeId | None, chosen: CallSessionId | None
) -> CallSessionId | None:
    """The chosen call while it lives; then the first of mine; then what was chosen stays, though it is over."""
    if chosen in calls:
        return chosen
    own = my_calls(calls.values(), me)
    return own[0].call_session_id if own else chosen


class CallChoice:
    """The one current call of the window. `changed` publishes it when it became another one."""

    def __init__(self) -> None:
        self.changed: Observable[CallSessionId | None] = Observable()
        self._current: CallSessionId | None = None
        self._ended: LiveCall | None = None

    @property
    def current(self) -> CallSessionId | None:
        return self._current

    def shown_call(self, calls: Mapping[CallSessionId, LiveCall]) -> LiveCall | None:
        """The current call, also just after its end."""
        if self._current is None:
            return None
        live = calls.get(self._current)
        if live is not None:
            return live
        ended = self._ended
        return ended if ended is not None and ended.call_session_id == self._current else None

    def choose(self, call_session_id: CallSessionId) -> None:
        """The operator points at a call."""
        self._set(call_session_id)

    def follow(
        self, calls: Mapping[CallSessionId, LiveCall], me: EmployeeId | None, ended: Iterable[LiveCall] = ()
    ) -> None:
        """After every change of the board."""
        for call in ended:
            if call.call_session_id == self._current:
                self._ended = call
        self._set(pick_call(calls, me, self._current))

    def _set(self, call_session_id: CallSessionId | None) -> None:
        if call_session_id == self._current:
            return
        self._current = call_session_id
        self.changed.publish(call_session_id)
