"""A word with an icon on a coloured ground: how a state is shown, never by colour alone."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from ui.widgets.plain_label import PlainLabel

_PADDING = 9
_GAP = 6
_ICON = 16


class StatePill(PlainLabel):
    """Give it word, icon and colours by `show_state`; it takes the room they need."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name=name, parent=parent)
        self.setWordWrap(False)
        self._picture = QPixmap()
        self._ink = QColor()
        self._ground = QColor()

    def show_state(self, word: str, picture: QPixmap, ink: str, ground: str) -> None:
        """Show the state; colours as #rrggbb."""
        self._picture, self._ink, self._ground = picture, QColor(ink), QColor(ground)
        self.setText(word)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        text = self.fontMetrics().horizontalAdvance(self.text())
        icon_room = 0 if self._picture.isNull() else _ICON + _GAP
        return QSize(text + icon_room + 2 * _PADDING, max(_ICON, self.fontMetrics().height()) + 8)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ground)
        ground = QRectF(self.rect())
        painter.drawRoundedRect(ground, ground.height() / 2, ground.height() / 2)
        room = self.rect().adjusted(_PADDING, 0, -_PADDING, 0)
        if not self._picture.isNull():
            painter.drawPixmap(room.left(), (self.height() - _ICON) // 2, self._picture)
            room.setLeft(room.left() + _ICON + _GAP)
        painter.setPen(self._ink)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self.text())
        painter.end()
