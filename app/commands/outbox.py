"""`outbox list|show KEY|retry KEY|park KEY`: asks the console that owns the data folder, else opens the database."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar, cast

from app.bootstrap import DATABASE_FILE
from app.card_json import card_json
from app.channel_verbs import OUTBOX_LIST, OUTBOX_PARK, OUTBOX_RETRY, OUTBOX_SHOW
from app.commands.exits import Exit
from app.commands.output import fail, print_json, print_table
from app.commands.place import open_place
from app.database import Database
from app.errors import NotFound, PultError
from app.local_channel import ChannelError, Reply, call_owner
from app.outbox.reasons import PARKED_BY_OPERATOR
from app.outbox.schema import MIGRATIONS
from app.outbox.store import OutboxStore

R = TypeVar("R")

_VERBS = {"list": OUTBOX_LIST, "show": OUTBOX_SHOW, "retry": OUTBOX_RETRY, "park": OUTBOX_PARK}
_HEADER = ("KEY", "NUMBER", "SAVED", "STATE", "REASON")


def run(arguments: argparse.Namespace) -> int:
    """Exit 0; 1 for an unknown key or a database nobody can open, 2 for a missing key."""
    if arguments.verb == "drain":
        from app.commands.drain import run as drain

        return drain(arguments)
    if arguments.verb == "export":
        from app.commands.outbox_export import run as export

        return export(arguments)
    if arguments.verb != "list" and not arguments.key:
        print(f"Name the card: `outbox {arguments.verb} KEY`. `outbox list` shows the keys.", file=sys.stderr)
        return Exit.WRONG_USAGE
    return asyncio.run(_run(arguments))


async def ask_owner(data_dir: Path, verb: str, params: Mapping[str, object] | None = None) -> Reply | None:
    """Ask the console that owns the folder; None when none runs. Raises PultError("owner_…")."""
    try:
        return await asyncio.to_thread(call_owner, data_dir, verb, params)
    except ChannelError as error:
        raise PultError(f"owner_{error.code}") from None


async def with_store(data_dir: Path, work: Callable[[OutboxStore], Awaitable[R]]) -> R:
    """Open the database for this, and close it. Raises StorageError."""
    database = Database(data_dir / DATABASE_FILE, migrations=MIGRATIONS)
    await database.open()
    try:
        return await work(OutboxStore(database))
    finally:
        await database.aclose()


async def _run(arguments: argparse.Namespace) -> int:
    async with open_place(arguments) as place:
        data_dir = place.folders.data_dir
        params = {"key": arguments.key} if arguments.key else {}
        reply = await ask_owner(data_dir, _VERBS[arguments.verb], params)
        if reply is None:
            reply = await with_store(data_dir, lambda store: _do(arguments, store))
    if arguments.verb != "list" and reply.get("card") is None:
        fail(NotFound("no_such_card"), as_json=arguments.json)
        return Exit.PROBLEM_FOUND
    if arguments.json:
        print_json(reply)
        return Exit.OK
    if arguments.verb == "list":
        _print_cards(cast("Sequence[Mapping[str, object]]", reply["cards"]))
    else:
        _print_card(cast("Mapping[str, object]", reply["card"]))
    return Exit.OK


async def _do(arguments: argparse.Namespace, store: OutboxStore) -> Reply:
    if arguments.verb == "list":
        return {"cards": [card_json(card) for card in await store.cards(200)]}
    if arguments.verb == "retry":
        await store.unpark(arguments.key, datetime.now(UTC))
    if arguments.verb == "park":
        await store.park(arguments.key, PARKED_BY_OPERATOR, datetime.now(UTC))
    card = await store.card(arguments.key)
    return {"card": None if card is None else card_json(card)}


def _print_card(card: Mapping[str, object]) -> None:
    """Everything there is about one card: what it says, and each step with its receipt or its reason."""
    for name in ("key", "phone_number", "saved_at", "duration_s", "outcome", "phase"):
        print(f"{name:<14}{_local_time(card[name]) if name == 'saved_at' else card[name]}")
    rows = []
    for step in cast("Sequence[Mapping[str, object]]", card["steps"]):
        receipt = cast("Mapping[str, str]", step["receipt"] or {})
        proof = ", ".join(f"{name} {value}" for name, value in sorted(receipt.items()))
        next_try = f"next try {_local_time(step['next_try_at'])}" if step["next_try_at"] else ""
        reason = str(step["reason"] or "")
        rows.append((str(step["crm"]), str(step["name"]), str(step["state"]), proof or reason, next_try))
    print_table(("CRM", "STEP", "STATE", "RECEIPT OR REASON", "NEXT TRY"), rows)


def _local_time(moment: object) -> str:
    """A moment of the JSON in this computer's time."""
    return datetime.fromisoformat(str(moment)).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _print_cards(cards: Sequence[Mapping[str, object]]) -> None:
    if not cards:
        print("No cards.")
        return
    rows = []
    for card in cards:
        steps = cast("Sequence[Mapping[str, object]]", card["steps"])
        left = [step for step in steps if step["state"] != "done"]
        # What waits for a person is what somebody looks for here.
        current = next((step for step in left if step["state"] == "parked"), left[0] if left else None)
        state = "done" if current is None else f"{current['crm']} {current['name']}: {current['state']}"
        reason = "" if current is None else str(current["reason"] or "")
        rows.append((str(card["key"]), str(card["phone_number"]), _local_time(card["saved_at"]), state, reason))
    print_table(_HEADER, rows)
