"""The Qt side of tests: one application, qasync's loop, Qt's warnings as failures, and a look at what a test leaves."""

from __future__ import annotations

import asyncio
import gc
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

# PySide6 first: qasync takes the binding that is already imported.
from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QMessageLogContext,
    QObject,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import delete, isValid

from tests.helpers.coroutines import LoopFactory
from ui.loop import make_loop

# Each is known, harmless, and said by Qt about the platform and not about what the code under test did.
ALLOWED_MESSAGES = (
    # The offscreen platform has no window manager to tell size hints to or to raise windows with.
    re.compile(r"^This plugin does not support (propagateSizeHints|raise|lower|grabbing the keyboard)"),
    # Xvfb without a session bus: nothing to register the accessibility tree with.
    re.compile(r"^qt\.accessibility\.atspi: "),
)

_NOISY = frozenset({QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg})


class QtMessages:
    """Warnings of Qt since the last look."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def receive(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        category = context.category or ""
        line = text if category in ("", "default") else f"{category}: {text}"
        if kind in _NOISY and not any(allowed.search(line) for allowed in ALLOWED_MESSAGES):
            self._lines.append(line)

    def take(self) -> list[str]:
        taken, self._lines = self._lines, []
        return taken


_messages = QtMessages()


def make_application() -> QApplication:
    """The one application of the test process; on the offscreen platform, so that no window meets a person."""
    made = QApplication.instance()
    if isinstance(made, QApplication):
        return made  # by another room's conftest: each imports the fixture and so has one of its own
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    qInstallMessageHandler(_messages.receive)
    application = QApplication(["pult-tests"])
    # As in the product: the end of the last window is not the end of the loop.
    application.setQuitOnLastWindowClosed(False)
    return application


@contextmanager
def watched_qt() -> Iterator[QtMessages]:
    """Raises AssertionError when the block leaves a window or a running timer, or made Qt complain."""
    windows_before = {id(window) for window in QApplication.topLevelWidgets()}
    timers_before = {id(timer) for timer in active_timers()}
    _messages.take()
    yield _messages
    complaints = [f"Qt says: {line}" for line in _messages.take()]
    finish_deletions()
    if _left(windows_before, timers_before):
        gc.collect()
        finish_deletions()
    left = _left(windows_before, timers_before)
    complaints += [f"left behind: {type(thing).__name__} {thing.objectName()!r}" for thing in left]
    if complaints:
        raise AssertionError("\n".join(complaints))


def _left(windows_before: set[int], timers_before: set[int]) -> list[QObject]:
    windows = [window for window in QApplication.topLevelWidgets() if id(window) not in windows_before]
    return [*windows, *(timer for timer in active_timers() if id(timer) not in timers_before)]


def finish_deletions() -> None:
    """Carries out every deleteLater() now, without running an event loop."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def active_timers() -> list[QTimer]:
    """Every running QTimer that Python can see."""
    return [
        thing for thing in gc.get_objects() if issubclass(type(thing), QTimer) and isValid(thing) and thing.isActive()
    ]


def show(widget: QWidget) -> None:
    """Lays the widget out and paints it as on a screen."""
    widget.show()
    QCoreApplication.sendPostedEvents(widget)


@pytest.fixture(scope="session")
def qapp() -> Iterator[QApplication]:
    """The one application of the session."""
    application = make_application()
    yield application
    qInstallMessageHandler(None)


@pytest.fixture(autouse=True, name="loop_factory")
def qasync_loop_factory(qapp: QApplication) -> Iterator[LoopFactory]:
    """Coroutine tests of the Qt rooms run under the loop the product runs under."""
    before = sys.get_asyncgen_hooks()
    made: list[asyncio.AbstractEventLoop] = []

    def make() -> asyncio.AbstractEventLoop:
        made.append(make_loop(qapp))
        return made[-1]

    yield make
    sys.set_asyncgen_hooks(*before)
    # qasync leaves the timers of a closed loop running until they are due. Collected on another thread meanwhile (a
    # database's, in a later test), they would stay known to Qt and end the process.
    for loop in made:
        delete(vars(loop)["_timer"])


@pytest.fixture(autouse=True)
def nothing_of_qt_left(qapp: QApplication, nothing_left_behind: None) -> Iterator[None]:
    """Windows are closed, timers stopped, and Qt had nothing to complain of."""
    with watched_qt():
        yield


@pytest.fixture
def qt_messages() -> QtMessages:
    """For a test that provokes a warning of Qt: `take()` it, else it fails the test."""
    return _messages


@pytest.fixture
def screen_environment() -> dict[str, str]:
    """The environment for a child process that opens real windows on the X display `run.py test` provides."""
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    assert environment.get("DISPLAY"), "this test needs an X display: start it by `python3 run.py test`"
    return environment
