"""Who called, asked for each open card and put into it; the asking itself is screen_pop's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.crm.matching import first_choice
from app.domain.customer import CustomerDecision
from app.domain.phone_number import parse_phone_number
from app.errors import PultError
from app.observe import Subscription
from app.services.card_table import CardTable
from app.services.desk import Desk
from app.services.screen_pop import Found, ScreenPop


class CardLookup:
    """Follows the answers while it is started."""

    def __init__(self, table: CardTable, screen_pop: ScreenPop, desk: Callable[[], Desk]) -> None:
        self._table = table
        self._screen_pop = screen_pop
        self._desk = desk

    def follow(self) -> Subscription:
        """Take the answers from now on."""
        return self._screen_pop.found.subscribe(self._on_found)

    def begin(self, card_key: str) -> None:
        """Ask who called; raises KeyError for a card that is not open."""
        self._screen_pop.look_up(card_key, self._table.cards[card_key].draft.facts.phone_number)

    def again(self, card_key: str) -> None:
        """Ask once more, after a look-up that failed."""
        self._table.put(card_key, replace(self._table.cards[card_key], lookup="pending", lookup_error=None))
        self.begin(card_key)

    def failed_again(self) -> None:
        """A CRM was connected: who called before is asked for now."""
        for card_key, card in tuple(self._table.cards.items()):
            if card.lookup == "failed":
                self.again(card_key)

    def end(self, card_key: str) -> None:
        """The card is gone: nobody waits for the answer any more."""
        self._screen_pop.cancel(card_key)

    def _on_found(self, answer: tuple[str, Found]) -> None:
        card_key, found = answer
        card = self._table.cards.get(card_key)
        if card is None:
            return
        if isinstance(found, PultError):
            self._table.put(card_key, replace(card, lookup="failed", lookup_error=found))
            return
        draft = card.draft
        if draft.fields.customer.decision is CustomerDecision.UNDECIDED:
            is_hidden = parse_phone_number(draft.facts.phone_number).is_hidden
            create_unknown = self._desk().defaults.create_unknown and not is_hidden
            choice = first_choice(found, create_unknown=create_unknown)
            draft = replace(draft, fields=replace(draft.fields, customer=choice))
        self._table.put(
            card_key, replace(card, draft=draft, matches=found, lookup="done", lookup_error=None), keep=True
        )
