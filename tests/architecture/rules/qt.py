"""What the code may not do with Qt under qasync. Each of these was measured to lose tasks, data, time or safety."""

from __future__ import annotations

import ast

from tests.architecture.rules.source import Rule, Tree, calls, dotted, imported

# The loop turns by hand once: between the first paint and the start of the event loop.
PROCESS_EVENTS_PLACES = ("ui/main.py", "ui/loop.py")
PLAIN_LABEL = "ui/widgets/plain_label.py"

_STATIC_DIALOGS = {
    "QMessageBox": ("question", "information", "warning", "critical", "about", "aboutQt"),
    "QFileDialog": ("getOpenFileName", "getOpenFileNames", "getSaveFileName", "getExistingDirectory", "getOpenFileUrl"),
    "QInputDialog": ("getText", "getInt", "getDouble", "getItem", "getMultiLineText"),
    "QColorDialog": ("getColor",),
    "QFontDialog": ("getFont",),
}
_FORBIDDEN_CALLS = frozenset(f"{owner}.{name}" for owner, names in _STATIC_DIALOGS.items() for name in names)


def nested_loop(tree: Tree) -> list[str]:
    """A dialog's or menu's own loop under qasync stops other tasks for good: open() and await, popup()."""
    return [
        module.at(node.lineno, name)
        for module in tree.modules()
        for node, name in calls(module)
        if name.rpartition(".")[2] in ("exec", "exec_") or ".".join(name.split(".")[-2:]) in _FORBIDDEN_CALLS
    ]


def process_events(tree: Tree) -> list[str]:
    return [
        module.at(node.lineno, name)
        for module in tree.modules()
        if not module.is_in(*PROCESS_EVENTS_PLACES)
        for node, name in calls(module)
        if name.endswith(".processEvents")
    ]


def async_slot(tree: Tree) -> list[str]:
    """qasync 0.28's decorators let their task be collected."""
    banned = ("asyncSlot", "asyncClose", "asyncWrap")
    found = []
    for module in tree.modules():
        found += [module.at(line, name) for line, name in imported(module) if name.endswith(banned)]
        for node in module.nodes():
            if isinstance(node, ast.Attribute) and node.attr in banned:
                found.append(module.at(node.lineno, node.attr))
    return found


def int_signal(tree: Tree) -> list[str]:
    """An int of a signal has 32 bits, ids have more: they cross as `object`."""
    return [
        module.at(node.lineno, "Signal(int)")
        for module in tree.modules("ui")
        for node, name in calls(module)
        if name.rpartition(".")[2] == "Signal" and any(dotted(argument) == "int" for argument in node.args)
    ]


def plain_label(tree: Tree) -> list[str]:
    """QLabel guesses rich text and loads local files for it: text from outside goes through the plain label."""
    found = []
    for module in tree.modules("ui"):
        if module.is_in(PLAIN_LABEL):
            continue
        found += [module.at(node.lineno, name) for node, name in calls(module) if name.split(".")[-1] == "QLabel"]
        for node in module.nodes():
            if isinstance(node, ast.ClassDef) and any(dotted(base).split(".")[-1] == "QLabel" for base in node.bases):
                found.append(module.at(node.lineno, f"class {node.name}(QLabel)"))
    return found


def sort_proxy(tree: Tree) -> list[str]:
    """Sorting a Python model through the proxy is 16 times slower than keeping the order in Python."""
    return [
        module.at(line, name)
        for module in tree.modules("ui")
        for line, name in imported(module)
        if name.endswith("QSortFilterProxyModel")
    ]


def model_reset(tree: Tree) -> list[str]:
    """A reset loses selection, scroll position and focus."""
    banned = ("beginResetModel", "endResetModel")
    return [
        module.at(node.lineno, name)
        for module in tree.modules("ui")
        for node, name in calls(module)
        if name.rpartition(".")[2] in banned
    ]


RULES: tuple[Rule, ...] = (
    nested_loop,
    process_events,
    async_slot,
    int_signal,
    plain_label,
    sort_proxy,
    model_reset,
)
