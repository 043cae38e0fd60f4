"""The widgets of the call card that the empty panel does without: made with the first state, after the first paint."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from ui.panels.call_card.card_strip import CardStrip
from ui.panels.call_card.customer_question import CustomerQuestion
from ui.panels.call_card.editor import CardEditor
from ui.panels.call_card.kept_notes import KeptNotesLine
from ui.panels.call_card.receipt import ReceiptView
from ui.panels.call_card.set_aside_line import SetAsideLine
from ui.panels.call_card.waiting_list import WaitingList


class CardParts:
    """Where they stand in the panel is the panel's business."""

    def __init__(self, now: Callable[[], float], panel: QWidget) -> None:
        self.strip = CardStrip(panel)
        self.editor = CardEditor(now, panel)
        self.receipt = ReceiptView(panel)
        self.set_aside = SetAsideLine(panel)
        self.waiting = WaitingList(panel)
        self.question = CustomerQuestion(panel)
        self.kept_notes = KeptNotesLine(panel)
