"""Saved cards on their way: what waits, what went, why not, and what the operator can do about it.

The sending itself is the outbox worker's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from app.clock import Clock, SystemClock
from app.crm.port import CardToWrite, StepReceipt
from app.domain.customer import CustomerChoice
from app.domain.wrap_up import UnknownNumberChoice
from app.errors import NotFound, PultError, Refused
from app.observe import Observable
from app.outbox.amending import amendable_fields
from app.outbox.audit import AuditRow, Deed
from app.outbox.entry import CardPhase, OutboxCard, StepPlan
from app.outbox.exporting import ExportedCard
from app.outbox.reasons import PARKED_BY_OPERATOR
from app.outbox.store import OutboxStore
from app.outbox.worker import OutboxWorker

_MAIN_CRM = "bitrix24"
_SECOND_CRM = "amocrm"


@dataclass(frozen=True, slots=True)
class CardReceipt:
    """What the CRMs gave for a card, over all its steps. `link`, `amo_link`: where a person sees it. `file_id`: of the
    recording. None: not (yet) known."""

    card_key: str
    is_done: bool
    activity_id: str | None = None
    comment_id: str | None = None
    customer_kind: str | None = None
    customer_id: str | None = None
    link: str | None = None
    warnings: tuple[str, ...] = ()
    file_id: str | None = None
    amo_note_id: str | None = None
    amo_entity_type: str | None = None
    amo_entity_id: str | None = None
    amo_unsorted_uid: str | None = None
    amo_link: str | None = None


class Delivery:
    """`changed` publishes the card_key of a card whose steps moved; `paused_changed` and `pauses_changed` the new value
    of `paused` and `pauses`."""

    def __init__(
        self,
        store: OutboxStore,
        worker: OutboxWorker,
        clock: Clock | None = None,
        plan: StepPlan = lambda _card: (),
    ) -> None:
        """`plan` tells which steps a card needs once it was amended."""
        self._store = store
        self._worker = worker
        self._clock = clock or SystemClock()
        self._plan = plan
        self.counts = worker.counts
        self.changed: Observable[str] = worker.changed
        self.paused_changed: Observable[PultError | None] = worker.paused_changed
        self.pauses_changed: Observable[Mapping[str, PultError]] = worker.pauses_changed

    @property
    def unsent_count(self) -> int:
        """Saved cards with a step that is not done, parked ones included; discarded ones not, nor those that merely
        await their recording."""
        return self._worker.unsent_count

    @property
    def paused(self) -> PultError | None:
        """Why a CRM gets nothing at all (sign-in, rights, plan, or not connected); None while things move."""
        return self._worker.paused

    @property
    def pauses(self) -> Mapping[str, PultError]:
        """The same for each CRM by its name."""
        return self._worker.pauses

    async def cards(
        self, limit: int = 200, phases: Collection[CardPhase] = (CardPhase.SAVED,)
    ) -> tuple[OutboxCard, ...]:
        """Cards not done first, each group newest first. Raises StorageError."""
        return await self._store.cards(limit, phases)

    async def card(self, card_key: str) -> OutboxCard | None:
        """One card. Raises StorageError."""
        return await self._store.card(card_key)

    async def audit_of(self, card_key: str) -> tuple[AuditRow, ...]:
        """What was done to a card by hand, oldest first. Raises StorageError."""
        return await self._store.audit_of(card_key)

    # Sending.

    async def retry(self, card_key: str) -> None:
        """Try this card now; parked steps go on, a paused queue too. Raises StorageError."""
        await self._store.unpark(card_key, self._clock.now())
        self._worker.resume(card_key)

    async def retry_all(self) -> int:
        """Try everything now; what the operator parked stays parked. Gives how many cards were parked by the CRM and
        go on. Raises StorageError."""
        unparked = await self._store.unpark_all(self._clock.now())
        self._worker.resume()
        for card_key in unparked:
            self._worker.resume(card_key)
        return len(unparked)

    def resume(self) -> None:
        """Let a paused queue go on, after the cause was mended."""
        self._worker.resume()

    async def park(self, card_key: str) -> None:
        """Leave this card alone until *Retry*; a request under way is waited for. Raises StorageError."""
        async with self._worker.hold(card_key):
            await self._store.park(card_key, PARKED_BY_OPERATOR, self._clock.now())

    # Changing.

    async def amendable(self, card_key: str) -> frozenset[str]:
        """Fields of CardToWrite that may be changed now; none of a card that is not there. Raises StorageError."""
        entry = await self._store.card(card_key)
        return frozenset() if entry is None else amendable_fields(entry)

    async def amend(self, card_key: str, card: CardToWrite, deed: Deed = Deed.AMENDED) -> frozenset[str]:
        """Send this content from now on, and let what it mends go on; gives the fields that changed.

        Raises NotFound("no_such_card"), Refused("field_not_amendable") with `fields`, StorageError.
        """
        changed = await self._store.amend(card_key, card, deed, self._clock.now(), steps=self._plan(card))
        self._worker.resume(card_key)
        return changed

    async def choose_customer(self, card_key: str, choice: CustomerChoice, crm_name: str = _MAIN_CRM) -> None:
        """Whom the parked step of this card is for. Raises Refused("customer_needed") for a choice that names nobody,
        NotFound("no_parked_note") when none waits for a customer, Refused("field_not_amendable"), StorageError."""
        customer = choice.customer
        if customer is None:
            raise Refused("customer_needed")
        entry = _waiting(await self._store.card(card_key), crm_name)
        if crm_name == _SECOND_CRM:
            card = replace(
                entry.card,
                second_kind=customer.kind,
                second_id=customer.crm_entity_id,
                unknown_number=UnknownNumberChoice.ATTACH,
            )
        else:
            card = replace(entry.card, customer_kind=customer.kind, customer_id=customer.crm_entity_id)
        await _choose(self, entry, card)

    async def decide_unknown_number(self, card_key: str, choice: UnknownNumberChoice) -> None:
        """What becomes of a call whose number nobody in amoCRM has. ATTACH goes through `choose_customer`. Raises as
        that does."""
        entry = _waiting(await self._store.card(card_key), _SECOND_CRM)
        await _choose(self, entry, replace(entry.card, unknown_number=choice))

    async def discard(self, card_key: str) -> bool:
        """Begin nothing more of this card; it stays, and can be restored. False when it is not a saved card. Raises
        StorageError."""
        is_gone = await self._store.discard(card_key, self._clock.now())
        if is_gone:
            self._worker.add(card_key, is_saved=False)
        return is_gone

    async def restore(self, card_key: str) -> bool:
        """Take a discarded card back. False when it was not discarded. Raises StorageError."""
        is_back = await self._store.restore(card_key, self._clock.now())
        if is_back:
            self._worker.resume(card_key)
        return is_back

    # Proof.

    async def card_keys(self) -> tuple[str, ...]:
        """Every card there is, discarded ones included, oldest first. Raises StorageError."""
        return await self._store.card_keys()

    async def export(self, card_keys: Sequence[str]) -> tuple[ExportedCard, ...]:
        """These cards with everything known of them, noted in their audit; exporting.py writes them. Raises
        StorageError."""
        await self._store.note_export(card_keys, self._clock.now())
        exported = []
        for card_key in card_keys:
            entry = await self._store.card(card_key)
            if entry is not None:
                exported.append(ExportedCard(entry, await self._store.audit_of(card_key)))
        return tuple(exported)

    async def receipt_of(self, card_key: str) -> CardReceipt | None:
        """The card's receipts in one; None for a card nobody saved. Raises StorageError."""
        card = await self._store.card(card_key)
        return None if card is None else receipt_of_card(card)


def receipt_of_card(card: OutboxCard) -> CardReceipt:
    """The receipts of all its steps in one; of what several tell, the latest counts."""
    receipts = [step.receipt for step in card.steps if step.receipt is not None]
    return CardReceipt(
        card_key=card.card_key,
        is_done=card.is_done,
        activity_id=_latest(receipts, "activity_id"),
        comment_id=_latest(receipts, "comment_id"),
        customer_kind=_latest(receipts, "customer_kind"),
        customer_id=_latest(receipts, "customer_id"),
        link=_latest(receipts, "link"),
        warnings=tuple(warning for receipt in receipts for warning in receipt.warnings),
        file_id=_latest(receipts, "file_id"),
        amo_note_id=_latest(receipts, "amo_note_id"),
        amo_entity_type=_latest(receipts, "amo_entity_type"),
        amo_entity_id=_latest(receipts, "amo_entity_id"),
        amo_unsorted_uid=_latest(receipts, "amo_unsorted_uid"),
        amo_link=_latest(receipts, "amo_link"),
    )


async def _choose(delivery: Delivery, entry: OutboxCard, card: CardToWrite) -> None:
    """The same choice once more lets the step go on, too: the cause may be gone."""
    if not await delivery.amend(entry.card_key, card, Deed.CUSTOMER_CHOSEN):
        await delivery.retry(entry.card_key)


def _waiting(entry: OutboxCard | None, crm_name: str) -> OutboxCard:
    """The card, which has a step of that CRM waiting for a customer. Raises NotFound("no_parked_note")."""
    for step in entry.steps if entry is not None else ():
        waits = step.waits_for_second_customer if crm_name == _SECOND_CRM else step.waits_for_customer
        if entry is not None and waits and step.crm_name == crm_name:
            return entry
    raise NotFound("no_parked_note")


def _latest(receipts: list[StepReceipt], name: str) -> str | None:
    return next((receipt.ids[name] for receipt in reversed(receipts) if receipt.ids.get(name)), None)
