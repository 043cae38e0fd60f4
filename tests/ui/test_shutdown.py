"""Every way to end the console ends it cleanly, within three seconds, also with a request in flight."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from app.settings import save_settings
from app.simulator.config import SimulatorConfig
from app.simulator.faults import BlackHole, HoldUntilReleased
from app.simulator.runner import Simulator
from tests.helpers.services import settings_for
from tests.helpers.waiting import until

_ROOT = Path(__file__).resolve().parents[2]
_ENDS_WITHIN_S = 5.0

_CLOSE_WINDOW = """
import sys
from ui import console
attach = console._attach
def attach_and_close(run, services, hardening):
    from PySide6.QtCore import QTimer
    made = attach(run, services, hardening)
    QTimer.singleShot({after_ms}, run.window, run.window.close)
    return made
console._attach = attach_and_close
from ui.main import main
sys.exit(main({words!r}))
"""


async def _start(simulator: Simulator, data_dir: Path, *, close_after_ms: int | None) -> asyncio.subprocess.Process:
    data_dir.mkdir(exist_ok=True)
    save_settings(data_dir / "config.toml", settings_for(simulator))
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "PULT_PBX_PASSWORD": simulator.config.password,
        "PULT_BITRIX24_WEBHOOK": simulator.webhook_url,
    }
    words = ["--data-dir", str(data_dir)]
    program = ["-m", "ui", *words]
    if close_after_ms is not None:
        program = ["-c", _CLOSE_WINDOW.format(after_ms=close_after_ms, words=words)]
    return await asyncio.create_subprocess_exec(
        sys.executable, *program, cwd=_ROOT, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def _ended(process: asyncio.subprocess.Process) -> tuple[int, str, float]:
    began = time.monotonic()
    _, stderr = await asyncio.wait_for(process.communicate(), _ENDS_WITHIN_S)
    return process.returncode or 0, stderr.decode(), time.monotonic() - began


@pytest.fixture(name="loop_factory")
def plain_loop() -> None:
    """The console runs in a process of its own; asyncio's own loop can watch it."""


@pytest.mark.parametrize("is_in_flight", [False, True], ids=["idle", "request in flight"])
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
async def test_a_signal_ends_the_console(tmp_path: Path, end: signal.Signals, is_in_flight: bool) -> None:
    async with Simulator(SimulatorConfig(scenario="tour")) as simulator:
        rule = simulator.faults.add(HoldUntilReleased(), face="pbx", operation="list.calls") if is_in_flight else None
        process = await _start(simulator, tmp_path / "data", close_after_ms=None)
        if rule is not None:
            await asyncio.wait_for(rule.wait_held(), 20.0)
        else:
            await simulator.journal.wait_for(lambda entry: entry.operation == "list.calls", 20.0)
        process.send_signal(end)
        code, stderr, took_s = await _ended(process)
        assert (code, _complaints(stderr)) == (0, [])
        assert took_s < _ENDS_WITHIN_S


@pytest.mark.parametrize("is_in_flight", [False, True], ids=["idle", "request in flight"])
async def test_closing_the_window_ends_the_console_and_keeps_its_layout(tmp_path: Path, is_in_flight: bool) -> None:
    async with Simulator(SimulatorConfig(scenario="tour")) as simulator:
        if is_in_flight:
            simulator.faults.add(BlackHole(), face="pbx", operation="list.calls", times=None)
        process = await _start(simulator, tmp_path / "data", close_after_ms=700)
        _, stderr = await asyncio.wait_for(process.communicate(), 20.0)
        assert (process.returncode, _complaints(stderr.decode())) == (0, [])
        assert (tmp_path / "data" / "window.ini").exists()


async def test_the_second_console_on_a_folder_brings_the_first_to_the_front(tmp_path: Path) -> None:
    async with Simulator(SimulatorConfig(scenario="tour")) as simulator:
        first = await _start(simulator, tmp_path / "data", close_after_ms=None)
        await simulator.journal.wait_for(lambda entry: entry.operation == "list.calls", 20.0)
        second = await _start(simulator, tmp_path / "data", close_after_ms=None)
        _, stderr = await asyncio.wait_for(second.communicate(), 20.0)
        assert second.returncode == 0
        assert "running already" in stderr.decode()
        first.send_signal(signal.SIGTERM)
        assert (await _ended(first))[0] == 0


async def test_a_key_nobody_knows_ends_with_its_path(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[pbx]\nlogn = 'x'\n", encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "ui", "--config", str(config), "--data-dir", str(tmp_path / "data"),
        cwd=_ROOT, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, stderr = await asyncio.wait_for(process.communicate(), 20.0)
    assert process.returncode == 2
    assert "pbx.logn" in stderr.decode()


async def test_the_demo_leaves_nothing_behind(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(tmp_path), "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(home), "LANG": "C.UTF-8",
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "ui", "--demo", cwd=_ROOT, env=environment, stderr=asyncio.subprocess.PIPE
    )
    await until(lambda: list(tmp_path.glob("pult-demo-*/pult.db")), 20.0, what="the demo's database")
    process.send_signal(signal.SIGINT)
    code, stderr, _ = await _ended(process)
    assert (code, _complaints(stderr)) == (0, [])
    assert list(tmp_path.glob("pult-demo-*")) == []
    left = [path for path in home.rglob("*") if path.is_file() and ".cache" not in path.parts]
    assert left == []


def _complaints(stderr: str) -> list[str]:
    """What was said on stderr, but for one line of the offscreen platform."""
    return [line for line in stderr.splitlines() if line and "propagateSizeHints" not in line]
