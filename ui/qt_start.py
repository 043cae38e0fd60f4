"""Loads Qt once, in a way that keeps every later import fast."""

from __future__ import annotations

import builtins
import importlib

_QT_MODULES = ("QtCore", "QtGui", "QtWidgets", "QtSvg")


def load_qt() -> None:
    """Import the parts of Qt the window needs, then give Python its own import back.

    PySide6 puts a hook into `builtins.__import__` that reads the source of every module imported later: 11 MB and a
    sixth of the start-up. It serves `from __feature__ import …` only, which nobody here uses.
    """
    python_import = builtins.__import__
    for name in _QT_MODULES:
        importlib.import_module(f"PySide6.{name}")
    builtins.__import__ = python_import
