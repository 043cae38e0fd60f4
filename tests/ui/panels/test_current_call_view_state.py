"""What is shown of the current call, and which call that is."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from app.domain.calls import CallSessionId
from app.domain.live_call import LiveCall, Sighting, end_call
from tests.helpers.qt import finish_deletions
from tests.ui.sample_calls import CONSULT_RINGING, HELD, ME, NAMES, RINGING, SEEN, TALKING, make_call, with_raw_state
from ui.call_choice import CallChoice, pick_call
from ui.panels.current_call.view import CurrentCallView
from ui.panels.current_call.view_state import CurrentCallState, state_of


def _state(call: LiveCall, name: str | None = None, held_since: float | None = None) -> CurrentCallState:
    return state_of(call, me=ME, caller_name=name, held_since_monotonic_s=held_since)


def test_the_customer_stands_first_then_the_employees() -> None:
    state = state_of(
        make_call(1, *CONSULT_RINGING, employee=0), me=ME, caller_name="Котова", held_since_monotonic_s=990
    )
    assert [(leg.name, leg.is_customer, leg.is_me) for leg in state.legs] == [
        ("Котова", True, False),
        (NAMES[0], False, True),
        (NAMES[1], False, False),
    ]
    assert state.held_since_monotonic_s == 990
    assert state.is_mine


def test_the_hold_timer_runs_only_while_the_caller_waits() -> None:
    assert (
        state_of(make_call(1, *TALKING), me=ME, caller_name=None, held_since_monotonic_s=5).held_since_monotonic_s
        is None
    )
    assert state_of(make_call(1, *HELD), me=ME, caller_name=None, held_since_monotonic_s=5).held_since_monotonic_s == 5


def test_an_ended_call_keeps_its_length_and_has_nobody_in_it() -> None:
    ended = end_call(make_call(1, *TALKING, is_recorded=True), Sighting(SEEN.at, 1030.0))
    state = _state(ended)
    assert state.ended_after_s == 90.0
    assert state.legs == ()
    assert not state.is_recorded


def test_an_unknown_state_comes_with_the_words_of_the_pbx() -> None:
    state = state_of(
        with_raw_state(make_call(1, *TALKING), "Новое"), me=ME, caller_name=None, held_since_monotonic_s=None
    )
    assert [leg.raw_state for leg in state.legs] == ["Новое", ""]


def _board(*calls: LiveCall) -> dict[CallSessionId, LiveCall]:
    return {call.call_session_id: call for call in calls}


def test_my_call_is_current_by_itself_and_the_one_i_talk_in_first() -> None:
    others, ringing = make_call(1, *TALKING), make_call(2, *RINGING, employee=0)
    talking = make_call(3, *TALKING, employee=0)
    assert pick_call(_board(others), ME, None) is None
    assert pick_call(_board(others, ringing), ME, None) == ringing.call_session_id
    assert pick_call(_board(others, ringing, talking), ME, None) == talking.call_session_id


def test_a_chosen_call_stays_while_it_lives_and_after_its_end_until_i_have_one() -> None:
    others, mine = make_call(1, *TALKING), make_call(2, *RINGING, employee=0)
    chosen = others.call_session_id
    assert pick_call(_board(others, mine), ME, chosen) == chosen
    assert pick_call(_board(mine), ME, chosen) == mine.call_session_id
    assert pick_call({}, ME, chosen) == chosen


def test_the_call_that_has_just_ended_can_still_be_seen() -> None:
    choice, mine = CallChoice(), make_call(2, *TALKING, employee=0)
    told: list[object] = []
    choice.changed.subscribe(told.append)
    choice.follow(_board(mine), ME)
    ended = end_call(mine, Sighting(SEEN.at, 1030.0))
    choice.follow({}, ME, [ended])
    assert choice.shown_call({}) is ended
    assert told == [mine.call_session_id]


def test_where_nobody_said_who_sits_here_no_call_of_mine_is_promised(qapp: QApplication) -> None:
    view = CurrentCallView(lambda: 0.0)
    try:
        view.show_state(state_of(None, me=ME, caller_name=None, held_since_monotonic_s=None))
        assert "Yours appears here" in view.nothing.text()
        view.show_state(state_of(None, me=None, caller_name=None, held_since_monotonic_s=None))
        assert view.nothing.text() == "No call is chosen. Choose one in the list."
    finally:
        view.deleteLater()
        finish_deletions()
