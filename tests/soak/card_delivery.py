"""kill -9 at any moment of a card's delivery: nothing acknowledged is lost, nothing is written twice.

A console's outbox with its real database, clients and worker is killed over and over while it talks to simulated CRMs
over real HTTP. Afterwards it may finish its work, and the CRMs' books are compared with what was acknowledged. Small
batches, each on a fresh database, go side by side on all processors.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from multiprocessing import get_context
from pathlib import Path

from app.crm.port import CardToWrite
from app.simulator.clock import RealClock
from app.simulator.faults import HoldUntilReleased
from tests.soak.chain_table import CRMS, OTHERS, STEPS, Crms, open_crms
from tests.soak.soak_cards import soak_card
from tests.soak.soak_writers import plan

NAME = "card_delivery"

KILLS = 10_000
EACH_AT_LEAST = 100
_BATCH = 250
_CONTROL_KILLS = 500
_ENDS_WITHIN_S = 30.0
_DRAIN_WITHIN_S = 120.0
_MOMENTS = ("before", "after")
COMMITS = (
    *(f"save {moment}" for moment in _MOMENTS),
    *(
        f"{commit} {step.crm_name} {step.name} {moment}"
        for commit in ("claim", "receipt")
        for step in STEPS
        for moment in _MOMENTS
    ),
)
EFFECTS = tuple(f"effect {step.crm_name} {step.operation} {moment}" for step in STEPS for moment in _MOMENTS)
_ANY_MOMENT = "any moment"
_OTHERS = tuple(f"other {crm_name} {operation} {moment}" for crm_name, operation in OTHERS for moment in _MOMENTS)
DECK = (*COMMITS, *EFFECTS, *_OTHERS, *[_ANY_MOMENT] * 6)
_TWO_AT_ONCE = 0.15
# A place that was not met is tried again that often, so that all are met about equally.
_AGAIN = 0.8


@dataclass
class Outcome:
    """What the run did and what the checker found. `problems` is empty when the promise was kept."""

    kills: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    problems: list[str] = field(default_factory=list)

    def duplicates(self, crm_name: str) -> int:
        """Cards that one CRM has more than once."""
        return sum("times" in problem and crm_name in problem for problem in self.problems)

    def seldom_hit(self, at_least: int) -> list[str]:
        """Places that the kills did not meet that often."""
        return [place for place in (*COMMITS, *EFFECTS) if self.hits[place] < at_least]

    def add(self, other: Outcome) -> None:
        self.kills += other.kills
        self.hits += other.hits
        self.acknowledged += other.acknowledged
        self.problems += other.problems


@dataclass
class _Stage:
    """The CRMs and everything needed to start, hold and kill the console's outbox."""

    crms: Crms
    folder: Path
    forker: asyncio.subprocess.Process
    base_at: datetime
    probes: bool

    async def start(self, cards: list[int], *, dies_at: str = "", seed: int = 0) -> int:
        """Fork one console; gives its process id."""
        order = {
            "database": str(self.folder / "pult.db"),
            "acknowledged": str(self.folder / "acknowledged"),
            "recording": str(self.folder / "recording.mp3"),
            "addresses": self.crms.addresses,
            "base_at": self.base_at.isoformat(),
            "cards": cards,
            "dies_at": dies_at,
            "probes": self.probes,
            "seed": seed,
        }
        if self.forker.stdin is None:
            raise RuntimeError("the forking process has no input")
        self.forker.stdin.write(json.dumps(order).encode() + b"\n")
        return int((await self._line()).removeprefix("pid "))

    async def ended(self) -> int:
        """Wait for the console's end; gives its exit status, negative for a signal."""
        exit_status = int((await self._line()).removeprefix("ended "))
        await self.crms.until_quiet()
        return exit_status

    def kill(self, pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def acknowledged(self) -> set[int]:
        path = self.folder / "acknowledged"
        return {int(line) for line in path.read_text().split()} if path.exists() else set()

    async def _line(self) -> str:
        if self.forker.stdout is None:
            raise RuntimeError("the forking process has no output")
        line = (await self.forker.stdout.readline()).decode().strip()
        if not line:
            raise RuntimeError("the forking process is gone")
        return line


async def run(kills: int, *, seed: int = 1, probes: bool = True) -> Outcome:
    """One batch: kill `kills` times, let the rest be delivered, compare. `probes` False is the negative control."""
    outcome = Outcome()
    dice = random.Random(seed)
    async with _stage(probes) as stage:
        deck: list[str] = []
        used: list[int] = []
        numbers = count(1)
        while outcome.kills < kills:
            deck = deck or dice.sample(DECK, len(DECK))
            place = deck.pop()
            # The first has the step that is aimed at; of those before it nobody ever hears.
            cards = [next(number for number in numbers if _leads_to(place, soak_card(number, stage.base_at)))]
            cards += [next(numbers)] if dice.random() < _TWO_AT_ONCE else []
            used += cards
            if await _kill_at(stage, dice, place, cards):
                outcome.kills += 1
                outcome.hits[place] += 1
            elif place not in _OTHERS and dice.random() < _AGAIN:
                # The console had done everything before it came to that.
                deck.append(place)
        await stage.start([])
        try:
            async with asyncio.timeout(_DRAIN_WITHIN_S):
                exit_status = await stage.ended()
        except TimeoutError:
            outcome.problems.append("the outbox did not finish its work")
        else:
            if exit_status != 0:
                outcome.problems.append(f"the last console ended with {exit_status}")
        acknowledged = stage.acknowledged()
        outcome.acknowledged = len(acknowledged)
        outcome.problems += stage.crms.differences(
            (soak_card(number, stage.base_at), number in acknowledged) for number in used
        )
    return outcome


def run_batch(order: tuple[int, int, bool]) -> Outcome:
    """One batch in a process of its own: how many kills, by which seed, with probes or without."""
    kills, seed, probes = order
    return asyncio.run(run(kills, seed=seed, probes=probes))


def run_side_by_side(kills: int, *, probes: bool = True) -> Outcome:
    """As many batches as the kills need, on all processors."""
    outcome = Outcome()
    batches = [(min(_BATCH, kills - done), 1 + done, probes) for done in range(0, kills, _BATCH)]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for part in pool.map(run_batch, batches):
            outcome.add(part)
    return outcome


def main() -> int:
    """The full figure, and the control that has to go wrong."""
    began_s = time.monotonic()
    outcome = run_side_by_side(KILLS)
    seldom = outcome.seldom_hit(EACH_AT_LEAST)
    _report("with probes", outcome, time.monotonic() - began_s)
    sys.stdout.writelines(f"  ! hit less than {EACH_AT_LEAST} times: {place}\n" for place in seldom)
    began_s = time.monotonic()
    control = run_side_by_side(_CONTROL_KILLS, probes=False)
    _report("without probes, which must not hold", control, time.monotonic() - began_s)
    return 0 if not outcome.problems and not seldom and all(map(control.duplicates, CRMS)) else 1


def _leads_to(place: str, card: CardToWrite) -> bool:
    """Whether this card takes the step the place belongs to; of other places nobody can say."""
    wanted = [step for step in STEPS if f" {step.crm_name} {step.name} " in place or step.operation in place]
    has = {(planned.crm_name, planned.name) for planned in plan(card)}
    return not wanted or any((step.crm_name, step.name) in has for step in wanted)


async def _kill_at(stage: _Stage, dice: random.Random, place: str, cards: list[int]) -> bool:
    """Start a console and kill it there; False when it had done everything before."""
    seed = dice.getrandbits(32)
    if place in COMMITS:
        await stage.start(cards, dies_at=place, seed=seed)
        return await _ended_by_kill(stage)
    if place == _ANY_MOMENT:
        pid = await stage.start(cards, seed=seed)
        await asyncio.sleep(dice.uniform(0.0, 0.06))
        stage.kill(pid)
        return await _ended_by_kill(stage)
    _, crm_name, *operation, moment = place.split()
    return await _kill_at_request(stage, seed, crm_name, " ".join(operation), moment == "before", cards)


async def _kill_at_request(
    stage: _Stage, seed: int, crm_name: str, operation: str, before_effect: bool, cards: list[int]
) -> bool:
    """Kill while a CRM holds a request, before or after its effect; what is held is executed all the same, and before
    the next console starts."""
    faults = stage.crms.faults
    rule = faults.add(
        HoldUntilReleased(before_effect=before_effect), face=crm_name, operation=operation, after=seed % 2
    )
    pid = await stage.start(cards, seed=seed)
    held = asyncio.ensure_future(rule.wait_held(_ENDS_WITHIN_S))
    ended = asyncio.ensure_future(_ended_by_kill(stage))
    await asyncio.wait({held, ended}, return_when=asyncio.FIRST_COMPLETED)
    is_held = held.done() and not held.exception()
    if is_held:
        stage.kill(pid)
    held.cancel()
    faults.clear()
    await ended
    stage.crms.journal.clear()
    return is_held


async def _ended_by_kill(stage: _Stage) -> bool:
    """Wait for the console's end. Raises RuntimeError when it ended in another way than by a kill or by having done
    everything."""
    async with asyncio.timeout(_ENDS_WITHIN_S):
        exit_status = await stage.ended()
    if exit_status not in (0, -signal.SIGKILL):
        raise RuntimeError(f"a console ended with {exit_status}")
    return exit_status != 0


@contextlib.asynccontextmanager
async def _stage(probes: bool) -> AsyncIterator[_Stage]:
    memory = Path("/dev/shm")
    async with contextlib.AsyncExitStack() as stack:
        crms = await stack.enter_async_context(open_crms(RealClock()))
        place = memory if memory.is_dir() else None
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pult-soak-", dir=place)))
        (folder / "recording.mp3").write_bytes(b"ID3" + bytes(1021))
        forker = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.soak.card_delivery_child",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        try:
            yield _Stage(crms, folder, forker, datetime.now(UTC), probes)
        finally:
            crms.faults.clear()
            if forker.stdin is not None:
                forker.stdin.close()
            if forker.returncode is None:
                forker.kill()
            await forker.wait()


def _report(title: str, outcome: Outcome, seconds: float) -> None:
    lost = sum("lost" in problem for problem in outcome.problems)
    twice = {crm_name: outcome.duplicates(crm_name) for crm_name in CRMS}
    others = len(outcome.problems) - lost - sum(twice.values())
    lines = [
        f"{title}: {outcome.kills} kills in {seconds:.0f} s, {outcome.acknowledged} cards acknowledged:",
        f"  {lost} lost, written twice {twice}, {others} other problems; killed at",
        *(f"  {times:5} {place}" for place, times in sorted(outcome.hits.items())),
        *(f"  ! {problem}" for problem in outcome.problems[:20]),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
