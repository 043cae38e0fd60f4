"""The only label of the program: shows text from outside as plain text, whatever it looks like."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

TEXT_CAP = 500
_KEPT = "\n\N{NO-BREAK SPACE}"
_MINIMUM_CHARACTERS = 24
_WISHED_CHARACTERS = 80


def plain(text: str) -> str:
    """The text without control, format and bidi-override characters, at most 500 characters."""
    capped = text[:TEXT_CAP]
    if capped.isprintable():
        return capped
    return "".join(character if character.isprintable() or character in _KEPT else " " for character in capped)


def plain_tooltip(text: str) -> str:
    """The text for a tooltip, which Qt would render as rich text as soon as it saw a tag."""
    return plain(text).replace("<", "‹").replace(">", "›")


class PlainLabel(QLabel):
    """A label that never interprets its text. `elide`: one line, ellipsis, the whole text as tooltip; else it wraps."""

    def __init__(self, text: str = "", *, elide: bool = False, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._elide = elide
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setOpenExternalLinks(False)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        if name:
            self.setObjectName(name)
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        else:
            self.setWordWrap(True)
        self.setText(text)

    def setText(self, text: str) -> None:  # noqa: N802  Qt's own name
        """Show the text; nothing is repainted when it is the same."""
        shown = plain(text)
        if shown == self.text():
            return
        super().setText(shown)
        self._explain_elision()

    def minimumSizeHint(self) -> QSize:
        """A single endless word from outside (a name, an address) must not make the window wider than the screen."""
        hint = super().minimumSizeHint()
        if self._elide:
            return QSize(0, hint.height())
        return self._no_wider_than(hint, _MINIMUM_CHARACTERS)

    def sizeHint(self) -> QSize:
        return self._no_wider_than(super().sizeHint(), _WISHED_CHARACTERS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._explain_elision()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._elide or self.fontMetrics().horizontalAdvance(self.text()) <= self.contentsRect().width():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        room = self.contentsRect().adjusted(self.margin(), 0, -self.margin(), 0)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        self.style().drawItemText(
            painter, room, int(self.alignment()), self.palette(), self.isEnabled(), text, self.foregroundRole()
        )
        painter.end()

    def _no_wider_than(self, hint: QSize, characters: int) -> QSize:
        widest = characters * self.fontMetrics().averageCharWidth()
        if not self.wordWrap() or hint.width() <= widest:
            return hint
        return QSize(widest, super().heightForWidth(widest))

    def _explain_elision(self) -> None:
        if not self._elide:
            return
        is_cut = self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()
        tip = plain_tooltip(self.text()) if is_cut else ""
        if tip != self.toolTip():
            self.setToolTip(tip)
