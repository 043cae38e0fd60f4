"""Migrations: once each, after a copy, and whole or not at all, whenever the program dies."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from app.database import Database, Migration, OpenReport
from app.errors import NotSaved, StorageError
from tests.app.database_cards import SCHEMA, filled, keys, opened, put, report_of

SECOND: list[Migration] = [*SCHEMA, (2, "ALTER TABLE card ADD COLUMN note TEXT;\nUPDATE card SET note = 'old' -- last")]


async def test_migrations_run_once_each_after_a_copy(tmp_path: Path) -> None:
    path = tmp_path / "pult.db"
    assert await report_of(path) == OpenReport(None, None, 0, 1)
    async with opened(path) as database:
        await database.run(lambda connection: put(connection, "a"))
    report = await report_of(path, SECOND)
    backup = tmp_path / "pult.db.backup-v1"
    assert report == OpenReport(None, backup, 1, 2)
    async with opened(path, SECOND) as database:
        row = await database.run(lambda connection: connection.execute("SELECT * FROM card").fetchone())
    assert row == ("a", "text", "old")
    async with opened(backup) as copy:
        assert await copy.run(keys) == ["a"]
    if os.name == "posix":
        assert backup.stat().st_mode & 0o777 == 0o600


async def test_a_migration_that_fails_leaves_the_old_schema(tmp_path: Path) -> None:
    path = tmp_path / "pult.db"
    await filled(path)
    broken: list[Migration] = [*SCHEMA, (2, "ALTER TABLE card ADD COLUMN note TEXT; INSERT INTO absent VALUES (1);")]
    with pytest.raises(NotSaved, match="migration_failed") as caught:
        await report_of(path, broken)
    assert caught.value.params["version"] == 2
    async with opened(path) as database:
        columns = await database.run(lambda connection: connection.execute("PRAGMA table_info(card)").fetchall())
    assert [column[1] for column in columns] == ["key", "text"]


async def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "pult.db"
    await report_of(path, SECOND)
    with pytest.raises(StorageError, match="database_newer") as caught:
        await report_of(path)
    assert caught.value.params == {"version": 2, "known": 1}


@pytest.mark.parametrize("versions", [[2, 1], [1, 1], [0], [-1, 2]])
def test_versions_must_rise(tmp_path: Path, versions: list[int]) -> None:
    with pytest.raises(ValueError, match="rising"):
        Database(tmp_path / "pult.db", migrations=[(version, "") for version in versions])


KILLED = """
import asyncio, os, signal, sqlite3, sys
from pathlib import Path
from app.database import Database, connect_sqlite
left = int(sys.argv[2])
def connect(path):
    connection = connect_sqlite(path)
    def count(statement):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
    connection.set_trace_callback(count)
    return connection
updates = [f"UPDATE card SET note='n{n}' WHERE key='{n}';" for n in range(3)]
script = "ALTER TABLE card ADD COLUMN note TEXT;" + "".join(updates)
if sys.argv[3] == "careless":
    class Careless(sqlite3.Connection):
        def executescript(self, script):
            return super().executescript(script.replace("BEGIN IMMEDIATE;", "").replace("COMMIT;", ""))
    real_connect = sqlite3.connect
    sqlite3.connect = lambda *args, **named: real_connect(*args, factory=Careless, **named)
migrations = [(1, "CREATE TABLE card (key TEXT PRIMARY KEY, text TEXT NOT NULL);"), (2, script)]
async def main():
    database = Database(Path(sys.argv[1]), migrations=migrations, connect=connect)
    await database.open()
    await database.aclose()
asyncio.run(main())
"""


def schemas_after_kills(tmp_path: Path, manner: str) -> set[str]:
    """Kill the program before each statement of opening with a migration, and see what the file is then."""
    seen = set()
    original = tmp_path / "original.db"
    connection = sqlite3.connect(original)
    connection.executescript(
        f"{SCHEMA[0][1]} INSERT INTO card VALUES ('0',''),('1',''),('2',''); PRAGMA user_version=1;"
    )
    connection.close()
    for statements in range(100):
        path = tmp_path / f"{manner}-{statements}.db"
        path.write_bytes(original.read_bytes())
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(path), str(statements), manner], timeout=30, check=False
        )
        looked = sqlite3.connect(path)
        version = looked.execute("PRAGMA user_version").fetchone()[0]
        columns = len(looked.execute("PRAGMA table_info(card)").fetchall())
        noted = looked.execute("SELECT count(note) FROM card").fetchone()[0] if columns == 3 else 0
        looked.close()
        seen.add({(1, 2, 0): "old", (2, 3, 3): "new"}.get((version, columns, noted), "between"))
        if done.returncode == 0:
            return seen
        assert done.returncode == -signal.SIGKILL
    raise AssertionError("it never ended")


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_killed_before_any_statement_the_schema_is_the_old_or_the_new_one(tmp_path: Path) -> None:
    assert schemas_after_kills(tmp_path, "careful") == {"old", "new"}


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_without_the_transaction_it_would_be_something_between(tmp_path: Path) -> None:
    assert "between" in schemas_after_kills(tmp_path, "careless")
