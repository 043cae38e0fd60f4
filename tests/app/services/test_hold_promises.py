"""Hold with a reason: what the caller hears, and until when somebody promised to be back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.domain.calls import CallState
from app.services.call_control import CommandPhase
from app.services.hold_promises import HoldPreset, HoldPromises
from app.simulator.faults import LoseReply
from app.telephony.port import SpokenMessage
from tests.app.telephony.stack import PbxStack, open_stack

WAREHOUSE = HoldPreset("Склад", SpokenMessage("tts", "Уточняю на складе, две минуты"), 120)
MUSIC = HoldPreset("Музыка", SpokenMessage("media", "2561"))


@asynccontextmanager
async def open_rig() -> AsyncIterator[tuple[PbxStack, HoldPromises]]:
    async with open_stack() as stack:
        promises = HoldPromises(stack.board, stack.control.reports)
        promises.use((WAREHOUSE, MUSIC))
        try:
            yield stack, promises
        finally:
            promises.close()


async def test_a_promise_begins_when_the_hold_is_seen_and_grows_old() -> None:
    async with open_rig() as (stack, promises):
        call_session_id = await stack.talking_call()
        await stack.control.hold(call_session_id, preset=WAREHOUSE)
        assert promises.promise(call_session_id) is None
        await stack.poll()
        promise = promises.promise(call_session_id)
        assert promise is not None
        since_s = stack.live(call_session_id).state_since.monotonic_s
        assert (promise.name, promise.promised_s, promise.due_monotonic_s) == ("Склад", 120, since_s + 120)
        assert promise.overdue_s(since_s + 119) == 0
        assert promise.overdue_s(since_s + 150) == 30
        message = WAREHOUSE.message
        assert stack.simulator.pbx.call(call_session_id).hold_message == (message.kind, message.value)


async def test_a_promise_lasts_through_a_consultation_and_ends_with_the_hold() -> None:
    async with open_rig() as (stack, promises):
        call_session_id = await stack.talking_call()
        await stack.control.hold(call_session_id, preset=WAREHOUSE)
        await stack.poll()
        promise = promises.promise(call_session_id)
        await stack.control.begin_consult(call_session_id, "102")
        await stack.poll()
        stack.simulator.pbx.colleague_answers(call_session_id)
        await stack.poll()
        assert stack.live(call_session_id).call_state is CallState.CONSULT
        assert promises.promise(call_session_id) == promise is not None
        await stack.control.cancel_consult(call_session_id)
        await stack.poll()
        assert promises.promise(call_session_id) is None
        # Held again without a reason: nothing is promised.
        await stack.control.hold(call_session_id)
        await stack.poll()
        assert promises.promise(call_session_id) is None


async def test_a_caller_who_hangs_up_was_promised_nothing_any_more() -> None:
    async with open_rig() as (stack, promises):
        call_session_id = await stack.talking_call()
        await stack.control.hold(call_session_id, preset=WAREHOUSE)
        await stack.poll()
        stack.simulator.pbx.hang_up(call_session_id, "contact")
        await stack.poll()
        await stack.poll()
        assert promises.promise(call_session_id) is None


@pytest.mark.parametrize("before_effect", [True, False])
async def test_only_a_hold_that_is_shown_promises(before_effect: bool) -> None:
    async with open_rig() as (stack, promises):
        call_session_id = await stack.talking_call()
        stack.simulator.faults.add(LoseReply(before_effect=before_effect), operation="hold.call")
        await stack.control.hold(call_session_id, preset=WAREHOUSE)
        await stack.poll()
        await stack.clock.pass_time(1)
        await stack.poll()
        assert (promises.promise(call_session_id) is None) is before_effect


async def test_a_preset_without_a_time_promises_none() -> None:
    async with open_rig() as (stack, promises):
        call_session_id = await stack.talking_call()
        report = await stack.control.hold(call_session_id, preset=MUSIC)
        assert (report.phase, report.detail["preset"]) == (CommandPhase.ACCEPTED, "Музыка")
        await stack.poll()
        assert promises.promise(call_session_id) is None
        assert promises.presets == (WAREHOUSE, MUSIC)
