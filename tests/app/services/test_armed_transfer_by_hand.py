"""Transfer when answered, when somebody acts on the call meanwhile: the operator, another console, a phone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from app.domain.calls import CallSessionId, CallState
from app.services.armed_transfer import ArmedStage, OutcomeKind
from app.services.call_follower import CallFollower
from app.simulator.faults import HoldUntilReleased
from tests.app.services.armed_rig import SENT_AT, K, S, open_rig
from tests.app.telephony.stack import COLLEAGUE, ME, PbxStack

Act = Callable[[PbxStack, CallSessionId], Awaitable[object]]
BY_HAND: list[tuple[str, Act, OutcomeKind | None]] = [
    ("cancel_consult", lambda s, c: s.control.cancel_consult(c), K.BACK_BY_HAND),
    ("transfer_blind", lambda s, c: s.control.transfer_blind(c), None),
    ("end_call", lambda s, c: s.control.end_call(c), None),
]


@pytest.mark.parametrize(("act", "kind"), [row[1:] for row in BY_HAND], ids=[row[0] for row in BY_HAND])
async def test_a_command_by_hand_ends_the_plan(act: Act, kind: OutcomeKind | None) -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        rig.arm(call_session_id)
        await rig.reach(call_session_id, S.RINGING)
        await act(rig.stack, call_session_id)
        await rig.stack.let_pass(lambda: rig.armed.of(call_session_id) is None, "the end of the plan")
        sent = rig.sent
        await rig.settle()
        assert [outcome.kind for outcome in rig.outcomes] == ([] if kind is None else [kind])
        assert rig.sent == sent


async def test_a_coach_or_a_tag_by_hand_leaves_the_plan_alone() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        await rig.stack.control.add_coach(call_session_id, "104")
        await rig.stack.poll()
        coach = rig.stack.live(call_session_id).coach_legs[0]
        rig.arm(call_session_id)
        await rig.reach(call_session_id, S.RINGING)
        await rig.stack.control.start_recording(call_session_id)
        await rig.stack.control.drop_leg(call_session_id, coach.leg_id)
        await rig.stack.poll()
        assert rig.armed.of(call_session_id) is not None
        rig.stack.simulator.pbx.colleague_answers(call_session_id)
        assert (await rig.outcome()).kind is K.DONE


async def test_commands_on_another_call_leave_the_plan_alone() -> None:
    async with open_rig() as rig:
        other = await rig.stack.talking_call()
        call_session_id = await rig.stack.talking_call()
        rig.arm(call_session_id)
        await rig.reach(call_session_id, S.RINGING)
        await rig.stack.control.hold(other)
        await rig.stack.control.end_call(other)
        await rig.stack.poll()
        assert rig.armed.of(call_session_id) is not None
        rig.stack.simulator.pbx.colleague_answers(call_session_id)
        assert (await rig.outcome()).kind is K.DONE


async def test_somebody_else_who_goes_back_ends_the_plan() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        rig.arm(call_session_id)
        await rig.reach(call_session_id, S.RINGING)
        await rig.stack.client.restore_talk(call_session_id)
        assert (await rig.outcome()).kind is K.BACK_BY_HAND
        assert rig.sent["restore.talk"] == 1


async def test_my_phone_that_hangs_up_ends_the_plan() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        rig.arm(call_session_id)
        await rig.reach(call_session_id, S.RINGING)
        rig.stack.simulator.pbx.hang_up(call_session_id, int(ME))
        outcome = await rig.outcome()
        assert outcome.error is not None
        assert (outcome.kind, outcome.error.code) == (K.FAILED, "operator_left")


@pytest.mark.parametrize("is_guarded", [True, False], ids=["", "control"])
async def test_hands_off_while_the_operator_acts(is_guarded: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not is_guarded:
        monkeypatch.setattr(CallFollower, "_require_hands_off", lambda _: None)
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        rig.arm(call_session_id)
        await rig.reach(call_session_id, S.RINGING)
        # The colleague is dropped by hand, to try another one; the caller stays on hold.
        colleague = rig.stack.live(call_session_id).session.leg_of(COLLEAGUE)
        assert colleague is not None
        await rig.stack.control.drop_leg(call_session_id, colleague.leg_id)
        await rig.settle()
        assert (rig.stack.live(call_session_id).call_state is CallState.HOLD) is is_guarded
        assert ("unhold.call" in rig.sent) is not is_guarded


@pytest.mark.parametrize("stage", [S.HOLDING, S.DIALLING, S.RINGING, S.COMPLETING, S.GOING_BACK])
async def test_disarming_sends_nothing_more(stage: ArmedStage) -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        rig.arm(call_session_id)
        if stage is S.COMPLETING:
            await rig.reach(call_session_id, S.RINGING)
            rig.stack.simulator.pbx.colleague_answers(call_session_id)
        held = None
        if stage in SENT_AT:
            held = rig.stack.simulator.faults.add(HoldUntilReleased(), operation=SENT_AT[stage])
        await rig.reach(call_session_id, stage)
        if held is not None:
            await held.wait_held()
        rig.armed.disarm(call_session_id)
        assert rig.armed.of(call_session_id) is None
        sent = rig.sent
        if held is not None:
            held.release()
        await rig.settle()
        assert (rig.sent, rig.outcomes) == (sent, [])
