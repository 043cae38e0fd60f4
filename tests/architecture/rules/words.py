"""What may not be written: sentences in the wrong half, open addresses, vague names, notes to self, registries."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.architecture.rules.source import EVERYTHING, Module, Rule, Tree

RUSSIAN_PLACES = (
    "app/uis",  # values on the wire are Russian words of the vendor
    "app/amocrm",  # an outcome in words is data for the account's feed, and refusals come in Russian
    "app/domain",  # and so are those the domain maps to its own
    "app/simulator",  # its world is peopled by Russians
    "app/settings/declared.py",  # what a caller hears on hold is data for the PBX, not a sentence on the screen
)

_CYRILLIC = re.compile("[а-яёА-ЯЁ]")
# w3.org: names of XML, which nobody opens.
_OPEN_ADDRESS = re.compile(r"http://(?!127\.|localhost\b|www\.w3\.org/)\w")
_VAGUE = re.compile(r"(Manager|Helper|Util|Utils|Handler)$")
_NOTE_TO_SELF = re.compile(r"#.*\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
_REGISTRY = re.compile("py" + r"pi\.org|python" + r"hosted|registry\.npm" + r"js|/sim" + r"ple/")
_TEXT_FILES = (".py", ".toml", ".lock", ".md", ".txt", ".cfg", ".yml", ".yaml", ".json", ".spec", ".sh")


def russian_in_app(tree: Tree) -> list[str]:
    """`app` speaks in codes; sentences for a person are the face's."""
    return [
        module.at(line, text[:40])
        for module in tree.modules("app")
        if not module.is_in(*RUSSIAN_PLACES)
        for line, text in _strings(module)
        if _CYRILLIC.search(text)
    ]


def open_address(tree: Tree) -> list[str]:
    return [
        module.at(line, text[:60])
        for module in tree.modules("app", "ui", "packaging", "run.py")
        for line, text in _strings(module)
        if _OPEN_ADDRESS.search(text)
    ]


def vague_class(tree: Tree) -> list[str]:
    return [
        module.at(node.lineno, f"class {node.name}")
        for module in tree.modules()
        for node in module.nodes()
        if isinstance(node, ast.ClassDef) and _VAGUE.search(node.name)
    ]


def module_docstring(tree: Tree) -> list[str]:
    return [
        module.at(1, "no docstring says what lives here")
        for module in tree.modules(*EVERYTHING)
        if module.text.strip() and ast.get_docstring(module.syntax) is None
    ]


def note_to_self(tree: Tree) -> list[str]:
    return [
        module.at(number, line.strip()[:60])
        for module in tree.modules(*EVERYTHING)
        for number, line in enumerate(module.text.splitlines(), 1)
        if _NOTE_TO_SELF.search(line)
    ]


def package_registry(tree: Tree) -> list[str]:
    """Where packages come from is the matter of whoever installs."""
    places = [path.name for path in tree.root.iterdir() if path.is_file() or path.name in (*EVERYTHING, "resources")]
    found = []
    for path in tree.files(_TEXT_FILES, *places):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if _REGISTRY.search(line):
                found.append(f"{path.relative_to(tree.root).as_posix()}:{number}: {line.strip()[:60]}")
    return found


def _strings(module: Module) -> Iterator[tuple[int, str]]:
    """String literals, parts of f-strings included, docstrings not."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in module.nodes()
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in module.nodes():
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


RULES: tuple[Rule, ...] = (
    russian_in_app,
    open_address,
    vague_class,
    module_docstring,
    note_to_self,
    package_registry,
)
