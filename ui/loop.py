"""The one event loop: Qt's, driven by asyncio. Ends only when its main coroutine has put everything away."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any

from PySide6.QtWidgets import QApplication

from ui import errors

# qasync asks this variable which binding to use when several are installed.
os.environ["QT_API"] = "pyside6"

import qasync

END_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run_until_done(application: QApplication, main: Coroutine[Any, Any, int]) -> int:
    """Run the main coroutine on Qt's loop. Closing the last window ends nothing: the coroutine decides.

    Nobody may call `QApplication.quit`: it would stop the loop under the coroutine that still saves things.
    """
    application.setQuitOnLastWindowClosed(False)
    with asyncio.Runner(loop_factory=lambda: make_loop(application)) as runner:
        runner.get_loop().set_exception_handler(errors.handle_loop_error)
        return runner.run(main)


def make_loop(application: QApplication) -> asyncio.AbstractEventLoop:
    """qasync's loop, with what it leaves out of asyncio's: an async generator that was dropped half-way (a reply over
    its cap, a cancelled request) is closed in a task of its own. Without it Python complains and the socket stays."""
    loop: asyncio.AbstractEventLoop = qasync.QEventLoop(application)
    closing: set[asyncio.Task[None]] = set()

    def close_soon(generator: AsyncGenerator[Any, Any]) -> None:
        closer = loop.create_task(_close(generator), name="close a dropped generator")
        closing.add(closer)
        closer.add_done_callback(closing.discard)

    def dropped(generator: AsyncGenerator[Any, Any]) -> None:
        # The garbage collector may run on any thread.
        if not loop.is_closed():
            loop.call_soon_threadsafe(close_soon, generator)

    sys.set_asyncgen_hooks(finalizer=dropped)
    return loop


async def _close(generator: AsyncGenerator[Any, Any]) -> None:
    await generator.aclose()


def on_end_signals(callback: Callable[[], None]) -> Callable[[], None]:
    """Call `callback` on Ctrl+C and on SIGTERM; what is returned puts the old handlers back."""
    loop = asyncio.get_running_loop()
    try:
        for end_signal in END_SIGNALS:
            loop.add_signal_handler(end_signal, callback)
    except NotImplementedError:
        return _without_loop_support(loop, callback)

    def restore() -> None:
        for end_signal in END_SIGNALS:
            loop.remove_signal_handler(end_signal)

    return restore


def _without_loop_support(loop: asyncio.AbstractEventLoop, callback: Callable[[], None]) -> Callable[[], None]:
    """Windows: a plain handler, which Python runs as soon as the loop executes a line of Python."""
    before = {end_signal: signal.getsignal(end_signal) for end_signal in END_SIGNALS}
    for end_signal in END_SIGNALS:
        signal.signal(end_signal, lambda *_: loop.call_soon_threadsafe(callback))

    def restore() -> None:
        for end_signal, handler in before.items():
            signal.signal(end_signal, handler)

    return restore
