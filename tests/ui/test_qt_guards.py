"""The guards of tests/helpers/qt.py see what they are there to see."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import QTimer, qWarning
from PySide6.QtWidgets import QWidget
from qasync import QEventLoop

from tests.helpers.qt import QtMessages, watched_qt


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
