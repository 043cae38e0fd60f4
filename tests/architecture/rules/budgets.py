"""How large things may grow. No exceptions are granted: what grows too large is split along the domain."""

from __future__ import annotations

import ast
from statistics import median

from tests.architecture.rules.source import EVERYTHING, Rule, Tree

FILE_LINES = 500
MEDIAN_LINES = 140
CLASS_LINES = 300
CLASS_METHODS = 20
FUNCTION_LINES = 60

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def file_length(tree: Tree) -> list[str]:
    lengths = ((module, module.text.count("\n")) for module in tree.modules(*EVERYTHING))
    return [module.at(1, f"{length} lines of {FILE_LINES}") for module, length in lengths if length > FILE_LINES]


def module_median(tree: Tree) -> list[str]:
    # Package files that hold a docstring only say nothing about the size of modules.
    lengths = [module.text.count("\n") for module in tree.modules() if not module.path.endswith("__init__.py")]
    middle = median(lengths) if lengths else 0
    return [f"app, ui: the median module has {middle:g} lines of {MEDIAN_LINES}"] if middle > MEDIAN_LINES else []


def class_size(tree: Tree) -> list[str]:
    found = []
    for module in tree.modules(*EVERYTHING):
        for node in module.nodes():
            if isinstance(node, ast.ClassDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                methods = sum(isinstance(part, _Function) for part in node.body)
                if lines > CLASS_LINES:
                    found.append(module.at(node.lineno, f"class {node.name}: {lines} lines of {CLASS_LINES}"))
                if methods > CLASS_METHODS:
                    found.append(module.at(node.lineno, f"class {node.name}: {methods} methods of {CLASS_METHODS}"))
    return found


def function_length(tree: Tree) -> list[str]:
    found = []
    for module in tree.modules(*EVERYTHING):
        for node in module.nodes():
            if isinstance(node, _Function):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    found.append(module.at(node.lineno, f"{node.name}: {lines} lines of {FUNCTION_LINES}"))
    return found


RULES: tuple[Rule, ...] = (file_length, module_median, class_size, function_length)
