"""A small button with a phone key in front of its name; a toggle shows whether it is on, and never switches itself."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen

from ui.widgets.reason_button import ReasonButton

_PADDING = 7
_GAP = 6
_SIDE = 16
_LONGEST_NAME = 28
_ROUNDING = 2
"""Pixels: eliding measures more exactly than whole pixels are counted."""


class OptionButton(ReasonButton):
    """As a command button, but on one line. `phone_key` is what stands on the phone, e.g. "3" or "*7"."""

    def __init__(self, name: str, label: str, phone_key: str) -> None:
        super().__init__(name, label)
        self._phone_key = phone_key

    def show_toggle(self, is_on: bool | None) -> None:
        """None: no toggle, or nobody knows."""
        self.setCheckable(is_on is not None)
        self.setChecked(bool(is_on))
        self.update()

    def nextCheckState(self) -> None:  # noqa: N802  Qt's own name
        """A press asks the phone system; only what comes back changes the mark."""

    def sizeHint(self) -> QSize:
        """The whole name; at least it asks for the room of a short one."""
        return self._size_for(self.fontMetrics().horizontalAdvance(self.text()) + _ROUNDING)

    def minimumSizeHint(self) -> QSize:
        cap = _LONGEST_NAME * self.fontMetrics().averageCharWidth()
        return self._size_for(min(self.fontMetrics().horizontalAdvance(self.text()) + _ROUNDING, cap))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_ground(painter)
        room = self.rect().adjusted(_PADDING, 0, -_PADDING, 0)
        self._paint_badge(painter, room.left())
        if not self.look.mark.isNull():
            painter.drawPixmap(room.right() - _SIDE + 1, (self.height() - _SIDE) // 2, self.look.mark)
        words = room.adjusted(self._badge_width() + _GAP, 0, -_SIDE - _GAP, 0)
        painter.setPen(QColor(self.look.ink))
        name = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), name)
        painter.end()

    def _size_for(self, words: int) -> QSize:
        width = self._badge_width() + words + _SIDE + 2 * _GAP + 2 * _PADDING
        return QSize(width, self.fontMetrics().height() + 2 * _PADDING)

    def _paint_badge(self, painter: QPainter, left: int) -> None:
        tall = self.fontMetrics().height()
        badge = QRect(left, (self.height() - tall) // 2, self._badge_width(), tall)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(badge).adjusted(0.5, 0.5, -0.5, -0.5), 3.0, 3.0)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(badge, int(Qt.AlignmentFlag.AlignCenter), self._phone_key)

    def _badge_width(self) -> int:
        return max(18, self.fontMetrics().horizontalAdvance(self._phone_key) + 8)
