"""One line under the card for the drafts to be written later, with a button that takes one of them up again."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from ui.choice_menu import menu_text
from ui.panels.call_card.fields import action_button
from ui.panels.call_card.view_state import SetAsideCard
from ui.texts.card import number_word, set_aside_text, short_time_word
from ui.widgets.plain_label import PlainLabel

translate = QCoreApplication.translate


class SetAsideLine(QWidget):
    """`take_up_requested(card_key)`: at once while there is one, out of a menu where there are several."""

    take_up_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("set_aside")
        self._cards: tuple[SetAsideCard, ...] = ()
        self.count = PlainLabel(elide=True, name="set_aside_count")
        self.button = action_button(translate("CallCard", "Take up"), "set_aside_take_up")
        self.button.clicked.connect(self._take_up)
        self.menu = QMenu(self)
        self.menu.setObjectName("set_aside_menu")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.count, 1)
        layout.addWidget(self.button)
        self.hide()

    def show_state(self, cards: tuple[SetAsideCard, ...]) -> None:
        """Show how many there are; nothing at all while there are none."""
        if cards == self._cards:
            return
        self._cards = cards
        self.count.setText(set_aside_text(len(cards)))
        self.menu.clear()
        for place, card in enumerate(cards):
            words = f"{short_time_word(card.began_at)} {number_word(card.title)}"
            entry = self.menu.addAction(menu_text(words))
            entry.setObjectName(f"set_aside_{place}")
            entry.triggered.connect(lambda _=False, key=card.card_key: self.take_up_requested.emit(key))
        self.setVisible(bool(cards))

    def _take_up(self) -> None:
        if len(self._cards) == 1:
            self.take_up_requested.emit(self._cards[0].card_key)
        elif self._cards:
            self.menu.popup(self.button.mapToGlobal(QPoint(0, self.button.height())))
