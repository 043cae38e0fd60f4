"""From an open card to the outbox, once: by *Save card*, or as it stands when nobody pressed it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

from app.clock import Clock
from app.domain.wrap_up import CardDraft, CardProblem, card_problems
from app.errors import PultError, StorageError
from app.observe import Observable
from app.outbox.audit import Deed
from app.outbox.entry import StepPlan
from app.outbox.store import OutboxStore
from app.services.card_table import CardTable
from app.services.card_to_write import card_to_write, planned_steps
from app.services.desk import Desk
from app.services.open_card import CardSaved

_logger = logging.getLogger(__name__)


class CardSaving:
    """One commit a card. `saved` publishes each of them once it is on the disk."""

    def __init__(
        self, table: CardTable, store: OutboxStore, plan: StepPlan, clock: Clock, desk: Callable[[], Desk]
    ) -> None:
        self.saved: Observable[CardSaved] = Observable()
        self._table = table
        self._store = store
        self._plan = plan
        self._clock = clock
        self._desk = desk
        self._saved: dict[str, CardSaved] = {}
        self._saving = asyncio.Lock()

    def problems_of(self, card_key: str) -> tuple[CardProblem, ...]:
        """What keeps *Save card* from saving it now. Raises KeyError for a card that is not open."""
        return card_problems(self._table.cards[card_key].draft, self._desk().rules.required)

    async def save(self, card_key: str) -> tuple[CardProblem, ...] | CardSaved:
        """As `WrapUp.save`."""
        async with self._saving:
            saved = self._saved.get(card_key)
            if saved is not None:
                return saved
            problems = self.problems_of(card_key)
            if problems:
                return problems
            saved = await self._write(card_key, is_automatic=False)
        self._tell(saved)
        return saved

    async def complete(self, card_key: str) -> CardSaved | None:
        """Save the card as it stands, whatever it lacks, and marked as such; None when it is not open, its call still
        runs, or it is set aside by now. Raises StorageError; the draft stays then."""
        async with self._saving:
            card = self._table.cards.get(card_key)
            if card is None or card.is_set_aside or not card.draft.facts.is_finished:
                return None
            saved = await self._write(card_key, is_automatic=True)
        self._tell(saved)
        return saved

    async def _write(self, card_key: str, *, is_automatic: bool) -> CardSaved:
        card = replace(self._table.cards[card_key], save="saving", save_error=None)
        self._table.put(card_key, card)
        to_write = card_to_write(card.draft, self._desk().defaults, is_automatic=is_automatic)
        steps = planned_steps(self._plan, card.draft, to_write)
        try:
            saved_at = await self._store.save(to_write, steps, self._clock.now())
        except StorageError as error:
            self._table.put(card_key, replace(self._table.cards[card_key], save="not_saved", save_error=error))
            raise
        except asyncio.CancelledError:
            # It may be written all the same: saving once more finds it.
            self._table.put(card_key, replace(self._table.cards[card_key], save="editing"))
            raise
        await self._amend(card_key, card.draft, is_automatic=is_automatic)
        saved = self._saved[card_key] = CardSaved(card_key, saved_at, is_automatic, to_write.phone_number)
        self._table.close(card_key)
        return saved

    async def _amend(self, card_key: str, written: CardDraft, *, is_automatic: bool) -> None:
        """Letters typed while the card went to the disk belong to it. Nobody has been told of it yet, so nothing of it
        is sent before."""
        while (late := self._table.cards[card_key].draft) != written:
            amended = card_to_write(late, self._desk().defaults, is_automatic=is_automatic)
            steps = planned_steps(self._plan, late, amended)
            try:
                await self._store.amend(card_key, amended, Deed.AMENDED, self._clock.now(), steps=steps)
            except PultError as error:
                _logger.warning("the last letters of a card are not in it", extra={"code": error.code})
                return
            written = late

    def _tell(self, saved: CardSaved) -> None:
        self.saved.publish(saved)
        self._table.changed.publish(saved.card_key)
