"""Runs the headless commands as a script does: real processes with a config file and a data folder. No tests."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.simulator.config import SimulatorConfig
from app.simulator.runner import Simulator
from tests.helpers.services import ME

PASSWORD = "канарейка-7f3a"
CALLER = "79062195047"


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out.splitlines()[0])


class Shell:
    """Runs `python -m app` with a config file and a data folder."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.config = folder / "config.toml"
        self.data = folder / "data"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PULT_")},
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            **environment,
        }

    @property
    def places(self) -> tuple[str, ...]:
        """The words that name the config file and the data folder."""
        return "--config", str(self.config), "--data-dir", str(self.data)

    async def start(self, *words: str) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app", *words, stdin=pipe, stdout=pipe, stderr=pipe, env=self.environment
        )

    async def run(self, *words: str, stdin: str = "") -> Ended:
        process = await self.start(*words, *self.places)
        out, err = await process.communicate(stdin.encode())
        return Ended(process.returncode or 0, out.decode(), err.decode())


@asynccontextmanager
async def command_shell(folder: Path, **environment: str) -> AsyncIterator[tuple[Simulator, Shell]]:
    """A simulator, and a shell whose environment holds its secrets."""
    async with Simulator(SimulatorConfig(scenario="tour", password=PASSWORD)) as simulator:
        given = {"PULT_PBX_PASSWORD": PASSWORD, "PULT_BITRIX24_WEBHOOK": simulator.webhook_url}
        shell = Shell(folder, {**given, **environment})
        write_config(shell.config, simulator)
        yield simulator, shell


def write_config(path: Path, simulator: Simulator, extra: str = "") -> None:
    path.write_text(
        f'[pbx]\ncall_api_url = "{simulator.pbx_url}"\nlogin = "{simulator.config.login}"\n'
        f'data_api_url = "{simulator.data_api_url}"\n'
        f"employee_id = {ME}\n[bitrix24]\nuser_id = {simulator.config.bitrix_user_id}\n{extra}",
        encoding="utf-8",
    )
