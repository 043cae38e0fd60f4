"""Callers lost in a transfer: who is told of, and who is not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from app.domain.calls import CallSessionId, CallState
from app.services.call_control import CommandPhase
from app.services.transfer_watch import TransferWatch
from app.simulator.faults import LoseReply
from app.uis.wire import MessageWire
from tests.app.services.starts import OTHER_CONTACT, to_me
from tests.app.telephony.stack import COLLEAGUE, CONTACT, ME, PbxStack, open_stack

HOLD = MessageWire("tts", "Минуту")


@dataclass
class Rig:
    """The stack with the watch."""

    stack: PbxStack
    watch: TransferWatch

    async def left_blind(self) -> CallSessionId:
        call_session_id = await self.stack.ringing_consult()
        assert (await self.stack.control.transfer_blind(call_session_id)).phase is CommandPhase.ACCEPTED
        await self.stack.poll()
        assert self.stack.live(call_session_id).call_state is CallState.TRANSFER_PENDING
        return call_session_id

    async def polls(self, times: int = 3) -> None:
        for _ in range(times):
            await self.stack.poll()
            await self.stack.clock.pass_time(1)

    async def call_back(self, contact: str = CONTACT) -> CallSessionId:
        """My phone has answered and the contact's rings."""
        start = replace(to_me(contact), external_id=f"pult-{contact}")
        call_session_id = await self.stack.telephony.start_call(start)
        self.stack.simulator.pbx.answer(call_session_id, ME)
        await self.stack.poll()
        assert call_session_id in self.stack.board.calls
        return call_session_id

    async def lost_caller(self) -> CallSessionId:
        call_session_id = await self.left_blind()
        self.stack.simulator.pbx.colleague_declines(call_session_id)
        await self.polls()
        assert self.lost == [call_session_id]
        return call_session_id

    @property
    def lost(self) -> list[int]:
        return [lost.call_session_id for lost in self.watch.lost]


@asynccontextmanager
async def open_rig() -> AsyncIterator[Rig]:
    async with open_stack() as stack:
        watch = TransferWatch(
            stack.board, stack.control, lambda: ME, lambda call: (call.external_id or "").startswith("pult-")
        )
        try:
            yield Rig(stack, watch)
        finally:
            watch.close()


async def test_a_caller_whom_nobody_took_is_lost() -> None:
    async with open_rig() as rig:
        told: list[int] = []
        rig.watch.changes.subscribe(lambda lost: told.append(len(lost)))
        call_session_id = await rig.left_blind()
        rig.stack.simulator.pbx.colleague_declines(call_session_id)
        await rig.polls()
        (lost,) = rig.watch.lost
        assert (lost.call_session_id, lost.contact_number, lost.to_number) == (call_session_id, CONTACT, "102")
        assert lost.line_number == "74951045771"
        (ended,) = rig.stack.changes[-1].ended
        assert ended.ended is not None
        assert lost.at == ended.ended.at
        rig.watch.dismiss(call_session_id)
        assert rig.watch.lost == ()
        assert told == [1, 0]


async def test_a_caller_who_gives_up_waiting_is_lost_too() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.left_blind()
        rig.stack.simulator.pbx.hang_up(call_session_id, "contact")
        await rig.polls()
        assert rig.lost == [call_session_id]


async def test_a_caller_who_was_taken_is_not_lost() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.left_blind()
        rig.stack.simulator.pbx.colleague_answers(call_session_id)
        await rig.polls(1)
        rig.stack.simulator.pbx.hang_up(call_session_id, "contact")
        await rig.polls()
        assert call_session_id not in rig.stack.board.calls
        assert rig.lost == []


async def test_a_call_lost_before_anybody_looked_is_told_of() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.ringing_consult()
        await rig.stack.control.transfer_blind(call_session_id)
        rig.stack.simulator.pbx.colleague_declines(call_session_id)
        await rig.polls()
        assert rig.lost == [call_session_id]


async def test_a_transfer_whose_reply_was_lost_is_watched() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.ringing_consult()
        rig.stack.simulator.faults.add(LoseReply(), operation="transfer.talk")
        assert (await rig.stack.control.transfer_blind(call_session_id)).phase is CommandPhase.UNKNOWN
        await rig.polls(1)
        rig.stack.simulator.pbx.colleague_declines(call_session_id)
        await rig.polls()
        assert rig.lost == [call_session_id]


async def test_a_transfer_that_was_not_made_loses_nobody() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.ringing_consult()
        rig.stack.simulator.faults.add(LoseReply(before_effect=True), operation="transfer.talk")
        await rig.stack.control.transfer_blind(call_session_id)
        await rig.polls()
        rig.stack.simulator.pbx.hang_up(call_session_id, "contact")
        await rig.polls()
        assert call_session_id not in rig.stack.board.calls
        assert rig.lost == []


async def test_a_refused_transfer_is_not_watched() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.ringing_consult()
        rig.stack.simulator.account.switches.refuse_next("transfer.talk", "invalid_state")
        await rig.stack.control.transfer_blind(call_session_id)
        rig.stack.simulator.pbx.hang_up(call_session_id, "contact")
        await rig.polls()
        assert rig.lost == []


async def test_whom_we_ended_on_purpose_is_not_lost() -> None:
    async with open_rig() as rig:
        call_session_id = await rig.left_blind()
        await rig.stack.control.end_call(call_session_id)
        await rig.polls()
        assert call_session_id not in rig.stack.board.calls
        assert rig.lost == []


async def test_a_completed_transfer_loses_only_who_never_talked_to_the_colleague() -> None:
    async with open_rig() as rig:
        taken = await rig.stack.consult()
        await rig.stack.control.complete_transfer(taken)
        await rig.polls(1)
        rig.stack.simulator.pbx.hang_up(taken, "contact")
        await rig.polls()
        assert rig.lost == []
        lost = await rig.stack.consult()
        await rig.stack.control.complete_transfer(lost)
        rig.stack.simulator.pbx.hang_up(lost, int(COLLEAGUE))
        await rig.polls()
        assert rig.lost == [lost]


@pytest.mark.parametrize("who", [ME, COLLEAGUE])
async def test_my_phone_that_hangs_up_while_the_colleague_rings_leaves_the_caller_too(who: int) -> None:
    async with open_rig() as rig:
        call_session_id = await rig.stack.ringing_consult()
        rig.stack.simulator.pbx.hang_up(call_session_id, int(who))
        await rig.polls(1)
        if who == ME:
            rig.stack.simulator.pbx.colleague_declines(call_session_id)
        else:
            rig.stack.simulator.pbx.hang_up(call_session_id, "contact")
        await rig.polls()
        assert rig.lost == ([call_session_id] if who == ME else [])


async def test_a_call_somebody_else_left_is_not_mine_to_lose() -> None:
    async with open_rig() as rig:
        pbx = rig.stack.simulator.pbx
        call_session_id = await rig.stack.consult()
        await rig.stack.control.complete_transfer(call_session_id)
        await rig.polls(2)
        # The colleague passes the caller on blind, and nobody takes it.
        await rig.stack.client.hold_call(call_session_id, HOLD)
        await rig.stack.client.make_call(call_session_id, "103")
        await rig.polls(1)
        await rig.stack.client.transfer_talk(call_session_id)
        await rig.polls(1)
        assert rig.stack.live(call_session_id).call_state is CallState.TRANSFER_PENDING
        pbx.colleague_declines(call_session_id)
        await rig.polls()
        assert rig.lost == []


async def test_a_lost_caller_who_is_called_back_and_answers_is_lost_no_more() -> None:
    async with open_rig() as rig:
        await rig.lost_caller()
        call_back = await rig.call_back()
        assert rig.lost == [], "it is being seen to"
        rig.stack.simulator.pbx.contact_answers(call_back)
        await rig.polls(1)
        assert rig.stack.live(call_back).call_state is CallState.TALK
        rig.stack.simulator.pbx.hang_up(call_back, "contact")
        await rig.polls()
        assert call_back not in rig.stack.board.calls
        assert rig.lost == []


async def test_a_lost_caller_who_does_not_answer_the_call_back_is_still_lost() -> None:
    async with open_rig() as rig:
        lost = await rig.lost_caller()
        call_back = await rig.call_back()
        assert rig.lost == []
        rig.stack.simulator.pbx.hang_up(call_back, ME)
        await rig.polls()
        assert rig.lost == [lost]
        rig.watch.dismiss(lost)
        assert rig.lost == []


async def test_a_call_to_somebody_else_changes_nothing_about_a_lost_caller() -> None:
    async with open_rig() as rig:
        lost = await rig.lost_caller()
        other = await rig.call_back(OTHER_CONTACT)
        rig.stack.simulator.pbx.contact_answers(other)
        await rig.polls(1)
        assert rig.lost == [lost]


@pytest.mark.parametrize("answers", [ME, COLLEAGUE])
async def test_a_lost_caller_who_calls_again_is_lost_until_i_answer(answers: int) -> None:
    async with open_rig() as rig:
        lost = await rig.lost_caller()
        again = rig.stack.simulator.pbx.ring_in(CONTACT, employees=[int(answers)])
        await rig.polls(1)
        assert rig.lost == [lost]
        rig.stack.simulator.pbx.answer(again, int(answers))
        await rig.polls(1)
        assert rig.lost == ([] if answers == ME else [lost])


async def test_two_callers_who_hide_their_numbers_are_not_taken_for_one() -> None:
    async with open_rig() as rig:
        pbx = rig.stack.simulator.pbx
        hidden = CallSessionId(pbx.ring_in("anonymous", employees=[ME]))
        pbx.answer(hidden, ME)
        await rig.polls(1)
        await rig.stack.control.hold(hidden)
        await rig.polls(1)
        await rig.stack.control.begin_consult(hidden, "102")
        await rig.polls(1)
        await rig.stack.control.transfer_blind(hidden)
        await rig.polls(1)
        pbx.colleague_declines(hidden)
        await rig.polls()
        assert rig.lost == [hidden]
        pbx.answer(pbx.ring_in("anonymous", employees=[ME]), ME)
        await rig.polls(1)
        assert rig.lost == [hidden]
