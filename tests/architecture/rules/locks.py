"""What the locked requirements must hold: hashes for everything, one version everywhere, no Qt for the core."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.rules.source import Rule, Tree

RUNTIME, DEVELOPMENT, CORE = "requirements.lock", "requirements-dev.lock", "requirements-core.lock"

# 6.12.0 loses a reference at every void call on Python < 3.12; 6.11.3 is the newest that does not.
QT_VERSION = "6.11.3"
QT_PACKAGES = frozenset({"pyside6-essentials", "shiboken6", "qasync"})

_PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9-]*)==(?P<version>[^\s;\\]+)( ; [^\\]+)? \\$")
_HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


@dataclass(frozen=True, slots=True)
class _Lock:
    name: str
    lines: tuple[str, ...]

    def versions(self) -> dict[str, str]:
        pins = (_PIN.match(line) for line in self.lines)
        return {pin["name"]: pin["version"] for pin in pins if pin}


def lock_hashes(tree: Tree) -> list[str]:
    """Every line is a pin that continues into hashes, or a hash; no option, no address, no unpinned name."""
    found = []
    for lock in _locks(tree.root):
        for number, line in enumerate(lock.lines, 1):
            follows = lock.lines[number] if number < len(lock.lines) else ""
            if not (_HASH.match(line) or (_PIN.match(line) and _HASH.match(follows))):
                found.append(f"{lock.name}:{number}: {line[:60]}")
    return found


def lock_versions(tree: Tree) -> list[str]:
    """Qt at the one version that works; the smaller locks are parts of the development lock; the core has no Qt."""
    versions = {lock.name: lock.versions() for lock in _locks(tree.root)}
    found = []
    for lock_name in (RUNTIME, DEVELOPMENT):
        wrong = {package: versions[lock_name].get(package) for package in ("pyside6-essentials", "shiboken6")}
        found += [
            f"{lock_name}:1: {name} {got} is not {QT_VERSION}" for name, got in wrong.items() if got != QT_VERSION
        ]
    for lock_name in (RUNTIME, CORE):
        pins = versions[lock_name].items()
        differing = [name for name, version in pins if versions[DEVELOPMENT].get(name) != version]
        found += [f"{lock_name}:1: {name} differs from {DEVELOPMENT}" for name in differing]
    found += [f"{CORE}:1: {package} is Qt's" for package in sorted(QT_PACKAGES & versions[CORE].keys())]
    return found


def _locks(root: Path) -> list[_Lock]:
    names = (RUNTIME, DEVELOPMENT, CORE)
    return [_Lock(name, tuple((root / name).read_text("utf-8").splitlines())) for name in names]


RULES: tuple[Rule, ...] = (lock_hashes, lock_versions)
