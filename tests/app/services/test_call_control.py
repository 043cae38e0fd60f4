"""Commands from the press to what the list of calls shows, against the simulator."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from app.domain.actions import CallAction, LinkUse, Reason, WhyNot
from app.domain.calls import CallSessionId, CallState, LegId, TagId
from app.errors import LinkDown, NotFound, OutcomeUnknown, Refused
from app.services.call_control import CommandPhase, CommandReport
from app.simulator.config import SimulatorConfig
from app.simulator.faults import HoldUntilReleased, LoseReply
from app.telephony.port import SpokenMessage
from tests.app.telephony.stack import COLLEAGUE, CONTACT, HOLD_MESSAGE, ME, PbxStack, open_stack
from tests.helpers.guards import ExpectedLog
from tests.helpers.waiting import until

P = CommandPhase
A = CallAction
BROKE = "the link to the PBX broke"


async def confirmed(stack: PbxStack, sending: Awaitable[CommandReport]) -> None:
    """Send, then see the list confirm it within two polls."""
    report = await sending
    assert (report.phase, report.error) == (P.ACCEPTED, None)
    assert report.action in stack.control.pending(report.call_session_id)
    for _ in range(2):
        await stack.poll()
        latest = [told for told in stack.reports if told.sequence == report.sequence][-1]
        if latest.phase is P.CONFIRMED:
            break
    assert latest.phase is P.CONFIRMED
    assert stack.control.pending(report.call_session_id) == frozenset()


async def test_hold_stays_pending_until_the_pbx_confirms() -> None:
    async with open_stack() as stack:
        call_session_id = await stack.talking_call()
        report = await stack.control.hold(call_session_id)
        assert report.phase is P.ACCEPTED
        assert stack.live(call_session_id).call_state is CallState.TALK
        assert stack.control.pending(call_session_id) == {A.HOLD}
        assert stack.control.latest(call_session_id, A.HOLD) == report
        await stack.poll()
        assert stack.live(call_session_id).call_state is CallState.HOLD
        assert stack.phases() == [P.SENDING, P.ACCEPTED, P.CONFIRMED]
        assert stack.control.pending(call_session_id) == frozenset()
        assert stack.simulator.pbx.call(call_session_id).hold_message == (HOLD_MESSAGE.kind, HOLD_MESSAGE.value)


async def test_a_whole_consultation_is_confirmed_step_by_step() -> None:
    async with open_stack() as stack:
        call_session_id = await stack.talking_call()
        control = stack.control
        await confirmed(stack, control.tag(call_session_id, TagId(254)))
        await confirmed(stack, control.start_recording(call_session_id))
        await confirmed(stack, control.stop_recording(call_session_id))
        await confirmed(stack, control.hold(call_session_id, SpokenMessage("media", "2561")))
        await confirmed(stack, control.retrieve(call_session_id))
        await confirmed(stack, control.hold(call_session_id))
        await confirmed(stack, control.begin_consult(call_session_id, "1 02"))
        await confirmed(stack, control.cancel_consult(call_session_id))
        await confirmed(stack, control.hold(call_session_id))
        await confirmed(stack, control.begin_consult(call_session_id, "102", SpokenMessage("media", "2562")))
        stack.simulator.pbx.colleague_answers(call_session_id)
        await stack.clock.pass_time(4)
        await stack.poll()
        assert stack.live(call_session_id).call_state is CallState.CONSULT
        await confirmed(stack, control.complete_transfer(call_session_id))
        live_call = stack.live(call_session_id)
        assert live_call.session.leg_of(ME) is None
        assert live_call.session.leg_of(COLLEAGUE) is not None
        assert live_call.call_state is CallState.TALK
        await confirmed(stack, control.end_call(call_session_id))


async def test_a_blind_transfer_is_pending_until_somebody_answers() -> None:
    async with open_stack() as stack:
        call_session_id = await stack.ringing_consult()
        await confirmed(stack, stack.control.transfer_blind(call_session_id))
        assert stack.live(call_session_id).call_state is CallState.TRANSFER_PENDING
        stack.simulator.pbx.colleague_answers(call_session_id)
        await stack.poll()
        assert stack.live(call_session_id).call_state is CallState.TALK


async def test_a_coach_joins_and_a_participant_is_dropped() -> None:
    async with open_stack() as stack:
        call_session_id = await stack.talking_call()
        await confirmed(stack, stack.control.add_coach(call_session_id))
        await confirmed(stack, _settled(stack, call_session_id))
        coach = max(leg.leg_id for leg in stack.live(call_session_id).session.live_legs)
        await confirmed(stack, stack.control.drop_leg(call_session_id, coach))
        assert not stack.control.was_ended_by_us(call_session_id)
        contact = stack.live(call_session_id).session.contact_leg
        assert contact is not None
        await confirmed(stack, stack.control.drop_leg(call_session_id, contact.leg_id))
        assert stack.control.was_ended_by_us(call_session_id)


async def _settled(stack: PbxStack, call_session_id: CallSessionId) -> CommandReport:
    stack.simulator.pbx.coach_answers(call_session_id)
    await stack.poll()
    return await stack.control.tag(call_session_id, TagId(255))


async def test_an_end_is_ours_and_leaves_the_board_soon() -> None:
    async with open_stack() as stack:
        call_session_id = await stack.talking_call()
        await stack.control.end_call(call_session_id)
        await stack.poll()
        # Absent once: the next look comes without waiting for the interval.
        await stack.clock.pass_time(0.3)
        await until(lambda: stack.board.call(call_session_id) is None)
        assert stack.control.was_ended_by_us(call_session_id)
        assert stack.phases() == [P.SENDING, P.ACCEPTED, P.CONFIRMED]
        assert stack.control.latest(call_session_id, A.END_CALL) is None


async def test_a_call_the_customer_ends_is_not_ours() -> None:
    async with open_stack() as stack:
        call_session_id = await stack.talking_call()
        stack.simulator.pbx.hang_up(call_session_id, "contact")
        await stack.poll()
        await stack.poll()
        assert not stack.control.was_ended_by_us(call_session_id)


async def test_a_second_end_within_a_second_is_not_sent() -> None:
    async with open_stack() as stack:
        call_session_id = await stack.talking_call()
        stack.simulator.account.switches.refuse_next("release.call", "forbidden")
        first = await stack.control.end_call(call_session_id)
        assert first.phase is P.REFUSED
        assert await stack.control.end_call(call_session_id) == first
        assert len(stack.simulator.journal.entries_of("release.call")) == 1
        await stack.clock.pass_time(1)
        assert (await stack.control.end_call(call_session_id)).phase is P.ACCEPTED
        assert len(stack.simulator.journal.entries_of("release.call")) == 2


async def test_keys_go_one_by_one_in_order_with_progress() -> None:
    async with open_stack() as stack:
        call_session_id = await stack.talking_call()
        report = await stack.control.send_dtmf(call_session_id, "*12#")
        assert report.phase is P.ACCEPTED
        assert stack.simulator.pbx.call(call_session_id).dtmf == "*12#"
        assert [told.detail["sent"] for told in stack.reports] == [0, 1, 2, 3, 4, 4, 4]
        assert stack.phases()[-2:] == [P.ACCEPTED, P.CONFIRMED]
        assert stack.control.pending(call_session_id) == frozenset()


async def test_keys_stop_at_the_first_refusal() -> None:
    async with open_stack() as stack:
        call_session_id = await stack.talking_call()
        switches = stack.simulator.account.switches
        stack.control.reports.subscribe(
            lambda told: switches.refuse_next("send.dtmf", "forbidden") if told.detail.get("sent") == 2 else None
        )
        report = await stack.control.send_dtmf(call_session_id, "12345")
        assert (report.phase, report.detail) == (P.REFUSED, {"sent": 2, "total": 5})
        assert stack.simulator.pbx.call(call_session_id).dtmf == "12"


async def test_keys_stop_at_the_first_lost_reply() -> None:
    async with open_stack() as stack:
        call_session_id = await stack.talking_call()
        stack.simulator.faults.add(LoseReply(), operation="send.dtmf", after=1)
        report = await stack.control.send_dtmf(call_session_id, "123")
        assert (report.phase, report.detail) == (P.UNKNOWN, {"sent": 1, "total": 3})
        assert stack.simulator.pbx.call(call_session_id).dtmf == "12"
        await stack.poll()
        await stack.clock.pass_time(1)
        await stack.poll()
        assert stack.phases()[-1] is P.NOT_VISIBLE


@pytest.mark.parametrize("symbols", ["", "1 2", "1A", "12-3", "٣"])
async def test_what_is_no_key_is_not_sent(symbols: str) -> None:
    async with open_stack() as stack:
        call_session_id = await stack.talking_call()
        report = await stack.control.send_dtmf(call_session_id, symbols)
        assert report.phase is P.NOT_SENT
        assert report.error is not None
        assert report.error.code == "bad_dtmf"
        assert stack.simulator.journal.entries_of("send.dtmf") == []


Send = Callable[[PbxStack, CallSessionId], Awaitable[CommandReport]]
SENDS: list[tuple[str, str, Callable[[PbxStack], Awaitable[CallSessionId]], Send]] = [
    ("hold.call", "hold", PbxStack.talking_call, lambda s, c: s.control.hold(c)),
    ("unhold.call", "retrieve", PbxStack.held_call, lambda s, c: s.control.retrieve(c)),
    ("make.call", "begin_consult", PbxStack.held_call, lambda s, c: s.control.begin_consult(c, "102")),
    ("transfer.talk", "transfer_blind", PbxStack.ringing_consult, lambda s, c: s.control.transfer_blind(c)),
    ("transfer.talk", "complete_transfer", PbxStack.consult, lambda s, c: s.control.complete_transfer(c)),
    ("restore.talk", "cancel_consult", PbxStack.consult, lambda s, c: s.control.cancel_consult(c)),
    ("tag.call", "tag", PbxStack.talking_call, lambda s, c: s.control.tag(c, TagId(254))),
    ("record.call", "start_recording", PbxStack.talking_call, lambda s, c: s.control.start_recording(c)),
    ("add.coach", "add_coach", PbxStack.talking_call, lambda s, c: s.control.add_coach(c)),
    ("disconnect.leg", "drop_leg", PbxStack.talking_call, lambda s, c: s.control.drop_leg(c, _my_leg(s, c))),
    ("release.call", "end_call", PbxStack.talking_call, lambda s, c: s.control.end_call(c)),
]
each_command = pytest.mark.parametrize(
    ("method", "ready", "send"), [(row[0], *row[2:]) for row in SENDS], ids=[row[1] for row in SENDS]
)


def _my_leg(stack: PbxStack, call_session_id: CallSessionId) -> LegId:
    leg = stack.live(call_session_id).session.leg_of(ME)
    assert leg is not None
    return leg.leg_id


@each_command
async def test_a_lost_reply_is_unknown_until_the_list_resolves_it(
    method: str, ready: Callable[[PbxStack], Awaitable[CallSessionId]], send: Send
) -> None:
    async with open_stack() as stack:
        call_session_id = await ready(stack)
        stack.reports.clear()
        sent_before = len(stack.simulator.journal.entries_of(method))
        stack.simulator.faults.add(LoseReply(), operation=method)
        report = await send(stack, call_session_id)
        assert report.phase is P.UNKNOWN
        assert isinstance(report.error, OutcomeUnknown)
        assert stack.control.pending(call_session_id) == {report.action}
        await stack.poll()
        assert stack.phases()[-1] is P.CONFIRMED
        assert len(stack.simulator.journal.entries_of(method)) == sent_before + 1


@each_command
async def test_a_command_without_an_effect_is_given_up_after_two_polls(
    method: str, ready: Callable[[PbxStack], Awaitable[CallSessionId]], send: Send
) -> None:
    async with open_stack() as stack:
        call_session_id = await ready(stack)
        stack.reports.clear()
        stack.simulator.faults.add(LoseReply(before_effect=True), operation=method)
        assert (await send(stack, call_session_id)).phase is P.UNKNOWN
        await stack.poll()
        assert stack.phases()[-1] is P.UNKNOWN
        await stack.clock.pass_time(1)
        await stack.poll()
        assert stack.phases()[-1] is P.NOT_VISIBLE
        assert stack.control.pending(call_session_id) == frozenset()
        assert not stack.control.was_ended_by_us(call_session_id)


@each_command
async def test_a_refusal_is_told_and_the_list_is_read_again(
    method: str, ready: Callable[[PbxStack], Awaitable[CallSessionId]], send: Send
) -> None:
    async with open_stack() as stack:
        call_session_id = await ready(stack)
        stack.reports.clear()
        stack.simulator.account.switches.refuse_next(method, "call_session_not_found")
        polls = len(stack.polls)
        await stack.clock.pass_time(0.25)
        report = await send(stack, call_session_id)
        assert (report.phase, type(report.error)) == (P.REFUSED, NotFound)
        assert stack.phases() == [P.SENDING, P.REFUSED]
        assert stack.control.pending(call_session_id) == frozenset()
        await until(lambda: len(stack.polls) > polls)


@each_command
async def test_a_command_that_cannot_leave_is_not_sent(
    method: str, ready: Callable[[PbxStack], Awaitable[CallSessionId]], send: Send, expected_log: ExpectedLog
) -> None:
    expected_log(BROKE)
    async with open_stack() as stack:
        call_session_id = await ready(stack)
        stack.reports.clear()
        stack.simulator.set_down("pbx", True)
        # Connections kept open die in the first request, whose outcome is unknown for that reason.
        await stack.failed_poll()
        report = await send(stack, call_session_id)
        assert (report.phase, type(report.error)) == (P.NOT_SENT, LinkDown)
        assert stack.control.pending(call_session_id) == frozenset()


async def test_a_poll_that_began_before_says_nothing_about_the_command() -> None:
    async with open_stack() as stack:
        call_session_id = await stack.talking_call()
        old_poll = stack.simulator.faults.add(HoldUntilReleased(), operation="list.calls")
        await stack.clock.pass_time(1)
        stack.poller.refresh_soon()
        await old_poll.wait_held()
        await stack.clock.pass_time(0.1)
        # The effect of a lost reply is not there, and the old poll shows talk: it must not count as a look.
        stack.simulator.faults.add(LoseReply(before_effect=True), operation="hold.call")
        await stack.control.hold(call_session_id)
        polls = len(stack.polls)
        old_poll.release()
        await until(lambda: len(stack.polls) == polls + 1)
        await stack.poll()
        assert stack.phases()[-1] is P.UNKNOWN
        await stack.clock.pass_time(1)
        await stack.poll()
        assert stack.phases()[-1] is P.NOT_VISIBLE


async def test_an_old_poll_does_not_confirm_what_was_so_before() -> None:
    async with open_stack() as stack:
        call_session_id = await stack.held_call()
        stale = stack.simulator.faults.add(HoldUntilReleased(), operation="list.calls")
        await stack.clock.pass_time(1)
        stack.poller.refresh_soon()
        await stale.wait_held()
        await stack.clock.pass_time(0.1)
        stack.reports.clear()
        await stack.control.retrieve(call_session_id)
        # A supervisor holds the caller again before anybody looks; the stale list shows "held" of before.
        polls = len(stack.polls)
        stale.release()
        await until(lambda: len(stack.polls) == polls + 1)
        assert stack.phases() == [P.SENDING, P.ACCEPTED]
        await stack.poll()
        assert stack.phases()[-1] is P.CONFIRMED


async def test_a_slow_effect_is_awaited_however_often_one_looks() -> None:
    async with open_stack(SimulatorConfig(command_latency_s=0.9)) as stack:
        call_session_id = await stack.talking_call()
        await stack.control.hold(call_session_id)
        for _ in range(3):
            await stack.poll()
            assert stack.phases()[-1] is P.ACCEPTED
        await stack.clock.pass_time(1)
        await stack.poll()
        assert stack.phases()[-1] is P.CONFIRMED


async def test_a_second_press_while_one_is_under_way_is_not_sent() -> None:
    async with open_stack() as stack:
        call_session_id = await stack.talking_call()
        first = await stack.control.hold(call_session_id)
        second = await stack.control.hold(call_session_id)
        assert second.phase is P.NOT_SENT
        assert second.detail["why_not"] == WhyNot(Reason.WAITING_FOR_PBX, {"action": "hold"})
        assert stack.control.latest(call_session_id, A.HOLD) == first
        assert len(stack.simulator.journal.entries_of("hold.call")) == 1


async def test_what_the_state_forbids_is_not_sent() -> None:
    async with open_stack() as stack:
        call_session_id = await stack.talking_call()
        report = await stack.control.begin_consult(call_session_id, "102")
        assert (report.phase, report.detail["why_not"]) == (P.NOT_SENT, WhyNot(Reason.HOLD_FIRST))
        report = await stack.control.hold(CallSessionId(1))
        assert (report.phase, report.detail["why_not"]) == (P.NOT_SENT, WhyNot(Reason.NO_CALL))
        assert stack.control.situation(None).call is None


async def test_enforced_recording_is_remembered() -> None:
    async with open_stack() as stack:
        enforced = 2005
        call_session_id = CallSessionId(stack.simulator.pbx.ring_in(CONTACT, employees=[enforced]))
        stack.simulator.pbx.answer(call_session_id, enforced)
        stack.simulator.pbx.call(call_session_id).is_recorded = True
        await stack.poll()
        report = await stack.control.stop_recording(call_session_id)
        assert report.phase is P.REFUSED
        assert stack.control.situation(call_session_id).enforced_recording == {enforced}
        again = await stack.control.stop_recording(call_session_id)
        assert again.detail["why_not"] == WhyNot(Reason.RECORDING_ENFORCED)


async def test_the_situation_follows_link_and_points(expected_log: ExpectedLog) -> None:
    expected_log(BROKE)
    async with open_stack(SimulatorConfig(minute_limit=1, weights={"tag.call": 1}), start=False) as stack:
        assert stack.control.situation(None).link_use is LinkUse.NEVER_CONNECTED
        stack.poller.start()
        await until(lambda: stack.polls)
        call_session_id = await stack.talking_call()
        assert stack.control.situation(call_session_id).link_use is LinkUse.OPEN
        await stack.control.tag(call_session_id, TagId(254))
        limited = stack.control.situation(call_session_id)
        assert limited.link_use is LinkUse.LIMIT_REACHED
        assert 0 < limited.limit_resets_in_s <= 60
        await stack.clock.pass_time(61)
        assert stack.control.situation(call_session_id).link_use is LinkUse.OPEN
        stack.simulator.set_down("pbx", True)
        await stack.failed_poll()
        # A broken link forbids nothing: the next request may get through.
        assert stack.control.situation(call_session_id).link_use is LinkUse.OPEN
        stack.poller.use(None)
        assert stack.control.situation(call_session_id).link_use is LinkUse.SIGN_IN_NEEDED


async def test_a_cancelled_command_is_unknown_and_resolved_by_the_list() -> None:
    async with open_stack() as stack:
        call_session_id = await stack.talking_call()
        held = stack.simulator.faults.add(HoldUntilReleased(), operation="hold.call")
        sending = asyncio.get_running_loop().create_task(stack.control.hold(call_session_id))
        await held.wait_held()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        assert stack.phases() == [P.SENDING, P.UNKNOWN]
        held.release()
        await stack.poll()
        assert stack.phases()[-1] is P.CONFIRMED


async def test_a_token_that_ends_mid_call_is_not_noticed() -> None:
    async with open_stack() as stack:
        call_session_id = await stack.talking_call()
        stack.simulator.account.tokens.expire_all()
        assert (await stack.control.hold(call_session_id)).phase is P.ACCEPTED
        assert [entry.outcome for entry in stack.simulator.journal.entries_of("hold.call")] == [
            "error:access_token_invalid",
            "ok",
        ]


async def test_two_consoles_on_one_call_meet_a_refusal_and_no_harm() -> None:
    async with open_stack() as stack:
        call_session_id = await stack.talking_call()
        await stack.client.tag_call(call_session_id, 254)
        report = await stack.control.tag(call_session_id, TagId(254))
        assert report.phase is P.REFUSED
        assert isinstance(report.error, Refused)
        assert report.error.code == "duplicate_tag"
