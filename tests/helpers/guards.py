"""What no test may do unnoticed: log a warning, leave a thread, leave this machine, keep a changed environment."""

from __future__ import annotations

import ipaddress
import logging
import os
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_THREAD_GRACE_S = 3.0


class NetworkBlocked(RuntimeError):
    """Code under test wanted to talk to an address outside this machine."""


@dataclass(slots=True)
class _Expectation:
    pattern: re.Pattern[str]
    is_optional: bool
    seen: list[logging.LogRecord] = field(default_factory=list)


class ExpectedLog(logging.Handler):
    """Collects warnings and errors; what the test has not announced fails it, and so does what it announced in vain."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._expectations: list[_Expectation] = []
        self._arrived: list[tuple[str, logging.LogRecord]] = []

    def __call__(self, pattern: str, *, optional: bool = False) -> None:
        """Announce records whose `logger: message` the regular expression finds, earlier ones included."""
        self._expectations.append(_Expectation(re.compile(pattern), optional))

    def emit(self, record: logging.LogRecord) -> None:
        self._arrived.append((f"{record.name}: {record.getMessage()}", record))

    @property
    def records(self) -> list[logging.LogRecord]:
        return [record for _, record in self._arrived]

    def complaints(self) -> list[str]:
        """What is wrong, as sentences."""
        unexpected = [line for line, _ in self._arrived if not self._is_expected(line)]
        silent = [
            expectation.pattern.pattern
            for expectation in self._expectations
            if not expectation.is_optional and not any(expectation.pattern.search(line) for line, _ in self._arrived)
        ]
        return [f"unexpected log record: {line}" for line in unexpected] + [
            f"expected log record never came: {pattern}" for pattern in silent
        ]

    def _is_expected(self, line: str) -> bool:
        return any(expectation.pattern.search(line) for expectation in self._expectations)


@contextmanager
def watched_log() -> Iterator[ExpectedLog]:
    """The expectations of one test; raises AssertionError at its end for what was not expected."""
    expected_log = ExpectedLog()
    root = logging.getLogger()
    root.addHandler(expected_log)
    try:
        yield expected_log
    finally:
        root.removeHandler(expected_log)
    complaints = expected_log.complaints()
    if complaints:
        raise AssertionError("\n".join(complaints))


@contextmanager
def watched_threads() -> Iterator[None]:
    """Raises AssertionError when the block leaves a thread that would keep the program from ending."""
    before = set(threading.enumerate())
    yield
    deadline_s = time.monotonic() + _THREAD_GRACE_S
    left = _threads_since(before)
    while left and time.monotonic() < deadline_s:
        left[0].join(0.05)
        left = _threads_since(before)
    if left:
        raise AssertionError("the test left threads running: " + ", ".join(thread.name for thread in left))


def _threads_since(before: set[threading.Thread]) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]


@contextmanager
def restored_environment() -> Iterator[None]:
    """Puts os.environ back as it was."""
    before = dict(os.environ)
    try:
        yield
    finally:
        if dict(os.environ) != before:
            os.environ.clear()
            os.environ.update(before)


def clean_environment(home: Path) -> None:
    """Takes away what the person's shell says to Pult, HTTP clients and keyrings; folders lie under `home`."""
    for name in list(os.environ):
        lowered = name.lower()
        if lowered.startswith("pult_") or lowered.endswith("_proxy") or name in _FOREIGN_VARIABLES:
            del os.environ[name]
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        os.environ[f"XDG_{name}_HOME"] = str(home / name.lower())
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)


# The session bus leads to the person's own keyring and notifications.
_FOREIGN_VARIABLES = frozenset({"DBUS_SESSION_BUS_ADDRESS", "PYTHON_KEYRING_BACKEND", "SSLKEYLOGFILE", "QT_API"})


class NetworkGuard:
    """Sees every connect, datagram and name look-up of this process (not of its children) by an audit hook."""

    def __init__(self) -> None:
        self.violations: list[str] = []
        self._is_on = False

    def install(self) -> None:
        """For the life of the process: audit hooks cannot be taken away."""
        self._is_on = True
        sys.addaudithook(self._see)

    def take_violations(self) -> list[str]:
        taken, self.violations = self.violations, []
        return taken

    def _see(self, name: str, arguments: tuple[object, ...]) -> None:
        if not self._is_on or not name.startswith("socket."):
            return
        host: object = None
        if name in ("socket.connect", "socket.sendto"):
            address = arguments[1]
            host = address[0] if isinstance(address, tuple) else None
        elif name == "socket.getaddrinfo":
            host = arguments[0]
        if not is_on_this_machine(host):
            self.violations.append(f"{name} {host}")
            raise NetworkBlocked(f"tests stay on this machine: {name} {host}")


def is_on_this_machine(host: object) -> bool:
    """Loopback addresses, their usual names, no host at all, and names that never resolve anywhere."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if not isinstance(name, str) or name in ("", "localhost") or name.endswith(".invalid"):
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False
