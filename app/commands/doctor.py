"""`doctor`: is everything in place? One finding per line; each has a stable code for scripts."""

from __future__ import annotations

import argparse
import asyncio
import platform
import sqlite3
import stat
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path

from app import __version__
from app.bootstrap import DATABASE_FILE
from app.channel_verbs import CONSOLE_STATUS
from app.clock import Clock, SystemClock
from app.commands.exits import Exit
from app.commands.output import print_json
from app.commands.place import Place, folders_of, open_place
from app.commands.sentences import sentence_of
from app.database import Database
from app.errors import PultError, SettingsError
from app.hardening import Outcome, harden_process
from app.http import HttpSession
from app.integrations import build_bitrix24, build_pbx
from app.local_channel import ChannelError, call_owner
from app.outbox.schema import MIGRATIONS
from app.secrets import SECRET_NAMES

_OK, _WARN, _FAIL = "ok", "warn", "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `level` is ok, warn or fail; `code` never changes its meaning."""

    level: str
    code: str
    text: str


def run(arguments: argparse.Namespace) -> int:
    """Exit 0 when nothing failed, 1 otherwise; 2 when the settings cannot be used."""
    findings = asyncio.run(_collect(arguments))
    if arguments.json:
        print_json({"findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            print(f"{finding.level:<4}  {finding.code:<22}  {finding.text}")
    if any(finding.code == "settings" and finding.level == _FAIL for finding in findings):
        return Exit.WRONG_USAGE
    return Exit.PROBLEM_FOUND if any(finding.level == _FAIL for finding in findings) else Exit.OK


async def _collect(arguments: argparse.Namespace) -> list[Finding]:
    findings = [_versions(), _hardening()]
    try:
        async with open_place(arguments) as place:
            findings.append(Finding(_OK, "settings", str(place.folders.config_file)))
            findings += [finding async for finding in _look_at(place)]
    except SettingsError as error:
        findings.append(Finding(_FAIL, "settings", f"{folders_of(arguments).config_file}: {sentence_of(error)}"))
    return findings


async def _look_at(place: Place) -> AsyncIterator[Finding]:
    yield _data_folder(place.folders.data_dir)
    async for finding in _secrets(place):
        yield finding
    yield await _database(place)
    clock = SystemClock()
    http = HttpSession(user_agent=f"Pult/{__version__}", clock=clock)
    try:
        yield await _pbx(place, http, clock)
        yield await _bitrix24(place, http, clock)
    finally:
        await http.aclose()


def _versions() -> Finding:
    text = f"Pult {__version__}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {sys.platform}"
    return Finding(_OK, "versions", text)


def _hardening() -> Finding:
    report = harden_process()
    if report.is_complete:
        return Finding(_OK, "hardening", "no core dumps, memory closed to other processes of this user")
    open_doors = [name for name, outcome in report.steps.items() if outcome is Outcome.FAILED]
    return Finding(_WARN, "hardening", f"not possible on this system: {', '.join(open_doors) or 'some steps'}")


def _data_folder(data_dir: Path) -> Finding:
    if sys.platform != "win32" and data_dir.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return Finding(_WARN, "data_folder", f"{data_dir} can be read by others: chmod 700 it")
    return Finding(_OK, "data_folder", str(data_dir))


async def _secrets(place: Place) -> AsyncIterator[Finding]:
    home = await place.secrets.describe()
    if home.kind == "memory":
        yield Finding(_WARN, "secrets_place", f"this run only, there is no usable keyring ({home.reason})")
    else:
        yield Finding(_OK, "secrets_place", f"{home.kind}: {home.backend}")
    for name in SECRET_NAMES:
        try:
            is_there = bool(await place.secrets.get(name))
        except PultError as error:
            yield Finding(_FAIL, f"secret_{name}", sentence_of(error))
            continue
        yield Finding(_OK, f"secret_{name}", "present" if is_there else "absent")


async def _database(place: Place) -> Finding:
    try:
        owner = await asyncio.to_thread(call_owner, place.folders.data_dir, CONSOLE_STATUS)
    except ChannelError as error:
        return Finding(_WARN, "database", f"a console is running and did not say how it is ({error.code})")
    if owner is not None:
        return Finding(_OK, "database", f"open in a running console, {owner.get('unsent')} cards waiting")
    database = Database(place.folders.data_dir / DATABASE_FILE, migrations=MIGRATIONS)
    try:
        report = await database.open()
    except PultError as error:
        return Finding(_FAIL, "database", sentence_of(error))
    await database.aclose()
    if report.set_aside is not None:
        return Finding(_WARN, "database", f"was damaged; the old file is {report.set_aside}")
    return Finding(_OK, "database", str(database.path))


async def _pbx(place: Place, http: HttpSession, clock: Clock) -> Finding:
    try:
        pbx = await build_pbx(place.settings, place.secrets, http, clock)
        if pbx is None:
            return Finding(_WARN, "pbx", "no credentials are set")
        snapshot = await pbx.telephony.list_calls()
        await pbx.telephony.sign_out()
    except PultError as error:
        return Finding(_FAIL, "pbx", sentence_of(error))
    left = pbx.points.remaining
    points = "" if left is None else f", points left: {left.minute_remaining} this minute, {left.day_remaining} today"
    return Finding(_OK, "pbx", f"signed in, {len(snapshot.calls)} live calls{points}")


async def _bitrix24(place: Place, http: HttpSession, clock: Clock) -> Finding:
    try:
        crm = await build_bitrix24(place.settings, place.secrets, http, clock)
        if crm is None:
            return Finding(_WARN, "bitrix24", "no webhook is set")
        me = await crm.who_am_i()
    except PultError as error:
        return Finding(_FAIL, "bitrix24", sentence_of(error))
    return Finding(_OK, "bitrix24", f"the webhook works as user {me.user_id}")
