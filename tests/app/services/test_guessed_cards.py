"""A console that closes, or dies, while a call rings: next time the report says what came of it, not a guess."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.bootstrap import Services
from app.domain.wrap_up import Disposition
from app.services.open_card import OpenCard
from app.simulator.config import SimulatorConfig
from tests.app.services.unseen_world import COLLEAGUE, ME, Office, facts_by, open_office
from tests.helpers.waiting import until

HOURS_S = 15 * 3600.0


async def ring_and_close(office: Office, *employees: int) -> int:
    """My console sees the call ring, and then it is gone."""
    async with office.console() as services:
        call = office.ring(*employees)
        await office.pass_time(30.0, [services])
        (card,) = services.wrap_up.cards.values()
        assert not card.draft.facts.is_finished
    return call


async def told(office: Office, services: Services) -> list[OpenCard]:
    """The open cards, once the reports have been looked at."""
    await office.looked(services)
    return list(services.wrap_up.cards.values())


@pytest.mark.parametrize("away_s", [600.0, HOURS_S])
async def test_a_call_that_a_colleague_took_meanwhile_is_no_missed_call_of_mine(tmp_path: Path, away_s: float) -> None:
    async with open_office(tmp_path) as office:
        call = await ring_and_close(office, ME, COLLEAGUE)
        office.simulator.pbx.answer(call, COLLEAGUE)
        office.clock.advance(60.0)
        office.simulator.pbx.hang_up(call, "contact")
        office.clock.advance(away_s)
        async with office.console() as services:
            await office.pass_time(90.0, [services])
            assert await told(office, services) == []
            assert not await services.delivery.cards()


async def test_soon_after_a_crash_the_report_is_asked_before_the_cards_time_is_over(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        call = await ring_and_close(office, ME, COLLEAGUE)
        office.simulator.pbx.answer(call, COLLEAGUE)
        office.clock.advance(20.0)
        office.simulator.pbx.hang_up(call, "contact")
        office.clock.advance(5.0)
        async with office.console() as services:
            assert len(services.wrap_up.cards) == 1
            await office.pass_time(90.0, [services])
            await until(lambda: not services.wrap_up.cards, timeout=10.0, what="the card is withdrawn")


async def test_a_call_i_took_meanwhile_has_its_talk(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        call = await ring_and_close(office, ME)
        office.simulator.pbx.answer(call, ME)
        office.clock.advance(90.0)
        office.simulator.pbx.hang_up(call, "contact")
        office.clock.advance(HOURS_S)
        async with office.console() as services:
            (card,) = await told(office, services)
            assert facts_by(services) == [(call, 90)]
            assert card.draft.facts.proposed is not None
            assert not card.draft.facts.proposed.is_guess
            assert card.draft.disposition is Disposition.SUCCESS


async def test_a_call_nobody_took_stays_my_missed_call(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        call = await ring_and_close(office, ME)
        office.simulator.pbx.hang_up(call, "contact")
        office.clock.advance(HOURS_S)
        async with office.console() as services:
            (card,) = await told(office, services)
            assert (card.draft.facts.call_session_id, card.draft.disposition) == (call, Disposition.MISSED)


async def test_without_reports_the_guess_stays_for_the_operator(tmp_path: Path) -> None:
    """Negative control of the report, and the promise: a card is never silently absent."""
    config = SimulatorConfig(data_rights=frozenset({"get.calls_report"}))
    async with open_office(tmp_path, config) as office:
        call = await ring_and_close(office, ME, COLLEAGUE)
        office.simulator.pbx.answer(call, COLLEAGUE)
        office.clock.advance(60.0)
        office.simulator.pbx.hang_up(call, "contact")
        office.clock.advance(HOURS_S)
        async with office.console(is_looked=False) as services:
            await until(lambda: services.unseen_calls.trouble is not None, timeout=10.0, what="the refusal")
            (card,) = services.wrap_up.cards.values()
            assert (card.draft.facts.call_session_id, card.draft.disposition) == (call, Disposition.MISSED)
            assert card.draft.facts.proposed is not None
            assert card.draft.facts.proposed.is_guess
