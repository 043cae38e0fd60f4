"""Saved cards that Bitrix24 does not have yet: how long they wait, why, when the next try comes, what can be done."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.errors import PultError
from ui.panels.call_card.fields import ToneLabel, action_button, clear_scroll_area, hint_label, say
from ui.panels.call_card.receipt import MARK_TONES
from ui.panels.call_card.view_state import StepMark, WaitingCard
from ui.texts.card import (
    age_word,
    crm_error_sentence,
    mark_glyph,
    mark_word,
    number_word,
    reason_sentence,
    time_word,
)
from ui.widgets.plain_label import PlainLabel

translate = QCoreApplication.translate
_TALLEST = 190
_TALLEST_UNDER_A_CARD = 96
SHOWN_AT_MOST = 50
_RETRIED = (StepMark.WAITING, StepMark.PARKED, StepMark.UNSURE)


class WaitingRow(QFrame):
    """One waiting card."""

    retry_requested = Signal(str)
    customer_requested = Signal(str)
    queue_requested = Signal(str)

    def __init__(self, place: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"waiting_card_{place}")
        self._card: WaitingCard | None = None
        self.mark = ToneLabel("muted", name=f"waiting_mark_{place}")
        self.mark.setWordWrap(False)
        self.title = PlainLabel(elide=True, name=f"waiting_number_{place}")
        self.age = PlainLabel(name=f"waiting_age_{place}")
        self.age.setWordWrap(False)
        self.reason = hint_label(f"waiting_reason_{place}")
        self.retry_button = action_button(translate("CallCard", "Retry"), f"waiting_retry_{place}")
        self.customer_button = action_button(translate("CallCard", "Choose customer…"), f"waiting_customer_{place}")
        self.queue_button = action_button(translate("CallCard", "Decide…"), f"waiting_decide_{place}")
        self.retry_button.clicked.connect(self._ask_for_retry)
        self.customer_button.clicked.connect(self._ask_for_customer)
        self.queue_button.clicked.connect(self._ask_for_queue)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.mark)
        head.addWidget(self.title, 1)
        head.addWidget(self.age)
        self._foot = QWidget(self)
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.addStretch(1)
        foot.addWidget(self.queue_button)
        foot.addWidget(self.customer_button)
        foot.addWidget(self.retry_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 2, 6, 4)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addWidget(self.reason)
        layout.addWidget(self._foot)

    def show_state(self, card: WaitingCard) -> None:
        """Show the card; the same card again changes nothing."""
        if card == self._card:
            return
        self._card = card
        self.mark.setText(f"{mark_glyph(card.mark)} {mark_word(card.mark)}")
        self.mark.set_tone(MARK_TONES[card.mark])
        self.title.setText(number_word(card.phone_number))
        self.age.setText(age_word(card.age_s))
        parts = [reason_sentence(card.reason, card.reason_params, card.crm_name)]
        if card.next_try_at is not None:
            parts.append(translate("CallCard", "Next try at {time}.").format(time=time_word(card.next_try_at)))
        say(self.reason, " ".join(part for part in parts if part))
        # Without a customer, or with one that is gone, trying again leads to the same answer for ever.
        is_in_vain = card.needs_queue or (card.needs_customer and card.reason != "customer_access_denied")
        may_retry = card.mark in _RETRIED and not is_in_vain
        self.retry_button.setVisible(may_retry)
        self.customer_button.setVisible(card.needs_customer)
        self.queue_button.setVisible(card.needs_queue)
        self._foot.setVisible(may_retry or card.needs_customer or card.needs_queue)

    def _ask_for_retry(self) -> None:
        if self._card is not None:
            self.retry_requested.emit(self._card.card_key)

    def _ask_for_customer(self) -> None:
        if self._card is not None:
            self.customer_requested.emit(self._card.card_key)

    def _ask_for_queue(self) -> None:
        if self._card is not None:
            self.queue_requested.emit(self._card.card_key)


class WaitingList(QWidget):
    """All waiting cards under one headline; gone while there are none. `queue_requested(card_key)`, empty for none."""

    retry_requested = Signal(str)
    customer_requested = Signal(str)
    queue_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("waiting_cards")
        self._rows: list[WaitingRow] = []
        self.headline = PlainLabel(name="waiting_headline")
        font = self.headline.font()
        font.setBold(True)
        self.headline.setFont(font)
        self.queue_button = action_button(translate("CallCard", "Queue…"), "waiting_queue")
        self.queue_button.clicked.connect(lambda: self.queue_requested.emit(""))
        self.paused_label = ToneLabel("held", name="waiting_paused")
        self._inside = QWidget(self)
        self._list = QVBoxLayout(self._inside)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._area = clear_scroll_area(self._inside, "waiting_scroll", self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        head = QHBoxLayout()
        head.addWidget(self.headline, 1)
        head.addWidget(self.queue_button)
        layout.addLayout(head)
        for part in (self.paused_label, self._area):
            layout.addWidget(part)
        self.hide()

    def show_state(
        self, waiting: tuple[WaitingCard, ...], paused: PultError | None, *, is_compact: bool = False
    ) -> None:
        """Show the cards, oldest first, and why nothing moves at all when the queue is paused. `is_compact`: a card is
        being written above and needs the room."""
        self.headline.setText(translate("CallCard", "Waiting to be sent ({count})").format(count=len(waiting)))
        say(self.paused_label, crm_error_sentence(paused) if paused is not None else "")
        shown = waiting[:SHOWN_AT_MOST]
        while len(self._rows) < len(shown):
            self._add_row()
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(shown))
            if place < len(shown):
                row.show_state(_without_the_common_reason(shown[place], paused))
        tallest = _TALLEST_UNDER_A_CARD if is_compact else _TALLEST
        self._area.setFixedHeight(min(tallest, self._inside.sizeHint().height()) if shown else 0)
        self.setVisible(bool(waiting) or paused is not None)

    def _add_row(self) -> None:
        row = WaitingRow(len(self._rows), self._inside)
        row.retry_requested.connect(self.retry_requested)
        row.customer_requested.connect(self.customer_requested)
        row.queue_requested.connect(self.queue_requested)
        self._list.addWidget(row)
        self._rows.append(row)


def _without_the_common_reason(card: WaitingCard, paused: PultError | None) -> WaitingCard:
    """What holds all cards back is said once, above them."""
    is_common = paused is not None and card.mark is StepMark.WAITING and card.reason == paused.code
    return replace(card, reason="", reason_params={}) if is_common else card
