"""The outbox with CRMs of three lanes made of memory: what was sent in which order, with steps that can be held or
refused. No tests."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.clock import Clock, SystemClock
from app.crm.port import CardProgress, CardToWrite, ProbeResult, ProbeVerdict, StepReceipt
from app.database import Database
from app.domain.calls import Direction
from app.errors import PultError
from app.outbox.entry import OutboxCard, OutboxStep, PlannedStep, StepState
from app.outbox.pace import Pace
from app.outbox.schema import MIGRATIONS
from app.outbox.store import OutboxStore
from app.outbox.worker import OutboxWorker
from app.services.delivery import Delivery
from tests.helpers.waiting import until

NOW = datetime(2026, 3, 2, 6, 5, tzinfo=UTC)
QUICK = Pace(base_s=0.01, cap_s=0.05, settle_s=0.0)


def lane_steps(crm_name: str = "lanes") -> tuple[PlannedStep, ...]:
    """register and finish in order; a recording and a note beside each other once the call is finished."""
    return (
        PlannedStep(crm_name, "register"),
        PlannedStep(crm_name, "finish"),
        PlannedStep(crm_name, "record", lane="record", requires="finish"),
        PlannedStep(crm_name, "note", lane="note", requires="finish"),
    )


def lane_card(number: int, *, notes: str = "") -> CardToWrite:
    return CardToWrite(
        card_key=f"pult-lanes-{number}",
        direction=Direction.INBOUND,
        phone_number=f"7999{number:07}",
        line_number="74950000000",
        started_at=datetime(2026, 3, 2, 6, 0, tzinfo=UTC),
        talk_s=5,
        disposition_code="200",
        crm_user_id=7,
        notes=notes,
    )


class LaneCrm:
    """`sent` holds (card_key, step) in the order of the effects. `answers`: errors raised by a step, used up one by
    one; `held`: steps that wait until their event is set."""

    def __init__(self, crm_name: str = "lanes") -> None:
        self.crm_name = crm_name
        self.sent: list[tuple[str, str]] = []
        self.contents: list[CardToWrite] = []
        self.attempts: list[int] = []
        self.answers: dict[str, list[PultError]] = {}
        self.held: dict[str, asyncio.Event] = {}
        self.begun: asyncio.Event = asyncio.Event()
        self.most_at_once = 0
        self._at_once = 0

    def steps_of(self, card: CardToWrite) -> tuple[str, ...]:
        return tuple(step.name for step in lane_steps(self.crm_name))

    def repeat_is_safe(self, step: str) -> bool:
        return step == "register"

    async def perform(self, step: str, card: CardToWrite, progress: CardProgress) -> StepReceipt:
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            self.begun.set()
            held = self.held.get(step)
            await (asyncio.sleep(0) if held is None else held.wait())
            if self.answers.get(step):
                raise self.answers[step].pop(0)
            self.sent.append((card.card_key, step))
            self.contents.append(card)
            self.attempts.append(progress.attempt)
            return StepReceipt({f"{step}_id": card.card_key})
        finally:
            self._at_once -= 1

    async def probe(self, step: str, card: CardToWrite, progress: CardProgress) -> ProbeResult:
        is_there = (card.card_key, step) in self.sent
        return ProbeResult(ProbeVerdict.DONE if is_there else ProbeVerdict.NOT_DONE)

    def steps_sent(self, card_key: str) -> list[str]:
        return [step for key, step in self.sent if key == card_key]


@dataclass
class LaneWorld:
    """One life of the outbox."""

    store: OutboxStore
    worker: OutboxWorker
    delivery: Delivery
    database: Database

    async def save(self, card: CardToWrite, steps: Sequence[PlannedStep] = lane_steps()) -> None:
        await self.store.save(card, steps, NOW)
        self.worker.add(card.card_key)

    async def entry(self, card_key: str) -> OutboxCard:
        found = await self.store.card(card_key)
        assert found is not None
        return found

    async def step(self, card_key: str, name: str, crm_name: str = "lanes") -> OutboxStep:
        found = (await self.entry(card_key)).step(name, crm_name)
        assert found is not None
        return found

    async def until_step(self, card_key: str, name: str, step_state: StepState, crm_name: str = "lanes") -> None:
        moved = asyncio.Event()
        subscription = self.worker.changed.subscribe(lambda _card_key: moved.set())
        try:
            async with asyncio.timeout(10):
                while (await self.step(card_key, name, crm_name)).step_state is not step_state:
                    await moved.wait()
                    moved.clear()
        finally:
            subscription.cancel()

    async def until_running_nothing(self) -> None:
        await until(lambda: not self.worker._running, what="no request under way")

    async def until_idle(self) -> None:
        await until(lambda: not self.worker.can_send_more, what="an outbox with nothing to do")


@asynccontextmanager
async def lane_world(
    folder: Path, *crms: LaneCrm, clock: Clock | None = None, pace: Pace = QUICK, begins: bool = True
) -> AsyncIterator[LaneWorld]:
    """The outbox on `folder`/pult.db; opening it again stands for the next start. Without `begins` nothing is sent."""
    clock = clock or SystemClock()
    database = Database(folder / "pult.db", migrations=MIGRATIONS, clock=clock)
    await database.open()
    store = OutboxStore(database)
    worker = OutboxWorker(store, crms, clock, pace=pace, dice=random.Random(7))
    try:
        if begins:
            await worker.start()
        yield LaneWorld(store, worker, Delivery(store, worker, clock), database)
    finally:
        await worker.aclose()
        await database.aclose()
