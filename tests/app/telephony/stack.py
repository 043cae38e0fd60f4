"""The PBX side of the console against a running simulator, on one virtual clock for both."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from app.board import BoardChange, CallBoard
from app.domain.calls import CallSessionId, CallState, EmployeeId
from app.domain.live_call import LiveCall, Sighting
from app.http import HttpSession, PointsBudget
from app.services.call_control import CallControl, CommandPhase, CommandReport
from app.simulator.config import SimulatorConfig
from app.simulator.runner import Simulator
from app.telephony.poller import LinkReport, Poller
from app.telephony.port import SpokenMessage
from app.uis.adapter import UisTelephony
from app.uis.client import UisClient
from app.uis.rpc import DEADLINE_S, Correlation
from app.uis.sign_in import Credentials, LoginAndPassword, PermanentKey, UisSignIn
from tests.helpers.clock import FakeClock
from tests.helpers.waiting import until

ME = EmployeeId(2001)
COLLEAGUE = EmployeeId(2002)
CONTACT = "79161234567"
HOLD_MESSAGE = SpokenMessage("tts", "Оставайтесь на линии")
MOSCOW = ZoneInfo("Europe/Moscow")


@dataclass
class PbxStack:
    """Everything from the wire to call control; what was published so far is kept."""

    simulator: Simulator
    clock: FakeClock
    points: PointsBudget
    client: UisClient
    telephony: UisTelephony
    board: CallBoard
    poller: Poller
    control: CallControl
    links: list[LinkReport] = field(default_factory=list)
    polls: list[Sighting] = field(default_factory=list)
    changes: list[BoardChange] = field(default_factory=list)
    reports: list[CommandReport] = field(default_factory=list)

    async def poll(self) -> None:
        """Let exactly one more poll succeed: the one a command has asked for, or one of our own."""
        polls_before = len(self.polls)
        self.poller.refresh_soon()
        await self.let_pass(lambda: len(self.polls) > polls_before, "a successful poll")

    async def failed_poll(self) -> None:
        """Let one more poll fail."""
        failed_before = self.failed_polls
        self.poller.refresh_soon()
        await self.let_pass(lambda: self.failed_polls > failed_before, "a failed poll")

    @property
    def failed_polls(self) -> int:
        return len([link for link in self.links if link.error])

    async def let_pass(self, predicate: Callable[[], object], what: str) -> None:
        """Time goes by in small steps until the predicate is true; AssertionError after twenty real seconds."""
        deadline_s = time.monotonic() + 20.0
        while not predicate():
            assert time.monotonic() < deadline_s, f"never came: {what}"
            await self.clock.pass_time(0.05)
            await asyncio.sleep(0.002)

    def live(self, call_session_id: int) -> LiveCall:
        live_call = self.board.call(CallSessionId(call_session_id))
        assert live_call is not None
        return live_call

    def phases(self) -> list[CommandPhase]:
        return [report.phase for report in self.reports]

    async def talking_call(self) -> CallSessionId:
        """A customer talks to me, and the board knows it."""
        call_session_id = CallSessionId(self.simulator.pbx.ring_in(CONTACT, employees=[ME]))
        self.simulator.pbx.answer(call_session_id, ME)
        await self.poll()
        return call_session_id

    async def held_call(self) -> CallSessionId:
        call_session_id = await self.talking_call()
        await self.control.hold(call_session_id)
        await self.poll()
        return call_session_id

    async def ringing_consult(self) -> CallSessionId:
        call_session_id = await self.held_call()
        await self.control.begin_consult(call_session_id, "102")
        await self.poll()
        return call_session_id

    async def consult(self) -> CallSessionId:
        call_session_id = await self.ringing_consult()
        self.simulator.pbx.colleague_answers(call_session_id)
        await self.poll()
        assert self.live(call_session_id).call_state is CallState.CONSULT
        return call_session_id


def credentials_of(simulator: Simulator, *, permanent: bool = False) -> Credentials:
    if permanent:
        return PermanentKey(simulator.config.permanent_token)
    return LoginAndPassword(simulator.config.login, simulator.config.password)


@asynccontextmanager
async def open_stack(
    config: SimulatorConfig | None = None,
    *,
    base_interval_s: float = 600.0,
    permanent: bool = False,
    deadline_s: float = DEADLINE_S,
    start: bool = True,
    clock: FakeClock | None = None,
) -> AsyncIterator[PbxStack]:
    """The simulator and the console's PBX side. Polls come when the test asks for them unless an interval is given."""
    clock = clock or FakeClock()
    http = HttpSession(user_agent="pult-tests", clock=clock)
    async with Simulator(config, clock) as simulator:
        points = PointsBudget(clock)
        sign_in = UisSignIn(credentials_of(simulator, permanent=permanent), clock)
        client = UisClient(
            http, simulator.pbx_url, sign_in, Correlation(ME, clock), points=points, deadline_s=deadline_s
        )
        telephony = UisTelephony(client, MOSCOW)
        board = CallBoard()
        dice = random.Random(1)
        poller = Poller(board, clock, base_interval_s=base_interval_s, telephony=telephony, points=points, dice=dice)
        control = CallControl(board, poller, clock, hold_message=HOLD_MESSAGE, telephony=telephony, me=ME)
        stack = PbxStack(simulator, clock, points, client, telephony, board, poller, control)
        poller.link.subscribe(stack.links.append)
        poller.polls_done.subscribe(stack.polls.append)
        board.changes.subscribe(stack.changes.append)
        control.reports.subscribe(stack.reports.append)
        try:
            if start:
                poller.start()
                await until(lambda: stack.links, what="the first poll")
            yield stack
        finally:
            control.close()
            await poller.aclose()
            await http.aclose()
