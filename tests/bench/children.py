"""Processes that the bench starts and surely ends: a private X server, a private session bus, programs to measure."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sys.executable
_PATIENCE_S = 5.0


class CannotRun(Exception):
    """The bench lacks something; the text says what."""


@contextmanager
def child(
    argv: Sequence[str],
    environment: Mapping[str, str] | None = None,
    *,
    output: int = subprocess.DEVNULL,
    errors: int | None = subprocess.DEVNULL,
) -> Iterator[subprocess.Popen[bytes]]:
    """A program in a process group of its own, ended with all it started when the block ends."""
    process = subprocess.Popen(
        argv,
        cwd=ROOT,
        env=None if environment is None else dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        process_group=0,
    )
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End the process and its group, kindly at first."""
    for signal_number, patience_s in ((signal.SIGTERM, _PATIENCE_S), (signal.SIGKILL, _PATIENCE_S)):
        try:
            os.killpg(process.pid, signal_number)
        except ProcessLookupError:
            break
        try:
            process.wait(patience_s)
        except subprocess.TimeoutExpired:
            continue
    if process.stdout is not None:
        process.stdout.close()


@contextmanager
def private_display() -> Iterator[str]:
    """An X server for one bench, without window manager. Gives its name, ":7".

    Raises:
        CannotRun: Xvfb is missing or does not start.
    """
    if shutil.which("Xvfb") is None:
        raise CannotRun("Xvfb is not installed")
    reading, writing = os.pipe()
    argv = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1080x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(argv, stderr=subprocess.DEVNULL, pass_fds=(writing,), process_group=0)
    os.close(writing)
    try:
        ready, _, _ = select.select([reading], [], [], 20)
        name = os.read(reading, 64).decode().strip() if ready else ""
        if not name:
            raise CannotRun("Xvfb does not start")
        yield f":{name}"
    finally:
        os.close(reading)
        end(server)


@contextmanager
def private_bus() -> Iterator[dict[str, str]]:
    """A session bus for one run, started before the clock; gives the variable that names it, nothing without D-Bus."""
    if shutil.which("dbus-daemon") is None:
        yield {"DBUS_SESSION_BUS_ADDRESS": "disabled:"}
        return
    argv = ["dbus-daemon", "--session", "--nofork", "--print-address"]
    with child(argv, output=subprocess.PIPE) as bus:
        assert bus.stdout is not None
        yield {"DBUS_SESSION_BUS_ADDRESS": bus.stdout.readline().decode().strip()}


def screen_environment(display: str, home: Path) -> dict[str, str]:
    """The environment of a program that opens a real window on that display, with an empty home of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {
        "LANG": kept.get("LANG", "C.UTF-8"),
        "DISPLAY": display,
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "QT_QPA_PLATFORM": "xcb",
    }
