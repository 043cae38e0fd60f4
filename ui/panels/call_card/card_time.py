"""*Later*, *Take up*, *Extend*, and cards that were saved because their time was over, told in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.services.open_card import CardSaved
from ui.panels.call_card.view import CallCardView
from ui.panels.call_card.view_state import CardTime, number_for_eye
from ui.texts.card import completed_text, number_word, set_aside_done_text

if TYPE_CHECKING:
    from app.bootstrap import Services

Say = Callable[[str, str], None]
"""A line for the bottom of the window, and its tone."""


class CardTimes:
    """`completed(card_key)` is called for each card nobody saved by hand, `taken_up(card_key)` for one to be shown."""

    def __init__(
        self,
        view: CallCardView,
        services: Services,
        say: Say,
        *,
        completed: Callable[[str], None],
        taken_up: Callable[[str], None],
    ) -> None:
        self._view = view
        self._services = services
        self._say = say
        self._completed = completed
        self._taken_up = taken_up
        view.later_requested.connect(self.set_aside)
        view.extend_requested.connect(self._extend)
        view.take_up_requested.connect(self.take_up)
        # At once, not with the next turn of the loop: by then the panel would have turned to another card.
        telling = services.wrap_up.saved.subscribe(self._tell)
        view.destroyed.connect(lambda *_: telling.cancel())

    def of(self, card_key: str) -> CardTime:
        """How long that card may stay open."""
        return CardTime(self._services.wrap_up.due_at_s(card_key), self._services.settings.card.extend_s)

    def set_aside(self, card_key: str) -> None:
        """Keep the card as a draft, out of sight."""
        if card_key in self._services.wrap_up.cards and self._services.wrap_up.set_aside(card_key):
            self._view.let_go_of_cursor()
            self._say(set_aside_done_text(), "text")

    def take_up(self, card_key: str) -> None:
        """Go on with it, and show it."""
        if card_key in self._services.wrap_up.cards:
            self._services.wrap_up.take_up(card_key)
            self._taken_up(card_key)

    def _extend(self, card_key: str) -> None:
        self._services.wrap_up.extend(card_key)

    def _tell(self, card: CardSaved) -> None:
        if card.is_automatic:
            self._say(completed_text(number_word(number_for_eye(card.phone_number))), "held")
            self._completed(card.card_key)
