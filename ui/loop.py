"""The one event loop: Qt's, driven by asyncio. Ends only when its main coroutine has put everything away."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
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
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        runner.get_loop().set_exception_handler(errors.handle_loop_error)
        return runner.run(main)


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
