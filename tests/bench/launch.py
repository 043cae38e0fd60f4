"""Starts a bench that lives in the window's process the way the product starts: Qt first, Python's own import back."""

from __future__ import annotations

import importlib
import sys

from ui.qt_start import load_qt

if __name__ == "__main__":
    load_qt()
    module = importlib.import_module(f"tests.bench.{sys.argv.pop(1)}")
    module.main()
