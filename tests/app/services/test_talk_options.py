"""Talk options from the list of them to what the calls show, and blocking a caller; against the simulator."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from app.domain.actions import Reason, WhyNot
from app.domain.calls import CallSessionId, CallState
from app.errors import Refused
from app.services.call_control import CommandPhase
from app.services.talk_options import TalkOptions
from app.simulator.config import SimulatorConfig
from app.simulator.faults import HoldUntilReleased, LoseReply
from app.simulator.pbx.directory import TalkOption as SimulatedOption
from app.telephony.port import TalkOption
from tests.app.telephony.stack import CONTACT, ME, PbxStack, open_stack
from tests.helpers.waiting import until

P = CommandPhase
TAG, RECORD, HOLD, COACH = "1", "2", "3", "4"


@dataclass
class Rig:
    """The stack with talk options."""

    stack: PbxStack
    options: TalkOptions
    told: list[tuple[TalkOption, ...]] = field(default_factory=list)

    @property
    def asked(self) -> int:
        return len(self.stack.simulator.journal.entries_of("list.talk_options"))

    @property
    def used(self) -> int:
        return len(self.stack.simulator.journal.entries_of("call.talk_option"))

    async def outgoing_talk(self) -> CallSessionId:
        """An outgoing call whose talk the board saw begin."""
        pbx = self.stack.simulator.pbx
        call_session_id = CallSessionId(pbx.ring_out(int(ME), CONTACT))
        await self.stack.poll()
        pbx.contact_answers(call_session_id)
        await self.stack.poll()
        return call_session_id


@asynccontextmanager
async def open_rig(config: SimulatorConfig | None = None, *, reads: bool = True) -> AsyncIterator[Rig]:
    async with open_stack(config, start=False) as stack:
        options = TalkOptions(stack.board, stack.poller, stack.clock, stack.control)
        rig = Rig(stack, options)
        options.changes.subscribe(rig.told.append)
        options.use(stack.telephony)
        stack.poller.start()
        try:
            if reads:
                await until(lambda: options.options, what="the options")
            yield rig
        finally:
            await options.aclose()


async def test_the_options_are_read_once() -> None:
    async with open_rig() as rig:
        assert [option.button for option in rig.options.options] == ["1", "2", "3", "4"]
        assert rig.options.option(TAG) == TalkOption("1", "tag_call", "Проставить тег", "Целевой")
        assert rig.options.option("9") is None
        for _ in range(3):
            await rig.stack.poll()
        assert (rig.asked, len(rig.told)) == (1, 1)
        rig.options.use(None)
        assert rig.options.options == ()
        await rig.stack.poll()
        assert rig.asked == 1


async def test_options_of_the_account_before_are_thrown_away() -> None:
    async with open_rig(reads=False) as rig:
        late = rig.stack.simulator.faults.add(HoldUntilReleased(), operation="list.talk_options")
        await late.wait_held()
        rig.options.use(None)
        late.release()
        await until(lambda: not rig.options._is_reading, what="the late answer")
        assert (rig.options.options, rig.told) == ((), [])


async def test_a_broken_link_is_tried_again_later_and_a_refusal_is_not() -> None:
    async with open_rig(reads=False) as rig:
        rig.stack.simulator.faults.add(LoseReply(), operation="list.talk_options")
        await until(lambda: rig.asked == 1)
        await rig.stack.poll()
        assert rig.asked == 1
        await rig.stack.clock.pass_time(6)
        await rig.stack.poll()
        await until(lambda: rig.options.options)
        rig.stack.simulator.account.switches.refuse_next("list.talk_options", "forbidden")
        rig.options.use(rig.stack.telephony)
        await rig.stack.poll()
        await until(lambda: rig.asked == 3)
        await rig.stack.clock.pass_time(600)
        await rig.stack.poll()
        assert (rig.asked, rig.options.options) == (3, ())


async def test_recording_and_coach_are_toggles_that_show_what_is_on() -> None:
    async with open_rig() as rig:
        control = rig.stack.control
        call_session_id = await rig.stack.talking_call()
        for button in (RECORD, COACH):
            assert rig.options.is_on(call_session_id, button) is False
            assert (await control.use_talk_option(call_session_id, button)).phase is P.ACCEPTED
            assert rig.stack.phases()[-1] is P.ACCEPTED
            await rig.stack.poll()
            assert rig.stack.phases()[-1] is P.CONFIRMED
            assert rig.options.is_on(call_session_id, button) is True
            await control.use_talk_option(call_session_id, button)
            await rig.stack.poll()
            assert rig.stack.phases()[-1] is P.CONFIRMED
            assert rig.options.is_on(call_session_id, button) is False
        assert rig.options.is_on(call_session_id, TAG) is None
        assert rig.options.is_on(CallSessionId(1), RECORD) is None
        assert rig.used == 4


async def test_each_option_is_confirmed_by_what_it_does() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        for button in (TAG, HOLD):
            await rig.stack.control.use_talk_option(call_session_id, button)
            assert rig.stack.phases()[-1] is P.ACCEPTED
            await rig.stack.poll()
            assert rig.stack.phases()[-1] is P.CONFIRMED
        assert rig.stack.live(call_session_id).call_state is CallState.HOLD
        assert rig.options.why_not(call_session_id, TAG) == WhyNot(Reason.RETRIEVE_FIRST)


@pytest.mark.parametrize(("mnemonic", "ends"), [("finish_conversation", True), ("save_numa", False)])
async def test_an_option_that_ends_the_call_is_an_end_of_ours(mnemonic: str, ends: bool) -> None:
    async with open_rig(reads=False) as rig:
        rig.stack.simulator.pbx.directory.talk_options = [SimulatedOption("5", mnemonic, "")]
        await until(lambda: rig.asked)
        rig.options.use(rig.stack.telephony)
        await rig.stack.poll()
        await until(lambda: [option.mnemonic for option in rig.options.options] == [mnemonic])
        call_session_id = await rig.stack.talking_call()
        await rig.stack.control.use_talk_option(call_session_id, "5")
        assert rig.stack.phases()[-1] is (P.ACCEPTED if ends else P.CONFIRMED)
        assert rig.stack.control.was_ended_by_us(call_session_id) is ends
        await rig.stack.poll()
        assert rig.stack.phases()[-1] is P.CONFIRMED


@pytest.mark.parametrize("before_effect", [True, False])
async def test_a_toggle_whose_reply_is_lost_is_never_sent_again(before_effect: bool) -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.talking_call()
        rig.stack.simulator.faults.add(LoseReply(before_effect=before_effect), operation="call.talk_option")
        assert (await rig.stack.control.use_talk_option(call_session_id, RECORD)).phase is P.UNKNOWN
        again = await rig.stack.control.use_talk_option(call_session_id, RECORD)
        assert again.detail["why_not"] == WhyNot(Reason.WAITING_FOR_PBX, {"action": "use_talk_option"})
        await rig.stack.poll()
        await rig.stack.clock.pass_time(1)
        await rig.stack.poll()
        assert rig.stack.phases()[-1] is (P.NOT_VISIBLE if before_effect else P.CONFIRMED)
        assert rig.used == 1


async def test_an_outgoing_call_waits_for_thirty_seconds_as_the_pbx_wants() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.outgoing_talk()
        refusal = rig.options.why_not(call_session_id, RECORD)
        assert refusal is not None
        assert refusal.reason is Reason.OPTION_TOO_EARLY
        assert rig.options.why_not(None, RECORD) == WhyNot(Reason.NO_CALL)
        # Control: what the rule keeps back, the PBX would refuse.
        await rig.stack.clock.pass_time(5)
        with pytest.raises(Refused, match="invalid_state"):
            await rig.stack.telephony.use_talk_option(call_session_id, RECORD)
        await rig.stack.clock.pass_time(26)
        assert rig.options.why_not(call_session_id, RECORD) is None
        assert (await rig.stack.control.use_talk_option(call_session_id, RECORD)).phase is P.ACCEPTED


async def test_a_recording_that_is_enforced_turns_its_option_off() -> None:
    async with open_rig() as rig:
        pbx = rig.stack.simulator.pbx
        call_session_id = CallSessionId(pbx.ring_in(CONTACT, employees=[2005]))
        pbx.answer(call_session_id, 2005)
        pbx.call(call_session_id).is_recorded = True
        await rig.stack.poll()
        assert rig.options.why_not(call_session_id, RECORD) is None
        await rig.stack.control.stop_recording(call_session_id)
        assert rig.options.why_not(call_session_id, RECORD) == WhyNot(Reason.RECORDING_ENFORCED)
        assert rig.options.why_not(call_session_id, COACH) is None


async def test_blocking_is_done_when_the_pbx_says_so_and_once() -> None:
    async with open_stack() as stack:
        call_session_id = await stack.talking_call()
        await stack.control.block_caller(call_session_id)
        assert stack.phases() == [P.SENDING, P.ACCEPTED, P.CONFIRMED]
        assert stack.simulator.pbx.directory.is_blocked(CONTACT)
        report = await stack.control.block_caller(call_session_id)
        assert report.error is not None
        assert (report.phase, report.error.code) == (P.REFUSED, "duplicate_contact")


async def test_a_block_whose_reply_is_lost_is_not_called_done() -> None:
    async with open_stack() as stack:
        call_session_id = await stack.talking_call()
        stack.simulator.faults.add(LoseReply(), operation="block.contact")
        assert (await stack.control.block_caller(call_session_id)).phase is P.UNKNOWN
        await stack.poll()
        await stack.clock.pass_time(1)
        await stack.poll()
        assert stack.phases()[-1] is P.NOT_VISIBLE
        assert len(stack.simulator.journal.entries_of("block.contact")) == 1
