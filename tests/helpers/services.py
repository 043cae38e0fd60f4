"""The whole product without a face, opened against a running simulator in a folder of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.bootstrap import Services, open_services
from app.paths import find_folders
from app.secrets import SecretStore
from app.settings import Settings
from app.simulator.config import SimulatorConfig
from app.simulator.runner import Simulator

ME = 2001


@dataclass(frozen=True, slots=True)
class World:
    """One simulator and one console's services."""

    simulator: Simulator
    services: Services


def settings_for(simulator: Simulator, employee_id: int | None = ME) -> Settings:
    """Settings of a console of that employee, polling as fast as the settings allow. No recordings: a card would wait
    for its own for minutes."""
    settings = Settings()
    pbx = msgspec.structs.replace(
        settings.pbx,
        call_api_url=simulator.pbx_url,
        login=simulator.config.login,
        employee_id=employee_id,
        poll_interval_s=1.0,
    )
    bitrix24 = msgspec.structs.replace(settings.bitrix24, user_id=simulator.config.bitrix_user_id, recording="off")
    return msgspec.structs.replace(settings, pbx=pbx, bitrix24=bitrix24)


def secrets_for(simulator: Simulator, data_dir: Path) -> SecretStore:
    """The simulator's credentials, given as kiosks get them; no keyring is asked."""
    environment = {
        "PULT_PBX_PASSWORD": simulator.config.password,
        "PULT_BITRIX24_WEBHOOK": simulator.webhook_url,
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
    return SecretStore(data_dir, environment=environment)


@asynccontextmanager
async def open_console(
    simulator: Simulator, data_dir: Path, *, employee_id: int | None = ME
) -> AsyncIterator[Services]:
    """One console's services; several may share a simulator."""
    folders = find_folders(data_dir=data_dir)
    folders.create()
    secrets = secrets_for(simulator, folders.data_dir)
    try:
        async with open_services(settings_for(simulator, employee_id), folders, secrets) as services:
            yield services
    finally:
        await secrets.aclose()


@asynccontextmanager
async def open_world(data_dir: Path, config: SimulatorConfig | None = None) -> AsyncIterator[World]:
    """A quiet simulator (people and customers, no calls) with one console connected to it."""
    simulator = Simulator(config or SimulatorConfig(scenario="tour"))
    async with simulator, open_console(simulator, data_dir) as services:
        yield World(simulator, services)
