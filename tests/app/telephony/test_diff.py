"""Snapshots become facts; one absence ends nothing."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.domain.calls import CallSession, CallSessionId
from app.domain.events import CallAppeared, CallChanged, CallGone
from app.telephony.diff import SnapshotTracker
from app.telephony.port import CallsSnapshot
from tests.app.domain import calls
from tests.app.domain.calls import CALL_ID, call_of, contact_leg

ALONE = call_of(contact_leg(calls.L.TALKING))


def snapshot(*call_sessions: CallSession) -> CallsSnapshot:
    return CallsSnapshot(call_sessions)


def test_the_same_object_is_no_fact() -> None:
    tracker = SnapshotTracker()
    assert tracker.events_of(snapshot(calls.TALK)) == [CallAppeared(calls.TALK)]
    assert tracker.events_of(snapshot(calls.TALK)) == []
    assert tracker.events_of(snapshot(replace(calls.TALK))) == []


def test_absent_once_is_missing_and_absent_twice_has_ended() -> None:
    tracker = SnapshotTracker()
    tracker.events_of(snapshot(calls.TALK))
    assert tracker.events_of(snapshot()) == []
    assert tracker.missing == {CALL_ID}
    assert tracker.events_of(snapshot()) == [CallGone(CALL_ID)]
    assert tracker.missing == frozenset()
    assert tracker.events_of(snapshot(calls.TALK)) == [CallAppeared(calls.TALK)]


def test_a_call_that_comes_back_starts_counting_anew() -> None:
    tracker = SnapshotTracker()
    tracker.events_of(snapshot(calls.TALK))
    for _ in range(5):
        assert tracker.events_of(snapshot()) == []
        assert tracker.events_of(snapshot(calls.TALK)) == []
    assert tracker.missing == frozenset()


def test_a_lost_leg_is_told_twice() -> None:
    tracker = SnapshotTracker()
    tracker.events_of(snapshot(calls.TALK))
    assert tracker.events_of(snapshot(ALONE)) == [CallChanged(ALONE)]
    assert tracker.events_of(snapshot(ALONE)) == [CallChanged(ALONE)]
    assert tracker.events_of(snapshot(ALONE)) == []


def test_of_a_call_listed_twice_the_first_entry_counts() -> None:
    tracker = SnapshotTracker()
    assert tracker.events_of(snapshot(calls.TALK, calls.HOLD)) == [CallAppeared(calls.TALK)]
    assert tracker.events_of(snapshot(calls.TALK, calls.HOLD)) == []


@given(st.lists(st.lists(st.tuples(st.integers(1, 5), st.booleans()), max_size=6), max_size=30))
def test_the_facts_rebuild_what_two_snapshots_agree_on(history: list[list[tuple[int, bool]]]) -> None:
    tracker = SnapshotTracker()
    known: dict[CallSessionId, CallSession] = {}
    absences: dict[CallSessionId, int] = {}
    for entries in history:
        listed: dict[CallSessionId, CallSession] = {}
        for number, talks in entries:
            call_session = replace(calls.TALK if talks else ALONE, call_session_id=CallSessionId(number))
            listed.setdefault(call_session.call_session_id, call_session)
        for event in tracker.events_of(snapshot(*listed.values())):
            match event:
                case CallAppeared(call_session):
                    assert call_session.call_session_id not in known
                    known[call_session.call_session_id] = call_session
                case CallChanged(call_session):
                    assert call_session.call_session_id in known
                    known[call_session.call_session_id] = call_session
                case CallGone(call_session_id):
                    assert absences.pop(call_session_id) == 1
                    del known[call_session_id]
        absences = {number: absences.get(number, 0) + 1 for number in known if number not in listed}
        assert {number: known[number] for number in listed} == listed
        assert all(count < 2 for count in absences.values())
