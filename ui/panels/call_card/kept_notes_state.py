"""Notes typed into calls that made no card (a colleague answered), ready for the eye. Pure and Qt-free."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.wrap_up import CardDraft
from ui.panels.call_card.view_state import number_for_eye

KEPT_FOR = timedelta(days=7)
SHOWN_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class KeptNote:
    """One of them. `phone_number` is empty when the caller hid it."""

    card_key: str
    phone_number: str
    started_at: datetime
    notes: str


def kept_notes_of(drafts: Iterable[CardDraft], now: datetime) -> tuple[KeptNote, ...]:
    """Those of the last seven days, newest first; the older ones stay on the disk."""
    kept = [
        KeptNote(draft.card_key, number_for_eye(draft.facts.phone_number), draft.facts.started_at, draft.fields.notes)
        for draft in drafts
        if draft.fields.notes.strip() and now - draft.facts.started_at < KEPT_FOR
    ]
    return tuple(sorted(kept, key=lambda note: note.started_at, reverse=True)[:SHOWN_AT_MOST])
