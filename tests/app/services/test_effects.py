"""When the list shows the effect of a command, and when it only looks so."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.actions import CallAction
from app.domain.calls import CallSession, EmployeeId
from app.domain.live_call import observe_call
from app.services.effects import Baseline, baseline_of, is_effect_visible
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


def test_every_action_but_keys_has_a_rule() -> None:
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
    assert without == {A.SEND_DTMF}


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
