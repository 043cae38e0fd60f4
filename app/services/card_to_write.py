"""A finished draft turned into what the outbox writes: every default decided, nothing left to guess later. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.crm.port import CardToWrite
from app.domain.customer import CustomerDecision
from app.domain.wrap_up import CardDraft
from app.outbox.entry import PlannedStep, StepPlan


@dataclass(frozen=True, slots=True)
class CardDefaults:
    """What a new card starts with, from the settings. `create_unknown`: offer a new customer for unknown numbers;
    `show_card`: let the CRM open its own card too."""

    crm_user_id: int | None = None
    add_to_chat: bool = False
    create_unknown: bool = False
    show_card: bool = False


def card_to_write(draft: CardDraft, defaults: CardDefaults) -> CardToWrite:
    """The card of a draft without problems (domain.card_problems). Raises ValueError for one that is not finished."""
    facts, fields = draft.facts, draft.fields
    disposition = draft.disposition
    if facts.talk_s is None or disposition is None or fields.crm_user_id is None:
        raise ValueError("the draft is not complete")
    customer = fields.customer.customer
    return CardToWrite(
        card_key=facts.card_key,
        direction=facts.direction,
        phone_number=facts.phone_number,
        line_number=facts.line_number,
        started_at=facts.started_at,
        talk_s=facts.talk_s,
        disposition_code=disposition.value,
        crm_user_id=fields.crm_user_id,
        notes=fields.notes,
        cost=fields.cost,
        currency=fields.currency if fields.cost is not None else "",
        rating=fields.rating,
        failed_reason=fields.failed_reason,
        add_to_chat=fields.add_to_chat,
        show_card=defaults.show_card,
        crm_create=fields.customer.decision is CustomerDecision.CREATE,
        customer_kind=customer.kind if customer else None,
        customer_id=customer.crm_entity_id if customer else None,
    )


def planned_steps(plan: StepPlan, draft: CardDraft, card: CardToWrite) -> tuple[PlannedStep, ...]:
    """The card's steps. What needs a customer is parked from the start when the operator wants none."""
    wants_nobody = draft.fields.customer.decision is CustomerDecision.WITHOUT
    return tuple(
        replace(step, parked_because="customer_needed") if wants_nobody and step.needs_customer else step
        for step in plan(card)
    )
