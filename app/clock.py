"""Time as the rest of the program gets it: injected, so that tests can turn the hands. No timers, no
formatting."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol

# Stands still in no suspend: a laptop that slept for an hour must not believe that its data is one second
# old.
_BOOT_CLOCK: int | None = getattr(time, "CLOCK_BOOTTIME", None)


class Clock(Protocol):
    """What every module that needs the time asks for it."""

    def now(self) -> datetime:
        """The wall time, aware, in UTC. It may jump; durations come from `monotonic`."""
        ...

    def monotonic(self) -> float:
        """Seconds from an arbitrary start, never going back; counts time spent in suspend where the system
        can."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait that long; not at all when the figure is zero or less."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic() if _BOOT_CLOCK is None else time.clock_gettime(_BOOT_CLOCK)

    async def sleep(self, seconds: float) -> None:
        # Imported here: the clock is needed by the first paint, asyncio is not.
        import asyncio

        await asyncio.sleep(max(0.0, seconds))
