"""Saved cards on their way: what waits, what went, why not, and what the operator can do about it.

The sending itself is the outbox worker's.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.crm.port import StepReceipt
from app.domain.customer import CustomerChoice
from app.errors import NotFound, PultError, Refused
from app.observe import Observable
from app.outbox.entry import OutboxCard
from app.outbox.store import OutboxStore
from app.outbox.worker import OutboxWorker


@dataclass(frozen=True, slots=True)
class CardReceipt:
    """What the CRM gave for a card, over all its steps. `link`: where a person sees it. None: not (yet) known."""

    card_key: str
    is_done: bool
    activity_id: str | None = None
    comment_id: str | None = None
    customer_kind: str | None = None
    customer_id: str | None = None
    link: str | None = None
    warnings: tuple[str, ...] = ()


class Delivery:
    """`changed` publishes the card_key of a card whose steps moved; `paused_changed` the new value of `paused`."""

    def __init__(self, store: OutboxStore, worker: OutboxWorker) -> None:
        self._store = store
        self._worker = worker
        self.changed: Observable[str] = worker.changed
        self.paused_changed: Observable[PultError | None] = worker.paused_changed

    @property
    def unsent_count(self) -> int:
        """Cards with a step that is not done, parked ones included."""
        return self._worker.unsent_count

    @property
    def paused(self) -> PultError | None:
        """Why nothing is sent at all (sign-in, rights, plan, or no CRM connected); None while things move."""
        return self._worker.paused

    async def cards(self, limit: int = 200) -> tuple[OutboxCard, ...]:
        """Cards not done first, each group newest first. Raises StorageError."""
        return await self._store.cards(limit)

    async def card(self, card_key: str) -> OutboxCard | None:
        """One card. Raises StorageError."""
        return await self._store.card(card_key)

    async def retry(self, card_key: str) -> None:
        """Try this card now; parked steps go on, a paused queue too. Raises StorageError."""
        await self._worker.retry(card_key)

    def resume(self) -> None:
        """Let a paused queue go on, after the cause was mended."""
        self._worker.resume()

    async def park(self, card_key: str) -> None:
        """Leave this card alone until *Retry*. Raises StorageError."""
        await self._worker.park(card_key)

    async def choose_customer(self, card_key: str, choice: CustomerChoice) -> None:
        """Whom the parked note of this card is for. Raises Refused("customer_needed") for a choice that names nobody,
        NotFound("no_parked_note") when none waits for a customer, StorageError."""
        if choice.customer is None:
            raise Refused("customer_needed")
        if not await self._store.choose_customer(card_key, choice.customer.kind, choice.customer.crm_entity_id):
            raise NotFound("no_parked_note")
        await self._worker.retry(card_key)

    async def receipt_of(self, card_key: str) -> CardReceipt | None:
        """The card's receipts in one; None for a card nobody saved. Raises StorageError."""
        card = await self._store.card(card_key)
        if card is None:
            return None
        receipts = [step.receipt for step in card.steps if step.receipt is not None]
        return CardReceipt(
            card_key=card_key,
            is_done=card.is_done,
            activity_id=_latest(receipts, "activity_id"),
            comment_id=_latest(receipts, "comment_id"),
            customer_kind=_latest(receipts, "customer_kind"),
            customer_id=_latest(receipts, "customer_id"),
            link=_latest(receipts, "link"),
            warnings=tuple(warning for receipt in receipts for warning in receipt.warnings),
        )


def _latest(receipts: list[StepReceipt], name: str) -> str | None:
    return next((receipt.ids[name] for receipt in reversed(receipts) if receipt.ids.get(name)), None)
