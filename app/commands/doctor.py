"""`doctor`: is everything in place? One finding per line; each has a stable code for scripts."""

from __future__ import annotations

import argparse
import asyncio
import platform
import sqlite3
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from app import __version__
from app.bootstrap import DATABASE_FILE
from app.channel_verbs import CONSOLE_STATUS
from app.clock import Clock, SystemClock
from app.commands.doctor_crms import CrmLook
from app.commands.exits import Exit
from app.commands.finding import FAIL, OK, WARN, Finding
from app.commands.output import print_json
from app.commands.place import Place, folders_of, open_place
from app.commands.sentences import sentence_of
from app.database import Database
from app.domain.calls import CallSessionId, EmployeeId
from app.errors import PultError, RightsMissing, SettingsError
from app.hardening import Outcome, harden_process
from app.http import HttpSession
from app.integrations import Pbx, build_pbx
from app.local_channel import ChannelError, call_owner
from app.outbox.schema import MIGRATIONS
from app.secrets import SECRET_NAMES


def run(arguments: argparse.Namespace) -> int:
    """Exit 0 when nothing failed, 1 otherwise; 2 when the settings cannot be used."""
    findings = asyncio.run(_collect(arguments))
    if arguments.json:
        print_json({"findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            print(f"{finding.level:<4}  {finding.code:<22}  {finding.text}")
    if any(finding.code == "settings" and finding.level == FAIL for finding in findings):
        return Exit.WRONG_USAGE
    return Exit.PROBLEM_FOUND if any(finding.level == FAIL for finding in findings) else Exit.OK


async def _collect(arguments: argparse.Namespace) -> list[Finding]:
    findings = [_versions(), _hardening()]
    try:
        async with open_place(arguments) as place:
            findings.append(Finding(OK, "settings", str(place.folders.config_file)))
            findings += [finding async for finding in _look_at(place)]
    except SettingsError as error:
        findings.append(Finding(FAIL, "settings", f"{folders_of(arguments).config_file}: {sentence_of(error)}"))
    return findings


async def _look_at(place: Place) -> AsyncIterator[Finding]:
    yield _data_folder(place.folders.data_dir)
    async for finding in _secrets(place):
        yield finding
    database, is_console_running = await _database(place)
    yield database
    clock = SystemClock()
    http = HttpSession(user_agent=f"Pult/{__version__}", clock=clock)
    crms = CrmLook(place, http, clock, is_console_running=is_console_running)
    try:
        async for finding in _pbx(place, http, clock):
            yield finding
        yield await crms.bitrix24()
        yield await crms.amocrm()
    finally:
        await crms.aclose()
        await http.aclose()


def _versions() -> Finding:
    text = f"Pult {__version__}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {sys.platform}"
    return Finding(OK, "versions", text)


def _hardening() -> Finding:
    report = harden_process()
    if report.is_complete:
        return Finding(OK, "hardening", "no core dumps, memory closed to other processes of this user")
    open_doors = [name for name, outcome in report.steps.items() if outcome is Outcome.FAILED]
    return Finding(WARN, "hardening", f"not possible on this system: {', '.join(open_doors) or 'some steps'}")


def _data_folder(data_dir: Path) -> Finding:
    if sys.platform != "win32" and data_dir.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return Finding(WARN, "data_folder", f"{data_dir} can be read by others: chmod 700 it")
    return Finding(OK, "data_folder", str(data_dir))


async def _secrets(place: Place) -> AsyncIterator[Finding]:
    home = await place.secrets.describe()
    if home.kind == "memory":
        yield Finding(WARN, "secrets_place", f"this run only, there is no usable keyring ({home.reason})")
    else:
        yield Finding(OK, "secrets_place", f"{home.kind}: {home.backend}")
    for name in SECRET_NAMES:
        try:
            is_there = bool(await place.secrets.get(name))
        except PultError as error:
            yield Finding(FAIL, f"secret_{name}", sentence_of(error))
            continue
        yield Finding(OK, f"secret_{name}", "present" if is_there else "absent")


async def _database(place: Place) -> tuple[Finding, bool]:
    """And whether a console is running on this folder."""
    try:
        owner = await asyncio.to_thread(call_owner, place.folders.data_dir, CONSOLE_STATUS)
    except ChannelError as error:
        text = f"a console is running and did not say how it is ({error.code})"
        return Finding(WARN, "database", text), True
    if owner is not None:
        return Finding(OK, "database", f"open in a running console, cards waiting: {owner.get('unsent')}"), True
    return await _closed_database(place), False


async def _closed_database(place: Place) -> Finding:
    database = Database(place.folders.data_dir / DATABASE_FILE, migrations=MIGRATIONS)
    try:
        report = await database.open()
    except PultError as error:
        return Finding(FAIL, "database", sentence_of(error))
    await database.aclose()
    if report.set_aside is not None:
        return Finding(WARN, "database", f"was damaged; the old file is {report.set_aside}")
    return Finding(OK, "database", str(database.path))


async def _pbx(place: Place, http: HttpSession, clock: Clock) -> AsyncIterator[Finding]:
    try:
        pbx = await build_pbx(place.settings, place.secrets, http, clock)
    except PultError as error:
        yield Finding(FAIL, "pbx", sentence_of(error))
        return
    if pbx is None:
        yield Finding(WARN, "pbx", "no credentials are set")
        return
    yield await _calls(pbx)
    yield await _reports(pbx, place, clock)


async def _calls(pbx: Pbx) -> Finding:
    try:
        snapshot = await pbx.telephony.list_calls()
        await pbx.telephony.sign_out()
    except PultError as error:
        return Finding(FAIL, "pbx", sentence_of(error))
    left = pbx.points.remaining
    points = "" if left is None else f", points left: {left.minute_remaining} this minute, {left.day_remaining} today"
    return Finding(OK, "pbx", f"signed in, {len(snapshot.calls)} live calls{points}")


async def _reports(pbx: Pbx, place: Place, clock: Clock) -> Finding:
    """Both reports of calls, asked for next to nothing: without them there are neither recordings nor calls nobody
    saw."""
    if pbx.reports is None:
        return Finding(WARN, "reports", "no Data API is known for this PBX; set pbx.data_api_url")
    me, now = EmployeeId(place.settings.pbx.employee_id or 1), clock.now()
    lost = "recordings and calls nobody saw will be missing"
    try:
        await pbx.reports.finished_calls([CallSessionId(1)], now, now)
        await pbx.reports.legs_of(me, now, now)
    except RightsMissing as error:
        return Finding(WARN, "reports", f"may not be read, {lost}: {sentence_of(error)}")
    except PultError as error:
        return Finding(WARN, "reports", f"cannot be read, {lost}: {sentence_of(error)}")
    finally:
        with suppress(PultError):
            await pbx.reports.sign_out()
    return Finding(OK, "reports", "calls and their legs can be read")
