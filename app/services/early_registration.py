"""Calls registered while they still ring, where the settings want it; a card that is not due after all is taken back.

Who called has to be known first: a customer is made by the registration or not at all, so a caller nobody knows is
registered when the operator has decided, with *Save card*.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from app.background import BackgroundTasks
from app.clock import Clock
from app.domain.customer import CustomerDecision
from app.errors import StorageError
from app.outbox.entry import StepPlan
from app.outbox.store import OutboxStore
from app.services.card_table import CardTable
from app.services.card_to_write import card_begun
from app.services.desk import Desk
from app.services.open_card import OpenCard

_DECIDED = (CustomerDecision.FOUND, CustomerDecision.PICKED, CustomerDecision.CREATE)

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EarlyPlans:
    """`registration`: the steps at the first ring, none where calls are registered when they are saved. `withdrawal`:
    what is left to do for a registered call no card is due for. `hand_over` is told the card_key of either."""

    registration: StepPlan = lambda _: ()
    withdrawal: StepPlan = lambda _: ()
    hand_over: Callable[[str], None] = lambda _: None


class EarlyRegistration:
    """Follows the open cards; each is begun once. A disk in trouble costs the early registration, not the card."""

    def __init__(
        self, table: CardTable, store: OutboxStore, clock: Clock, desk: Callable[[], Desk], plans: EarlyPlans
    ) -> None:
        self._table = table
        self._store = store
        self._clock = clock
        self._desk = desk
        self._plans = plans
        self._asked_for: set[str] = set()
        self._one_by_one = asyncio.Lock()
        self._tasks = BackgroundTasks()
        self._following = table.changed.subscribe(self._follow)

    async def start(self) -> None:
        """Take back what an earlier run began and has no draft of any more. Raises StorageError."""
        for card_key in await self._store.left_begun():
            await self._withdraw(card_key)

    def dropped(self, card_key: str) -> None:
        """No card is due."""
        if card_key in self._asked_for:
            self._tasks.start(self._take_back(card_key), name="take a registration back")

    async def aclose(self) -> None:
        """Begin nothing more; what is being written is written."""
        self._following.cancel()
        async with self._one_by_one:
            await self._tasks.aclose()

    def _follow(self, card_key: str) -> None:
        card = self._table.cards.get(card_key)
        if card is not None and card_key not in self._asked_for and _may_begin(card):
            self._asked_for.add(card_key)
            self._tasks.start(self._begin(card_key), name="register early")

    async def _begin(self, card_key: str) -> None:
        async with self._one_by_one:
            card, defaults = self._table.cards.get(card_key), self._desk().defaults
            if card is None or card.draft.facts.is_finished or defaults.crm_user_id is None:
                return
            begun = card_begun(card.draft, defaults)
            steps = self._plans.registration(begun)
            try:
                if steps and await self._store.begin(begun, steps, self._clock.now()):
                    self._plans.hand_over(card_key)
            except StorageError as error:
                _logger.warning("a call was not registered early", extra={"code": error.code})

    async def _take_back(self, card_key: str) -> None:
        async with self._one_by_one:
            try:
                await self._withdraw(card_key)
            except StorageError as error:
                _logger.warning("a registration was not taken back", extra={"code": error.code})

    async def _withdraw(self, card_key: str) -> None:
        entry = await self._store.card(card_key)
        steps = () if entry is None else self._plans.withdrawal(entry.card)
        if await self._store.abandon(card_key, steps, self._clock.now()):
            self._plans.hand_over(card_key)


def _may_begin(card: OpenCard) -> bool:
    is_running = not card.draft.facts.is_finished and not card.is_offered
    return is_running and card.lookup == "done" and card.draft.fields.customer.decision in _DECIDED
