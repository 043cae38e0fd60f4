"""Runs a coroutine test under a loop of its own and sees that it leaves nothing behind."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Coroutine
from typing import Any

LoopFactory = Callable[[], asyncio.AbstractEventLoop]

# Connections that the other side has just closed need a few turns of the loop to notice.
_GRACE_S = 1.0


def run_coroutine_test(
    coroutine: Coroutine[Any, Any, object], loop_factory: LoopFactory | None, limit_s: float
) -> None:
    """Run it to its end.

    Raises:
        AssertionError: it took longer than `limit_s`, or left tasks running.
    """
    with asyncio.Runner(debug=False, loop_factory=loop_factory) as runner:
        runner.run(_watched(coroutine, limit_s))
        # What nobody awaited says so when it is collected; that must still be this test.
        gc.collect(1)


async def _watched(coroutine: Coroutine[Any, Any, object], limit_s: float) -> None:
    limit = asyncio.timeout(limit_s)
    try:
        async with limit:
            await coroutine
    except TimeoutError:
        if limit.expired():
            raise AssertionError(f"the test did not end in {limit_s:g} s") from None
        raise
    left = asyncio.all_tasks() - {asyncio.current_task()}
    if left:
        _, left = await asyncio.wait(left, timeout=_GRACE_S)
    if left:
        names = sorted(f"{task.get_name()}: {task.get_coro()}" for task in left)
        raise AssertionError("the test left tasks running:\n" + "\n".join(names))
