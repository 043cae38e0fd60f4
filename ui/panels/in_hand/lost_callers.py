"""The alarm about callers lost in a transfer: a line across the window for each, until somebody deals with it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.calls import CallSessionId
from ui.icons import pixmap
from ui.panels.in_hand.view_state import LostLine
from ui.texts.in_hand import call_back_text, dismiss_text, lost_text
from ui.theme import theme
from ui.widgets.strip import Strip

_CALL, _DISMISS = "call_back", "dismiss"


class LostCallersView(QWidget):
    """Signals out: `call_back_requested(str)` with the number, `dismissed(CallSessionId)`."""

    call_back_requested = Signal(str)
    dismissed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lost_callers")
        self._lines: dict[CallSessionId, LostLine] = {}
        self._strips: dict[CallSessionId, Strip] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self.hide()
        theme.changed.connect(self._dress)

    def show_lines(self, lines: tuple[LostLine, ...]) -> None:
        """Show these; a new one is also said to a screen reader. The focus stays where it is."""
        self._lines = {line.call_session_id: line for line in lines}
        for gone in set(self._strips) - set(self._lines):
            strip = self._strips.pop(gone)
            strip.hide()
            strip.deleteLater()
        new = [call_session_id for call_session_id in self._lines if call_session_id not in self._strips]
        for call_session_id in new:
            strip = Strip(f"lost_caller_{call_session_id}", (_CALL, _DISMISS), is_tall=False)
            strip.pressed.connect(partial(self._pressed, call_session_id))
            self._strips[call_session_id] = strip
            self._layout.addWidget(strip)
        self._dress()
        self.setVisible(bool(self._lines))
        for call_session_id in new:
            self._strips[call_session_id].announce()

    def strip(self, call_session_id: CallSessionId) -> Strip | None:
        """The line about that call."""
        return self._strips.get(call_session_id)

    def _dress(self) -> None:
        colours = theme.colours
        for call_session_id, line in self._lines.items():
            strip = self._strips[call_session_id]
            picture = pixmap("phone-missed", "alert", 16)
            strip.show_words(lost_text(line.caller, line.to), picture, colours.alert, colours.alert_fill)
            strip.show_button(_CALL, call_back_text() if line.number else "")
            strip.show_button(_DISMISS, dismiss_text())

    def _pressed(self, call_session_id: CallSessionId, key: str) -> None:
        """The line stays after *Call back*: calling is not reaching."""
        if key == _CALL:
            self.call_back_requested.emit(self._lines[call_session_id].number)
        else:
            self.dismissed.emit(call_session_id)
