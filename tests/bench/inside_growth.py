"""A long shift in a short time: thousands of polls through the real console, its memory watched. See bench_growth."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from datetime import UTC, datetime, timedelta

import psutil

from app.domain.live_call import Sighting
from tests.bench.console import Console, open_console, run_console

_SPEED = 40.0
_LONGEST_S = 400.0


class FastClock:
    """Forty seconds a second: polls come as fast as the console can take them, everything else stays as it is."""

    def __init__(self) -> None:
        self._began_s = time.monotonic()
        self._began_at = datetime.now(UTC)

    def now(self) -> datetime:
        return self._began_at + timedelta(seconds=self.monotonic() - self._began_s)

    def monotonic(self) -> float:
        return self._began_s + (time.monotonic() - self._began_s) * _SPEED

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds) / _SPEED)


class MemoryLog:
    """Resident bytes after so many polls; ticks the durations at each poll, as a second would."""

    def __init__(self, console: Console, polls: int) -> None:
        self._console = console
        self._polls = polls
        self._process = psutil.Process()
        self._count = 0
        self.points: list[tuple[int, int]] = []
        self.done = asyncio.Event()

    def take(self, _seen: Sighting) -> None:
        self._count += 1
        self._console.window.active_calls.tick()
        if self._count % max(1, self._polls // 100) == 0:
            self.points.append((self._count, self._process.memory_info().rss))
        if self._count >= self._polls:
            self.done.set()


async def bench() -> dict[str, object]:
    arguments = json.loads(sys.argv[1])
    async with open_console(arguments["url"], poll_interval_s=1.0, clock=FastClock()) as console:
        log = MemoryLog(console, arguments["polls"])
        listening = console.services.poller.polls_done.subscribe(log.take)
        async with asyncio.timeout(_LONGEST_S):
            await log.done.wait()
        listening.cancel()
    return {"points": log.points}


def main() -> None:
    run_console(bench)
