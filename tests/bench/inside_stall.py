"""How long the loop of the real console stands still while a snapshot arrives. See bench_stall."""

from __future__ import annotations

import asyncio
import json
import sys
import time

from PySide6.QtCore import QObject, Qt, QTimer

from tests.bench.console import open_console, run_console

_BEAT_MS = 4
_WARM_UP = 4
_AFTER_S = 0.15


class Heartbeat(QObject):
    """Beats every four milliseconds; the longest pause between two beats is how long the window was deaf."""

    def __init__(self) -> None:
        super().__init__()
        self._last_s = time.perf_counter()
        self._longest_s = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def take_longest_ms(self) -> float:
        """The longest pause since the last time it was asked for."""
        longest_s, self._longest_s = self._longest_s, 0.0
        return longest_s * 1000

    def stop(self) -> None:
        self._timer.stop()

    def _beat(self) -> None:
        now_s = time.perf_counter()
        self._longest_s = max(self._longest_s, now_s - self._last_s)
        self._last_s = now_s


async def bench() -> dict[str, object]:
    arguments = json.loads(sys.argv[1])
    stalls, latencies = [], []
    async with open_console(arguments["url"]) as console:
        heartbeat = Heartbeat()
        for number in range(arguments["snapshots"] + _WARM_UP):
            heartbeat.take_longest_ms()
            began_s = time.perf_counter()
            await console.poll()
            latency_ms = (time.perf_counter() - began_s) * 1000
            # What the window does with the snapshot comes in the turns after it was applied to the board.
            await asyncio.sleep(_AFTER_S)
            if number >= _WARM_UP:
                stalls.append(heartbeat.take_longest_ms())
                latencies.append(latency_ms)
            await asyncio.sleep(_AFTER_S)
        heartbeat.stop()
    return {"stalls": stalls, "latencies": latencies}


def main() -> None:
    run_console(bench)
