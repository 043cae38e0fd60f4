"""What the operator may still change of a card that is on its way, and which steps such a change sets going. Pure.

A step that is done said what it said; of one that may have been sent nobody knows. What neither will say again, or may
have said, stays as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields

import msgspec

from app.crm.port import CardToWrite
from app.outbox.entry import CardPhase, OutboxCard, OutboxStep, StepState
from app.outbox.reasons import CUSTOMER_NOT_FOUND, CUSTOMER_REASONS, MENDED_BY

STEP_FIELDS: Mapping[tuple[str, str], frozenset[str]] = {
    ("bitrix24", "register"): frozenset(
        {
            "phone_number",
            "crm_user_id",
            "line_number",
            "direction",
            "kind",
            "started_at",
            "customer_kind",
            "customer_id",
            "crm_create",
            "crm_source",
            "call_list_id",
            "show_card",
        }
    ),
    ("bitrix24", "finish"): frozenset(
        {
            "crm_user_id",
            "talk_s",
            "disposition_code",
            "cost",
            "currency",
            "rating",
            "failed_reason",
            "add_to_chat",
        }
    ),
    ("bitrix24", "note"): frozenset({"notes", "customer_kind", "customer_id"}),
    ("amocrm", "contact"): frozenset({"phone_number", "second_user_id", "second_kind", "second_id", "unknown_number"}),
    ("amocrm", "call"): frozenset(
        {
            "phone_number",
            "direction",
            "kind",
            "started_at",
            "ended_at",
            "talk_s",
            "disposition_code",
            "failed_reason",
            "notes",
            "second_user_id",
            "second_kind",
            "second_id",
            "unknown_number",
        }
    ),
}
"""What each step tells its CRM, by the names of CardToWrite. A step that is not here tells nothing one may edit."""

_ADDS_A_STEP = frozenset({("bitrix24", "notes")})
"""Fields that bring their step with them: a card saved without notes has no step for them yet."""

_CARD_FIELDS = tuple(field.name for field in fields(CardToWrite))


def amendable_fields(entry: OutboxCard) -> frozenset[str]:
    """Fields of CardToWrite that may be changed now.

    For each CRM by itself: a field is open while no step that tells it is done, in flight or unknown; so what one CRM
    already has may still be corrected in the other. What the other may or may not have is not: it is looked for there
    by what was sent. A parked step keeps open what mends it, whatever the others of its CRM did.
    """
    if entry.phase is not CardPhase.SAVED or entry.is_done or not entry.is_readable:
        return frozenset()
    open_fields: set[str] = set()
    for crm_name in {step.crm_name for step in entry.steps}:
        own = [step for step in entry.steps if step.crm_name == crm_name]
        found = _open_in(crm_name, own).union(*map(mending_fields, own))
        open_fields |= found - _in_doubt([step for step in entry.steps if step.crm_name != crm_name])
    return frozenset(open_fields)


def mending_fields(step: OutboxStep) -> frozenset[str]:
    """Fields whose change lets this parked step go on. None of a note that may have been sent: it would be looked for
    at another customer than it was sent to."""
    may_have_been_sent = resumed_as(step) is not StepState.PENDING
    if step.step_state is not StepState.PARKED or (may_have_been_sent and step.reason in CUSTOMER_REASONS):
        return frozenset()
    return MENDED_BY.get(step.reason or "", frozenset()) & _told_by(step)


def is_mended(step: OutboxStep, changed: Collection[str]) -> bool:
    """Whether a parked step goes on after a change of these fields."""
    return not mending_fields(step).isdisjoint(changed)


def resumed_as(step: OutboxStep) -> StepState:
    """What a parked step becomes. A note whose customer is gone was written to nobody, so it need not be looked for."""
    return StepState.PENDING if step.reason == CUSTOMER_NOT_FOUND else step.resume_as


def changed_fields(before: CardToWrite, after: CardToWrite) -> Mapping[str, list[object]]:
    """[before, after] of each field that differs, as JSON has them."""
    return {
        name: [msgspec.to_builtins(getattr(before, name)), msgspec.to_builtins(getattr(after, name))]
        for name in _CARD_FIELDS
        if getattr(before, name) != getattr(after, name)
    }


def _told_by(step: OutboxStep) -> frozenset[str]:
    return STEP_FIELDS.get((step.crm_name, step.name), frozenset())


def _in_doubt(steps: list[OutboxStep]) -> set[str]:
    """What these steps tell and may have told, nobody knows yet."""
    doubtful = [step for step in steps if not step.is_untouched and step.step_state is not StepState.DONE]
    return set().union(*map(_told_by, doubtful))


def _open_in(crm_name: str, steps: list[OutboxStep]) -> set[str]:
    told = {name for (crm, _), names in STEP_FIELDS.items() if crm == crm_name for name in names}
    found = set()
    for name in told:
        tellers = [step for step in steps if name in _told_by(step)]
        if all(step.is_untouched for step in tellers) and (tellers or (crm_name, name) in _ADDS_A_STEP):
            found.add(name)
    return found
