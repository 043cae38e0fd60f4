"""What may be done in which state, and the one reason why not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.domain.actions import CallAction, LinkUse, Reason, Situation, WhyNot, allowed_actions, why_not
from app.domain.calls import CallSession, Direction, LegState
from app.domain.live_call import LiveCall, end_call, observe_call
from tests.app.domain import calls
from tests.app.domain.calls import ME, call_of, contact_leg, employee_leg, seen

A = CallAction
L = LegState
ALWAYS = {A.TAG, A.END_CALL}
ANSWERED = {A.START_RECORDING, A.SEND_DTMF, A.DROP_LEG, A.BLOCK_CALLER}

# Rows of uis-notes 5.3, with the house's own names; not recorded, two legs or more unless said.
LEGALITY: list[tuple[str, CallSession, set[CallAction]]] = [
    ("talk", calls.TALK, {A.HOLD, A.ADD_COACH, A.USE_TALK_OPTION} | ANSWERED),
    ("hold", calls.HOLD, {A.RETRIEVE, A.BEGIN_CONSULT} | ANSWERED),
    ("dialling", calls.CONSULT_RINGING, {A.TRANSFER_BLIND, A.CANCEL_CONSULT} | ANSWERED),
    ("operators talk", calls.CONSULT, {A.COMPLETE_TRANSFER, A.CANCEL_CONSULT} | ANSWERED),
    ("transfer pending", calls.TRANSFER_PENDING, {A.DROP_LEG}),
    ("ringing", calls.RINGING, {A.DROP_LEG}),
    ("queued", calls.QUEUED, set()),
]


def situation(call_session: CallSession | None, **others: Any) -> Situation:
    live_call = None if call_session is None else observe_call(None, call_session, seen(0))
    return replace(Situation(live_call), **others)


@pytest.mark.parametrize(("call_session", "expected"), [row[1:] for row in LEGALITY], ids=[row[0] for row in LEGALITY])
def test_each_state_allows_what_the_pbx_takes_there(call_session: CallSession, expected: set[CallAction]) -> None:
    assert allowed_actions(situation(call_session)) == expected | ALWAYS


def test_an_unknown_state_traps_nobody() -> None:
    assert allowed_actions(situation(calls.UNKNOWN)) == set(CallAction)


@pytest.mark.parametrize(
    ("action", "call_session", "reason"),
    [
        (A.HOLD, calls.RINGING, Reason.NOT_TALKING_YET),
        (A.HOLD, calls.HOLD, Reason.ALREADY_HELD),
        (A.ADD_COACH, calls.HOLD, Reason.RETRIEVE_FIRST),
        (A.RETRIEVE, calls.TALK, Reason.NOT_HELD),
        (A.RETRIEVE, calls.CONSULT, Reason.CONSULT_UNDER_WAY),
        (A.BEGIN_CONSULT, calls.TALK, Reason.HOLD_FIRST),
        (A.COMPLETE_TRANSFER, calls.CONSULT_RINGING, Reason.COLLEAGUE_HAS_NOT_ANSWERED),
        (A.COMPLETE_TRANSFER, calls.TALK, Reason.CONSULT_FIRST),
        (A.TRANSFER_BLIND, calls.CONSULT, Reason.COLLEAGUE_ALREADY_TALKS),
        (A.CANCEL_CONSULT, calls.HOLD, Reason.CONSULT_FIRST),
        (A.HOLD, calls.TRANSFER_PENDING, Reason.TRANSFER_UNDER_WAY),
        (A.STOP_RECORDING, calls.TALK, Reason.NOT_RECORDING),
        (A.DROP_LEG, calls.QUEUED, Reason.ONE_LEG_ONLY),
        (A.BLOCK_CALLER, calls.RINGING, Reason.NOT_TALKING_YET),
        (A.BLOCK_CALLER, replace(calls.TALK, contact_number="anonymous"), Reason.NO_NUMBER_TO_BLOCK),
        (A.BLOCK_CALLER, replace(calls.TALK, contact_number=""), Reason.NO_NUMBER_TO_BLOCK),
        (A.USE_TALK_OPTION, calls.HOLD, Reason.RETRIEVE_FIRST),
        (A.USE_TALK_OPTION, calls.CONSULT, Reason.CONSULT_UNDER_WAY),
        (A.USE_TALK_OPTION, calls.RINGING, Reason.NOT_TALKING_YET),
        (A.END_CALL, None, Reason.NO_CALL),
    ],
)
def test_the_reason_is_the_one_that_matters(
    action: CallAction, call_session: CallSession | None, reason: Reason
) -> None:
    refusal = why_not(action, situation(call_session))
    assert refusal is not None
    assert refusal.reason is reason


def test_one_move_at_a_time_but_marks_go_beside_it() -> None:
    holding = situation(calls.TALK, pending=frozenset({A.HOLD}))
    assert why_not(A.HOLD, holding) == WhyNot(Reason.WAITING_FOR_PBX, {"action": "hold"})
    assert why_not(A.TAG, holding) is None
    assert why_not(A.END_CALL, holding) is None
    consulting = situation(calls.CONSULT, pending=frozenset({A.CANCEL_CONSULT}))
    assert why_not(A.COMPLETE_TRANSFER, consulting) == WhyNot(Reason.WAITING_FOR_PBX, {"action": "cancel_consult"})


def test_recording_waits_for_recording_only() -> None:
    starting = situation(calls.TALK, pending=frozenset({A.START_RECORDING}))
    assert why_not(A.STOP_RECORDING, starting) == WhyNot(Reason.WAITING_FOR_PBX, {"action": "start_recording"})
    assert why_not(A.HOLD, starting) is None


def test_each_tag_is_a_mark_of_its_own() -> None:
    assert why_not(A.TAG, situation(calls.TALK, pending=frozenset({A.TAG}))) is None
    assert why_not(A.BLOCK_CALLER, situation(calls.TALK, pending=frozenset({A.BLOCK_CALLER}))) is not None


def test_a_talk_option_of_an_outgoing_call_waits_for_thirty_seconds_of_talk() -> None:
    ringing = call_of(contact_leg(L.DIALLING), employee_leg(L.TALKING), direction=Direction.OUTBOUND)
    talking = replace(calls.TALK, direction=Direction.OUTBOUND)
    outgoing = observe_call(observe_call(None, ringing, seen(0)), talking, seen(10))
    began_s = seen(10).monotonic_s

    def refusal(call: LiveCall, after_s: float | None) -> WhyNot | None:
        now_s = None if after_s is None else began_s + after_s
        return why_not(A.USE_TALK_OPTION, Situation(call, now_monotonic_s=now_s))

    assert refusal(outgoing, 0) == WhyNot(Reason.OPTION_TOO_EARLY, {"left_s": 30})
    assert refusal(outgoing, 29.5) == WhyNot(Reason.OPTION_TOO_EARLY, {"left_s": 1})
    assert refusal(outgoing, 30) is None
    assert refusal(outgoing, None) is None
    incoming = observe_call(observe_call(None, calls.RINGING, seen(0)), calls.TALK, seen(10))
    assert refusal(incoming, 0) is None
    # The talk went on when it was first seen, for who knows how long: the PBX decides.
    assert refusal(observe_call(None, talking, seen(10)), 0) is None


def test_enforced_recording_cannot_be_stopped() -> None:
    recorded = call_of(contact_leg(L.TALKING), employee_leg(L.TALKING, recorded=True))
    assert why_not(A.STOP_RECORDING, situation(recorded)) is None
    assert why_not(A.START_RECORDING, situation(recorded)) == WhyNot(Reason.ALREADY_RECORDING)
    enforced = situation(recorded, enforced_recording=frozenset({ME}))
    assert why_not(A.STOP_RECORDING, enforced) == WhyNot(Reason.RECORDING_ENFORCED)


def test_keys_reach_a_menu_before_both_talk() -> None:
    menu = call_of(contact_leg(L.TALKING), employee_leg(L.DIALLING), direction=Direction.OUTBOUND)
    assert why_not(A.SEND_DTMF, situation(menu)) is None
    assert why_not(A.SEND_DTMF, situation(calls.RINGING)) == WhyNot(Reason.NOT_TALKING_YET)


@pytest.mark.parametrize(
    ("link_use", "expected"),
    [
        (LinkUse.NEVER_CONNECTED, WhyNot(Reason.NOT_CONNECTED)),
        (LinkUse.SIGN_IN_NEEDED, WhyNot(Reason.SIGN_IN_NEEDED)),
        (LinkUse.LIMIT_REACHED, WhyNot(Reason.LIMIT_REACHED, {"resets_in_s": 17})),
    ],
)
def test_without_a_way_to_send_everything_is_off(link_use: LinkUse, expected: WhyNot) -> None:
    off = situation(calls.UNKNOWN, link_use=link_use, limit_resets_in_s=17)
    assert [why_not(action, off) for action in CallAction] == [expected] * len(CallAction)


@pytest.mark.parametrize("call", [calls.UNKNOWN, calls.TALK, calls.HOLD])
def test_without_the_management_component_a_call_can_only_be_ended(call: CallSession) -> None:
    only_base = situation(call, link_use=LinkUse.ONLY_BASE)
    assert allowed_actions(only_base) == {A.END_CALL}
    others = [action for action in CallAction if action is not A.END_CALL]
    assert [why_not(action, only_base) for action in others] == [WhyNot(Reason.COMPONENT_MISSING)] * len(others)
    assert allowed_actions(situation(call)) - {A.END_CALL}


def test_an_ended_call_takes_nothing() -> None:
    ended = Situation(end_call(observe_call(None, calls.TALK, seen(0)), seen(5)))
    assert {refusal.reason for action in CallAction if (refusal := why_not(action, ended))} == {Reason.CALL_ENDED}
    assert allowed_actions(ended) == frozenset()
