"""A button that can be off and say why: with the mouse, with the focus, and when it is pressed all the same."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from ui.widgets.plain_label import plain_tooltip
from ui.widgets.press_once import PressOnceButton


@dataclass(frozen=True, slots=True)
class ButtonLook:
    """How the button is drawn: pictures may be null, colours are #rrggbb, `edge` empty for the usual border."""

    picture: QPixmap
    mark: QPixmap
    ink: str
    edge: str = ""
    ground: str = ""


class ReasonButton(PressOnceButton):
    """Off means really off, except while it has the focus: then a press asks for the reason and the focus stays put.

    `pressed_while_off`: a press of a button that is off but has the focus; `explained(True/False)`: the mouse or the
    focus came or went, so that the reason can be shown elsewhere, too.
    """

    pressed_on = Signal()
    pressed_while_off = Signal()
    explained = Signal(bool)

    def __init__(self, name: str, label: str, parent: QWidget | None = None) -> None:
        super().__init__(label, parent)
        self.setObjectName(name)
        self.setAccessibleName(label)
        # A click must not take the cursor out of the notes.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._is_on = True
        self._look = ButtonLook(QPixmap(), QPixmap(), "#000000")
        self.clicked.connect(self._pressed)

    @property
    def is_on(self) -> bool:
        """Whether a press does something; `isEnabled` lags behind while the button has the focus."""
        return self._is_on

    @property
    def look(self) -> ButtonLook:
        return self._look

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

    def paint_ground(self, painter: QPainter) -> None:
        """The ground and the border; what stands on them is the subclass's."""
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

    def _pressed(self) -> None:
        (self.pressed_on if self._is_on else self.pressed_while_off).emit()
