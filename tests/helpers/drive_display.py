"""A private display with a bus, AT-SPI and a window manager, and the programs started on it. Looks at no widget."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self, TypeVar

SYSTEM_PYTHON = "/usr/bin/python3"
LAUNCHER = "/usr/libexec/at-spi-bus-launcher"
NEEDS = {
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "dbus-daemon": "dbus",
    "dbus-send": "dbus",
    LAUNCHER: "at-spi2-core",
    "openbox": "openbox",
    "setpriv": "util-linux",
}
_PROBE = "from gi.repository import Gio"
# What is started here must not outlive a test run that is killed.
_WITH_US = ("setpriv", "--pdeathsig", "KILL")
_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
_LOOK_EVERY_S = 0.05
_FOREIGN = (
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "DBUS_SESSION_BUS_ADDRESS",
    "AT_SPI_BUS_ADDRESS",
    "XAUTHORITY",
    "QT_QPA_PLATFORM",
    "NO_AT_BRIDGE",
)

_never = threading.Event()

T = TypeVar("T")


class DriveError(AssertionError):
    """A widget is not there, does not show what it should, or the desktop does not work."""


def missing_packages() -> list[str]:
    """Debian packages still to be installed; empty when everything is there."""
    missing = {package for program, package in NEEDS.items() if not shutil.which(program)}
    try:
        probe = subprocess.run([SYSTEM_PYTHON, "-c", _PROBE], capture_output=True, check=False)
        has_gi = probe.returncode == 0
    except OSError:
        has_gi = False
    return sorted(missing if has_gi else missing | {"python3-gi"})


def wait_until(look: Callable[[], T], timeout_s: float, what: str) -> T:
    """What `look` gives as soon as it is true; raises DriveError after `timeout_s`."""
    deadline_s = time.monotonic() + timeout_s
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > deadline_s:
            raise DriveError(f"not within {timeout_s} s: {what}")
        _never.wait(_LOOK_EVERY_S)


class Program:
    """One started program with its own process group and log."""

    def __init__(self, name: str, process: subprocess.Popen[str], log: Path) -> None:
        self.name = name
        self.process = process
        self.log = log

    def words(self) -> str:
        """All it has written so far."""
        return self.log.read_text("utf-8", "replace")

    def end(self, signal_number: int = signal.SIGTERM, patience_s: float = 5.0) -> int:
        """Send the signal and wait; what does not end is killed. Gives the exit code."""
        for number, wait_s in ((signal_number, patience_s), (signal.SIGKILL, 2.0)):
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                break
            try:
                self.process.wait(wait_s)
            except subprocess.TimeoutExpired:
                continue
            break
        return self.process.wait(2.0)


class PrivateDisplay:
    """Context manager. `folder` takes the logs and a home that no other program shares."""

    def __init__(self, folder: Path, *, screen: str = "1400x900x24") -> None:
        self.folder = folder
        self.environment: dict[str, str] = {}
        self._screen = screen
        self._programs: list[Program] = []
        self._helper: subprocess.Popen[str] | None = None
        # Short: the address of a Unix socket may have 107 bytes.
        self._runtime = tempfile.TemporaryDirectory(prefix="drv-", ignore_cleanup_errors=True)

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End what was started here, newest first, each by its own process group."""
        if self._helper is not None and self._helper.stdin is not None:
            self._helper.stdin.close()
        while self._programs:
            self._programs.pop().end(patience_s=2.0)
        if self._helper is not None and self._helper.stdout is not None:
            self._helper.stdout.close()
        self._runtime.cleanup()

    def launch(
        self, argv: Sequence[str], *, name: str, environment: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> Program:
        """Start a program on this desktop; its words go to `<name>.log`."""
        log = self.folder / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                [*_WITH_US, *argv],
                env={**self.environment, **(environment or {})},
                cwd=cwd,
                stdout=output,
                stderr=output,
                text=True,
                start_new_session=True,
            )
        program = Program(name, process, log)
        self._programs.append(program)
        return program

    def x(self, *argv: str) -> str:
        """Run an X or D-Bus tool on this desktop."""
        done = subprocess.run(argv, env=self.environment, capture_output=True, text=True, timeout=30, check=False)
        if done.returncode:
            raise DriveError(f"{argv}: {done.stderr.strip()}")
        return done.stdout

    # Inside.

    def _start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
        self.environment = kept | {
            "HOME": str(home),
            "XDG_RUNTIME_DIR": self._runtime.name,
            "XDG_CONFIG_HOME": str(home / ".config"),
            "XDG_DATA_HOME": str(home / ".local" / "share"),
            "XDG_CACHE_HOME": str(home / ".cache"),
            "XDG_CURRENT_DESKTOP": "drive",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "QT_QPA_PLATFORM": "xcb",
            "LANG": "C.UTF-8",
        }
        xvfb = ["Xvfb", "-screen", "0", self._screen, "-nolisten", "tcp", "-noreset", "-displayfd"]
        self.environment["DISPLAY"] = ":" + self._start_that_tells(xvfb, "xvfb")
        # Its own configuration: nothing is started because somebody asks for it, a keyring's prompt for example.
        configuration = self.folder / "bus.conf"
        configuration.write_text(_BUS, "utf-8")
        bus = ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--print-address"]
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = self._start_that_tells(bus, "dbus")
        # It must own its name before a program starts: Qt does not have D-Bus start it.
        self.launch([LAUNCHER, "--launch-immediately", "--a11y=1"], name="atspi")
        wait_until(lambda: self._is_owned("org.a11y.Bus"), 5, "org.a11y.Bus")
        self.launch(["openbox", "--sm-disable"], name="openbox")
        self._start_helper()

    def _start_that_tells(self, argv: Sequence[str], name: str) -> str:
        """Start a server that writes where it can be found into a descriptor: no race for a free display."""
        reading, writing = os.pipe()
        last = argv[-1]
        whole = [*argv[:-1], f"{last}={writing}"] if last == "--print-address" else [*argv, str(writing)]
        log = self.folder / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                [*_WITH_US, *whole],
                env=self.environment,
                stdout=output,
                stderr=output,
                text=True,
                pass_fds=(writing,),
                start_new_session=True,
            )
        os.close(writing)
        self._programs.append(Program(name, process, log))
        with os.fdopen(reading) as told:
            where = told.readline().strip()
        if not where:
            raise DriveError(f"{name} did not start")
        return where

    def _start_helper(self) -> None:
        helper = Path(__file__).with_name("drive_atspi.py")
        log = self.folder / "helper.log"
        with log.open("ab") as errors:
            self._helper = subprocess.Popen(
                [*_WITH_US, SYSTEM_PYTHON, str(helper)],
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
            )
        self._programs.append(Program("helper", self._helper, log))
        self.ask("ping")

    def _is_owned(self, bus_name: str) -> bool:
        bus = ("--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner")
        return "true" in self.x("dbus-send", "--session", "--print-reply", *bus, f"string:{bus_name}")

    def ask(self, operation: str, **arguments: object) -> object:
        """Have the AT-SPI side do something; raises DriveError when it cannot."""
        stdin, stdout = self._pipes()
        stdin.write(json.dumps({"op": operation, **arguments}) + "\n")
        stdin.flush()
        line = stdout.readline()
        if not line:
            raise DriveError("the AT-SPI side has ended: " + (self.folder / "helper.log").read_text("utf-8"))
        answer = json.loads(line)
        if "err" in answer:
            raise DriveError(answer["err"])
        return answer["ok"]

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        helper = self._helper
        if helper is None or helper.stdin is None or helper.stdout is None:
            raise DriveError("the desktop is not started")
        return helper.stdin, helper.stdout
