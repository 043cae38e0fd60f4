"""A card of the outbox as JSON for scripts: what it says, how far it got, its receipts. A card holds no secrets."""

from __future__ import annotations

from collections.abc import Mapping

from app.outbox.entry import OutboxCard, OutboxStep


def card_json(card: OutboxCard) -> Mapping[str, object]:
    """`key`, `saved_at`, `phone_number`, `duration_s`, `outcome`, `phase`, `done`, `parked`, `amended`, `readable`,
    `steps`."""
    return {
        "key": card.card_key,
        "saved_at": card.saved_at.isoformat(),
        "phone_number": card.card.phone_number,
        "duration_s": card.card.talk_s,
        "outcome": card.card.disposition_code,
        "phase": card.phase.value,
        "done": card.is_done,
        "parked": card.is_parked,
        "amended": card.original is not None,
        "readable": card.is_readable,
        "steps": [_step_json(step) for step in card.steps],
    }


def _step_json(step: OutboxStep) -> Mapping[str, object]:
    return {
        "crm": step.crm_name,
        "name": step.name,
        "state": step.step_state.value,
        "attempts": step.attempts,
        "next_try_at": step.next_try_at.isoformat() if step.next_try_at else None,
        "reason": step.reason,
        "receipt": dict(step.receipt.ids) if step.receipt else None,
        "warnings": list(step.receipt.warnings) if step.receipt else [],
    }
