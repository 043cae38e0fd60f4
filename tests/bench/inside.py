"""Benches that need the window within their process run as children of their own; how they are called and answer."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.bench.children import PYTHON, CannotRun, child, private_display, screen_environment

_TIMEOUT_S = 600.0


def run_inside(module: str, arguments: Mapping[str, object], *, has_window: bool = True) -> dict[str, Any]:
    """Run `tests.bench.<module>` on a display of its own with these arguments; gives what it answered.

    `has_window`: it is loaded the way the product is.

    Raises:
        CannotRun: it failed or took too long; with the last line of its complaint.
    """
    with private_display() as display, tempfile.TemporaryDirectory(prefix="pult-bench-") as folder:
        home = Path(folder)
        # It knows its folder by HOME: settings and data of the console under measurement go there.
        whole_environment = screen_environment(display, home)
        whole_environment["DBUS_SESSION_BUS_ADDRESS"] = "disabled:"
        complaint = home / "errors.txt"
        start = ["tests.bench.launch", module] if has_window else [f"tests.bench.{module}"]
        argv = [PYTHON, "-m", *start, json.dumps(arguments)]
        with (
            complaint.open("wb") as errors,
            child(argv, whole_environment, output=subprocess.PIPE, errors=errors.fileno()) as process,
        ):
            try:
                said, _ = process.communicate(timeout=_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                raise CannotRun(f"{module} took longer than {_TIMEOUT_S:g} s") from None
        if process.returncode != 0 or not said.strip():
            raise CannotRun(f"{module} ended with {process.returncode}: {_last_line(complaint)}")
    answer = json.loads(said.splitlines()[-1])
    assert isinstance(answer, dict)
    return answer


def answer(found: Mapping[str, object]) -> None:
    """What the child found, for whoever called it."""
    print(json.dumps(found), flush=True)


def home() -> Path:
    """The child's own folder."""
    return Path(os.environ["HOME"])


def _last_line(path: Path) -> str:
    lines = path.read_text("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"
