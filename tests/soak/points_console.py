"""Consoles that live through a day of virtual time against one simulated account; what they did is counted."""

from __future__ import annotations

import asyncio
import heapq
import random
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from functools import partial
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from app.board import CallBoard
from app.clock import Clock
from app.domain.actions import Reason
from app.domain.calls import CallState, EmployeeId
from app.domain.live_call import LiveCall
from app.errors import LimitExceeded
from app.http import HttpReply, HttpSession, PointsBudget, PollPlan
from app.http.points_shares import PointsShares
from app.services.call_control import CallControl
from app.services.command_report import CommandPhase, CommandReport
from app.simulator.config import SimulatorConfig
from app.simulator.pbx.directory import Employee
from app.simulator.runner import Simulator
from app.telephony.pace import is_call_going_on
from app.telephony.poller import Poller
from app.telephony.port import SpokenMessage
from app.uis.adapter import open_uis_telephony
from app.uis.sign_in import PermanentKey
from tests.helpers.clock import FakeClock

DAY_S = 86_400.0
SHIFT_S = (9 * 3600.0, 18 * 3600.0)
LATE_COMMANDS = 40
_MIDNIGHT = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)
_LATE_CALL_S = 23 * 3600.0 + 600
_LATE_FROM_S = 23 * 3600.0 + 1_200
_NOON_S = 12 * 3600.0
_TALK_S = (60.0, 300.0)
_CALLS_OF_ONE, _CALLS_OF_MANY = 50, 12
_FIRST_EMPLOYEE = 5_001
_SAMPLE_S = 5.0
_AGAIN_S = 30.0
_LOOKS_FOR_A_CALL = 2
_TURNS = 12


class Guard(Enum):
    """What keeps the points together; all but the first are controls."""

    WHOLE = "points are planned and a reserve is kept"
    NO_RESERVE = "points are planned, no reserve is kept"
    NONE = "nobody looks at the points"


class _NoShares(PointsShares):
    def for_polls(self, now: float) -> tuple[int | None, int | None]:
        return self._minute.remaining(now), self._day.remaining(now)


class _NoReserve(PointsBudget):
    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._shares = _NoShares(self._minute, self._day, self._costs, self._commands)

    def can_spend(self, kind: str) -> bool:
        return True


class _Spendthrift(PointsBudget):
    def plan(self, base_s: float, *, is_busy: bool | None = None) -> PollPlan:
        return PollPlan(base_s)

    def can_spend(self, kind: str) -> bool:
        return True


_BUDGETS = {Guard.WHOLE: PointsBudget, Guard.NO_RESERVE: _NoReserve, Guard.NONE: _Spendthrift}


class _CountedHttp(HttpSession):
    """Knows how many requests are under way: time stands still for them."""

    under_way = 0

    async def post_json(
        self,
        url: str,
        body: bytes,
        *,
        deadline_s: float,
        body_cap: int,
        headers: Mapping[str, str] | None = None,
        content_type: str = "application/json",
    ) -> HttpReply:
        self.under_way += 1
        try:
            return await super().post_json(
                url, body, deadline_s=deadline_s, body_cap=body_cap, headers=headers, content_type=content_type
            )
        finally:
            self.under_way -= 1


class _DayClock(FakeClock):
    def next_due_s(self) -> float | None:
        return self._next_due_at_s()


@dataclass
class _Console:
    me: EmployeeId
    points: PointsBudget
    board: CallBoard
    poller: Poller
    control: CallControl
    polls_s: list[float] = field(default_factory=list)
    calls_s: list[tuple[float, float]] = field(default_factory=list)
    looks_for_call: int = 0

    def my_call(self) -> LiveCall | None:
        return next((call for call in self.board.calls.values() if call.session.leg_of(self.me) is not None), None)


@dataclass
class DayOutcome:
    """What came of the day. Ages are those of the newest data on each console, sampled all through the shift."""

    consoles: int
    limit_exceeded: int = 0
    commands_sent: int = 0
    commands_refused: int = 0
    looks_asked: int = 0
    looks_refused: int = 0
    points_left: int = 0
    polls_by_console: list[int] = field(default_factory=list)
    reduced_at_noon: list[str] = field(default_factory=list)
    _ages_s: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})
    _polls: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    _time_s: dict[bool, float] = field(default_factory=lambda: {True: 0.0, False: 0.0})

    def age_s(self, *, busy: bool, share: float) -> float:
        """That share of the samples is not older."""
        ages = sorted(self._ages_s[busy])
        return ages[min(len(ages) - 1, int(len(ages) * share))] if ages else 0.0

    def polls_per_hour(self, *, busy: bool) -> float:
        """Polls of one console in an hour of the shift with, or without, a call of its own."""
        return self._polls[busy] / max(1.0, self._time_s[busy]) * 3600.0

    def take(self, console: _Console, began_s: float) -> None:
        """Count one console's day."""
        polls_s = [at_s - began_s for at_s in console.polls_s]
        self.polls_by_console.append(len(polls_s))
        calls_s = [(max(SHIFT_S[0], begins), min(SHIFT_S[1], ends)) for begins, ends in console.calls_s]

        def is_busy(at_s: float) -> bool:
            return any(begins <= at_s < ends for begins, ends in calls_s)

        in_calls_s = sum(max(0.0, ends - begins) for begins, ends in calls_s)
        self._time_s[True] += in_calls_s
        self._time_s[False] += SHIFT_S[1] - SHIFT_S[0] - in_calls_s
        for at_s in polls_s:
            if SHIFT_S[0] <= at_s < SHIFT_S[1]:
                self._polls[is_busy(at_s)] += 1
        newest, at_s = 0, SHIFT_S[0]
        while at_s < SHIFT_S[1]:
            while newest + 1 < len(polls_s) and polls_s[newest + 1] <= at_s:
                newest += 1
            self._ages_s[is_busy(at_s)].append(at_s - polls_s[newest])
            at_s += _SAMPLE_S


class _Day:
    """Turns the hands from one due moment to the next, and lets everything come to rest in between."""

    def __init__(self, simulator: Simulator, clock: _DayClock, http: _CountedHttp, dice: random.Random) -> None:
        self.simulator = simulator
        self.clock = clock
        self.began_s = clock.monotonic()
        self.dice = dice
        self._http = http
        self._order = count()
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def now_s(self) -> float:
        """Seconds since midnight."""
        return self.clock.monotonic() - self.began_s

    def at(self, day_s: float, deed: Callable[[], None]) -> None:
        heapq.heappush(self._events, (day_s, next(self._order), deed))

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def run_until(self, end_s: float) -> None:
        await self._rest()
        while True:
            due_s = self.clock.next_due_s()
            next_s = min(end_s, *(at_s for at_s, _, _ in self._events[:1]), *(
                () if due_s is None else (due_s - self.began_s,)
            ))  # fmt: skip
            self.clock.advance(max(0.0, next_s - self.now_s))
            while self._events and self._events[0][0] <= next_s:
                heapq.heappop(self._events)[2]()
            await self._rest()
            if next_s >= end_s:
                return

    async def _rest(self) -> None:
        turns = _TURNS
        while turns:
            await asyncio.sleep(0)
            turns = _TURNS if self._http.under_way else turns - 1


class _Operators:
    """The people: they take calls, press keys, ask for a look when a call they hear is not shown."""

    def __init__(self, day: _Day, consoles: list[_Console], outcome: DayOutcome) -> None:
        self._day = day
        self._consoles = consoles
        self._outcome = outcome
        self._late = consoles[:4]

    def plan(self, commands: int) -> None:
        """Calls for everyone in the shift, commands spread over it in single ones and bursts, and a late burst."""
        dice, calls = self._day.dice, _CALLS_OF_ONE if len(self._consoles) == 1 else _CALLS_OF_MANY
        pause_s = (SHIFT_S[1] - SHIFT_S[0]) / calls - sum(_TALK_S) / 2
        for console in self._consoles:
            at_s = SHIFT_S[0] + dice.expovariate(1.0 / pause_s)
            while at_s < SHIFT_S[1]:
                talk_s = dice.uniform(*_TALK_S)
                self._day.at(at_s, partial(self._ring, console, talk_s))
                at_s += talk_s + max(10.0, dice.expovariate(1.0 / pause_s))
        early = commands - LATE_COMMANDS
        while early > 0:
            console, at_s = dice.choice(self._consoles), dice.uniform(SHIFT_S[0] + 900, SHIFT_S[1] - 1_800)
            for number in range(min(early, dice.choice((1, 1, 2, 3, 8)))):
                self._day.at(at_s + 2.0 * number, partial(self._press, console))
                early -= 1
        for console in self._late:
            self._day.at(_LATE_CALL_S, partial(self._ring, console, 2_400.0))
        for number in range(LATE_COMMANDS):
            self._day.at(_LATE_FROM_S + 1.5 * number, partial(self._press, self._late[number % len(self._late)]))

    def _ring(self, console: _Console, talk_s: float) -> None:
        pbx, begins_s = self._day.simulator.pbx, self._day.now_s
        number = f"7916{self._day.dice.randrange(10_000_000):07d}"
        call_session_id = pbx.ring_in(number, employees=[console.me])
        console.looks_for_call = 0
        console.calls_s.append((begins_s, begins_s + 5.0 + talk_s))
        self._day.at(begins_s + 5.0, partial(pbx.answer, call_session_id, console.me))
        self._day.at(begins_s + 5.0 + talk_s, partial(pbx.hang_up, call_session_id, "contact"))
        self._day.at(begins_s + 15.0, partial(self._miss, console))

    def _miss(self, console: _Console) -> None:
        if self._day.now_s > SHIFT_S[1] or self._day.dice.random() < 0.2:
            self._look_for_my_call(console)

    def _look_for_my_call(self, console: _Console) -> None:
        now_s, call = self._day.now_s, console.my_call()
        is_talking = any(begins <= now_s < ends for begins, ends in console.calls_s)
        is_shown = call is not None and call.call_state is not CallState.RINGING
        if is_talking and not is_shown and console.looks_for_call < _LOOKS_FOR_A_CALL:
            console.looks_for_call += 1
            self._outcome.looks_asked += 1
            self._outcome.looks_refused += console.poller.look_now() is not None

    def _press(self, console: _Console) -> None:
        if self._day.now_s > SHIFT_S[1] and console not in self._late:
            # Gone home with work undone: those of the late shift do it.
            console = self._day.dice.choice(self._late)
        call = console.my_call()
        if call is None or call.call_state not in (CallState.TALK, CallState.HOLD):
            self._look_for_my_call(console)
            self._day.at(self._day.now_s + _AGAIN_S, partial(self._press, console))
            return
        self._day.start(self._send(console, call))

    async def _send(self, console: _Console, call: LiveCall) -> None:
        control, call_session_id = console.control, call.call_session_id
        way = self._day.dice.random()
        if call.call_state is CallState.HOLD:
            report = await control.retrieve(call_session_id)
        elif way < 0.4:
            report = await control.hold(call_session_id)
        else:
            report = await control.send_dtmf(call_session_id, "5")
        self._count(console, report)

    def _count(self, console: _Console, report: CommandReport) -> None:
        why_not = report.detail.get("why_not")
        if report.phase in (CommandPhase.ACCEPTED, CommandPhase.CONFIRMED):
            self._outcome.commands_sent += 1
        elif getattr(why_not, "reason", None) is Reason.LIMIT_REACHED or isinstance(report.error, LimitExceeded):
            self._outcome.commands_refused += 1
        else:
            # The list does not show yet what the key before has done, or the call is over.
            self._day.at(self._day.now_s + _AGAIN_S, partial(self._press, console))


async def live_a_day(
    config: SimulatorConfig, consoles: int, *, commands: int, base_s: float, seed: int, guard: Guard
) -> DayOutcome:
    """From midnight to midnight of the account's zone."""
    dice, clock, outcome = random.Random(seed), _DayClock(_MIDNIGHT), DayOutcome(consoles)
    async with Simulator(config, clock) as simulator:
        http = _CountedHttp(user_agent="pult-tests", clock=clock)
        try:
            day = _Day(simulator, clock, http, dice)
            async with _running(day, http, consoles, base_s, guard) as running:
                _Operators(day, running, outcome).plan(commands)
                await day.run_until(_NOON_S)
                reports = (console.poller.report for console in running)
                outcome.reduced_at_noon = [report.reduced_by for report in reports if report.reduced_by is not None]
                await day.run_until(DAY_S - 1.0)
                for console in running:
                    outcome.take(console, day.began_s)
        finally:
            await http.aclose()
        outcome.limit_exceeded = sum("limit_exceeded" in entry.outcome for entry in simulator.journal.entries)
        outcome.points_left = simulator.account.points.as_limits()["day_remaining"]
    return outcome


@asynccontextmanager
async def _running(
    day: _Day, http: HttpSession, consoles: int, base_s: float, guard: Guard
) -> AsyncIterator[list[_Console]]:
    made: list[_Console] = []
    for number in range(consoles):
        console = _make_console(day, http, EmployeeId(_FIRST_EMPLOYEE + number), base_s, guard)
        made.append(console)
        # One is on from the start; the others come for their shift.
        day.at(0.0 if consoles == 1 else SHIFT_S[0] - day.dice.uniform(0.0, 1_800.0), console.poller.start)
    try:
        yield made
    finally:
        for console in made:
            console.control.close()
            await console.poller.aclose()


def _make_console(day: _Day, http: HttpSession, me: EmployeeId, base_s: float, guard: Guard) -> _Console:
    simulator, clock, board = day.simulator, day.clock, CallBoard()
    number = me - _FIRST_EMPLOYEE
    simulator.pbx.directory.add_employees([Employee(me, f"Сотрудник {number}", f"5{number:02d}", f"04865{number:02d}")])
    points = _BUDGETS[guard](clock)
    telephony = open_uis_telephony(
        http,
        clock,
        base_url=simulator.pbx_url,
        credentials=PermanentKey(simulator.config.permanent_token),
        employee_id=me,
        zone=ZoneInfo(simulator.config.time_zone),
        points=points,
    )
    poller = Poller(
        board,
        clock,
        base_interval_s=base_s,
        telephony=telephony,
        points=points,
        dice=random.Random(day.dice.random()),
        is_busy=lambda: is_call_going_on(board.calls.values(), me),
    )
    hold_message = SpokenMessage("tts", "Оставайтесь на линии")
    control = CallControl(board, poller, clock, hold_message=hold_message, telephony=telephony, me=me)
    console = _Console(me, points, board, poller, control)
    poller.polls_done.subscribe(lambda asked: console.polls_s.append(asked.monotonic_s))
    return console
