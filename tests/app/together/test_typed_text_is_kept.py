"""What the operator typed survives a close at the worst moment and a save that is given up half-way."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from app.database import Database
from app.outbox.drafts import Draft, DraftStore
from app.outbox.schema import MIGRATIONS
from app.services.autosave import Autosave
from app.services.desk import CardRules
from app.services.open_card import CardSaved
from tests.app.domain import calls
from tests.app.services.card_desk import CardDesk, card_desk
from tests.helpers.clock import FakeClock
from tests.helpers.waiting import until


def save_state(desk: CardDesk) -> str:
    return desk.card.save


async def test_closing_while_the_disk_is_busy_keeps_the_last_letter(tmp_path: Path) -> None:
    clock = FakeClock()
    async with card_desk(tmp_path, clock=clock) as desk:
        desk.poll(1, calls.RINGING)
        await desk.autosaved()
        busy, go_on = threading.Event(), threading.Event()

        def hold_up(connection: sqlite3.Connection) -> None:
            busy.set()
            go_on.wait(5)

        holding = asyncio.ensure_future(desk.store._database.run(hold_up))
        await until(busy.is_set, what="a busy disk")
        desk.wrap_up.edit(desk.card_key, replace(desk.card.draft.fields, notes="last letter"))
        # The autosave has taken the text and stands in line behind whatever holds the disk up.
        await clock.pass_time(1.0)
        closing = asyncio.ensure_future(desk.wrap_up.aclose())
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(holding, closing)
    async with card_desk(tmp_path, clock=clock) as desk:
        assert desk.card.draft.fields.notes == "last letter"


@pytest.mark.parametrize("is_automatic", [True, False])
async def test_letters_typed_while_the_card_goes_to_the_disk_are_in_it(tmp_path: Path, is_automatic: bool) -> None:
    clock = FakeClock()
    rules = CardRules(wrap_up_s=30.0)
    async with card_desk(tmp_path, clock=clock, rules=rules) as desk:
        desk.poll(1, calls.RINGING)
        desk.poll(5, calls.TALK)
        desk.end(65)
        card_key = desk.card_key
        desk.wrap_up.edit(card_key, replace(desk.card.draft.fields, notes="last let"))
        await desk.autosaved()
        busy, go_on = threading.Event(), threading.Event()

        def hold_up(connection: sqlite3.Connection) -> None:
            busy.set()
            go_on.wait(5)

        holding = asyncio.ensure_future(desk.store._database.run(hold_up))
        await until(busy.is_set, what="a busy disk")
        saving = None if is_automatic else asyncio.ensure_future(desk.wrap_up.save(card_key))
        await clock.pass_time(30.0 if is_automatic else 1.0)
        await until(lambda: save_state(desk) == "saving", what="a card on its way to the disk")
        desk.wrap_up.edit(card_key, replace(desk.card.draft.fields, notes="last letters"))
        go_on.set()
        await holding
        if saving is not None:
            await saving
        await until(lambda: desk.handed_over == [card_key], what="the card in the outbox")
        entry = await desk.store.card(card_key)
        assert entry is not None
        assert (entry.card.notes, entry.card.is_completed_automatically) == ("last letters", is_automatic)
        assert [step.name for step in entry.steps] == ["register", "finish", "note"]


async def test_a_flush_that_is_cancelled_gives_back_what_it_took(tmp_path: Path) -> None:
    clock = FakeClock()
    async with card_desk(tmp_path, clock=clock) as desk:
        desk.poll(1, calls.RINGING)
        card = desk.card
    database = Database(tmp_path / "pult.db", migrations=MIGRATIONS)
    await database.open()
    try:
        busy, go_on = threading.Event(), threading.Event()

        def hold_up(connection: sqlite3.Connection) -> None:
            busy.set()
            go_on.wait(5)

        autosave = Autosave(DraftStore(database), clock)
        written: list[tuple[str, ...]] = []
        autosave.written.subscribe(written.append)
        holding = asyncio.ensure_future(database.run(hold_up))
        await until(busy.is_set)
        autosave.take(Draft(card.draft, card.trace))
        flushing = asyncio.ensure_future(autosave.flush())
        await asyncio.sleep(0)
        flushing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await flushing
        go_on.set()
        await holding
        assert await autosave.flush()
        assert written == [(card.draft.card_key,)]
    finally:
        await database.aclose()


async def test_a_save_that_is_given_up_half_way_can_be_done_again_and_is_one_card(tmp_path: Path) -> None:
    clock = FakeClock()
    async with card_desk(tmp_path, clock=clock) as desk:
        desk.poll(1, calls.RINGING)
        desk.poll(3, calls.TALK)
        desk.end(9)
        key = desk.card_key
        saving = asyncio.ensure_future(desk.wrap_up.save(key))
        await asyncio.sleep(0)
        assert save_state(desk) == "saving"
        saving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await saving
        assert save_state(desk) == "editing"
        assert isinstance(await desk.wrap_up.save(key), CardSaved)
        assert desk.handed_over == [key]
        assert len(await desk.store.cards(10)) == 1
