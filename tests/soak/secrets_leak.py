"""Eight canary secrets through a shift in which everything fails: none is found afterwards in anything that stays.

A console in a process of its own has all eight in its keyring and works against servers that lose replies, fail, and
quote every secret they know. It is connected by password, webhook and long-lived token first, by key and as an
application of both CRMs then. Looked through, in every spelling: logs at DEBUG, database and its log, config, cache,
crash report, temporary files, what it prints, its arguments, its environment and those of its children.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from app.secrets import SECRET_NAMES
from app.simulator.config import SimulatorConfig
from app.simulator.faults import DropBefore, Fault, HttpError, LoseReply, Mutate, Status200Error
from app.simulator.runner import Simulator
from tests.helpers.waiting import until
from tests.soak.spellings import files_under, leaks_in

NAME = "secrets_leak"

WAYS = ("tokens", "applications")
ME, CALLER = 2001, "79062195047"
_OPERATIONS: Mapping[str, Sequence[str | None]] = {
    "pbx": (None,),
    "data": (None,),
    "bitrix24": (
        "telephony.externalCall.searchCrmEntities",
        "telephony.externalCall.register",
        "telephony.externalCall.finish",
        "crm.timeline.comment.add",
    ),
    "amocrm": ("GET contacts", "POST calls"),
}
_PASSWORD = 'канарейка "один"/+%20'
_WEBHOOK_SECRET = "canary3webhook"
_PATIENCE_S = 60.0
_MET_WITHIN_S = 4.0


@dataclass
class Outcome:
    """What was looked through, for what, and what was found."""

    places: dict[str, bytes] = field(default_factory=dict)
    canaries: dict[str, str] = field(default_factory=dict)
    requests: Counter[str] = field(default_factory=Counter)
    faults_met: Counter[str] = field(default_factory=Counter)

    @property
    def leaks(self) -> list[str]:
        return leaks_in(self.places, self.canaries)


def canary_config(way: str) -> SimulatorConfig:
    """The simulated world whose secrets are the canaries."""
    return SimulatorConfig(
        scenario="tour",
        password=_PASSWORD,
        permanent_token="canary-two+key/with=signs",
        webhook_secret=_WEBHOOK_SECRET,
        amocrm_token="canary-four.amocrm+token/==",
        bitrix_client_secret="canary5/bitrix+client secret",
        bitrix_refresh_token="canary6-bitrix/refresh+token",
        amocrm_client_secret='canary7"amocrm"client',
        amocrm_refresh_token="canary8-амо-refresh/+",
        app_only=way == "applications",
        recording_ready_after_s=0.0,
        limit_bitrix_rate=False,
    )


async def run(folder: Path, ways: tuple[str, ...] = WAYS, *, calls: int = 2, leaks: bool = False) -> Outcome:
    """One shift for each way. `leaks`: the console logs one address without redaction, the control."""
    outcome = Outcome()
    for way in ways:
        await _Shift(folder / way, way, outcome).work(calls, leaks=leaks)
    ours = json.dumps(dict(os.environ)).encode()
    outcome.places["the environment of whoever started it"] = ours
    return outcome


def main() -> int:
    """The whole figure, and the control that has to be found."""
    began_s = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="pult-canaries-") as folder:
        outcome = asyncio.run(run(Path(folder, "whole")))
        control = asyncio.run(run(Path(folder, "control"), ("tokens",), calls=0, leaks=True))
    searched = sum(map(len, outcome.places.values()))
    lines = [
        f"{len(outcome.canaries)} canaries in {len(outcome.places)} places, {searched / 1e6:.1f} MB,",
        f"  after {outcome.requests.total()} requests in {time.monotonic() - began_s:.0f} s, faults met at",
        *(f"  {times:5} {face}" for face, times in outcome.faults_met.items()),
        f"  {len(outcome.leaks)} found",
        *(f"  ! {leak}" for leak in outcome.leaks[:20]),
        f"control: one address logged: {len(control.leaks)} found",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if not outcome.leaks and control.leaks else 1


@dataclass
class _Shift:
    """One console's work, and what is seen of it."""

    folder: Path
    way: str
    outcome: Outcome

    async def work(self, calls: int, *, leaks: bool) -> None:
        temporary, data = self.folder / "tmp", self.folder / "data"
        for made in (temporary, data):
            made.mkdir(parents=True)
        async with Simulator(canary_config(self.way)) as simulator:
            secrets = _secrets_of(simulator)
            # A key would win over the password.
            kept = {name: value for name, value in secrets.items() if self.way != "tokens" or name != "pbx_token"}
            settings = _settings(simulator, self.way)
            order = {"data_dir": str(data), "settings": settings, "secrets": kept, "leaks": leaks}
            console = await _start(temporary)
            try:
                printed = await self._live(console, simulator, order, calls, data)
            finally:
                if console.returncode is None:
                    console.kill()
                rest, _ = await console.communicate()
            self._note({"what it prints": printed + rest, **files_under(data)})
            self._note({f"tmp/{name}": content for name, content in files_under(temporary).items()})
            canaries = secrets | _issued(simulator)
            self.outcome.canaries |= {f"{self.way} {name}": secret for name, secret in canaries.items()}
            entries = simulator.journal.entries
            self.outcome.requests += Counter(entry.operation for entry in entries)
            self.outcome.faults_met += Counter(entry.face for entry in entries if entry.outcome.startswith("fault:"))

    async def _live(
        self,
        console: asyncio.subprocess.Process,
        simulator: Simulator,
        order: Mapping[str, Any],
        calls: int,
        data: Path,
    ) -> bytes:
        """Calls and their cards among faults, *Check connection* among faults, a crash; gives what was printed."""
        printed = await _say(console, json.dumps(order), "ready")
        self._note(_seen_from_outside(console.pid))
        quoted = " ".join(order["secrets"].values())
        for number in range(calls):
            _plant(simulator, quoted, number)
            if number:
                simulator.account.tokens.expire_all()
                simulator.bitrix24.desk.expire_access()
                simulator.amocrm.desk.expire_access()
            call_session_id = simulator.pbx.ring_in(CALLER, employees=[ME])
            await _met(simulator, "list.calls", times=2)
            simulator.pbx.answer(call_session_id, ME)
            await _met(simulator, "tag.call")
            simulator.pbx.hang_up(call_session_id, "contact")
            await _met(simulator, "telephony.externalCall.register")
            await _met(simulator, "POST calls")
        _plant(simulator, quoted, None)
        printed += await _say(console, "check", "checked")
        self._note({f"running: {name}": content for name, content in files_under(data).items()})
        printed += await _say(console, "crash", "")
        await console.wait()
        return printed

    def _note(self, places: Mapping[str, bytes]) -> None:
        self.outcome.places |= {f"{self.way}: {name}": content for name, content in places.items()}


async def _met(simulator: Simulator, operation: str, times: int = 1) -> None:
    """Until that was asked so often from now on; a fault that holds it up for longer is no matter."""
    wanted = len(simulator.journal.entries_of(operation)) + times
    with suppress(AssertionError):
        await until(lambda: len(simulator.journal.entries_of(operation)) >= wanted, _MET_WITHIN_S)


def _plant(simulator: Simulator, quoted: str, call: int | None) -> None:
    """What goes wrong next, at each server: lost replies, failures, and answers that quote all there is to quote. While
    calls go on, the CRMs' offices of tokens work: a pair whose renewal is lost is lost for good."""
    page = f"<html>{quoted}</html>".encode()
    said = {"error": "ERROR_CORE", "error_description": quoted, "detail": quoted, "title": quoted, "hint": quoted}
    refusal = json.dumps(said, ensure_ascii=False).encode()
    error = {"code": -32602, "message": quoted, "data": {"mnemonic": "tag_not_found", "params": {"value": quoted}}}
    rpc = json.dumps({"jsonrpc": "2.0", "id": 1, "error": error}, ensure_ascii=False).encode()
    faults: tuple[Fault, ...] = (
        HttpError(500, page, content_type="text/html"),
        Mutate(change=lambda _body: rpc),
        HttpError(400, refusal, content_type="application/json"),
        Status200Error(refusal),
        LoseReply(),
        DropBefore(),
    )
    simulator.faults.clear()
    for face, operations in _OPERATIONS.items():
        for operation in operations if call is not None else (None,):
            for number, fault in enumerate(faults if call is None else faults[call * 3 : call * 3 + 3]):
                simulator.faults.add(fault, face=face, operation=operation, after=number)


def _seen_from_outside(pid: int) -> dict[str, bytes]:
    """Arguments and environment of the console and of whatever it has started."""
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    found = {}
    for process in family:
        found[f"arguments of {process.pid}"] = json.dumps(process.cmdline(), ensure_ascii=False).encode()
        try:
            environment = process.environ()
        except psutil.AccessDenied:
            continue  # nobody can read it, then
        found[f"environment of {process.pid}"] = json.dumps(environment, ensure_ascii=False).encode()
    return found


async def _start(temporary: Path) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PULT_")}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.soak.secrets_console",
        stdin=pipe,
        stdout=pipe,
        stderr=asyncio.subprocess.STDOUT,
        cwd=Path(__file__).parents[2],
        env={**environment, "TMPDIR": str(temporary)},
        limit=2**22,
    )


async def _say(console: asyncio.subprocess.Process, order: str, answer: str) -> bytes:
    """Send one line; gives what was printed up to the line `answer`, which is waited for unless it is empty."""
    if console.stdin is None or console.stdout is None:
        raise RuntimeError("the console has no pipes")
    console.stdin.write(order.encode() + b"\n")
    await console.stdin.drain()
    printed = b""
    async with asyncio.timeout(_PATIENCE_S):
        while answer and not printed.endswith(answer.encode() + b"\n"):
            line = await console.stdout.readline()
            printed += line
            if not line:
                raise RuntimeError(f"the console ended: {printed[-2000:].decode(errors='replace')}")
    return printed


def _secrets_of(simulator: Simulator) -> dict[str, str]:
    config = simulator.config
    found = {
        "pbx_password": config.password,
        "pbx_token": config.permanent_token,
        "bitrix24_webhook": simulator.webhook_url,
        "amocrm_token": config.amocrm_token,
        "bitrix24_client_secret": config.bitrix_client_secret,
        "bitrix24_refresh_token": config.bitrix_refresh_token,
        "amocrm_client_secret": config.amocrm_client_secret,
        "amocrm_refresh_token": config.amocrm_refresh_token,
    }
    if found.keys() != set(SECRET_NAMES):
        raise RuntimeError("a secret has no canary")
    return found


def _issued(simulator: Simulator) -> dict[str, str]:
    """Secrets the servers gave out meanwhile, and the part of the webhook's address that opens it."""
    found = {"webhook's secret": _WEBHOOK_SECRET}
    found |= {f"session {number}": token for number, token in enumerate(simulator.account.tokens._sessions)}
    found |= {f"upload {number}": token for number, token in enumerate(simulator.bitrix24.upload_tokens)}
    for name, desk in (("bitrix24", simulator.bitrix24.desk), ("amocrm", simulator.amocrm.desk)):
        tokens = [*desk._access, *desk._refresh]
        found |= {f"{name} issued {number}": token for number, token in enumerate(tokens)}
    return found


def _settings(simulator: Simulator, way: str) -> str:
    config = simulator.config
    portal_url = simulator.webhook_url.partition("/rest/")[0]
    is_application = way == "applications"
    lines = [
        "[pbx]",
        f'call_api_url = "{simulator.pbx_url}"',
        f'data_api_url = "{simulator.data_api_url}"',
        f'login = "{config.login}"' if not is_application else "",
        f"employee_id = {ME}",
        "poll_interval_s = 1.0",
        "[bitrix24]",
        f"user_id = {config.bitrix_user_id}",
        f'portal_url = "{portal_url}"' if is_application else "",
        f'client_id = "{config.bitrix_client_id}"' if is_application else "",
        f'oauth_url = "{simulator.bitrix24_oauth_url}"' if is_application else "",
        "[amocrm]",
        f'account_url = "{simulator.amocrm_url}"',
        f"user_id = {config.amocrm_user_id}",
        f'client_id = "{config.amocrm_client_id}"' if is_application else "",
        f'redirect_uri = "{config.amocrm_redirect_uri}"' if is_application else "",
    ]
    return "\n".join(lines)
