"""SQL of what the operator does to a card. Each function works within its caller's transaction and leaves a row in the
audit."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from app.crm.port import CardToWrite
from app.errors import NotFound, Refused
from app.outbox.amending import amendable_fields, changed_fields
from app.outbox.audit import Deed, write_deed
from app.outbox.entry import CardPhase, PlannedStep
from app.outbox.reasons import FINISH_HALF_DONE, PARKED_BY_OPERATOR
from app.outbox.rows import encoded_card, entry_of
from app.outbox.saving import mend, put_steps

_ONE_BY_ONE = (PARKED_BY_OPERATOR, FINISH_HALF_DONE)


def unpark(connection: sqlite3.Connection, card_key: str, now: datetime) -> int:
    """Parked steps become what they were, and nothing waits for a later time; gives how many were parked. Of one that
    is half done it stays known that a person has looked."""
    waiting = connection.execute(
        "UPDATE steps SET next_try_at = NULL WHERE card_key = ? AND step_state <> 'done'", (card_key,)
    ).rowcount
    unparked = connection.execute(
        "UPDATE steps SET step_state = resume_as, reason = CASE WHEN reason = ? THEN reason END, reason_params = NULL"
        " WHERE card_key = ? AND step_state = 'parked'",
        (FINISH_HALF_DONE, card_key),
    ).rowcount
    if waiting:
        write_deed(connection, card_key, Deed.RETRIED, now, {"unparked": unparked})
    return unparked


def unpark_all(connection: sqlite3.Connection, now: datetime) -> tuple[str, ...]:
    """Everything a CRM or a missing decision parked goes on; not what the operator parked, nor what a person has to
    look at card by card. Gives those cards."""
    rows: list[tuple[str]] = connection.execute(
        "SELECT DISTINCT card_key FROM steps JOIN cards USING (card_key) WHERE step_state = 'parked'"
        " AND reason IS NOT ? AND reason IS NOT ? AND phase = 'saved'",
        _ONE_BY_ONE,
    ).fetchall()
    for (card_key,) in rows:
        connection.execute(
            "UPDATE steps SET step_state = resume_as, reason = NULL, reason_params = NULL, next_try_at = NULL"
            " WHERE card_key = ? AND step_state = 'parked' AND reason IS NOT ? AND reason IS NOT ?",
            (card_key, *_ONE_BY_ONE),
        )
        write_deed(connection, card_key, Deed.RETRIED, now)
    return tuple(card_key for (card_key,) in rows)


def park(connection: sqlite3.Connection, card_key: str, reason: str, now: datetime) -> int:
    """The next step of each lane is parked; gives how many."""
    parked = connection.execute(
        "UPDATE steps SET resume_as = step_state, step_state = 'parked', reason = ?, reason_params = NULL"
        " WHERE card_key = ? AND step_state IN ('pending', 'unknown') AND position ="
        " (SELECT min(position) FROM steps AS other WHERE other.card_key = steps.card_key"
        " AND other.crm_name = steps.crm_name AND other.lane = steps.lane AND other.step_state <> 'done')",
        (reason, card_key),
    ).rowcount
    if parked:
        write_deed(connection, card_key, Deed.PARKED, now)
    return parked


def amend(
    connection: sqlite3.Connection,
    card_key: str,
    card: CardToWrite,
    deed: Deed,
    now: datetime,
    steps: Sequence[PlannedStep],
) -> frozenset[str]:
    """The new content beside the saved one, and mended steps going on; gives the fields that changed."""
    entry = entry_of(card_key, connection)
    if entry is None or card.card_key != card_key:
        raise NotFound("no_such_card")
    changed = changed_fields(entry.card, card)
    refused = changed.keys() - amendable_fields(entry)
    if refused:
        raise Refused("field_not_amendable", {"fields": ", ".join(sorted(refused))})
    if not changed:
        return frozenset()
    connection.execute("UPDATE cards SET amended = ? WHERE card_key = ?", (encoded_card(card), card_key))
    mend(connection, entry, changed)
    # A CRM that was connected after the card was saved is not given old calls by an amendment.
    crm_names = {step.crm_name for step in entry.steps}
    put_steps(connection, card_key, [step for step in steps if step.crm_name in crm_names])
    write_deed(connection, card_key, deed, now, {"changed": changed})
    return frozenset(changed)


def set_phase(
    connection: sqlite3.Connection, card_key: str, before: CardPhase, after: CardPhase, deed: Deed, now: datetime
) -> bool:
    """From one phase to another; False when the card is not in the first."""
    changed = connection.execute(
        "UPDATE cards SET phase = ? WHERE card_key = ? AND phase = ?", (after.value, card_key, before.value)
    ).rowcount
    if changed:
        write_deed(connection, card_key, deed, now)
    return bool(changed)
