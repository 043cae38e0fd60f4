"""Bitrix24 behind the two CRM ports: whom a number belongs to, and one finished call written in three steps."""

from __future__ import annotations

import logging

from app.bitrix24 import mapping
from app.bitrix24.client import Bitrix24Client
from app.crm.port import CardProgress, CardToWrite, ProbeResult, ProbeVerdict, StepReceipt
from app.domain.customer import CrmSource, CrmUser, Currency, Customer, CustomerKind
from app.domain.phone_number import parse_phone_number
from app.errors import NotFound, PultError, Refused
from app.outbox.entry import PlannedStep

_logger = logging.getLogger(__name__)

CRM_NAME = "bitrix24"
REGISTER, FINISH, NOTE = "register", "finish", "note"


def plan_steps(card: CardToWrite) -> tuple[PlannedStep, ...]:
    """register and finish, and a note when something was typed."""
    steps = [PlannedStep(CRM_NAME, REGISTER), PlannedStep(CRM_NAME, FINISH)]
    if card.notes.strip():
        steps.append(PlannedStep(CRM_NAME, NOTE, needs_customer=True))
    return tuple(steps)


class Bitrix24Crm:
    """CustomerDirectory and CardWriter of one portal. `portal_url` is what links start with."""

    crm_name = CRM_NAME

    def __init__(self, client: Bitrix24Client, *, portal_url: str | None = None) -> None:
        self._client = client
        self._portal_url = (portal_url or client.portal_url).rstrip("/")
        self._users: tuple[CrmUser, ...] = ()

    # Looking up.

    async def find_customers(self, phone_number: str) -> tuple[Customer, ...]:
        digits = parse_phone_number(phone_number).digits
        return await self._client.search_crm_entities(digits) if digits else ()

    async def list_currencies(self) -> tuple[Currency, ...]:
        return await self._client.list_currencies()

    async def list_sources(self) -> tuple[CrmSource, ...]:
        return await self._client.list_sources()

    async def list_users(self) -> tuple[CrmUser, ...]:
        """An empty or failed answer never takes the place of the last good one (crm-notes 5)."""
        try:
            users = await self._client.list_users()
        except PultError as error:
            if not self._users:
                raise
            _logger.info("the list of users could not be read again", extra={"code": error.code})
            return self._users
        self._users = users or self._users
        return self._users

    async def customer(self, kind: CustomerKind, crm_entity_id: int) -> Customer | None:
        return await self._client.customer(kind, crm_entity_id)

    async def who_am_i(self) -> CrmUser:
        return await self._client.current_user()

    # Writing a card.

    def steps_of(self, card: CardToWrite) -> tuple[str, ...]:
        return tuple(step.name for step in plan_steps(card))

    def repeat_is_safe(self, step: str) -> bool:
        """register only: EXTERNAL_CALL_ID finds the same open call again for 30 minutes, and a later repeat leaves an
        orphan that makes nothing (crm-notes 1.1)."""
        return step == REGISTER

    async def perform(self, step: str, card: CardToWrite, progress: CardProgress) -> StepReceipt:
        if step == REGISTER:
            return await self._register(card)
        if step == FINISH:
            return await self._finish(card, progress)
        if step == NOTE:
            return await self._note(card, progress)
        raise ValueError(f"Bitrix24 has no step {step}")

    async def probe(self, step: str, card: CardToWrite, progress: CardProgress) -> ProbeResult:
        if step == FINISH:
            return await self._probe_finish(_call_id_of(progress))
        if step == NOTE:
            return await self._probe_note(card, progress)
        raise ValueError(f"Bitrix24 has no probe for {step}")

    async def _register(self, card: CardToWrite) -> StepReceipt:
        """A new customer is made only if nobody has the number now: an earlier try whose answer was lost, or a
        colleague, may have made one."""
        found_meanwhile = None
        if card.crm_create and card.customer_id is None:
            found_meanwhile = next(iter(await self.find_customers(card.phone_number)), None)
        return await self._client.register(mapping.registration_of(card, found_meanwhile))

    async def _finish(self, card: CardToWrite, progress: CardProgress) -> StepReceipt:
        call_id = _call_id_of(progress)
        try:
            return self._with_link(await self._client.finish(mapping.finish_of(card, call_id)))
        except NotFound as error:
            if error.code != "call_not_found":
                raise
            refusal = error
        # The open call is gone: an earlier finish did its work, or nobody can finish it any more.
        found = await self._probe_finish(call_id)
        if found.verdict is ProbeVerdict.DONE and found.receipt is not None:
            return found.receipt
        if found.verdict is ProbeVerdict.HALF_DONE:
            raise Refused("finish_half_done", vendor_message=refusal.vendor_message)
        raise refusal

    async def _probe_finish(self, call_id: str) -> ProbeResult:
        """Statistics first, then activities: finish writes them the other way round, so a finish under way is never
        taken for one that was not begun."""
        in_statistics = await self._client.is_in_statistics(call_id)
        activities = (await self._client.activities_of_call(call_id)).rows
        if not in_statistics:
            return ProbeResult(ProbeVerdict.HALF_DONE if activities else ProbeVerdict.NOT_DONE)
        ids = mapping.activity_ids(activities[0]) if activities else {}
        return ProbeResult(ProbeVerdict.DONE, self._with_link(StepReceipt(ids)))

    async def _note(self, card: CardToWrite, progress: CardProgress) -> StepReceipt:
        kind, crm_entity_id = self._customer_of(card, progress)
        fields = mapping.comment_owner(kind, crm_entity_id, mapping.comment_of(card))
        return self._noted(await self._client.add_comment(fields), kind, crm_entity_id)

    async def _probe_note(self, card: CardToWrite, progress: CardProgress) -> ProbeResult:
        """Newest comments first, until one is older than the call itself."""
        kind, crm_entity_id = self._customer_of(card, progress)
        marker, start = mapping.marker_of(card.card_key), 0
        while True:
            page = await self._client.list_comments(kind.value, crm_entity_id, start)
            for row in page.rows:
                comment_id = mapping.marked_comment(row, marker)
                if comment_id is not None:
                    receipt = self._noted(StepReceipt({"comment_id": comment_id}), kind, crm_entity_id)
                    return ProbeResult(ProbeVerdict.DONE, receipt)
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
        for step in (FINISH, REGISTER):
            receipt = progress.receipts.get(step)
            if receipt is not None and receipt.ids.get("customer_id"):
                return CustomerKind(receipt.ids["customer_kind"]), int(receipt.ids["customer_id"])
        raise Refused("customer_needed")

    def _noted(self, receipt: StepReceipt, kind: CustomerKind, crm_entity_id: int) -> StepReceipt:
        owner = {"customer_kind": kind.value, "customer_id": str(crm_entity_id)}
        return self._with_link(StepReceipt({**receipt.ids, **owner}, receipt.warnings))

    def _with_link(self, receipt: StepReceipt) -> StepReceipt:
        kind, crm_entity_id = receipt.ids.get("customer_kind"), receipt.ids.get("customer_id")
        if not kind or not crm_entity_id or not self._portal_url:
            return receipt
        link = f"{self._portal_url}/crm/{kind}/details/{crm_entity_id}/"
        return StepReceipt({**receipt.ids, "link": link}, receipt.warnings)


def _call_id_of(progress: CardProgress) -> str:
    receipt = progress.receipts.get(REGISTER)
    call_id = receipt.ids.get("call_id", "") if receipt else ""
    if not call_id:
        raise Refused("call_not_registered")
    return call_id
