"""A large button of the command row: icon, key, label on two lines, and a mark for what became of the last press."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.widgets.reason_button import ReasonButton

_PADDING = 6
_ICON = 20
_MARK = 16
_GAP = 4
_MENU_ROOM = 22


class CommandButton(ReasonButton):
    """`menu_requested`: the small arrow in the lower right corner, where `set_has_menu` put one, or the right mouse
    button."""

    menu_requested = Signal()

    def __init__(self, name: str, label: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(name, label, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._key = key
        self._has_menu = False
        self._labels: tuple[str, ...] = ()
        self._widest: tuple[tuple[str, str], int] | None = None

    @property
    def has_menu(self) -> bool:
        return self._has_menu

    def set_has_menu(self, has_menu: bool) -> None:
        """Draw the small arrow, or not."""
        self._has_menu = has_menu
        self.updateGeometry()
        self.update()

    def keep_room_for(self, *labels: str) -> None:
        """All that it is ever called: it is as wide and as high as for the longest."""
        self._labels = labels

    def sizeHint(self) -> QSize:
        return QSize(self._widest_line() + 2 * _PADDING, _ICON + _GAP + 2 * self.fontMetrics().height() + 2 * _PADDING)

    def heightForWidth(self, width: int) -> int:  # noqa: N802  Qt's own name
        """One line of words where they fit, else two."""
        room = width - 2 * _PADDING - (_MENU_ROOM - _PADDING if self._has_menu else 0)
        words = self.fontMetrics().horizontalAdvance
        lines = 1 if all(words(label) <= room for label in (self.text(), *self._labels)) else 2
        return _ICON + _GAP + lines * self.fontMetrics().height() + 2 * _PADDING

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        is_arrow = self._menu_corner().contains(event.position().toPoint())
        if self._has_menu and self._is_on and (is_arrow or event.button() is Qt.MouseButton.RightButton):
            event.accept()
            self.menu_requested.emit()
            return
        super().mousePressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_ground(painter)
        room = self.rect().adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING)
        painter.drawPixmap(room.left(), room.top(), self._look.picture)
        self._paint_corner(painter, room)
        below = room.adjusted(0, _ICON + _GAP, 0, 0)
        if self._has_menu:
            below.setRight(self._menu_corner().left())
            self._paint_arrow(painter)
        painter.setPen(QColor(self._look.ink))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(below, int(flags) | int(Qt.TextFlag.TextWordWrap), self.text())
        painter.end()

    def _paint_corner(self, painter: QPainter, room: QRect) -> None:
        """The key at the right of the icon; while a command is under way its mark stands there instead."""
        if not self._look.mark.isNull():
            painter.drawPixmap(room.right() - _MARK + 1, room.top() + 2, self._look.mark)
            return
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        corner = QRect(room.left() + _ICON, room.top(), room.width() - _ICON, _ICON)
        painter.drawText(corner, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), self._key)

    def _menu_corner(self) -> QRect:
        return QRect(self.width() - _MENU_ROOM, self.height() // 2, _MENU_ROOM, self.height() // 2)

    def _paint_arrow(self, painter: QPainter) -> None:
        corner = self._menu_corner()
        middle, below = corner.center().x() - 2, corner.center().y()
        painter.setPen(QPen(QColor(self._look.ink), 1.6))
        painter.drawPolyline([QPoint(middle - 4, below - 2), QPoint(middle, below + 2), QPoint(middle + 4, below - 2)])

    def _widest_line(self) -> int:
        """The least width in which every label takes two lines at most."""
        asked = (self.text(), self.font().key())
        if self._widest is None or self._widest[0] != asked:
            words: Callable[[str], int] = self.fontMetrics().horizontalAdvance
            longest = max(_in_two_lines(label, words) for label in (self.text(), *self._labels))
            self._widest = (asked, max(longest, _ICON + _GAP + words(self._key)))
        return self._widest[1] + (_MENU_ROOM - _PADDING if self._has_menu else 0)


def _in_two_lines(label: str, width_of: Callable[[str], int]) -> int:
    words = label.split()
    breaks = range(1, len(words))
    whole = width_of(label)
    return min((max(width_of(" ".join(words[:at])), width_of(" ".join(words[at:]))) for at in breaks), default=whole)
