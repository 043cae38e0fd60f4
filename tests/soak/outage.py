"""Eight hours without the CRMs: every call is written exactly once afterwards, in order, as fast as the CRMs allow.

Calls end all day long while no CRM answers; then both are back. Everything but the clock is real: the outbox on its
file, the clients with their limiters, HTTP, the simulated CRMs with theirs.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.amocrm.client import BURST as AMO_BURST
from app.amocrm.client import RATE_PER_S as AMO_RATE_PER_S
from app.bitrix24.rest import BURST, RATE_PER_S
from app.crm.port import CardToWrite
from app.simulator.journal import JournalEntry
from tests.soak.chain_table import Crms, open_crms
from tests.soak.soak_cards import KNOWN_NUMBERS, soak_card
from tests.soak.soak_writers import Rates
from tests.soak.virtual_outbox import VirtualClock, VirtualOutbox, open_virtual_outbox

NAME = "outage"

HOURS = 8.0
CALLS = 2_000
LIMITED = Rates((RATE_PER_S, BURST), (AMO_RATE_PER_S, AMO_BURST))
UNLIMITED = Rates()
_AT_LEAST = 0.95
_FULL_SPEED = {"bitrix24": RATE_PER_S, "amocrm": AMO_RATE_PER_S}
_BURSTS = {"bitrix24": BURST, "amocrm": AMO_BURST}
_REFUSALS = ("error:QUERY_LIMIT_EXCEEDED", "error:429")


_KEY = re.compile(r"pult-soak[\w.-]+\w")


@dataclass
class Outcome:
    """What came of it. `drained`: of each CRM, the requests a second over its drain, the burst not counted; `seconds`:
    from its being back until its last request."""

    calls: int = 0
    seconds: float = 0.0
    drained: dict[str, float] = field(default_factory=dict)
    noticed_after_s: dict[str, float] = field(default_factory=dict)
    refusals: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


async def run(calls: int = CALLS, hours: float = HOURS, *, rates: Rates = LIMITED) -> Outcome:
    """One outage. Without limits it is the negative control."""
    outcome = Outcome(calls)
    clock = VirtualClock()
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="pult-outage-", dir=memory if memory.is_dir() else None) as folder:
        async with (
            open_crms(clock, limits_rate=True) as crms,
            open_virtual_outbox(crms, clock, Path(folder), rates=rates) as outbox,
        ):
            cards = await _live_without_crms(outbox, calls, hours)
            for server in crms.servers.values():
                server.set_down(down=False)
            back_at_s, back_at = clock.monotonic(), clock.now()
            if not await outbox.pass_until(lambda: outbox.worker.counts.unfinished == 0, calls * 10.0 + 3_600):
                outcome.problems.append(f"{outbox.worker.counts.unfinished} cards never went")
            outcome.seconds = clock.monotonic() - back_at_s
            outcome.problems += crms.differences(iter([(card, True) for card in cards]))
            outcome.problems += _disorder(crms, cards)
            entries = [entry for entry in crms.journal.entries if entry.at >= back_at]
            outcome.refusals = Counter(entry.face for entry in entries if entry.outcome in _REFUSALS)
            for crm_name in _FULL_SPEED:
                _measure(crm_name, [entry for entry in entries if entry.face == crm_name], outcome)
                outcome.noticed_after_s[crm_name] = (
                    min(entry.at for entry in entries if entry.face == crm_name) - back_at
                ).total_seconds()
    return outcome


def problems_of(outcome: Outcome) -> list[str]:
    """What broke a promise."""
    found = list(outcome.problems)
    for crm_name, times in outcome.refusals.items():
        found.append(f"{crm_name} refused {times} requests for their rate")
    for crm_name, rate in outcome.drained.items():
        if rate < _AT_LEAST * _FULL_SPEED[crm_name]:
            found.append(f"{crm_name} was drained at {rate:.2f} requests a second only")
    return found


def main() -> int:
    """The full figure, and the control that has to be refused."""
    began_s = time.monotonic()
    outcome = asyncio.run(run())
    problems = problems_of(outcome)
    _report("with limiters", outcome, problems, time.monotonic() - began_s)
    control = asyncio.run(run(200, rates=UNLIMITED))
    _report("control: without limiters, which must be refused", control, [], 0.0)
    return 0 if not problems and all(control.refusals[crm_name] for crm_name in _FULL_SPEED) else 1


async def _live_without_crms(outbox: VirtualOutbox, calls: int, hours: float) -> list[CardToWrite]:
    for server in outbox.crms.servers.values():
        server.set_down(down=True)
    cards = []
    for number in range(1, calls + 1):
        await outbox.pass_s(hours * 3600 / calls)
        cards.append(_card(number, outbox))
        await outbox.save(cards[-1])
    return cards


def _card(number: int, outbox: VirtualOutbox) -> CardToWrite:
    """Of somebody both CRMs know, with a note and without a recording: three requests for Bitrix24, one for amoCRM."""
    card = soak_card(number, outbox.clock.now())
    return replace(
        card,
        phone_number=sorted(KNOWN_NUMBERS)[number % len(KNOWN_NUMBERS)],
        notes=f"Заметка {number}",
        wants_recording=False,
        crm_create=False,
        second_kind=None,
        second_id=None,
    )


def _disorder(crms: Crms, cards: list[CardToWrite]) -> Iterator[str]:
    """Cards whose steps did not take effect in their order."""
    made = [(entry, effect) for entry in crms.journal.entries for effect in entry.effects]
    order_of = {effect.split()[1]: entry.sequence for entry, effect in made if effect.startswith("statistics ")}
    comments = [entry for entry, effect in made if effect.startswith("comment ")]
    noted_as = {key: entry.sequence for entry in comments for key in _KEY.findall(str(entry.params))}
    for card in cards:
        rows = crms.portal.finished_calls_of(card.card_key)
        finished = order_of.get(f"ID={rows[0].row_id}", 0) if rows else 0
        noted = noted_as.get(card.card_key, 0)
        if not 0 < finished < noted:
            yield f"{card.card_key}: finished as {finished}, noted as {noted}"


def _measure(crm_name: str, entries: list[JournalEntry], outcome: Outcome) -> None:
    """Requests a second from the first to the last, without those the burst gave for nothing."""
    seconds = (entries[-1].at - entries[0].at).total_seconds()
    outcome.drained[crm_name] = (len(entries) - _BURSTS[crm_name]) / max(seconds, 1.0)


def _report(title: str, outcome: Outcome, problems: list[str], seconds: float) -> None:
    rates = ", ".join(f"{crm_name} {rate:.2f} requests/s" for crm_name, rate in outcome.drained.items())
    noticed = ", ".join(f"{crm_name} {after:.0f} s" for crm_name, after in outcome.noticed_after_s.items())
    lines = [
        f"{title}: {outcome.calls} calls in {seconds:.0f} s:",
        f"  all sent {outcome.seconds:.0f} s after the CRMs were back (noticed after {noticed}): {rates};",
        f"  refused for the rate {outcome.refusals.total()}, other problems {len(outcome.problems)}",
        *(f"  ! {problem}" for problem in problems[:20]),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
