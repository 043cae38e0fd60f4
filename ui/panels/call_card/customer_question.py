"""Asking whose a parked note is, one card at a time. What the dialog looks like is its own business."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from ui.panels.call_card.view_state import CustomerSearch, WaitingCard

if TYPE_CHECKING:
    from ui.panels.call_card.choose_customer_dialog import ChooseCustomerDialog


class CustomerQuestion(QObject):
    """`chosen(card_key, CustomerChoice)`, `search_requested(card_key, phone_number)`."""

    chosen = Signal(str, object)
    search_requested = Signal(str, str)

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self._dialog: ChooseCustomerDialog | None = None

    def ask_about(self, card_key: str, cards: Iterable[WaitingCard]) -> None:
        """Open the dialog for that one of the cards, if it is still there."""
        card = next((card for card in cards if card.card_key == card_key), None)
        if card is not None:
            self.ask(card)

    def ask(self, card: WaitingCard) -> None:
        """Open the dialog, unless one is open already."""
        if self._dialog is not None:
            return
        from ui.panels.call_card.choose_customer_dialog import ChooseCustomerDialog

        dialog = ChooseCustomerDialog(card.card_key, card.phone_number, card.search_number, self._owner)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self.chosen)
        dialog.search_requested.connect(self.search_requested)
        dialog.finished.connect(self._forget)
        self._dialog = dialog
        dialog.open()

    def show_search(self, search: CustomerSearch | None) -> None:
        """Show a search's result, when it is the dialog that asked."""
        if self._dialog is not None:
            self._dialog.show_search(search)

    def _forget(self) -> None:
        self._dialog = None
