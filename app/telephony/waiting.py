"""A wait that can be cut short, with at most one timer alive. Nothing about what is waited for."""

from __future__ import annotations

import asyncio

from app.clock import Clock


class InterruptibleWait:
    """One waiter at a time. A wait cut short leaves its timer for the next one instead of cancelling it:
    cancelled timers live on in Qt's loop until they are due."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sleeper: asyncio.Task[None] | None = None
        self._sleeper_due_s = 0.0
        self._bell: asyncio.Future[None] | None = None
        self._is_woken = False

    def wake(self) -> None:
        """End the wait under way, or the next one at once."""
        self._is_woken = True
        self._ring()

    async def wait(self, seconds: float | None) -> bool:
        """Wait so long (None: until woken); True when it was cut short."""
        due_s = None if seconds is None else self._clock.monotonic() + seconds
        while not self._is_woken and (due_s is None or due_s - self._clock.monotonic() > 0):
            if due_s is not None:
                self._see_to_a_timer(due_s)
            self._bell = asyncio.get_running_loop().create_future()
            await self._bell
        was_woken, self._is_woken = self._is_woken, False
        return was_woken

    async def aclose(self) -> None:
        """Take the timer away."""
        sleeper, self._sleeper = self._sleeper, None
        if sleeper is not None:
            sleeper.cancel()
            await asyncio.wait([sleeper])

    def _see_to_a_timer(self, due_s: float) -> None:
        sleeper = self._sleeper
        if sleeper is not None and not sleeper.done():
            if self._sleeper_due_s <= due_s:
                return
            sleeper.cancel()
        left_s = max(0.0, due_s - self._clock.monotonic())
        self._sleeper_due_s = due_s
        self._sleeper = asyncio.get_running_loop().create_task(self._sleep(left_s), name="wait")

    async def _sleep(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self._ring()

    def _ring(self) -> None:
        bell, self._bell = self._bell, None
        if bell is not None and not bell.done():
            bell.set_result(None)
