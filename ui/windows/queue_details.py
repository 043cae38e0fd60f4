"""Everything the queue tells of one card: its steps, what the CRMs gave for it, where that can be seen. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from app.outbox.entry import CardPhase, StepState
from ui.panels.call_card.portal_address import leads_to_portal
from ui.panels.call_card.view_state import StepMark
from ui.windows.queue_state import (
    AuditLine,
    CardDetail,
    Proof,
    ProofKind,
    QueueRow,
    RecordingLine,
    StepLine,
)

if TYPE_CHECKING:
    from app.crm.port import Recording
    from app.outbox.audit import AuditRow
    from app.outbox.entry import OutboxCard, OutboxStep
    from app.services.open_card import OpenCard

BITRIX24, AMOCRM = "bitrix24", "amocrm"
_STEP_MARKS = {
    StepState.PENDING: StepMark.WAITING,
    StepState.IN_FLIGHT: StepMark.SENDING,
    StepState.UNKNOWN: StepMark.UNSURE,
    StepState.DONE: StepMark.DONE,
    StepState.PARKED: StepMark.PARKED,
}
_BITRIX24_PAGES = {"contact": "crm/contact", "company": "crm/company", "lead": "crm/lead", "deal": "crm/deal"}
_AMOCRM_PAGES = {"contact": "contacts", "contacts": "contacts", "company": "companies", "companies": "companies",
                 "lead": "leads", "leads": "leads", "customer": "customers", "customers": "customers"}  # fmt: skip


def detail_of_card(
    card: OutboxCard,
    row: QueueRow,
    origins: Mapping[str, str],
    *,
    audit: Iterable[AuditRow] = (),
    recording: RecordingLine | None = None,
) -> CardDetail:
    """`origins`: the address each CRM's pages begin with, by the CRM's name."""
    written = card.card
    return CardDetail(
        row=row,
        direction=written.direction,
        line_number=written.line_number,
        talk_s=written.talk_s,
        outcome=written.disposition_code,
        notes=written.notes,
        steps=tuple(_step_line(step, is_going=card.phase is not CardPhase.DISCARDED) for step in card.steps),
        proofs=proofs_of(card, origins),
        warnings=tuple(
            (step.crm_name, warning) for step in card.steps if step.receipt for warning in step.receipt.warnings
        ),
        audit=tuple(AuditLine(row.at, row.deed, row.params) for row in audit),
        recording=recording,
    )


def detail_of_draft(card: OpenCard, row: QueueRow) -> CardDetail:
    """A draft has no steps yet."""
    facts, disposition = card.draft.facts, card.draft.disposition
    return CardDetail(
        row=row,
        direction=facts.direction,
        line_number=facts.line_number,
        talk_s=facts.talk_s,
        outcome=disposition.value if disposition else "",
        notes=card.draft.fields.notes,
    )


def recording_line(recording: Recording | None) -> RecordingLine | None:
    """What is told of a recording; None when nobody looks for one."""
    if recording is None:
        return None
    return RecordingLine(recording.recording_state.value, recording.size, recording.reason)


def proofs_of(card: OutboxCard, origins: Mapping[str, str]) -> tuple[Proof, ...]:
    """What the CRMs gave for the card, each with an address where one is known and leads to that very CRM."""
    proofs: list[Proof] = []
    for crm_name in dict.fromkeys(step.crm_name for step in card.steps):
        ids: dict[str, str] = {}
        for step in card.steps:
            if step.crm_name == crm_name and step.receipt is not None:
                ids.update(step.receipt.ids)
        found = _bitrix24_proofs if crm_name == BITRIX24 else _amocrm_proofs if crm_name == AMOCRM else _no_proofs
        origin = origins.get(crm_name, "").rstrip("/")
        for kind, text, link in found(ids, origin):
            entity = entity_of(ids) if kind is ProofKind.CUSTOMER else ""
            proofs.append(Proof(crm_name, kind, text, link if leads_to_portal(link, origin) else "", entity))
    return tuple(proofs)


def _bitrix24_proofs(ids: Mapping[str, str], origin: str) -> Iterable[tuple[ProofKind, str, str]]:
    activity_id, customer_id = ids.get("activity_id", ""), ids.get("customer_id", "")
    page = _BITRIX24_PAGES.get(ids.get("customer_kind", ""), "")
    activity = f"{origin}/crm/activity/?open_view={activity_id}" if _is_id(activity_id) else ""
    customer = f"{origin}/{page}/details/{customer_id}/" if page and _is_id(customer_id) else ""
    if ids.get("call_id"):
        yield ProofKind.CALL, ids["call_id"], ""
    if activity_id:
        yield ProofKind.ACTIVITY, activity_id, activity
    if customer_id:
        yield ProofKind.CUSTOMER, customer_id, customer
    if ids.get("comment_id"):
        # A note stands in its customer's timeline and has no page of its own.
        yield ProofKind.NOTE, ids["comment_id"], customer
    if ids.get("file_id"):
        # Played from the activity it hangs on.
        yield ProofKind.RECORDING, ids["file_id"], activity


def _amocrm_proofs(ids: Mapping[str, str], origin: str) -> Iterable[tuple[ProofKind, str, str]]:
    entity_id, note_id = ids.get("amo_entity_id", ""), ids.get("amo_note_id", "")
    entity_type = ids.get("amo_entity_type", "")
    page = _AMOCRM_PAGES.get(entity_type, "")
    customer = ids.get("amo_link", "") or (f"{origin}/{page}/detail/{entity_id}" if page and _is_id(entity_id) else "")
    if note_id:
        yield ProofKind.NOTE, note_id, customer
    if entity_id:
        yield ProofKind.CUSTOMER, entity_id, customer
    if ids.get("amo_unsorted_uid"):
        yield ProofKind.UNSORTED, ids["amo_unsorted_uid"], ""


def entity_of(ids: Mapping[str, str]) -> str:
    """What kind of customer the card is with."""
    return ids.get("customer_kind") or ids.get("amo_entity_type") or ""


def _no_proofs(_ids: Mapping[str, str], _origin: str) -> Iterable[tuple[ProofKind, str, str]]:
    return ()


def _step_line(step: OutboxStep, *, is_going: bool) -> StepLine:
    """Of a discarded card nothing waits for a next try, nor for somebody."""
    message = step.reason_params.get("vendor_message")
    tells_why = step.step_state is not StepState.DONE and is_going
    return StepLine(
        crm_name=step.crm_name,
        name=step.name,
        mark=_STEP_MARKS[step.step_state],
        attempts=step.attempts,
        reason=step.reason or "" if tells_why else "",
        reason_params=step.reason_params,
        vendor_message=str(message) if message else "",
        next_try_at=step.next_try_at if is_going else None,
    )


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) > 0
