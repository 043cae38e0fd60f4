"""A day of 24 hours on 150 points a minute and 750 a day: nobody runs out, commands always go, polls are where the
calls are.

One console, or twenty on one account, live through a shift with calls, commands, *Refresh now* and a burst of commands
shortly before midnight. Everything but the clock is real: the poll loop, the client, HTTP, the simulated PBX.
"""

from __future__ import annotations

import asyncio
import dataclasses
import sys
import time
from collections.abc import Sequence

from app.simulator.config import SimulatorConfig
from tests.soak.points_console import LATE_COMMANDS, DayOutcome, Guard, live_a_day

NAME = "points_day"

COMMANDS = 150
_MANY = 20
_SLOW_BASE_S = 15.0
_LIMITS = SimulatorConfig(minute_limit=150, day_limit=750)
_BUSIER_AT_LEAST = 2.0


async def run(consoles: int = 1, *, weight: int = 1, seed: int = 1, guard: Guard = Guard.WHOLE) -> DayOutcome:
    """One day. A guard other than WHOLE is a negative control."""
    config = dataclasses.replace(_LIMITS, seed=seed, weights={"list.calls": weight})
    # A day of twenty consoles that poll every two seconds is close to a million requests.
    base_s = _SLOW_BASE_S if weight == 0 and consoles > 1 else 2.0
    return await live_a_day(config, consoles, commands=COMMANDS, base_s=base_s, seed=seed, guard=guard)


def problems_of(outcome: DayOutcome, *, weight: int) -> list[str]:
    """What broke a promise."""
    found = []
    if outcome.limit_exceeded:
        found.append(f"limit_exceeded {outcome.limit_exceeded} times")
    if outcome.commands_refused:
        found.append(f"{outcome.commands_refused} commands refused for points")
    # Where many share so little, a call may end before its own console has shown it: then no key is on.
    if outcome.commands_sent < COMMANDS and outcome.consoles == 1:
        found.append(f"only {outcome.commands_sent} of {COMMANDS} commands sent")
    if weight == 0 and outcome.reduced_at_noon:
        found.append("free polls were reduced")
    if weight > 0 and len(outcome.reduced_at_noon) < outcome.consoles:
        found.append(f"only {len(outcome.reduced_at_noon)} of {outcome.consoles} consoles say that they are reduced")
    is_alone = outcome.consoles == 1
    if (
        weight > 0
        and is_alone
        and outcome.polls_per_hour(busy=True) < _BUSIER_AT_LEAST * outcome.polls_per_hour(busy=False)
    ):
        found.append("polls are not where the calls are")
    return found


def main() -> int:
    """The full figures, and the controls that have to go wrong."""
    found: list[str] = []
    for consoles, weight in ((1, 1), (1, 0), (_MANY, 1), (_MANY, 0)):
        began_s = time.monotonic()
        outcome = asyncio.run(run(consoles, weight=weight))
        problems = problems_of(outcome, weight=weight)
        title = f"{consoles} console{'s' if consoles > 1 else ''}, list.calls weighs {weight}"
        _report(title, outcome, problems, time.monotonic() - began_s)
        found += problems
    for guard in (Guard.NO_RESERVE, Guard.NONE):
        control = asyncio.run(run(guard=guard))
        _report(f"control: {guard.value}, which must run dry", control, (), 0.0)
        if not control.limit_exceeded:
            found.append(f"the control {guard.value} went well")
    return 1 if found else 0


def _report(title: str, outcome: DayOutcome, problems: Sequence[str], seconds: float) -> None:
    reasons = ", ".join(f"{reason}: {outcome.reduced_at_noon.count(reason)}" for reason in ("minute", "day"))
    fewest, most = min(outcome.polls_by_console), max(outcome.polls_by_console)
    sent = f"commands sent {outcome.commands_sent}, of them {LATE_COMMANDS} after 23:15"
    in_calls, idle = outcome.polls_per_hour(busy=True), outcome.polls_per_hour(busy=False)
    lines = [
        f"{title}: 24 h in {seconds:.0f} s",
        f"  limit_exceeded {outcome.limit_exceeded}; {sent}; refused for points {outcome.commands_refused}",
        f"  polls {sum(outcome.polls_by_console)} ({fewest} to {most} a console); points left {outcome.points_left}",
        f"  polls in an hour of one console's calls {in_calls:.1f}, in an hour of its shift without one {idle:.1f}",
        *(f"  age of the data {_ages(outcome, busy=busy)}" for busy in (True, False)),
        f"  Refresh now {outcome.looks_asked}, refused {outcome.looks_refused}",
        f"  say at noon that they are reduced: {len(outcome.reduced_at_noon)} of {outcome.consoles} ({reasons})",
        *(f"  ! {problem}" for problem in problems),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _ages(outcome: DayOutcome, *, busy: bool) -> str:
    where = "during my calls" if busy else "in the shift without a call"
    median, high = outcome.age_s(busy=busy, share=0.5), outcome.age_s(busy=busy, share=0.95)
    return f"{where}: median {median:.1f} s, 95 % {high:.1f} s"
