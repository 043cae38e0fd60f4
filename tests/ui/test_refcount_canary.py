"""PySide6 6.12.0 loses a reference to None, True or False at every void call on Python < 3.12, and ends the process."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QLabel

CALLS = 1000
TOLERATED_DRIFT = 10


def drift(call: Callable[[], object]) -> int:
    """The largest change, either way, in the references of None, True and False over CALLS calls."""
    singletons = (None, True, False)
    before = [sys.getrefcount(singleton) for singleton in singletons]
    for _ in range(CALLS):
        call()
    after = [sys.getrefcount(singleton) for singleton in singletons]
    return max(abs(now - then) for now, then in zip(after, before, strict=True))


@pytest.mark.parametrize("name", ["setObjectName", "setText", "setEnabled", "update"])
def test_void_calls_of_qt_keep_the_references_of_none(qapp: QApplication, name: str) -> None:
    label = QLabel("start")
    calls: dict[str, Callable[[], object]] = {
        "setObjectName": lambda: label.setObjectName("name"),
        "setText": lambda: label.setText("text"),
        "setEnabled": lambda: label.setEnabled(True),
        "update": label.update,
    }
    assert drift(calls[name]) < TOLERATED_DRIFT


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None has no references to lose from Python 3.12 on")
def test_a_call_that_loses_or_leaks_a_reference_is_seen() -> None:
    add, take = ctypes.pythonapi.Py_IncRef, ctypes.pythonapi.Py_DecRef
    for function in (add, take):
        function.argtypes = [ctypes.py_object]
        function.restype = None
    leaked = drift(lambda: add(None))
    lost = drift(lambda: take(None))  # the references leaked above are the ones it takes
    assert leaked >= CALLS - TOLERATED_DRIFT
    assert lost >= CALLS - TOLERATED_DRIFT
