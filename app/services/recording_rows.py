"""The table of recordings: what is known of each card's recording, and which saved cards have no row yet. SQL only."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import dataclass
from datetime import datetime

import msgspec

from app.crm.port import CardToWrite, RecordingState
from app.database import Database
from app.domain.calls import CallSessionId, EmployeeId

_logger = logging.getLogger(__name__)

_COLUMNS = (
    "card_key, call_session_id, employee_id, began_at, ended_at, recording_state, wanted_at, next_look_at, looks,"
    " link, file_name, size, reason, used_at"
)
_Row = tuple[str, int, int | None, str, str, str, str, str | None, int, str, str, int, str, str | None]


@dataclass(frozen=True, slots=True)
class RecordingRow:
    """`next_look_at` None: it is not looked for by itself. `file_name`: within the cache, empty without a file.
    `used_at`: when the last step that needs the file had it."""

    card_key: str
    call_session_id: CallSessionId
    employee_id: EmployeeId | None
    began_at: datetime
    ended_at: datetime
    wanted_at: datetime
    recording_state: RecordingState = RecordingState.NOT_YET
    next_look_at: datetime | None = None
    looks: int = 0
    link: str = ""
    file_name: str = ""
    size: int = 0
    reason: str = ""
    used_at: datetime | None = None

    @property
    def is_looked_for(self) -> bool:
        return self.recording_state is RecordingState.NOT_YET and self.next_look_at is not None

    @property
    def has_file(self) -> bool:
        return self.recording_state is RecordingState.READY and bool(self.file_name)


class RecordingRows:
    """Rows stay for good; only files go. Raises StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def active(self) -> tuple[RecordingRow, ...]:
        """Those that are looked for or have a file."""

        def read(connection: sqlite3.Connection) -> list[_Row]:
            return connection.execute(
                f"SELECT {_COLUMNS} FROM recordings WHERE file_name <> ''"  # noqa: S608  constant columns
                " OR (recording_state = 'not_yet' AND next_look_at IS NOT NULL)"
            ).fetchall()

        return tuple(map(_row_of, await self._database.run(read)))

    async def row(self, card_key: str) -> RecordingRow | None:
        def read(connection: sqlite3.Connection) -> _Row | None:
            found: _Row | None = connection.execute(
                f"SELECT {_COLUMNS} FROM recordings WHERE card_key = ?",  # noqa: S608  constant columns
                (card_key,),
            ).fetchone()
            return found

        found = await self._database.run(read)
        return None if found is None else _row_of(found)

    async def put(self, row: RecordingRow) -> None:
        """Write the row as it is now."""
        values = (
            row.card_key,
            row.call_session_id,
            row.employee_id,
            row.began_at.isoformat(),
            row.ended_at.isoformat(),
            row.recording_state.value,
            row.wanted_at.isoformat(),
            _written(row.next_look_at),
            row.looks,
            row.link,
            row.file_name,
            row.size,
            row.reason,
            _written(row.used_at),
        )
        await self._database.run(
            lambda connection: connection.execute(
                f"INSERT OR REPLACE INTO recordings ({_COLUMNS})"  # noqa: S608  constant columns
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            )
        )

    async def cards_without_row(self, since: datetime) -> tuple[CardToWrite, ...]:
        """Cards saved since then that nobody has looked after yet: the program died in between."""

        def read(connection: sqlite3.Connection) -> list[tuple[str, bytes]]:
            return connection.execute(
                "SELECT card_key, content FROM cards WHERE saved_at >= ? AND phase = 'saved'"
                " AND card_key NOT IN (SELECT card_key FROM recordings)",
                (since.isoformat(),),
            ).fetchall()

        found = []
        for card_key, content in await self._database.run(read):
            try:
                found.append(msgspec.json.decode(content, type=CardToWrite))
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                _logger.warning("a saved card cannot be read", extra={"card_key": card_key})
        return tuple(found)


def _row_of(found: _Row) -> RecordingRow:
    (
        card_key, call_session_id, employee_id, began_at, ended_at, recording_state, wanted_at, next_look_at, looks,
        link, file_name, size, reason, used_at,
    ) = found  # fmt: skip
    return RecordingRow(
        card_key=card_key,
        call_session_id=CallSessionId(call_session_id),
        employee_id=None if employee_id is None else EmployeeId(employee_id),
        began_at=datetime.fromisoformat(began_at),
        ended_at=datetime.fromisoformat(ended_at),
        wanted_at=datetime.fromisoformat(wanted_at),
        recording_state=RecordingState(recording_state),
        next_look_at=None if next_look_at is None else datetime.fromisoformat(next_look_at),
        looks=looks,
        link=link,
        file_name=file_name,
        size=size,
        reason=reason,
        used_at=None if used_at is None else datetime.fromisoformat(used_at),
    )


def _written(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
