"""Cards of calls started here: busy, declined, nobody answered, a message played, a call back. Each exactly one."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.call_start import CallStart, FirstCall, StartVia
from app.domain.calls import EmployeeId
from app.domain.spoken_message import SpokenMessage
from app.domain.wrap_up import CallFacts, CallKind, Disposition
from tests.helpers.services import ME, World, open_world
from tests.helpers.waiting import until

NUMBER, LINE = "79995550142", "74951045771"
BY_EMPLOYEE = CallStart(via=StartVia.EMPLOYEE, contact=NUMBER, line_number=LINE, employee_id=EmployeeId(ME))
CONTACT_FIRST = CallStart(
    via=StartVia.EMPLOYEE, contact=NUMBER, line_number=LINE, employee_id=EmployeeId(ME), first_call=FirstCall.CONTACT
)
SIMPLE = CallStart(
    via=StartVia.SIMPLE, contact=NUMBER, line_number=LINE, operator_number="74957777777", first_call=FirstCall.CONTACT
)
INFORMER = CallStart(
    via=StartVia.INFORMER, contact=NUMBER, line_number=LINE, contact_message=SpokenMessage("tts", "Заказ готов")
)


async def started(world: World, start: CallStart) -> int:
    """The call once the list shows it."""
    await until(lambda: world.services.poller.report.last_success is not None, 10.0, what="the first list")
    report = await world.services.start_calls.start(start)
    assert report.call_session_id is not None, report
    await seen(world, report.call_session_id)
    return report.call_session_id


async def seen(world: World, call_session_id: int) -> None:
    def is_seen() -> bool:
        world.services.poller.refresh_soon()
        return call_session_id in world.services.board.calls

    await until(is_seen, 10.0, what="the call in the list")


async def facts_after(world: World, call_session_id: int) -> CallFacts:
    """The call ends; what its only card knows then."""
    pbx = world.simulator.pbx
    rings_me_first = pbx.call(call_session_id).leg_of_employee(ME) is not None
    pbx.hang_up(call_session_id, ME if rings_me_first else "contact")
    cards = world.services.wrap_up.cards

    def is_over() -> bool:
        world.services.poller.refresh_soon()
        over = call_session_id not in world.services.board.calls
        return over and any(card.draft.facts.is_finished for card in cards.values())

    await until(is_over, 10.0, what="a finished card")
    (card,) = cards.values()
    return card.draft.facts


@pytest.mark.parametrize("start", [BY_EMPLOYEE, CONTACT_FIRST, SIMPLE, INFORMER], ids=lambda start: start.via.value)
async def test_an_attempt_nobody_answered_has_one_card_whose_phone_rang_first_or_not(
    tmp_path: Path, start: CallStart
) -> None:
    async with open_world(tmp_path) as world:
        facts = await facts_after(world, await started(world, start))
        assert (facts.phone_number, facts.talk_s, facts.employee_id) == (NUMBER, 0, ME)
        assert facts.ended_at is not None
        assert facts.proposed is not None
        assert (facts.proposed.disposition, facts.proposed.is_guess) == (Disposition.TEMPORARILY_UNAVAILABLE, True)
        assert facts.kind is (CallKind.INFORMATIONAL if start is INFORMER else None)


async def test_a_message_that_was_heard_is_an_informational_call_that_lasted(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        call_session_id = await started(world, INFORMER)
        world.simulator.pbx.contact_answers(call_session_id)
        await seen(world, call_session_id)
        polls: list[object] = []
        listening = world.services.poller.polls_done.subscribe(polls.append)
        world.services.poller.refresh_soon()
        await until(lambda: len(polls) >= 2, 10.0, what="two looks")
        listening.cancel()
        facts = await facts_after(world, call_session_id)
        assert facts.kind is CallKind.INFORMATIONAL
        assert (facts.talk_s or 0) >= 1
        assert facts.proposed is not None
        assert facts.proposed.disposition is Disposition.SUCCESS


async def test_a_call_to_somebody_we_missed_is_a_call_back_until_they_are_reached(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        pbx, wrap_up = world.simulator.pbx, world.services.wrap_up
        missed = pbx.ring_in(NUMBER, employees=[2002])
        await seen(world, missed)
        pbx.hang_up(missed, "contact")
        await until(lambda: world.services.calls_to_return.is_owed(NUMBER), 10.0, what="a number to call back")
        back = pbx.ring_out(ME, NUMBER)
        await seen(world, back)
        (card,) = wrap_up.cards.values()
        assert card.draft.facts.kind is CallKind.CALLBACK
        pbx.contact_answers(back)
        await until(lambda: any(call.was_answered for call in world.services.board.calls.values()), 10.0)
        assert (await facts_after(world, back)).kind is CallKind.CALLBACK
        assert not world.services.calls_to_return.is_owed(NUMBER)


async def test_calls_started_elsewhere_that_nobody_of_mine_took_have_no_card_here(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        call_session_id = world.simulator.pbx.ring_out(2002, NUMBER)
        await seen(world, call_session_id)
        world.simulator.pbx.hang_up(call_session_id, "contact")
        await until(lambda: not world.services.board.calls, 10.0, what="the end")
        assert world.services.wrap_up.cards == {}
