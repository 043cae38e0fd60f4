"""The dialog *Edit card*: only the fields that may still be changed, what mends the card first."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.domain.customer import CrmUser
from app.domain.wrap_up import Disposition
from ui.panels.call_card.fields import PrimaryButton, QuietComboBox, action_button, hint_label, say, warning_label
from ui.texts.card import number_word, outcome_word
from ui.texts.commands import cancel_text
from ui.texts.crm_reasons import AMOCRM, BITRIX24
from ui.texts.queue_edit import (
    edit_about,
    edit_problem_text,
    edit_title,
    field_title,
    no_rating_text,
    placeholder_hint,
    save_text,
)
from ui.widgets.plain_label import PlainLabel
from ui.windows.queue_edit_state import EditField, EditProblem, EditState, Typed, edited_card, shown_number

_NOTES_HEIGHT = 110
_MONEY = QRegularExpression(r"[0-9]{0,9}([.,][0-9]{0,4})?")


class QueueEditDialog(QDialog):
    """Opened with `open()`; `amended(CardToWrite)` when the operator saves a change."""

    amended = Signal(object)

    def __init__(self, state: EditState, phone_number: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queue_edit_dialog")
        self.setWindowTitle(edit_title())
        self.setMinimumWidth(460)
        self._state = state
        self.fields: dict[EditField, QWidget] = {}
        self.warnings = {edit_field: warning_label(f"edit_{edit_field.value}_problem") for edit_field in EditField}
        self._form = QFormLayout()
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for edit_field in sorted(state.open_fields, key=self._place):
            self._add(edit_field)
        self.save_button = PrimaryButton(save_text(), "edit_save")
        self.save_button.setDefault(True)
        self.cancel_button = action_button(cancel_text(), "edit_cancel")
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.save_button)
        buttons.addWidget(self.cancel_button)
        layout = QVBoxLayout(self)
        layout.addWidget(PlainLabel(edit_about(number_word(phone_number)), name="edit_about"))
        layout.addLayout(self._form)
        layout.addStretch(1)
        layout.addLayout(buttons)
        self.save_button.clicked.connect(self._save)
        self.cancel_button.clicked.connect(self.reject)
        first = next(iter(self.fields.values()), self.cancel_button)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def typed(self) -> Typed:
        """What stands in the fields."""
        return Typed(
            phone_number=self._text(EditField.PHONE_NUMBER),
            crm_user=self._text(EditField.CRM_USER),
            second_user=self._text(EditField.SECOND_USER),
            outcome=str(self._chosen(EditField.OUTCOME) or ""),
            failed_reason=self._text(EditField.FAILED_REASON),
            cost=self._text(EditField.COST),
            currency=self._text(EditField.CURRENCY),
            rating=self._rating(),
            notes=self._text(EditField.NOTES),
        )

    def _place(self, edit_field: EditField) -> tuple[bool, int]:
        return edit_field not in self._state.wanted, list(EditField).index(edit_field)

    def _save(self) -> None:
        answer = edited_card(self._state, self.typed())
        problems: Mapping[EditField, EditProblem] = answer if isinstance(answer, dict) else {}
        for edit_field, warning in self.warnings.items():
            problem = problems.get(edit_field)
            say(warning, "" if problem is None else edit_problem_text(problem))
        if not isinstance(answer, dict):
            self.amended.emit(answer)
            self.accept()
            return
        field = self.fields.get(next(iter(problems)))
        if field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(self, edit_field: EditField) -> None:
        field = self._make(edit_field)
        field.setObjectName(f"edit_{edit_field.value}")
        self.fields[edit_field] = field
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(field)
        if edit_field is EditField.PHONE_NUMBER and self._state.is_hidden and self._state.placeholder:
            hint = hint_label("edit_placeholder_hint")
            say(hint, placeholder_hint())
            column.addWidget(hint)
        column.addWidget(self.warnings[edit_field])
        label = PlainLabel(field_title(edit_field), name=f"edit_{edit_field.value}_label")
        label.setWordWrap(False)
        label.setBuddy(field)
        self._form.addRow(label, box)

    def _make(self, edit_field: EditField) -> QWidget:
        card = self._state.card
        if edit_field is EditField.OUTCOME:
            return _outcome_box(card.disposition_code)
        if edit_field is EditField.RATING:
            return _rating_box(card.rating)
        if edit_field is EditField.NOTES:
            notes = QPlainTextEdit(card.notes)
            notes.setTabChangesFocus(True)
            notes.setFixedHeight(_NOTES_HEIGHT)
            return notes
        if edit_field in (EditField.CRM_USER, EditField.SECOND_USER):
            crm_name = BITRIX24 if edit_field is EditField.CRM_USER else AMOCRM
            user_id = card.crm_user_id if edit_field is EditField.CRM_USER else card.second_user_id
            return _user_box(self._state.users.get(crm_name, ()), user_id)
        if edit_field is EditField.CURRENCY:
            return _currency_box(self._state.currencies, card.currency)
        line = QLineEdit(self._starts_with(edit_field))
        line.setMaxLength(40 if edit_field is EditField.PHONE_NUMBER else 255)
        if edit_field is EditField.COST:
            line.setValidator(QRegularExpressionValidator(_MONEY, line))
        return line

    def _starts_with(self, edit_field: EditField) -> str:
        card = self._state.card
        if edit_field is EditField.PHONE_NUMBER:
            return shown_number(self._state)
        if edit_field is EditField.COST:
            return "" if card.cost is None else f"{card.cost:f}"
        return card.failed_reason

    def _text(self, edit_field: EditField) -> str:
        field = self.fields.get(edit_field)
        if isinstance(field, QLineEdit):
            return field.text()
        if isinstance(field, QPlainTextEdit):
            return field.toPlainText()
        return field.currentText() if isinstance(field, QComboBox) else ""

    def _chosen(self, edit_field: EditField) -> object:
        field = self.fields.get(edit_field)
        return field.currentData() if isinstance(field, QComboBox) else None

    def _rating(self) -> int | None:
        chosen = self._chosen(EditField.RATING)
        return chosen if isinstance(chosen, int) and chosen else None


def _outcome_box(code: str) -> QComboBox:
    box = QuietComboBox("")
    for disposition in Disposition:
        box.addItem(outcome_word(disposition), disposition.value)
    box.setCurrentIndex(max(0, box.findData(code)))
    return box


def _rating_box(rating: int | None) -> QComboBox:
    box = QuietComboBox("")
    box.addItem(no_rating_text(), 0)
    for stars in range(1, 6):
        box.addItem(str(stars), stars)
    box.setCurrentIndex(rating or 0)
    return box


def _user_box(users: tuple[CrmUser, ...], user_id: int | None) -> QComboBox:
    """Of the CRM's list where it can be read; a number can be typed all the same."""
    box = QuietComboBox("")
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    for user in users:
        box.addItem(f"{user.name} · {user.user_id}", user.user_id)
    known = next((f"{user.name} · {user.user_id}" for user in users if user.user_id == user_id), "")
    box.setEditText(known or str(user_id or ""))
    return box


def _currency_box(codes: tuple[str, ...], chosen: str) -> QComboBox:
    box = QuietComboBox("")
    for code in dict.fromkeys(("", *codes, chosen)):
        box.addItem(code, code)
    box.setCurrentText(chosen)
    return box
