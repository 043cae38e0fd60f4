"""What is known of the recordings now, on the disk and in memory, and who waits for news of one. Looks for nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from app.clock import Clock
from app.crm.port import RecordingState
from app.errors import NotSaved, PultError, StorageError
from app.observe import Observable
from app.services import recording_pace as pace
from app.services.recording_fetch import BAD_FORMAT, NEEDS_LOGIN
from app.services.recording_rows import RecordingRow, RecordingRows

LOOKED_FOR = "recording_looked_for"
WAITED_LONG_ENOUGH = "recording_waited_long_enough"


class RecordingBook:
    """Every change is on the disk first. `rows`: those that are looked for or have a file. Raises StorageError."""

    def __init__(self, table: RecordingRows, clock: Clock, hand_over: Callable[[str], None]) -> None:
        self.changed: Observable[str] = Observable()
        self.trouble_changed: Observable[PultError | None] = Observable()
        self.trouble: PultError | None = None
        self.wait_for = timedelta(hours=24)
        self._rows: dict[str, RecordingRow] = {}
        self.rows: Mapping[str, RecordingRow] = MappingProxyType(self._rows)
        self._table = table
        self._clock = clock
        self._hand_over = hand_over
        self._waiting: dict[str, asyncio.Future[None]] = {}

    async def load(self) -> None:
        """What an earlier run left."""
        self._rows.update({row.card_key: row for row in await self._table.active()})

    async def row(self, card_key: str) -> RecordingRow | None:
        return self._rows.get(card_key) or await self._table.row(card_key)

    async def put(self, row: RecordingRow) -> None:
        """The row as it is now."""
        await self._table.put(row)
        if row.is_looked_for or row.has_file:
            self._rows[row.card_key] = row
        else:
            self._rows.pop(row.card_key, None)
        self.changed.publish(row.card_key)

    async def settle(self, row: RecordingRow, recording_state: RecordingState, reason: str = "") -> None:
        """READY or NONE: whoever waits for it goes on."""
        await self.put(replace(row, recording_state=recording_state, reason=reason, next_look_at=None))
        self.answer(row.card_key)
        self._hand_over(row.card_key)

    async def postpone(self, row: RecordingRow, reason: str, pause: timedelta) -> None:
        """Nothing yet: look again after that pause, or give up."""
        now = self._clock.now()
        if pace.is_given_up(row, now, self.wait_for):
            is_telling = reason in (NEEDS_LOGIN, BAD_FORMAT)
            await self.settle(row, RecordingState.NONE, reason if is_telling else WAITED_LONG_ENOUGH)
            return
        await self.put(replace(row, reason=reason or LOOKED_FOR, next_look_at=now + pause))
        self.answer(row.card_key)

    def is_waited_for(self, card_key: str) -> bool:
        """Somebody wants to hear it now."""
        return card_key in self._waiting

    async def until_answered(self, card_key: str) -> None:
        """Until the look under way, or the next one, has come to something."""
        waiting = self._waiting.get(card_key)
        if waiting is None:
            waiting = self._waiting[card_key] = asyncio.get_running_loop().create_future()
        await asyncio.shield(waiting)

    def answer(self, card_key: str) -> None:
        """A look came to something."""
        waiting = self._waiting.pop(card_key, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    async def give_up(self, due: Iterable[RecordingRow]) -> None:
        """Nobody can be asked: what was waited for long enough has no recording, and nobody need wait for the rest."""
        now = self._clock.now()
        for row in due:
            if pace.is_given_up(row, now, self.wait_for):
                await self.settle(row, RecordingState.NONE, WAITED_LONG_ENOUGH)
        self.answer_all()

    def answer_all(self) -> None:
        """There is nobody to ask."""
        for card_key in tuple(self._waiting):
            self.answer(card_key)

    def note_disk_works(self) -> None:
        """All went to the database. That files go to the disk, too, the next download tells, if there is to be one."""
        is_of_files = isinstance(self.trouble, NotSaved) and any(row.is_looked_for for row in self._rows.values())
        if isinstance(self.trouble, StorageError) and not is_of_files:
            self.tell(None)

    def tell(self, trouble: PultError | None) -> None:
        """What keeps recordings from being found or kept at all: once, and once more when it is over."""
        if (trouble and trouble.code) != (self.trouble and self.trouble.code):
            self.trouble = trouble
            self.trouble_changed.publish(trouble)
