"""The details of a start: the way, and under it the fields that this way has. No rules but which field is whose."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.call_start import CallStart, FirstCall, StartVia
from app.domain.calls import Direction
from ui.panels.call_card.fields import ToneLabel, buddy_label, say
from ui.panels.new_call.editors import IdBox, MessageBox, PickBox, SecondsBox, TextBox, TickBox
from ui.panels.new_call.view_state import Choices, NewCallState
from ui.panels.new_call.ways import ASKS_OF, CONFIRMATIONS, LINE_USAGES, Ask, trimmed
from ui.texts.new_call import (
    ask_hint,
    ask_label,
    confirmation_text,
    direction_choice_text,
    first_call_text,
    line_usage_text,
    shows_line_text,
    via_label,
    via_purpose,
    via_text,
)

_LABEL_WIDTH = 132


Editor = IdBox | TextBox | SecondsBox | PickBox | TickBox | MessageBox


class DetailsForm(QWidget):
    """Signals out: `edited()`. Values typed for one way stay while another is looked at; only its own are given out."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("new_call_details")
        self.via_box = PickBox("new_call_via", [(via, via_text(via)) for via in StartVia])
        self.purpose = ToneLabel("muted", name="new_call_via_purpose")
        self.editors: dict[Ask, Editor] = self._make_editors()
        self._labels = {
            ask: buddy_label("", editor, f"ask_{ask.value}_label")
            for ask, editor in self.editors.items()
            if not isinstance(editor, TickBox)
        }
        self._notes = {ask: ToneLabel("alert", name=f"ask_{ask.value}_note") for ask in self.editors}
        self._lay_out()
        self.via_box.edited.connect(self._arrange)
        for editor in self.editors.values():
            editor.edited.connect(self.edited)
        self._arrange()

    @property
    def via(self) -> StartVia:
        chosen = self.via_box.value()
        return chosen if isinstance(chosen, StartVia) else StartVia.EMPLOYEE

    def start(self) -> CallStart:
        """The wish without contact and line; only what the way has."""
        values: dict[str, Any] = {ask.value: self._value_of(ask) for ask in self.editors}
        return trimmed(CallStart(via=self.via, contact="", line_number="", **values))

    def put(self, start: CallStart) -> None:
        """Fill the form with the usual way."""
        self.via_box.put(start.via)
        for ask, editor in self.editors.items():
            editor.put(getattr(start, ask.value))

    def offer(self, choices: Choices) -> None:
        """The account's lists."""
        for ask, items in (
            (Ask.EMPLOYEE, choices.employees),
            (Ask.SCENARIO, choices.scenarios),
            (Ask.MEDIA_FILE, choices.media_files),
        ):
            box = self.editors[ask]
            if isinstance(box, IdBox):
                box.offer(items)
        for ask in (Ask.CONTACT_MESSAGE, Ask.OUR_MESSAGE):
            message = self.editors[ask]
            if isinstance(message, MessageBox):
                message.offer(choices.media_files, choices.tts_max_length)

    def show_state(self, state: NewCallState) -> None:
        """Sentences beside the fields: what the PBX would refuse, and what has no effect."""
        for ask, note in self._notes.items():
            sentence = state.asked.get(ask.value, "")
            note.set_tone("alert" if sentence else "muted")
            is_asked = ask in ASKS_OF[self.via]
            say(note, (sentence or state.hinted.get(ask.value, "")) if is_asked else "")
            self.editors[ask].setAccessibleDescription(note.text() if is_asked else "")

    def focus_first(self, names: Collection[str]) -> bool:
        """Put the cursor where something has to be mended; False when that is not here."""
        for ask, editor in self.editors.items():
            if ask.value in names and ask in ASKS_OF[self.via]:
                editor.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return False

    def _value_of(self, ask: Ask) -> object:
        editor = self.editors[ask]
        return editor.seconds() if isinstance(editor, SecondsBox) else editor.value()

    @staticmethod
    def _make_editors() -> dict[Ask, Editor]:
        shows = [(value, shows_line_text(value)) for value in (None, True, False)]
        directions = [(value, direction_choice_text(value)) for value in (Direction.OUTBOUND, Direction.INBOUND)]
        return {
            Ask.EMPLOYEE: IdBox("ask_employee", ask_hint(Ask.EMPLOYEE)),
            Ask.EMPLOYEE_PHONE: TextBox("ask_employee_phone", "0-9", 20, ask_hint(Ask.EMPLOYEE_PHONE)),
            Ask.SCENARIO: IdBox("ask_scenario", ask_hint(Ask.SCENARIO)),
            Ask.OPERATOR_NUMBER: TextBox("ask_operator_number", "0-9", 20, ask_hint(Ask.OPERATOR_NUMBER)),
            Ask.OPERATOR_CONFIRMATION: PickBox(
                "ask_confirmation", [(key, confirmation_text(key)) for key in CONFIRMATIONS]
            ),
            Ask.FIRST_CALL: PickBox("ask_first_call", [(first, first_call_text(first)) for first in FirstCall][::-1]),
            Ask.SWITCH_AT_ONCE: TickBox("ask_switch_at_once", ask_label(Ask.SWITCH_AT_ONCE, StartVia.EMPLOYEE)),
            Ask.EARLY_SWITCHING: TickBox("ask_early_switching", ask_label(Ask.EARLY_SWITCHING, StartVia.EMPLOYEE)),
            Ask.CONTACT_MESSAGE: MessageBox("ask_contact_message"),
            Ask.OUR_MESSAGE: MessageBox("ask_our_message"),
            Ask.MEDIA_FILE: IdBox("ask_media_file", ask_hint(Ask.MEDIA_FILE)),
            Ask.SHOWS_LINE: PickBox("ask_shows_line", shows),
            Ask.DIALLING_TIMEOUT: SecondsBox("ask_dialling_timeout", ask_hint(Ask.DIALLING_TIMEOUT)),
            Ask.DIAL_TAIL: TextBox("ask_dial_tail", "0-9*#.", 100, ask_hint(Ask.DIAL_TAIL)),
            Ask.DIRECTION: PickBox("ask_direction", directions),
            Ask.LINE_USAGE: PickBox("ask_line_usage", [(usage, line_usage_text(usage)) for usage in LINE_USAGES]),
        }

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 6, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        via_title = buddy_label(via_label(), self.via_box, "new_call_via_label")
        via_title.setMinimumWidth(_LABEL_WIDTH)
        grid.addWidget(via_title, 0, 0)
        grid.addWidget(self.via_box, 0, 1)
        grid.addWidget(self.purpose, 1, 1)
        for place, (ask, editor) in enumerate(self.editors.items(), 1):
            label = self._labels.get(ask)
            if label is not None:
                label.setWordWrap(True)
                is_tall = isinstance(editor, MessageBox)
                label.setContentsMargins(0, 4 if is_tall else 0, 0, 0)
                grid.addWidget(label, 2 * place, 0, Qt.AlignmentFlag.AlignTop if is_tall else Qt.AlignmentFlag(0))
            grid.addWidget(editor, 2 * place, 1)
            grid.addWidget(self._notes[ask], 2 * place + 1, 1)
            self._notes[ask].hide()
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(2 * len(self.editors) + 2, 1)

    def _arrange(self) -> None:
        """Show the fields of the way."""
        via = self.via
        self.purpose.setText(via_purpose(via))
        for ask, editor in self.editors.items():
            is_asked = ask in ASKS_OF[via]
            editor.setVisible(is_asked)
            label = self._labels.get(ask)
            if label is not None:
                label.setText(ask_label(ask, via))
                label.setVisible(is_asked)
            if isinstance(editor, MessageBox):
                editor.name_parts(ask_label(ask, via))
            if not is_asked:
                self._notes[ask].hide()
        self.edited.emit()
