"""Whom to call: type a name, an extension or a number, or choose from the list. For *Consult…* and *Coach…*."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.texts.commands import cancel_text, nobody_found_text, number_hint, number_label, number_only_text
from ui.widgets.about_line import about_line
from ui.widgets.plain_label import PlainLabel, plain

_NUMBER_CHARACTERS = frozenset("0123456789+*#() -.")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be called. `number` empty: the PBX knows the number (the coach on record)."""

    name: str
    number: str


def matching(people: Sequence[Person], typed: str) -> tuple[Person, ...]:
    """Those whose name has every typed word, or whose number begins with what was typed."""
    words = typed.casefold().split()
    if not words:
        return tuple(people)
    start = "".join(words)
    return tuple(
        person
        for person in people
        if all(word in person.name.casefold() for word in words) or (person.number and person.number.startswith(start))
    )


def typed_number(typed: str) -> str | None:
    """The number in the field, without what people put between digits; None when it is none."""
    text = typed.strip()
    if not text or any(character not in _NUMBER_CHARACTERS for character in text):
        return None
    digits = "".join(character for character in text if character in "0123456789*#")
    return digits or None


class NumberDialog(QDialog):
    """Stays beside the window, so it says by `about` for whose call it asks. `number_chosen(str)`: "" for the person
    whose number the PBX knows."""

    number_chosen = Signal(str)

    def __init__(
        self, title: str, button_text: str, people: Sequence[Person], parent: QWidget | None = None, *, about: str = ""
    ) -> None:
        super().__init__(parent)
        self.setObjectName("number_dialog")
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(360, 380)
        self._people = tuple(people)
        self.field = QLineEdit()
        self.field.setObjectName("number_field")
        self.field.setPlaceholderText(number_hint())
        self.field.setMaxLength(60)
        self.field.textChanged.connect(self._narrow)
        self.field.installEventFilter(self)
        label = PlainLabel(number_label(), name="number_label")
        label.setBuddy(self.field)
        self.nobody = PlainLabel(nobody_found_text(), name="number_nobody")
        self.nobody.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nobody.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.list = QListWidget()
        self.list.setObjectName("number_list")
        self.list.setAccessibleName(number_label())
        self.list.itemDoubleClicked.connect(lambda _: self._choose())
        self.list.currentRowChanged.connect(lambda _: self._enable())
        self.go = self._button(button_text, "number_go")
        self.go.setDefault(True)
        self.go.clicked.connect(self._choose)
        cancel = self._button(cancel_text(), "number_cancel")
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.go)
        buttons.addWidget(cancel)
        layout = QVBoxLayout(self)
        layout.addWidget(about_line(about))
        layout.addWidget(label)
        layout.addWidget(self.field)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.nobody, 1)
        layout.addLayout(buttons)
        self._narrow("")
        self.field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down walk through the list while the cursor stays in the field."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if step is not None and self.list.count():
                self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
                return True
        return super().eventFilter(watched, event)

    def _button(self, text: str, name: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text)
        return button

    def _narrow(self, typed: str) -> None:
        self.list.clear()
        for person in matching(self._people, typed):
            text = f"{person.name} · {person.number}" if person.number else person.name
            item = QListWidgetItem(plain(text))
            item.setSizeHint(QSize(0, self.fontMetrics().height() + 10))
            item.setData(Qt.ItemDataRole.UserRole, person.number)
            self.list.addItem(item)
        is_nobody = not self.list.count()
        number = typed_number(typed)
        self.nobody.setText(nobody_found_text() if number is None else number_only_text(number))
        self.nobody.setVisible(is_nobody)
        self.list.setVisible(not is_nobody)
        self.field.setAccessibleDescription(self.nobody.text() if is_nobody else "")
        if self.list.count() and number is None:
            self.list.setCurrentRow(0)
        self._enable()

    def _number(self) -> str | None:
        if self.list.currentRow() >= 0:
            return str(self.list.currentItem().data(Qt.ItemDataRole.UserRole))
        return typed_number(self.field.text())

    def _enable(self) -> None:
        self.go.setEnabled(self._number() is not None)

    def _choose(self) -> None:
        number = self._number()
        if number is not None:
            self.number_chosen.emit(number)
            self.accept()
