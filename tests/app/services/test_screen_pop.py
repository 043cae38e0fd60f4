"""Looking the caller up: once, remembered, tried again when the link stumbles, cancelled when nobody waits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.domain.customer import Customer
from app.errors import PultError, RightsMissing
from app.services.screen_pop import Found, ScreenPop
from app.simulator.faults import HoldUntilReleased, HttpError, LoseReply
from tests.app.bitrix24.portal_world import MARIA_NUMBER, STRANGER_NUMBER, PortalWorld, portal_world
from tests.helpers.clock import FakeClock
from tests.helpers.waiting import until


class Pop:
    """A screen pop with everything it published."""

    def __init__(self, world: PortalWorld, clock: FakeClock) -> None:
        self.world = world
        self.clock = clock
        self.screen_pop = ScreenPop(clock, world.crm)
        self.answers: list[tuple[str, Found]] = []
        self.screen_pop.found.subscribe(self.answers.append)

    async def answer(self, count: int = 1) -> Found:
        while len(self.answers) < count:
            await until(lambda: len(self.answers) >= count or self.clock.sleepers)
            await self.clock.pass_time(1.0)
        return self.answers[count - 1][1]


@asynccontextmanager
async def pop_world() -> AsyncIterator[Pop]:
    clock = FakeClock()
    async with portal_world(clock=clock) as world:
        pop = Pop(world, clock)
        yield pop
        await pop.screen_pop.aclose()


def names(found: Found) -> list[str]:
    assert not isinstance(found, PultError)
    return [customer.name for customer in found]


async def test_a_known_caller_is_found_and_remembered() -> None:
    async with pop_world() as pop:
        assert pop.screen_pop.customer_of(MARIA_NUMBER) is None
        pop.screen_pop.look_up("card", "+7 906 219-50-47")
        assert names(await pop.answer()) == ["Мария Ивановна"]
        known = pop.screen_pop.customer_of("8 906 219-50-47")
        assert known is not None
        assert isinstance(known[0], Customer)
        pop.screen_pop.look_up("another card", MARIA_NUMBER)
        assert names(await pop.answer(2)) == ["Мария Ивановна"]
        assert len(pop.world.journal.entries) == 1


async def test_a_name_stays_through_a_long_call_and_the_next_call_asks_anew() -> None:
    async with pop_world() as pop:
        pop.screen_pop.look_up("card", MARIA_NUMBER)
        found = await pop.answer()
        pop.clock.advance(3600)
        assert pop.screen_pop.customer_of(MARIA_NUMBER) == found
        assert len(pop.world.journal.entries) == 1
        pop.screen_pop.look_up("next", MARIA_NUMBER)
        await pop.answer(2)
        assert len(pop.world.journal.entries) == 2


async def test_an_unknown_caller_is_nobody_and_that_is_an_answer() -> None:
    async with pop_world() as pop:
        pop.screen_pop.look_up("card", STRANGER_NUMBER)
        assert await pop.answer() == ()


async def test_one_lost_reply_is_asked_again() -> None:
    async with pop_world() as pop:
        pop.world.faults.add(LoseReply())
        pop.screen_pop.look_up("card", MARIA_NUMBER)
        assert names(await pop.answer()) == ["Мария Ивановна"]


async def test_a_portal_that_stays_silent_is_told_after_a_few_tries() -> None:
    async with pop_world() as pop:
        pop.world.faults.add(HttpError(502), times=None)
        pop.screen_pop.look_up("card", MARIA_NUMBER)
        found = await pop.answer()
        assert isinstance(found, PultError)
        assert len(pop.world.journal.entries) == 4


async def test_a_refusal_is_told_at_once() -> None:
    async with pop_world() as pop:
        pop.world.portal.switches.crm_installed = False
        pop.screen_pop.look_up("card", MARIA_NUMBER)
        found = await pop.answer()
        assert isinstance(found, PultError)
        assert found.code == "crm_not_installed"
        assert len(pop.world.journal.entries) == 1


async def test_a_cancelled_look_up_publishes_nothing() -> None:
    async with pop_world() as pop:
        rule = pop.world.faults.add(HoldUntilReleased())
        pop.screen_pop.look_up("card", MARIA_NUMBER)
        await rule.wait_held()
        pop.screen_pop.cancel("card")
        rule.release()
        pop.screen_pop.look_up("other", STRANGER_NUMBER)
        await pop.answer()
        assert [card_key for card_key, _ in pop.answers] == ["other"]


async def test_two_look_ups_of_one_card_ask_once() -> None:
    async with pop_world() as pop:
        rule = pop.world.faults.add(HoldUntilReleased())
        pop.screen_pop.look_up("card", MARIA_NUMBER)
        pop.screen_pop.look_up("card", MARIA_NUMBER)
        await rule.wait_held()
        rule.release()
        await pop.answer()
        assert len(pop.answers) == 1


async def test_without_a_crm_that_is_what_is_said() -> None:
    async with pop_world() as pop:
        pop.screen_pop.use_directory(None)
        pop.screen_pop.look_up("card", MARIA_NUMBER)
        found = await pop.answer()
        assert isinstance(found, RightsMissing)
        assert found.code == "crm_not_connected"
