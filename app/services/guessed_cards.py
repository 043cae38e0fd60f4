"""Open cards of calls whose end nobody saw here, until the account's reports tell what came of them. Asks nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from app.domain.calls import CallSessionId, EmployeeId
from app.domain.reported_call import ReportedPart
from app.domain.wrap_up import CallFacts
from app.services.card_table import CardTable
from app.services.open_card import OpenCard


class GuessedCards:
    """A console that closes or dies while a call rings leaves a draft: whether a colleague took the call, or I did
    after all, is a guess."""

    def __init__(self, table: CardTable, drop: Callable[[str], None]) -> None:
        """`drop` closes a card no card was due for."""
        self._table = table
        self._drop = drop

    def of(self, employee_id: EmployeeId) -> Mapping[CallSessionId, tuple[CallFacts, ...]]:
        """What is believed of that employee's parts, by call."""
        found: dict[CallSessionId, tuple[CallFacts, ...]] = {}
        for card in self._table.cards.values():
            facts = card.draft.facts
            if facts.employee_id == employee_id and _is_guessed(card):
                found[facts.call_session_id] = (*found.get(facts.call_session_id, ()), facts)
        return found

    def correct(self, card_key: str, part: ReportedPart | None) -> None:
        """What the report says of it; None: no card is due. A card that is being saved stays as it is."""
        card = self._table.cards.get(card_key)
        if card is None or card.save == "saving":
            return
        if part is None:
            self._drop(card_key)
            return
        facts = card.draft.facts
        told = replace(
            facts,
            talk_s=part.talk_s,
            proposed=part.proposed,
            kind=facts.kind or part.kind,
            ended_at=part.ended_at,
        )
        if told != facts:
            self._table.put(card_key, replace(card, draft=replace(card.draft, facts=told)), keep=True)


def _is_guessed(card: OpenCard) -> bool:
    facts = card.draft.facts
    return not card.is_offered and (facts.proposed is None or facts.proposed.is_guess)
