"""*Later*, *Take up*, *Extend*, and cards that were saved because their time was over, told in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.services.open_card import CardSaved
from ui.bridge import bridge
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
        self._services = services
        self._say = say
        self._completed = completed
        self._taken_up = taken_up
        self._numbers: dict[str, str] = {}
        view.later_requested.connect(self.set_aside)
        view.extend_requested.connect(self._extend)
        view.take_up_requested.connect(self.take_up)
        bridge(services.wrap_up.saved, self._tell, view)

    def of(self, card_key: str) -> CardTime:
        """How long that card may stay open. Its number is kept: the card is gone when its time is over."""
        wrap_up = self._services.wrap_up
        self._numbers[card_key] = number_for_eye(wrap_up.cards[card_key].draft.facts.phone_number)
        return CardTime(wrap_up.due_at_s(card_key), self._services.settings.card.extend_s)

    def set_aside(self, card_key: str) -> None:
        """Keep the card as a draft, out of sight."""
        if card_key in self._services.wrap_up.cards and self._services.wrap_up.set_aside(card_key):
            self._say(set_aside_done_text(), "text")

    def take_up(self, card_key: str) -> None:
        """Go on with it, and show it."""
        if card_key in self._services.wrap_up.cards:
            self._services.wrap_up.take_up(card_key)
            self._taken_up(card_key)

    def _extend(self, card_key: str) -> None:
        self._services.wrap_up.extend(card_key)

    def _tell(self, saved: list[CardSaved]) -> None:
        for card in saved:
            number = self._numbers.pop(card.card_key, "")
            if card.is_automatic:
                self._say(completed_text(number_word(number)), "held")
                self._completed(card.card_key)
