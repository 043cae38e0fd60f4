"""The cards of the queue as they were last read: all at once when the window opens, afterwards those that moved."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from app.errors import PultError
from app.outbox.entry import CardPhase
from ui.windows.queue_rows import OVER, is_of_the_queue, row_of_card, row_of_draft
from ui.windows.queue_state import QueueRow

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.outbox.audit import AuditRow
    from app.outbox.entry import OutboxCard
    from ui.tasks import TaskScope

_log = logging.getLogger(__name__)

SENT_LATELY = 200
DISCARDED_LATELY = 200
_ONE_BY_ONE = 20
"""With more cards that moved than this, reading all is cheaper than reading each."""


class QueueCards:
    """`told` is called whenever something here has changed. Errors of the disk end in `trouble` and are tried again
    with the next change."""

    def __init__(self, services: Services, scope: TaskScope, told: Callable[[], None]) -> None:
        self.trouble: PultError | None = None
        self.was_read = False
        self.audit: tuple[AuditRow, ...] = ()
        self._services = services
        self._scope = scope
        self._told = told
        self._cards: dict[str, OutboxCard] = {}
        self._rows: dict[str, QueueRow] = {}
        self._moved: set[str] = set()
        self._wants_all = False
        self._is_reading = False
        self._watched: str | None = None

    @property
    def rows(self) -> Iterable[QueueRow]:
        """Saved cards, and drafts that wait."""
        return {**self._rows, **self.drafts}.values()

    @property
    def drafts(self) -> Mapping[str, QueueRow]:
        """Drafts set aside, and of calls nobody saw here."""
        open_cards = self._services.wrap_up.cards.items()
        return {key: row_of_draft(card) for key, card in open_cards if card.is_set_aside or card.is_offered}

    @property
    def unsent(self) -> tuple[OutboxCard, ...]:
        return tuple(card for key, card in self._cards.items() if self._rows[key].mark not in OVER)

    def card(self, card_key: str | None) -> OutboxCard | None:
        return None if card_key is None else self._cards.get(card_key)

    def row(self, card_key: str | None) -> QueueRow | None:
        if card_key is None:
            return None
        return self.drafts.get(card_key) or self._rows.get(card_key)

    def watch(self, card_key: str | None) -> None:
        """Read what was done to this card, too, now and whenever it moves."""
        if card_key != self._watched:
            self._watched, self.audit = card_key, ()
        if card_key is not None:
            self.read_soon([card_key])

    def read_all_soon(self) -> None:
        """Read everything anew."""
        self._wants_all = True
        self._start()

    def read_soon(self, card_keys: Iterable[str]) -> None:
        """These have moved. Asked for again while it reads, it reads again afterwards."""
        self._moved.update(card_keys)
        if self.was_read:
            self._start()

    def _start(self) -> None:
        if not self._is_reading:
            self._is_reading = self._scope.start(self._read(), name="read the queue") is not None

    async def _read(self) -> None:
        try:
            while self._wants_all or self._moved:
                moved, self._moved = self._moved, set()
                wants_all, self._wants_all = self._wants_all or len(moved) > _ONE_BY_ONE, False
                await (self._read_all() if wants_all else self._read_some(moved))
                if self._watched is not None and (wants_all or self._watched in moved):
                    self.audit = await self._services.delivery.audit_of(self._watched)
                self.trouble = None
                self._told()
        except PultError as error:
            _log.warning("the queue could not be read", extra={"code": error.code})
            self.trouble = error
            self._told()
        finally:
            self._is_reading = False

    async def _read_all(self) -> None:
        delivery = self._services.delivery
        saved, discarded = await asyncio.gather(
            delivery.cards(delivery.counts.unfinished + SENT_LATELY),
            delivery.cards(DISCARDED_LATELY, (CardPhase.DISCARDED,)),
        )
        self._cards, self._rows = {}, {}
        for card in (*saved, *discarded):
            self._put(card)
        self.was_read = True

    async def _read_some(self, card_keys: Iterable[str]) -> None:
        for card_key in card_keys:
            card = await self._services.delivery.card(card_key)
            if card is not None:
                self._put(card)

    def _put(self, card: OutboxCard) -> None:
        if is_of_the_queue(card):
            self._cards[card.card_key] = card
            self._rows[card.card_key] = row_of_card(card)
