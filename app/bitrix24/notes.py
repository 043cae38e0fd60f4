"""The step `note`: what the operator typed, in the timeline of the customer.

A comment is not idempotent: it carries the card's marker, by which a lost answer is looked for.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.bitrix24 import mapping
from app.bitrix24.client import Bitrix24Client
from app.crm.port import CardProgress, CardToWrite, ProbeResult, ProbeVerdict, StepReceipt
from app.domain.customer import CustomerKind
from app.errors import Refused


class NoteStep:
    """`bearers`: steps whose receipts tell whom the portal tied the call to, the surest first."""

    def __init__(self, client: Bitrix24Client, bearers: tuple[str, ...]) -> None:
        self._client = client
        self._bearers = bearers

    async def perform(self, card: CardToWrite, progress: CardProgress) -> StepReceipt:
        """`comment_id` and the customer."""
        kind, crm_entity_id = self._customer_of(card, progress)
        fields = mapping.comment_owner(kind, crm_entity_id, mapping.comment_of(card))
        receipt = await self._client.add_comment(fields)
        return _noted(receipt.ids, kind, crm_entity_id)

    async def probe(self, card: CardToWrite, progress: CardProgress) -> ProbeResult:
        """Newest comments first, until one is older than the call itself."""
        kind, crm_entity_id = self._customer_of(card, progress)
        marker, start = mapping.marker_of(card.card_key), 0
        while True:
            page = await self._client.list_comments(kind.value, crm_entity_id, start)
            for row in page.rows:
                comment_id = mapping.marked_comment(row, marker)
                if comment_id is not None:
                    return ProbeResult(ProbeVerdict.DONE, _noted({"comment_id": comment_id}, kind, crm_entity_id))
            is_through = any(mapping.is_older_than_call(row, card.started_at) for row in page.rows)
            if page.next_start is None or page.next_start <= start or is_through:
                return ProbeResult(ProbeVerdict.NOT_DONE)
            start = page.next_start

    def _customer_of(self, card: CardToWrite, progress: CardProgress) -> tuple[CustomerKind, int]:
        """Whom the note is for: the one chosen, else the one the portal tied the call to.

        Raises Refused("customer_needed") when there is nobody: the operator has to say.
        """
        if card.customer_kind is not None and card.customer_id is not None:
            return card.customer_kind, card.customer_id
        for step in self._bearers:
            receipt = progress.receipts.get(step)
            if receipt is not None and receipt.ids.get("customer_id"):
                return CustomerKind(receipt.ids["customer_kind"]), int(receipt.ids["customer_id"])
        raise Refused("customer_needed")


def _noted(ids: Mapping[str, str], kind: CustomerKind, crm_entity_id: int) -> StepReceipt:
    return StepReceipt({**ids, "customer_kind": kind.value, "customer_id": str(crm_entity_id)})
