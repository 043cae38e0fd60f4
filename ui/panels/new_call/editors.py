"""The fields of the details: each gives and takes the value of one part of a `CallStart`."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QPalette, QRegularExpressionValidator
from PySide6.QtWidgets import QCheckBox, QCompleter, QGridLayout, QLineEdit, QWidget

from app.domain.spoken_message import SpokenMessage
from ui.panels.call_card.fields import QuietComboBox, find_item
from ui.texts.new_call import left_text, message_kind_text
from ui.widgets.plain_label import PlainLabel, plain

_LONGEST_TEXT = 2000


class IdBox(QuietComboBox):
    """Something of the account by its name, or by its number typed: the account's lists may be closed to us."""

    edited = Signal()

    def __init__(self, name: str, nothing: str) -> None:
        super().__init__(name)
        self.setEditable(True)
        self.setInsertPolicy(QuietComboBox.InsertPolicy.NoInsert)
        field = QLineEdit(self)
        field.setObjectName(f"{name}_field")
        field.setPlaceholderText(nothing)
        self.setLineEdit(field)
        completer = QCompleter(self.model(), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCompleter(completer)
        self.editTextChanged.connect(lambda _: self.edited.emit())

    def offer(self, items: Sequence[tuple[int, str]]) -> None:
        """What there is, by number; what was chosen or typed stays."""
        wanted = [(self.itemData(place), self.itemText(place)) for place in range(self.count())]
        if wanted == [(number, plain(text)) for number, text in items]:
            return
        kept = self.value()
        self.blockSignals(True)
        self.clear()
        for number, text in items:
            self.addItem(plain(text), number)
        self.put(kept)
        self.blockSignals(False)

    def value(self) -> int | None:
        """The number behind the text; None for none, and for a name that is not in the list."""
        text = self.currentText().strip()
        place = self.findText(text, Qt.MatchFlag.MatchFixedString)
        if text and place >= 0:
            return int(self.itemData(place))
        return int(text) if text.isascii() and text.isdigit() and int(text) > 0 else None

    def put(self, value: object) -> None:
        """Show that one; its bare number when the list does not have it."""
        place = -1 if value is None else find_item(self, value)
        self.setCurrentIndex(place)
        if place < 0:
            self.setEditText("" if value is None else str(value))
        field = self.lineEdit()
        if field is not None:
            field.setCursorPosition(0)


class TextBox(QLineEdit):
    """Digits, as far as `allowed` (a character class) lets them through."""

    edited = Signal()

    def __init__(self, name: str, allowed: str, longest: int, hint: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setPlaceholderText(hint)
        pattern = QRegularExpression(f"[{allowed}]{{0,{longest}}}")
        self.setValidator(QRegularExpressionValidator(pattern, self))
        self.textChanged.connect(lambda _: self.edited.emit())

    def value(self) -> str:
        return self.text()

    def put(self, value: object) -> None:
        self.setText(str(value or ""))


class SecondsBox(TextBox):
    """Whole seconds, or nothing for the PBX's own."""

    def __init__(self, name: str, hint: str) -> None:
        super().__init__(name, "0-9", 3, hint)

    def seconds(self) -> int | None:
        return int(self.text()) if self.text() else None


class PickBox(QuietComboBox):
    """One of a few fixed things."""

    edited = Signal()

    def __init__(self, name: str, items: Sequence[tuple[object, str]]) -> None:
        super().__init__(name)
        for value, text in items:
            self.addItem(text, value)
        self.currentIndexChanged.connect(lambda _: self.edited.emit())

    def value(self) -> object:
        return self.currentData()

    def put(self, value: object) -> None:
        self.setCurrentIndex(max(0, find_item(self, value)))


class TickBox(QCheckBox):
    """Yes or no."""

    edited = Signal()

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.setObjectName(name)
        self.setAccessibleName(text)
        self.toggled.connect(lambda _: self.edited.emit())

    def value(self) -> bool:
        return self.isChecked()

    def put(self, value: object) -> None:
        self.setChecked(bool(value))


class MessageBox(QWidget):
    """Nothing, a text that is spoken (with the room left for it), or a sound of the account."""

    edited = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._most = _LONGEST_TEXT
        self.kind = QuietComboBox(f"{name}_kind", self)
        for kind in ("", "tts", "media"):
            self.kind.addItem(message_kind_text(kind), kind)
        self.text = QLineEdit(self)
        self.text.setObjectName(f"{name}_text")
        self.text.setMaxLength(_LONGEST_TEXT)
        self.left = PlainLabel(name=f"{name}_left")
        self.left.setWordWrap(False)
        self.left.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.media = IdBox(f"{name}_media", "")
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(0)
        layout.setVerticalSpacing(4)
        self.left.setContentsMargins(6, 0, 0, 0)
        layout.addWidget(self.kind, 0, 0)
        layout.addWidget(self.left, 0, 1)
        layout.addWidget(self.text, 1, 0, 1, 2)
        layout.addWidget(self.media, 2, 0, 1, 2)
        layout.setColumnStretch(0, 1)
        self.setFocusProxy(self.kind)
        self.kind.currentIndexChanged.connect(lambda _: self._arrange())
        self.text.textChanged.connect(lambda _: self._arrange())
        self.media.edited.connect(self.edited)
        self._arrange()

    def name_parts(self, text: str) -> None:
        """The row's label names the first field; the others get it in words."""
        self.text.setAccessibleName(text)
        self.media.setAccessibleName(text)

    def offer(self, items: Sequence[tuple[int, str]], most: int) -> None:
        """The sounds there are, and how long a text may be."""
        self.media.offer(items)
        self._most = most
        self._show_left()

    def value(self) -> SpokenMessage | None:
        kind = self.kind.currentData()
        if kind == "tts":
            return SpokenMessage("tts", self.text.text().strip())
        if kind == "media":
            chosen = self.media.value()
            return SpokenMessage("media", "" if chosen is None else str(chosen))
        return None

    def put(self, value: object) -> None:
        message = value if isinstance(value, SpokenMessage) else None
        self.kind.setCurrentIndex(0 if message is None else find_item(self.kind, message.kind))
        if message is not None and message.kind == "tts":
            self.text.setText(message.value)
        if message is not None and message.kind == "media":
            self.media.put(int(message.value) if message.value.isdigit() else None)

    def _arrange(self) -> None:
        kind = self.kind.currentData()
        self.text.setVisible(kind == "tts")
        self.left.setVisible(kind == "tts")
        self.media.setVisible(kind == "media")
        self._show_left()
        self.edited.emit()

    def _show_left(self) -> None:
        self.left.setText(left_text(self._most - len(self.text.text().strip())))
