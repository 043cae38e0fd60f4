"""kill -9 at any moment of a card's delivery: nothing acknowledged is lost, nothing is written twice.

A console's outbox with its real database, client and worker is killed over and over while it talks to a simulated
portal over real HTTP. Afterwards it may finish its work, and the portal's books are compared with what was
acknowledged.
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
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from app.simulator.bitrix24_api.face import Bitrix24Face
from app.simulator.bitrix24_api.portal import BitrixPortal
from app.simulator.clock import RealClock
from app.simulator.config import SimulatorConfig
from app.simulator.faults import FaultPlan, HoldUntilReleased
from app.simulator.journal import Journal
from app.simulator.server import FaceServer
from tests.soak.soak_cards import KNOWN_NUMBERS, USER_ID, soak_card

NAME = "card_delivery"

KILLS = 1_000
_SECRET = "soakwebhooksecret"
_HELD_WITHIN_S = 1.0
_DRAIN_WITHIN_S = 120.0
_COMMIT_POINTS = (
    "save before",
    "save after",
    *(
        f"{commit} {step} {moment}"
        for commit in ("claim", "receipt")
        for step in ("register", "finish", "note")
        for moment in ("before", "after")
    ),
)


@dataclass
class Outcome:
    """What the run did and what the checker found. `problems` is empty when the promise was kept."""

    kills: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def duplicates(self) -> int:
        return sum("times" in problem for problem in self.problems)


@dataclass
class _Stage:
    """The portal and everything needed to start, hold and kill the console's outbox."""

    portal: BitrixPortal
    journal: Journal
    faults: FaultPlan
    webhook: str
    folder: Path
    forker: asyncio.subprocess.Process
    base_at: datetime
    probes: bool

    async def start(self, cards: list[int], *, dies_at: str = "", drain: bool = False, seed: int = 0) -> int:
        """Fork one console; gives its process id."""
        order = {
            "database": str(self.folder / "pult.db"),
            "acknowledged": str(self.folder / "acknowledged"),
            "webhook": self.webhook,
            "base_at": self.base_at.isoformat(),
            "cards": cards,
            "dies_at": dies_at,
            "drain": drain,
            "probes": self.probes,
            "seed": seed,
        }
        if self.forker.stdin is None:
            raise RuntimeError("the forking process has no input")
        self.forker.stdin.write(json.dumps(order).encode() + b"\n")
        return int((await self._line()).removeprefix("pid "))

    async def ended(self) -> int:
        """Wait for the console's end; gives its exit status, negative for a signal."""
        return int((await self._line()).removeprefix("ended "))

    async def kill(self, pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        await self.ended()

    def acknowledged(self) -> list[int]:
        path = self.folder / "acknowledged"
        return [int(line) for line in path.read_text().split()] if path.exists() else []

    async def _line(self) -> str:
        if self.forker.stdout is None:
            raise RuntimeError("the forking process has no output")
        line = (await self.forker.stdout.readline()).decode().strip()
        if not line:
            raise RuntimeError("the forking process is gone")
        return line


async def run(kills: int = KILLS, *, seed: int = 1, probes: bool = True) -> Outcome:
    """Kill `kills` times, let the rest be delivered, compare. `probes` False is the negative control."""
    outcome = Outcome()
    dice = random.Random(seed)
    began_s = RealClock().monotonic()
    async with _stage(probes) as stage:
        next_card = 1
        while outcome.kills < kills:
            cards = list(range(next_card, next_card + dice.choice((0, 1, 1, 2))))
            next_card += len(cards)
            label = await _kill_once(stage, dice, cards)
            outcome.kills += 1
            outcome.hits[label] += 1
        await stage.start([], drain=True)
        try:
            async with asyncio.timeout(_DRAIN_WITHIN_S):
                exit_status = await stage.ended()
        except TimeoutError:
            outcome.problems.append("the outbox did not finish its work")
        else:
            if exit_status != 0:
                outcome.problems.append(f"the last console ended with {exit_status}")
        outcome.acknowledged = len(stage.acknowledged())
        outcome.problems += _differences(stage, next_card)
    outcome.seconds = RealClock().monotonic() - began_s
    return outcome


def main() -> int:
    """The full figure, and the control that has to go wrong."""
    outcome = asyncio.run(run())
    _report("with probes", outcome)
    control = asyncio.run(run(KILLS // 5, probes=False))
    _report("without probes, which must not hold", control)
    return 0 if not outcome.problems and control.duplicates else 1


async def _kill_once(stage: _Stage, dice: random.Random, cards: list[int]) -> str:
    """Start a console and kill it at a moment chosen by the dice; gives the name of that moment."""
    way = dice.random()
    if way < 0.2 and cards:
        dies_at = dice.choice(_COMMIT_POINTS)
        pid = await stage.start(cards, dies_at=dies_at, seed=dice.getrandbits(32))
        try:
            async with asyncio.timeout(_HELD_WITHIN_S):
                await stage.ended()
        except TimeoutError:
            # This card has no such step, or everything was done without meeting it.
            await stage.kill(pid)
            return "idle"
        return f"commit: {dies_at}"
    if way < 0.3:
        pid = await stage.start(cards, seed=dice.getrandbits(32))
        await asyncio.sleep(dice.uniform(0.0, 0.12))
        await stage.kill(pid)
        return "any moment"
    return await _kill_at_request(stage, dice, cards)


async def _kill_at_request(stage: _Stage, dice: random.Random, cards: list[int]) -> str:
    """Kill while the portal holds the n-th request of this life, before or after its effect."""
    before_effect = dice.random() < 0.5
    rule = stage.faults.add(HoldUntilReleased(before_effect=before_effect), after=dice.randrange(9))
    pid = await stage.start(cards, seed=dice.getrandbits(32))
    try:
        await rule.wait_held(_HELD_WITHIN_S if cards else 0.3)
    except TimeoutError:
        await stage.kill(pid)
        stage.faults.clear()
        return "idle"
    if not before_effect:
        # Its line is in the journal by now.
        label = stage.journal.entries[-1].operation
    await stage.kill(pid)
    known = stage.journal.entries[-1].sequence if stage.journal.entries else 0
    stage.faults.clear()
    if before_effect:
        # The request of a dead console is executed all the same, and before the next one starts.
        held = await stage.journal.wait_for(lambda entry: entry.sequence > known)
        label = held.operation
    del stage.journal.entries[:-1]
    short = ".".join(label.split(".")[-2:])
    return f"request: {short} {'before' if before_effect else 'after'} its effect"


def _differences(stage: _Stage, next_card: int) -> list[str]:
    """Every way in which the portal's books differ from what was acknowledged."""
    portal = stage.portal
    acknowledged = set(stage.acknowledged())
    problems: list[str] = []
    known_keys = set()
    for number in range(1, next_card):
        card = soak_card(number, stage.base_at)
        known_keys.add(card.card_key)
        rows = portal.finished_calls_of(card.card_key)
        comments = portal.comments_of(card.card_key)
        activities = [row for row in portal.activities if row.external_call_id == card.card_key]
        if not rows and number in acknowledged:
            problems.append(f"card {number} is lost")
        for what, found in (("finished", rows), ("commented", comments), ("in activities", activities)):
            if len(found) > 1:
                problems.append(f"card {number} is {what} {len(found)} times")
        if not rows:
            continue
        if bool(card.notes) != bool(comments):
            problems.append(f"card {number} has {len(comments)} notes")
        row = rows[0]
        written = (row.phone_number, row.duration_s, row.failed_code, row.started_at, row.vote, row.cost)
        wanted_cost = float(card.cost) if card.cost is not None else 0.0
        wanted = (
            card.phone_number,
            card.talk_s,
            card.disposition_code,
            card.started_at,
            card.rating,
            wanted_cost,
        )
        if written != wanted:
            problems.append(f"card {number} differs: {written} instead of {wanted}")
        if comments and not comments[0].comment.startswith(card.notes):
            problems.append(f"card {number} has another note")
    strangers = {row.external_call_id for row in portal.statistics} - known_keys
    problems += [f"nobody saved {stranger}" for stranger in strangers]
    leads = Counter(lead.phone_number for lead in portal.leads)
    problems += [f"customer {phone} was made {times} times" for phone, times in leads.items() if times > 1]
    return problems


@contextlib.asynccontextmanager
async def _stage(probes: bool) -> AsyncIterator[_Stage]:
    config = SimulatorConfig(webhook_secret=_SECRET, bitrix_user_id=USER_ID, limit_bitrix_rate=False)
    clock, journal, faults = RealClock(), Journal(), FaultPlan(1)
    portal = BitrixPortal(config, clock)
    for phone_number, entity_id in KNOWN_NUMBERS.items():
        portal.add_contact("CONTACT", entity_id, f"Клиент {entity_id}", phone_number, USER_ID)
    server = FaceServer(Bitrix24Face(portal), clock=clock, journal=journal, faults=faults, catch_up=lambda: None)
    await server.start()
    forker = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.soak.card_delivery_child",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    with tempfile.TemporaryDirectory(prefix="pult-soak-") as folder:
        webhook = f"http://127.0.0.1:{server.port}/rest/{USER_ID}/{_SECRET}/"
        stage = _Stage(portal, journal, faults, webhook, Path(folder), forker, datetime.now(UTC), probes)
        try:
            yield stage
        finally:
            faults.clear()
            if forker.stdin is not None:
                forker.stdin.close()
            if forker.returncode is None:
                forker.kill()
            await forker.wait()
            await server.aclose()


def _report(title: str, outcome: Outcome) -> None:
    lost = sum("lost" in problem for problem in outcome.problems)
    others = len(outcome.problems) - lost - outcome.duplicates
    lines = [
        f"{title}: {outcome.kills} kills in {outcome.seconds:.0f} s, {outcome.acknowledged} cards acknowledged:",
        f"  {lost} lost, {outcome.duplicates} written twice, {others} other problems; killed at",
        *(f"  {times:5} {label}" for label, times in sorted(outcome.hits.items())),
        *(f"  ! {problem}" for problem in outcome.problems[:20]),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
