"""Canaries through a shift in which everything fails: none may be found afterwards in anything that stays.

Looked through: the whole data folder (database, its log, config, logs written at DEBUG), what commands print, texts and
representations of the errors, the services and the settings.
"""

from __future__ import annotations

import asyncio
import base64
import gc
import json
import logging
import os
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from app.bootstrap import Services, open_services
from app.connection_check import Bitrix24Credentials, PbxCredentials, check_bitrix24, check_pbx
from app.domain.calls import CallSessionId, TagId
from app.errors import PultError
from app.integrations import build_pbx
from app.logs import set_up_logging
from app.paths import Folders, find_folders
from app.secrets import SecretStore
from app.services.open_card import CardSaved
from app.settings.saving import save_settings
from app.simulator.config import SimulatorConfig
from app.simulator.faults import DropBefore, Fault, HttpError, LoseReply, Mutate, Status200Error
from app.simulator.runner import Simulator
from tests.helpers.guards import ExpectedLog
from tests.helpers.services import ME, settings_for
from tests.helpers.waiting import until
from tests.soak import secrets_leak
from tests.soak.spellings import files_under, leaks_in

PASSWORD = 'канарейка "один"/+%20'
PERMANENT_KEY = "canary-two+key/with=signs"
WEBHOOK_SECRET = "canary3webhook"
CONFIG = SimulatorConfig(
    scenario="tour", password=PASSWORD, permanent_token=PERMANENT_KEY, webhook_secret=WEBHOOK_SECRET
)
CALLER = "79062195047"


def canaries_of(simulator: Simulator) -> dict[str, str]:
    tokens = {f"session token {number}": token for number, token in enumerate(simulator.account.tokens._sessions)}
    return {"password": PASSWORD, "key": PERMANENT_KEY, "webhook": WEBHOOK_SECRET, **tokens}


def echo(body: bytes) -> bytes:
    """A server that tells everybody what it was asked with."""
    return _refusal(f"bad request /rest/7/{WEBHOOK_SECRET}/ {PASSWORD}")


def echo_key(body: bytes) -> bytes:
    return _refusal(f"{PERMANENT_KEY} is no good")


def _refusal(message: str) -> bytes:
    error = {"code": -32602, "message": message, "data": {"mnemonic": "tag_not_found", "params": {"value": message}}}
    return json.dumps({"jsonrpc": "2.0", "id": 1, "error": error}).encode()


ECHO_PAGE = f"<html>/rest/7/{WEBHOOK_SECRET}/ password={PASSWORD}</html>".encode()
ECHO_REFUSAL = json.dumps(
    {"error": "ERROR_CORE", "error_description": f"Cannot do /rest/7/{WEBHOOK_SECRET}/telephony"}
).encode()


async def failing_shift(simulator: Simulator, services: Services) -> list[PultError]:
    """Calls, commands, cards and checks, each of which goes wrong in some way; gives the errors that were met."""
    met: list[PultError] = []
    control = services.call_control
    control.reports.subscribe(lambda report: met.append(report.error) if report.error else None)
    services.poller.link.subscribe(lambda link: met.append(link.error) if link.error else None)
    call_session_id = CallSessionId(simulator.pbx.ring_in(CALLER, employees=[ME]))
    services.poller.refresh_soon()
    await until(lambda: bool(services.wrap_up.cards), what="the card")
    simulator.pbx.answer(call_session_id, ME)
    services.poller.refresh_soon()
    await until(lambda: services.board.calls[call_session_id].was_answered, what="talk")
    faults: list[Fault] = [LoseReply(), DropBefore(), HttpError(body=ECHO_PAGE), Mutate(change=echo)]
    for number, fault in enumerate(faults):
        simulator.faults.add(fault, face="pbx", operation="tag.call")
        await control.tag(call_session_id, TagId(254 + number))
        await until(lambda: not control.pending(call_session_id), what="the tag settled", timeout=10)
    simulator.account.tokens.expire_all()
    services.poller.refresh_soon()
    simulator.pbx.hang_up(call_session_id, "contact")
    services.poller.refresh_soon()
    (card,) = services.wrap_up.cards.values()
    key = card.draft.card_key
    await until(lambda: services.wrap_up.cards[key].draft.facts.is_finished, what="the finished card")
    simulator.faults.add(HttpError(body=ECHO_PAGE), face="bitrix24", operation="telephony.externalCall.register")
    simulator.faults.add(
        Status200Error(body=ECHO_REFUSAL), face="bitrix24", operation="telephony.externalCall.finish", times=None
    )
    card = services.wrap_up.cards[key]
    services.wrap_up.edit(key, replace(card.draft.fields, notes="что-то"))
    assert isinstance(await services.wrap_up.save(key), CardSaved)
    await until(lambda: bool(simulator.faults.rules[-1].hits), what="a refused finish", timeout=10)
    await asyncio.to_thread(gc.collect)
    checked = [
        await check_pbx(PbxCredentials(simulator.pbx_url, simulator.config.login, PASSWORD + "x")),
        await check_bitrix24(Bitrix24Credentials(simulator.webhook_url)),
    ]
    return met + [result.error or PultError(result.code, result.params) for result in checked]


async def run_command(folders: Folders, environment: dict[str, str], *words: str) -> bytes:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app", *words, "--data-dir", str(folders.data_dir)),
        stdin=pipe,
        stdout=pipe,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", **environment},
    )
    out, _ = await process.communicate()
    return out


def told_by(error: PultError) -> bytes:
    texts = (str(error), repr(error), repr(error.params), repr(getattr(error, "vendor_code", "")))
    chain = (repr(error.__cause__), repr(error.__context__))
    return "\n".join((*texts, *chain)).encode()


@pytest.mark.time_limit(60)
async def test_nothing_that_stays_holds_a_secret(tmp_path: Path, expected_log: ExpectedLog) -> None:
    expected_log(".*", optional=True)
    folders = find_folders(data_dir=tmp_path / "data")
    folders.create()
    log = set_up_logging(folders.log_dir, logging.DEBUG)
    try:
        async with Simulator(CONFIG) as simulator:
            environment = {"PULT_PBX_PASSWORD": PASSWORD, "PULT_BITRIX24_WEBHOOK": simulator.webhook_url}
            settings = settings_for(simulator)
            save_settings(folders.config_file, settings)
            secrets = SecretStore(folders.data_dir, environment=environment)
            async with open_services(settings, folders, secrets) as services:
                met = await failing_shift(simulator, services)
                canaries = canaries_of(simulator)
                printed = {
                    "outbox while open": await run_command(folders, environment, "outbox", "list", "--json"),
                    "services": repr(services).encode(),
                    "settings": repr(settings).encode(),
                    "environment's credentials": repr(
                        await build_pbx(settings, secrets, services.http, services.clock)
                    ).encode(),
                }
            await secrets.aclose()
            simulator.faults.clear()
            for fault in (Mutate(change=echo), HttpError(body=ECHO_PAGE)):
                simulator.faults.add(fault, times=None)
                for words in (("doctor",), ("calls", "--json"), ("outbox", "list")):
                    printed[f"{words} under {fault.name}"] = await run_command(folders, environment, *words)
                simulator.faults.clear()
            by_key = {"PULT_PBX_TOKEN": PERMANENT_KEY, "PULT_BITRIX24_WEBHOOK": simulator.webhook_url}
            simulator.faults.add(Mutate(change=echo_key), face="pbx", times=None)
            printed["doctor with a key"] = await run_command(folders, by_key, "doctor", "--json")
            printed["calls with a key"] = await run_command(folders, by_key, "calls", "--json")
            canaries |= canaries_of(simulator)
    finally:
        log.close()
    assert len(met) > 5
    places = files_under(folders.data_dir) | printed | {f"error {error.code}": told_by(error) for error in met}
    assert any("pult.log" in name for name in places)
    assert any("pult.db" in name for name in places)
    assert len(canaries) > 4
    leaks = leaks_in(places, canaries)
    assert not leaks, "\n".join(leaks)


@pytest.mark.time_limit(90)
@pytest.mark.parametrize("way", secrets_leak.WAYS)
async def test_none_of_eight_canaries_is_found_after_a_shift_in_which_everything_fails(
    tmp_path: Path, way: str
) -> None:
    """`run.py soak secrets_leak` is the whole of it."""
    outcome = await secrets_leak.run(tmp_path, (way,), calls=1)
    assert outcome.leaks == []
    assert len(outcome.canaries) >= 10
    assert outcome.faults_met.keys() == {"pbx", "data", "bitrix24", "amocrm"}
    assert {"tag.call", "telephony.externalCall.register", "POST calls"} <= outcome.requests.keys()
    names = " ".join(outcome.places)
    assert all(name in names for name in ("pult.log", "pult.db-wal", "config.toml", "arguments of"))
    assert b"Fatal Python error" in outcome.places[f"{way}: logs/crash.txt"]


@pytest.mark.time_limit(90)
async def test_one_address_that_is_logged_is_found(tmp_path: Path) -> None:
    """Negative control."""
    outcome = await secrets_leak.run(tmp_path, ("tokens",), calls=0, leaks=True)
    assert any("bitrix24_webhook" in leak and "pult.log" in leak for leak in outcome.leaks)


@pytest.mark.parametrize(
    "coded",
    [
        PASSWORD.encode(),
        base64.b64encode(b"ab" + PASSWORD.encode()),
        json.dumps(PASSWORD).encode(),
        quote(PASSWORD).encode(),
    ],
)
def test_the_search_finds_a_planted_secret(tmp_path: Path, coded: bytes) -> None:
    """Negative control."""
    (tmp_path / "planted").write_bytes(b"...." + coded + b"....")
    assert leaks_in(files_under(tmp_path), {"password": PASSWORD}) == ["password in planted"]
