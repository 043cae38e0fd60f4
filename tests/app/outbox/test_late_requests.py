"""A request that left long after its step was claimed: "not there" is believed once that request can have ended."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.errors import LimitExceeded
from app.outbox.entry import StepState
from app.outbox.pace import Pace
from app.simulator.faults import HoldUntilReleased, HttpError
from tests.app.bitrix24.portal_world import CARD_KEY, MARIA_NUMBER, STRANGER_NUMBER, portal_world
from tests.app.outbox.delivery_world import delivery_world, exactly_once, open_outbox
from tests.helpers.clock import FakeClock
from tests.helpers.waiting import until

REGISTER = "telephony.externalCall.register"
SEARCH = "telephony.externalCall.searchCrmEntities"
COMMENT = "crm.timeline.comment.add"
SETTLE_S = 65.0


async def test_a_request_sent_late_in_its_step_gets_its_whole_time(tmp_path: Path) -> None:
    """Whoever has the number is asked first, and that takes a minute; the registration leaves after it."""
    clock = FakeClock()
    async with delivery_world(tmp_path, clock=clock, pace=Pace(settle_s=SETTLE_S), write_deadline_s=0.2) as outbox:
        world = outbox.world
        asking = world.faults.add(HoldUntilReleased(), operation=SEARCH)
        slow = world.faults.add(HoldUntilReleased(before_effect=True), operation=REGISTER)
        card = world.card(phone_number=STRANGER_NUMBER, notes="", age=timedelta(hours=2), crm_create=True)
        await outbox.save(card)
        await asking.wait_held()
        await clock.pass_time(SETTLE_S + 5.0)
        asking.release()
        await outbox.until_step(CARD_KEY, "register", StepState.UNKNOWN)
        await clock.pass_time(SETTLE_S - 10.0)
        assert (await outbox.step(CARD_KEY, "register")).step_state is StepState.UNKNOWN
        assert world.sent(SEARCH) == 1
        slow.release()
        await world.journal.wait_for(lambda entry: entry.operation == REGISTER)
        while not (await outbox.entry(CARD_KEY)).is_done:
            await clock.pass_time(5.0)
        exactly_once(world, card)
        assert len(world.portal.leads) == 1


async def test_a_request_under_way_when_the_program_dies_gets_its_whole_time_too(tmp_path: Path) -> None:
    clock = FakeClock()
    pace = Pace(settle_s=SETTLE_S)
    async with portal_world(clock=clock) as world:
        card = world.card()
        async with open_outbox(tmp_path, world, [world.crm], pace=pace) as outbox:
            slow = world.faults.add(HoldUntilReleased(before_effect=True), operation=COMMENT)
            await outbox.save(card)
            await slow.wait_held()
            # The claim is older than the time a request may take: this one left late.
            await clock.pass_time(SETTLE_S + 5.0)
        async with open_outbox(tmp_path, world, [world.crm], pace=pace) as outbox:
            await until(lambda: world.sent("crm.timeline.comment.list"))
            await clock.pass_time(SETTLE_S - 15.0)
            slow.release()
            await world.journal.wait_for(lambda entry: entry.operation == COMMENT)
            while not (await outbox.entry(CARD_KEY)).is_done:
                await clock.pass_time(5.0)
            exactly_once(world, card)


async def test_a_portal_that_wants_a_long_rest_keeps_no_step_in_flight(tmp_path: Path) -> None:
    """Who waited inside a claimed step could be neither parked nor amended, and would count as perhaps sent."""
    clock = FakeClock()
    async with delivery_world(tmp_path, clock=clock, pace=Pace(settle_s=SETTLE_S)) as outbox:
        world = outbox.world
        body = b'{"error":"OVERLOAD_LIMIT","error_description":"blocked"}'
        world.faults.add(HttpError(503, body, content_type="application/json"), operation=SEARCH)
        with pytest.raises(LimitExceeded, match="overload_limit"):
            await world.directory.search_crm_entities(MARIA_NUMBER)
        card = world.card()
        await outbox.save(card)
        await until(lambda: outbox.worker.doors.gate("bitrix24").is_troubled)
        await outbox.until_step(CARD_KEY, "register", StepState.PENDING)
        step = await outbox.step(CARD_KEY, "register")
        assert (step.step_state, step.reason) == (StepState.PENDING, "too_many_requests")
        assert step.next_try_at is not None
        assert step.next_try_at - clock.now() > timedelta(minutes=4)
        assert world.sent(REGISTER) == 0
        while not (await outbox.entry(CARD_KEY)).is_done:
            await clock.pass_time(10.0)
        exactly_once(world, card)
