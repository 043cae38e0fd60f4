"""A source tree as the rules see it: its files, their text, their syntax."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# Two rooms hold everything that ships; the others are held to fewer rules.
PRODUCT = ("app", "ui")
EVERYTHING = ("app", "ui", "tests", "packaging", "run.py")

_UNSEEN = frozenset({"__pycache__", ".venv", ".venv-core", "build", "dist"})


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file: its path from the root of the tree, with slashes, and its text."""

    path: str
    text: str

    @property
    def syntax(self) -> ast.Module:
        return _parsed(self.text)

    def nodes(self) -> Iterator[ast.AST]:
        return iter(_nodes(self.text))

    def is_in(self, *places: str) -> bool:
        """Whether it is one of these files or lies in one of these folders."""
        return any(self.path == place or self.path.startswith(place + "/") for place in places)

    def at(self, line: int, complaint: str) -> str:
        return f"{self.path}:{line}: {complaint}"


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def _nodes(text: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(_parsed(text)))


@dataclass(frozen=True, slots=True)
class Tree:
    """The repository, or a copy of it."""

    root: Path

    def modules(self, *rooms: str) -> list[Module]:
        return [Module(self._name(path), path.read_text("utf-8")) for path in self.files(".py", *(rooms or PRODUCT))]

    def files(self, suffixes: str | tuple[str, ...], *rooms: str) -> list[Path]:
        """Files of the rooms (folders or files, from the root) with one of the suffixes, sorted."""
        found: list[Path] = []
        for room in rooms:
            place = self.root / room
            candidates = [place] if place.is_file() else sorted(place.rglob("*"))
            found += [
                path
                for path in candidates
                if path.name.endswith(suffixes)
                and path.is_file()
                and _UNSEEN.isdisjoint(path.relative_to(self.root).parts)
            ]
        return found

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


Rule = Callable[[Tree], list[str]]


def dotted(node: ast.AST) -> str:
    """`a.b.c` of an expression; parts that are not names are `?`, calls count as what they call."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return dotted(node.func)
    return "?"


def calls(module: Module) -> Iterator[tuple[ast.Call, str]]:
    """Every call with the dotted name of what is called."""
    for node in module.nodes():
        if isinstance(node, ast.Call):
            yield node, dotted(node.func)


def imported(module: Module) -> Iterator[tuple[int, str]]:
    """Line and full name of every import, wherever it stands; `from a import b` gives `a.b`."""
    for node in module.nodes():
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node.lineno, f"{'.' * node.level}{node.module or ''}.{alias.name}"
