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

# `lane` and `requires`: as in entry.PlannedStep. `amended`: the card as the operator changed it after saving; `content`
# stays. `phase`: entry.CardPhase; whatever it is, the rows stay. `audit` tells what was done to a card by hand.
# `recordings`: what is known of a card's recording, `used_at`: when nobody needed the file any more.
_THIRD = """
CREATE TABLE steps_with_lanes (
    card_key TEXT NOT NULL REFERENCES cards (card_key),
    position INTEGER NOT NULL,
    crm_name TEXT NOT NULL,
    name TEXT NOT NULL,
    lane TEXT NOT NULL DEFAULT '',
    requires TEXT,
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
INSERT INTO steps_with_lanes (card_key, position, crm_name, name, step_state, resume_as, attempts, claimed_at,
    next_try_at, reason, reason_params, receipt)
    SELECT card_key, position, crm_name, name, step_state, resume_as, attempts, claimed_at, next_try_at, reason,
        reason_params, receipt FROM steps;
DROP TABLE steps;
ALTER TABLE steps_with_lanes RENAME TO steps;
CREATE INDEX steps_not_done ON steps (step_state) WHERE step_state <> 'done';
ALTER TABLE cards ADD COLUMN amended BLOB;
ALTER TABLE cards ADD COLUMN phase TEXT NOT NULL DEFAULT 'saved'
    CHECK (phase IN ('begun', 'saved', 'abandoned', 'discarded'));
CREATE TABLE audit (
    position INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    card_key TEXT NOT NULL,
    deed TEXT NOT NULL,
    params BLOB
);
CREATE INDEX audit_by_card ON audit (card_key);
CREATE TABLE recordings (
    card_key TEXT PRIMARY KEY,
    call_session_id INTEGER NOT NULL,
    employee_id INTEGER,
    began_at TEXT NOT NULL,
    ended_at TEXT NOT NULL,
    recording_state TEXT NOT NULL CHECK (recording_state IN ('not_yet', 'ready', 'none')),
    wanted_at TEXT NOT NULL,
    next_look_at TEXT,
    looks INTEGER NOT NULL DEFAULT 0,
    link TEXT NOT NULL DEFAULT '',
    file_name TEXT NOT NULL DEFAULT '',
    size INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    used_at TEXT
) WITHOUT ROWID;
"""

MIGRATIONS: tuple[Migration, ...] = ((1, _FIRST), (2, _SECOND), (3, _THIRD))
