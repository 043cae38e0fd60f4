"""When the list shows the effect of a command, and when it only looks so."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.actions import CallAction
from app.domain.calls import CallSession, EmployeeId
from app.domain.live_call import observe_call
from app.services.effects import Baseline, baseline_of, is_effect_visible, is_shown_by_the_list
from tests.app.domain import calls
from tests.app.domain.calls import COLLEAGUE, ME, L, call_of, contact_leg, employee_leg, seen

A = CallAction
RECORDED = call_of(contact_leg(L.TALKING, recorded=True), employee_leg(L.TALKING, recorded=True))
TAGGED = call_of(*calls.TALK.legs, tags=(254,))
COACHED = call_of(*calls.TALK.legs, employee_leg(L.DIALLING, COLLEAGUE, 12))
WITHOUT_ME = call_of(contact_leg(L.TALKING))


def baseline(before: CallSession, action: CallAction, me: EmployeeId | None = ME, **detail: object) -> Baseline:
    return baseline_of(observe_call(None, before, seen(0)), action, me, detail)


CASES: list[tuple[CallAction, CallSession, dict[str, Any], CallSession | None, CallSession | None]] = [
    # action, before, detail, shows the effect, does not
    (A.HOLD, calls.TALK, {}, calls.HOLD, calls.TALK),
    (A.RETRIEVE, calls.HOLD, {}, calls.TALK, calls.HOLD),
    (A.BEGIN_CONSULT, calls.HOLD, {}, calls.CONSULT_RINGING, calls.HOLD),
    (A.BEGIN_CONSULT, calls.HOLD, {}, calls.CONSULT, None),
    (A.COMPLETE_TRANSFER, calls.CONSULT, {}, calls.TRANSFERRED, calls.CONSULT),
    # Somebody went back to the caller instead: the colleague is gone, not the holder.
    (A.COMPLETE_TRANSFER, calls.CONSULT, {}, None, calls.TALK),
    (A.TRANSFER_BLIND, calls.CONSULT_RINGING, {}, calls.TRANSFER_PENDING, calls.CONSULT_RINGING),
    # Nobody answered: the transfer was made all the same, the caller is lost.
    (A.TRANSFER_BLIND, calls.CONSULT_RINGING, {}, calls.ENDED, calls.TALK),
    (A.CANCEL_CONSULT, calls.CONSULT, {}, calls.TALK, calls.CONSULT),
    (A.CANCEL_CONSULT, calls.CONSULT_RINGING, {}, calls.TALK, calls.HOLD),
    (A.TAG, calls.TALK, {"tag_id": 254}, TAGGED, calls.TALK),
    (A.TAG, calls.TALK, {"tag_id": 255}, call_of(*calls.TALK.legs, tags=(254, 255)), TAGGED),
    (A.START_RECORDING, calls.TALK, {}, RECORDED, calls.TALK),
    (A.STOP_RECORDING, RECORDED, {}, calls.TALK, RECORDED),
    (A.ADD_COACH, calls.TALK, {}, COACHED, calls.TALK),
    (A.DROP_LEG, COACHED, {"leg_id": 12}, calls.TALK, COACHED),
    (A.DROP_LEG, calls.TALK, {"leg_id": 11}, WITHOUT_ME, calls.TALK),
    (A.END_CALL, calls.TALK, {}, calls.ENDED, WITHOUT_ME),
]


@pytest.mark.parametrize(("action", "before", "detail", "shown", "not_shown"), CASES)
def test_each_action_has_a_sign(
    action: CallAction,
    before: CallSession,
    detail: dict[str, Any],
    shown: CallSession | None,
    not_shown: CallSession | None,
) -> None:
    was = baseline(before, action, **detail)
    if shown is not None:
        assert is_effect_visible(action, was, shown)
    assert not_shown is None or not is_effect_visible(action, was, not_shown)


def test_a_call_that_is_gone_shows_only_what_ends_it_or_my_part_in_it() -> None:
    shown = {action for action in CallAction if is_effect_visible(action, baseline(calls.TALK, action), None)}
    assert shown == {A.END_CALL, A.DROP_LEG, A.COMPLETE_TRANSFER, A.TRANSFER_BLIND}


OPTIONS: list[tuple[str, str, CallSession, CallSession | None, CallSession | None]] = [
    # mnemonic, what it is set to, before, shows the effect, does not
    ("record_talk", "", calls.TALK, RECORDED, calls.TALK),
    ("record_talk", "", RECORDED, calls.TALK, RECORDED),
    ("transfer_call", "", calls.TALK, calls.HOLD, calls.TALK),
    ("finish_conversation", "", calls.TALK, None, WITHOUT_ME),
    ("tag_call", "tag 254", calls.TALK, TAGGED, calls.TALK),
    ("tag_call", "254", TAGGED, TAGGED, calls.TALK),
    ("tag_call", "another name", calls.TALK, TAGGED, calls.TALK),
    ("call_coach", "", calls.TALK, COACHED, calls.TALK),
]


@pytest.mark.parametrize(("mnemonic", "value", "before", "shown", "not_shown"), OPTIONS)
def test_a_talk_option_shows_by_what_it_means(
    mnemonic: str, value: str, before: CallSession, shown: CallSession | None, not_shown: CallSession | None
) -> None:
    was = baseline(before, A.USE_TALK_OPTION, button="1", mnemonic=mnemonic, value=value)
    assert is_shown_by_the_list(A.USE_TALK_OPTION, was)
    assert is_effect_visible(A.USE_TALK_OPTION, was, shown)
    assert not is_effect_visible(A.USE_TALK_OPTION, was, not_shown)
    assert was.ends_the_call is (mnemonic == "finish_conversation")


def test_the_coach_option_sends_away_the_coach_who_is_there() -> None:
    coached = observe_call(observe_call(None, calls.TALK, seen(0)), COACHED, seen(2))
    was = baseline_of(coached, A.USE_TALK_OPTION, ME, {"button": "6", "mnemonic": "call_coach"})
    assert is_effect_visible(A.USE_TALK_OPTION, was, calls.TALK)
    assert not is_effect_visible(A.USE_TALK_OPTION, was, COACHED)


@pytest.mark.parametrize("mnemonic", ["save_numa", "receive_fax", "run_scenario", "made_up", None])
def test_the_list_shows_nothing_of_other_options(mnemonic: str | None) -> None:
    was = baseline(calls.TALK, A.USE_TALK_OPTION, button="1", mnemonic=mnemonic)
    assert not is_shown_by_the_list(A.USE_TALK_OPTION, was)
    assert not is_effect_visible(A.USE_TALK_OPTION, was, None)


def test_a_coach_who_still_rings_confirms_no_consultation() -> None:
    coached_hold = call_of(contact_leg(L.HELD), employee_leg(L.HELD), employee_leg(L.DIALLING, COLLEAGUE, 12))
    known = observe_call(observe_call(None, calls.TALK, seen(0)), COACHED, seen(2))
    held = observe_call(known, coached_hold, seen(4))
    was = baseline_of(held, A.BEGIN_CONSULT, ME, {})
    assert not is_effect_visible(A.BEGIN_CONSULT, was, coached_hold)
    unknown = observe_call(None, coached_hold, seen(4))
    assert is_effect_visible(A.BEGIN_CONSULT, baseline_of(unknown, A.BEGIN_CONSULT, ME, {}), coached_hold)


def test_every_action_the_list_shows_has_a_rule() -> None:
    everything = [calls.TALK, calls.HOLD, calls.CONSULT, calls.TRANSFERRED, calls.ENDED, RECORDED, TAGGED, COACHED]
    without = {
        action
        for action in CallAction
        if not any(
            is_effect_visible(action, baseline(before, action, tag_id=254, leg_id=11), now)
            for before in everything
            for now in everything
        )
    }
    assert without == {A.SEND_DTMF, A.BLOCK_CALLER, A.USE_TALK_OPTION}


def test_the_holder_of_a_call_that_is_not_mine_is_its_first_employee() -> None:
    assert baseline(calls.CONSULT, A.COMPLETE_TRANSFER, EmployeeId(9)).holder_leg_id == 11
    assert baseline(calls.CONSULT, A.COMPLETE_TRANSFER, COLLEAGUE).holder_leg_id == 12
    assert baseline(calls.QUEUED, A.END_CALL).holder_leg_id is None


@pytest.mark.parametrize(
    ("action", "detail", "ends"),
    [
        (A.END_CALL, {}, True),
        (A.DROP_LEG, {"leg_id": 10}, True),
        (A.DROP_LEG, {"leg_id": 11}, False),
        (A.HOLD, {}, False),
    ],
)
def test_what_ends_the_call_for_the_caller(action: CallAction, detail: dict[str, Any], ends: bool) -> None:
    assert baseline(calls.TALK, action, **detail).ends_the_call is ends
