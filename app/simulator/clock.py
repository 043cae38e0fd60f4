"""Time as the simulated world sees it. Sockets and request deadlines stay in real time."""

import asyncio
import heapq
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class SimulatorClock(Protocol):
    """The shape shared with the console's own clock, without importing it."""

    def now(self) -> datetime:
        """Aware UTC wall time."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait in this clock's time."""
        ...


class RealClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Aware UTC wall time of the machine."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some moment before the start."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Sleep in real time."""
        await asyncio.sleep(seconds)


class VirtualClock:
    """Stands still until `advance` moves it; sleepers wake in the order they are due."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)) -> None:
        self._start = start
        self._elapsed_s = 0.0
        self._order = 0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """Start moment plus everything advanced so far."""
        return self._start + timedelta(seconds=self._elapsed_s)

    def monotonic(self) -> float:
        """Seconds advanced so far."""
        return self._elapsed_s

    async def sleep(self, seconds: float) -> None:
        """Return once `advance` has passed the due moment."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._order += 1
        heapq.heappush(self._sleepers, (self._elapsed_s + seconds, self._order, waiting))
        await waiting

    def advance(self, seconds: float) -> None:
        """Move time on and wake the sleepers that became due."""
        if seconds < 0:
            raise ValueError("time does not go back")
        target_s = self._elapsed_s + seconds
        while self._sleepers and self._sleepers[0][0] <= target_s:
            due_s, _, waiting = heapq.heappop(self._sleepers)
            self._elapsed_s = max(self._elapsed_s, due_s)
            if not waiting.done():
                waiting.set_result(None)
        self._elapsed_s = target_s
