"""Replies of the PBX go wrong in every way there is; the whole client takes each as an error of its own tree, in time.

`run` plays `count` of them against the real client over real HTTP; `main` plays 20 000 and prints what came of them.
"""

from __future__ import annotations

import asyncio
import logging
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import psutil

from app.board import CallBoard
from app.clock import SystemClock
from app.domain.calls import CallSessionId, LegId, TagId
from app.domain.live_call import Sighting
from app.errors import OutcomeUnknown, PultError
from app.http import HttpSession, PointsBudget
from app.simulator.runner import Simulator
from app.telephony.diff import SnapshotTracker
from app.telephony.port import SpokenMessage
from app.uis.adapter import UisTelephony
from app.uis.client import UisClient
from app.uis.rpc import Correlation
from app.uis.sign_in import LoginAndPassword, UisSignIn
from tests.soak.mutations import MUST_BE_TOO_LARGE, pick_fault

NAME = "mutated_replies"
COUNT = 20_000
DEADLINE_S = 0.5
STUCK_AFTER_S = 1.0
WORKERS = 12
_LIVE_CALLS = 6


@dataclass
class Report:
    """What came of the mutated replies. Only `outcomes` may have anything in it."""

    count: int = 0
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    crashes: list[str] = field(default_factory=list)
    unhandled: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    oversized: list[str] = field(default_factory=list)
    longest_s: float = 0.0
    longest_stall_s: float = 0.0
    rss_growth_mb: float = 0.0

    @property
    def faults(self) -> list[str]:
        """Everything that must not be."""
        return [*self.crashes, *self.unhandled, *self.stuck, *self.oversized]

    def lines(self) -> list[str]:
        """The histogram, for people."""
        kinds = sorted({kind for kind, _ in self.outcomes})
        table = [
            f"  {kind}: " + ", ".join(f"{code} {figure}" for code, figure in self._of(kind).most_common())
            for kind in kinds
        ]
        return [
            f"{self.count} mutated replies: {len(self.crashes)} crashes, {len(self.unhandled)} unhandled exceptions",
            f"{len(self.stuck)} stuck requests, {len(self.oversized)} bodies over the cap",
            f"longest request {self.longest_s:.2f} s of {DEADLINE_S} s, RSS {self.rss_growth_mb:+.0f} MB",
            f"longest stall of the loop, shared with the simulators: {self.longest_stall_s * 1000:.0f} ms",
            *table,
            *self.faults[:20],
        ]

    def _of(self, kind: str) -> Counter[str]:
        return Counter({code: figure for (known, code), figure in self.outcomes.items() if known == kind})


class _Console:
    """The PBX side of a console, as far as replies reach: client, diff and board."""

    def __init__(self, telephony: UisTelephony) -> None:
        self.telephony = telephony
        self._tracker = SnapshotTracker()
        self._board = CallBoard()

    async def list_calls(self) -> None:
        snapshot = await self.telephony.list_calls()
        clock = SystemClock()
        self._board.apply(self._tracker.events_of(snapshot), Sighting(clock.now(), clock.monotonic()))

    def requests(self) -> list[tuple[str, Callable[[], Awaitable[object]]]]:
        pbx, call_session_id = self.telephony, CallSessionId(5)
        return [
            ("list.calls", self.list_calls),
            ("list.calls", self.list_calls),
            ("list.calls", self.list_calls),
            ("hold.call", lambda: pbx.hold(call_session_id, SpokenMessage("tts", "x"))),
            ("make.call", lambda: pbx.begin_consult(call_session_id, "102")),
            ("tag.call", lambda: pbx.tag(call_session_id, TagId(254))),
            ("disconnect.leg", lambda: pbx.drop_leg(call_session_id, LegId(7))),
            ("release.call", lambda: pbx.end_call(call_session_id)),
            ("list.talk_options", pbx.list_talk_options),
        ]


async def run(count: int, seed: int) -> Report:
    """Play `count` mutated replies. Needs no network but loopback."""
    report = Report(count=count)
    loop = asyncio.get_running_loop()
    handler_before = loop.get_exception_handler()
    loop.set_exception_handler(lambda _, context: report.unhandled.append(str(context.get("exception", context))))
    process = psutil.Process()
    watching = loop.create_task(_watch_stalls(report))
    try:
        async with AsyncExitStack() as opened:
            # A simulator for each, so that a reply is spoilt for the request it was meant for.
            desks = [await _open_desk(opened) for _ in range(WORKERS)]
            rss_before = process.memory_info().rss
            async with asyncio.TaskGroup() as group:
                for worker, (simulator, console) in enumerate(desks):
                    share = count // WORKERS + (worker < count % WORKERS)
                    dice = random.Random(f"{seed} {worker}")
                    group.create_task(_play(simulator, console, share, dice, report))
            report.rss_growth_mb = (process.memory_info().rss - rss_before) / 2**20
    finally:
        watching.cancel()
        loop.set_exception_handler(handler_before)
    return report


async def _open_desk(opened: AsyncExitStack) -> tuple[Simulator, _Console]:
    """A PBX with a few live calls, and a console that is signed in to it."""
    simulator = await opened.enter_async_context(Simulator())
    for number in range(_LIVE_CALLS):
        call_session_id = simulator.pbx.ring_in(f"7916000000{number}", employees=[2001])
        simulator.pbx.answer(call_session_id, 2001)
    clock = SystemClock()
    http = HttpSession(user_agent="pult-soak", clock=clock)
    opened.push_async_callback(http.aclose)
    await http.warm_up()
    console = _Console(_telephony(simulator, http, clock))
    await console.list_calls()
    return simulator, console


async def _play(simulator: Simulator, console: _Console, share: int, dice: random.Random, report: Report) -> None:
    for _ in range(share):
        kind, fault = pick_fault(dice)
        method, send = dice.choice(console.requests())
        simulator.faults.add(fault, face="pbx", operation=method)
        await _judge(kind, method, send, report)
        simulator.faults.clear()


def _telephony(simulator: Simulator, http: HttpSession, clock: SystemClock) -> UisTelephony:
    sign_in = UisSignIn(LoginAndPassword(simulator.config.login, simulator.config.password), clock)
    client = UisClient(
        http,
        simulator.pbx_url,
        sign_in,
        Correlation(None, clock),
        points=PointsBudget(clock),
        deadline_s=DEADLINE_S,
    )
    return UisTelephony(client, ZoneInfo("Europe/Moscow"))


async def _judge(kind: str, method: str, send: Callable[[], Awaitable[object]], report: Report) -> None:
    began_s = time.monotonic()
    outcome = await _outcome_of(send, kind, report)
    took_s = time.monotonic() - began_s
    report.longest_s = max(report.longest_s, took_s)
    # A refused token is renewed: up to three requests, each within its deadline.
    if took_s > 3 * DEADLINE_S + STUCK_AFTER_S:
        report.stuck.append(f"{kind} on {method}: {took_s:.1f} s")
    if kind in MUST_BE_TOO_LARGE and outcome not in ("unknown:reply_too_large", "unknown:read_timeout"):
        report.oversized.append(f"{kind} on {method}: {outcome}")
    report.outcomes[kind, outcome] += 1


async def _outcome_of(send: Callable[[], Awaitable[object]], kind: str, report: Report) -> str:
    try:
        await send()
    except OutcomeUnknown as error:
        return f"unknown:{error.code}"
    except PultError as error:
        return f"{type(error).__name__}"
    except Exception as error:  # noqa: BLE001  what this soak looks for
        report.crashes.append(f"{kind}: {type(error).__name__}: {error!s:.200}")
        return "CRASH"
    return "ok"


async def _watch_stalls(report: Report) -> None:
    while True:
        before_s = time.monotonic()
        await asyncio.sleep(0.01)
        report.longest_stall_s = max(report.longest_stall_s, time.monotonic() - before_s - 0.01)


def main() -> int:
    """20 000 replies; 0 when nothing went wrong."""
    logging.disable(logging.CRITICAL)
    report = asyncio.run(run(COUNT, seed=2026))
    sys.stdout.write("\n".join(report.lines()) + "\n")
    return 1 if report.faults else 0
