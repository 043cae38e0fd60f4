"""A draft whose call ended while nobody watched: finished with what had been seen, and marked as a guess. Pure."""

from __future__ import annotations

from dataclasses import replace

from app.domain.wrap_up import CardDraft, ProposedDisposition, propose_disposition
from app.outbox.drafts import PartTrace


def finished_as_seen(draft: CardDraft, trace: PartTrace) -> CardDraft:
    """Talk counts from the first talk seen to the last sight of my part: it may have gone on for longer."""
    if draft.facts.is_finished:
        return draft
    talk_s = 0
    if trace.talk_began_at is not None:
        last_seen_at = trace.last_seen_at or trace.talk_began_at
        talk_s = max(1, round((last_seen_at - trace.talk_began_at).total_seconds()))
    proposed = propose_disposition(
        direction=draft.facts.direction, talked=trace.talk_began_at is not None, ended_by_us=False
    )
    facts = replace(
        draft.facts,
        talk_s=talk_s,
        proposed=ProposedDisposition(proposed.disposition, is_guess=True),
        ended_at=trace.last_seen_at or draft.facts.started_at,
    )
    return replace(draft, facts=facts)
