"""Keeps the process's memory to itself: no core dumps, not readable by the user's other programs, crash
stacks without values."""

from __future__ import annotations

import ctypes
import faulthandler
import os
import sys
from collections.abc import MutableMapping
from dataclasses import dataclass
from enum import Enum
from io import BufferedWriter
from pathlib import Path

_PR_GET_DUMPABLE, _PR_SET_DUMPABLE = 3, 4
_CRASH_FILE = "crash.txt"
# Kept for the life of the process: faulthandler holds the descriptor only.
_crash_file: BufferedWriter | None = None


class Outcome(Enum):
    """What became of one step."""

    DONE = "done"
    NOT_AVAILABLE = "not_available"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class HardeningReport:
    """Outcome of each step by its name, for the Diagnostics page."""

    steps: dict[str, Outcome]

    @property
    def is_complete(self) -> bool:
        return Outcome.FAILED not in self.steps.values()


def harden_process(
    crash_folder: Path | None = None, environment: MutableMapping[str, str] = os.environ
) -> HardeningReport:
    """Take every step this system has. Never raises: a step that fails is in the report.

    `crash_folder`: where stacks go when the interpreter itself crashes; it must exist. SSLKEYLOGFILE is
    dropped from `environment`: it would write the keys of every connection to a file.
    """
    steps = {
        "no_core_dumps": _no_core_dumps(),
        "not_dumpable": _not_dumpable(environment),
        "safe_dll_search": _safe_dll_search(),
        "crash_stacks": _crash_stacks(crash_folder),
        "no_tls_key_log": _no_tls_key_log(environment),
    }
    return HardeningReport(steps)


def _no_core_dumps() -> Outcome:
    if sys.platform == "win32":
        return Outcome.NOT_AVAILABLE
    import resource

    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError):
        return Outcome.FAILED
    return Outcome.DONE if resource.getrlimit(resource.RLIMIT_CORE) == (0, 0) else Outcome.FAILED


def _not_dumpable(environment: MutableMapping[str, str]) -> Outcome:
    """Also takes ptrace and /proc/PID/mem away from the user's other processes."""
    # In a sandbox the desktop portals read /proc/PID/root of the caller, which this would forbid.
    is_sandboxed = "SNAP" in environment or Path("/.flatpak-info").exists()
    if not sys.platform.startswith("linux") or is_sandboxed:
        return Outcome.NOT_AVAILABLE
    try:
        system = ctypes.CDLL(None, use_errno=True)
        system.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        return Outcome.DONE if system.prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 else Outcome.FAILED
    except (OSError, AttributeError):
        return Outcome.FAILED


def _safe_dll_search() -> Outcome:
    """Libraries are not looked for in the current folder, where a download may lie."""
    windows = getattr(ctypes, "windll", None)
    if windows is None:
        return Outcome.NOT_AVAILABLE
    return Outcome.DONE if windows.kernel32.SetDllDirectoryW("") else Outcome.FAILED


def _crash_stacks(folder: Path | None) -> Outcome:
    """Function names and lines of all threads; faulthandler never prints values."""
    global _crash_file
    if folder is None:
        return Outcome.NOT_AVAILABLE
    try:
        handle = os.open(folder / _CRASH_FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError:
        return Outcome.FAILED
    previous, _crash_file = _crash_file, os.fdopen(handle, "wb")
    faulthandler.enable(_crash_file, all_threads=True)
    if previous is not None:
        previous.close()
    return Outcome.DONE


def _no_tls_key_log(environment: MutableMapping[str, str]) -> Outcome:
    """Not available means: it was not set. Done: it was set, and is not any more."""
    return Outcome.NOT_AVAILABLE if environment.pop("SSLKEYLOGFILE", None) is None else Outcome.DONE
