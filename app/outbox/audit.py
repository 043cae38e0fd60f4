"""What was done to a card by hand, or by the console in the operator's stead. Written within the deed's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from app.outbox.rows import decoded_params, encoded_params


class Deed(Enum):
    """What was done. COMPLETED_AUTOMATICALLY: saved as it stood, because nobody saved it."""

    RETRIED = "retried"
    PARKED = "parked"
    AMENDED = "amended"
    CUSTOMER_CHOSEN = "customer_chosen"
    DISCARDED = "discarded"
    RESTORED = "restored"
    EXPORTED = "exported"
    ABANDONED = "abandoned"
    COMPLETED_AUTOMATICALLY = "completed_automatically"


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One deed. `deed` is a Deed's value, or a word of a newer version; `params` are its facts, such as
    `changed`: {field: [before, after]}."""

    at: datetime
    card_key: str
    deed: str
    params: Mapping[str, object] = field(default_factory=dict)


def write_deed(
    connection: sqlite3.Connection,
    card_key: str,
    deed: Deed,
    now: datetime,
    params: Mapping[str, object] | None = None,
) -> None:
    """Within the caller's transaction."""
    connection.execute(
        "INSERT INTO audit (at, card_key, deed, params) VALUES (?, ?, ?, ?)",
        (now.isoformat(), card_key, deed.value, encoded_params(params or {})),
    )


def read_deeds(connection: sqlite3.Connection, card_key: str) -> tuple[AuditRow, ...]:
    """Everything done to one card, oldest first."""
    rows: list[tuple[str, str, bytes | None]] = connection.execute(
        "SELECT at, deed, params FROM audit WHERE card_key = ? ORDER BY position", (card_key,)
    ).fetchall()
    return tuple(
        AuditRow(datetime.fromisoformat(at), card_key, deed, decoded_params(params)) for at, deed, params in rows
    )
