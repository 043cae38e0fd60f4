"""SQL of a card's way from the first ring into the outbox, and of which chains are to be sent. Each function works
within its caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from app.crm.port import CardToWrite
from app.outbox.amending import changed_fields, is_mended, resumed_as
from app.outbox.audit import Deed, write_deed
from app.outbox.drafts import DraftState, close_draft
from app.outbox.entry import RECORDING_LANE, CardPhase, OpenChain, OutboxCard, PlannedStep, StepState
from app.outbox.reasons import RECORDING_NOT_READY
from app.outbox.rows import encoded_card, entry_of
from app.outbox.timetable import ChainKey


def begin(connection: sqlite3.Connection, card: CardToWrite, steps: Sequence[PlannedStep], now: datetime) -> bool:
    """A card in phase begun; its draft stays open. False when there is a card of that key already."""
    inserted = connection.execute(
        "INSERT INTO cards (card_key, saved_at, content, phase) VALUES (?, ?, ?, 'begun')"
        " ON CONFLICT (card_key) DO NOTHING",
        (card.card_key, now.isoformat(), encoded_card(card)),
    ).rowcount
    if inserted:
        put_steps(connection, card.card_key, steps)
    return bool(inserted)


def save(connection: sqlite3.Connection, card: CardToWrite, steps: Sequence[PlannedStep], now: datetime) -> datetime:
    """A card in phase saved, its draft closed; gives when it was saved first. What kept a begun card's steps parked may
    be mended by what was typed since."""
    begun = entry_of(card.card_key, connection)
    written = connection.execute(
        "INSERT INTO cards (card_key, saved_at, content) VALUES (?, ?, ?) ON CONFLICT (card_key) DO UPDATE SET"
        " saved_at = excluded.saved_at, content = excluded.content, phase = 'saved'"
        " WHERE cards.phase IN ('begun', 'abandoned')",
        (card.card_key, now.isoformat(), encoded_card(card)),
    ).rowcount
    if not written:
        return saved_at(connection, card.card_key) or now
    if begun is not None:
        mend(connection, begun, changed_fields(begun.card, card))
    put_steps(connection, card.card_key, steps)
    if card.is_completed_automatically:
        write_deed(connection, card.card_key, Deed.COMPLETED_AUTOMATICALLY, now)
    close_draft(connection, card.card_key, DraftState.SAVED, now)
    return now


def abandon(connection: sqlite3.Connection, card_key: str, steps: Sequence[PlannedStep], now: datetime) -> bool:
    """A begun card becomes an abandoned one; `steps` come after those it has."""
    changed = connection.execute(
        "UPDATE cards SET phase = 'abandoned' WHERE card_key = ? AND phase = 'begun'", (card_key,)
    ).rowcount
    if changed:
        put_steps(connection, card_key, steps, first_position=_last_position(connection, card_key) + 1)
        write_deed(connection, card_key, Deed.ABANDONED, now)
    return bool(changed)


def put_steps(
    connection: sqlite3.Connection, card_key: str, steps: Sequence[PlannedStep], *, first_position: int = 0
) -> None:
    """Add the steps a card lacks. One it has keeps what is known of it and takes its place in the new order; one that
    has surely not been sent waits for the operator where the new plan says so."""
    for position, step in enumerate(steps, first_position):
        step_state = StepState.PENDING if step.parked_because is None else StepState.PARKED
        place = (position, step.lane, step.requires)
        row = (card_key, step.crm_name, step.name, *place, step_state.value, step.parked_because)
        connection.execute(
            "INSERT INTO steps (card_key, crm_name, name, position, lane, requires, step_state, reason)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (card_key, crm_name, name) DO UPDATE SET"
            " position = excluded.position, lane = excluded.lane, requires = excluded.requires",
            row,
        )
        if step.parked_because is not None:
            connection.execute(
                "UPDATE steps SET step_state = 'parked', resume_as = 'pending', reason = ?, reason_params = NULL"
                " WHERE card_key = ? AND crm_name = ? AND name = ? AND step_state = 'pending'",
                (step.parked_because, card_key, step.crm_name, step.name),
            )


def mend(connection: sqlite3.Connection, entry: OutboxCard, changed: Collection[str]) -> None:
    """Parked steps whose reason a change of these fields mends go on."""
    for step in entry.steps:
        if is_mended(step, changed):
            connection.execute(
                "UPDATE steps SET step_state = ?, reason = NULL, reason_params = NULL, next_try_at = NULL"
                " WHERE card_key = ? AND crm_name = ? AND name = ? AND step_state = 'parked'",
                (resumed_as(step).value, entry.card_key, step.crm_name, step.name),
            )


def saved_at(connection: sqlite3.Connection, card_key: str, phase: CardPhase | None = None) -> datetime | None:
    """When the card was written; None when it is not there, or not in that phase."""
    row: tuple[str, str] | None = connection.execute(
        "SELECT saved_at, phase FROM cards WHERE card_key = ?", (card_key,)
    ).fetchone()
    if row is None or (phase is not None and row[1] != phase.value):
        return None
    return datetime.fromisoformat(row[0])


def open_chains(connection: sqlite3.Connection) -> Mapping[ChainKey, OpenChain]:
    """Chains to be sent, oldest card first."""
    rows: list[tuple[str, str, str, str, bool]] = connection.execute(
        "SELECT steps.card_key, steps.crm_name, steps.lane, cards.phase,"
        " steps.lane = ? AND steps.step_state = 'pending' AND steps.attempts = 0 AND coalesce(steps.reason, '') = ?"
        " FROM steps JOIN cards USING (card_key)"
        " WHERE steps.step_state <> 'done' AND (cards.phase = 'saved'"
        " OR (cards.phase = 'begun' AND EXISTS (SELECT 1 FROM drafts"
        " WHERE drafts.card_key = cards.card_key AND draft_state = 'open'))"
        " OR (cards.phase = 'abandoned' AND steps.step_state = 'pending' AND EXISTS (SELECT 1 FROM steps AS other"
        " WHERE other.card_key = steps.card_key AND other.crm_name = steps.crm_name"
        " AND other.name = steps.requires AND other.step_state = 'done')))"
        " ORDER BY cards.position, steps.position",
        (RECORDING_LANE, RECORDING_NOT_READY),
    ).fetchall()
    found: dict[ChainKey, OpenChain] = {}
    for card_key, crm_name, lane, phase, awaits_recording in rows:
        # Where a chain stands its first step says.
        found.setdefault(ChainKey(card_key, crm_name, lane), OpenChain(CardPhase(phase), bool(awaits_recording)))
    return found


def left_begun(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Begun cards nobody will save: their drafts are gone or closed."""
    rows: list[tuple[str]] = connection.execute(
        "SELECT card_key FROM cards WHERE phase = 'begun' AND NOT EXISTS (SELECT 1 FROM drafts"
        " WHERE drafts.card_key = cards.card_key AND draft_state = 'open') ORDER BY position"
    ).fetchall()
    return tuple(card_key for (card_key,) in rows)


def _last_position(connection: sqlite3.Connection, card_key: str) -> int:
    row: tuple[int] = connection.execute(
        "SELECT coalesce(max(position), -1) FROM steps WHERE card_key = ?", (card_key,)
    ).fetchone()
    return row[0]
