"""The database: whole transactions in order, honest failures, one owner, damage set aside."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest

from app.database import Database, OpenReport, storage_error
from app.errors import CommitUnknown, DatabaseDamaged, DatabaseInUse, NotSaved, StorageError
from tests.app.database_cards import SCHEMA, filled, keys, opened, put, report_of


async def test_what_was_run_is_there_after_reopening(tmp_path: Path) -> None:
    path = tmp_path / "new" / "pult.db"
    async with opened(path) as database:
        await database.run(lambda connection: put(connection, "a"))
    async with opened(path) as database:
        assert await database.run(keys) == ["a"]
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["pult.db"], "closing leaves no log behind"


@pytest.mark.skipif(os.name != "posix", reason="file modes")
async def test_the_log_beside_the_file_is_private_too(tmp_path: Path) -> None:
    (tmp_path / "pult.db").touch(mode=0o644)
    async with opened(tmp_path / "pult.db") as database:
        await database.run(lambda connection: put(connection, "a"))
        modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    assert modes == {"pult.db": 0o600, "pult.db-wal": 0o600}


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("locking_mode", "exclusive"),
        ("secure_delete", 1),
        ("foreign_keys", 1),
        ("mmap_size", 0),
        ("busy_timeout", 300),
    ],
)
async def test_the_settings_that_durability_rests_on_are_in_force(tmp_path: Path, pragma: str, value: object) -> None:
    async with opened(tmp_path / "pult.db") as database:
        row = await database.run(lambda connection: connection.execute(f"PRAGMA {pragma}").fetchone())
    assert row == (value,)


async def test_work_is_done_in_the_order_it_came_on_one_thread(tmp_path: Path) -> None:
    threads: set[int] = set()

    async with opened(tmp_path / "pult.db") as database:

        def note(connection: sqlite3.Connection, key: str) -> None:
            threads.add(threading.get_ident())
            put(connection, key)

        await asyncio.gather(*(database.run(partial(note, key=str(n))) for n in range(50)))
        assert await database.run(keys) == [str(n) for n in range(50)]
    assert len(threads) == 1
    assert threads != {threading.get_ident()}


async def test_an_exception_rolls_everything_back_and_comes_through(tmp_path: Path) -> None:
    class Odd(Exception):
        pass

    def half(connection: sqlite3.Connection) -> None:
        put(connection, "half")
        raise Odd

    def twice(connection: sqlite3.Connection) -> None:
        put(connection, "b")
        put(connection, "a")

    async with opened(tmp_path / "pult.db") as database:
        with pytest.raises(Odd):
            await database.run(half)
        await database.run(lambda connection: put(connection, "a"))
        with pytest.raises(sqlite3.IntegrityError):
            await database.run(twice)
        assert await database.run(keys) == ["a"]


async def test_work_may_not_end_its_own_transaction(tmp_path: Path) -> None:
    async with opened(tmp_path / "pult.db") as database:
        with pytest.raises(RuntimeError, match="own transaction"):
            await database.run(lambda connection: connection.execute("COMMIT") and None)


async def test_a_deferred_constraint_is_a_refusal_not_an_unknown(tmp_path: Path) -> None:
    parent = "CREATE TABLE a (id INTEGER PRIMARY KEY);"
    schema = f"{parent} CREATE TABLE b (a INTEGER REFERENCES a DEFERRABLE INITIALLY DEFERRED);"
    async with opened(tmp_path / "pult.db", [(1, schema)]) as database:
        with pytest.raises(sqlite3.IntegrityError):
            await database.run(lambda connection: connection.execute("INSERT INTO b VALUES (7)") and None)
        assert await database.run(lambda connection: connection.execute("SELECT * FROM b").fetchall()) == []


async def test_a_full_disk_is_not_saved_and_the_next_work_runs(tmp_path: Path) -> None:
    async with opened(tmp_path / "pult.db") as database:

        def fill(connection: sqlite3.Connection) -> None:
            connection.execute("PRAGMA max_page_count=20")
            put(connection, "big", "x" * 1_000_000)

        with pytest.raises(NotSaved, match="disk_full") as caught:
            await database.run(fill)
        assert caught.value.params == {"cause": "SQLITE_FULL"}
        await database.run(lambda connection: put(connection, "small"))
        assert await database.run(keys) == ["small"]


class FailingCommit(sqlite3.Connection):
    """A disk that fails in the middle of a commit: before the rows are safe, or just after."""

    is_armed = False
    is_written_first = False

    def execute(self, sql: str, *parameters: object) -> sqlite3.Cursor:
        if sql == "COMMIT" and FailingCommit.is_armed:
            FailingCommit.is_armed = False
            if FailingCommit.is_written_first:
                super().execute(sql)
            raise sqlite3.OperationalError("disk I/O error")
        return super().execute(sql, *parameters)  # type: ignore[arg-type]


@pytest.mark.parametrize("is_written_first", [False, True])
async def test_a_failed_commit_is_unknown_and_looking_tells_the_truth(tmp_path: Path, is_written_first: bool) -> None:
    def connect(path: Path) -> sqlite3.Connection:
        return sqlite3.connect(path, isolation_level=None, factory=FailingCommit)

    async with opened(tmp_path / "pult.db", connect=connect) as database:
        FailingCommit.is_armed, FailingCommit.is_written_first = True, is_written_first
        with pytest.raises(CommitUnknown):
            await database.run(lambda connection: put(connection, "a"))
        seen = await database.run(keys)
        await database.run(
            lambda connection: connection.execute("INSERT INTO card VALUES ('a', '') ON CONFLICT DO NOTHING") and None
        )
    assert seen == (["a"] if is_written_first else [])
    async with opened(tmp_path / "pult.db") as database:
        assert await database.run(keys) == ["a"]


async def test_a_disk_that_comes_back_later_is_found_again(tmp_path: Path) -> None:
    path = tmp_path / "pult.db"
    is_gone = False

    def connect(path: Path) -> sqlite3.Connection:
        if is_gone:
            raise sqlite3.OperationalError("unable to open database file")
        return sqlite3.connect(path, isolation_level=None, factory=FailingCommit)

    async with opened(path, connect=connect) as database:
        FailingCommit.is_armed, FailingCommit.is_written_first, is_gone = True, True, True
        with pytest.raises(CommitUnknown):
            await database.run(lambda connection: put(connection, "a"))
        with pytest.raises(NotSaved):
            await database.run(keys)
        is_gone = False
        assert await database.run(keys) == ["a"]


async def test_cancelled_in_line_is_not_begun(tmp_path: Path) -> None:
    gate = threading.Event()
    async with opened(tmp_path / "pult.db") as database:
        holding = asyncio.create_task(database.run(lambda _: gate.wait(5)))
        given_up = asyncio.create_task(database.run(lambda connection: put(connection, "given up")))
        wanted = asyncio.create_task(database.run(lambda connection: put(connection, "wanted")))
        await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(holding, wanted)
        assert await database.run(keys) == ["wanted"]


async def test_closing_does_what_is_in_line_and_refuses_what_comes_later(tmp_path: Path) -> None:
    database = Database(tmp_path / "pult.db", migrations=SCHEMA)
    with pytest.raises(NotSaved, match="database_closed"):
        await database.run(keys)
    await database.open()
    with pytest.raises(RuntimeError):
        await database.open()
    last = [asyncio.create_task(database.run(partial(put, key=str(n)))) for n in range(20)]
    await asyncio.sleep(0)
    await database.aclose()
    await database.aclose()
    await asyncio.gather(*last)
    with pytest.raises(NotSaved, match="database_closed"):
        await database.run(keys)
    async with opened(tmp_path / "pult.db") as reopened:
        assert len(await reopened.run(keys)) == 20


HOLDER = """
import asyncio, sys
from pathlib import Path
from app.database import Database
schema = "CREATE TABLE card (key TEXT PRIMARY KEY, text TEXT NOT NULL);"
async def main():
    database = Database(Path(sys.argv[1]), migrations=[(1, schema)])
    await database.open()
    await database.run(lambda connection: connection.execute("INSERT INTO card VALUES ('held', '')") and None)
    print("ready", flush=True)
    sys.stdin.read()
asyncio.run(main())
"""


async def test_a_second_process_is_refused_and_after_a_kill_it_is_not(tmp_path: Path) -> None:
    path = tmp_path / "pult.db"
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, str(path), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"ready\n"
    second = Database(path, migrations=SCHEMA)
    with pytest.raises(DatabaseInUse):
        await second.open()
    # Not even a reader of another make gets in.
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        await asyncio.to_thread(read_beside, path)
    holder.kill()
    await holder.wait()
    assert (await second.open()).set_aside is None
    assert await second.run(keys) == ["held"]
    await second.aclose()


def read_beside(path: Path) -> None:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=0.1)
    try:
        connection.execute("SELECT * FROM card").fetchall()
    finally:
        connection.close()


async def test_the_refusal_comes_from_the_exclusive_lock(tmp_path: Path) -> None:
    def connect(path: Path) -> sqlite3.Connection:
        return sqlite3.connect(path, isolation_level=None, factory=WithoutExclusiveLock)

    async with opened(tmp_path / "pult.db", connect=connect) as database:
        await database.run(lambda connection: put(connection, "a"))
        await asyncio.to_thread(read_beside, tmp_path / "pult.db")


class WithoutExclusiveLock(sqlite3.Connection):
    def execute(self, sql: str, *parameters: object) -> sqlite3.Cursor:
        return super().execute(sql.replace("=EXCLUSIVE", "=NORMAL"), *parameters)  # type: ignore[arg-type]


def scribble(path: Path, offset: int, length: int) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(b"\xa5" * length)


@pytest.mark.parametrize(("offset", "length"), [(0, 100), (4096, 4096), (20_000, 30_000), (100, 8)])
async def test_a_damaged_file_is_set_aside_whole_and_told(tmp_path: Path, offset: int, length: int) -> None:
    path = tmp_path / "pult.db"
    await filled(path)
    scribble(path, offset, length)
    damaged = path.read_bytes()
    async with opened(path) as database:
        assert await database.run(keys) == []
        await database.run(lambda connection: put(connection, "new"))
    aside = tmp_path / "pult.db.damaged-20260302T060000Z"
    assert aside.read_bytes() == damaged


async def test_a_second_damaged_file_does_not_replace_the_first(tmp_path: Path) -> None:
    path = tmp_path / "pult.db"
    for text in (b"not a database, the first" * 50, b"not a database, the second" * 50):
        path.write_bytes(text)
        report = await report_of(path)
        assert report.set_aside is not None
        assert report.set_aside.read_bytes() == text


async def test_a_sound_file_is_not_set_aside(tmp_path: Path) -> None:
    await filled(tmp_path / "pult.db")
    assert await report_of(tmp_path / "pult.db") == OpenReport(None, None, 1, 1)


async def test_a_file_that_cannot_be_opened_is_not_taken_for_damaged(tmp_path: Path) -> None:
    (tmp_path / "pult.db").mkdir()
    database = Database(tmp_path / "pult.db", migrations=SCHEMA)
    with pytest.raises(NotSaved):
        await database.open()
    assert (tmp_path / "pult.db").is_dir()
    (tmp_path / "pult.db").rmdir()
    await database.open()
    await database.aclose()


async def test_deleted_text_is_not_left_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "pult.db"
    async with opened(path) as database:
        for n in range(50):
            await database.run(partial(put, key=str(n), text=f"s3cr3t-{n}" * 20))
        await database.run(lambda connection: connection.execute("DELETE FROM card") and None)
    assert b"s3cr3t" not in path.read_bytes()
    careless = sqlite3.connect(tmp_path / "careless.db", isolation_level=None)
    careless.execute("PRAGMA secure_delete=OFF")
    careless.executescript(SCHEMA[0][1])
    put(careless, "a", "s3cr3t" * 20)
    careless.execute("DELETE FROM card")
    careless.close()
    assert b"s3cr3t" in (tmp_path / "careless.db").read_bytes()


@pytest.mark.parametrize(
    ("code", "kind", "ours"),
    [
        (sqlite3.SQLITE_FULL, NotSaved, "disk_full"),
        (sqlite3.SQLITE_IOERR_FSYNC, NotSaved, "disk_error"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, NotSaved, "read_only"),
        (sqlite3.SQLITE_BUSY_RECOVERY, DatabaseInUse, "database_in_use"),
        (sqlite3.SQLITE_CORRUPT_INDEX, DatabaseDamaged, "database_damaged"),
        (sqlite3.SQLITE_NOTADB, DatabaseDamaged, "database_damaged"),
        (sqlite3.SQLITE_ERROR, NotSaved, "database_error"),
    ],
)
def test_result_codes_are_mapped_by_their_primary_part(code: int, kind: type[StorageError], ours: str) -> None:
    error = sqlite3.OperationalError("near 'secret text'")
    error.sqlite_errorcode = code
    mapped = storage_error(error)
    assert (type(mapped), mapped.code) == (kind, ours)
    assert "secret" not in repr(mapped.params)
