"""A button for which a double click is one press. Without a look of its own."""

from __future__ import annotations

from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QPushButton


class PressOnceButton(QPushButton):
    """The second press of a double click comes before anybody can have read what the first one brought about: another
    button may stand under the mouse by then, or another participant on its line."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()
