"""Every step of a card x every fault x both CRMs, enumerated, in virtual time: each ends as it should.

A cell is one card, one request of its chain, one fault there. The card ends exactly once and complete in both CRMs; by
itself, or after it was parked or its CRM paused for the reason the table names and a person has tried again.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from unittest import mock

from app.bitrix24 import recordings, rest
from app.crm.port import CardWriter
from app.outbox.entry import OutboxCard
from app.simulator.faults import LoseReply
from tests.soak.chain_table import Crms, open_crms
from tests.soak.crashing_store import CrashingStore
from tests.soak.fault_cells import CRASHES, FAULTS, PLACES, Cell, CutOff, card_of, expected_of
from tests.soak.soak_writers import NeverProbing, Rates
from tests.soak.virtual_outbox import VirtualClock, VirtualOutbox, Wrap, open_virtual_outbox

NAME = "fault_table"

_PATIENCE_S = 2_400.0
_SLOW_DEADLINE_S = 0.4
_DEADLINE_S = 20.0
_SIGNS = {"done": ".", "paused": "p", "parked": "k"}


@dataclass(frozen=True, slots=True)
class CellEnd:
    """How a cell came out: `way` as the table's, and what is wrong with it."""

    cell: Cell
    way: str
    problems: tuple[str, ...] = ()


@dataclass
class Outcome:
    """All cells, in the table's order."""

    ends: list[CellEnd] = field(default_factory=list)

    @property
    def red(self) -> list[CellEnd]:
        return [end for end in self.ends if end.problems]


def cells(*, only: str = "") -> list[Cell]:
    """The table; `only` those whose name has this in it."""
    found = [Cell(place, fault) for place in PLACES for fault in (*FAULTS, *CRASHES)]
    return [cell for cell in found if cell.makes_sense and only in cell.name]


def run(
    wanted: Sequence[Cell] | None = None, *, wrap: Wrap | None = None, store: type[CrashingStore] = CrashingStore
) -> Outcome:
    """Each cell on CRMs and a file of its own. `wrap` and `store` drop a guard: the controls."""
    outcome = Outcome()
    memory = Path("/dev/shm")
    with (
        tempfile.TemporaryDirectory(prefix="pult-faults-", dir=memory if memory.is_dir() else None) as name,
        mock.patch.object(recordings, "INLINE_BYTES", 100),
        mock.patch.object(rest, "upload_deadline_s", return_value=_SLOW_DEADLINE_S * 5),
    ):
        for number, cell in enumerate(cells() if wanted is None else wanted):
            folder = Path(name, str(number))
            folder.mkdir()
            outcome.ends.append(asyncio.run(_run_cell(cell, folder, wrap, store)))
    return outcome


def main() -> int:
    """The whole table, and the controls that have to go red."""
    began_s = time.monotonic()
    outcome = run()
    _report("the table", outcome, time.monotonic() - began_s)
    controls = {
        "without probes": run(cells(only="reply lost"), wrap=NeverProbing),
        "without claims on the disk": run(cells(only="crash before receipt"), store=ForgetfulStore),
    }
    for title, control in controls.items():
        sys.stdout.write(f"control {title}: {len(control.red)} of {len(control.ends)} cells red\n")
    return 0 if not outcome.red and all(control.red for control in controls.values()) else 1


class ForgetfulStore(CrashingStore):
    """A control: that a step is being sent is known to the process only, not to the disk."""

    async def recover(self, now: datetime) -> int:
        await self._database.run(
            lambda raw: raw.execute("UPDATE steps SET step_state = 'pending' WHERE step_state = 'in_flight'") and None
        )
        return await super().recover(now)


async def _run_cell(cell: Cell, folder: Path, wrap: Wrap | None, store: type[CrashingStore]) -> CellEnd:
    clock = VirtualClock()
    rates = Rates(deadline_s=_SLOW_DEADLINE_S if cell.is_slow else _DEADLINE_S)
    cut_off = CutOff(cell)
    wraps = [each for each in (wrap, cut_off.wrap) if each is not None]

    def wrapped(writer: CardWriter) -> CardWriter:
        for each in wraps:
            writer = each(writer)
        return writer

    async with (
        open_crms(clock) as crms,
        open_virtual_outbox(
            crms,
            clock,
            folder,
            rates=rates,
            wrap=wrapped,
            make_store=lambda database: store(database, cell.crash),
        ) as outbox,
    ):
        cut_off.use(crms)
        _plant(cell, crms)
        return await _live(cell, crms, outbox)


def _plant(cell: Cell, crms: Crms) -> None:
    place = cell.place
    if place.after_lost:
        crms.faults.add(LoseReply(), face=place.crm_name, operation=place.after_lost)
    if cell.fault is not None:
        crms.faults.add(cell.fault, face=place.crm_name, operation=place.operation)


async def _live(cell: Cell, crms: Crms, outbox: VirtualOutbox) -> CellEnd:
    card = card_of(cell.place, outbox.clock.now())
    await outbox.save(card)
    await _pass(outbox)
    way, reason = "done", ""
    if outbox.worker.counts.unfinished:
        way, reason = _why(await outbox.entry(card.card_key), outbox)
        await outbox.store.unpark(card.card_key, outbox.clock.now())
        outbox.worker.resume(card.card_key)
        await _pass(outbox)
    problems = list(crms.differences(iter([(card, True)])))
    problems += [f"{outbox.worker.counts.unfinished} cards are not through"] if outbox.worker.counts.unfinished else []
    wanted = expected_of(cell)
    if (way, reason) != wanted:
        problems.append(f"it was {way} {reason} instead of {' '.join(wanted)}")
    if cell.fault is not None and not crms.faults.rules[-1].hits:
        problems.append("the fault was never met")
    return CellEnd(cell, way, tuple(problems))


async def _pass(outbox: VirtualOutbox) -> None:
    """Until all is sent or nothing moves any more; after a crash the program starts again."""
    while not await outbox.pass_until(lambda: _is_over(outbox), _PATIENCE_S) or _crashed(outbox):
        if not _crashed(outbox):
            return
        await outbox.restart()


def _is_over(outbox: VirtualOutbox) -> bool:
    return outbox.worker.counts.unfinished == 0 or _crashed(outbox)


def _crashed(outbox: VirtualOutbox) -> bool:
    return isinstance(outbox.store, CrashingStore) and outbox.store.has_crashed


def _why(entry: OutboxCard, outbox: VirtualOutbox) -> tuple[str, str]:
    """How it stands still, and why."""
    for error in outbox.worker.pauses.values():
        return "paused", error.code
    for step in entry.steps:
        if step.step_state.value == "parked":
            return "parked", step.reason or ""
    states = ", ".join(f"{step.crm_name} {step.name} {step.step_state.value} {step.reason}" for step in entry.steps)
    return "stuck", states


def _report(title: str, outcome: Outcome, seconds: float) -> None:
    """One line per fault, one sign per place."""
    lines = [f"{title}: {len(outcome.ends)} cells in {seconds:.0f} s, {len(outcome.red)} red"]
    lines += [f"  {number:2} {place.name}" for number, place in enumerate(PLACES, 1)]
    lines.append(f"  {'':34}" + " ".join(f"{number:2}" for number in range(1, len(PLACES) + 1)))
    by_cell = {(end.cell.place.name, end.cell.fault_name): end for end in outcome.ends}
    for fault in (*FAULTS, *CRASHES):
        ends = [by_cell.get((place.name, fault)) for place in PLACES]
        signs = [" " if end is None else "X" if end.problems else _SIGNS[end.way] for end in ends]
        lines.append(f"  {fault:34}" + " ".join(f"{sign:>2}" for sign in signs))
    lines.append("  . done by itself   p paused, then done   k parked, then done   X wrong")
    lines += [f"  ! {end.cell.name}: {problem}" for end in outcome.red for problem in end.problems]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
