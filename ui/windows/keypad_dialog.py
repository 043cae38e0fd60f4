"""Keys for a menu at the other end: press them one by one or type a sequence."""

from __future__ import annotations

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui.texts.commands import close_text, dtmf_progress_text, keypad_title, send_sequence_text, sequence_label
from ui.widgets.about_line import about_line
from ui.widgets.plain_label import PlainLabel

SYMBOLS = "123456789*0#"
_LONGEST = 32


class KeypadDialog(QDialog):
    """Stays beside the window, so it says by `about` to whose call the keys go. `symbols_requested(str)`: one key
    pressed, or the whole typed sequence. Keys pressed faster than they can be sent wait for their turn elsewhere: the
    buttons stay on."""

    symbols_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, about: str = "") -> None:
        super().__init__(parent)
        self.setObjectName("keypad_dialog")
        self.setWindowTitle(keypad_title())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._keys = [self._key(symbol) for symbol in SYMBOLS]
        grid = QGridLayout()
        grid.setSpacing(6)
        for place, key in enumerate(self._keys):
            grid.addWidget(key, place // 3, place % 3)
        self.field = QLineEdit()
        self.field.setObjectName("keypad_sequence")
        self.field.setMaxLength(_LONGEST)
        self.field.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9*#]*"), self.field))
        self.field.textChanged.connect(lambda _: self._enable())
        label = PlainLabel(sequence_label(), name="keypad_sequence_label")
        label.setBuddy(self.field)
        self.send = self._button(send_sequence_text(), "keypad_send")
        self.send.setDefault(True)
        self.send.clicked.connect(self._send_sequence)
        self.progress = PlainLabel(elide=True, name="keypad_progress")
        close = self._button(close_text(), "keypad_close")
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        line = QHBoxLayout()
        line.addWidget(self.field, 1)
        line.addWidget(self.send)
        foot = QHBoxLayout()
        foot.addWidget(self.progress, 1)
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.addWidget(about_line(about))
        layout.addLayout(grid)
        layout.addWidget(label)
        layout.addLayout(line)
        layout.addLayout(foot)
        self._enable()
        self.field.setFocus()

    def show_progress(self, sent: int, total: int) -> None:
        """How far the keys have got."""
        self.progress.setText(dtmf_progress_text(sent, total))

    def _key(self, symbol: str) -> QPushButton:
        key = self._button(symbol, f"keypad_{'star' if symbol == '*' else 'hash' if symbol == '#' else symbol}")
        key.setMinimumSize(64, 44)
        key.setAutoDefault(False)
        key.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        key.clicked.connect(lambda _=False, chosen=symbol: self.symbols_requested.emit(chosen))
        return key

    def _button(self, text: str, name: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text)
        return button

    def _send_sequence(self) -> None:
        symbols = self.field.text()
        if symbols:
            self.field.clear()
            self.symbols_requested.emit(symbols)

    def _enable(self) -> None:
        self.send.setEnabled(bool(self.field.text()))
