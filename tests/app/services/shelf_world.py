"""Recordings of saved cards against a simulated PBX, all on one virtual clock. No tests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import IO

from app.background import DaemonWorker
from app.crm.port import CardToWrite, Recording, RecordingState
from app.database import Database
from app.domain.calls import Direction
from app.errors import PultError
from app.http import HttpSession, PointsBudget
from app.http.download import FileDownloads
from app.outbox.entry import PlannedStep
from app.outbox.schema import MIGRATIONS
from app.outbox.store import OutboxStore
from app.services.recording_files import RecordingFiles
from app.services.recording_rows import RecordingRows
from app.services.recordings import Recordings
from app.simulator.config import SimulatorConfig
from app.simulator.runner import Simulator
from app.uis.data_client import UisDataClient
from app.uis.hosts import media_hosts_of
from app.uis.report_adapter import UisReports
from app.uis.rpc import Correlation
from app.uis.sign_in import UisSignIn
from tests.app.telephony.stack import MOSCOW, credentials_of
from tests.helpers.clock import FakeClock

RECORDED = 2005
CALLER = "79062195047"
WAIT_H = 24
_STEP_S = 300.0


@dataclass
class Shelf:
    """One run of the console's recordings; `handed_over` are cards whose steps were told to go on."""

    simulator: Simulator
    clock: FakeClock
    store: OutboxStore
    rows: RecordingRows
    recordings: Recordings
    reports: UisReports
    folder: Path
    handed_over: list[str] = field(default_factory=list)
    troubles: list[PultError | None] = field(default_factory=list)

    def talk(self, seconds: float = 60.0, employee_id: int = RECORDED) -> int:
        """A call that is over by now."""
        pbx = self.simulator.pbx
        call_session_id = pbx.ring_in(CALLER, employees=[employee_id])
        pbx.answer(call_session_id, employee_id)
        self.clock.advance(seconds)
        pbx.hang_up(call_session_id, "contact")
        return call_session_id

    async def save(
        self,
        call_session_id: int,
        talk_s: int = 60,
        *,
        key: str = "",
        employee_id: int = RECORDED,
        wants: bool = True,
        tells: bool = True,
    ) -> str:
        """Its card, with one step that takes the file."""
        card_key = key or f"pult-127.0.0.1-{call_session_id}-1"
        now = self.clock.now()
        card = CardToWrite(
            card_key=card_key,
            direction=Direction.INBOUND,
            phone_number=CALLER,
            line_number="74951045771",
            started_at=now - timedelta(seconds=talk_s),
            ended_at=now,
            talk_s=talk_s,
            disposition_code="200",
            crm_user_id=7,
            call_session_id=call_session_id,
            employee_id=employee_id,
            wants_recording=wants,
        )
        await self.store.save(card, (PlannedStep("bitrix24", "finish"), PlannedStep("bitrix24", "record")), now)
        if tells:
            self.recordings.look_for(card_key)
        return card_key

    async def known(self, card_key: str) -> Recording:
        return await self.recordings.recording_of(card_key)

    async def until(self, is_so: Callable[[Recording], object], card_key: str, *, within_s: float) -> Recording:
        """Time goes by, at most so many virtual seconds, until it is so of that recording."""
        end_s, deadline_s = self.clock.monotonic() + within_s, time.monotonic() + 30.0
        while True:
            found = await self.known(card_key)
            if is_so(found):
                return found
            assert self.clock.monotonic() <= end_s, f"not within {within_s} s: {found}"
            assert time.monotonic() < deadline_s, f"never: {found}"
            await self.pass_some()

    async def pass_some(self, seconds: float = 5.0) -> None:
        """Let the time pass, never faster than the real sockets and threads keep up with it."""
        while seconds > 0:
            step_s = min(seconds, _STEP_S)
            await self.clock.pass_time(step_s)
            await self._quiet()
            seconds -= step_s

    async def _quiet(self) -> None:
        """Until nothing is under way, or what is under way waits for the clock."""
        seen, calm, deadline_s = self._happened(), 0, time.monotonic() + 10.0
        while not self.recordings.is_idle and calm < 25:
            assert time.monotonic() < deadline_s, "the recordings never come to rest"
            await asyncio.sleep(0.002)
            now = self._happened()
            seen, calm = now, calm + 1 if now == seen else 0

    def _happened(self) -> tuple[int, int, int]:
        return len(self.simulator.journal.entries), self.clock.sleepers, len(self.handed_over)

    async def ready(self, card_key: str, *, within_s: float = 120.0) -> Recording:
        return await self.until(
            lambda found: found.recording_state is RecordingState.READY, card_key, within_s=within_s
        )

    async def none(self, card_key: str, *, within_s: float) -> Recording:
        return await self.until(_is(RecordingState.NONE), card_key, within_s=within_s)

    def asked(self, method: str) -> int:
        """How often the simulator got that request."""
        return len(self.simulator.journal.entries_of(method))


def _is(recording_state: RecordingState) -> Callable[[Recording], bool]:
    return lambda found: found.recording_state is recording_state


@asynccontextmanager
async def open_shelf(
    folder: Path,
    simulator: Simulator,
    clock: FakeClock,
    *,
    max_mb: int = 64,
    wait_h: int = WAIT_H,
    recordings_url: str | None = None,
    open_part: Callable[[Path], IO[bytes]] | None = None,
    is_connected: bool = True,
) -> AsyncIterator[Shelf]:
    """One run of the program on `folder`; opening it again stands for the next start."""
    folder.mkdir(exist_ok=True)
    database = Database(folder / "pult.db", migrations=MIGRATIONS, clock=clock)
    await database.open()
    http = HttpSession(user_agent="pult-tests", clock=clock)
    points = PointsBudget(clock)
    sign_in = UisSignIn(credentials_of(simulator, permanent=True), clock)
    client = UisDataClient(http, simulator.data_api_url, sign_in, Correlation(RECORDED, clock), points=points)
    reports = UisReports(client, MOSCOW, clock, points, media_hosts_of(simulator.pbx_url, recordings_url))
    files = DaemonWorker("recordings")
    handed_over: list[str] = []
    store, rows = OutboxStore(database), RecordingRows(database)
    recordings = Recordings(
        rows,
        store,
        clock,
        RecordingFiles(folder / "recordings", files),
        FileDownloads(http, files, open_part),
        hand_over=handed_over.append,
    )
    shelf = Shelf(simulator, clock, store, rows, recordings, reports, folder / "recordings", handed_over)
    recordings.trouble_changed.subscribe(shelf.troubles.append)
    try:
        await http.warm_up()
        await recordings.start(wait_h=wait_h)
        recordings.use(reports if is_connected else None, wait_h=wait_h, max_mb=max_mb)
        yield shelf
    finally:
        await recordings.aclose()
        await http.aclose()
        await database.aclose()


@asynccontextmanager
async def shelf_world(
    folder: Path,
    config: SimulatorConfig | None = None,
    *,
    max_mb: int = 64,
    wait_h: int = WAIT_H,
    recordings_url: str | None = None,
    open_part: Callable[[Path], IO[bytes]] | None = None,
) -> AsyncIterator[Shelf]:
    """A simulator and one run."""
    clock = FakeClock()
    async with (
        Simulator(config, clock) as simulator,
        open_shelf(
            folder,
            simulator,
            clock,
            max_mb=max_mb,
            wait_h=wait_h,
            recordings_url=recordings_url or simulator.media_url,
            open_part=open_part,
        ) as shelf,
    ):
        yield shelf
