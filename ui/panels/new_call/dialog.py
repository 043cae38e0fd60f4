"""The small window *New call*: one field, how it was understood, whom it might be, and the details beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.icons import icon
from ui.panels.call_card.fields import (
    PrimaryButton,
    QuietComboBox,
    ToneLabel,
    action_button,
    buddy_label,
    clear_scroll_area,
    find_item,
    say,
)
from ui.panels.new_call.details import DetailsForm
from ui.panels.new_call.suggestion_list import SuggestionList
from ui.panels.new_call.suggestions import Suggestion
from ui.panels.new_call.view_state import Line, NewCallState
from ui.texts.new_call import (
    call_text,
    close_text,
    details_text,
    field_hint,
    field_label,
    line_text,
    refresh_text,
    title_text,
)
from ui.theme import theme
from ui.widgets.plain_label import PlainLabel

_NARROW, _WIDE, _HEIGHT = 400, 800, 470
_LONGEST = 200


class NewCallDialog(QDialog):
    """Not modal. Signals out: `typed(str)`; `call_requested()`; `edited()`: line or details; `details_opened(bool)`;
    `refresh_requested()`: the account's lists."""

    typed = Signal(str)
    chosen = Signal()
    call_requested = Signal()
    edited = Signal()
    details_opened = Signal(bool)
    refresh_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("new_call_dialog")
        self.setWindowTitle(title_text())
        self._make_field()
        self._make_list()
        self.form = DetailsForm()
        self.form_area = clear_scroll_area(self.form, "new_call_details_area", self)
        self._make_buttons()
        self._lay_out()
        self.form.edited.connect(self.edited)
        self.line_box.currentIndexChanged.connect(lambda _: self.edited.emit())
        self.details.toggled.connect(self._open_details)
        self._open_details(False)
        theme.changed.connect(self._retint)

    @property
    def text(self) -> str:
        return self.field.text()

    @property
    def suggestion(self) -> Suggestion | None:
        """The row walked to; None while the text of the field counts."""
        return self.list.chosen

    @property
    def line_number(self) -> str:
        return str(self.line_box.currentData() or "")

    @property
    def has_details(self) -> bool:
        return self.details.isChecked()

    def start_over(self, text: str) -> None:
        """Another number, whole selected, so that typing replaces it and Enter calls it."""
        self.field.setText(text)
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.list.setCurrentRow(-1)

    def choose_line(self, number: str) -> None:
        """Show that line as the one to call from."""
        self.line_box.setCurrentIndex(find_item(self.line_box, number))

    def show_state(self, state: NewCallState) -> None:
        """Show what is known; the cursor, the text and the row walked to stay."""
        self._say(self.understood, state.understood)
        self._say(self.outcome, state.outcome)
        self.outcome.setVisible(bool(state.outcome.text))
        self.field.setAccessibleDescription(
            " ".join(part for part in (state.understood.text, state.outcome.text) if part)
        )
        self._offer_lines(state.lines)
        say(self.line_note, state.line_note)
        self.lists_from.setText(state.lists_from)
        self.call.setEnabled(not state.is_calling)
        self.form.show_state(state)

    def offer(self, suggestions: Sequence[Suggestion], now: datetime, *, chooses_first: bool) -> None:
        """Whom it might be; `chooses_first`: the text alone cannot be called."""
        self.list.offer(suggestions, now, chooses_first=chooses_first)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down walk through the list while the cursor stays in the field."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if step is not None and self.list.count():
                self.list.walk(step)
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # A held key must not start a second call when the first was refused at once.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.isAutoRepeat():
            return
        super().keyPressEvent(event)

    def _make_field(self) -> None:
        self.field = QLineEdit()
        self.field.setObjectName("new_call_field")
        self.field.setPlaceholderText(field_hint())
        self.field.setMaxLength(_LONGEST)
        font = self.field.font()
        font.setPointSizeF(font.pointSizeF() * 1.25)
        self.field.setFont(font)
        self.field.textChanged.connect(self._typed)
        self.field.installEventFilter(self)
        self.understood = ToneLabel("muted", name="new_call_understood")
        self.understood.setMinimumHeight(2 * self.fontMetrics().height() + 2)
        self.understood.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.outcome = ToneLabel("alert", name="new_call_outcome")
        self.outcome.hide()
        self.line_box = QuietComboBox("new_call_line")
        self.line_note = ToneLabel("alert", name="new_call_line_note")
        self.line_note.hide()

    def _make_list(self) -> None:
        self.list = SuggestionList()
        self.list.currentRowChanged.connect(lambda _: self.chosen.emit())
        self.list.itemDoubleClicked.connect(lambda _: self.call_requested.emit())
        self.lists_from = PlainLabel(name="new_call_lists_from", elide=True)
        self.lists_from.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.refresh = QToolButton()
        self.refresh.setObjectName("new_call_refresh")
        self.refresh.setToolTip(refresh_text())
        self.refresh.setAccessibleName(refresh_text())
        self.refresh.setAutoRaise(True)
        self.refresh.clicked.connect(lambda _: self.refresh_requested.emit())

    def _make_buttons(self) -> None:
        self.details = QPushButton(details_text())
        self.details.setObjectName("new_call_details_button")
        self.details.setAccessibleName(details_text())
        self.details.setCheckable(True)
        self.details.setAutoDefault(False)
        self.call: QPushButton = _CallButton(call_text(), "new_call_go")
        self.call.setDefault(True)
        self.call.clicked.connect(lambda _: self.call_requested.emit())
        self.close_button = action_button(close_text(), "new_call_close")
        self.close_button.clicked.connect(lambda _: self.reject())
        self._retint()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(6)
        left.addWidget(buddy_label(field_label(), self.field, "new_call_field_label"))
        left.addWidget(self.field)
        left.addWidget(self.understood)
        left.addWidget(self.outcome)
        line = QHBoxLayout()
        line.addWidget(buddy_label(line_text(), self.line_box, "new_call_line_label"))
        line.addWidget(self.line_box, 1)
        left.addLayout(line)
        left.addWidget(self.line_note)
        left.addWidget(self.list, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.lists_from, 1)
        foot.addWidget(self.refresh)
        left.addLayout(foot)
        buttons = QHBoxLayout()
        buttons.addWidget(self.details)
        buttons.addStretch(1)
        buttons.addWidget(self.call)
        buttons.addWidget(self.close_button)
        left.addLayout(buttons)
        layout = QHBoxLayout(self)
        layout.setSpacing(14)
        layout.addLayout(left, 1)
        layout.addWidget(self.form_area, 1)
        self.setMinimumWidth(_NARROW)
        self.resize(_NARROW, _HEIGHT)

    def _typed(self, text: str) -> None:
        self.list.setCurrentRow(-1)
        self.typed.emit(text)

    def _open_details(self, is_open: bool) -> None:
        self.form_area.setVisible(is_open)
        self.resize(_WIDE if is_open else _NARROW, self.height())
        self._retint()
        self.details_opened.emit(is_open)

    def _offer_lines(self, lines: Sequence[tuple[str, str]]) -> None:
        shown = [
            (self.line_box.itemData(place), self.line_box.itemText(place)) for place in range(self.line_box.count())
        ]
        if shown == list(lines):
            return
        kept = self.line_number
        self.line_box.blockSignals(True)
        self.line_box.clear()
        for number, text in lines:
            self.line_box.addItem(text, number)
        self.line_box.setCurrentIndex(max(0, find_item(self.line_box, kept)) if lines else -1)
        self.line_box.blockSignals(False)
        self.line_box.setEnabled(bool(lines))

    @staticmethod
    def _say(label: ToneLabel, line: Line) -> None:
        label.set_tone(line.note.value)
        label.setText(line.text)

    def _retint(self) -> None:
        self.refresh.setIcon(icon("refresh-cw", "muted", 16))
        self.details.setIcon(icon("chevron-right" if not self.has_details else "chevron-down", "text", 16))


class _CallButton(PrimaryButton):
    """The second press of a double click must not answer what the first one brought up."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()
