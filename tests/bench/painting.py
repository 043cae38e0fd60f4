"""Telling when a widget has been painted."""

from __future__ import annotations

import time

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QWidget


class PaintCount(QObject):
    """Counts the paint events of one widget."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.count += 1
        return super().eventFilter(watched, event)

    def wait(self, more_than: int, timeout_s: float = 5.0) -> bool:
        """Turn the loop until there was another paint; False when there was none in time."""
        deadline = time.monotonic() + timeout_s
        while self.count <= more_than:
            QCoreApplication.processEvents()
            if time.monotonic() > deadline:
                return False
        return True


def settle(turns: int = 20) -> None:
    """Let everything that is due happen: layouts, deferred paints, deletions."""
    for _ in range(turns):
        QCoreApplication.processEvents()
