"""A recorded call's whole way: offered, saved, finished in the portal, its recording found, fetched and attached."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from app.bootstrap import Services
from app.crm.port import RecordingState
from app.outbox.entry import OutboxCard
from app.services.wrap_up import CardSaved
from app.simulator.config import SimulatorConfig
from app.simulator.pbx.recordings import mp3_of
from tests.app.services.unseen_world import Office, offered, open_office

RECORDED = 2005


async def until_card(office: Office, services: Services, card_key: str, is_so: Callable[[OutboxCard], bool]) -> None:
    """Time goes by until the card in the outbox is so."""
    deadline_s = time.monotonic() + 30.0
    while True:
        card = await services.delivery.card(card_key)
        if card is not None and is_so(card):
            return
        assert time.monotonic() < deadline_s, f"never: {card}"
        await office.clock.pass_time(5.0)
        await asyncio.sleep(0.01)


async def saved_call(office: Office, services: Services) -> tuple[int, str]:
    """A recorded call of a minute that the console did not see, offered and saved."""
    call = office.talk(60.0, employee_id=RECORDED)
    office.clock.advance(90.0)
    await office.looked(services)
    (card,) = offered(services)
    assert isinstance(await services.wrap_up.save(card.draft.card_key), CardSaved)
    return call, card.draft.card_key


async def test_the_recording_reaches_the_portal(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office, office.console(RECORDED, records=True) as services:
        _, card_key = await saved_call(office, services)
        await until_card(office, services, card_key, lambda card: card.is_done)
        card = await services.delivery.card(card_key)
        assert card is not None
        step = card.step("record", "bitrix24")
        assert step is not None
        assert step.receipt is not None
        (row,) = office.simulator.bitrix24.finished_calls_of(card_key)
        assert step.receipt.ids["file_id"] == str(row.record_file_id)
        recording = await services.recordings.recording_of(card_key)
        assert recording.recording_state is RecordingState.READY
        assert recording.path is not None
        assert recording.path.read_bytes() == mp3_of(60.0)


async def test_a_recording_that_comes_late_holds_up_nothing_else(tmp_path: Path) -> None:
    config = SimulatorConfig(recording_ready_after_s=1800.0)
    async with open_office(tmp_path, config) as office, office.console(RECORDED, records=True) as services:
        _, card_key = await saved_call(office, services)
        await until_card(office, services, card_key, lambda card: not _is_open(card, "finish"))
        assert len(office.simulator.bitrix24.finished_calls_of(card_key)) == 1
        card = await services.delivery.card(card_key)
        assert card is not None
        assert _is_open(card, "record")
        await until_card(office, services, card_key, lambda card: card.is_done)


async def test_a_console_closed_in_between_goes_on_at_the_next_start(tmp_path: Path) -> None:
    config = SimulatorConfig(recording_ready_after_s=1800.0)
    async with open_office(tmp_path, config) as office:
        async with office.console(RECORDED, records=True) as services:
            _, card_key = await saved_call(office, services)
            await until_card(office, services, card_key, lambda card: not _is_open(card, "finish"))
        office.clock.advance(3600.0)
        async with office.console(RECORDED, records=True) as services:
            await until_card(office, services, card_key, lambda card: card.is_done)
            assert office.simulator.bitrix24.duplicates() == []


def _is_open(card: OutboxCard, name: str) -> bool:
    step = card.step(name, "bitrix24")
    return step is not None and step.receipt is None
