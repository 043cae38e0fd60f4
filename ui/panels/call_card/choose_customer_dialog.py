"""A small dialog for a parked note: who shall have it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.customer import CustomerChoice, CustomerDecision
from ui.panels.call_card.customer_picker import CustomerPicker
from ui.panels.call_card.fields import action_button
from ui.panels.call_card.view_state import CustomerSearch
from ui.texts.card import number_word
from ui.widgets.plain_label import PlainLabel

translate = QCoreApplication.translate


class ChooseCustomerDialog(QDialog):
    """Opened with `open()`; `chosen(card_key, CustomerChoice)` once, when the operator agrees."""

    chosen = Signal(str, object)
    search_requested = Signal(str, str)

    def __init__(self, card_key: str, phone_number: str, search_number: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("choose_customer_dialog")
        self.setWindowTitle(translate("CallCard", "Choose customer"))
        self.card_key = card_key
        text = translate("CallCard", "The call was with {number}.\nWho shall get its notes?")
        question = PlainLabel(text.format(number=number_word(phone_number)), name="choose_customer_question")
        self.picker = CustomerPicker(self)
        self.picker.suggest_number(search_number)
        self.agree_button = action_button(translate("CallCard", "Use this customer"), "choose_customer_agree")
        self.agree_button.setEnabled(False)
        self.cancel_button = action_button(translate("CallCard", "Cancel"), "choose_customer_cancel")
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.agree_button)
        buttons.addWidget(self.cancel_button)
        layout = QVBoxLayout(self)
        layout.addWidget(question)
        layout.addWidget(self.picker)
        layout.addStretch(1)
        layout.addLayout(buttons)
        self.setMinimumWidth(380)
        self.picker.picked.connect(lambda: self.agree_button.setEnabled(True))
        self.picker.search_requested.connect(lambda number: self.search_requested.emit(card_key, number))
        self.agree_button.clicked.connect(self._agree)
        self.cancel_button.clicked.connect(self.reject)

    def show_search(self, search: CustomerSearch | None) -> None:
        """Show what Bitrix24 found, when it was this dialog that asked."""
        if search is not None and search.card_key == self.card_key:
            self.picker.show_search(search)
            self._make_room()

    def _make_room(self) -> None:
        """A dialog does not grow by itself with a sentence that wraps."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))

    def _agree(self) -> None:
        customer = self.picker.customer
        if customer is not None:
            self.chosen.emit(self.card_key, CustomerChoice(CustomerDecision.PICKED, customer))
            self.accept()
