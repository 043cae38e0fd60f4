"""`secret set|check|clear NAME`: the value comes from stdin or a prompt, never from the command line."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys

from app.commands.exits import Exit
from app.commands.output import print_json
from app.commands.place import folders_of
from app.secrets import SECRET_NAMES, SecretStore, StoredWhere


def run(arguments: argparse.Namespace) -> int:
    """Exit 0 when done or present, 1 when absent or not stored for good, 2 for an unknown name or an empty value."""
    if arguments.name not in SECRET_NAMES:
        print(f"No such secret: {arguments.name}. Known names: {', '.join(SECRET_NAMES)}.", file=sys.stderr)
        return Exit.WRONG_USAGE
    return asyncio.run(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    folders = folders_of(arguments)
    folders.create()
    secrets = SecretStore(folders.data_dir)
    try:
        if arguments.verb == "set":
            return await _set(secrets, arguments)
        if arguments.verb == "clear":
            await secrets.clear(arguments.name)
            _say(arguments, stored=False, text=f"{arguments.name} cleared.")
            return Exit.OK
        return await _check(secrets, arguments)
    finally:
        await secrets.aclose()


async def _set(secrets: SecretStore, arguments: argparse.Namespace) -> int:
    value = _read_value(arguments.name)
    if not value:
        print("No value given. Pipe it in, or type it at the prompt.", file=sys.stderr)
        return Exit.WRONG_USAGE
    where = await secrets.set(arguments.name, value)
    if where is StoredWhere.KEYRING:
        _say(arguments, stored=True, text=f"{arguments.name} stored in the system keyring.")
        return Exit.OK
    place = await secrets.describe(arguments.name)
    _say(
        arguments,
        stored=False,
        text=f"Not stored: there is no usable keyring ({place.reason}). Give it in the environment instead.",
    )
    return Exit.PROBLEM_FOUND


async def _check(secrets: SecretStore, arguments: argparse.Namespace) -> int:
    is_there = await secrets.get(arguments.name) is not None
    place = await secrets.describe(arguments.name)
    text = f"{arguments.name} is {'present' if is_there else 'absent'} ({place.kind}: {place.backend})."
    _say(arguments, stored=is_there, text=text)
    return Exit.OK if is_there else Exit.PROBLEM_FOUND


def _read_value(name: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(f"{name}: ").strip()
    return sys.stdin.read().strip()


def _say(arguments: argparse.Namespace, *, stored: bool, text: str) -> None:
    if arguments.json:
        print_json({"name": arguments.name, "stored": stored, "text": text})
    else:
        print(text)
