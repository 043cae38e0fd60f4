"""Tables of the local database, for all who keep something there. A released migration never changes."""

from __future__ import annotations

from app.database import Migration

_FIRST = """
CREATE TABLE cards (
    position INTEGER PRIMARY KEY,
    card_key TEXT NOT NULL UNIQUE,
    saved_at TEXT NOT NULL,
    content BLOB NOT NULL,
    chosen_kind TEXT,
    chosen_id INTEGER
);
CREATE TABLE steps (
    card_key TEXT NOT NULL REFERENCES cards (card_key),
    position INTEGER NOT NULL,
    crm_name TEXT NOT NULL,
    name TEXT NOT NULL,
    step_state TEXT NOT NULL CHECK (step_state IN ('pending', 'in_flight', 'unknown', 'done', 'parked')),
    resume_as TEXT NOT NULL DEFAULT 'pending' CHECK (resume_as IN ('pending', 'unknown')),
    attempts INTEGER NOT NULL DEFAULT 0,
    claimed_at TEXT,
    next_try_at TEXT,
    reason TEXT,
    reason_params BLOB,
    receipt BLOB,
    PRIMARY KEY (card_key, crm_name, name)
) WITHOUT ROWID;
CREATE INDEX steps_not_done ON steps (step_state) WHERE step_state <> 'done';
CREATE TABLE drafts (
    card_key TEXT PRIMARY KEY,
    draft_state TEXT NOT NULL CHECK (draft_state IN ('open', 'saved', 'kept', 'dropped')),
    opened_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    content BLOB NOT NULL
);
CREATE INDEX drafts_by_state ON drafts (draft_state);
CREATE TABLE kv (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
);
"""

_SECOND = """
CREATE TABLE dialled_numbers (
    number TEXT PRIMARY KEY,
    last_at TEXT NOT NULL,
    dialled_at TEXT,
    times INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE open_starts (
    external_id TEXT PRIMARY KEY,
    sent_at TEXT NOT NULL,
    content BLOB NOT NULL
) WITHOUT ROWID;
"""

MIGRATIONS: tuple[Migration, ...] = ((1, _FIRST), (2, _SECOND))
