"""The database of the version before this one, as a killed process leaves it: rows in the file and in its log."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from app.database import connect_sqlite
from app.outbox.rows import encoded_card
from app.outbox.schema import MIGRATIONS
from tests.soak.outbox_life import BEGAN_AT, Content, content_of
from tests.soak.soak_cards import soak_card

# The newest released schema before this one.
OLDER = 2
_CARDS = 6
_FILE = "pult.db"


def leave_an_older_file(folder: Path, seed: int) -> Content:
    """Put the files into the folder; gives what is in them."""
    older = [script for version, script in MIGRATIONS if version <= OLDER]
    with tempfile.TemporaryDirectory(dir=folder.parent) as elsewhere, closing(exclusive(Path(elsewhere, _FILE))) as raw:
        raw.execute("PRAGMA journal_mode=WAL")
        raw.executescript(f"BEGIN; {' '.join(older)} PRAGMA user_version={OLDER}; COMMIT;")
        for number in range(_CARDS):
            card = soak_card(seed * 1000 + 900 + number, BEGAN_AT)
            row = (card.card_key, BEGAN_AT.isoformat(), encoded_card(card))
            raw.execute("BEGIN")
            raw.execute("INSERT INTO cards (card_key, saved_at, content) VALUES (?, ?, ?)", row)
            raw.execute(
                "INSERT INTO steps (card_key, position, crm_name, name, step_state)"
                " VALUES (?, 0, 'bitrix24', 'register', 'in_flight')",
                row[:1],
            )
            raw.execute("COMMIT")
        for path in Path(elsewhere).iterdir():
            shutil.copy(path, folder)
        return content_of(raw)


def exclusive(path: Path) -> sqlite3.Connection:
    """A connection as the program's, which needs no shared memory beside the file."""
    connection = connect_sqlite(path)
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    return connection
