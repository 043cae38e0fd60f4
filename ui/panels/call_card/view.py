"""The call card's widgets put together. What they show comes in through `render`; what the operator does goes out."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QGroupBox, QVBoxLayout, QWidget


class CallCardView(QWidget):
    """Signals out: `fields_edited(card_key, CardFields)`, `save_requested(card_key)`, `card_chosen(card_key)`,
    `customer_search_requested(card_key, phone_number)`, `retry_requested(card_key)`,
    `customer_chosen(card_key, CustomerChoice)` for a parked note, `portal_link_requested(card_key)`.
    """

    fields_edited = Signal(str, object)
    save_requested = Signal(str)
    card_chosen = Signal(str)
    customer_search_requested = Signal(str, str)
    retry_requested = Signal(str)
    customer_chosen = Signal(str, object)
    portal_link_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("call_card")
        title = QCoreApplication.translate("CallCard", "Bitrix24 call card")
        self.group = QGroupBox(title, self)
        self.group.setObjectName("call_card_group")
        self.group.setAccessibleName(title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.group)

    def focus_notes(self) -> None:
        """Put the cursor into the notes of the card shown; for the key of *Notes*."""
        self.setFocus()

    def save(self) -> None:
        """Ask for the card shown to be saved; for the key of *Save card*."""
