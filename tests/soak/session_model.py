"""A stateful model of a call session against the console: commands, other people's acts, polls, faults, in any order.

`run` plays so many steps on the real simulator over real HTTP, in virtual time; every invariant is looked at after each
poll. `main` plays 100 000, then looks for the bugs planted in copies of the program.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Awaitable, Callable

from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from app.domain.actions import CallAction, why_not
from app.domain.calls import CallSessionId, LegId, TagId
from app.services.call_control import CommandReport
from app.simulator.faults import DropBefore, HttpError, LoseReply
from tests.app.telephony.stack import CONTACT as CALLER
from tests.app.telephony.stack import ME, PbxStack
from tests.soak import session_world as world
from tests.soak.planted_bugs import PLANTED_BUGS, is_found
from tests.soak.session_watch import OPERATIONS, Bench, InvariantBroken, SessionWatch, Tally
from tests.soak.session_world import ModelCall

NAME = "session_model"
STEPS = 100_000
STEPS_PER_EXAMPLE = 50
STEPS_TO_FIND_A_BUG = 6_000
_FAULTS = {"": None, "lost": LoseReply(), "dropped": DropBefore(), "http_500": HttpError()}
_MOVING = frozenset({"hold", "retrieve", "begin_consult", "complete_transfer", "transfer_blind", "cancel_consult"})
_ENDING = frozenset({"end_call", "drop_leg"})


class SessionModel(RuleBasedStateMachine):
    """One call from the first ring to its end. `bench` and `tally` are set by `run`."""

    bench: Bench
    tally: Tally

    def __init__(self) -> None:
        super().__init__()
        self.call = ModelCall()
        self.call_session_id = CallSessionId(0)
        self.watch: SessionWatch | None = None

    @property
    def stack(self) -> PbxStack:
        return self.bench.stack

    @property
    def _watching(self) -> SessionWatch:
        assert self.watch is not None
        return self.watch

    @initialize()
    def customer_calls(self) -> None:
        self.bench.run(self.bench.clear())
        self.call_session_id = CallSessionId(self.stack.simulator.pbx.ring_in(CALLER, employees=[ME]))
        self.tally.examples += 1
        self.watch = SessionWatch(self.bench, self.tally, self.call, self.call_session_id)
        self.watch.look()

    @rule(which=st.integers(0, 99), pick=st.integers(0, 11), fault=st.sampled_from(sorted(_FAULTS)))
    def step(self, which: int, pick: int, fault: str) -> None:
        """One thing happens: mostly a command that the state asks for or a poll, sometimes anything at all."""
        if which < 40:
            wanted = _MOVING if which % 3 else OPERATIONS.keys() - _ENDING
            offered = sorted(name for name in wanted if world.is_allowed(name, self.call))
            if offered and self.call.state != world.RINGING:
                self.command(offered[pick % len(offered)], fault if which < 12 else "", which + pick)
            else:
                self._somebody_acts(which)
        elif which < 50:
            names = sorted(OPERATIONS)
            self.command(names[(which + 10 * pick) % len(names)], fault, which // 3 + pick)
        elif which < 70:
            self._watching.look()
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
            self.stack.simulator.faults.add(planned, face="pbx", operation=OPERATIONS[name], times=1)
        was_offered, report = self.bench.run(self._send(name, send))
        self.stack.simulator.faults.clear()
        self._watching.judge(name, argument, fault, was_offered, report)

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
        if self.watch is not None:
            self.watch.finish()

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
