"""The guards of tests/helpers/qt.py see what they are there to see."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import AsyncIterator

import pytest
from PySide6.QtCore import QTimer, qWarning
from PySide6.QtWidgets import QWidget
from qasync import QEventLoop

from tests.helpers.qt import QtMessages, watched_qt
from tests.helpers.waiting import until


def test_a_window_left_open_fails() -> None:
    with pytest.raises(AssertionError, match="left behind: QWidget 'forgotten'"), watched_qt():
        window = QWidget()
        window.setObjectName("forgotten")
        window.show()
    window.close()
    window.deleteLater()


def test_a_window_dropped_or_deleted_later_passes() -> None:
    with watched_qt():
        window = QWidget()
        window.show()
        window.close()
        window.deleteLater()


def test_a_running_timer_fails_and_a_stopped_one_does_not() -> None:
    with pytest.raises(AssertionError, match="left behind: QTimer 'ticking'"), watched_qt():
        timer = QTimer()
        timer.setObjectName("ticking")
        timer.start(1000)
    timer.stop()
    with watched_qt():
        timer.start()
        timer.stop()


def test_a_warning_of_qt_fails() -> None:
    with pytest.raises(AssertionError, match="Qt says: something odd"), watched_qt():
        qWarning("something odd")


def test_the_offscreen_platform_may_say_what_it_cannot_do(qt_messages: QtMessages) -> None:
    qWarning("This plugin does not support propagateSizeHints()")
    assert qt_messages.take() == []


async def test_coroutine_tests_run_under_the_loop_of_the_product() -> None:
    assert isinstance(asyncio.get_running_loop(), QEventLoop)
    await asyncio.sleep(0.001)


@pytest.mark.parametrize("has_hooks", [True, False])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_an_async_generator_dropped_half_way_is_closed_in_the_loop(has_hooks: bool) -> None:
    if not has_hooks:
        sys.set_asyncgen_hooks(None, None)
    closed: list[bool] = []

    async def body() -> AsyncIterator[bytes]:
        try:
            yield b"first"
            yield b"second"
        finally:
            await asyncio.sleep(0)  # what a real one does: it gives its socket back
            closed.append(True)

    async for _ in body():
        break
    gc.collect()
    if has_hooks:
        await until(lambda: closed == [True])
    else:  # qasync alone: what the hooks are for
        await asyncio.sleep(0)
        assert closed == []
