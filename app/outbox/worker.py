"""Sends what lies in the outbox: each lane's steps in order, some cards side by side, none faster than the CRM bears.

What one answer means for one step is chain.py's, who is next timetable.py's; here is what runs at the same time.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial

from app.background import BackgroundTasks
from app.clock import Clock
from app.crm.port import CardWriter
from app.errors import PultError, StorageError
from app.observe import Observable
from app.outbox.chain import Advance, StepRunner
from app.outbox.counts import CardCounts
from app.outbox.doors import Doors
from app.outbox.pace import Backoff, Pace
from app.outbox.store import OutboxStore
from app.outbox.timetable import NEVER, ChainKey, Timetable

_logger = logging.getLogger(__name__)

# A cancelled timer stays in Qt's loop until it is due: none is set for longer than this.
_LONGEST_SLEEP_S = 5.0


class OutboxWorker:
    """`changed` publishes the card_key of each card that moved; `pauses_changed` the new `pauses`, `paused_changed` the
    new `paused`."""

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
        self.pauses_changed: Observable[Mapping[str, PultError]] = Observable()
        self._store = store
        self._clock = clock
        self._pace = pace or Pace()
        self._dice = dice or random.Random()  # noqa: S311  waiting times, no secret
        self.doors = Doors(writers, self._pace, self._dice)
        self._timetable = Timetable()
        self._backoffs: dict[ChainKey, Backoff] = {}
        self._running: dict[ChainKey, asyncio.Task[None]] = {}
        # Waiting for what is not the CRM's.
        self._not_yet: set[ChainKey] = set()
        # Each with a mark of its own: what comes while the disk is read is not taken for read.
        self._new: dict[str, object] = {}
        self._held: Counter[str] = Counter()
        self.counts = CardCounts(self._timetable, self._new)
        self._wake = asyncio.Event()
        self._tasks = BackgroundTasks()
        self._told_pauses: dict[str, str] = {}

    @property
    def unsent_count(self) -> int:
        """Saved cards with a step that is not done, but for those that merely await their recording."""
        return self.counts.unsent

    @property
    def pauses(self) -> Mapping[str, PultError]:
        """Why a CRM gets nothing at all, by its name: a refusal only a person can lift, or nobody has connected it."""
        return self.doors.pauses(self._timetable.crm_names)

    @property
    def paused(self) -> PultError | None:
        """The first of `pauses`."""
        return next(iter(self.pauses.values()), None)

    @property
    def can_send_more(self) -> bool:
        """Whether anything is being sent, or will be without a person, a link or a recording that are missing now."""
        if self._running or self._new:
            return True
        shut = self.pauses.keys() | self.doors.lost_links.keys()
        return any(
            due_at_s != NEVER and chain not in self._not_yet and chain.crm_name not in shut
            for chain, due_at_s in self._timetable.chains()
        )

    async def start(self) -> None:
        """Take up everything an earlier run left, then keep sending. Raises StorageError."""
        interrupted = await self._store.recover(self._clock.now())
        if interrupted:
            _logger.info("steps with an unknown outcome were found", extra={"steps": interrupted})
        left = await self._store.left_begun()
        if left:
            _logger.warning("cards begun by an earlier run were never saved", extra={"card_keys": list(left)})
        for chain, found in (await self._store.open_chains()).items():
            self._timetable.put(chain, 0.0)
            self.counts.found(chain, found)
        self._tasks.start(self._run(), name="outbox")

    async def aclose(self) -> None:
        """Stop. A request under way is abandoned; its step is probed at the next start."""
        await self._tasks.aclose()

    def use_writers(self, writers: Sequence[CardWriter]) -> None:
        """Other connections from now on, after *Connect*; whatever was paused goes on."""
        self.doors.use(writers)
        self.resume()

    def add(self, card_key: str, *, is_saved: bool = True) -> None:
        """A card was written, or something about it changed: its turn comes at once. `is_saved` False: it is only
        begun, or discarded, and does not count as unsent."""
        self.counts.begin(card_key, is_saved=is_saved)
        self._new[card_key] = object()
        self._wake.set()

    def wake(self, card_key: str) -> None:
        """What a step of this card was waiting for may be there now; nothing happens to a card that is through."""
        if card_key not in self._held:
            for chain in self._timetable.of_card(card_key):
                self._timetable.wake(chain)
            self._wake.set()

    def resume(self, card_key: str | None = None) -> None:
        """Forget pauses and waiting times: everything is tried again now, or this card with whatever is due."""
        self.doors.open_now()
        if card_key is not None:
            for chain in self._timetable.of_card(card_key):
                self._backoffs.pop(chain, None)
            self._new[card_key] = object()
            self.changed.publish(card_key)
        else:
            for chain, due_at_s in tuple(self._timetable.chains()):
                if due_at_s != NEVER:
                    self._timetable.put(chain, 0.0)
        self._tell_pauses()
        self._wake.set()

    @asynccontextmanager
    async def hold(self, card_key: str) -> AsyncIterator[None]:
        """Within it nothing of this card is sent: requests under way are waited for first. Afterwards it is looked at
        anew."""
        self._held[card_key] += 1
        try:
            under_way = [task for chain, task in self._running.items() if chain.card_key == card_key]
            if under_way:
                await asyncio.wait(under_way)
            yield
        finally:
            self._held[card_key] -= 1
            if not self._held[card_key]:
                del self._held[card_key]
            self._new[card_key] = object()
            self._wake.set()
        self.changed.publish(card_key)

    async def _run(self) -> None:
        while True:
            await self._take_new()
            self._start_due()
            await self._until_something()

    async def _take_new(self) -> None:
        for card_key, mark in tuple(self._new.items()):
            if card_key in self._held:
                continue
            try:
                entry = await self._store.card(card_key)
            except StorageError as error:
                _logger.warning("a saved card could not be read", extra={"code": error.code})
                return
            if self._new.get(card_key) is mark and card_key not in self._held:
                del self._new[card_key]
                if entry is not None:
                    self.counts.read(entry)
                self._timetable.keep(card_key, entry.open_lanes() if entry else ())
                self.changed.publish(card_key)
        self._tell_pauses()

    def _start_due(self) -> None:
        now_s = self._clock.monotonic()
        for lane in self._timetable.lanes:
            while self.doors.opens_at_s(lane, self._running) <= now_s:
                chain = self._timetable.take(lane, now_s)
                if chain is None:
                    break
                if chain.card_key in self._held:
                    # It is looked at anew once it is let go.
                    self._timetable.put(chain, NEVER)
                    self._timetable.put_back(chain)
                    continue
                task = self._tasks.start(self._run_chain(chain), name="outbox-chain")
                self._running[chain] = task
                task.add_done_callback(partial(self._ended, chain))

    async def _until_something(self) -> None:
        """Until a chain is due, ends, is added, or the operator asks."""
        next_s = min(
            (
                max(self._timetable.next_due_at_s(lane), self.doors.opens_at_s(lane, self._running))
                for lane in self._timetable.lanes
            ),
            default=NEVER,
        )
        if self._new:
            next_s = min(next_s, self._clock.monotonic() + self._pace.base_s)
        if next_s == NEVER:
            await self._wake.wait()
        else:
            await _sleep_or_wake(self._clock, self._wake, min(_LONGEST_SLEEP_S, next_s - self._clock.monotonic()))
        self._wake.clear()

    async def _run_chain(self, chain: ChainKey) -> None:
        backoff = self._backoffs.setdefault(chain, Backoff(self._pace, self._dice))
        # Should anything below fail in a way nobody thought of, the disk still tells what is known.
        self._timetable.put(chain, self._clock.monotonic() + self._pace.crashed_s)
        self._not_yet.discard(chain)
        while True:
            self._timetable.look(chain)
            try:
                advance = await self._advance(chain, backoff)
            except StorageError as error:
                _logger.warning("the outbox could not be written", extra={"code": error.code})
                advance = Advance(wait_s=backoff.next_s())
            if advance is None:
                self._timetable.drop(chain)
                self._backoffs.pop(chain, None)
            elif not advance.goes_on:
                wait_s = NEVER if advance.wait_s is None else advance.wait_s
                self._timetable.put(chain, self._clock.monotonic() + wait_s)
                if advance.is_not_yet:
                    self._not_yet.add(chain)
            if advance is None or advance.goes_on:
                # Lanes that had to wait for what got done.
                self._timetable.wake_sleepers_beside(chain)
            self.changed.publish(chain.card_key)
            if advance is None or not advance.goes_on or chain.card_key in self._held:
                return

    async def _advance(self, chain: ChainKey, backoff: Backoff) -> Advance | None:
        """One step further; None when the chain is through."""
        entry = await self._store.card(chain.card_key)
        step = entry.next_step(chain.crm_name, chain.lane) if entry else None
        if entry is None or step is None or not entry.may_send(step):
            self.counts.move(chain)
            return None
        writer = self.doors.writer(chain.crm_name)
        if writer is None:
            return Advance(wait_s=0.0, is_untried=True)
        runner = StepRunner(self._store, writer, self.doors.gate(chain.crm_name), self._clock, self._pace)
        advance = await runner.advance(entry, step, backoff)
        self.counts.advanced(chain, step, advance)
        return advance

    def _ended(self, chain: ChainKey, _task: asyncio.Task[None]) -> None:
        self._running.pop(chain, None)
        self._timetable.put_back(chain)
        self._tell_pauses()
        self._wake.set()

    def _tell_pauses(self) -> None:
        pauses = self.pauses
        codes = {crm_name: error.code for crm_name, error in pauses.items()}
        if codes != self._told_pauses:
            self._told_pauses = codes
            self.pauses_changed.publish(pauses)
            self.paused_changed.publish(self.paused)


async def _sleep_or_wake(clock: Clock, wake: asyncio.Event, seconds: float) -> None:
    sleeping = asyncio.ensure_future(clock.sleep(seconds))
    woken = asyncio.ensure_future(wake.wait())
    try:
        await asyncio.wait({sleeping, woken}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        sleeping.cancel()
        woken.cancel()
