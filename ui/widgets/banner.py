"""One or two calm lines across the window that say what is wrong, with at most one button that helps."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from ui.widgets.plain_label import PlainLabel
from ui.widgets.two_line_label import TwoLineLabel


class Banner(QWidget):
    """Hidden until `show_message`; `helped` when its button was pressed."""

    helped = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._ground = QColor()
        self._picture = PlainLabel(name=f"{name}_icon")
        self._picture.setWordWrap(False)
        self.label = TwoLineLabel(name=f"{name}_text")
        self.button = QPushButton()
        self.button.setObjectName(f"{name}_button")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self.helped)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 5, 6, 5)
        layout.setSpacing(9)
        layout.addWidget(self._picture)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.button)
        self.hide()

    def show_message(self, text: str, button_text: str, picture: QPixmap, ink: str, ground: str) -> None:
        """Show the line; an empty `button_text` shows no button. Colours as #rrggbb."""
        self._ground = QColor(ground)
        palette = self.label.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(ink))
        self.label.setPalette(palette)
        self._picture.setPixmap(picture)
        self.label.setText(text)
        if self.button.text() != button_text:
            self.button.setText(button_text)
            self.button.setAccessibleName(button_text)
        self.button.setVisible(bool(button_text))
        self.show()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ground)
        painter.drawRoundedRect(QRectF(self.rect()), 6.0, 6.0)
        painter.end()
