"""Starting calls on the PBX side of a console: a real database and a running simulator, on one virtual clock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from app.database import Database
from app.domain.call_start import CallStart, StartVia
from app.domain.calls import CallSessionId
from app.errors import PultError
from app.http import HttpSession, PointsBudget
from app.outbox.schema import MIGRATIONS
from app.services.calls_without_list import CallEndFinder, CallsWithoutList
from app.services.dialled_numbers import DialledNumbers
from app.services.open_starts import OpenStarts
from app.services.start_call import StartCalls, StartedCallFinder, StartPhase, StartReport
from app.simulator.config import SimulatorConfig
from app.telephony.unlisted import UnlistedCalls
from app.uis.data_adapter import UisAccount
from app.uis.data_client import UisDataClient
from app.uis.rpc import Correlation
from app.uis.sign_in import UisSignIn
from tests.app.telephony.stack import ME, MOSCOW, PbxStack, credentials_of, open_stack

CONTACT = "79161234567"
OTHER_CONTACT = "79167654321"
LINE = "74951045771"
MY_PHONE = "0486101"


class ReportOfCalls(StartedCallFinder, CallEndFinder, Protocol):
    """What the services ask of the account's port here."""


@dataclass
class StartDesk:
    """Everything from the wire to starting calls; what was published so far is kept."""

    stack: PbxStack
    database: Database
    starts: StartCalls
    dialled: DialledNumbers
    open_starts: OpenStarts
    account: ReportOfCalls | None = None
    reports: list[StartReport] = field(default_factory=list)

    def phases(self, sequence: int | None = None) -> list[StartPhase]:
        return [report.phase for report in self.reports if sequence in (None, report.sequence)]

    def effects(self) -> list[str]:
        """Every call that the PBX began, by its own journal."""
        entries = self.stack.simulator.journal.entries
        return [effect for entry in entries for effect in entry.effects if effect.startswith("start ")]

    async def let_seconds_pass(self, predicate: Callable[[], object], what: str) -> None:
        """As the stack's, in larger steps."""
        deadline_s = time.monotonic() + 20.0
        while not predicate():
            assert time.monotonic() < deadline_s, f"never came: {what}"
            await self.stack.clock.pass_time(0.5)
            await asyncio.sleep(0.002)

    async def kept(self) -> list[str]:
        """External ids that the next run would look for."""
        return [kept.start.external_id for kept in await self.open_starts.everything()]


def to_me(contact: str = CONTACT, line_number: str = LINE) -> CallStart:
    """The usual way: my phone rings first."""
    return CallStart(via=StartVia.EMPLOYEE, contact=contact, line_number=line_number, employee_id=ME)


@dataclass
class Report:
    """The part of the account's port that is asked for a started call; it learns of calls when the test says so."""

    known: dict[str, CallSessionId] = field(default_factory=dict)
    asked: list[tuple[str, datetime]] = field(default_factory=list)
    asked_over: int = 0
    error: PultError | None = None

    async def is_started_call_over(self, external_id: str, since: datetime) -> bool:
        self.asked_over += 1
        if self.error is not None:
            raise self.error
        return False

    def can_spare(self) -> bool:
        return True

    async def find_started_call(self, external_id: str, since: datetime) -> CallSessionId | None:
        self.asked.append((external_id, since))
        if self.error is not None:
            raise self.error
        return self.known.get(external_id)


@asynccontextmanager
async def open_desk(
    folder: Path,
    config: SimulatorConfig | None = None,
    *,
    account: ReportOfCalls | None = None,
    polls_from_start: bool = True,
) -> AsyncIterator[StartDesk]:
    """Polls come when the test asks for them."""
    async with open_stack(config, start=polls_from_start) as stack, _desk_on(stack, folder, account) as desk:
        yield desk


@asynccontextmanager
async def open_desk_with_data_api(folder: Path, config: SimulatorConfig | None = None) -> AsyncIterator[StartDesk]:
    """As `open_desk`, and the account has a report of calls that can be asked for over real HTTP."""
    async with open_stack(config, permanent=True) as stack:
        http = HttpSession(user_agent="pult-tests", clock=stack.clock)
        sign_in = UisSignIn(credentials_of(stack.simulator, permanent=True), stack.clock)
        points = PointsBudget(stack.clock)
        correlation = Correlation(ME, stack.clock)
        client = UisDataClient(http, stack.simulator.data_api_url, sign_in, correlation, points=points)
        try:
            async with _desk_on(stack, folder, UisAccount(client, MOSCOW, stack.clock, points)) as desk:
                yield desk
        finally:
            await http.aclose()


@asynccontextmanager
async def _desk_on(stack: PbxStack, folder: Path, account: ReportOfCalls | None) -> AsyncIterator[StartDesk]:
    database = Database(folder / "pult.db", migrations=MIGRATIONS, clock=stack.clock)
    await database.open()
    dialled, open_starts = DialledNumbers(database, stack.clock), OpenStarts(database)
    starts = StartCalls(
        stack.board,
        stack.poller,
        stack.clock,
        open_starts=open_starts,
        dialled=dialled,
        situation=lambda: stack.control.situation(None),
    )
    desk = StartDesk(stack, database, starts, dialled, open_starts, account)
    starts.reports.subscribe(desk.reports.append)
    starts.use(stack.telephony, account, me=ME)
    dialled.follow(stack.board, lambda: ME, starts.is_own)
    unlisted = UnlistedCalls(stack.board, stack.poller, stack.clock)
    without_list = CallsWithoutList(
        unlisted,
        stack.clock,
        starts=starts.reports,
        commands=stack.control.reports,
        me=lambda: ME,
        account=lambda: account,
    )
    try:
        await dialled.start()
        await starts.restore()
        yield desk
    finally:
        await without_list.aclose()
        await starts.aclose()
        await dialled.aclose()
        await database.aclose()


@asynccontextmanager
async def next_run(desk: StartDesk, folder: Path, account: ReportOfCalls | None = None) -> AsyncIterator[StartDesk]:
    """The console is closed and opened again on the same data; the PBX went on meanwhile."""
    await desk.starts.aclose()
    await desk.dialled.aclose()
    await desk.database.aclose()
    async with _desk_on(desk.stack, folder, account) as reopened:
        yield reopened
