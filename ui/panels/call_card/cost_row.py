"""What the call cost: an amount and its currency, out of those of the portal."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QCoreApplication, QRegularExpression, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.domain.customer import Currency
from app.domain.wrap_up import CardFields
from ui.panels.call_card.fields import QuietComboBox, buddy_label, find_item
from ui.widgets.plain_label import plain_tooltip

translate = QCoreApplication.translate


class CostRow(QWidget):
    """`edited(name)`: the operator changed "cost" or "currency"."""

    edited = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card_cost_row")
        self._currencies: tuple[Currency, ...] = ()
        self._is_reflecting = False
        self.cost_field = QLineEdit(self)
        self.cost_field.setObjectName("card_cost")
        digits = QRegularExpression(r"[0-9]{0,9}([.,][0-9]{0,4})?")
        self.cost_field.setValidator(QRegularExpressionValidator(digits, self.cost_field))
        self.currency_field = QuietComboBox("card_currency", self)
        self.currency_field.setMinimumContentsLength(3)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.cost_field, 1)
        layout.addWidget(buddy_label(translate("CallCard", "Currency"), self.currency_field, "card_currency_label"), 1)
        layout.addWidget(self.currency_field, 1)
        self.setFocusProxy(self.cost_field)
        self.cost_field.textEdited.connect(lambda _: self._tell("cost"))
        self.currency_field.currentIndexChanged.connect(lambda _: self._tell("currency"))

    @property
    def cost(self) -> Decimal | None:
        try:
            return Decimal(self.cost_field.text().replace(",", "."))
        except InvalidOperation:
            return None

    @property
    def currency(self) -> str:
        return str(self.currency_field.currentData() or "")

    def show_fields(self, fields: CardFields, untouched: frozenset[str]) -> None:
        """Write the values named in `untouched`."""
        self._is_reflecting = True
        shown = "" if fields.cost is None else f"{fields.cost:f}"
        if "cost" in untouched and self.cost_field.text() != shown:
            self.cost_field.setText(shown)
        if "currency" in untouched:
            self._show_currency(fields.currency)
        self._is_reflecting = False

    def show_currencies(self, currencies: tuple[Currency, ...]) -> None:
        """Offer these; the one chosen stays."""
        if currencies == self._currencies:
            return
        self._is_reflecting = True
        chosen = self.currency
        self._currencies = currencies
        self.currency_field.clear()
        for currency in currencies:
            self.currency_field.addItem(currency.code, currency.code)
            tip = plain_tooltip(currency.name)
            self.currency_field.setItemData(self.currency_field.count() - 1, tip, 3)
        self._show_currency(chosen)
        self._is_reflecting = False

    def _show_currency(self, code: str) -> None:
        if code and find_item(self.currency_field, code) < 0:
            # Typed in an earlier run, or the portal's list could not be read: it must not silently become another one.
            self.currency_field.addItem(code, code)
        self.currency_field.setCurrentIndex(find_item(self.currency_field, code))

    def _tell(self, name: str) -> None:
        if not self._is_reflecting:
            self.edited.emit(name)
