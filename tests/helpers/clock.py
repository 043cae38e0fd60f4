"""A clock whose hands the test turns; stands in for app.clock.Clock and for the simulator's clock."""

from __future__ import annotations

import asyncio
import heapq
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from tests.helpers.waiting import until

# A Monday morning in Moscow, in business hours.
DEFAULT_START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)

# Turns of the loop given to woken code, so that it can reach its next sleep before the hands move on.
_TURNS_PER_STEP = 20


@dataclass(order=True, slots=True)
class _Sleeper:
    due_at_s: float
    order: int
    woken: asyncio.Future[None] = field(compare=False)


class FakeClock:
    """Time that passes only when told to."""

    def __init__(self, start: datetime = DEFAULT_START) -> None:
        self._wall = start
        self._monotonic_s = 1000.0
        self._sleepers: list[_Sleeper] = []
        self._order = count()

    def now(self) -> datetime:
        return self._wall

    def monotonic(self) -> float:
        return self._monotonic_s

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        sleeper = _Sleeper(self._monotonic_s + seconds, next(self._order), asyncio.get_running_loop().create_future())
        heapq.heappush(self._sleepers, sleeper)
        await sleeper.woken

    @property
    def sleepers(self) -> int:
        """How many coroutines sleep now; cancelled ones are not counted."""
        return sum(not sleeper.woken.done() for sleeper in self._sleepers)

    async def until_sleeping(self, sleepers: int = 1) -> None:
        """Wait, in real time, until at least so many coroutines sleep on this clock."""
        await until(lambda: self.sleepers >= sleepers, what=f"{sleepers} coroutines asleep on the clock")

    def advance(self, seconds: float) -> None:
        """Move both hands at once, as after a suspend; whoever is due wakes in order of due time, at the new time."""
        self._move_to(self._monotonic_s + seconds)

    async def pass_time(self, seconds: float) -> None:
        """Let the time pass: stops at every due time and lets the woken code run, sleep again included."""
        end_s = self._monotonic_s + seconds
        await _let_run()
        while (due_at_s := self._next_due_at_s()) is not None and due_at_s <= end_s:
            self._move_to(due_at_s)
            await _let_run()
        self._move_to(end_s)
        await _let_run()

    def set_wall(self, wall: datetime) -> None:
        """Set the wall time alone, as a person or NTP does."""
        self._wall = wall

    def _next_due_at_s(self) -> float | None:
        while self._sleepers and self._sleepers[0].woken.done():
            heapq.heappop(self._sleepers)
        return self._sleepers[0].due_at_s if self._sleepers else None

    def _move_to(self, monotonic_s: float) -> None:
        self._wall += timedelta(seconds=monotonic_s - self._monotonic_s)
        self._monotonic_s = monotonic_s
        while self._sleepers and self._sleepers[0].due_at_s <= monotonic_s:
            sleeper = heapq.heappop(self._sleepers)
            if not sleeper.woken.done():
                sleeper.woken.set_result(None)


async def _let_run() -> None:
    for _ in range(_TURNS_PER_STEP):
        await asyncio.sleep(0)
