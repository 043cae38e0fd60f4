"""A saved card: what Bitrix24 has of it so far, step by step, and where to look at it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.panels.call_card.fields import ToneLabel, action_button, hint_label, say
from ui.panels.call_card.view_state import ReceiptState, StepMark
from ui.texts.card import (
    completed_mark,
    mark_glyph,
    mark_word,
    number_word,
    reason_sentence,
    recording_follows_text,
    sent_text,
    step_word,
    waiting_for_crm_text,
)
from ui.widgets.plain_label import PlainLabel

translate = QCoreApplication.translate
MARK_TONES = {
    StepMark.WAITING: "muted",
    StepMark.SENDING: "ringing",
    StepMark.UNSURE: "held",
    StepMark.DONE: "talk",
    StepMark.PARKED: "alert",
}


class ReceiptView(QWidget):
    """`link_requested(card_key)` and `closed`; opening an address is the presenter's business."""

    link_requested = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card_receipt")
        self._state: ReceiptState | None = None
        self._rows: list[tuple[ToneLabel, PlainLabel, PlainLabel]] = []
        self.headline = ToneLabel("text", name="receipt_headline")
        font = self.headline.font()
        font.setBold(True)
        self.headline.setFont(font)
        self.caller_label = PlainLabel(elide=True, name="receipt_number")
        self.automatic_label = ToneLabel("held", name="receipt_automatic")
        self.reason_label = hint_label("receipt_reason")
        self.activity_label = PlainLabel(name="receipt_activity")
        self.warnings_label = ToneLabel("held", name="receipt_warnings")
        self.link_button = action_button(translate("CallCard", "Open in Bitrix24"), "receipt_link")
        self.close_button = action_button(translate("CallCard", "Close"), "receipt_close")
        self.link_button.clicked.connect(self._ask_for_link)
        self.close_button.clicked.connect(self.closed)
        self._lay_out()

    def show_state(self, state: ReceiptState) -> None:
        """Show how far the card has come."""
        if state == self._state:
            return
        self._state = state
        self.headline.setText(self._headline(state))
        self.headline.set_tone("talk" if state.is_sent else "text")
        self.caller_label.setText(number_word(state.phone_number))
        say(self.automatic_label, completed_mark() if state.is_automatic else "")
        self._render_steps(state)
        reason = reason_sentence(state.reason, state.reason_params, state.crm_name)
        say(self.reason_label, recording_follows_text() if state.awaits_recording else reason)
        activity = translate("CallCard", "Activity {number} in Bitrix24").format(number=state.activity_id)
        say(self.activity_label, activity if state.activity_id else "")
        warnings = [translate("CallCard", "Bitrix24 warns: {text}").format(text=text) for text in state.warnings]
        say(self.warnings_label, "\n".join(warnings))
        self.link_button.setVisible(bool(state.link))

    def _headline(self, state: ReceiptState) -> str:
        if state.is_sent:
            return sent_text(state.crm_names)
        if any(step.mark is StepMark.PARKED for step in state.steps):
            return translate("CallCard", "Saved. It needs you before it can be sent.")
        return waiting_for_crm_text(state.crm_names)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.headline)
        layout.addWidget(self.caller_label)
        layout.addWidget(self.automatic_label)
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        layout.addLayout(self._grid)
        for part in (self.reason_label, self.warnings_label, self.activity_label):
            layout.addWidget(part)
        buttons = QHBoxLayout()
        buttons.addWidget(self.link_button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        layout.addLayout(buttons)
        layout.addStretch(1)

    def _render_steps(self, state: ReceiptState) -> None:
        while len(self._rows) < len(state.steps):
            place = len(self._rows)
            row = (
                ToneLabel("muted", name=f"receipt_step_mark_{place}"),
                PlainLabel(name=f"receipt_step_{place}"),
                PlainLabel(name=f"receipt_step_word_{place}"),
            )
            for column, label in enumerate(row):
                label.setWordWrap(False)
                self._grid.addWidget(label, place, column)
            self._rows.append(row)
        for place, row in enumerate(self._rows):
            for label in row:
                label.setVisible(place < len(state.steps))
            if place < len(state.steps):
                step = state.steps[place]
                glyph, name, word = row
                glyph.setText(mark_glyph(step.mark))
                glyph.set_tone(MARK_TONES[step.mark])
                name.setText(step_word(step.name))
                word.setText(mark_word(step.mark))

    def _ask_for_link(self) -> None:
        if self._state is not None:
            self.link_requested.emit(self._state.card_key)
