"""The board takes facts over and tells what really changed."""

from __future__ import annotations

from dataclasses import replace

from app.board import BoardChange, CallBoard
from app.domain.calls import CallSessionId
from app.domain.events import CallAppeared, CallChanged, CallGone
from tests.app.domain import calls
from tests.app.domain.calls import CALL_ID, ME, call_of, contact_leg, seen


def test_a_call_appears_changes_and_ends() -> None:
    board = CallBoard()
    changes: list[BoardChange] = []
    board.changes.subscribe(changes.append)
    board.apply([CallAppeared(calls.RINGING)], seen(1))
    board.apply([CallChanged(calls.TALK)], seen(3))
    talking = board.call(CALL_ID)
    board.apply([CallGone(CALL_ID)], seen(9))
    assert [(change.appeared, change.changed) for change in changes] == [((CALL_ID,), ()), ((), (CALL_ID,)), ((), ())]
    (ended,) = changes[-1].ended
    assert talking is not None
    assert ended.session is talking.session
    assert ended.ended == seen(9)
    assert board.call(CALL_ID) is None
    assert not board.calls


def test_a_call_that_did_not_change_stays_the_same_object() -> None:
    board = CallBoard()
    board.apply([CallAppeared(calls.TALK)], seen(1))
    before = board.call(CALL_ID)
    change = board.apply([CallChanged(replace(calls.TALK))], seen(3))
    assert change.is_empty
    assert board.call(CALL_ID) is before


def test_a_second_absence_of_a_leg_is_a_change() -> None:
    board = CallBoard()
    board.apply([CallAppeared(calls.TALK)], seen(1))
    alone = call_of(contact_leg(calls.L.TALKING))
    board.apply([CallChanged(alone)], seen(3))
    change = board.apply([CallChanged(alone)], seen(5))
    assert change.changed == (CALL_ID,)
    live_call = board.call(CALL_ID)
    assert live_call is not None
    part = live_call.part_of(ME)
    assert part is not None
    assert part.has_left
    assert part.gone == seen(3)
    assert board.apply([CallChanged(alone)], seen(7)).is_empty


def test_nothing_new_is_not_published() -> None:
    board = CallBoard()
    published: list[BoardChange] = []
    board.changes.subscribe(published.append)
    assert board.apply([], seen(1)).is_empty
    assert board.apply([CallGone(CallSessionId(5))], seen(1)).is_empty
    assert published == []


def test_calls_keep_the_order_they_were_first_seen_in() -> None:
    board = CallBoard()
    ids = [CallSessionId(number) for number in (30, 10, 20)]
    board.apply([CallAppeared(replace(calls.TALK, call_session_id=number)) for number in ids], seen(1))
    board.apply([CallChanged(replace(calls.HOLD, call_session_id=ids[1]))], seen(3))
    assert list(board.calls) == ids


def test_a_change_of_an_unknown_call_makes_it_appear() -> None:
    board = CallBoard()
    assert board.apply([CallChanged(calls.TALK)], seen(1)).appeared == (CALL_ID,)
