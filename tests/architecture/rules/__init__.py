"""The rules of the source tree, each a function from a tree to its violations. Diffs in ../offenders break each."""

from tests.architecture.rules import budgets, calls, imports, locks, qt, words
from tests.architecture.rules.source import Rule

RULES: dict[str, Rule] = {
    rule.__name__: rule for room in (budgets, calls, imports, locks, qt, words) for rule in room.RULES
}
