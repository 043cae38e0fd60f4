"""The saved cards as they were last read from the outbox. Delivering them is the outbox's own."""

from __future__ import annotations

from collections.abc import Callable

from app.outbox.entry import OutboxCard
from app.services.delivery import Delivery
from ui.tasks import TaskScope


class SavedCards:
    """`cards` is read anew after each change; `changed` is called when that has been done."""

    def __init__(self, delivery: Delivery, scope: TaskScope, changed: Callable[[], None]) -> None:
        self.cards: tuple[OutboxCard, ...] = ()
        self._delivery = delivery
        self._scope = scope
        self._changed = changed
        self._is_asked_for = False

    def card(self, card_key: str | None) -> OutboxCard | None:
        """One of them, None when there is none of that key."""
        return next((card for card in self.cards if card.card_key == card_key), None)

    def read_soon(self) -> None:
        """Read them; asked for several times before it is done, once."""
        if not self._is_asked_for:
            self._is_asked_for = True
            self._scope.start(self._read_and_tell(), name="read the outbox")

    async def read(self) -> None:
        """Read them now. Raises StorageError."""
        # Set first: a change published while the rows are being read must be read again.
        self._is_asked_for = False
        self.cards = await self._delivery.cards()

    async def _read_and_tell(self) -> None:
        await self.read()
        self._changed()
