"""The live calls: the one writer of them, and what changed at each step. The poller says where they come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.domain.calls import CallSession, CallSessionId
from app.domain.events import CallAppeared, CallChanged, CallGone, TelephonyEvent
from app.domain.live_call import LiveCall, Sighting, end_call, observe_call
from app.observe import Observable


@dataclass(frozen=True, slots=True)
class BoardChange:
    """What one step changed. `ended` carries the last that was known of calls that are no longer on the board."""

    appeared: tuple[CallSessionId, ...] = ()
    changed: tuple[CallSessionId, ...] = ()
    ended: tuple[LiveCall, ...] = ()
    cause: str = "poll"

    @property
    def is_empty(self) -> bool:
        return not (self.appeared or self.changed or self.ended)


class CallBoard:
    """Live calls in the order they were first seen. A call that did not change stays the very same object."""

    def __init__(self) -> None:
        self.changes: Observable[BoardChange] = Observable()
        self._calls: dict[CallSessionId, LiveCall] = {}
        self.calls: Mapping[CallSessionId, LiveCall] = MappingProxyType(self._calls)

    def call(self, call_session_id: CallSessionId) -> LiveCall | None:
        """The live call, None when it is not (or no longer) on the board."""
        return self._calls.get(call_session_id)

    def apply(self, events: Iterable[TelephonyEvent], seen: Sighting, *, cause: str = "poll") -> BoardChange:
        """Fold the events in, tell the listeners when anything changed, and give the change."""
        appeared: list[CallSessionId] = []
        changed: list[CallSessionId] = []
        ended: list[LiveCall] = []
        for event in events:
            match event:
                case CallAppeared(call_session) | CallChanged(call_session):
                    before = self._calls.get(call_session.call_session_id)
                    if self._observe(before, call_session, seen):
                        (appeared if before is None else changed).append(call_session.call_session_id)
                case CallGone(call_session_id):
                    gone = self._calls.pop(call_session_id, None)
                    if gone is not None:
                        ended.append(end_call(gone, seen))
        change = BoardChange(tuple(appeared), tuple(changed), tuple(ended), cause)
        if not change.is_empty:
            self.changes.publish(change)
        return change

    def _observe(self, before: LiveCall | None, call_session: CallSession, seen: Sighting) -> bool:
        """Take the snapshot over; False when it says nothing that was not known."""
        live_call = observe_call(before, call_session, seen)
        if before is not None and before.session == call_session and before.parts == live_call.parts:
            return False
        self._calls[call_session.call_session_id] = live_call
        return True
