"""The head of an open card: who called, and how long the card may stay open, with *Extend*."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.actions import UserAction, key_text
from ui.panels.call_card.fields import ToneLabel, action_button
from ui.panels.call_card.view_state import EditorState
from ui.texts.card import direction_word, number_word, time_left_sentence
from ui.widgets.plain_label import PlainLabel, plain_tooltip

translate = QCoreApplication.translate
_SOON_S = 10


class CardHead(QWidget):
    """`extend_requested` from the button. `now`: the clock the card's end is told in, monotonic seconds."""

    extend_requested = Signal()

    def __init__(self, now: Callable[[], float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card_head")
        self._now = now
        self._due_at_s: float | None = None
        self.caller_label = PlainLabel(elide=True, name="card_caller")
        font = self.caller_label.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        font.setBold(True)
        self.caller_label.setFont(font)
        self.number_label = PlainLabel(elide=True, name="card_number")
        self.line_label = PlainLabel(elide=True, name="card_line")
        self.time_label = ToneLabel("muted", name="card_time_left", elide=True)
        self.extend_button = action_button(translate("CallCard", "Extend"), "card_extend")
        self.extend_button.clicked.connect(self.extend_requested)
        self.time_row = QWidget(self)
        self.time_row.setObjectName("card_time_row")
        row = QHBoxLayout(self.time_row)
        row.setContentsMargins(0, 0, 4, 0)
        row.addWidget(self.time_label, 1)
        row.addWidget(self.extend_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self.caller_label, self.number_label, self.line_label, self.time_row):
            layout.addWidget(part)
        self.time_row.hide()

    def show_state(self, state: EditorState) -> None:
        """Show the card's caller and its time."""
        number = number_word(state.phone_number)
        self.caller_label.setText(state.caller_name or number)
        self.number_label.setText(number if state.caller_name else "")
        self.number_label.setVisible(bool(state.caller_name))
        words = [direction_word(state.direction)]
        if state.line_number:
            words.append(translate("CallCard", "line {number}").format(number=state.line_number))
        if state.is_offered:
            words.insert(0, translate("CallCard", "Not seen here"))
        self.line_label.setText(" · ".join(words))
        self._due_at_s = state.due_at_s
        tip = translate("CallCard", "{seconds} s more ({key})")
        self.extend_button.setToolTip(
            plain_tooltip(tip.format(seconds=round(state.extend_s), key=key_text(UserAction.EXTEND_CARD)))
        )
        self.tick()

    def tick(self) -> None:
        """A second has passed."""
        due_at_s = self._due_at_s
        self.time_row.setVisible(due_at_s is not None)
        if due_at_s is not None:
            left_s = max(0, round(due_at_s - self._now()))
            self.time_label.setText(time_left_sentence(left_s))
            self.time_label.set_tone("held" if left_s <= _SOON_S else "muted")
