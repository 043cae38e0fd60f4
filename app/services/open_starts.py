"""Starts whose outcome is not known. Each is on the disk before it is sent; what is not here is known or never left."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import dataclass
from datetime import datetime

import msgspec

from app.database import Database
from app.domain.call_start import CallStart

_decoder = msgspec.json.Decoder(CallStart)
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OpenStart:
    """One start of this or an earlier run. `sent_at`: by this machine's clock, just before it was sent."""

    start: CallStart
    sent_at: datetime


class OpenStarts:
    """The table of them, by `external_id`. Raises StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, open_start: OpenStart) -> None:
        """When this returns, it is on the disk."""
        content = msgspec.json.encode(open_start.start)
        row = (open_start.start.external_id, open_start.sent_at.isoformat(), content)
        await self._database.run(
            lambda connection: connection.execute(
                "INSERT INTO open_starts (external_id, sent_at, content) VALUES (?, ?, ?)", row
            )
        )

    async def remove(self, external_id: str) -> None:
        """Its outcome is known, or the operator has answered for it."""
        await self._database.run(
            lambda connection: connection.execute("DELETE FROM open_starts WHERE external_id = ?", (external_id,))
        )

    async def everything(self) -> tuple[OpenStart, ...]:
        """The oldest first. One that cannot be read stays where it is."""

        def read(connection: sqlite3.Connection) -> list[tuple[str, bytes]]:
            return connection.execute("SELECT sent_at, content FROM open_starts ORDER BY sent_at").fetchall()

        found = []
        for sent_at, content in await self._database.run(read):
            try:
                found.append(OpenStart(_decoder.decode(content), datetime.fromisoformat(sent_at)))
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError):
                _logger.warning("a start of an earlier run cannot be read")
        return tuple(found)
