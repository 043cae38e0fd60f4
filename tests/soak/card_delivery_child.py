"""The side that gets killed: a server that has everything imported and forks a console's outbox for each order.

An order is one line of JSON on stdin; the answers are "pid N" and, when that child is gone, "ended N".
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

# Imported before the first fork, though HttpSession would import it later: each child then has it for nothing.
import httpx as _httpx

from app.bitrix24.access import WebhookAccess
from app.bitrix24.adapter import Bitrix24Crm, plan_steps
from app.bitrix24.rest import PortalRest
from app.clock import SystemClock
from app.crm.port import CardProgress, CardToWrite, CardWriter, ProbeResult, StepReceipt
from app.database import Database
from app.http import HttpSession, TokenBucket
from app.outbox.entry import OutboxCard, PlannedStep
from app.outbox.pace import Pace
from app.outbox.schema import MIGRATIONS
from app.outbox.store import OutboxStore, StepChange, StepKey
from app.outbox.worker import OutboxWorker
from tests.soak.soak_cards import soak_card

PACE = Pace(base_s=0.004, cap_s=0.02, settle_s=0.0)
__all__ = ["_httpx"]


class DyingStore(OutboxStore):
    """Kills its own process right before or right after one kind of commit, named like "claim finish after"."""

    def __init__(self, database: Database, dies_at: str) -> None:
        super().__init__(database)
        self._dies_at = dies_at

    async def save(self, card: CardToWrite, steps: Sequence[PlannedStep], now: datetime) -> datetime:
        self._die_at("save before")
        saved_at = await super().save(card, steps, now)
        self._die_at("save after")
        return saved_at

    async def claim(self, step_key: StepKey, now: datetime) -> OutboxCard | None:
        self._die_at(f"claim {step_key.name} before")
        claimed = await super().claim(step_key, now)
        self._die_at(f"claim {step_key.name} after")
        return claimed

    async def change(self, step_key: StepKey, change: StepChange) -> None:
        self._die_at(f"receipt {step_key.name} before")
        await super().change(step_key, change)
        self._die_at(f"receipt {step_key.name} after")

    def _die_at(self, point: str) -> None:
        if point == self._dies_at:
            os.kill(os.getpid(), signal.SIGKILL)


class NeverProbing:
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


async def deliver(order: dict[str, Any]) -> None:
    """One life of a console: take up what is there, save the ordered cards, acknowledge each, deliver until killed;
    with `drain`, until nothing is left."""
    clock = SystemClock()
    database = Database(Path(order["database"]), migrations=MIGRATIONS, clock=clock)
    await database.open()
    store = DyingStore(database, order["dies_at"])
    http = HttpSession(user_agent="pult-soak/0", clock=clock)
    rest = PortalRest(http, WebhookAccess(order["webhook"]), TokenBucket(1000.0, 1000, clock), clock)
    crm: CardWriter = Bitrix24Crm(rest)
    writer = crm if order["probes"] else NeverProbing(crm)
    worker = OutboxWorker(store, [writer], clock, pace=PACE, dice=random.Random(order["seed"]))
    moved = asyncio.Event()
    worker.changed.subscribe(lambda _card_key: moved.set())
    await worker.start()
    acknowledged = os.open(order["acknowledged"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for number in order["cards"]:
        card = soak_card(number, datetime.fromisoformat(order["base_at"]))
        await store.save(card, plan_steps(card), clock.now())
        os.write(acknowledged, f"{number}\n".encode())
        worker.add(card.card_key)
    while worker.unsent_count or not order["drain"]:
        await moved.wait()
        moved.clear()
    os.close(acknowledged)
    await worker.aclose()
    await http.aclose()
    await database.aclose()


def serve() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            asyncio.run(deliver(order))
            os._exit(0)
        answer(f"pid {pid}")
        _, wait_status = os.waitpid(pid, 0)
        answer(f"ended {os.waitstatus_to_exitcode(wait_status)}")


def answer(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve()
