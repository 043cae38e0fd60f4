"""The simulator and consoles as processes, as a customer starts them, and the phones steered from outside. No tests."""

from __future__ import annotations

import json
import sys
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.helpers.drive import Desktop, Program, wait_until

ROOT = Path(__file__).resolve().parents[2]
ME = 2001
CONFIG = """
[pbx]
call_api_url = "{pbx_url}"
login = "{login}"
employee_id = {employee_id}
poll_interval_s = 1.0
[[pbx.tags]]
id = 254
name = "Целевой"
[[pbx.employees]]
id = 2001
name = "Орлова Марина Сергеевна"
extension = "101"
[[pbx.employees]]
id = 2002
name = "Гусев Пётр Ильич"
extension = "102"
[bitrix24]
user_id = {bitrix24_user_id}
[console]
language = "en"
"""


class Office:
    """`python -m app simulate` and any number of `python -m ui`, all ended with the block."""

    def __init__(self, desktop: Desktop, folder: Path) -> None:
        self.desktop = desktop
        self.folder = folder
        self.data_dir = folder / "data"
        self._programs: list[Program] = []
        self._simulator = self._start(["-m", "app", "simulate", "--json", "--scenario", "tour"], "simulator", {})
        said = wait_until(lambda: "\n" in self._simulator.words(), 20.0, "the simulator's addresses")
        assert said
        self.credentials: dict[str, Any] = json.loads(self._simulator.words().splitlines()[0])

    def __enter__(self) -> Office:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for program in reversed(self._programs):
            program.end()

    def open_console(self, *, is_signed_in: bool = True, name: str = "console") -> Program:
        """A console with its window on the screen; the secrets come by the environment, as in a kiosk."""
        arguments = ["-m", "ui", "--data-dir", str(self.data_dir), "--lang", "en"]
        environment = {}
        if is_signed_in:
            config = self.folder / "config.toml"
            config.write_text(CONFIG.format_map(self.credentials), "utf-8")
            arguments += ["--config", str(config)]
            environment = {
                "PULT_PBX_PASSWORD": self.credentials["password"],
                "PULT_BITRIX24_WEBHOOK": self.credentials["bitrix24_webhook"],
            }
        console = self._start(arguments, name, environment)
        self.desktop.wait(20.0, role="frame", name="Pult")
        if is_signed_in:
            self.desktop.wait_text("Connected", id="status_link")
        return console

    def phone(self, action: str, **arguments: object) -> Any:
        """What people at their phones do: any path of the simulator's control port. Raises HTTPError when it cannot."""
        request = urllib.request.Request(
            f"{self.credentials['control_url']}/{action}",
            data=json.dumps(arguments).encode(),
            headers={"x-control-token": self.credentials["control_token"]},
        )
        with urllib.request.urlopen(request, timeout=10) as reply:
            return json.load(reply)["result"]

    def ring(self, contact: str) -> int:
        """A customer calls me; the call session id."""
        return int(self.phone("ring", contact=contact, employees=[ME])["call_session_id"])

    def done(self, operation: str) -> list[Mapping[str, Any]]:
        """The requests of one method that were carried out, oldest first."""
        return [
            entry for entry in self.phone("journal") if entry["operation"] == operation and entry["outcome"] == "ok"
        ]

    def _start(self, arguments: list[str], name: str, environment: Mapping[str, str]) -> Program:
        program = self.desktop.launch(
            [sys.executable, *arguments], name=f"{self.folder.name}-{name}", environment=environment, cwd=ROOT
        )
        self._programs.append(program)
        return program
