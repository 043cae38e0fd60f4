"""The side that gets killed: a server that has everything imported and forks a console's outbox for each order.

An order is one line of JSON on stdin; the answers are "pid N" and, when that child is gone, "ended N".
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import random
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from app.bitrix24 import recordings
from app.clock import SystemClock
from app.crm.port import CardToWrite
from app.database import Database
from app.errors import LinkError
from app.http import HttpSession
from app.http import session as http_session
from app.outbox.entry import OutboxCard, PlannedStep, StepState
from app.outbox.pace import Pace
from app.outbox.schema import MIGRATIONS
from app.outbox.store import OutboxStore, StepChange, StepKey
from app.outbox.worker import OutboxWorker
from tests.soak.chain_table import Addresses
from tests.soak.soak_cards import soak_card
from tests.soak.soak_writers import NeverProbing, open_writers, plan

_LOOKS_EVERY_S = 0.02
PACE = Pace(base_s=0.004, cap_s=0.02, settle_s=0.0)


class DyingStore(OutboxStore):
    """Kills its own process right before or right after one kind of commit, named as in card_delivery.COMMITS."""

    def __init__(self, database: Database, dies_at: str) -> None:
        super().__init__(database)
        self._dies_at = dies_at

    async def save(self, card: CardToWrite, steps: Sequence[PlannedStep], now: datetime) -> datetime:
        self._die_at("save before")
        saved_at = await super().save(card, steps, now)
        self._die_at("save after")
        return saved_at

    async def claim(self, step_key: StepKey, now: datetime) -> OutboxCard | None:
        self._die_at(f"claim {step_key.crm_name} {step_key.name} before")
        claimed = await super().claim(step_key, now)
        self._die_at(f"claim {step_key.crm_name} {step_key.name} after")
        return claimed

    async def change(self, step_key: StepKey, change: StepChange) -> None:
        self._die_at(f"receipt {step_key.crm_name} {step_key.name} before")
        await super().change(step_key, change)
        self._die_at(f"receipt {step_key.crm_name} {step_key.name} after")

    def _die_at(self, point: str) -> None:
        if point == self._dies_at:
            os.kill(os.getpid(), signal.SIGKILL)


async def deliver(order: dict[str, Any]) -> None:
    """One life of a console: take up what is there, save the ordered cards, acknowledge each, deliver until
    killed or until nothing is left."""
    clock = SystemClock()
    database = Database(Path(order["database"]), migrations=MIGRATIONS, clock=clock)
    await database.open()
    store = DyingStore(database, order["dies_at"])
    http = HttpSession(user_agent="pult-soak/0", clock=clock)
    writers = open_writers(http, Addresses(*order["addresses"]), clock, Path(order["recording"]))
    if not order["probes"]:
        writers = [NeverProbing(writer) for writer in writers]
    worker = OutboxWorker(store, writers, clock, pace=PACE, dice=random.Random(order["seed"]))
    moved = asyncio.Event()
    worker.changed.subscribe(lambda _card_key: moved.set())
    await worker.start()
    acknowledged = os.open(order["acknowledged"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for number in order["cards"]:
        card = soak_card(number, datetime.fromisoformat(order["base_at"]))
        await store.save(card, plan(card), clock.now())
        os.write(acknowledged, f"{number}\n".encode())
        worker.add(card.card_key)
    while worker.counts.unfinished:
        if not worker.can_send_more:
            raise RuntimeError(f"cards wait for a person: {await _open_steps(store)}")
        # What is parked moves no more, and nobody would be told.
        with suppress(TimeoutError):
            await asyncio.wait_for(moved.wait(), _LOOKS_EVERY_S)
        moved.clear()
    os.close(acknowledged)
    await worker.aclose()
    await http.aclose()
    await database.aclose()


async def _open_steps(store: OutboxStore) -> list[str]:
    return [
        f"{entry.card_key} {step.crm_name} {step.name} {step.step_state.value} {step.reason}"
        for entry in await store.cards(1_000)
        for step in entry.steps
        if step.step_state is not StepState.DONE
    ]


async def warm_up() -> None:
    """Everything a life imports on its way, before the first fork: each child then has it for nothing."""
    clock = SystemClock()
    http = HttpSession(user_agent="pult-soak/0", clock=clock)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder, "pult.db"), migrations=MIGRATIONS, clock=clock)
        await database.open()
        await database.aclose()
    with suppress(LinkError):
        await http.post_json("http://127.0.0.1:1/", b"", deadline_s=5.0, body_cap=1)
    await http.aclose()


def serve() -> None:
    # Reading all trusted roots costs more than the rest of a child's life, which needs none: they are read once.
    roots = http_session.trusted_context()
    http_session.trusted_context = lambda: roots
    # A recording of one kilobyte goes the way of a large one.
    recordings.INLINE_BYTES = 100
    asyncio.run(warm_up())
    gc.freeze()
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
