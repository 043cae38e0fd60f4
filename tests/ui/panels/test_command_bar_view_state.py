"""Which commands the row shows in which state, without Qt."""

from __future__ import annotations

import pytest

from app.domain.actions import CallAction, Reason, Situation, WhyNot, why_not
from app.domain.calls import LegState
from tests.ui.sample_calls import (
    CONSULT_RINGING,
    CONSULTING,
    HELD,
    QUEUED,
    RINGING,
    TALKING,
    TRANSFERRING,
    make_call,
    with_raw_state,
)
from ui.panels.command_bar.view_state import (
    PLACES,
    SLOTS,
    ButtonPhase,
    action_for_key,
    bar_state,
    opens_picker,
    verdict,
    visible_actions,
)

A = CallAction
_ALWAYS = {A.COMPLETE_TRANSFER, A.TAG, A.SEND_DTMF, A.DROP_LEG, A.BLOCK_CALLER, A.END_CALL}


@pytest.mark.parametrize(
    ("leg_states", "own"),
    [
        (RINGING, {A.HOLD, A.BEGIN_CONSULT, A.ADD_COACH, A.START_RECORDING}),
        (QUEUED, {A.HOLD, A.BEGIN_CONSULT, A.ADD_COACH, A.START_RECORDING}),
        (TALKING, {A.HOLD, A.BEGIN_CONSULT, A.ADD_COACH, A.START_RECORDING}),
        (HELD, {A.RETRIEVE, A.BEGIN_CONSULT, A.ADD_COACH, A.START_RECORDING}),
        (CONSULT_RINGING, {A.TRANSFER_BLIND, A.CANCEL_CONSULT, A.START_RECORDING}),
        (CONSULTING, {A.TRANSFER_BLIND, A.CANCEL_CONSULT, A.START_RECORDING}),
        (TRANSFERRING, {A.TRANSFER_BLIND, A.CANCEL_CONSULT, A.START_RECORDING}),
    ],
)
def test_the_row_changes_with_the_state(leg_states: tuple[LegState, ...], own: set[CallAction]) -> None:
    shown = visible_actions(make_call(1, *leg_states))
    assert set(shown) == _ALWAYS | own
    assert len(shown) == len(set(shown))


@pytest.mark.parametrize("leg_states", [RINGING, QUEUED, TALKING, HELD, CONSULT_RINGING, CONSULTING, TRANSFERRING])
def test_no_two_of_a_row_want_the_same_place_and_the_row_is_in_their_order(leg_states: tuple[LegState, ...]) -> None:
    shown = visible_actions(make_call(1, *leg_states))
    taken = [next(number for number, place in enumerate(PLACES) if action in place) for action in shown]
    assert taken == sorted(set(taken))


def test_end_call_shares_its_place_with_nothing() -> None:
    assert PLACES[-1] == (A.END_CALL,)
    assert sorted(action.value for place in PLACES for action in place) == sorted(
        action.value for slot in SLOTS for action in slot
    )


@pytest.mark.parametrize("leg_states", [TALKING, HELD])
@pytest.mark.parametrize("action", [A.BEGIN_CONSULT, A.COMPLETE_TRANSFER])
def test_who_talks_or_waits_can_be_consulted_about_and_transferred_by_choosing_a_colleague(
    action: CallAction, leg_states: tuple[LegState, ...]
) -> None:
    situation = Situation(make_call(1, *leg_states))
    assert verdict(action, situation, is_armed=False) is None
    button = next(button for button in bar_state(situation, {}).buttons if button.action is action)
    assert button.opens_picker is (action is A.COMPLETE_TRANSFER)
    refusal = verdict(action, situation, is_armed=True)
    assert refusal == WhyNot(Reason.CONSULT_UNDER_WAY), "one transfer at a time"


@pytest.mark.parametrize("leg_states", [CONSULT_RINGING, CONSULTING, TRANSFERRING, RINGING])
@pytest.mark.parametrize("action", [A.BEGIN_CONSULT, A.COMPLETE_TRANSFER])
def test_elsewhere_the_domain_has_the_last_word(action: CallAction, leg_states: tuple[LegState, ...]) -> None:
    situation = Situation(make_call(1, *leg_states))
    assert verdict(action, situation, is_armed=False) == why_not(action, situation)


@pytest.mark.parametrize("leg_states", [TALKING, HELD, CONSULT_RINGING])
def test_a_transfer_under_way_can_always_be_left(leg_states: tuple[LegState, ...]) -> None:
    for pending in (frozenset[CallAction](), frozenset({A.HOLD})):
        situation = Situation(make_call(1, *leg_states), pending)
        assert verdict(A.CANCEL_CONSULT, situation, is_armed=True) is None
    assert verdict(A.CANCEL_CONSULT, Situation(make_call(1, *RINGING)), is_armed=True) is not None


def test_the_transfer_asks_for_nobody_once_a_colleague_was_called() -> None:
    for leg_states in (CONSULT_RINGING, CONSULTING, TRANSFERRING):
        assert not opens_picker(A.COMPLETE_TRANSFER, make_call(1, *leg_states))
    assert not opens_picker(A.COMPLETE_TRANSFER, with_raw_state(make_call(1, *TALKING), "Нечто новое"))
    assert not opens_picker(A.HOLD, make_call(1, *TALKING))


def test_a_recorded_call_offers_to_stop() -> None:
    shown = visible_actions(make_call(1, *TALKING, is_recorded=True))
    assert A.STOP_RECORDING in shown
    assert A.START_RECORDING not in shown


def test_an_unknown_state_shows_and_allows_every_command_that_has_somebody_to_act_on() -> None:
    call = with_raw_state(make_call(1, *TALKING), "Нечто новое")
    state = bar_state(Situation(call), {})
    assert [button.action for button in state.buttons] == [action for slot in SLOTS for action in slot]
    assert all(button.is_allowed for button in state.buttons)


def test_without_a_call_everything_is_off_and_says_so() -> None:
    state = bar_state(Situation(None), {})
    assert {button.why_not.reason for button in state.buttons if button.why_not} == {Reason.NO_CALL}
    assert all(not button.is_allowed for button in state.buttons)
    assert set(state.verdicts) == set(CallAction)


def test_the_warning_stands_while_the_colleague_rings_and_only_then() -> None:
    assert bar_state(Situation(make_call(1, *CONSULT_RINGING)), {}).warns_caller_lost
    for leg_states in (TALKING, HELD, CONSULTING, TRANSFERRING):
        assert not bar_state(Situation(make_call(1, *leg_states)), {}).warns_caller_lost


@pytest.mark.parametrize(
    ("done", "leg_states", "following"),
    [
        (A.HOLD, HELD, A.RETRIEVE),
        (A.RETRIEVE, TALKING, A.HOLD),
    ],
)
def test_a_confirmed_command_keeps_its_place_and_its_mark_is_never_on_the_next_one(
    done: CallAction, leg_states: tuple[LegState, ...], following: CallAction
) -> None:
    call = make_call(1, *leg_states)
    confirmed, later = bar_state(Situation(call), {done: ButtonPhase.CONFIRMED}), bar_state(Situation(call), {})
    phases = {button.action: button.phase for button in confirmed.buttons}
    assert phases.pop(done) is ButtonPhase.CONFIRMED
    assert following not in phases
    assert set(phases.values()) == {ButtonPhase.IDLE}
    assert following in {button.action for button in later.buttons}
    assert len(confirmed.buttons) == len(later.buttons)


def test_in_an_unknown_state_each_action_stands_once_whatever_was_confirmed() -> None:
    call = with_raw_state(make_call(1, *TALKING), "Нечто новое")
    shown = [button.action for button in bar_state(Situation(call), {A.HOLD: ButtonPhase.CONFIRMED}).buttons]
    assert set(shown) == set(CallAction) - {A.USE_TALK_OPTION}
    assert len(shown) == len(set(shown))


def test_a_key_shared_by_two_actions_means_the_one_that_can_be_done() -> None:
    both = (A.HOLD, A.RETRIEVE)
    talking, held = (bar_state(Situation(make_call(1, *leg_states)), {}) for leg_states in (TALKING, HELD))
    assert action_for_key(both, talking.verdicts, (A.HOLD,)) is A.HOLD
    assert action_for_key(both, held.verdicts, (A.RETRIEVE,)) is A.RETRIEVE
    ringing = bar_state(Situation(make_call(1, *RINGING)), {})
    assert action_for_key(both, ringing.verdicts, (A.HOLD,)) is A.HOLD
