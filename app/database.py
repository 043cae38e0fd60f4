"""The one local database: one SQLite connection on one thread, whole transactions only. It knows no table;
callers bring migrations.

Damage, other processes and half-failed commits are dealt with here (rules measured in power-cut and I/O-error
simulation).
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.background import DaemonWorker
from app.clock import Clock, SystemClock
from app.errors import CommitUnknown, DatabaseDamaged, DatabaseInUse, NotSaved, StorageError

R = TypeVar("R")
Connect = Callable[[Path], sqlite3.Connection]
# (version, SQL script): versions rise, a script that was released never changes.
Migration = tuple[int, str]

# The owner never waits for a lock; only a second process does, and it should learn so at once.
_BUSY_TIMEOUT_S = 0.3
_PRAGMAS = (
    f"busy_timeout={int(_BUSY_TIMEOUT_S * 1000)}",
    # Before the first access: WAL then needs no shared memory, and a second connection is refused.
    "locking_mode=EXCLUSIVE",
    "journal_mode=WAL",
    # NORMAL loses acknowledged rows when the power goes.
    "synchronous=FULL",
    "secure_delete=ON",
    "foreign_keys=ON",
    "mmap_size=0",
    "wal_autocheckpoint=256",
    *(("fullfsync=ON", "checkpoint_fullfsync=ON") if sys.platform == "darwin" else ()),
)


@dataclass(frozen=True, slots=True)
class OpenReport:
    """What opening found. `set_aside`: where a damaged file was moved to; `backup`: the copy made before
    migrating."""

    set_aside: Path | None
    backup: Path | None
    from_version: int
    to_version: int


def connect_sqlite(path: Path) -> sqlite3.Connection:
    """A connection that begins and ends transactions only when told to.

    Another one in its place has to have what is used of it: execute, executemany, executescript, in_transaction, close;
    of its cursors rowcount, fetchone, fetchall; and errors of the sqlite3 module's classes with `sqlite_errorcode`.
    """
    return sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S, isolation_level=None)


class Database:
    """Owns the file. Everything else hands it work, which is done in the order it came, each piece in a
    transaction of its own."""

    def __init__(
        self,
        path: Path,
        *,
        migrations: Sequence[Migration],
        connect: Connect = connect_sqlite,
        clock: Clock | None = None,
    ) -> None:
        versions = [version for version, _ in migrations]
        if versions != sorted(set(versions)) or (versions and versions[0] < 1):
            raise ValueError("migrations must have rising versions from 1 on")
        self._path = path
        self._migrations = tuple(migrations)
        self._connect = connect
        self._clock = clock or SystemClock()
        self._worker = DaemonWorker("database")
        self._connection: sqlite3.Connection | None = None
        self._is_open = False

    @property
    def path(self) -> Path:
        return self._path

    async def open(self) -> OpenReport:
        """Open the file, check it, bring it up to date. Opening an open database is a mistake (RuntimeError).

        Raises DatabaseInUse, DatabaseDamaged (it could not even be set aside), NotSaved,
        StorageError("database_newer").
        """
        if self._is_open:
            raise RuntimeError("the database is open")
        try:
            report = await self._worker.call(self._open)
        except StorageError:
            await self._worker.aclose()
            self._worker = DaemonWorker("database")
            raise
        self._is_open = True
        return report

    async def run(self, work: Callable[[sqlite3.Connection], R]) -> R:
        """Do the work inside BEGIN IMMEDIATE … COMMIT and give its result; when this returns, it is on the
        disk.

        An exception of `work` rolls everything back and comes through. Raises NotSaved (nothing was written),
        CommitUnknown (it may be there: look by key), DatabaseDamaged. Work whose caller is cancelled while it
        waits in line is not begun.
        """
        if not self._is_open or self._worker.is_closed:
            raise NotSaved("database_closed")
        return await self._worker.call(lambda: self._transact(work))

    async def aclose(self) -> None:
        """Do what is waiting in line, then close the file. Closing twice is fine."""
        if self._worker.is_closed:
            return
        closing = self._worker.call(self._close)
        self._is_open = False
        try:
            await closing
        finally:
            await self._worker.aclose()

    # From here on: the worker's thread only.

    def _open(self) -> OpenReport:
        set_aside = None
        try:
            self._connection = self._checked_connection()
        except DatabaseDamaged:
            set_aside = self._set_aside()
            self._connection = self._checked_connection()
        try:
            backup, from_version, to_version = self._migrate(self._connection)
        except BaseException:
            self._close()
            raise
        return OpenReport(set_aside, backup, from_version, to_version)

    def _checked_connection(self) -> sqlite3.Connection:
        """A connection that holds the file's lock and found nothing wrong with it."""
        try:
            _create_private(self._path)
            connection = self._connect(self._path)
        except (OSError, sqlite3.Error) as error:
            raise storage_error(error) from error
        try:
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            # Takes the lock for good, and reads the first page.
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("COMMIT")
            verdict = connection.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.Error as error:
            connection.close()
            raise storage_error(error) from error
        if verdict != ("ok",):
            connection.close()
            raise DatabaseDamaged
        return connection

    def _set_aside(self) -> Path:
        """Move the damaged file away with its log, both of which a specialist may still read."""
        stamp = self._clock.now().strftime("%Y%m%dT%H%M%SZ")
        target = self._path.with_name(f"{self._path.name}.damaged-{stamp}")
        attempt = 1
        while target.exists():
            attempt += 1
            target = self._path.with_name(f"{self._path.name}.damaged-{stamp}-{attempt}")
        try:
            for suffix in ("-wal", "-shm", "-journal", ""):
                part = self._path.with_name(self._path.name + suffix)
                if part.exists():
                    part.rename(target.with_name(target.name + suffix))
        except OSError as error:
            raise DatabaseDamaged(params={"cause": type(error).__name__}) from error
        return target

    def _migrate(self, connection: sqlite3.Connection) -> tuple[Path | None, int, int]:
        current = int(connection.execute("PRAGMA user_version").fetchone()[0])
        newest = self._migrations[-1][0] if self._migrations else 0
        if current > newest:
            raise StorageError("database_newer", {"version": current, "known": newest})
        due = [(version, script) for version, script in self._migrations if version > current]
        backup = self._back_up(connection, current) if due and current else None
        for version, script in due:
            try:
                # One transaction: after a crash the file has the old schema or the new one.
                connection.executescript(f"BEGIN IMMEDIATE;\n{script}\n;PRAGMA user_version={version};\nCOMMIT;")
            except sqlite3.Error as error:
                raise NotSaved("migration_failed", {"version": version, "cause": type(error).__name__}) from error
        return backup, current, newest

    def _back_up(self, connection: sqlite3.Connection, version: int) -> Path:
        """A copy made by SQLite itself: opening the file by other means would drop its locks on closing."""
        target = self._path.with_name(f"{self._path.name}.backup-v{version}")
        unfinished = target.with_name(target.name + ".unfinished")
        try:
            unfinished.unlink(missing_ok=True)
            _create_private(unfinished)
            connection.execute("VACUUM INTO ?", (str(unfinished),))
            with unfinished.open("rb+") as file:
                os.fsync(file.fileno())
            unfinished.replace(target)
            _sync_folder(target.parent)
        except (OSError, sqlite3.Error) as error:
            raise storage_error(error) from error
        return target

    def _transact(self, work: Callable[[sqlite3.Connection], R]) -> R:
        connection = self._connection
        if connection is None:
            # The reopening after a failed commit had failed too; the disk may be back by now.
            connection = self._connection = self._checked_connection()
        try:
            connection.execute("BEGIN IMMEDIATE")
            result = work(connection)
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError):
            # About the work, not about the disk: the caller's to understand.
            self._roll_back(connection)
            raise
        except sqlite3.Error as error:
            self._roll_back(connection)
            raise storage_error(error) from error
        except BaseException:
            self._roll_back(connection)
            raise
        if not connection.in_transaction:
            raise RuntimeError("the work ended its own transaction")
        try:
            connection.execute("COMMIT")
        except sqlite3.IntegrityError:
            # A deferred constraint: refused before anything was written.
            self._roll_back(connection)
            raise
        except sqlite3.Error as error:
            self._reopen()
            raise CommitUnknown(params=_facts(error)) from error
        return result

    def _roll_back(self, connection: sqlite3.Connection) -> None:
        # A full disk or an I/O error has rolled back by itself already.
        if not connection.in_transaction:
            return
        try:
            connection.execute("ROLLBACK")
        except sqlite3.Error:
            self._reopen()

    def _reopen(self) -> None:
        """After a failed commit: only recovery on opening decides whether the rows are there, so that looking
        tells the truth."""
        self._close()
        try:
            self._connection = self._checked_connection()
        except StorageError:
            self._connection = None

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


_RESULT_CODES: dict[int, tuple[type[StorageError], str]] = {
    sqlite3.SQLITE_FULL: (NotSaved, "disk_full"),
    sqlite3.SQLITE_IOERR: (NotSaved, "disk_error"),
    sqlite3.SQLITE_READONLY: (NotSaved, "read_only"),
    sqlite3.SQLITE_CANTOPEN: (NotSaved, "disk_error"),
    sqlite3.SQLITE_PERM: (NotSaved, "read_only"),
    sqlite3.SQLITE_BUSY: (DatabaseInUse, "database_in_use"),
    sqlite3.SQLITE_LOCKED: (DatabaseInUse, "database_in_use"),
    sqlite3.SQLITE_CORRUPT: (DatabaseDamaged, "database_damaged"),
    sqlite3.SQLITE_NOTADB: (DatabaseDamaged, "database_damaged"),
}


def storage_error(error: sqlite3.Error | OSError) -> StorageError:
    """Ours for SQLite's or the system's, by the primary result code."""
    if isinstance(error, OSError):
        return NotSaved("read_only" if isinstance(error, PermissionError) else "disk_error", _facts(error))
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    kind, code = _RESULT_CODES.get(primary, (NotSaved, "database_error"))
    return kind(code, _facts(error))


def _facts(error: sqlite3.Error | OSError) -> dict[str, object]:
    """Names only: SQLite's texts quote values."""
    return {"cause": getattr(error, "sqlite_errorname", None) or type(error).__name__}


def _sync_folder(folder: Path) -> None:
    """A file's new name outlives a power cut only then. Windows writes names down by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _create_private(path: Path) -> None:
    """Make the file the owner's alone before SQLite writes to it; its log inherits the mode."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    elif sys.platform != "win32":
        path.chmod(0o600)
