"""Sends what lies in the outbox: each card's steps in order, some cards side by side, none faster than the CRM bears.

What one answer means for one step is chain.py's; here is only whose turn it is.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Sequence
from functools import partial

from app.background import BackgroundTasks
from app.clock import Clock
from app.crm.port import CardWriter
from app.errors import PultError, RightsMissing, StorageError
from app.observe import Observable
from app.outbox.chain import Advance, StepRunner
from app.outbox.pace import Backoff, CrmGate, Pace
from app.outbox.store import ChainKey, OutboxStore

_logger = logging.getLogger(__name__)

_SIDE_BY_SIDE = 4
# A cancelled timer stays in Qt's loop until it is due: none is set for longer than this.
_LONGEST_SLEEP_S = 5.0
_NEVER = float("inf")

PARKED_BY_OPERATOR = "parked_by_operator"


class OutboxWorker:
    """`changed` publishes the card_key of each card that moved; `paused_changed` the new `paused`."""

    def __init__(
        self,
        store: OutboxStore,
        writers: Sequence[CardWriter],
        clock: Clock,
        *,
        pace: Pace | None = None,
        dice: random.Random | None = None,
    ) -> None:
        self.changed: Observable[str] = Observable()
        self.paused_changed: Observable[PultError | None] = Observable()
        self._store = store
        self._clock = clock
        self._pace = pace or Pace()
        self._dice = dice or random.Random()  # noqa: S311  waiting times, no secret
        self._writers = {writer.crm_name: writer for writer in writers}
        self._gates: dict[str, CrmGate] = {}
        self._due_at_s: dict[ChainKey, float] = {}
        self._backoffs: dict[ChainKey, Backoff] = {}
        self._running: dict[ChainKey, asyncio.Task[None]] = {}
        self._new: set[str] = set()
        self._wake = asyncio.Event()
        self._tasks = BackgroundTasks()
        self._told_pause: PultError | None = None

    @property
    def unsent_count(self) -> int:
        """Cards with a step that is not done, those just handed over included."""
        return len({chain.card_key for chain in self._due_at_s} | self._new)

    @property
    def paused(self) -> PultError | None:
        """Why a CRM gets nothing at all: a refusal only a person can lift, or nobody has connected it."""
        for crm_name in sorted({chain.crm_name for chain in self._due_at_s}):
            if crm_name not in self._writers:
                return RightsMissing("crm_not_connected", {"crm_name": crm_name})
            paused_by = self._gate(crm_name).paused_by
            if paused_by is not None:
                return paused_by
        return None

    async def start(self) -> None:
        """Take up everything an earlier run left, then keep sending. Raises StorageError."""
        interrupted = await self._store.recover()
        if interrupted:
            _logger.info("steps with an unknown outcome were found", extra={"steps": interrupted})
        for chain in await self._store.open_chains():
            self._due_at_s[chain] = 0.0
        self._tasks.start(self._run(), name="outbox")

    async def aclose(self) -> None:
        """Stop. A request under way is abandoned; its step is probed at the next start."""
        await self._tasks.aclose()

    def use_writers(self, writers: Sequence[CardWriter]) -> None:
        """Other connections from now on, after *Connect*; whatever was paused goes on."""
        self._writers = {writer.crm_name: writer for writer in writers}
        self.resume()

    def add(self, card_key: str) -> None:
        """A card was saved: its turn comes at once."""
        self._new.add(card_key)
        self._wake.set()

    def resume(self) -> None:
        """Forget pauses and waiting times: everything is tried again now."""
        for gate in self._gates.values():
            gate.open_now()
        for chain, due_at_s in self._due_at_s.items():
            if due_at_s != _NEVER:
                self._due_at_s[chain] = 0.0
        self._tell_pause()
        self._wake.set()

    async def retry(self, card_key: str) -> None:
        """Try this card now, its parked steps and a paused queue included. Raises StorageError."""
        await self._store.unpark(card_key)
        for gate in self._gates.values():
            gate.open_now()
        self._backoffs = {chain: kept for chain, kept in self._backoffs.items() if chain.card_key != card_key}
        self._tell_pause()
        self.add(card_key)
        self.changed.publish(card_key)

    async def park(self, card_key: str) -> None:
        """Leave this card alone until it is retried; a request under way is waited for. Raises StorageError."""
        under_way = [task for chain, task in self._running.items() if chain.card_key == card_key]
        for chain in self._due_at_s:
            if chain.card_key == card_key:
                self._due_at_s[chain] = _NEVER
        if under_way:
            await asyncio.wait(under_way)
        await self._store.park(card_key, PARKED_BY_OPERATOR)
        self.changed.publish(card_key)

    async def _run(self) -> None:
        while True:
            await self._take_new()
            self._start_due()
            await self._until_something()

    async def _take_new(self) -> None:
        while self._new:
            card_key = next(iter(self._new))
            try:
                entry = await self._store.card(card_key)
            except StorageError as error:
                _logger.warning("a saved card could not be read", extra={"code": error.code})
                return
            for crm_name in {step.crm_name for step in entry.steps} if entry else ():
                chain = ChainKey(card_key, crm_name)
                if entry is not None and entry.next_step(crm_name) is not None:
                    self._due_at_s[chain] = 0.0
            self._new.discard(card_key)
        self._tell_pause()

    def _start_due(self) -> None:
        now_s = self._clock.monotonic()
        for chain, due_at_s in list(self._due_at_s.items()):
            if len(self._running) >= _SIDE_BY_SIDE:
                return
            if chain not in self._running and max(due_at_s, self._opens_at_s(chain.crm_name)) <= now_s:
                task = self._tasks.start(self._run_chain(chain), name="outbox-chain")
                self._running[chain] = task
                task.add_done_callback(partial(self._ended, chain))

    def _opens_at_s(self, crm_name: str) -> float:
        """When the next chain of that CRM may start; never while it is paused or not connected."""
        gate = self._gate(crm_name)
        if crm_name not in self._writers or gate.paused_by is not None:
            return _NEVER
        if gate.is_troubled and any(chain.crm_name == crm_name for chain in self._running):
            return _NEVER
        return gate.opens_at_s

    async def _until_something(self) -> None:
        """Until a chain is due, ends, is added, or the operator asks."""
        waiting = [
            max(due_at_s, self._opens_at_s(chain.crm_name))
            for chain, due_at_s in self._due_at_s.items()
            if chain not in self._running
        ]
        next_s = min(waiting, default=_NEVER) if len(self._running) < _SIDE_BY_SIDE else _NEVER
        if self._new:
            next_s = min(next_s, self._clock.monotonic() + self._pace.base_s)
        if next_s == _NEVER:
            await self._wake.wait()
        else:
            await _sleep_or_wake(self._clock, self._wake, min(_LONGEST_SLEEP_S, next_s - self._clock.monotonic()))
        self._wake.clear()

    async def _run_chain(self, chain: ChainKey) -> None:
        backoff = self._backoffs.setdefault(chain, Backoff(self._pace, self._dice))
        # Should anything below fail in a way nobody thought of, the disk still tells what is known.
        self._due_at_s[chain] = self._clock.monotonic() + self._pace.crashed_s
        while True:
            try:
                advance = await self._advance(chain, backoff)
            except StorageError as error:
                _logger.warning("the outbox could not be written", extra={"code": error.code})
                advance = Advance(wait_s=backoff.next_s())
            if advance is None:
                del self._due_at_s[chain]
                self._backoffs.pop(chain, None)
                self.changed.publish(chain.card_key)
                return
            self.changed.publish(chain.card_key)
            if not advance.goes_on:
                wait_s = _NEVER if advance.wait_s is None else advance.wait_s
                self._due_at_s[chain] = self._clock.monotonic() + wait_s
                return
            if self._due_at_s[chain] == _NEVER:
                return

    async def _advance(self, chain: ChainKey, backoff: Backoff) -> Advance | None:
        """One step further; None when the chain is through."""
        entry = await self._store.card(chain.card_key)
        step = entry.next_step(chain.crm_name) if entry else None
        if entry is None or step is None:
            return None
        writer = self._writers.get(chain.crm_name)
        if writer is None:
            return Advance(wait_s=0.0)
        runner = StepRunner(self._store, writer, self._gate(chain.crm_name), self._clock, self._pace)
        return await runner.advance(entry, step, backoff)

    def _ended(self, chain: ChainKey, _task: asyncio.Task[None]) -> None:
        self._running.pop(chain, None)
        self._tell_pause()
        self._wake.set()

    def _gate(self, crm_name: str) -> CrmGate:
        return self._gates.setdefault(crm_name, CrmGate(self._pace, self._dice))

    def _tell_pause(self) -> None:
        paused = self.paused
        told = self._told_pause
        if (paused and paused.code) != (told and told.code):
            self._told_pause = paused
            self.paused_changed.publish(paused)


async def _sleep_or_wake(clock: Clock, wake: asyncio.Event, seconds: float) -> None:
    sleeping = asyncio.ensure_future(clock.sleep(seconds))
    woken = asyncio.ensure_future(wake.wait())
    try:
        await asyncio.wait({sleeping, woken}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        sleeping.cancel()
        woken.cancel()
