"""What the stateful model of a call plays on, and what must hold there at every moment."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, TypeVar

from app.domain.actions import CallAction, why_not
from app.domain.calls import CallSessionId, CallState
from app.errors import PultError
from app.services.call_control import CommandPhase, CommandReport
from app.simulator.config import SimulatorConfig
from tests.app.telephony.stack import PbxStack, open_stack
from tests.soak import session_world as world
from tests.soak.session_world import ModelCall

OPERATIONS = {
    "hold": "hold.call",
    "retrieve": "unhold.call",
    "begin_consult": "make.call",
    "complete_transfer": "transfer.talk",
    "transfer_blind": "transfer.talk",
    "cancel_consult": "restore.talk",
    "tag": "tag.call",
    "start_recording": "record.call",
    "stop_recording": "record.call",
    "send_dtmf": "send.dtmf",
    "add_coach": "add.coach",
    "drop_leg": "disconnect.leg",
    "block_caller": "block.contact",
    "end_call": "release.call",
}
_ASKED = frozenset({*OPERATIONS.values(), "call.talk_option", "start.employee_call"})

R = TypeVar("R")


class InvariantBroken(AssertionError):
    """The console and the model disagree."""


@dataclass
class Tally:
    """What was played."""

    steps: int = 0
    examples: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    phases: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)

    def lines(self) -> list[str]:
        return [
            f"{self.steps} steps in {self.examples} sessions",
            "  rules: " + ", ".join(f"{name} {count}" for name, count in self.rules.most_common()),
            "  command ends: " + ", ".join(f"{name} {count}" for name, count in self.phases.most_common()),
            "  states seen: " + ", ".join(f"{name} {count}" for name, count in self.states.most_common()),
        ]


@dataclass
class Sent:
    """A command under way: did the PBX do it, and what has moved in the call since?"""

    report: CommandReport
    was_done: bool
    changes_at: int


class Bench:
    """One simulator and one console, kept for all sessions of a run; the model's rules run on its loop."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._opened = AsyncExitStack()
        self.stack: PbxStack = self.run(self._opened.enter_async_context(open_stack(SimulatorConfig(seed=7))))

    def run(self, coroutine: Coroutine[Any, Any, R]) -> R:
        return self.loop.run_until_complete(coroutine)

    def close(self) -> None:
        self.run(self._opened.aclose())
        self.loop.close()

    async def look(self) -> None:
        """One successful poll that was asked for after everything that has happened."""
        stack = self.stack
        await stack.clock.pass_time(0.5)
        began_s = stack.clock.monotonic()
        stack.poller.refresh_soon()
        await stack.let_pass(lambda: stack.polls and stack.polls[-1].monotonic_s >= began_s, "a fresh poll")

    async def clear(self) -> None:
        """Everybody hangs up; the board follows."""
        stack = self.stack
        stack.simulator.faults.clear()
        for call in list(stack.simulator.pbx.calls):
            stack.simulator.pbx.live_calls.finish(call, "released")
        while stack.board.calls:
            await self.look()
        blocked = getattr(stack.simulator.pbx.directory, "blacklist", None)
        if blocked is not None:
            blocked.clear()
        for kept in (stack.links, stack.polls[:-1], stack.changes, stack.reports):
            kept.clear()
        stack.simulator.journal.clear()


class SessionWatch:
    """What must hold for one call, looked at after each command and each poll. Raises InvariantBroken."""

    def __init__(self, bench: Bench, tally: Tally, call: ModelCall, call_session_id: CallSessionId) -> None:
        self.bench = bench
        self.tally = tally
        self.stack = bench.stack
        self.call = call
        self.call_session_id = call_session_id
        self.asked = 0
        self.sent: dict[int, Sent] = {}
        self.talk_began: object = None
        self.was_coach_seen = False

    def finish(self) -> None:
        """Nothing more happens: everything comes to its end."""
        for _ in range(3):
            self.look()
        self.bench.run(self.stack.clock.pass_time(2.0))
        self.look()
        self.look()
        left = self.stack.control.pending(self.call_session_id)
        if left:
            raise InvariantBroken(f"never resolved: {left}")
        self._check_gone_once()

    def judge(self, name: str, argument: object, fault: str, was_offered: bool, report: CommandReport) -> None:
        """The report of a command against what the model says the PBX did."""
        if not was_offered:
            self._expect(report.phase is CommandPhase.NOT_SENT, name, report)
            self._check_requests()
            return
        self.asked += 1
        is_reached = fault not in ("dropped", "http_500")
        refusal = self._model_does(self.call if is_reached else deepcopy(self.call), name, argument)
        was_done = is_reached and not refusal
        if fault:
            self._expect(report.phase is CommandPhase.UNKNOWN, name, report)
        elif refusal:
            self._expect(report.phase is CommandPhase.REFUSED, name, report)
            self._expect(isinstance(report.error, PultError) and report.error.code == refusal, name, report)
        else:
            self._expect(report.phase is CommandPhase.ACCEPTED, name, report)
        # Refused because it was so already, and the answer lost: seeing it in the list is no lie.
        if not refusal or not fault:
            self.sent[report.sequence] = Sent(report, was_done, self.call.changes)
        self._check_requests()

    @staticmethod
    def _model_does(call: ModelCall, name: str, argument: object) -> str:
        return call.command(name, argument) if call.is_live else "call_session_not_found"

    def look(self) -> None:
        self.bench.run(self.bench.look())
        if not self.call.is_live:
            self.bench.run(self.bench.look())
        self.was_coach_seen = bool(self.call.coach) and (self.was_coach_seen or self.call.state == world.TALK)
        self._check_requests()
        self._check_board()
        self._check_offers()
        self._check_phases()

    def _check_requests(self) -> None:
        """Each command went out exactly once, and nothing that nobody asked for."""
        seen = [entry for entry in self.stack.simulator.journal.entries if entry.operation in _ASKED]
        if len(seen) != self.asked:
            raise InvariantBroken(f"{self.asked} commands asked for, {len(seen)} requests: {seen[-3:]}")

    def _check_board(self) -> None:
        live_call = self.stack.board.call(self.call_session_id)
        if (live_call is not None) != self.call.is_live:
            raise InvariantBroken(f"on the board: {live_call is not None}, alive: {self.call.is_live}")
        if live_call is None:
            return
        self.tally.states[self.call.state] += 1
        if not self._is_ambiguous() and live_call.call_state is not CallState(self.call.state):
            raise InvariantBroken(f"shown as {live_call.call_state.value}, is {self.call.state}")
        shown = (live_call.session.is_recorded, {int(tag.tag_id) for tag in live_call.session.tags})
        if shown != (self.call.is_recorded, self.call.tags):
            raise InvariantBroken(f"recording and tags shown as {shown}")
        if len(live_call.session.live_legs) != len(self.call.roles):
            raise InvariantBroken(f"{len(live_call.session.live_legs)} legs shown of {sorted(self.call.roles)}")
        if self.talk_began is not None and live_call.talk_began != self.talk_began:
            raise InvariantBroken("the beginning of the talk has moved")
        self.talk_began = live_call.talk_began

    def _check_offers(self) -> None:
        """Every command is on or off as the document's table of states has it, when none is under way."""
        if self.stack.control.pending(self.call_session_id) or self._is_ambiguous():
            return
        situation = self.stack.control.situation(self.call_session_id)
        for name in OPERATIONS:
            is_offered = why_not(CallAction(name), situation) is None
            if is_offered != world.is_allowed(name, self.call):
                raise InvariantBroken(f"{name} in {self.call.state}: offered is {is_offered}")

    def _check_phases(self) -> None:
        """What nothing else has disturbed must have come to the right end."""
        for report in self.stack.reports:
            if report.phase.is_pending or report.sequence not in self.sent:
                continue
            sent = self.sent.pop(report.sequence)
            self.tally.phases[report.phase.value] += 1
            if report.phase is CommandPhase.REFUSED or sent.changes_at != self.call.changes:
                continue
            is_seen = sent.report.action not in (CallAction.SEND_DTMF, CallAction.BLOCK_CALLER)
            if is_seen and sent.was_done and report.phase is CommandPhase.NOT_VISIBLE:
                raise InvariantBroken(f"{report.action.value} was done and is shown as not visible")
            if is_seen and not sent.was_done and report.phase is CommandPhase.CONFIRMED:
                raise InvariantBroken(f"{report.action.value} was not done and is shown as confirmed")

    def _check_gone_once(self) -> None:
        ends = [call for change in self.stack.changes for call in change.ended]
        wanted = 0 if self.call.is_live else 1
        if len([call for call in ends if call.call_session_id == self.call_session_id]) != wanted:
            raise InvariantBroken(f"the call ended {len(ends)} times on the board")

    def _is_ambiguous(self) -> bool:
        """The list has no coach flag: one in a call whose holder has left looks like a holder, and one whom nobody saw
        join a talk looks like somebody consulted."""
        if not self.call.coach:
            return False
        return self.call.state == world.LEFT_TO_RINGING or not self.was_coach_seen

    @staticmethod
    def _expect(is_so: bool, name: str, report: CommandReport) -> None:
        if not is_so:
            raise InvariantBroken(f"{name} came to {report.phase.value} ({report.error})")
