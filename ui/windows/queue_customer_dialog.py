"""Whom a parked card is for: a customer that is found, or what else can become of a number nobody in amoCRM has."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from app.domain.customer import Customer
from app.domain.wrap_up import UnknownNumberChoice
from ui.panels.call_card.customer_picker import CustomerPicker
from ui.panels.call_card.fields import action_button
from ui.panels.call_card.view_state import CustomerSearch
from ui.texts.commands import cancel_text
from ui.texts.queue_edit import agree_text, unknown_number_question, unknown_number_text, unknown_number_title
from ui.widgets.plain_label import PlainLabel

_CHOICES = (
    UnknownNumberChoice.ATTACH,
    UnknownNumberChoice.CREATE_CONTACT,
    UnknownNumberChoice.UNSORTED,
    UnknownNumberChoice.SKIP,
)


class QueueUnknownNumberDialog(QDialog):
    """Opened with `open()`; `decided(UnknownNumberChoice, Customer or None)` once, when the operator agrees;
    `search_requested(card_key, number)` as in ui.panels.call_card.choose_customer_dialog."""

    decided = Signal(object, object)
    search_requested = Signal(str, str)

    def __init__(
        self, card_key: str, phone_number: str, search_number: str, parent: QWidget | None = None, *, is_hidden: bool
    ) -> None:
        """`is_hidden`: without a number there is nobody to make a contact of."""
        super().__init__(parent)
        self.setObjectName("queue_unknown_number_dialog")
        self.setWindowTitle(unknown_number_title())
        self.setMinimumWidth(420)
        self.card_key = card_key
        self.group = QButtonGroup(self)
        self.radios: dict[UnknownNumberChoice, QRadioButton] = {}
        self.picker = CustomerPicker(self)
        self.picker.suggest_number(search_number)
        self.agree_button = action_button(agree_text(), "unknown_number_agree")
        self.agree_button.setDefault(True)
        self.cancel_button = action_button(cancel_text(), "unknown_number_cancel")
        layout = QVBoxLayout(self)
        layout.addWidget(PlainLabel(unknown_number_question(phone_number), name="unknown_number_question"))
        for choice in _CHOICES:
            layout.addWidget(self._radio(choice))
            if choice is UnknownNumberChoice.ATTACH:
                inset = QHBoxLayout()
                inset.setContentsMargins(24, 0, 0, 0)
                inset.addWidget(self.picker)
                layout.addLayout(inset)
        self.radios[UnknownNumberChoice.CREATE_CONTACT].setEnabled(not is_hidden)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.agree_button)
        buttons.addWidget(self.cancel_button)
        layout.addStretch(1)
        layout.addLayout(buttons)
        self.picker.picked.connect(self._enable)
        self.picker.search_requested.connect(lambda number: self.search_requested.emit(card_key, number))
        self.group.buttonToggled.connect(lambda *_: self._enable())
        self.agree_button.clicked.connect(self._agree)
        self.cancel_button.clicked.connect(self.reject)
        self.radios[UnknownNumberChoice.ATTACH].setChecked(True)
        self._enable()

    @property
    def choice(self) -> UnknownNumberChoice:
        return next(choice for choice, radio in self.radios.items() if radio.isChecked())

    def show_search(self, search: CustomerSearch | None) -> None:
        """Show what amoCRM found, when it was this dialog that asked."""
        if search is None or search.card_key != self.card_key:
            return
        self.picker.show_search(search)
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))

    def _radio(self, choice: UnknownNumberChoice) -> QRadioButton:
        radio = self.radios[choice] = QRadioButton(unknown_number_text(choice))
        radio.setObjectName(f"unknown_number_{choice.value}")
        radio.setAccessibleName(radio.text())
        self.group.addButton(radio)
        return radio

    def _enable(self) -> None:
        attaches = self.choice is UnknownNumberChoice.ATTACH
        self.picker.setEnabled(attaches)
        self.agree_button.setEnabled(not attaches or self.picker.customer is not None)

    def _agree(self) -> None:
        customer: Customer | None = self.picker.customer if self.choice is UnknownNumberChoice.ATTACH else None
        self.decided.emit(self.choice, customer)
        self.accept()
