"""What the code may not call or catch, whatever the face: loops within loops, loose tasks, sleeps, hidden errors."""

from __future__ import annotations

import ast

from tests.architecture.rules.source import Module, Rule, Tree, calls, dotted, imported

TASK_OWNERS = (
    "app/background.py",  # the owner of the product's background work
    "ui/tasks.py",  # the owner of the window's
    "app/telephony/waiting.py",  # one at a time, kept in an attribute, ended on closing
    "app/simulator/server.py",  # kept in an attribute, awaited on closing; the simulator shares no code with app
    "app/simulator/wire_faults.py",  # both tasks end before the function that started them does
)

# Borders to code that raises what it likes; each hands the error on whole, logs it, or maps it to one of ours.
FOREIGN_CODE_RUNNERS = ("app/background.py", "app/observe.py", "app/http/session.py", "app/keyrings.py")


def blocking_sleep(tree: Tree) -> list[str]:
    found = []
    for module in tree.modules():
        found += [module.at(node.lineno, name) for node, name in calls(module) if name == "time.sleep"]
        found += [module.at(line, name) for line, name in imported(module) if name == "time.sleep"]
    return found


def loose_task(tree: Tree) -> list[str]:
    """asyncio holds tasks weakly: one that nobody owns may vanish in the middle. A TaskGroup is an owner."""
    found = []
    for module in tree.modules():
        if module.is_in(*TASK_OWNERS):
            continue
        for node, name in calls(module):
            owner, _, verb = name.rpartition(".")
            if verb in ("create_task", "ensure_future") and (owner == "asyncio" or "loop" in owner.rpartition(".")[2]):
                found.append(module.at(node.lineno, name))
        names = ("asyncio.create_task", "asyncio.ensure_future")
        found += [module.at(line, name) for line, name in imported(module) if name in names]
    return found


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
