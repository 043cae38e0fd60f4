"""A wait ends in time or when woken, and leaves one timer at most."""

from __future__ import annotations

import asyncio

from app.telephony.waiting import InterruptibleWait
from tests.helpers.clock import FakeClock


async def test_it_waits_as_long_as_it_is_told() -> None:
    clock = FakeClock()
    waiting = InterruptibleWait(clock)
    wait = asyncio.get_running_loop().create_task(waiting.wait(5))
    await clock.until_sleeping()
    await clock.pass_time(4.9)
    assert not wait.done()
    await clock.pass_time(0.1)
    assert await wait is False
    await waiting.aclose()


async def test_waking_ends_it_and_the_next_wait_uses_the_same_timer() -> None:
    clock = FakeClock()
    waiting = InterruptibleWait(clock)
    for _ in range(50):
        wait = asyncio.get_running_loop().create_task(waiting.wait(10))
        await clock.until_sleeping()
        waiting.wake()
        assert await wait is True
        assert clock.sleepers == 1
    wait = asyncio.get_running_loop().create_task(waiting.wait(12))
    await clock.pass_time(11)
    assert not wait.done()
    await clock.pass_time(1)
    assert await wait is False
    await waiting.aclose()
    assert clock.sleepers == 0


async def test_a_shorter_wait_replaces_the_timer() -> None:
    clock = FakeClock()
    waiting = InterruptibleWait(clock)
    waiting_long = asyncio.get_running_loop().create_task(waiting.wait(100))
    await clock.until_sleeping()
    waiting.wake()
    await waiting_long
    waiting_short = asyncio.get_running_loop().create_task(waiting.wait(1))
    await clock.pass_time(1)
    assert await waiting_short is False
    await waiting.aclose()


async def test_waking_beforehand_is_not_lost() -> None:
    waiting = InterruptibleWait(FakeClock())
    waiting.wake()
    assert await waiting.wait(None) is True
    endless = asyncio.get_running_loop().create_task(waiting.wait(None))
    await asyncio.sleep(0)
    assert not endless.done()
    waiting.wake()
    assert await endless is True
