"""Bitrix24 behind the two CRM ports: whom a number belongs to, and one finished call written step by step."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from app.bitrix24 import mapping
from app.bitrix24.client import Bitrix24Client
from app.bitrix24.directory import Bitrix24Directory
from app.bitrix24.notes import NoteStep
from app.bitrix24.recordings import RecordStep
from app.bitrix24.rest import PortalRest
from app.crm.port import (
    CardProgress,
    CardToWrite,
    CrmCardShow,
    ProbeResult,
    ProbeVerdict,
    RecordingShelf,
    StepReceipt,
)
from app.domain.customer import CrmSource, CrmUser, Currency, Customer, CustomerKind
from app.domain.phone_number import parse_phone_number
from app.errors import NotFound, PultError, Refused, RightsMissing
from app.outbox.entry import RECORDING_LANE, PlannedStep
from app.outbox.reasons import CRM_USER_NEEDED, FINISH_HALF_DONE

_logger = logging.getLogger(__name__)

CRM_NAME = "bitrix24"
REGISTER, FINISH, NOTE, RECORD, HIDE = "register", "finish", "note", "record", "hide"


@dataclass(frozen=True, slots=True)
class PortalHabits:
    """What the settings say about one portal. `portal_url`: what links start with, where it is not the address that is
    asked; `placeholder_number`: digits that hidden callers are registered under; `links_recordings`: the portal fetches
    recordings from the PBX itself; not `sends_recordings`: it gets none any more, planned before or not."""

    portal_url: str | None = None
    placeholder_number: str = ""
    links_recordings: bool = False
    sends_recordings: bool = True


def plan_steps(card: CardToWrite) -> tuple[PlannedStep, ...]:
    """register and finish, and a note when something was typed; beside them, once the call is finished, the
    recording. Nothing begins before it is said for whom."""
    needs_user = CRM_USER_NEEDED if card.crm_user_id is None else None
    steps = [PlannedStep(CRM_NAME, REGISTER, parked_because=needs_user), PlannedStep(CRM_NAME, FINISH)]
    if card.notes.strip():
        steps.append(PlannedStep(CRM_NAME, NOTE, needs_customer=True))
    if card.wants_recording:
        steps.append(PlannedStep(CRM_NAME, RECORD, lane=RECORDING_LANE, requires=FINISH))
    return tuple(steps)


def plan_withdrawal(_card: CardToWrite) -> tuple[PlannedStep, ...]:
    """What is left to do for a call that was registered at the first ring and that no card is due for."""
    return (PlannedStep(CRM_NAME, HIDE, lane=HIDE, requires=REGISTER),)


class Bitrix24Crm:
    """CustomerDirectory and CardWriter of one portal. `shelf`: where recordings are found."""

    crm_name = CRM_NAME

    def __init__(
        self,
        rest: PortalRest,
        *,
        habits: PortalHabits | None = None,
        shelf: RecordingShelf | None = None,
    ) -> None:
        habits = habits or PortalHabits()
        self._client = Bitrix24Client(rest)
        self._directory = Bitrix24Directory(rest)
        self._placeholder_number = habits.placeholder_number
        self._portal_url = (habits.portal_url or rest.portal_url).rstrip("/")
        self._notes = NoteStep(self._client, (FINISH, REGISTER))
        self._recordings = RecordStep(self._client, shelf, rest.clock, by_link=habits.links_recordings)
        self._sends_recordings = habits.sends_recordings
        self._users: tuple[CrmUser, ...] = ()
        self._sees_statistics = True

    # Looking up.

    async def find_customers(self, phone_number: str) -> tuple[Customer, ...]:
        digits = parse_phone_number(phone_number).digits
        return await self._directory.search_crm_entities(digits) if digits else ()

    async def list_currencies(self) -> tuple[Currency, ...]:
        return await self._directory.list_currencies()

    async def list_sources(self) -> tuple[CrmSource, ...]:
        return await self._directory.list_sources()

    async def list_users(self) -> tuple[CrmUser, ...]:
        """An empty or failed answer never takes the place of the last good one (crm-notes 5)."""
        try:
            users = await self._directory.list_users()
        except PultError as error:
            if not self._users:
                raise
            _logger.info("the list of users could not be read again", extra={"code": error.code})
            return self._users
        self._users = users or self._users
        return self._users

    async def customer(self, kind: CustomerKind, crm_entity_id: int) -> Customer | None:
        return await self._directory.customer(kind, crm_entity_id)

    async def who_am_i(self) -> CrmUser:
        return await self._directory.current_user()

    # Writing a card.

    def steps_of(self, card: CardToWrite) -> tuple[str, ...]:
        return tuple(step.name for step in plan_steps(card))

    def repeat_is_safe(self, step: str) -> bool:
        """register: EXTERNAL_CALL_ID finds the same open call again for 30 minutes, and a later repeat leaves an orphan
        that makes nothing (crm-notes 1.1). record: a repeat replaces the file. hide: hidden is hidden."""
        return step in (REGISTER, RECORD, HIDE)

    async def perform(self, step: str, card: CardToWrite, progress: CardProgress) -> StepReceipt:
        if step == REGISTER:
            receipt = await self._register(card)
        elif step == FINISH:
            receipt = await self._finish(card, progress)
        elif step == NOTE:
            receipt = await self._notes.perform(card, progress)
        elif step == RECORD and not self._sends_recordings:
            receipt = StepReceipt({"recording": "off"})
        elif step == RECORD:
            receipt = await self._recordings.perform(card, progress, _call_id_of(progress))
        elif step == HIDE:
            receipt = await self._hide(card, progress)
        else:
            raise ValueError(f"Bitrix24 has no step {step}")
        return self._with_link(receipt)

    async def probe(self, step: str, card: CardToWrite, progress: CardProgress) -> ProbeResult:
        if step == FINISH:
            found = await self._probe_finish(_call_id_of(progress))
        elif step == NOTE:
            found = await self._notes.probe(card, progress)
        else:
            raise ValueError(f"Bitrix24 has no probe for {step}")
        return ProbeResult(found.verdict, self._with_link(found.receipt)) if found.receipt else found

    async def _register(self, card: CardToWrite) -> StepReceipt:
        """A new customer is made only if nobody has the number now: an earlier try whose answer was lost, or a
        colleague, may have made one."""
        found_meanwhile = None
        if card.crm_create and card.customer_id is None:
            found_meanwhile = next(iter(await self.find_customers(card.phone_number)), None)
        registration = mapping.registration_of(card, found_meanwhile, placeholder_number=self._placeholder_number)
        return await self._client.register(registration)

    async def _finish(self, card: CardToWrite, progress: CardProgress) -> StepReceipt:
        call_id = _call_id_of(progress)
        try:
            return await self._client.finish(mapping.finish_of(card, call_id))
        except NotFound as error:
            if error.code != "call_not_found":
                raise
            refusal = error
        # The open call is gone: an earlier finish did its work, or nobody can finish it any more.
        found = await self._probe_finish(call_id)
        if found.verdict is ProbeVerdict.DONE and found.receipt is not None:
            return found.receipt
        if found.verdict is ProbeVerdict.HALF_DONE:
            raise Refused(FINISH_HALF_DONE, vendor_message=refusal.vendor_message)
        raise refusal

    async def _probe_finish(self, call_id: str) -> ProbeResult:
        """Statistics first, then activities: finish writes them the other way round, so a finish under way is never
        taken for one that was not begun."""
        in_statistics = await self._client.is_in_statistics(call_id)
        activities = (await self._client.activities_of_call(call_id)).rows
        ids = mapping.activity_ids(activities[0]) if activities else {}
        if not in_statistics and not activities:
            return ProbeResult(ProbeVerdict.NOT_DONE)
        if not in_statistics:
            return ProbeResult(ProbeVerdict.HALF_DONE, StepReceipt(ids))
        return ProbeResult(ProbeVerdict.DONE, StepReceipt(await self._statistics_ids(call_id) | ids))

    async def _statistics_ids(self, call_id: str) -> dict[str, str]:
        """More for the receipt of a finish whose answer was lost; nothing without the right to see statistics, which is
        asked for once. The verdict does not hang on it, so no error does either."""
        if not self._sees_statistics:
            return {}
        try:
            rows = (await self._client.statistics_of_call(call_id)).rows
        except RightsMissing:
            self._sees_statistics = False
            return {}
        except PultError as error:
            _logger.info("the statistics of a finished call were not read", extra={"code": error.code})
            return {}
        return mapping.statistics_ids(rows[0]) if rows else {}

    async def show_card(self, card: CardToWrite, progress: CardProgress) -> CrmCardShow:
        """Bring Bitrix24's own card of a call that is not finished up with its user (crm-notes 1.4)."""
        if FINISH in progress.receipts:
            return CrmCardShow.FINISHED
        receipt = progress.receipts.get(REGISTER)
        call_id = receipt.ids.get("call_id", "") if receipt else ""
        if not call_id or card.crm_user_id is None:
            return CrmCardShow.NOT_REGISTERED
        is_shown = await self._client.show(call_id, card.crm_user_id)
        return CrmCardShow.SHOWN if is_shown else CrmCardShow.GONE

    async def _hide(self, card: CardToWrite, progress: CardProgress) -> StepReceipt:
        """Nothing to hide, because nothing was registered or the call is gone, is as good as hidden."""
        receipt = progress.receipts.get(REGISTER)
        call_id = receipt.ids.get("call_id", "") if receipt else ""
        if not call_id or card.crm_user_id is None:
            return StepReceipt({"hidden": "no"})
        is_hidden = await self._client.hide(call_id, card.crm_user_id)
        return StepReceipt({"hidden": "yes" if is_hidden else "no"})

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
