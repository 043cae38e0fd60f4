"""Cards not saved yet, kept on the disk from the first ring so that a crash costs at most a second of typing."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

import msgspec

from app.database import Database
from app.domain.wrap_up import CardDraft

_logger = logging.getLogger(__name__)


class DraftState(Enum):
    """OPEN: being filled in. SAVED: became a card. KEPT: no card was due, but something had been typed.
    DROPPED: no card was due."""

    OPEN = "open"
    SAVED = "saved"
    KEPT = "kept"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class PartTrace:
    """What a crash must not make us forget of my part: when my talk began and when it was last seen alive."""

    talk_began_at: datetime | None = None
    last_seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it lies on the disk. `is_set_aside`: to be written later; `is_offered`: of a call nobody saw here."""

    draft: CardDraft
    trace: PartTrace = field(default_factory=PartTrace)
    draft_state: DraftState = DraftState.OPEN
    is_set_aside: bool = False
    is_offered: bool = False


@dataclass(frozen=True, slots=True)
class _Content:
    draft: CardDraft
    trace: PartTrace
    is_set_aside: bool = False
    is_offered: bool = False


_decoder = msgspec.json.Decoder(_Content)


class DraftStore:
    """The table of drafts. Nothing is deleted; a draft that was closed never opens again. Raises StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, drafts: Sequence[Draft], now: datetime) -> None:
        """Write these drafts as they are now, in one transaction."""
        rows = [
            (
                draft.draft.card_key,
                draft.draft_state.value,
                now.isoformat(),
                now.isoformat(),
                msgspec.json.encode(_Content(draft.draft, draft.trace, draft.is_set_aside, draft.is_offered)),
            )
            for draft in drafts
        ]
        await self._database.run(lambda connection: _upsert(connection, rows))

    async def open_drafts(self) -> tuple[Draft, ...]:
        """Drafts that were being filled in, oldest first."""
        return await self._of_state(DraftState.OPEN)

    async def kept_drafts(self) -> tuple[Draft, ...]:
        """Drafts without a card in which something had been typed, oldest first."""
        return await self._of_state(DraftState.KEPT)

    async def closed_keys(self, now: datetime, within: timedelta) -> frozenset[str]:
        """Card keys that were saved or dropped lately: their cards must not open again."""
        since = (now - within).isoformat()

        def read(connection: sqlite3.Connection) -> frozenset[str]:
            rows: list[tuple[str]] = connection.execute(
                "SELECT card_key FROM drafts WHERE draft_state <> 'open' AND updated_at >= ?"
                " UNION SELECT card_key FROM cards WHERE saved_at >= ? AND phase IN ('saved', 'discarded')",
                (since, since),
            ).fetchall()
            return frozenset(card_key for (card_key,) in rows)

        return await self._database.run(read)

    async def _of_state(self, draft_state: DraftState) -> tuple[Draft, ...]:
        def read(connection: sqlite3.Connection) -> list[tuple[str, bytes]]:
            return connection.execute(
                "SELECT card_key, content FROM drafts WHERE draft_state = ?"
                " AND card_key NOT IN (SELECT card_key FROM cards WHERE phase IN ('saved', 'discarded'))"
                " ORDER BY opened_at, rowid",
                (draft_state.value,),
            ).fetchall()

        found = []
        for card_key, content in await self._database.run(read):
            try:
                kept = _decoder.decode(content)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                # It stays where it is for whoever can read it.
                _logger.exception("a draft cannot be read", extra={"card_key": card_key})
                continue
            found.append(Draft(kept.draft, kept.trace, draft_state, kept.is_set_aside, kept.is_offered))
        return tuple(found)


def _upsert(connection: sqlite3.Connection, rows: list[tuple[str, str, str, str, bytes]]) -> None:
    connection.executemany(
        """INSERT INTO drafts (card_key, draft_state, opened_at, updated_at, content) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (card_key) DO UPDATE SET
            draft_state = excluded.draft_state, updated_at = excluded.updated_at, content = excluded.content
        WHERE drafts.draft_state = 'open'""",
        rows,
    )


def close_draft(connection: sqlite3.Connection, card_key: str, draft_state: DraftState, now: datetime) -> None:
    """Within the caller's transaction: the draft is over, its content stays."""
    connection.execute(
        "UPDATE drafts SET draft_state = ?, updated_at = ? WHERE card_key = ? AND draft_state = 'open'",
        (draft_state.value, now.isoformat(), card_key),
    )
