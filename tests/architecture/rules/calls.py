"""What the code may not call or catch, whatever the face: loops within loops, loose tasks, sleeps, hidden errors."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.rules.source import Module, Rule, Tree, calls, dotted, imported

TASK_OWNERS = (
    "app/background.py",  # the owner of the product's background work
    "ui/tasks.py",  # the owner of the window's
    "app/telephony/waiting.py",  # one at a time, kept in an attribute, ended on closing
    "ui/loop.py",  # kept in a set until done: closes what asyncio's own loop would close
    "app/simulator/server.py",  # kept in an attribute, awaited on closing; the simulator shares no code with app
)

_STARTERS = frozenset({"create_task", "ensure_future"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

# Borders to code that raises what it likes; each hands the error on whole, logs it, or maps it to one of ours.
FOREIGN_CODE_RUNNERS = ("app/background.py", "app/observe.py", "app/http/session.py", "app/keyrings.py")


def blocking_sleep(tree: Tree) -> list[str]:
    found = []
    for module in tree.modules():
        found += [module.at(node.lineno, name) for node, name in calls(module) if name == "time.sleep"]
        found += [module.at(line, name) for line, name in imported(module) if name == "time.sleep"]
    return found


def loose_task(tree: Tree) -> list[str]:
    """asyncio holds tasks weakly: one that nobody owns may vanish in the middle, and nobody hears of its crash.

    Owners are the modules above, a TaskGroup, and a function that cancels its own tasks in a `finally`.
    """
    found = []
    for module in tree.modules():
        if module.is_in(*TASK_OWNERS):
            continue
        owned = {id(call) for node in module.nodes() if isinstance(node, _FUNCTIONS) for call in _ended_by(node)}
        for node, name in calls(module):
            owner, _, verb = name.rpartition(".")
            starts = verb in _STARTERS and (owner == "asyncio" or "loop" in owner.rpartition(".")[2])
            if starts and id(node) not in owned:
                found.append(module.at(node.lineno, name))
        names = {f"asyncio.{starter}" for starter in _STARTERS}
        found += [module.at(line, name) for line, name in imported(module) if name in names]
    return found


def _ended_by(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.Call]:
    """The tasks put in local names that this very function cancels in a `finally`."""
    finals = [part for node in ast.walk(function) if isinstance(node, ast.Try) for part in node.finalbody]
    cancelled = {dotted(node.func) for part in finals for node in ast.walk(part) if isinstance(node, ast.Call)}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            yield from (node.value for target in node.targets if f"{dotted(target)}.cancel" in cancelled)


def unverified_tls(tree: Tree) -> list[str]:
    found = []
    for module in tree.modules():
        for node in module.nodes():
            if isinstance(node, ast.keyword) and node.arg == "verify" and _is_false(node.value):
                found.append(module.at(node.value.lineno, "verify=False"))
            elif isinstance(node, ast.Attribute) and node.attr in ("CERT_NONE", "_create_unverified_context"):
                found.append(module.at(node.lineno, node.attr))
            elif isinstance(node, ast.Assign) and _is_false(node.value):
                switched_off = [target for target in node.targets if dotted(target).endswith(".check_hostname")]
                found += [module.at(node.lineno, "check_hostname = False") for _ in switched_off]
    return found


def _is_false(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def blind_except(tree: Tree) -> list[str]:
    """Catching everything is for those who run foreign code; elsewhere it must raise again."""
    return [
        module.at(handler.lineno, "catches everything and does not raise again")
        for module in tree.modules()
        if not module.is_in(*FOREIGN_CODE_RUNNERS)
        for handler in _blind_handlers(module)
        if not any(isinstance(node, ast.Raise) for node in ast.walk(handler))
    ]


def _blind_handlers(module: Module) -> list[ast.ExceptHandler]:
    found = []
    for node in module.nodes():
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            if any(kind is None or dotted(kind) in ("Exception", "BaseException") for kind in caught):
                found.append(node)
    return found


RULES: tuple[Rule, ...] = (blocking_sleep, loose_task, unverified_tls, blind_except)
