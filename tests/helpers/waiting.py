"""Waiting for something to become true, with a deadline. Works under asyncio's loop and under Qt's."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

_POLL_S = 0.005


async def until(predicate: Callable[[], object], timeout: float = 5.0, *, what: str = "") -> None:
    """Return as soon as the predicate is true.

    Raises:
        AssertionError: it is still false after `timeout` seconds of real time.
    """
    deadline_s = time.monotonic() + timeout
    while not predicate():
        if time.monotonic() > deadline_s:
            raise AssertionError(f"not within {timeout} s: {what or 'the awaited condition'}")
        await asyncio.sleep(_POLL_S)
