"""Replies to commands that start and end calls get lost: none is sent twice, each is shown as unknown and resolved.

A console's starts and commands with their real database and clients play against a simulated PBX over real HTTP; time
is virtual. Afterwards the PBX's own journal tells how often it was asked, and its world what really happened.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.actions import CallAction
from app.domain.call_start import CallStart, StartVia
from app.domain.calls import CallSessionId, EmployeeId
from app.domain.spoken_message import SpokenMessage
from app.services.call_control import CommandPhase, CommandReport
from app.services.start_call import StartPhase, StartReport
from app.simulator.config import SimulatorConfig
from app.simulator.faults import (
    DropBefore,
    Fault,
    HalfReply,
    HtmlPage,
    HttpError,
    LoseReply,
    Mutate,
    ResetMidReply,
    Status200Error,
)
from tests.app.services.starts import LINE, StartDesk, open_desk_with_data_api
from tests.app.telephony.stack import HOLD_MESSAGE, ME
from tests.soak.lost_starts_control import Retrying

NAME = "lost_starts"
COMMANDS = 10_000
_PER_ROUND = 24
_STUCK_AFTER_REAL_S = 30.0

FAULTS: tuple[Fault, ...] = (
    LoseReply(),
    ResetMidReply(),
    HalfReply(),
    Mutate(change=lambda body: b"{garbage" + body[9:]),
    Mutate(change=lambda _: b""),
    HttpError(status=502, before_effect=False),
    DropBefore(),
    HttpError(status=500),
    HtmlPage(),
    Status200Error(),
)
_METHODS = {
    CallAction.BEGIN_CONSULT: "make.call",
    CallAction.END_CALL: "release.call",
    CallAction.DROP_LEG: "disconnect.leg",
}


@dataclass
class Outcome:
    """What the run did and what the checker found. `problems` and `sent_twice` are empty when the promise was kept."""

    commands: int = 0
    shown_unknown: int = 0
    doubled_calls: int = 0
    how: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    sent_twice: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass
class _LostStart:
    """One start, and whether the PBX really began it."""

    report: StartReport
    happened: int | None
    was_over_at_once: bool


@dataclass
class _LostCommand:
    """One command on a live call, and whether the PBX really did it."""

    report: CommandReport
    happened: bool


class _Round:
    """A handful of commands whose replies are lost together, until it is known what became of each."""

    def __init__(self, desk: StartDesk, dice: random.Random, outcome: Outcome, first_place: int) -> None:
        self._desk = desk
        self._dice = dice
        self._outcome = outcome
        self._first_place = first_place
        self._world = desk.stack.simulator.pbx
        self._commands: list[_LostCommand] = []
        self._starts: list[_LostStart] = []
        self._has_report = dice.random() < 0.75

    async def play(self, size: int) -> None:
        calls = await self._calls_to_act_on(size // 2)
        if not self._has_report:
            fault = HttpError(status=503)
            self._desk.stack.simulator.faults.add(fault, face="data", operation="get.calls_report", times=None)
        wishes = [self._lose_start(self._first_place + place) for place in range(size - len(calls))]
        wishes += [self._lose_command(action, call_session_id) for action, call_session_id in calls]
        self._dice.shuffle(wishes)
        for wish in wishes:
            await wish
        for _ in range(3):
            await self._desk.stack.poll()
            await self._desk.stack.clock.pass_time(1.0)
        await self._until_resolved()
        self._judge()
        await self._clean_up()

    async def _calls_to_act_on(self, count: int) -> list[tuple[CallAction, CallSessionId]]:
        chosen = []
        for place in range(count):
            action = self._dice.choice((CallAction.BEGIN_CONSULT, CallAction.END_CALL, CallAction.DROP_LEG))
            call_session_id = self._world.ring_in(f"7926{place:07}", employees=[ME])
            self._world.answer(call_session_id, ME)
            chosen.append((action, CallSessionId(call_session_id)))
        await self._desk.stack.poll()
        for action, call_session_id in chosen:
            if action is CallAction.BEGIN_CONSULT:
                await self._desk.stack.control.hold(call_session_id)
        await self._desk.stack.poll()
        return chosen

    async def _lose_start(self, place: int) -> None:
        start = _wish(self._dice.choice(tuple(StartVia)), f"7916{place:07}", self._desk)
        known = {call.call_session_id for call in self._world.calls}
        self._plan_fault(f"start.{start.via.value}_call")
        report = await self._desk.starts.start(start)
        began = [call for call in self._world.calls if call.call_session_id not in known]
        self._outcome.doubled_calls += len(began) > 1
        is_over = bool(began) and self._dice.random() < 0.5
        for call in began if is_over else ():
            self._world.live_calls.finish(call, "no_answer")
        self._note(is_unknown=report.phase is StartPhase.UNKNOWN)
        self._starts.append(_LostStart(report, began[0].call_session_id if began else None, is_over))

    async def _lose_command(self, action: CallAction, call_session_id: CallSessionId) -> None:
        control, call = self._desk.stack.control, self._world.call(call_session_id)
        before = self._trace(call_session_id)
        self._plan_fault(_METHODS[action])
        if action is CallAction.BEGIN_CONSULT:
            report = await control.begin_consult(call_session_id, "102")
        elif action is CallAction.END_CALL:
            report = await control.end_call(call_session_id)
        else:
            contact = self._desk.stack.live(call_session_id).session.contact_leg
            if contact is None:
                raise RuntimeError("a call without its contact")
            report = await control.drop_leg(call_session_id, contact.leg_id)
        self._note(is_unknown=report.phase is CommandPhase.UNKNOWN)
        self._commands.append(_LostCommand(report, self._trace(call.call_session_id) != before))

    def _trace(self, call_session_id: int) -> tuple[bool, int]:
        live = [call for call in self._world.calls if call.call_session_id == call_session_id]
        return bool(live), len(live[0].legs) if live else 0

    def _plan_fault(self, operation: str) -> None:
        fault = self._dice.choice(FAULTS)
        self._desk.stack.simulator.faults.add(fault, face="pbx", operation=operation)
        self._outcome.faults[f"{fault.name} {'before' if fault.before_effect else 'after'} the effect"] += 1

    def _note(self, *, is_unknown: bool) -> None:
        self._outcome.commands += 1
        self._outcome.shown_unknown += is_unknown

    async def _until_resolved(self) -> None:
        """A lost start is looked for a minute or so; then it is found or a question."""
        deadline_s = time.monotonic() + _STUCK_AFTER_REAL_S
        while any(report.phase is StartPhase.UNKNOWN for report in self._desk.starts.under_way):
            if time.monotonic() > deadline_s:
                return
            await self._desk.stack.clock.pass_time(2.0)
            await asyncio.sleep(0.001)

    def _judge(self) -> None:
        latest = {report.sequence: report for report in self._desk.reports}
        for lost in self._starts:
            self._judge_start(lost, latest[lost.report.sequence])
        last = {report.sequence: report for report in self._desk.stack.reports}
        for command in self._commands:
            self._judge_command(command, last[command.report.sequence])

    def _judge_start(self, lost: _LostStart, latest: StartReport) -> None:
        name = f"start {latest.start.contact}"
        self._count(name, f"start.{latest.start.via.value}_call", "external_id", latest.start.external_id)
        if latest.phase is StartPhase.FOUND:
            self._outcome.how[f"start: found in the {latest.detail['how']}"] += 1
            if latest.call_session_id != lost.happened:
                self._outcome.problems.append(f"{name} was found as another call")
        elif latest.phase is StartPhase.NEVER_KNOWN:
            why = "never began" if lost.happened is None else "over at once, no report"
            self._outcome.how[f"start: left unknown with a question ({why})"] += 1
            if lost.happened is not None and (self._has_report or not lost.was_over_at_once):
                self._outcome.problems.append(f"{name} could have been found")
            self._desk.starts.settle(latest.sequence)
        else:
            self._outcome.problems.append(f"{name} ended as {latest.phase.value}")

    def _judge_command(self, command: _LostCommand, latest: CommandReport) -> None:
        name = f"{latest.action.value} {latest.call_session_id}"
        self._count(name, _METHODS[latest.action], "call_session_id", latest.call_session_id)
        wanted = CommandPhase.CONFIRMED if command.happened else CommandPhase.NOT_VISIBLE
        if latest.phase is not wanted:
            self._outcome.problems.append(f"{name} ended as {latest.phase.value} instead of {wanted.value}")
        self._outcome.how[f"{latest.action.value}: {latest.phase.value} by the legs seen"] += 1

    def _count(self, name: str, method: str, key: str, wanted: object) -> None:
        """How often the PBX was asked, by its own journal; what met a fault before its effect is there unread."""
        entries = self._desk.stack.simulator.journal.entries_of(method)
        sent = [entry.params.get("params", entry.params) for entry in entries]
        times = sum(isinstance(params, dict) and params.get(key) == wanted for params in sent)
        if times > 1:
            self._outcome.sent_twice.append(f"{name} was sent {times} times")
        elif times < 1:
            self._outcome.problems.append(f"{name} is not in the PBX's journal")

    async def _clean_up(self) -> None:
        simulator = self._desk.stack.simulator
        for call in self._world.calls:
            self._world.live_calls.finish(call, "end_of_round")
        self._world.finished.clear()
        simulator.faults.clear()
        simulator.journal.clear()
        for _ in range(2):
            await self._desk.stack.poll()
        for told in (self._desk.reports, self._desk.stack.reports, self._desk.stack.polls, self._desk.stack.links):
            told.clear()
        self._desk.stack.changes.clear()
        if self._desk.stack.board.calls:
            self._outcome.problems.append("calls are left on the board")
        if self._desk.starts.under_way or self._desk.starts.unresolved:
            self._outcome.problems.append("starts are left open")


async def run(commands: int = COMMANDS, *, seed: int = 1, retries: bool = False) -> Outcome:
    """Lose the replies of so many commands. `retries` True is the negative control: an adapter that tries again."""
    outcome, dice, began_s = Outcome(), random.Random(seed), time.monotonic()
    config = SimulatorConfig(minute_limit=1_000_000, day_limit=100_000_000, data_minute_limit=1_000_000)
    with tempfile.TemporaryDirectory(prefix="pult-soak-") as folder:
        async with open_desk_with_data_api(Path(folder), config) as desk:
            if retries:
                retrying = Retrying.over(desk.stack)
                desk.starts.use(retrying, desk.account)
                desk.stack.control.use(retrying, me=ME, hold_message=HOLD_MESSAGE)
            while outcome.commands < commands:
                size = min(_PER_ROUND, commands - outcome.commands)
                await _Round(desk, dice, outcome, outcome.commands).play(size)
            left = await desk.kept()
            if left:
                outcome.problems.append(f"{len(left)} starts are left for the next run")
    outcome.seconds = time.monotonic() - began_s
    return outcome


def main() -> int:
    """The full figure, and the control that has to go wrong."""
    outcome = asyncio.run(run())
    _report("each sent once", outcome)
    control = asyncio.run(run(COMMANDS // 40, retries=True))
    _report("with an adapter that tries again, which must not hold", control)
    is_kept = not outcome.sent_twice and not outcome.problems and outcome.shown_unknown == outcome.commands
    return 0 if is_kept and control.sent_twice else 1


def _wish(via: StartVia, contact: str, desk: StartDesk) -> CallStart:
    scenarios = desk.stack.simulator.pbx.directory.scenarios
    return CallStart(
        via=via,
        contact=contact,
        line_number=LINE,
        employee_id=EmployeeId(ME) if via is StartVia.EMPLOYEE else None,
        scenario_id=min(scenarios) if via is StartVia.SCENARIO else None,
        operator_number="79262444491" if via is StartVia.SIMPLE else "",
        contact_message=SpokenMessage("tts", "Добрый день") if via is StartVia.INFORMER else None,
    )


def _report(title: str, outcome: Outcome) -> None:
    lines = [
        f"{title}: {outcome.commands} commands without a reply in {outcome.seconds:.0f} s:",
        f"  {len(outcome.sent_twice)} sent twice, {outcome.doubled_calls} calls doubled by it",
        f"  {outcome.shown_unknown} shown as unknown",
        f"  {len(outcome.problems)} other problems; resolved",
        *(f"  {times:5} {how}" for how, times in sorted(outcome.how.items())),
        "  faults",
        *(f"  {times:5} {fault}" for fault, times in sorted(outcome.faults.items())),
        *(f"  ! {problem}" for problem in (*outcome.sent_twice[:3], *outcome.problems[:20])),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
