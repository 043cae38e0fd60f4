"""Imports that the layer contracts of pyproject.toml cannot express: rooms with a short list of what they may use."""

from __future__ import annotations

import sys
from collections.abc import Collection

from tests.architecture.rules.source import Rule, Tree, imported


def domain_imports(tree: Tree) -> list[str]:
    """The domain is the standard library and itself."""
    return _beyond(tree, "app/domain", own="app.domain", others=())


def simulator_imports(tree: Tree) -> list[str]:
    """The simulator shares no code with the clients it plays against."""
    return _beyond(tree, "app/simulator", own="app.simulator", others=("h11",))


def httpx_imports(tree: Tree) -> list[str]:
    return [
        module.at(line, name)
        for module in tree.modules()
        if not module.is_in("app/http")
        for line, name in imported(module)
        if name.split(".")[0] in ("httpx", "httpcore")
    ]


def run_imports(tree: Tree) -> list[str]:
    """run.py starts on a machine that has nothing but Python."""
    return _beyond(tree, "run.py", own="run", others=())


def relative_imports(tree: Tree) -> list[str]:
    """Absolute names only, so that a reader (and the rules above) see the room in every import."""
    return [
        module.at(line, name) for module in tree.modules() for line, name in imported(module) if name.startswith(".")
    ]


def _beyond(tree: Tree, room: str, *, own: str, others: Collection[str]) -> list[str]:
    return [
        module.at(line, name)
        for module in tree.modules(room)
        for line, name in imported(module)
        if not (name + ".").startswith(own + ".")
        and name.split(".")[0] not in others
        and name.split(".")[0] not in sys.stdlib_module_names
    ]


RULES: tuple[Rule, ...] = (domain_imports, simulator_imports, httpx_imports, run_imports, relative_imports)
