"""To whom the caller goes: the list of colleagues, a note spoken to them first, and two ways to hand over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QPalette, QShortcut
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.actions import native_key
from ui.panels.call_card.fields import primary_sheet
from ui.people import PersonRow
from ui.texts.commands import (
    back_after_text,
    consult_button,
    note_cost_text,
    note_hint,
    note_label,
    note_left_text,
    transfer_title,
    when_answered_button,
)
from ui.theme import theme
from ui.widgets.plain_label import PlainLabel
from ui.windows.number_dialog import NumberDialog

_WHEN_ANSWERED_KEYS = ("Ctrl+Enter", "Ctrl+Return")


@dataclass(frozen=True, slots=True)
class ChosenColleague:
    """`name` is empty for a number that was typed; `note` for none. `when_answered`: hand the caller over by itself."""

    number: str
    name: str
    note: str
    when_answered: bool


class TransferDialog(NumberDialog):
    """`colleague_chosen(ChosenColleague)`. Return does what the window was opened for, Ctrl+Return always hands over
    when answered. Nobody is chosen beforehand: a careless Return would send the caller to whoever is first."""

    colleague_chosen = Signal(object)
    has_first_choice = False

    def __init__(
        self,
        people: Sequence[PersonRow],
        parent: QWidget | None = None,
        *,
        about: str,
        longest_note: int,
        back_after_s: int,
        hands_over: bool,
    ) -> None:
        super().__init__(transfer_title(), consult_button(), people, parent, about=about)
        self.resize(560, 520)
        self._longest_note = longest_note
        self._hands_over = hands_over
        self.note = QLineEdit()
        self.note.setObjectName("transfer_note")
        self.note.setMaxLength(longest_note)
        self.note.setPlaceholderText(note_hint())
        self.note.textChanged.connect(self._count)
        self.note_left = PlainLabel(elide=True, name="transfer_note_left")
        key = native_key(_WHEN_ANSWERED_KEYS[0])
        self.back_after = PlainLabel(back_after_text(back_after_s, key), name="transfer_back_after")
        self.when_answered = self._button(when_answered_button(), "transfer_when_answered")
        self.when_answered.clicked.connect(self._hand_over)
        self.choosing.append(self.when_answered)
        self._add_note()
        for keys in _WHEN_ANSWERED_KEYS:
            QShortcut(QKeySequence(keys), self).activated.connect(self._hand_over)
        self.open_for(hands_over=hands_over)
        theme.changed.connect(self._dress_buttons)
        self._count("")
        self._enable()

    def open_for(self, *, hands_over: bool) -> None:
        """Which of the two buttons Return presses."""
        self._hands_over = hands_over
        (self.when_answered if hands_over else self.go).setDefault(True)
        self._dress_buttons()

    def _dress_buttons(self) -> None:
        for button, is_returns in ((self.when_answered, self._hands_over), (self.go, not self._hands_over)):
            button.setStyleSheet(primary_sheet() if is_returns else "")

    def _add_note(self) -> None:
        label = PlainLabel(note_label(), name="transfer_note_label")
        label.setBuddy(self.note)
        for muted in (self.note_left, self.back_after):
            muted.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.buttons.insertWidget(2, self.when_answered)
        below_the_list = self.content.count() - 1
        for place, widget in enumerate((label, self.note, self.note_left, self.back_after)):
            self.content.insertWidget(below_the_list + place, widget)
        order = (self.field, self.list, self.note, self.go, self.when_answered)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _count(self, note: str) -> None:
        left = note_left_text(self._longest_note - len(note))
        self.note_left.setText(f"{left} · {note_cost_text()}" if note.strip() else left)

    def _accept_line(self) -> None:
        """What the window was opened for."""
        self._tell(when_answered=self._hands_over)

    def _choose(self) -> None:
        self._tell(when_answered=False)

    def _hand_over(self) -> None:
        self._tell(when_answered=True)

    def _tell(self, *, when_answered: bool) -> None:
        number, person = self.number(), self.person()
        if number is None:
            return
        name = "" if person is None else person.name
        self.number_chosen.emit(number)
        self.colleague_chosen.emit(ChosenColleague(number, name, " ".join(self.note.text().split()), when_answered))
        self.accept()
