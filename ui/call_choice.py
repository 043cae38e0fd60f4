"""Which call the operator looks at: the chosen one while it lives, else mine. Polls never move a choice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.domain.actions import Reason, WhyNot
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


def meant_for_a_call(refusal: WhyNot) -> WhyNot:
    """The refusal of a command that was meant for a call: when that is not to be found any more, it has ended."""
    return WhyNot(Reason.CALL_ENDED) if refusal.reason is Reason.NO_CALL else refusal


class CallChoice:
    """The one current call of the window. `changed` publishes it when it became another one."""

    def __init__(self) -> None:
        self.changed: Observable[CallSessionId | None] = Observable()
        self._current: CallSessionId | None = None
        self._is_by_hand = False
        self._ended: LiveCall | None = None

    @property
    def current(self) -> CallSessionId | None:
        return self._current

    @property
    def ended_call(self) -> LiveCall | None:
        """The call looked at last that came to its end, as it was then."""
        return self._ended

    @property
    def is_by_hand(self) -> bool:
        """The operator pointed at the current call. False: it came up by itself."""
        return self._is_by_hand

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
        self._set(call_session_id, is_by_hand=True)

    def follow(
        self, calls: Mapping[CallSessionId, LiveCall], me: EmployeeId | None, ended: Iterable[LiveCall] = ()
    ) -> None:
        """After every change of the board."""
        for call in ended:
            if call.call_session_id == self._current:
                self._ended = call
        picked = pick_call(calls, me, self._current)
        self._set(picked, is_by_hand=self._is_by_hand and picked == self._current)

    def _set(self, call_session_id: CallSessionId | None, *, is_by_hand: bool) -> None:
        self._is_by_hand = is_by_hand
        if call_session_id == self._current:
            return
        self._current = call_session_id
        self.changed.publish(call_session_id)
