"""A stateful model of a call session against the console: commands, other people's acts, polls, faults, in any order.

`run` plays so many steps on the real simulator over real HTTP, in virtual time; every invariant is looked at after each
poll. `main` plays 100 000, then looks for the bugs planted in copies of the program.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from app.domain.actions import CallAction, why_not
from app.domain.calls import CallSessionId, CallState, LegId, TagId
from app.errors import PultError
from app.services.call_control import CommandPhase, CommandReport
from app.simulator.config import SimulatorConfig
from app.simulator.faults import DropBefore, HttpError, LoseReply
from tests.app.telephony.stack import CONTACT as CALLER
from tests.app.telephony.stack import ME, PbxStack, open_stack
from tests.soak import session_world as world
from tests.soak.planted_bugs import PLANTED_BUGS, is_found
from tests.soak.session_world import ModelCall

NAME = "session_model"
STEPS = 100_000
STEPS_PER_EXAMPLE = 50
STEPS_TO_FIND_A_BUG = 6_000
_FAULTS = {"": None, "lost": LoseReply(), "dropped": DropBefore(), "http_500": HttpError()}
_OPERATIONS = {
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
_MOVING = frozenset({"hold", "retrieve", "begin_consult", "complete_transfer", "transfer_blind", "cancel_consult"})
_ENDING = frozenset({"end_call", "drop_leg"})
_ASKED = frozenset({*_OPERATIONS.values(), "call.talk_option", "start.employee_call"})

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


class SessionModel(RuleBasedStateMachine):
    """One call from the first ring to its end. `bench` and `tally` are set by `run`."""

    bench: Bench
    tally: Tally

    def __init__(self) -> None:
        super().__init__()
        self.call = ModelCall()
        self.call_session_id = CallSessionId(0)
        self.asked = 0
        self.sent: dict[int, Sent] = {}
        self.talk_began: object = None
        self.was_coach_seen = False

    @property
    def stack(self) -> PbxStack:
        return self.bench.stack

    @initialize()
    def customer_calls(self) -> None:
        self.bench.run(self.bench.clear())
        self.call_session_id = CallSessionId(self.stack.simulator.pbx.ring_in(CALLER, employees=[ME]))
        self.tally.examples += 1
        self._look()

    @rule(which=st.integers(0, 99), pick=st.integers(0, 11), fault=st.sampled_from(sorted(_FAULTS)))
    def step(self, which: int, pick: int, fault: str) -> None:
        """One thing happens: mostly a command that the state asks for or a poll, sometimes anything at all."""
        if which < 40:
            wanted = _MOVING if which % 3 else _OPERATIONS.keys() - _ENDING
            offered = sorted(name for name in wanted if world.is_allowed(name, self.call))
            if offered and self.call.state != world.RINGING:
                self.command(offered[pick % len(offered)], fault if which < 12 else "", which + pick)
            else:
                self._somebody_acts(which)
        elif which < 50:
            names = sorted(_OPERATIONS)
            self.command(names[(which + 10 * pick) % len(names)], fault, which // 3 + pick)
        elif which < 70:
            self._look()
            self._count("poll")
        elif which < 75:
            self.poll_fails()
        elif which < 95:
            self._somebody_acts(which)
        else:
            self._somebody_hangs_up((world.CONTACT, world.HOLDER, world.COACH, world.CONSULTED)[pick % 4])

    def _somebody_acts(self, which: int) -> None:
        """Whoever's phone rings picks it up."""
        pbx, call = self.stack.simulator.pbx, self.call
        if call.state == world.RINGING:
            pbx.answer(self.call_session_id, ME)
            self._changed(world.TALK)
        elif call.state in (world.DIALLING, world.LEFT_TO_RINGING):
            pbx.colleague_answers(self.call_session_id)
            self._changed(world.CONSULT if call.state == world.DIALLING else world.TALK)
        elif call.is_live and call.coach == "rings" and which % 2:
            pbx.coach_answers(self.call_session_id)
            call.coach = "listens"
            self._changed(call.state)
        else:
            return
        self._count("answered")

    def _somebody_hangs_up(self, role: str) -> None:
        if role not in self.call.roles:
            return
        self._count(f"{role} goes")
        pbx = self.stack.simulator.pbx
        if role == world.CONSULTED and self.call.state != world.CONSULT:
            pbx.colleague_declines(self.call_session_id)
        else:
            pbx.hang_up(self.call_session_id, role)
        self.call.leave(role, "hung up")

    def command(self, name: str, fault: str, pick: int) -> None:
        """A command, as the console lets it through at this moment; with the reply lost or the request dropped."""
        if name == "add_coach" and self.call.coach:
            return
        self._count(f"command {name}")
        # A second end within a second is not sent, and what earlier commands have asked for should be over.
        self.bench.run(self.stack.clock.pass_time(1.1))
        argument, send = self._request(name, pick)
        if send is None:
            return
        planned = _FAULTS[fault]
        if planned is not None:
            self.stack.simulator.faults.add(planned, face="pbx", operation=_OPERATIONS[name], times=1)
        was_offered, report = self.bench.run(self._send(name, send))
        self.stack.simulator.faults.clear()
        self._judge(name, argument, fault, was_offered, report)

    def poll_fails(self) -> None:
        """Nothing on the board may change."""
        self._count("poll fails")
        before = {key: call.session for key, call in self.stack.board.calls.items()}
        self.stack.simulator.faults.add(HttpError(), face="pbx", operation="list.calls", times=1)
        self.bench.run(self._fail_once())
        if {key: call.session for key, call in self.stack.board.calls.items()} != before:
            raise InvariantBroken("a failed poll changed the board")

    async def _fail_once(self) -> None:
        failed_before = self.stack.failed_polls
        self.stack.poller.refresh_soon()
        await self.stack.let_pass(lambda: self.stack.failed_polls > failed_before, "a failed poll")

    async def _send(self, name: str, send: Callable[[], Awaitable[CommandReport]]) -> tuple[bool, CommandReport]:
        """Is it offered on the board as it is now? Then what becomes of it; no poll comes between the two."""
        is_offered = why_not(CallAction(name), self.stack.control.situation(self.call_session_id)) is None
        return is_offered, await send()

    def teardown(self) -> None:
        if not self.call_session_id:
            return
        for _ in range(3):
            self._look()
        self.bench.run(self.stack.clock.pass_time(2.0))
        self._look()
        self._look()
        left = self.stack.control.pending(self.call_session_id)
        if left:
            raise InvariantBroken(f"never resolved: {left}")
        self._check_gone_once()

    # What is looked at.

    def _judge(self, name: str, argument: object, fault: str, was_offered: bool, report: CommandReport) -> None:
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

    def _look(self) -> None:
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
        for name in _OPERATIONS:
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

    def _request(self, name: str, pick: int) -> tuple[object, Callable[[], Awaitable[CommandReport]] | None]:
        control, call_id = self.stack.control, self.call_session_id
        if name == "tag":
            tag_id = (*world.TAGS, world.UNKNOWN_TAG)[pick % 5]
            return tag_id, lambda: control.tag(call_id, TagId(tag_id))
        if name == "send_dtmf":
            symbol = "0123456789*#"[pick % 12]
            return symbol, lambda: control.send_dtmf(call_id, symbol)
        if name == "begin_consult":
            return None, lambda: control.begin_consult(call_id, "102")
        if name == "drop_leg":
            legs = self._known_legs()
            if not legs:
                return None, None
            leg_id, role = legs[pick % len(legs)]
            return role, lambda: control.drop_leg(call_id, leg_id)
        return None, lambda: getattr(control, name)(call_id)

    def _known_legs(self) -> list[tuple[LegId, str]]:
        """What the board lists, with the part each leg plays at the PBX, if it is still there."""
        live_call = self.stack.board.call(self.call_session_id)
        played = {}
        if self.call.is_live:
            played = {leg.leg_id: leg.role.value for leg in self.stack.simulator.pbx.call(self.call_session_id).legs}
        return [] if live_call is None else [(leg.leg_id, played.get(leg.leg_id, "")) for leg in live_call.session.legs]

    def _changed(self, state: str) -> None:
        self.call.become(state)

    def _count(self, name: str) -> None:
        self.tally.steps += 1
        self.tally.rules[name] += 1

    @staticmethod
    def _expect(is_so: bool, name: str, report: CommandReport) -> None:
        if not is_so:
            raise InvariantBroken(f"{name} came to {report.phase.value} ({report.error})")


def run(steps: int, seed: int = 1) -> Tally:
    """Play at least so many steps. Raises InvariantBroken at the first break, with its story in a note."""
    tally, bench = Tally(), Bench()
    try:
        batch = 0
        while tally.steps < steps:
            machine = seeded(seed * 1000 + batch)(
                type("SessionModel", (SessionModel,), {"bench": bench, "tally": tally})
            )
            examples = max(1, min(100, (steps - tally.steps) // STEPS_PER_EXAMPLE + 1))
            run_state_machine_as_test(machine, settings=_settings(examples))
            batch += 1
    finally:
        bench.close()
    return tally


def _settings(examples: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=STEPS_PER_EXAMPLE,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )


def play(steps: int, seed: int) -> int:
    """Play and say what came of it; 1 when an invariant broke."""
    logging.disable(logging.CRITICAL)
    try:
        tally = run(steps, seed)
    except AssertionError as error:
        story = "\n".join(getattr(error, "__notes__", []))
        sys.stdout.write(f"broken: {type(error).__name__}: {error}\n{story}\n")
        return 1
    sys.stdout.write("\n".join([*tally.lines(), "0 invariant breaks"]) + "\n")
    return 0


def main() -> int:
    """100 000 steps without a break, and every planted bug found."""
    exit_status = play(STEPS, seed=2026)
    for bug in PLANTED_BUGS:
        found = is_found(bug, STEPS_TO_FIND_A_BUG)
        sys.stdout.write(f"planted {bug.path.stem}: {'found' if found else 'NOT FOUND'}\n")
        exit_status = exit_status or int(not found)
    return exit_status


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Play the model.")
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    sys.exit(play(arguments.steps, arguments.seed))
