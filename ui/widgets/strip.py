"""One calm line with an icon, its words and a few buttons: something runs, and this is how to stop it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QPainter, QPaintEvent, QPalette, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.widgets.plain_label import PlainLabel
from ui.widgets.press_once import PressOnceButton
from ui.widgets.two_line_label import TwoLineLabel


class Strip(QWidget):
    """`pressed(str)`: the key of the button. A click does not take the cursor out of the notes."""

    pressed = Signal(str)

    def __init__(
        self, name: str, buttons: Sequence[str], parent: QWidget | None = None, *, is_tall: bool, wraps: bool = False
    ) -> None:
        """`buttons`: their keys, left to right. `is_tall`: the words stand above the buttons, for narrow places, on as
        many lines as they need. `wraps`: beside them, on two lines at most."""
        super().__init__(parent)
        self.setObjectName(name)
        # Fixed would be the height of one line, however many there are.
        wrapping = is_tall or wraps
        policy = QSizePolicy.Policy.Minimum if wrapping else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Preferred, policy)
        self._ground = QColor()
        self._picture = PlainLabel(name=f"{name}_icon")
        self._picture.setWordWrap(False)
        text_name = f"{name}_text"
        self.label = PlainLabel(elide=not is_tall, name=text_name)
        if wraps:
            self.label = TwoLineLabel(name=text_name)
        self.buttons: dict[str, PressOnceButton] = {}
        line = QHBoxLayout()
        line.setSpacing(9)
        line.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop if is_tall else Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.label, 1)
        row = line
        if is_tall:
            row = QHBoxLayout()
            row.addStretch(1)
        for key in buttons:
            row.addWidget(self._button(name, key))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 5, 6, 5)
        layout.setSpacing(4)
        layout.addLayout(line)
        if is_tall:
            layout.addLayout(row)
        self.hide()

    def show_words(self, text: str, picture: QPixmap, ink: str, ground: str) -> None:
        """Show the line; colours as #rrggbb."""
        self._ground = QColor(ground)
        palette = self.label.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(ink))
        self.label.setPalette(palette)
        self._picture.setPixmap(picture)
        self.label.setText(text)
        self.show()
        self.update()

    def show_button(self, key: str, text: str, tip: str = "") -> None:
        """The label of a button; an empty one hides it."""
        button = self.buttons[key]
        if text and button.text() != text:
            button.setText(text)
            button.setAccessibleName(text)
        if button.toolTip() != tip:
            button.setToolTip(tip)
        button.setVisible(bool(text))

    def announce(self) -> None:
        """Have a screen reader say it at once; the focus stays where it is."""
        said = QAccessibleAnnouncementEvent(self, self.label.text())
        said.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(said)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ground)
        painter.drawRoundedRect(QRectF(self.rect()), 6.0, 6.0)
        painter.end()

    def _button(self, name: str, key: str) -> PressOnceButton:
        button = PressOnceButton()
        button.setObjectName(f"{name}_{key}")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _=False: self.pressed.emit(key))
        self.buttons[key] = button
        return button
