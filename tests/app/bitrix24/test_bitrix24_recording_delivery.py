"""A card with its recording through the real outbox: it comes late, its answer is lost, and it is there once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from app.bitrix24 import wire
from app.bitrix24.recordings import INLINE_BYTES
from app.crm.port import CardToWrite
from app.outbox.entry import StepState
from app.simulator.faults import Fault, HttpError, LoseReply, ResetMidReply
from tests.app.bitrix24.portal_world import CARD_KEY, portal_world
from tests.app.bitrix24.shelf import Shelf
from tests.app.outbox.delivery_world import DeliveryWorld, exactly_once, open_outbox

SOUND = bytes(range(256)) * (INLINE_BYTES // 256 + 4)


@asynccontextmanager
async def delivering(folder: Path) -> AsyncIterator[tuple[DeliveryWorld, Shelf, CardToWrite]]:
    shelf = Shelf(folder)
    async with portal_world(shelf=shelf) as world, open_outbox(folder, world, [world.crm]) as outbox:
        yield outbox, shelf, replace(world.card(), wants_recording=True)


async def test_a_recording_nobody_has_yet_holds_up_nothing_and_is_sent_when_it_comes(tmp_path: Path) -> None:
    async with delivering(tmp_path) as (outbox, shelf, card):
        await outbox.save(card)
        await outbox.until_step(CARD_KEY, "note", StepState.DONE)
        assert (await outbox.step(CARD_KEY, "record")).step_state is not StepState.DONE
        assert outbox.world.portal.records == []
        shelf.put(CARD_KEY, SOUND)
        outbox.worker.wake(CARD_KEY)
        await outbox.until_done(CARD_KEY)
        exactly_once(outbox.world, card)
        (record,) = outbox.world.portal.records
        assert record.content == SOUND
        receipt = (await outbox.step(CARD_KEY, "record")).receipt
        assert receipt is not None
        assert receipt.ids["file_id"] == str(record.file_id)


@pytest.mark.parametrize("operation", [wire.ATTACH_RECORD, "upload"])
@pytest.mark.parametrize("fault", [LoseReply(), ResetMidReply(), HttpError(500, before_effect=False), HttpError(502)])
async def test_a_lost_answer_is_repeated_under_another_name(tmp_path: Path, operation: str, fault: Fault) -> None:
    async with delivering(tmp_path) as (outbox, shelf, card):
        shelf.put(CARD_KEY, SOUND)
        outbox.world.faults.add(fault, operation=operation)
        await outbox.save(card)
        await outbox.until_done(CARD_KEY)
        exactly_once(outbox.world, card)
        (record,) = outbox.world.portal.records
        assert (record.file_name, record.content) == (f"{CARD_KEY}-2.mp3", SOUND)


async def test_a_recording_that_does_not_exist_ends_the_card(tmp_path: Path) -> None:
    async with delivering(tmp_path) as (outbox, shelf, card):
        shelf.put_none(CARD_KEY)
        await outbox.save(card)
        await outbox.until_done(CARD_KEY)
        assert outbox.world.sent(wire.ATTACH_RECORD) == 0
