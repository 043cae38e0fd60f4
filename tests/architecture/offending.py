"""Planted offenders: unified diffs, each adding or replacing files that break one rule, applied to a copy of the tree.

Named `RULE.what-it-does.diff`. They only add whole files, so that no change of the tree can make one stale.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "offenders"
# The address itself may stand in no file, so the planted ones carry a mark instead.
_REGISTRY_MARK, _REGISTRY = "REGISTRY-OF-PACKAGES", "py" + "pi.org"
_HUNK = re.compile(r"^@@ -0,0 \+1(,(?P<lines>\d+))? @@$")


@dataclass(frozen=True, slots=True)
class Offender:
    """One diff and the rule it breaks."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name.removesuffix(".diff")

    @property
    def rule_name(self) -> str:
        return self.name.partition(".")[0]

    @contextmanager
    def planted(self, root: Path) -> Iterator[tuple[str, ...]]:
        """The tree with the diff applied, as the paths of the changed files; afterwards as it was."""
        files = added_files(self.path.read_text("utf-8").replace(_REGISTRY_MARK, _REGISTRY))
        before = {name: (root / name).read_bytes() if (root / name).is_file() else None for name in files}
        made: list[Path] = []
        for name, text in files.items():
            made += [folder for folder in (root / name).parents if not folder.exists()]
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, "utf-8")
        try:
            yield tuple(files)
        finally:
            for name, content in before.items():
                (root / name).unlink()
                if content is not None:
                    (root / name).write_bytes(content)
            for folder in made:
                shutil.rmtree(folder, ignore_errors=True)


def added_files(diff: str) -> dict[str, str]:
    """Path and text of every file a diff adds. Raises ValueError for a diff that does anything else."""
    files: dict[str, str] = {}
    lines = iter(diff.splitlines())
    for line in lines:
        if line != "--- /dev/null":
            raise ValueError(f"not the start of an added file: {line}")
        name = next(lines).removeprefix("+++ b/")
        hunk = _HUNK.match(next(lines))
        if hunk is None:
            raise ValueError(f"{name} is not added as one hunk")
        added = [next(lines) for _ in range(int(hunk["lines"] or 1))]
        if not all(part.startswith("+") for part in added):
            raise ValueError(f"{name} has lines that are not added")
        files[name] = "".join(f"{part[1:]}\n" for part in added)
    return files


OFFENDERS = tuple(Offender(path) for path in sorted(_FOLDER.glob("*.diff")))


def offenders_of(rule_names: Collection[str]) -> list[Offender]:
    return [offender for offender in OFFENDERS if offender.rule_name in rule_names]


def copy_of_the_tree(root: Path, destination: Path) -> Path:
    """What the rules and the layer contracts look at."""
    destination.mkdir(parents=True)
    unseen = shutil.ignore_patterns("__pycache__")
    for room in ("app", "ui", "tests", "packaging", "resources"):
        if (root / room).is_dir():
            shutil.copytree(root / room, destination / room, ignore=unseen)
    for path in root.iterdir():
        if path.is_file() and path.suffix in (".lock", ".toml", ".py", ".md"):
            shutil.copy(path, destination)
    return destination
