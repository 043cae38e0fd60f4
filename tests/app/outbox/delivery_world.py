"""The outbox on a real file, sending to a simulated portal. No tests."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from app.bitrix24.adapter import plan_steps
from app.clock import Clock
from app.crm.port import CardProgress, CardToWrite, CardWriter, ProbeResult, StepReceipt
from app.database import Database
from app.outbox.entry import OutboxCard, OutboxStep, StepState
from app.outbox.pace import Pace
from app.outbox.schema import MIGRATIONS
from app.outbox.store import OutboxStore
from app.outbox.worker import OutboxWorker
from app.services.delivery import Delivery
from tests.app.bitrix24.portal_world import PortalWorld, portal_world

QUICK = Pace(base_s=0.01, cap_s=0.05, settle_s=0.0)


class RepeatingWriter:
    """The negative control: believes that every step may simply be sent again."""

    def __init__(self, writer: CardWriter) -> None:
        self._writer = writer
        self.crm_name = writer.crm_name

    def steps_of(self, card: CardToWrite) -> tuple[str, ...]:
        return self._writer.steps_of(card)

    def repeat_is_safe(self, step: str) -> bool:
        return True

    async def perform(self, step: str, card: CardToWrite, progress: CardProgress) -> StepReceipt:
        return await self._writer.perform(step, card, progress)

    async def probe(self, step: str, card: CardToWrite, progress: CardProgress) -> ProbeResult:
        return await self._writer.probe(step, card, progress)


@dataclass
class DeliveryWorld:
    """A portal and an outbox that writes to it."""

    world: PortalWorld
    store: OutboxStore
    worker: OutboxWorker
    delivery: Delivery

    async def save(self, card: CardToWrite) -> None:
        await self.store.save(card, plan_steps(card), self.world.clock.now())
        self.worker.add(card.card_key)

    async def entry(self, card_key: str) -> OutboxCard:
        found = await self.store.card(card_key)
        assert found is not None
        return found

    async def step(self, card_key: str, name: str) -> OutboxStep:
        found = (await self.entry(card_key)).step(name, "bitrix24")
        assert found is not None
        return found

    async def until_done(self, *card_keys: str, timeout: float = 10.0) -> None:
        await self._until(lambda entry: entry.is_done, card_keys, timeout)

    async def until_parked(self, *card_keys: str, timeout: float = 10.0) -> None:
        await self._until(lambda entry: entry.is_parked, card_keys, timeout)

    async def until_step(self, card_key: str, name: str, step_state: StepState, timeout: float = 10.0) -> None:
        await self._until(
            lambda entry: any(step.name == name and step.step_state is step_state for step in entry.steps),
            (card_key,),
            timeout,
        )

    async def _until(self, is_so: Callable[[OutboxCard], bool], card_keys: Sequence[str], timeout: float) -> None:
        """By listening to the delivery, as the window does; the first look counts too."""
        waiting = set(card_keys)
        moved = asyncio.Event()
        subscription = self.delivery.changed.subscribe(lambda _card_key: moved.set())
        try:
            async with asyncio.timeout(timeout):
                while True:
                    moved.clear()
                    for card_key in tuple(waiting):
                        if is_so(await self.entry(card_key)):
                            waiting.discard(card_key)
                    if not waiting:
                        return
                    await moved.wait()
        except TimeoutError:
            entries = [await self.entry(card_key) for card_key in waiting]
            raise AssertionError(f"still waiting for {[entry.steps for entry in entries]}") from None
        finally:
            subscription.cancel()


def exactly_once(world: PortalWorld, card: CardToWrite) -> None:
    """The portal holds this card once, with its content."""
    rows = world.portal.finished_calls_of(card.card_key)
    assert len(rows) == 1, f"finished {len(rows)} times"
    activities = [row for row in world.portal.activities if row.external_call_id == card.card_key]
    assert len(activities) <= 1, f"{len(activities)} activities"
    comments = world.portal.comments_of(card.card_key)
    assert len(comments) == (1 if card.notes else 0), f"{len(comments)} comments"
    row = rows[0]
    assert (row.duration_s, row.failed_code, row.user_id) == (card.talk_s, card.disposition_code, card.crm_user_id)
    assert abs(row.started_at - card.started_at) < timedelta(seconds=1)
    assert world.portal.duplicates() == []


@asynccontextmanager
async def delivery_world(
    folder: Path,
    *,
    clock: Clock | None = None,
    pace: Pace = QUICK,
    writers: Sequence[CardWriter] | None = None,
    repeats_everything: bool = False,
    app_only: bool = False,
    write_deadline_s: float = 5.0,
) -> AsyncIterator[DeliveryWorld]:
    async with portal_world(clock=clock, app_only=app_only, write_deadline_s=write_deadline_s) as world:
        writer: CardWriter = RepeatingWriter(world.crm) if repeats_everything else world.crm
        async with open_outbox(folder, world, [writer] if writers is None else writers, pace=pace) as opened:
            yield opened


@asynccontextmanager
async def open_outbox(
    folder: Path, world: PortalWorld, writers: Sequence[CardWriter], *, pace: Pace = QUICK
) -> AsyncIterator[DeliveryWorld]:
    """An outbox on `folder`/pult.db; opening it again stands for the next start of the program."""
    database = Database(folder / "pult.db", migrations=MIGRATIONS, clock=world.clock)
    await database.open()
    store = OutboxStore(database)
    worker = OutboxWorker(store, writers, world.clock, pace=pace, dice=random.Random(7))
    try:
        await worker.start()
        yield DeliveryWorld(world, store, worker, Delivery(store, worker, world.clock, plan_steps))
    finally:
        await worker.aclose()
        await database.aclose()
