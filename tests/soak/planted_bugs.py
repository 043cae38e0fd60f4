"""Bugs planted in copies of the program, one-line diffs in `planted/`: the session model must find each of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class PlantedBug:
    """A one-line diff: the line as it is in a file of the program, and what takes its place."""

    path: Path

    def plant(self, tree: Path) -> None:
        """Change that line in a copy. Raises ValueError when the program has no such line any more."""
        lines = self.path.read_text("utf-8").splitlines()
        target = tree / lines[1].removeprefix("+++ b/")
        before = next(line[1:] for line in lines[2:] if line.startswith("-"))
        after = next(line[1:] for line in lines[2:] if line.startswith("+"))
        text = target.read_text("utf-8")
        if text.count(f"{before}\n") != 1:
            raise ValueError(f"{self.path.name} is stale: {target.name} has not exactly one line {before!r}")
        target.write_text(text.replace(f"{before}\n", f"{after}\n"), "utf-8")


PLANTED_BUGS = tuple(PlantedBug(path) for path in sorted((Path(__file__).parent / "planted").glob("*.diff")))


def is_found(bug: PlantedBug, steps: int, seed: int = 1) -> bool:
    """Plant the bug in a copy of the program and play there, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        unseen = shutil.ignore_patterns("__pycache__", "ui")
        for room in ("app", "tests", "resources"):
            shutil.copytree(_ROOT / room, tree / room, ignore=unseen)
        bug.plant(tree)
        command = [sys.executable, "-m", "tests.soak.session_model", "--steps", str(steps), "--seed", str(seed)]
        environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
        played = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    if played.returncode not in (0, 1) or (played.returncode == 1 and "broken: " not in played.stdout):
        raise RuntimeError(f"{bug.path.name}: {played.stderr[-2000:]}")
    return played.returncode == 1
