"""Transfer when answered, edge by edge, against the simulator in virtual time."""

from __future__ import annotations

import pytest

from app.domain.actions import CallAction, Reason
from app.domain.calls import CallSessionId, CallState
from app.services.armed_plan import ArmedPlan
from app.services.armed_transfer import ArmedStage, OutcomeKind
from app.services.call_follower import CallFollower
from app.simulator.faults import HoldUntilReleased, LoseReply
from app.telephony.poller import LinkHealth
from app.telephony.port import SpokenMessage
from tests.app.services.armed_rig import BACK_AFTER_S, BROKE, SENT_AT, K, S, open_rig
from tests.app.telephony.stack import COLLEAGUE, CONTACT, HOLD_MESSAGE, ME
from tests.helpers.guards import ExpectedLog


async def test_the_caller_is_left_to_the_colleague_who_answers() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        rig.arm(call_session_id)
        await rig.reach(call_session_id, S.RINGING)
        assert rig.stack.live(call_session_id).call_state is CallState.CONSULT_RINGING
        armed = rig.armed.of(call_session_id)
        assert armed is not None
        assert (armed.to_number, armed.to_name) == ("102", "Гусев")
        assert armed.back_at_monotonic_s == pytest.approx(rig.stack.clock.monotonic() + BACK_AFTER_S, abs=0.5)
        rig.stack.simulator.pbx.colleague_answers(call_session_id)
        outcome = await rig.outcome()
        assert (outcome.kind, outcome.error, outcome.to_number) == (K.DONE, None, "102")
        assert rig.stages == [S.HOLDING, S.DIALLING, S.RINGING, S.COMPLETING]
        session = rig.stack.live(call_session_id).session
        assert session.call_state is CallState.TALK
        assert (session.leg_of(ME), session.leg_of(COLLEAGUE) is not None) == (None, True)
        assert rig.sent == {"hold.call": 1, "make.call": 1, "transfer.talk": 1}
        assert rig.stack.simulator.pbx.call(call_session_id).hold_message == (HOLD_MESSAGE.kind, HOLD_MESSAGE.value)
        assert rig.armed.of(call_session_id) is None


async def test_nobody_answers_and_the_caller_comes_back() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        rig.arm(call_session_id)
        await rig.reach(call_session_id, S.RINGING)
        began_s = rig.stack.clock.monotonic()
        assert (await rig.outcome()).kind is K.BACK_NO_ANSWER
        assert rig.stack.clock.monotonic() - began_s == pytest.approx(BACK_AFTER_S, abs=2.5)
        assert rig.stack.live(call_session_id).call_state is CallState.TALK
        assert rig.sent == {"hold.call": 1, "make.call": 1, "restore.talk": 1}


async def test_the_configured_time_counts_where_none_is_given() -> None:
    async with open_rig() as rig:
        rig.armed.use(back_after_s=5.0)
        call_session_id = await rig.stack.talking_call()
        rig.arm(call_session_id, back_after_s=None)
        await rig.reach(call_session_id, S.RINGING)
        armed = rig.armed.of(call_session_id)
        assert armed is not None
        assert armed.back_at_monotonic_s == pytest.approx(rig.stack.clock.monotonic() + 5.0, abs=0.5)


async def test_a_colleague_who_declines_brings_the_caller_back() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        rig.arm(call_session_id)
        await rig.reach(call_session_id, S.RINGING)
        rig.stack.simulator.pbx.colleague_declines(call_session_id)
        assert (await rig.outcome()).kind is K.BACK_NO_ANSWER
        assert rig.stack.live(call_session_id).call_state is CallState.TALK
        assert rig.sent == {"hold.call": 1, "make.call": 1, "unhold.call": 1}


async def test_a_colleague_who_is_busy_at_once_brings_the_caller_back() -> None:
    async with open_rig() as rig:
        rig.stack.simulator.pbx.directory.employees[COLLEAGUE].declines_after_s = 0.01
        call_session_id = await rig.stack.talking_call()
        rig.arm(call_session_id)
        assert (await rig.outcome()).kind is K.BACK_NO_ANSWER
        assert rig.stack.live(call_session_id).call_state is CallState.TALK
        assert rig.sent == {"hold.call": 1, "make.call": 1, "unhold.call": 1}


async def test_a_colleague_who_still_hears_the_message_is_not_cut_off() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        # Eight seconds to say, and the time is over after the first of them.
        rig.arm(call_session_id, message=SpokenMessage("tts", "о" * 120), back_after_s=3.0)
        await rig.reach(call_session_id, S.RINGING)
        rig.stack.simulator.pbx.colleague_answers(call_session_id)
        assert (await rig.outcome()).kind is K.DONE
        assert rig.sent == {"hold.call": 1, "make.call": 1, "transfer.talk": 1}


@pytest.mark.parametrize("is_guarded", [True, False], ids=["", "control"])
async def test_an_answer_in_the_last_moment_counts(is_guarded: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not is_guarded:
        monkeypatch.setattr(ArmedPlan, "_has_looked_after", lambda *_: True)
        monkeypatch.setattr(ArmedPlan, "_is_over_time", lambda self, _: self._desk.clock.monotonic() >= self._back_at_s)
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        rig.arm(call_session_id, back_after_s=4.0)
        await rig.reach(call_session_id, S.RINGING)
        armed = rig.armed.of(call_session_id)
        assert armed is not None
        assert armed.back_at_monotonic_s is not None
        # Nobody has looked since the answer when the time is over.
        old_poll = rig.stack.simulator.faults.add(HoldUntilReleased(), operation="list.calls")
        rig.stack.poller.refresh_soon()
        await rig.stack.clock.pass_time(0.5)
        await old_poll.wait_held()
        rig.stack.simulator.pbx.colleague_answers(call_session_id)
        rig.stack.clock.advance(armed.back_at_monotonic_s - rig.stack.clock.monotonic())
        await rig.stack.clock.pass_time(0.5)
        old_poll.release()
        outcome = await rig.outcome()
        assert (outcome.kind is K.DONE) is is_guarded
        assert ("restore.talk" in rig.sent) is not is_guarded


@pytest.mark.parametrize("stage", [S.HOLDING, S.DIALLING, S.RINGING, S.COMPLETING, S.GOING_BACK])
async def test_a_caller_who_hangs_up_ends_the_plan(stage: ArmedStage) -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        held = None
        if stage in SENT_AT:
            held = rig.stack.simulator.faults.add(HoldUntilReleased(before_effect=True), operation=SENT_AT[stage])
        rig.arm(call_session_id)
        if stage is S.COMPLETING:
            await rig.reach(call_session_id, S.RINGING)
            rig.stack.simulator.pbx.colleague_answers(call_session_id)
        await rig.reach(call_session_id, stage)
        if held is not None:
            await held.wait_held()
        rig.stack.simulator.pbx.hang_up(call_session_id, "contact")
        sent = dict(rig.sent)
        if held is not None:
            held.release()
        outcome = await rig.outcome()
        assert (outcome.kind, outcome.stage) == (K.FAILED, stage)
        assert outcome.error is not None
        assert outcome.error.code in ("call_gone", "call_session_not_found")
        await rig.settle()
        assert sum(rig.sent.values()) <= sum(sent.values()) + 1
        assert set(rig.sent) <= {*sent, SENT_AT.get(stage)}


@pytest.mark.parametrize("stage", [S.HOLDING, S.DIALLING, S.COMPLETING, S.GOING_BACK])
async def test_a_refusal_stops_the_plan_at_its_stage(stage: ArmedStage) -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        rig.stack.simulator.account.switches.refuse_next(SENT_AT[stage], "forbidden")
        rig.arm(call_session_id)
        if stage is S.COMPLETING:
            await rig.reach(call_session_id, S.RINGING)
            rig.stack.simulator.pbx.colleague_answers(call_session_id)
        outcome = await rig.outcome()
        assert (outcome.kind, outcome.stage) == (K.FAILED, stage)
        assert outcome.error is not None
        assert outcome.error.code == "forbidden"
        sent = rig.sent
        await rig.settle()
        assert rig.sent == sent
        assert rig.sent[SENT_AT[stage]] == 1
        assert call_session_id in rig.stack.board.calls


async def test_what_the_state_forbids_fails_with_its_reason() -> None:
    async with open_rig() as rig:
        call_session_id = CallSessionId(rig.stack.simulator.pbx.ring_in(CONTACT, employees=[ME]))
        await rig.stack.poll()
        rig.arm(call_session_id)
        outcome = await rig.outcome()
        assert outcome.kind is K.FAILED
        assert outcome.why_not is not None
        assert outcome.why_not.reason is Reason.NOT_TALKING_YET
        rig.arm(CallSessionId(1))
        await rig.stack.let_pass(lambda: len(rig.outcomes) == 2, "the second outcome")
        assert rig.outcomes[1].error is not None
        assert rig.outcomes[1].error.code == "call_gone"
        assert rig.sent == {}


@pytest.mark.parametrize("stage", [S.HOLDING, S.DIALLING, S.RINGING])
@pytest.mark.parametrize("is_guarded", [True, False], ids=["", "control"])
async def test_a_lost_link_stops_the_plan_and_nothing_follows_when_it_is_back(
    stage: ArmedStage, is_guarded: bool, expected_log: ExpectedLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected_log(BROKE)
    if not is_guarded:
        monkeypatch.setattr(CallFollower, "_require_link", lambda _: None)
    async with open_rig() as rig:
        stack = rig.stack
        call_session_id = await stack.talking_call()
        lost = None
        if stage in SENT_AT:
            lost = stack.simulator.faults.add(HoldUntilReleased(), operation=SENT_AT[stage])
        rig.arm(call_session_id)
        await rig.reach(call_session_id, stage)
        if lost is not None:
            await lost.wait_held()
        stack.simulator.set_down("pbx", True)
        await stack.let_pass(lambda: stack.poller.report.health is LinkHealth.DOWN, "a lost link")
        await stack.clock.pass_time(0.1)
        sent = rig.sent
        stack.simulator.set_down("pbx", False)
        await stack.let_pass(lambda: stack.poller.report.health is LinkHealth.UP, "the link")
        await rig.settle()
        await stack.clock.pass_time(BACK_AFTER_S)
        await rig.settle()
        assert (rig.sent == sent) is is_guarded
        if is_guarded:
            assert [(outcome.kind, outcome.stage) for outcome in rig.outcomes] == [(K.FAILED, stage)]
            assert rig.outcomes[0].error is not None
            assert stack.live(call_session_id).session.leg_of(ME) is not None


@pytest.mark.parametrize(("stage", "kind"), [(S.COMPLETING, K.DONE), (S.GOING_BACK, K.BACK_NO_ANSWER)])
async def test_the_last_step_waits_for_the_list_however_long_the_link_is_lost(
    stage: ArmedStage, kind: OutcomeKind, expected_log: ExpectedLog
) -> None:
    expected_log(BROKE)
    async with open_rig() as rig:
        stack = rig.stack
        call_session_id = await stack.talking_call()
        lost = stack.simulator.faults.add(HoldUntilReleased(), operation=SENT_AT[stage])
        rig.arm(call_session_id)
        if stage is S.COMPLETING:
            await rig.reach(call_session_id, S.RINGING)
            stack.simulator.pbx.colleague_answers(call_session_id)
        await rig.reach(call_session_id, stage)
        await lost.wait_held()
        stack.simulator.set_down("pbx", True)
        await stack.let_pass(lambda: stack.poller.report.health is LinkHealth.DOWN, "a lost link")
        assert rig.outcomes == []
        stack.simulator.set_down("pbx", False)
        assert (await rig.outcome()).kind is kind
        await rig.settle()
        assert rig.sent[SENT_AT[stage]] == 1


@pytest.mark.parametrize("stage", [S.HOLDING, S.DIALLING, S.COMPLETING, S.GOING_BACK])
async def test_a_lost_reply_is_decided_by_the_list_and_sent_once(stage: ArmedStage) -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        rig.stack.simulator.faults.add(LoseReply(), operation=SENT_AT[stage])
        rig.arm(call_session_id)
        await rig.reach(call_session_id, S.RINGING)
        if stage is not S.GOING_BACK:
            rig.stack.simulator.pbx.colleague_answers(call_session_id)
        assert (await rig.outcome()).kind is (K.BACK_NO_ANSWER if stage is S.GOING_BACK else K.DONE)
        assert set(rig.sent.values()) == {1}


@pytest.mark.parametrize("stage", [S.HOLDING, S.DIALLING, S.COMPLETING, S.GOING_BACK])
async def test_a_command_lost_on_the_way_fails_and_is_not_repeated(stage: ArmedStage) -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        rig.stack.simulator.faults.add(LoseReply(before_effect=True), operation=SENT_AT[stage])
        rig.arm(call_session_id)
        if stage is S.COMPLETING:
            await rig.reach(call_session_id, S.RINGING)
            rig.stack.simulator.pbx.colleague_answers(call_session_id)
        outcome = await rig.outcome()
        assert (outcome.kind, outcome.stage) == (K.FAILED, stage)
        await rig.settle()
        assert set(rig.sent.values()) == {1}
        assert call_session_id in rig.stack.board.calls


async def test_a_colleague_who_hangs_up_when_the_transfer_is_sent_brings_the_caller_back() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        held = rig.stack.simulator.faults.add(HoldUntilReleased(before_effect=True), operation="transfer.talk")
        rig.arm(call_session_id)
        await rig.reach(call_session_id, S.RINGING)
        rig.stack.simulator.pbx.colleague_answers(call_session_id)
        await rig.reach(call_session_id, S.COMPLETING)
        await held.wait_held()
        rig.stack.simulator.pbx.hang_up(call_session_id, "consult")
        held.release()
        assert (await rig.outcome()).kind is K.BACK_NO_ANSWER
        assert rig.stack.live(call_session_id).call_state is CallState.TALK


async def test_a_colleague_who_answers_while_the_caller_is_fetched_back_is_not_taken_for_a_transfer() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        held = rig.stack.simulator.faults.add(HoldUntilReleased(before_effect=True), operation="restore.talk")
        rig.arm(call_session_id)
        await rig.reach(call_session_id, S.GOING_BACK)
        await held.wait_held()
        rig.stack.simulator.pbx.colleague_answers(call_session_id)
        held.release()
        assert (await rig.outcome()).kind is K.BACK_NO_ANSWER
        assert "transfer.talk" not in rig.sent


@pytest.mark.parametrize("is_guarded", [True, False], ids=["", "control"])
async def test_nothing_is_completed_on_an_old_list(is_guarded: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not is_guarded:
        monkeypatch.setattr(CallFollower, "_is_fresh", lambda self: self._live_call() is not None)
    async with open_rig() as rig:
        call_session_id = await rig.stack.consult()
        hanging = rig.stack.simulator.faults.add(HoldUntilReleased(before_effect=True), operation="list.calls")
        rig.stack.poller.refresh_soon()
        await rig.stack.clock.pass_time(1)
        await hanging.wait_held()
        rig.stack.clock.advance(60)
        # The colleague has gone long since; the list on the screen still shows a consultation.
        rig.stack.simulator.pbx.hang_up(call_session_id, "consult")
        rig.arm(call_session_id)
        await rig.stack.clock.pass_time(1)
        await rig.stack.let_pass(lambda: rig.stages or is_guarded, "a stage")
        assert (S.COMPLETING in rig.stages) is not is_guarded
        hanging.release()
        await rig.outcome()


async def test_a_plan_begins_where_the_call_is() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.ringing_consult()
        rig.arm(call_session_id)
        rig.arm(call_session_id)
        await rig.reach(call_session_id, S.RINGING)
        rig.stack.simulator.pbx.colleague_answers(call_session_id)
        assert (await rig.outcome()).kind is K.DONE
        assert rig.stages == [S.HOLDING, S.RINGING, S.COMPLETING]
        assert rig.sent == {"hold.call": 1, "make.call": 1, "transfer.talk": 1}
        assert len(rig.outcomes) == 1


async def test_a_hold_by_hand_that_is_under_way_is_not_sent_again() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        await rig.stack.control.hold(call_session_id)
        assert CallAction.HOLD in rig.stack.control.pending(call_session_id)
        rig.arm(call_session_id)
        await rig.reach(call_session_id, S.RINGING)
        assert rig.sent == {"hold.call": 1, "make.call": 1}


async def test_a_consultation_only_is_over_when_the_colleague_rings_or_talks() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        rig.arm(call_session_id, is_completed_alone=False, back_after_s=None)
        await rig.stack.let_pass(lambda: rig.armed.of(call_session_id) is None, "the end of the plan")
        assert rig.stack.live(call_session_id).call_state is CallState.CONSULT_RINGING
        rig.arm(call_session_id, is_completed_alone=False)
        await rig.stack.poll()
        assert rig.armed.of(call_session_id) is not None
        rig.stack.simulator.pbx.colleague_answers(call_session_id)
        await rig.stack.let_pass(lambda: rig.armed.of(call_session_id) is None, "the end of the plan")
        await rig.settle()
        assert (rig.outcomes, rig.sent) == ([], {"hold.call": 1, "make.call": 1})


async def test_a_call_missing_from_the_newest_list_gets_no_command() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.consult()
        rig.stack.simulator.pbx.hang_up(call_session_id, "contact")
        await rig.stack.poll()
        assert rig.stack.live(call_session_id).call_state is CallState.CONSULT
        rig.arm(call_session_id)
        outcome = await rig.outcome()
        assert outcome.error is not None
        assert (outcome.kind, outcome.error.code) == (K.FAILED, "call_gone")
        assert "transfer.talk" not in rig.sent
