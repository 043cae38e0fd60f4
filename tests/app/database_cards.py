"""A small database of cards for the tests of app.database: opened, filled, looked into."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from app.database import Connect, Database, Migration, OpenReport, connect_sqlite
from tests.helpers.clock import FakeClock

SCHEMA: list[Migration] = [(1, "CREATE TABLE card (key TEXT PRIMARY KEY, text TEXT NOT NULL);")]


@asynccontextmanager
async def opened(
    path: Path, migrations: Sequence[Migration] = SCHEMA, connect: Connect = connect_sqlite
) -> AsyncIterator[Database]:
    database = Database(path, migrations=migrations, connect=connect, clock=FakeClock())
    await database.open()
    try:
        yield database
    finally:
        await database.aclose()


async def report_of(path: Path, migrations: Sequence[Migration] = SCHEMA) -> OpenReport:
    database = Database(path, migrations=migrations, clock=FakeClock())
    try:
        return await database.open()
    finally:
        await database.aclose()


def put(connection: sqlite3.Connection, key: str, text: str = "text") -> None:
    connection.execute("INSERT INTO card VALUES (?, ?)", (key, text))


def keys(connection: sqlite3.Connection) -> list[str]:
    return [key for (key,) in connection.execute("SELECT key FROM card ORDER BY rowid")]


async def filled(path: Path) -> None:
    async with opened(path) as database:
        for n in range(200):
            await database.run(partial(put, key=str(n), text="y" * 500))
