"""The outbox in virtual time against CRMs over real HTTP: time moves on only when nobody is at work any more."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from app.crm.port import CardToWrite, CardWriter
from app.database import Database
from app.http import FileToSend, HttpReply, HttpSession
from app.outbox.entry import OutboxCard
from app.outbox.pace import Pace
from app.outbox.schema import MIGRATIONS
from app.outbox.store import OutboxStore
from app.outbox.worker import OutboxWorker
from tests.helpers.clock import FakeClock
from tests.soak.chain_table import Crms
from tests.soak.soak_writers import Rates, open_writers, plan

R = TypeVar("R")
Wrap = Callable[[CardWriter], CardWriter]

# Turns of the loop in which nothing is begun: then everybody waits for the time to pass.
_QUIET_TURNS = 12
_THREAD_LOOK_S = 0.0005


class AtWork:
    """How many requests and transactions are under way."""

    def __init__(self) -> None:
        self.count = 0
        self._fewer = asyncio.Event()

    async def during(self, work: Awaitable[R]) -> R:
        self.count += 1
        try:
            return await work
        finally:
            self.count -= 1
            self._fewer.set()

    async def until_quiet(self) -> None:
        quiet = 0
        while quiet < _QUIET_TURNS:
            if self.count:
                self._fewer.clear()
                await self._fewer.wait()
                quiet = 0
            if _files_are_read():
                await asyncio.sleep(_THREAD_LOOK_S)
                quiet = 0
            await asyncio.sleep(0)
            quiet += 1


def _files_are_read() -> bool:
    """Whether a thread does something for a step; the database's is always there."""
    return any(thread.name.startswith(("recording", "http")) for thread in threading.enumerate())


class VirtualClock(FakeClock):
    """A clock that is driven by how little there is to do."""

    def next_due_s(self) -> float | None:
        return self._next_due_at_s()


class SlowHttp(HttpSession):
    """Real HTTP whose requests take `latency_s` of virtual time on their way, now more and now less."""

    def __init__(self, clock: VirtualClock, at_work: AtWork, latency_s: tuple[float, float]) -> None:
        super().__init__(user_agent="pult-soak/0", clock=clock)
        self._latency_s = latency_s
        self._dice = random.Random(3)
        self._uploads = 0
        self._virtual = clock
        self._at_work = at_work

    async def post_file(self, url: str, part: FileToSend, *, deadline_s: float, body_cap: int) -> HttpReply:
        """The way is waited for first: the file is opened before the exchange begins, which counts as work, too."""
        await self._pass_the_way()
        self._uploads += 1
        try:
            sending = super().post_file(url, part, deadline_s=deadline_s, body_cap=body_cap)
            return await self._at_work.during(sending)
        finally:
            self._uploads -= 1

    async def _exchange(self, verb: Any, url: str, body: Any, *arguments: Any) -> Any:
        is_upload = self._uploads > 0 and body is not None and not isinstance(body, bytes)
        if not is_upload:
            await self._pass_the_way()
        return await self._at_work.during(super()._exchange(verb, url, body, *arguments))

    async def _pass_the_way(self) -> None:
        await self._virtual.sleep(self._dice.uniform(*self._latency_s))


class WatchedDatabase(Database):
    """Tells while a transaction is under way."""

    def __init__(self, path: Path, clock: VirtualClock, at_work: AtWork) -> None:
        super().__init__(path, migrations=MIGRATIONS, clock=clock)
        self._at_work = at_work

    async def run(self, work: Callable[[Any], R]) -> R:
        return await self._at_work.during(super().run(work))


@dataclass
class VirtualOutbox:
    """One console's outbox; `restart` is the next start of the program on the same file."""

    crms: Crms
    clock: VirtualClock
    folder: Path
    rates: Rates = field(default_factory=Rates)
    pace: Pace = field(default_factory=Pace)
    latency_s: tuple[float, float] = (0.1, 0.45)
    wrap: Wrap | None = None
    make_store: Callable[[Database], OutboxStore] = OutboxStore
    at_work: AtWork = field(default_factory=AtWork)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def start(self) -> None:
        http = SlowHttp(self.clock, self.at_work, self.latency_s)
        self._stack.push_async_callback(http.aclose)
        database = WatchedDatabase(self.folder / "pult.db", self.clock, self.at_work)
        await database.open()
        self._stack.push_async_callback(database.aclose)
        self.store = self.make_store(database)
        recording = self.folder / "recording.mp3"
        writers = open_writers(http, self.crms.addresses, self.clock, recording, self.rates)
        self.writers: Sequence[CardWriter] = [self.wrap(writer) for writer in writers] if self.wrap else writers
        self.worker = OutboxWorker(self.store, self.writers, self.clock, pace=self.pace, dice=random.Random(7))
        self._stack.push_async_callback(self.worker.aclose)
        await self.worker.start()

    async def stop(self) -> None:
        await self._stack.aclose()
        self._stack = AsyncExitStack()

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def save(self, card: CardToWrite) -> None:
        await self.store.save(card, plan(card), self.clock.now())
        self.worker.add(card.card_key)

    async def entry(self, card_key: str) -> OutboxCard:
        found = await self.store.card(card_key)
        if found is None:
            raise LookupError(card_key)
        return found

    async def pass_until(self, is_so: Callable[[], bool], limit_s: float) -> bool:
        """Let virtual time pass, from one thing to do to the next, until it is so; False when the time is over or
        nobody waits for anything."""
        end_s = self.clock.monotonic() + limit_s
        while True:
            await self.at_work.until_quiet()
            if is_so():
                return True
            due_s = self.clock.next_due_s()
            if due_s is None or due_s > end_s:
                return False
            self.clock.advance(max(0.0, due_s - self.clock.monotonic()))

    async def pass_s(self, seconds: float) -> None:
        """Let so much time pass."""
        end_s = self.clock.monotonic() + seconds
        await self.pass_until(lambda: False, seconds)
        self.clock.advance(max(0.0, end_s - self.clock.monotonic()))


@asynccontextmanager
async def open_virtual_outbox(
    crms: Crms, clock: VirtualClock, folder: Path, **chosen: Any
) -> AsyncIterator[VirtualOutbox]:
    """Started; `chosen` are fields of VirtualOutbox."""
    (folder / "recording.mp3").write_bytes(b"ID3" + bytes(1021))
    outbox = VirtualOutbox(crms, clock, folder, **chosen)
    try:
        await outbox.start()
        yield outbox
    finally:
        await outbox.stop()
