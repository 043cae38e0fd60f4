"""`outbox drain [--timeout S]`: delivers what waits, without a console and without the PBX, until nothing moves.

For administrators: after an outage, or before a computer is taken away. A recording that is not in the cache yet is
left to the console, which alone looks for it in the PBX.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

from app import __version__
from app.bootstrap import DATABASE_FILE
from app.channel_verbs import OUTBOX_RESUME
from app.clock import Clock, SystemClock
from app.commands.exits import Exit
from app.commands.outbox import ask_owner
from app.commands.output import print_json
from app.commands.place import Place, open_place
from app.commands.sentences import sentence_of
from app.crm.port import CardWriter
from app.database import Database
from app.errors import PultError
from app.follow_up import build_recordings
from app.http import HttpSession
from app.integrations import build_amocrm, build_bitrix24
from app.oauth import TokenSources
from app.outbox.drafts import DraftStore
from app.outbox.entry import CardPhase, OutboxCard, OutboxStep, StepState
from app.outbox.schema import MIGRATIONS
from app.outbox.store import OutboxStore
from app.outbox.worker import OutboxWorker

_LOOK_EVERY_S = 0.2
_WITHOUT_PROGRESS_S = 900.0
_LAST_REQUESTS_S = 60.0


@dataclass(slots=True)
class Drained:
    """What came of it. Steps that are parked or wait: (card, step)."""

    sent: list[str] = field(default_factory=list)
    parked: list[tuple[OutboxCard, OutboxStep]] = field(default_factory=list)
    waiting: list[tuple[OutboxCard, OutboxStep]] = field(default_factory=list)
    pauses: Mapping[str, PultError] = field(default_factory=dict)
    lost_links: Mapping[str, PultError] = field(default_factory=dict)
    open_drafts: int = 0

    @property
    def exit_code(self) -> Exit:
        if not self.parked and not self.waiting:
            return Exit.OK
        return Exit.NO_LINK if self.lost_links else Exit.PROBLEM_FOUND


def run(arguments: argparse.Namespace) -> int:
    """Exit 0 when all cards are sent, 1 when something is parked or waits, 5 when a CRM cannot be reached."""
    return asyncio.run(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    async with open_place(arguments) as place:
        owner = await ask_owner(place.folders.data_dir, OUTBOX_RESUME)
        if owner is not None:
            return _left_to_the_console(owner, as_json=arguments.json)
        drained = await _drain(place, arguments.timeout, tell=not arguments.json)
    if arguments.json:
        print_json(_as_json(drained))
    else:
        _print(drained)
    return drained.exit_code


def _left_to_the_console(owner: Mapping[str, object], *, as_json: bool) -> int:
    unsent = cast("int", owner["unsent"])
    if as_json:
        print_json({"console": dict(owner)})
    print(
        f"A console runs on this data folder and delivers its cards itself; it was asked to try everything now."
        f" Cards waiting: {unsent}. `outbox list` shows them; to drain without the console, close it first.",
        file=sys.stderr,
    )
    return Exit.PROBLEM_FOUND if unsent else Exit.OK


async def _drain(place: Place, timeout_s: float, *, tell: bool) -> Drained:
    clock = SystemClock()
    async with _opened(place, clock) as (database, store, worker):
        left = await store.open_chains()
        keys = {chain.card_key for chain, found in left.items() if found.phase is CardPhase.SAVED}
        moved: set[str] = set(keys)
        worker.changed.subscribe(moved.add)
        drained = Drained()
        await worker.start()
        began_s = last_s = clock.monotonic()
        while worker.can_send_more:
            await clock.sleep(_LOOK_EVERY_S)
            if await _note_sent(store, keys, moved, drained, tell=tell):
                last_s = clock.monotonic()
            now_s = clock.monotonic()
            if (timeout_s and now_s - began_s >= timeout_s) or now_s - last_s >= _WITHOUT_PROGRESS_S:
                print("Time is up: nothing new is begun, what was sent is waited for.", file=sys.stderr, flush=True)
                break
        drained.pauses, drained.lost_links = worker.pauses, worker.doors.lost_links
        await _finish_requests(worker, clock)
        moved |= keys
        await _note_sent(store, keys, moved, drained, tell=tell)
        for card_key in sorted(keys - set(drained.sent)):
            entry = await store.card(card_key)
            if entry is not None:
                _note_left(entry, drained)
        drained.open_drafts = len(await DraftStore(database).open_drafts())
    return drained


@asynccontextmanager
async def _opened(place: Place, clock: Clock) -> AsyncIterator[tuple[Database, OutboxStore, OutboxWorker]]:
    """Database and connections as the console has them, without the PBX. Raises StorageError, SecretsLocked."""
    async with AsyncExitStack() as stack:
        folders = place.folders
        database = Database(folders.data_dir / DATABASE_FILE, migrations=MIGRATIONS, clock=clock)
        await database.open()
        stack.push_async_callback(database.aclose)
        http = HttpSession(user_agent=f"Pult/{__version__}", clock=clock)
        stack.push_async_callback(http.aclose)
        tokens = TokenSources(place.secrets)
        stack.push_async_callback(tokens.aclose)
        store = OutboxStore(database)
        worker = OutboxWorker(store, [], clock)
        shelf = build_recordings(database, store, worker, http, clock, folders.cache_dir)
        stack.push_async_callback(shelf.aclose)
        settings, secrets = place.settings, place.secrets
        bitrix24 = await build_bitrix24(settings, secrets, http, clock, tokens=tokens, shelf=shelf)
        amocrm = await build_amocrm(settings, secrets, http, clock, tokens, shelf)
        writers: list[CardWriter] = [crm for crm in (bitrix24, amocrm) if crm is not None]
        worker.use_writers(writers)
        stack.push_async_callback(worker.aclose)
        yield database, store, worker


async def _finish_requests(worker: OutboxWorker, clock: Clock) -> None:
    """Begin nothing new; a request under way is waited for, so that nobody has to ask what became of it."""
    worker.use_writers([])
    until_s = clock.monotonic() + _LAST_REQUESTS_S
    while worker.can_send_more and clock.monotonic() < until_s:
        await clock.sleep(_LOOK_EVERY_S)


async def _note_sent(store: OutboxStore, keys: set[str], moved: set[str], drained: Drained, *, tell: bool) -> bool:
    """Look at the cards that moved; True when one did."""
    looked_at = (moved & keys) - set(drained.sent)
    moved.clear()
    for card_key in sorted(looked_at):
        entry = await store.card(card_key)
        if entry is not None and entry.is_done:
            drained.sent.append(card_key)
            if tell:
                print(f"sent    {card_key}", flush=True)
    return bool(looked_at)


def _note_left(entry: OutboxCard, drained: Drained) -> None:
    for crm_name, lane in sorted(entry.open_lanes()):
        step = entry.next_step(crm_name, lane)
        if step is None:
            continue
        (drained.parked if step.step_state is StepState.PARKED else drained.waiting).append((entry, step))


def _as_json(drained: Drained) -> Mapping[str, object]:
    """`sent`, `parked`, `waiting`, `paused`, `no_link`, `drafts`."""
    return {
        "sent": drained.sent,
        "parked": [_step_json(entry, step) for entry, step in drained.parked],
        "waiting": [_step_json(entry, step) for entry, step in drained.waiting],
        "paused": {crm_name: error.code for crm_name, error in drained.pauses.items()},
        "no_link": {crm_name: error.code for crm_name, error in drained.lost_links.items()},
        "drafts": drained.open_drafts,
    }


def _step_json(entry: OutboxCard, step: OutboxStep) -> Mapping[str, object]:
    return {
        "key": entry.card_key,
        "crm": step.crm_name,
        "step": step.name,
        "state": step.step_state.value,
        "reason": step.reason,
        "next_try_at": step.next_try_at.isoformat() if step.next_try_at else None,
    }


def _print(drained: Drained) -> None:
    for word, steps in (("parked", drained.parked), ("waits", drained.waiting)):
        for entry, step in steps:
            print(f"{word:<8}{entry.card_key}  {step.crm_name} {step.name}: {_why(entry, step)}")
    for crm_name, error in {**drained.pauses, **drained.lost_links}.items():
        print(f"{crm_name} gets nothing now: {sentence_of(error)}")
    left = len({entry.card_key for entry, _ in (*drained.parked, *drained.waiting)})
    print(f"Cards sent: {len(drained.sent)}, not yet: {left}.")
    if any((step.reason or "").startswith("recording") for _, step in drained.waiting):
        print("Recordings that are not here yet are left to the console: it looks for them in the PBX.")
    if drained.open_drafts:
        print(f"Drafts never saved: {drained.open_drafts}; the console opens them at its next start.")


def _why(entry: OutboxCard, step: OutboxStep) -> str:
    required = entry.waits_for(step)
    if required is not None:
        return f"waits for {required.name}"
    return sentence_of(PultError(step.reason)) if step.reason else step.step_state.value
