"""Calm lines at the top of the window about starts of which nobody knows whether they happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.icons import pixmap
from ui.texts.new_call import it_did_not_text, it_rang_text
from ui.theme import theme
from ui.widgets.plain_label import PlainLabel

_TONE = "held"


@dataclass(frozen=True, slots=True)
class OpenStart:
    """`sequence` of the start; `text`: what is known of it; `is_asked`: only the operator can tell."""

    sequence: int
    text: str
    is_asked: bool


class StartStrips(QWidget):
    """Signals out: `answered(sequence, bool)`: whether it rang. Takes no room while there is nothing to say."""

    answered = Signal(object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("start_strips")
        self._strips: dict[int, _Strip] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self.hide()
        theme.changed.connect(self._retint)

    def show_starts(self, starts: Sequence[OpenStart]) -> None:
        """A line each; those that are answered go."""
        wanted = {start.sequence: start for start in starts}
        for sequence in [sequence for sequence in self._strips if sequence not in wanted]:
            strip = self._strips.pop(sequence)
            strip.hide()
            strip.deleteLater()
        for sequence, start in wanted.items():
            if sequence not in self._strips:
                self._strips[sequence] = self._make(sequence)
            self._strips[sequence].show_start(start)
        self.setVisible(bool(wanted))

    def _make(self, sequence: int) -> _Strip:
        strip = _Strip(self)
        strip.rang.clicked.connect(lambda: self.answered.emit(sequence, True))
        strip.silent.clicked.connect(lambda: self.answered.emit(sequence, False))
        self._layout.addWidget(strip)
        return strip

    def _retint(self) -> None:
        for strip in self._strips.values():
            strip.dress()


class _Strip(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("start_strip")
        self._picture = PlainLabel(name="start_strip_icon")
        self._picture.setWordWrap(False)
        self.label = PlainLabel(elide=True, name="start_strip_text")
        self.rang = _button(it_rang_text(), "start_strip_rang")
        self.silent = _button(it_did_not_text(), "start_strip_silent")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 5, 6, 5)
        layout.setSpacing(9)
        layout.addWidget(self._picture)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.rang)
        layout.addWidget(self.silent)
        self._is_asked = False
        self.dress()

    def show_start(self, start: OpenStart) -> None:
        """What is known now."""
        self._is_asked = start.is_asked
        self.label.setText(start.text)
        self.rang.setVisible(start.is_asked)
        self.silent.setVisible(start.is_asked)
        self.dress()

    def dress(self) -> None:
        """Take the colours of the theme."""
        palette = self.label.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(theme.colours.tone(_TONE)))
        self.label.setPalette(palette)
        name = "circle-question-mark" if self._is_asked else "loader"
        self._picture.setPixmap(pixmap(name, _TONE, 16))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.colours.tone(f"{_TONE}_fill")))
        painter.drawRoundedRect(QRectF(self.rect()), 6.0, 6.0)
        painter.end()


def _button(text: str, name: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
