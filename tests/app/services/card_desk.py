"""A console's card side without a PBX: snapshots by hand into the real board, cards into a real database. No tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.bitrix24.adapter import plan_steps
from app.board import CallBoard
from app.clock import Clock
from app.crm.port import CustomerDirectory
from app.database import Connect, Database, connect_sqlite
from app.domain.calls import CallSession, CallSessionId, EmployeeId
from app.outbox.drafts import DraftStore
from app.outbox.schema import MIGRATIONS
from app.outbox.store import OutboxStore
from app.services.card_to_write import CardDefaults
from app.services.screen_pop import ScreenPop
from app.services.wrap_up import CardRules, Desk, OpenCard, WrapUp
from app.telephony.diff import SnapshotTracker
from app.telephony.port import CallsSnapshot
from tests.app.domain.calls import ME, seen
from tests.helpers.clock import FakeClock

PBX_HOST = "callapi.example.test"


@dataclass
class CardDesk:
    """One console. `poll` is one successful look at the PBX, so many seconds after the call began."""

    wrap_up: WrapUp
    board: CallBoard
    screen_pop: ScreenPop
    store: OutboxStore
    drafts: DraftStore
    clock: FakeClock
    tracker: SnapshotTracker = field(default_factory=SnapshotTracker)
    handed_over: list[str] = field(default_factory=list)
    ended_by_us: set[CallSessionId] = field(default_factory=set)

    def poll(self, at_s: float, *sessions: CallSession) -> None:
        self.board.apply(self.tracker.events_of(CallsSnapshot(sessions)), seen(at_s))
        self.wrap_up.note_poll(seen(at_s))

    def end(self, at_s: float, *others: CallSession) -> None:
        """Two looks without the call: it has ended."""
        self.poll(at_s, *others)
        self.poll(at_s + 2, *others)

    @property
    def card(self) -> OpenCard:
        (card,) = self.wrap_up.cards.values()
        return card

    @property
    def card_key(self) -> str:
        return self.card.draft.card_key

    async def autosaved(self) -> None:
        """Until the only card's draft is on the disk; fails when that takes more than a second of the clock."""
        await self.clock.pass_time(1.0)
        async with asyncio.timeout(5.0):
            while self.card.draft not in [kept.draft for kept in await self.drafts.open_drafts()]:
                pass


@asynccontextmanager
async def card_desk(
    folder: Path,
    *,
    me: EmployeeId | None = ME,
    clock: FakeClock | None = None,
    directory: CustomerDirectory | None = None,
    defaults: CardDefaults | None = None,
    rules: CardRules | None = None,
    connect: Connect = connect_sqlite,
) -> AsyncIterator[CardDesk]:
    """A console on `folder`; opening it again stands for the next start of the program."""
    clock = clock or FakeClock()
    database = Database(folder / "pult.db", migrations=MIGRATIONS, connect=connect)
    await database.open()
    try:
        cards_of = Desk(PBX_HOST, me, defaults or CardDefaults(crm_user_id=7), rules or CardRules())
        desk = assembled(database, clock, directory, cards_of)
        await desk.wrap_up.start()
        yield desk
        await desk.wrap_up.aclose()
        await desk.screen_pop.aclose()
    finally:
        await database.aclose()


def assembled(
    database: Database,
    clock: FakeClock,
    directory: CustomerDirectory | None,
    desk: Desk,
) -> CardDesk:
    board, store, drafts = CallBoard(), OutboxStore(database), DraftStore(database)
    pop_clock: Clock = clock
    screen_pop = ScreenPop(pop_clock, directory)
    handed_over: list[str] = []
    ended_by_us: set[CallSessionId] = set()
    wrap_up = WrapUp(
        board=board,
        screen_pop=screen_pop,
        store=store,
        drafts=drafts,
        plan=plan_steps,
        clock=clock,
        desk=desk,
        was_ended_by_us=ended_by_us.__contains__,
        hand_over=handed_over.append,
    )
    return CardDesk(wrap_up, board, screen_pop, store, drafts, clock, handed_over=handed_over, ended_by_us=ended_by_us)
