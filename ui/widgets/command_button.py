"""A large button of the command row: icon, key, label on two lines, and a mark for what became of the last press."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.widgets.plain_label import plain_tooltip
from ui.widgets.press_once import PressOnceButton

_PADDING = 8
_ICON = 20
_MARK = 16
_GAP = 4
_MENU_ROOM = 22


@dataclass(frozen=True, slots=True)
class ButtonLook:
    """How the button is drawn: pictures may be null, colours are #rrggbb, `edge` empty for the usual border."""

    picture: QPixmap
    mark: QPixmap
    ink: str
    edge: str = ""
    ground: str = ""


class CommandButton(PressOnceButton):
    """Off means really off, except while it has the focus: then a press asks for the reason and the focus stays put.

    `pressed_while_off`: a press of a button that is off but has the focus; `explained(True/False)`: the mouse or the
    focus came or went, so that the reason can be shown elsewhere, too; `menu_requested`: the small arrow in the lower
    right corner, where `set_has_menu` put one, or the right mouse button.
    """

    pressed_on = Signal()
    pressed_while_off = Signal()
    explained = Signal(bool)
    menu_requested = Signal()

    def __init__(self, name: str, label: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(label, parent)
        self.setObjectName(name)
        self.setAccessibleName(label)
        # A click must not take the cursor out of the notes.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._key = key
        self._is_on = True
        self._has_menu = False
        self._widest: tuple[tuple[str, str], int] | None = None
        self._look = ButtonLook(QPixmap(), QPixmap(), "#000000")
        self.clicked.connect(self._pressed)

    @property
    def is_on(self) -> bool:
        """Whether a press does something; `isEnabled` lags behind while the button has the focus."""
        return self._is_on

    @property
    def has_menu(self) -> bool:
        return self._has_menu

    @property
    def look(self) -> ButtonLook:
        return self._look

    def set_has_menu(self, has_menu: bool) -> None:
        """Draw the small arrow, or not."""
        self._has_menu = has_menu
        self.updateGeometry()
        self.update()

    def set_label(self, label: str) -> None:
        """Another label: the same button does the same thing in another way now."""
        if label != self.text():
            self.setText(label)
            self.setAccessibleName(label)
            self.updateGeometry()

    def set_on(self, is_on: bool) -> None:
        """Switch it; a focused button is only switched off for Qt when the focus leaves it."""
        self._is_on = is_on
        if is_on or not self.hasFocus():
            self.setEnabled(is_on)
        self.update()

    def set_look(self, look: ButtonLook) -> None:
        """How it is drawn from now on."""
        self._look = look
        self.update()

    def explain(self, tip: str, spoken: str) -> None:
        """Tooltip and accessible description."""
        shown = plain_tooltip(tip)
        if self.toolTip() != shown:
            self.setToolTip(shown)
        if self.accessibleDescription() != spoken:
            self.setAccessibleDescription(spoken)

    def sizeHint(self) -> QSize:
        return QSize(self._widest_word() + 2 * _PADDING, _ICON + _GAP + 2 * self.fontMetrics().height() + 2 * _PADDING)

    def heightForWidth(self, width: int) -> int:  # noqa: N802  Qt's own name
        """One line of words where they fit, else two."""
        room = width - 2 * _PADDING - (_MENU_ROOM - _PADDING if self._has_menu else 0)
        lines = 1 if self.fontMetrics().horizontalAdvance(self.text()) <= room else 2
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

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.explained.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.explained.emit(False)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.explained.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.explained.emit(False)
        if not self._is_on and event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.setEnabled(False)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
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

    def _paint_ground(self, painter: QPainter) -> None:
        palette = self.palette()
        ground = QColor(self._look.ground) if self._look.ground else palette.color(QPalette.ColorRole.Button)
        if not self._is_on:
            ground = palette.color(QPalette.ColorRole.Window)
        elif self.isDown():
            ground = palette.color(QPalette.ColorRole.Highlight)
        elif self.underMouse():
            ground = palette.color(QPalette.ColorRole.Midlight)
        edge = QColor(self._look.edge) if self._look.edge else palette.color(QPalette.ColorRole.Mid)
        width = 2.0 if self._look.edge else 1.0
        if self.hasFocus():
            edge, width = palette.color(QPalette.ColorRole.Accent), 2.0
        painter.setPen(QPen(edge, width))
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 7.0, 7.0)

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

    def _widest_word(self) -> int:
        asked = (self.text(), self.font().key())
        if self._widest is None or self._widest[0] != asked:
            words: Callable[[str], int] = self.fontMetrics().horizontalAdvance
            longest = max((words(word) for word in self.text().split()), default=0)
            self._widest = (asked, max(longest, _ICON + _GAP + words(self._key)))
        return self._widest[1] + (_MENU_ROOM - _PADDING if self._has_menu else 0)

    def _pressed(self) -> None:
        (self.pressed_on if self._is_on else self.pressed_while_off).emit()
