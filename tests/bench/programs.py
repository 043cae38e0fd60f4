"""The programs that are started and watched from outside: the console, the bare table, and other desktop phones."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.children import PYTHON, private_bus, screen_environment
from tests.bench.payloads import MY_EMPLOYEE_ID

CONSOLE, TABLE, LINPHONE, TWINKLE = "pult", "bare table", "linphone", "twinkle"


@dataclass(frozen=True, slots=True)
class Program:
    """`prepare` fills an empty home; `needs`: the executable that has to be installed."""

    name: str
    argv: tuple[str, ...]
    prepare: Callable[[Path], None] = lambda _: None
    secrets: Mapping[str, str] | None = None
    needs: str = PYTHON

    @property
    def is_there(self) -> bool:
        return shutil.which(self.needs) is not None


def console_config(home: Path, pbx_url: str, *, poll_interval_s: float = 1.0) -> Path:
    """A settings file for that PBX, so that no first-start dialog opens."""
    path = home / "config.toml"
    lines = (
        "[pbx]",
        f'call_api_url = "{pbx_url}"',
        f"employee_id = {MY_EMPLOYEE_ID}",
        f"poll_interval_s = {poll_interval_s}",
        "[console]",
        'language = "ru"',
    )
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def console(pbx_url: str) -> Program:
    """The real program as an operator starts it, signed in at that PBX."""
    # The home is made for each run, so the paths are relative to it and set in `started`.
    argv = (PYTHON, "-m", "ui", "--config", "{home}/config.toml", "--data-dir", "{home}/pult")
    secrets = {"PULT_PBX_TOKEN": "bench-token"}
    return Program(CONSOLE, argv, lambda home: _write_config(home, pbx_url), secrets)


def bare_table() -> Program:
    return Program(TABLE, (PYTHON, "-m", "tests.bench.reference_table"))


def linphone() -> Program:
    return Program(LINPHONE, ("linphone",), needs="linphone")


def twinkle() -> Program:
    """With a profile of one line and a null sound device: else its first window is a complaint about either."""
    return Program(
        TWINKLE,
        ("twinkle", "-f", "bench", "--force", "--sip-port", "15060", "--rtp-port", "18000"),
        _twinkle_home,
        needs="twinkle",
    )


@contextmanager
def home_of(program: Program, display: str) -> Iterator[tuple[list[str], dict[str, str]]]:
    """A fresh home and session bus for one run: the command line and the environment to start the program with."""
    with tempfile.TemporaryDirectory(prefix="pult-bench-", ignore_cleanup_errors=True) as folder, private_bus() as bus:
        home = Path(folder)
        program.prepare(home)
        argv = [part.replace("{home}", folder) for part in program.argv]
        yield argv, screen_environment(display, home) | bus | dict(program.secrets or {})


def _write_config(home: Path, pbx_url: str) -> None:
    console_config(home, pbx_url)


def _twinkle_home(home: Path) -> None:
    (home / ".twinkle").mkdir()
    (home / ".twinkle" / "bench.cfg").write_text("user_name=bench\n", "utf-8")
    (home / ".asoundrc").write_text("pcm.!default { type null }\nctl.!default { type null }\n", "utf-8")
