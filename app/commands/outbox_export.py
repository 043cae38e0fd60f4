"""`outbox export [KEY] [--csv] [--out FILE]`: cards with everything known of them, as JSON or as a table."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from app.channel_verbs import OUTBOX_EXPORT, OUTBOX_KEYS
from app.commands.exits import Exit
from app.commands.outbox import ask_owner, with_store
from app.commands.output import fail
from app.commands.place import open_place
from app.errors import NotFound, NotSaved, PultError
from app.outbox.exporting import ExportedCard, as_csv, as_json, card_facts, write_private
from app.outbox.store import OutboxStore

Facts = Mapping[str, object]

# A request to the console holds about so many keys, and it answers a few requests a second.
_KEYS_AT_ONCE = 25
_BUSY_PAUSE_S = 0.3
_PATIENCE = 100


def run(arguments: argparse.Namespace) -> int:
    """Exit 0; 1 for an unknown key, a database nobody can open or a file that cannot be written."""
    return asyncio.run(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    async with open_place(arguments) as place:
        data_dir = place.folders.data_dir
        cards = await _from_owner(data_dir, arguments.key)
        if cards is None:
            cards = await with_store(data_dir, lambda store: _from_store(store, arguments.key))
    if arguments.key and not cards:
        return fail_with(NotFound("no_such_card"), arguments)
    now = datetime.now(UTC)
    text = as_csv(cards) if arguments.csv else as_json(cards, now)
    if arguments.out is None:
        if arguments.json and not arguments.csv:
            text = json.dumps(json.loads(text), ensure_ascii=False) + "\n"
        sys.stdout.write(text)
        sys.stdout.flush()
        return Exit.OK
    try:
        await asyncio.to_thread(write_private, arguments.out, text)
    except OSError as error:
        return fail_with(NotSaved("export_not_written", {"cause": type(error).__name__}), arguments)
    print(f"Cards written to {arguments.out}: {len(cards)}.", file=sys.stderr)
    return Exit.OK


def fail_with(error: PultError, arguments: argparse.Namespace) -> Exit:
    """Told, and a problem found, whatever family the error is of."""
    fail(error, as_json=arguments.json)
    return Exit.PROBLEM_FOUND


async def _from_owner(data_dir: Path, card_key: str | None) -> list[Facts] | None:
    """None when no console runs."""
    keys = [card_key] if card_key else None
    if keys is None:
        reply = await _patiently(data_dir, OUTBOX_KEYS, {})
        if reply is None:
            return None
        keys = [str(key) for key in cast("Sequence[object]", reply["keys"])]
    cards: list[Facts] = []
    for first in range(0, len(keys), _KEYS_AT_ONCE):
        reply = await _patiently(data_dir, OUTBOX_EXPORT, {"keys": keys[first : first + _KEYS_AT_ONCE]})
        if reply is None:
            return None
        cards += cast("Sequence[Facts]", reply["cards"])
    return cards


async def _patiently(data_dir: Path, verb: str, params: Mapping[str, object]) -> Facts | None:
    for _ in range(_PATIENCE):
        try:
            return await ask_owner(data_dir, verb, params)
        except PultError as error:
            if error.code != "owner_busy":
                raise
        await asyncio.sleep(_BUSY_PAUSE_S)
    raise PultError("owner_busy")


async def _from_store(store: OutboxStore, card_key: str | None) -> list[Facts]:
    keys = (card_key,) if card_key else await store.card_keys()
    entries = [entry for key in keys if (entry := await store.card(key)) is not None]
    await store.note_export([entry.card_key for entry in entries], datetime.now(UTC))
    return [card_facts(ExportedCard(entry, await store.audit_of(entry.card_key))) for entry in entries]
