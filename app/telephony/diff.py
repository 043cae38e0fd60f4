"""Two snapshots in, facts out: which calls appeared, changed or ended. Knows no vendor, keeps no history."""

from __future__ import annotations

from app.domain.calls import CallSession, CallSessionId
from app.domain.events import CallAppeared, CallChanged, CallGone, TelephonyEvent
from app.telephony.port import CallsSnapshot

ABSENCES_TO_END = 2


class SnapshotTracker:
    """Compares each successful snapshot with the one before it.

    A session absent from two successful snapshots in a row has ended: one absence may be the PBX moving a call.
    Failed polls never get here, so they end nothing.
    """

    def __init__(self) -> None:
        self._known: dict[CallSessionId, CallSession] = {}
        self._absences: dict[CallSessionId, int] = {}
        self._unsettled: set[CallSessionId] = set()

    @property
    def missing(self) -> frozenset[CallSessionId]:
        """Sessions absent from the last snapshot that have not ended yet."""
        return frozenset(self._absences)

    def events_of(self, snapshot: CallsSnapshot) -> list[TelephonyEvent]:
        """What the snapshot says that the one before did not. Of one session listed twice the first entry counts."""
        events: list[TelephonyEvent] = []
        listed: set[CallSessionId] = set()
        for call_session in snapshot.calls:
            call_session_id = call_session.call_session_id
            if call_session_id in listed:
                continue
            listed.add(call_session_id)
            before = self._known.get(call_session_id)
            if before is call_session and call_session_id not in self._unsettled:
                continue
            event = self._compare(before, call_session)
            if event is not None:
                events.append(event)
        events += self._count_absences(listed)
        return events

    def _compare(self, before: CallSession | None, now: CallSession) -> TelephonyEvent | None:
        call_session_id = now.call_session_id
        self._known[call_session_id] = now
        if before is None:
            return CallAppeared(now)
        was_unsettled = call_session_id in self._unsettled
        # Whoever folds the snapshots counts two absences of a leg too, so it has to be told of the second one.
        if _employees_of(before) - _employees_of(now):
            self._unsettled.add(call_session_id)
        else:
            self._unsettled.discard(call_session_id)
        return CallChanged(now) if was_unsettled or before != now else None

    def _count_absences(self, listed: set[CallSessionId]) -> list[TelephonyEvent]:
        if not self._absences and len(listed) == len(self._known):
            return []
        events: list[TelephonyEvent] = []
        absences: dict[CallSessionId, int] = {}
        for call_session_id in [known for known in self._known if known not in listed]:
            count = self._absences.get(call_session_id, 0) + 1
            if count < ABSENCES_TO_END:
                absences[call_session_id] = count
                continue
            del self._known[call_session_id]
            self._unsettled.discard(call_session_id)
            events.append(CallGone(call_session_id))
        self._absences = absences
        return events


def _employees_of(call_session: CallSession) -> set[object]:
    return {leg.employee_id for leg in call_session.employee_legs}
