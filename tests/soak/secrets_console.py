"""A console in a process of its own, to be looked at from outside: its secrets come from a keyring, it works by itself.

The order is one line of JSON on stdin: data_dir, settings (TOML) and secrets by name. It tags each call it is in, saves
each finished card, asks *Check connection* when told "check", and dies of a crash when told "crash".
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from app import logs
from app.bootstrap import Services, open_services
from app.connection_check import ConnectionCheck
from app.domain.calls import CallSessionId, TagId
from app.errors import PultError
from app.hardening import harden_process
from app.paths import find_folders
from app.secrets import SecretStore
from app.settings.loading import parse_settings
from app.settings.saving import save_settings

_LOOKS_EVERY_S = 0.05


class KeyringOfMemory:
    """A keyring of the system's, as far as the program can tell."""

    name = "memory"

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], str] = {}

    def read(self, service: str, entry: str) -> str | None:
        return self._entries.get((service, entry))

    def write(self, service: str, entry: str, value: str) -> None:
        self._entries[service, entry] = value

    def remove(self, service: str, entry: str) -> None:
        self._entries.pop((service, entry), None)


async def work(order: dict[str, Any]) -> None:
    folders = find_folders(data_dir=Path(order["data_dir"]))
    folders.create()
    harden_process(folders.log_dir)
    log = logs.set_up_logging(folders.log_dir, logging.DEBUG)
    settings = parse_settings(order["settings"].encode())
    save_settings(folders.config_file, settings)
    secrets = SecretStore(folders.data_dir, keyring=KeyringOfMemory(), environment=os.environ)
    for name, value in order["secrets"].items():
        await secrets.set(name, value)
    if order["leaks"]:
        # The control: somebody has switched the redaction off and logs an address.
        logs.redactor.redact = lambda text: text  # type: ignore[method-assign]
        logging.getLogger("app").debug("asking %s", order["secrets"]["bitrix24_webhook"])
    async with open_services(settings, folders, secrets) as services:
        sys.stdout.write(f"{services!r}\n{settings!r}\nready\n")
        sys.stdout.flush()
        commands = asyncio.ensure_future(asyncio.to_thread(sys.stdin.readline))
        while not commands.done():
            await _look(services)
            await asyncio.sleep(_LOOKS_EVERY_S)
        if commands.result().strip() == "check":
            await _check(services)
            sys.stdout.write("checked\n")
            sys.stdout.flush()
            await asyncio.to_thread(sys.stdin.readline)
        log.close()
        os.abort()


async def _look(services: Services) -> None:
    for call_session_id, live_call in tuple(services.board.calls.items()):
        if live_call.was_answered and not live_call.session.tags:
            await _ignoring(services.call_control.tag(CallSessionId(call_session_id), TagId(254)))
    for card_key, card in tuple(services.wrap_up.cards.items()):
        if card.draft.facts.is_finished:
            services.wrap_up.edit(card_key, replace(card.draft.fields, notes="Перезвонить", crm_user_id=7))
            await _ignoring(services.wrap_up.save(card_key))


async def _check(services: Services) -> None:
    """Both CRMs and the PBX are asked as *Check connection* does."""
    check = ConnectionCheck(services.settings, services.secrets, services.clock)
    for asking in (check.check_pbx(), check.check_bitrix24(), check.check_amocrm()):
        await _ignoring(asking)


async def _ignoring(doing: Any) -> None:
    try:
        sys.stdout.write(f"{await doing!r}\n")
    except PultError as error:
        sys.stdout.write(f"{error!r} {error} {error.params!r} {error.__cause__!r} {error.__context__!r}\n")


if __name__ == "__main__":
    asyncio.run(work(json.loads(sys.stdin.readline())))
