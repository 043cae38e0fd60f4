"""Finding a customer by hand: by number through Bitrix24's search, or by kind and number of the record."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRegularExpression, QTimer, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from app.domain.customer import Customer, CustomerKind
from ui.panels.call_card.fields import QuietComboBox, buddy_label, find_item, hint_label, say
from ui.panels.call_card.view_state import CustomerSearch
from ui.texts.card import crm_error_sentence, customer_kind_word, customer_words
from ui.widgets.plain_label import PlainLabel

translate = QCoreApplication.translate
_MOST_DIGITS = 12
_TYPED_MS = 600


class CustomerPicker(QWidget):
    """`picked` when the customer changed, `search_requested(number)` when the operator wants Bitrix24 asked,
    `record_requested(CustomerKind, int)` a moment after a record's number was typed: who is that?"""

    picked = Signal()
    search_requested = Signal(str)
    record_requested = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("customer_picker")
        self._customer: Customer | None = None
        self._search: CustomerSearch | None = None
        self._is_reflecting = False
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(_TYPED_MS)
        self._typed.timeout.connect(self._ask_record)
        self._make_fields()
        self._lay_out()
        self.number_field.textChanged.connect(self._enable_search)
        self.number_field.returnPressed.connect(self._ask)
        self.search_button.clicked.connect(self._ask)
        self.result_box.currentIndexChanged.connect(self._take_result)
        self.kind_box.currentIndexChanged.connect(self._take_record)
        self.record_field.textEdited.connect(self._take_record)
        self._enable_search()

    @property
    def customer(self) -> Customer | None:
        """The customer picked so far."""
        return self._customer

    def first_labels(self) -> list[PlainLabel]:
        """The labels of the left column, to be lined up with those around the picker."""
        return [self.number_label, self.result_label, self.kind_label]

    def reset(self) -> None:
        """Forget everything: another card is another customer."""
        self._customer = None
        self._show_results(())
        self.record_field.clear()
        self.number_field.clear()
        self.number_field.setModified(False)
        self.show_search(None)

    def set_customer(self, customer: Customer) -> None:
        """Show a customer chosen earlier, without telling it back."""
        if customer == self._customer:
            return
        self._customer = customer
        self._is_reflecting = True
        if customer.name:
            self._show_results((customer,))
        else:
            self.kind_box.setCurrentIndex(find_item(self.kind_box, customer.kind))
            self.record_field.setText(str(customer.crm_entity_id))
        self._is_reflecting = False

    def suggest_number(self, phone_number: str) -> None:
        """Start from the caller's number; a number being typed stays."""
        if not self.number_field.isModified():
            self.number_field.setText(phone_number)

    def show_search(self, search: CustomerSearch | None) -> None:
        """What the search found. The first result is taken, as Bitrix24 puts the likeliest first."""
        if search is self._search:
            return
        self._search = search
        if search is None:
            say(self.hint, "")
        elif search.is_running:
            say(self.hint, translate("CallCard", "Searching…"))
        elif search.error is not None:
            say(self.hint, crm_error_sentence(search.error, search.crm_name))
        elif search.record is not None and not search.customers:
            say(self.hint, translate("CallCard", "Bitrix24 shows no such record. Check its kind and its number."))
        elif not search.customers:
            say(self.hint, translate("CallCard", "Nobody found. Try another number, or type the record below."))
        else:
            say(self.hint, "")
        if search is not None and search.customers and self._is_wanted(search):
            self._show_results(search.customers)
            self._take_result()
        # At once: a dialog that grows with the sentence asks for the height before the event loop gets to it.
        self._grid.activate()
        self.updateGeometry()

    def _is_wanted(self, search: CustomerSearch) -> bool:
        """An answer about a record that has been typed over meanwhile names somebody nobody wants any more."""
        chosen = self._customer
        return search.record is None or (chosen is not None and search.record == (chosen.kind, chosen.crm_entity_id))

    def _make_fields(self) -> None:
        self.number_field = QLineEdit(self)
        self.number_field.setObjectName("customer_search_number")
        self.number_field.setMaxLength(32)
        self.search_button = QPushButton(translate("CallCard", "Search"), self)
        self.search_button.setObjectName("customer_search_button")
        self.search_button.setAccessibleName(self.search_button.text())
        self.search_button.setAutoDefault(False)
        self.hint = hint_label("customer_search_hint")
        self.result_box = QuietComboBox("customer_search_results", self)
        self.kind_box = QuietComboBox("customer_kind", self)
        for kind in CustomerKind:
            self.kind_box.addItem(customer_kind_word(kind), kind)
        self.record_field = QLineEdit(self)
        self.record_field.setObjectName("customer_record")
        digits = QRegularExpression(rf"[0-9]{{0,{_MOST_DIGITS}}}")
        self.record_field.setValidator(QRegularExpressionValidator(digits, self.record_field))

    def _lay_out(self) -> None:
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        self.number_label = buddy_label(translate("CallCard", "Number"), self.number_field, "customer_search_label")
        grid.addWidget(self.number_label, 0, 0)
        grid.addWidget(self.number_field, 0, 1)
        grid.addWidget(self.search_button, 0, 2)
        grid.addWidget(self.hint, 1, 1, 1, 2)
        self.result_label = buddy_label(translate("CallCard", "Found"), self.result_box, "customer_results_label")
        grid.addWidget(self.result_label, 2, 0)
        grid.addWidget(self.result_box, 2, 1, 1, 2)
        self.result_label.hide()
        self.result_box.hide()
        self.kind_label = buddy_label(translate("CallCard", "Or record"), self.kind_box, "customer_kind_label")
        grid.addWidget(self.kind_label, 3, 0)
        record = QHBoxLayout()
        record.addWidget(self.kind_box, 3)
        record.addWidget(buddy_label(translate("CallCard", "ID"), self.record_field, "customer_record_label"))
        record.addWidget(self.record_field, 2)
        grid.addLayout(record, 3, 1, 1, 2)
        grid.setColumnStretch(1, 1)

    def _show_results(self, customers: tuple[Customer, ...]) -> None:
        was_reflecting, self._is_reflecting = self._is_reflecting, True
        self.result_box.clear()
        for customer, words in zip(customers, customer_words(customers), strict=True):
            self.result_box.addItem(words, customer)
        self.result_label.setVisible(bool(customers))
        self.result_box.setVisible(bool(customers))
        self._is_reflecting = was_reflecting

    def _enable_search(self) -> None:
        self.search_button.setEnabled(any(character.isdigit() for character in self.number_field.text()))

    def _ask(self) -> None:
        if self.search_button.isEnabled():
            self.search_requested.emit(self.number_field.text())

    def _take_result(self) -> None:
        chosen = self.result_box.currentData()
        if not self._is_reflecting and isinstance(chosen, Customer):
            self._take(chosen)

    def _take_record(self) -> None:
        digits = self.record_field.text()
        kind = self.kind_box.currentData()
        if self._is_reflecting or not digits or int(digits) == 0 or not isinstance(kind, CustomerKind):
            return
        self._show_results(())
        self._take(Customer(kind, int(digits), ""))
        self._typed.start()

    def _ask_record(self) -> None:
        customer = self._customer
        if customer is not None and not customer.name:
            self.record_requested.emit(customer.kind, customer.crm_entity_id)

    def _take(self, customer: Customer) -> None:
        if customer != self._customer:
            self._customer = customer
            self.picked.emit()
