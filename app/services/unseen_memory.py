"""From when on calls nobody saw are looked for: one line on the disk for each employee of a PBX."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

import msgspec

from app.database import Database


@dataclass(frozen=True, slots=True)
class ReadSoFar:
    """`first_at`: this employee's console was first there; what ended before is others' work. `read_until`: everything
    the report knew by then has a card or needs none."""

    first_at: datetime
    read_until: datetime


class UnseenMemory:
    """Raises StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, desk_key: str, now: datetime) -> ReadSoFar:
        """What is kept; on the very first look it begins now. A line nobody can read begins anew, too."""

        def read(connection: sqlite3.Connection) -> ReadSoFar:
            row = connection.execute("SELECT value FROM kv WHERE name = ?", (_name(desk_key),)).fetchone()
            kept = None if row is None else _decoded(row[0])
            if kept is None:
                kept = ReadSoFar(now, now)
                _write(connection, desk_key, kept)
            return kept

        return await self._database.run(read)

    async def keep(self, desk_key: str, so_far: ReadSoFar) -> None:
        await self._database.run(lambda connection: _write(connection, desk_key, so_far))


def _write(connection: sqlite3.Connection, desk_key: str, so_far: ReadSoFar) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO kv (name, value) VALUES (?, ?)", (_name(desk_key), msgspec.json.encode(so_far))
    )


def _decoded(value: bytes) -> ReadSoFar | None:
    try:
        return msgspec.json.decode(value, type=ReadSoFar)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _name(desk_key: str) -> str:
    return f"unseen_calls {desk_key}"
