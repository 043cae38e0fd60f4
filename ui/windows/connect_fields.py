"""Pieces the boxes of *Connect* are made of: fields, secret fields, answers, rows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QRegularExpression, Qt
from PySide6.QtGui import QColor, QRegularExpressionValidator
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.theme import theme
from ui.widgets.plain_label import PlainLabel
from ui.windows.connect_state import CheckState

translate = QCoreApplication.translate


class AnswerLabel(PlainLabel):
    """An answer in the theme's green or red with a glyph before it; takes no room while there is none."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self._tone = "text"
        theme.changed.connect(self._dress)
        self.hide()

    def show_answer(self, sentence: str, is_good: bool | None) -> None:
        """`is_good` None is for an answer that is neither, such as "under way"."""
        glyph = {True: "✓ ", False: "✕ ", None: ""}[is_good]
        self._tone = {True: "talk", False: "alert", None: "muted"}[is_good]
        self._dress()
        self.setText(f"{glyph}{sentence}" if sentence else "")
        self.setVisible(bool(sentence))

    def _dress(self) -> None:
        palette = self.palette()
        palette.setColor(self.foregroundRole(), QColor(theme.colours.tone(self._tone)))
        self.setPalette(palette)


def plain_button(text: str, name: str) -> QPushButton:
    """A button named by its label."""
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setAutoDefault(False)
    return button


def plain_radio(text: str, name: str) -> QRadioButton:
    """A radio button named by its label."""
    radio = QRadioButton(text)
    radio.setObjectName(name)
    radio.setAccessibleName(text)
    return radio


def text_line(name: str) -> QLineEdit:
    """A field of one line."""
    line = QLineEdit()
    line.setObjectName(name)
    line.setMaxLength(500)
    return line


def secret_line(name: str) -> QLineEdit:
    """A field that shows dots, and that no input method learns from."""
    line = text_line(name)
    line.setMaxLength(4000)
    line.setEchoMode(QLineEdit.EchoMode.Password)
    hints = Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhSensitiveData
    line.setInputMethodHints(hints | Qt.InputMethodHint.ImhNoPredictiveText)
    return line


def digits_only(line: QLineEdit) -> QRegularExpressionValidator:
    """Lets only digits in."""
    return QRegularExpressionValidator(QRegularExpression("[0-9]{0,10}"), line)


def show_stored(line: QLineEdit, is_stored: bool, otherwise: str = "") -> None:
    """Say in the empty field that the secret is kept already."""
    stored = translate("Connect", "stored; type to replace it")
    line.setPlaceholderText(stored if is_stored else otherwise)


def show_check(button: QPushButton, answer: AnswerLabel, check: CheckState) -> None:
    """The last answer of a check, or that it is under way."""
    button.setEnabled(not check.is_running)
    if check.is_running:
        answer.show_answer(translate("Connect", "Checking…"), None)
    else:
        answer.show_answer(check.sentence, check.is_good)


def add_row(form: QFormLayout, text: str, field: QWidget, problem: AnswerLabel) -> QWidget:
    """A labelled field with its problem below; gives what holds both."""
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addWidget(field)
    column.addWidget(problem)
    label = PlainLabel(text, name=f"{field.objectName()}_label")
    label.setWordWrap(False)
    label.setBuddy(field)
    form.addRow(label, box)
    return box


def add_check_row(form: QFormLayout, button: QPushButton, answer: AnswerLabel) -> QWidget:
    """The button of a check with its answer beside it; gives what holds both."""
    row = QHBoxLayout()
    row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(answer, 1, Qt.AlignmentFlag.AlignVCenter)
    row.addStretch(0)
    holder = QWidget()
    holder.setLayout(row)
    row.setContentsMargins(0, 0, 0, 0)
    button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    form.addRow(PlainLabel(name=f"{button.objectName()}_label"), holder)
    return holder


def line_up(sections: Sequence[QWidget]) -> None:
    """Give the labels of all sections one width, so that their fields stand under each other."""
    forms = [form for section in sections if isinstance(form := section.layout(), QFormLayout)]
    rows = [form.itemAt(row, QFormLayout.ItemRole.LabelRole) for form in forms for row in range(form.rowCount())]
    labels = [widget for item in rows if item is not None and isinstance(widget := item.widget(), PlainLabel)]
    width = max(label.sizeHint().width() for label in labels)
    for label in labels:
        label.setMinimumWidth(width)
