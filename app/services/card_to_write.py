"""A finished draft turned into what the outbox writes: every default decided, nothing left to guess later. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.crm.port import CardToWrite
from app.domain.calls import Direction
from app.domain.customer import CustomerDecision
from app.domain.phone_number import parse_phone_number
from app.domain.wrap_up import CallKind, CardDraft, CardFields, Disposition, ProposedDisposition, UnknownNumberChoice
from app.outbox.entry import PlannedStep, StepPlan


@dataclass(frozen=True, slots=True)
class CardDefaults:
    """What a new card starts with, from the settings. `create_unknown`: offer a new customer for unknown numbers;
    `show_card`: let the CRM open its own card too; `records`: recordings of talks are wanted; `second_user_id`:
    amoCRM's user."""

    crm_user_id: int | None = None
    add_to_chat: bool = False
    create_unknown: bool = False
    show_card: bool = False
    crm_source: str = ""
    records: bool = False
    second_user_id: int | None = None
    unknown_number: UnknownNumberChoice = UnknownNumberChoice.ASK


def first_fields(defaults: CardDefaults) -> CardFields:
    """The fields of a card nobody has touched yet."""
    return CardFields(
        crm_user_id=defaults.crm_user_id, add_to_chat=defaults.add_to_chat, crm_source=defaults.crm_source
    )


def card_to_write(draft: CardDraft, defaults: CardDefaults, *, is_automatic: bool = False) -> CardToWrite:
    """The card of a draft. Raises ValueError for one that is not finished, or is saved by the operator (not
    `is_automatic`) without saying for whom.
    """
    facts, fields = draft.facts, draft.fields
    disposition = draft.disposition
    crm_user_id = fields.crm_user_id or defaults.crm_user_id
    if facts.talk_s is None or disposition is None or (crm_user_id is None and not is_automatic):
        raise ValueError("the draft is not complete")
    customer = fields.customer.customer
    creates = _creates(draft, defaults)
    return CardToWrite(
        card_key=facts.card_key,
        direction=facts.direction,
        phone_number=facts.phone_number,
        line_number=facts.line_number,
        started_at=facts.started_at,
        talk_s=facts.talk_s,
        disposition_code=disposition.value,
        crm_user_id=crm_user_id,
        notes=fields.notes,
        cost=fields.cost,
        currency=fields.currency if fields.cost is not None else "",
        rating=fields.rating,
        failed_reason=fields.failed_reason,
        add_to_chat=fields.add_to_chat,
        show_card=defaults.show_card,
        crm_create=creates,
        customer_kind=customer.kind if customer else None,
        customer_id=customer.crm_entity_id if customer else None,
        kind=facts.kind or _PLAIN_KINDS.get(facts.direction),
        ended_at=facts.ended_at,
        crm_source=fields.crm_source if creates else "",
        call_session_id=facts.call_session_id,
        employee_id=facts.employee_id,
        wants_recording=defaults.records and facts.talk_s > 0,
        is_completed_automatically=is_automatic,
        unknown_number=fields.unknown_number or defaults.unknown_number,
        second_user_id=defaults.second_user_id,
    )


def _creates(draft: CardDraft, defaults: CardDefaults) -> bool:
    """A new customer, by choice; or by the settings, where the CRM was away when the call came: it is asked for the
    number again before it makes anybody."""
    decision = draft.fields.customer.decision
    if decision is CustomerDecision.UNDECIDED:
        return defaults.create_unknown and not parse_phone_number(draft.facts.phone_number).is_hidden
    return decision is CustomerDecision.CREATE


def card_begun(draft: CardDraft, defaults: CardDefaults) -> CardToWrite:
    """The card of a call that still runs, as far as registering it needs it; what it lacks comes with the saved one."""
    so_far = replace(draft.facts, talk_s=0, proposed=ProposedDisposition(Disposition.OTHER))
    begun = card_to_write(replace(draft, facts=so_far), defaults, is_automatic=True)
    return replace(begun, is_completed_automatically=False)


_PLAIN_KINDS = {Direction.OUTBOUND: CallKind.OUTGOING, Direction.INBOUND: CallKind.INCOMING}


def planned_steps(plan: StepPlan, draft: CardDraft, card: CardToWrite) -> tuple[PlannedStep, ...]:
    """The card's steps. What needs a customer is parked from the start when the operator wants none."""
    wants_nobody = draft.fields.customer.decision is CustomerDecision.WITHOUT
    return tuple(
        replace(step, parked_because="customer_needed") if wants_nobody and step.needs_customer else step
        for step in plan(card)
    )
