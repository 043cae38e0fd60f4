"""The recordings of saved cards: looked for patiently, fetched once, kept until nobody needs the file any more.

Where one lies is the account's reports' to say; what is done with it is the CRM writers'.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from app.account.reports import CallReports
from app.background import BackgroundTasks
from app.clock import Clock
from app.crm.port import Recording, RecordingState
from app.errors import NotSaved, PultError, RightsMissing, StorageError
from app.http.download import FileDownloads
from app.observe import Observable
from app.outbox.entry import CardPhase, OutboxCard, StepState
from app.outbox.store import OutboxStore
from app.services import recording_pace as pace
from app.services.recording_asking import CALLS_AT_ONCE, RecordingAsking
from app.services.recording_book import LOOKED_FOR, RecordingBook
from app.services.recording_fetch import BAD_FORMAT, NEEDS_LOGIN, TOO_LARGE, Fetched, RecordingFetch
from app.services.recording_files import RecordingFiles
from app.services.recording_rows import RecordingRow, RecordingRows
from app.telephony.waiting import InterruptibleWait

NOT_WANTED = "recording_not_wanted"
NOT_TALKED = "recording_not_talked"
NOT_RECORDED = "recording_not_recorded"
NO_RIGHTS = "recording_no_rights"

REMOVED = "recording_removed"

RECORD_STEP = "record"
FILE_RECEIPT = "file_id"
_MEGABYTE = 1024 * 1024
_LONGEST_WAIT_S = 600.0
_DISK_WAIT_S = 30.0
_DOWNLOADS_AT_ONCE = 2

_logger = logging.getLogger(__name__)


class Recordings:
    """RecordingShelf. `changed` publishes the card_key of a recording that moved. `trouble`: what keeps recordings from
    being found or kept at all (no rights, a full disk); `trouble_changed` publishes it once, None when it is over."""

    def __init__(
        self,
        rows: RecordingRows,
        store: OutboxStore,
        clock: Clock,
        files: RecordingFiles,
        downloads: FileDownloads,
        *,
        hand_over: Callable[[str], None],
    ) -> None:
        """`hand_over` is told the card_key of each recording that is READY or NONE: a step may wait for it."""
        self._book = RecordingBook(rows, clock, hand_over)
        self.changed: Observable[str] = self._book.changed
        self.trouble_changed: Observable[PultError | None] = self._book.trouble_changed
        self._table = rows
        self._store = store
        self._clock = clock
        self._files = files
        self._asking = RecordingAsking()
        self._downloads = downloads
        self._cap = 64 * _MEGABYTE
        self._is_prepared = self._is_waiting = False
        self._new: dict[str, None] = {}
        self._moved: dict[str, None] = {}
        self._fetching: set[str] = set()
        self._not_before_s = 0.0
        self._slots = asyncio.Semaphore(_DOWNLOADS_AT_ONCE)
        self._wait = InterruptibleWait(clock)
        self._tasks = BackgroundTasks()

    @property
    def is_idle(self) -> bool:
        """Nothing is asked for, fetched or written at this moment."""
        return self._is_waiting and not self._fetching

    @property
    def trouble(self) -> PultError | None:
        return self._book.trouble

    async def start(self, *, wait_h: int) -> None:
        """Take up what an earlier run left, then keep looking. Raises StorageError."""
        self._book.wait_for = timedelta(hours=wait_h)
        await self._book.load()
        self._moved.update(dict.fromkeys(row.card_key for row in self._book.rows.values() if row.has_file))
        since = self._clock.now() - self._book.wait_for
        self._new.update(dict.fromkeys(card.card_key for card in await self._table.cards_without_row(since)))
        self._tasks.start(self._run(), name="recordings")

    async def aclose(self) -> None:
        """Stop; a download under way is begun anew next time."""
        await self._tasks.aclose()
        self._book.answer_all()
        await self._wait.aclose()
        await self._files.aclose()

    def use(self, reports: CallReports | None, *, wait_h: int, max_mb: int) -> None:
        """Another account, user or settings from now on."""
        self._asking.use(reports)
        self._book.wait_for, self._cap = timedelta(hours=wait_h), max_mb * _MEGABYTE
        self._book.tell(None)
        self._wait.wake()

    def look_for(self, card_key: str) -> None:
        """A card was saved: should it want a recording, look for it."""
        self._new[card_key] = None
        self._wait.wake()

    def note_card(self, card_key: str) -> None:
        """A card moved in the outbox: perhaps nobody needs its file any more."""
        if card_key in self._book.rows:
            self._moved[card_key] = None
            self._wait.wake()

    async def recording_of(self, card_key: str) -> Recording:
        """What is known now; nothing is asked for. Raises StorageError."""
        row = await self._book.row(card_key)
        if row is None:
            entry = await self._store.card(card_key)
            if entry is None or not entry.card.wants_recording or entry.card.call_session_id is None:
                return Recording(card_key, RecordingState.NONE, reason=NOT_WANTED)
            if entry.card.talk_s <= 0:
                return Recording(card_key, RecordingState.NONE, reason=NOT_TALKED)
            self.look_for(card_key)
            return Recording(card_key, RecordingState.NOT_YET, reason=LOOKED_FOR)
        if row.has_file and not await self._files.is_whole(row):
            row = _without_file(row, LOOKED_FOR, next_look_at=self._clock.now())
            await self._book.put(row)
            self._wait.wake()
        elif row.reason == REMOVED and not _is_used(await self._store.card(card_key)):
            # The card was taken back after its file had gone: a step waits for it again.
            now = self._clock.now()
            row = replace(row, wanted_at=now, next_look_at=now, reason=LOOKED_FOR)
            await self._book.put(row)
            self._wait.wake()
        path = self._files.path_of(row) if row.has_file else None
        return Recording(card_key, row.recording_state, row.link, path, row.size, row.reason)

    async def fetch_now(self, card_key: str) -> Recording:
        """Look for this card's recording at once because somebody asks for it, whatever was found before; gives what is
        known then. Raises StorageError."""
        known = await self.recording_of(card_key)
        if known.path is not None:
            return known
        row = await self._book.row(card_key)
        if row is None:
            entry = await self._store.card(card_key)
            row = None if entry is None else pace.row_of(entry.card, self._clock.now())
            if row is None:
                return known
        if card_key not in self._fetching:
            now = self._clock.now()
            await self._book.put(replace(row, recording_state=RecordingState.NOT_YET, next_look_at=now))
        self._not_before_s = 0.0
        self._wait.wake()
        await self._book.until_answered(card_key)
        return await self.recording_of(card_key)

    async def _run(self) -> None:
        while True:
            try:
                if not self._is_prepared:
                    await self._files.prepare(frozenset(row.file_name for row in self._book.rows.values()))
                    self._is_prepared = True
                await self._take_new()
                await self._look()
                await self._tidy()
                if not self._fetching:
                    self._book.note_disk_works()
            except StorageError as error:
                self._note_trouble(error)
            self._is_waiting = True
            await self._wait.wait(self._next_in_s())
            self._is_waiting = False

    async def _take_new(self) -> None:
        while self._new:
            card_key = next(iter(self._new))
            entry = await self._store.card(card_key)
            if entry is not None and _is_wanted(entry) and await self._table.row(card_key) is None:
                row = pace.row_of(entry.card, self._clock.now())
                if row is not None:
                    await self._book.put(row)
            del self._new[card_key]

    async def _tidy(self) -> None:
        """Note whose file nobody needs any more; what nobody has needed for a day goes."""
        while self._moved:
            card_key = next(iter(self._moved))
            row = self._book.rows.get(card_key)
            if row is not None and row.has_file and row.used_at is None and _is_used(await self._store.card(card_key)):
                await self._book.put(replace(row, used_at=self._clock.now()))
            del self._moved[card_key]
        now = self._clock.now()
        for row in tuple(self._book.rows.values()):
            if row.has_file and row.used_at is not None and now >= row.used_at + pace.FILE_KEPT_FOR:
                if not _is_used(await self._store.card(row.card_key)):
                    # A discarded card that was taken back.
                    await self._book.put(replace(row, used_at=None))
                    continue
                # In this order: nobody may find the file gone before it says so, and look for it anew. A file that a
                # crash leaves behind is cleared away at the next start.
                await self._book.put(_without_file(row, REMOVED, next_look_at=None))
                await self._files.remove(row)

    async def _look(self) -> None:
        """Ask for all that are due, and with them for those that soon will be."""
        due = self._due(self._clock.now())
        if not due:
            return
        if not self._asking.is_connected:
            await self._book.give_up(due)
            return
        together = sorted(self._due(self._clock.now() + pace.TOGETHER_WITHIN), key=pace.next_look)[:CALLS_AT_ONCE]
        is_asked_for = any(self._book.is_waited_for(row.card_key) for row in together)
        asked = await self._asking.ask(together, is_asked_for=is_asked_for)
        if asked.is_refused:
            self._book.tell(asked.error)
        elif asked.error is None and isinstance(self._book.trouble, RightsMissing):
            self._book.tell(None)
        for row in together:
            if asked.is_refused:
                await self._book.settle(row, RecordingState.NONE, NO_RIGHTS)
            elif asked.again_in_s is not None:
                await self._book.postpone(row, row.reason, timedelta(seconds=asked.again_in_s))
            else:
                await self._judge(row, asked.links.get(row.call_session_id))

    def _due(self, now: datetime) -> list[RecordingRow]:
        if self._clock.monotonic() < self._not_before_s:
            return []
        rows = (row for row in self._book.rows.values() if row.card_key not in self._fetching)
        return [row for row in rows if row.is_looked_for and pace.next_look(row) <= now]

    async def _judge(self, row: RecordingRow, links: tuple[str, ...] | None) -> None:
        """`links` None: the report does not know the call (yet); empty: it knows of no recording (yet)."""
        if links:
            self._fetching.add(row.card_key)
            self._tasks.start(self._fetch(row, links), name="fetch-recording")
        elif links is not None and pace.is_surely_not_recorded(row, self._clock.now()):
            await self._book.settle(row, RecordingState.NONE, NOT_RECORDED)
        else:
            row = replace(row, looks=row.looks + 1)
            await self._book.postpone(row, LOOKED_FOR, pace.next_look_after(row.looks))

    async def _fetch(self, row: RecordingRow, links: tuple[str, ...]) -> None:
        fetch = RecordingFetch(self._downloads, self._files.folder, self._clock, self._asking.address_of, self._cap)
        try:
            if row.link != links[0] and not row.link:
                # The link alone is worth something: some CRMs want no more.
                row = replace(row, link=links[0])
                await self._book.put(row)
            async with self._slots:
                found = await fetch.fetch(row.card_key, links)
            await self._take(row, found)
        except StorageError as error:
            self._note_trouble(error)
            self._book.answer(row.card_key)
        finally:
            self._fetching.discard(row.card_key)
            self._wait.wake()

    async def _take(self, row: RecordingRow, found: Fetched) -> None:
        """What a download came to."""
        row = replace(row, looks=row.looks + 1, link=found.link or row.link)
        is_certain = row.looks >= pace.CERTAIN_AFTER_LOOKS and found.reason in (NEEDS_LOGIN, BAD_FORMAT)
        if found.file_name:
            if isinstance(self._book.trouble, NotSaved):
                self._book.tell(None)
            await self._book.settle(
                replace(row, file_name=found.file_name, size=found.size, used_at=None), RecordingState.READY
            )
            self._moved[row.card_key] = None
        elif found.reason == TOO_LARGE or is_certain:
            await self._book.settle(row, RecordingState.NONE, found.reason)
        else:
            await self._book.postpone(row, found.reason, pace.next_look_after(row.looks))

    def _note_trouble(self, error: StorageError) -> None:
        """The disk or the database: nothing is lost by waiting."""
        _logger.warning("recordings cannot be looked after: %s", error.code)
        self._book.tell(error)
        self._not_before_s = self._clock.monotonic() + _DISK_WAIT_S

    def _next_in_s(self) -> float:
        """Until the next look is due; a wall clock that was set is noticed soon enough."""
        pause_s = self._not_before_s - self._clock.monotonic()
        if pause_s > 0 or not self._is_prepared:
            return max(pause_s, 0.0)
        looked_for = [
            pace.next_look(row)
            for row in self._book.rows.values()
            if row.is_looked_for and row.card_key not in self._fetching
        ]
        if not looked_for or not self._asking.is_connected:
            return _LONGEST_WAIT_S
        return min(_LONGEST_WAIT_S, max(0.0, (min(looked_for) - self._clock.now()).total_seconds()))


def _without_file(row: RecordingRow, reason: str, *, next_look_at: datetime | None) -> RecordingRow:
    return replace(
        row,
        recording_state=RecordingState.NOT_YET,
        file_name="",
        size=0,
        reason=reason,
        next_look_at=next_look_at,
        looks=0,
    )


def _is_wanted(entry: OutboxCard) -> bool:
    return entry.phase is CardPhase.SAVED and entry.card.wants_recording and entry.card.talk_s > 0


def _is_used(entry: OutboxCard | None) -> bool:
    """Every step that takes the file has it, or the card is through without, or thrown away."""
    if entry is None or entry.phase in (CardPhase.ABANDONED, CardPhase.DISCARDED):
        return True
    steps = [step for step in entry.steps if step.name == RECORD_STEP]
    has_file = bool(steps) and all(
        step.step_state is StepState.DONE and step.receipt is not None and FILE_RECEIPT in step.receipt.ids
        for step in steps
    )
    return has_file or entry.is_done
