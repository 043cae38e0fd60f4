"""An apsw connection with the face of sqlite3 that app.database and its callers use, on a file system of the test's.

Errors come as sqlite3's own classes with `sqlite_errorcode` and `sqlite_errorname`, rows as tuples.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import apsw

from app.database import Connect

_AUTOCHECKPOINT = "PRAGMA wal_autocheckpoint="
_BY_PRIMARY: dict[int, type[sqlite3.Error]] = {
    sqlite3.SQLITE_CONSTRAINT: sqlite3.IntegrityError,
    sqlite3.SQLITE_MISMATCH: sqlite3.IntegrityError,
    sqlite3.SQLITE_MISUSE: sqlite3.ProgrammingError,
    sqlite3.SQLITE_RANGE: sqlite3.ProgrammingError,
    sqlite3.SQLITE_TOOBIG: sqlite3.DataError,
    sqlite3.SQLITE_CORRUPT: sqlite3.DatabaseError,
    sqlite3.SQLITE_NOTADB: sqlite3.DatabaseError,
    sqlite3.SQLITE_INTERNAL: sqlite3.InternalError,
}


@dataclass(frozen=True, slots=True)
class Manner:
    """How a connection differs from what the program asks for. `checkpoint_pages`: a log that is emptied more often
    meets more of what can happen; `synchronous` and `swallows_errors` (of commits) are controls."""

    synchronous: str = "FULL"
    checkpoint_pages: int | None = None
    swallows_errors: bool = False


def connect_through(vfs_name: str, manner: Manner | None = None) -> Connect:
    """What Database takes for opening files."""
    return lambda path: cast("sqlite3.Connection", _Connection(path, vfs_name, manner or Manner()))


class _Cursor:
    """The rows of one statement, all read: errors come from `execute`."""

    def __init__(self, rows: Sequence[tuple[Any, ...]], rowcount: int) -> None:
        self._rows = iter(rows)
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return self._rows

    def fetchone(self) -> tuple[Any, ...] | None:
        return next(self._rows, None)

    def fetchall(self) -> list[tuple[Any, ...]]:
        return list(self._rows)


class _Connection:
    def __init__(self, path: Path, vfs_name: str, manner: Manner) -> None:
        self._manner = manner
        try:
            self._raw = apsw.Connection(str(path), vfs=vfs_name)
            self._raw.set_busy_timeout(300)
        except apsw.Error as error:
            raise translated(error) from None

    @property
    def in_transaction(self) -> bool:
        return self._raw.in_transaction

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> _Cursor:
        if sql == "PRAGMA synchronous=FULL":
            sql = f"PRAGMA synchronous={self._manner.synchronous}"
        if sql.startswith(_AUTOCHECKPOINT):
            self._checkpoint_from(self._manner.checkpoint_pages or int(sql.removeprefix(_AUTOCHECKPOINT)))
        try:
            return self._counted(lambda: self._raw.execute(sql, tuple(parameters)).fetchall())
        except sqlite3.Error:
            if sql == "COMMIT" and self._manner.swallows_errors:
                return _Cursor([], 0)
            raise

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> _Cursor:
        return self._counted(lambda: self._raw.executemany(sql, [tuple(each) for each in parameters]).fetchall())

    def executescript(self, script: str) -> _Cursor:
        return self._counted(lambda: self._raw.execute(script).fetchall())

    def close(self) -> None:
        # As sqlite3 does: a checkpoint that fails at closing is nobody's business.
        try:
            self._raw.close()
        except apsw.Error:
            self._raw.close(True)

    def _counted(self, work: Any) -> _Cursor:
        before = self._raw.total_changes()
        try:
            rows = work()
        except apsw.Error as error:
            raise translated(error) from None
        return _Cursor(rows, self._raw.total_changes() - before)

    def _checkpoint_from(self, pages: int) -> None:
        """SQLite's own hook, which takes a checkpoint that fails for no error of the commit: apsw would raise it."""

        def checkpoint(raw: apsw.Connection, name: str, written: int) -> int:
            if written >= pages:
                with suppress(apsw.Error):
                    raw.wal_checkpoint(name)
            return apsw.SQLITE_OK

        self._raw.set_wal_hook(checkpoint)


def translated(error: apsw.Error) -> sqlite3.Error:
    """sqlite3's error for apsw's."""
    extended = int(getattr(error, "extendedresult", 0) or getattr(error, "result", 0) or sqlite3.SQLITE_ERROR)
    made = _BY_PRIMARY.get(extended & 0xFF, sqlite3.OperationalError)(str(error))
    made.sqlite_errorcode = extended
    made.sqlite_errorname = str(apsw.mapping_extended_result_codes.get(extended) or _primary_name(extended))
    return made


def _primary_name(code: int) -> object:
    return apsw.mapping_result_codes.get(code & 0xFF, "SQLITE_ERROR")
