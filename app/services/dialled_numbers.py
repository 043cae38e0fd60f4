"""Numbers dialled and talked to lately, as a phone offers them for redial. Numbers only: no customer is named here."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.background import BackgroundTasks
from app.board import BoardChange, CallBoard
from app.clock import Clock
from app.database import Database
from app.domain.calls import CallSession, CallSessionId, EmployeeId
from app.domain.live_call import LiveCall
from app.domain.phone_number import parse_phone_number
from app.errors import StorageError
from app.observe import Subscription

KEPT_NUMBERS = 500
_REMEMBERED_CALLS = 4096

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DialledNumber:
    """`number`: digits, 7… for Russian ones. `last_at`: the latest call with it, `times`: how many calls there were."""

    number: str
    last_at: datetime
    times: int


class DialledNumbers:
    """The latest numbers on the disk, at most KEPT_NUMBERS of them. Its methods raise StorageError."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._tasks = BackgroundTasks()
        self._following: Subscription | None = None
        self._noted_calls: dict[CallSessionId, None] = {}
        self._last: str | None = None

    @property
    def last(self) -> str | None:
        """The number dialled last from this console, for redial."""
        return self._last

    async def start(self) -> None:
        """Read what redial offers."""
        self._last = await self._database.run(_last_dialled)

    async def aclose(self) -> None:
        """Follow no calls any longer, and finish what is being written."""
        if self._following is not None:
            self._following.cancel()
        await self._tasks.aclose()

    async def note(self, number: str, at: datetime) -> None:
        """This console dialled the number."""
        digits = parse_phone_number(number).digits
        if not digits:
            return
        self._last = digits
        await self._write(digits, at, dialled=True)

    async def recent(self, limit: int) -> tuple[DialledNumber, ...]:
        """The latest first."""
        return await self._read("last_at DESC, number", limit)

    async def frequent(self, limit: int) -> tuple[DialledNumber, ...]:
        """The one with most calls first, the later one of two alike."""
        return await self._read("times DESC, last_at DESC, number", limit)

    def follow(
        self, board: CallBoard, me: Callable[[], EmployeeId | None], is_started_here: Callable[[CallSession], bool]
    ) -> None:
        """Note whom I have on the phone, whoever called. `is_started_here`: noted when it was dialled."""

        def look(change: BoardChange) -> None:
            for call_session_id in (*change.appeared, *change.changed):
                live_call = board.call(call_session_id)
                if live_call is not None:
                    self._note_call(live_call, me(), is_started_here)

        self._following = board.changes.subscribe(look)

    def _note_call(
        self, live_call: LiveCall, me: EmployeeId | None, is_started_here: Callable[[CallSession], bool]
    ) -> None:
        call_session = live_call.session
        number = parse_phone_number(call_session.contact_number)
        if call_session.call_session_id in self._noted_calls or call_session.leg_of(me) is None or number.is_hidden:
            return
        self._noted_calls[call_session.call_session_id] = None
        if len(self._noted_calls) > _REMEMBERED_CALLS:
            del self._noted_calls[next(iter(self._noted_calls))]
        if not is_started_here(call_session):
            self._tasks.start(self._note_quietly(number.digits), name="note-number")

    async def _note_quietly(self, number: str) -> None:
        try:
            await self._write(number, self._clock.now(), dialled=False)
        except StorageError as error:
            _logger.warning("a number could not be noted for redial: %s", error.code)

    async def _write(self, number: str, at: datetime, *, dialled: bool) -> None:
        moment = at.isoformat()

        def write(connection: sqlite3.Connection) -> None:
            connection.execute(
                """INSERT INTO dialled_numbers (number, last_at, dialled_at, times) VALUES (?, ?, ?, 1)
                ON CONFLICT (number) DO UPDATE SET
                    last_at = max(last_at, excluded.last_at),
                    dialled_at = coalesce(excluded.dialled_at, dialled_at),
                    times = times + 1""",
                (number, moment, moment if dialled else None),
            )
            connection.execute(
                "DELETE FROM dialled_numbers WHERE number NOT IN"
                " (SELECT number FROM dialled_numbers ORDER BY last_at DESC, number LIMIT ?)",
                (KEPT_NUMBERS,),
            )

        await self._database.run(write)

    async def _read(self, order: str, limit: int) -> tuple[DialledNumber, ...]:
        def read(connection: sqlite3.Connection) -> list[tuple[str, str, int]]:
            return connection.execute(
                f"SELECT number, last_at, times FROM dialled_numbers ORDER BY {order} LIMIT ?",  # noqa: S608  our own words
                (limit,),
            ).fetchall()

        rows = await self._database.run(read)
        return tuple(DialledNumber(number, datetime.fromisoformat(at), times) for number, at, times in rows)


def _last_dialled(connection: sqlite3.Connection) -> str | None:
    row = connection.execute(
        "SELECT number FROM dialled_numbers WHERE dialled_at IS NOT NULL ORDER BY dialled_at DESC, number LIMIT 1"
    ).fetchone()
    return None if row is None else str(row[0])
