"""The built-in world for `--demo`: a simulator in the same loop and folders that are thrown away."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from app.paths import Folders, find_folders
from app.secrets import BITRIX24_WEBHOOK, PBX_PASSWORD, SecretStore, variable_of
from app.settings import (
    Bitrix24Settings,
    ConsoleSettings,
    EmployeeSetting,
    HoldMessage,
    HoldPreset,
    PbxSettings,
    Settings,
    TagSetting,
)
from app.simulator.config import SimulatorConfig
from app.simulator.runner import Simulator

HOLD_REASONS = (
    HoldPreset(name="Проверяю заказ", value="Проверяю ваш заказ, вернусь к вам в течение минуты.", promised_s=60),
    HoldPreset(name="Уточняю у коллеги", value="Уточняю у коллеги, вернусь через две минуты.", promised_s=120),
    HoldPreset(name="Ищу документы", value="Ищу документы, пожалуйста, оставайтесь на линии."),
)
SCENARIO = "shift"
TOUR_SCENARIO = "tour"


@dataclass(frozen=True, slots=True)
class DemoWorld:
    """What a console needs to play: the running simulator and how to reach it."""

    simulator: Simulator
    settings: Settings
    folders: Folders
    secrets: SecretStore


@asynccontextmanager
async def open_demo(scenario: str = SCENARIO) -> AsyncIterator[DemoWorld]:
    """Serve the scenario and give settings that point at it; all of it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="pult-demo-", ignore_cleanup_errors=True) as name:
        async with Simulator(SimulatorConfig(scenario=scenario)) as simulator:
            folders = find_folders(data_dir=Path(name))
            folders.create()
            config = simulator.config
            secrets = SecretStore(
                folders.data_dir,
                environment={
                    variable_of(PBX_PASSWORD): config.password,
                    variable_of(BITRIX24_WEBHOOK): simulator.webhook_url,
                    # A made-up world has no business in this computer's keyring, which may answer with a question.
                    "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
                },
            )
            try:
                yield DemoWorld(simulator, settings_for(simulator), folders, secrets)
            finally:
                await secrets.aclose()


def settings_for(simulator: Simulator) -> Settings:
    """Settings of the simulated operator: colleagues and tags as the account has them."""
    config, directory = simulator.config, simulator.pbx.directory
    return Settings(
        pbx=PbxSettings(
            call_api_url=simulator.pbx_url,
            data_api_url=simulator.data_api_url,
            login=config.login,
            employee_id=config.employee_id,
            time_zone=config.time_zone,
            poll_interval_s=1.0,
            employees=tuple(
                EmployeeSetting(employee_id=employee.employee_id, name=employee.full_name, extension=employee.extension)
                for employee in directory.employees.values()
            ),
            hold_message=HoldMessage(presets=HOLD_REASONS),
            tags=tuple(TagSetting(tag_id=tag.tag_id, name=tag.name) for tag in directory.tags.values()),
        ),
        bitrix24=Bitrix24Settings(user_id=config.bitrix_user_id),
        console=ConsoleSettings(),
    )
