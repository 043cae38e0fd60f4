"""Checking the items of a POST against a table of fields. Raises one problem for the whole array, as amoCRM does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.simulator.amocrm_api.problems import BLANK, CHOICE, MISSING, NULL, AmoProblemError, FieldProblem

Item = Mapping[str, object]


@dataclass(frozen=True)
class FieldRule:
    """What one field may hold."""

    kinds: tuple[type, ...]
    required: bool = False
    choices: frozenset[object] | None = None
    blank: bool = True


def items_of(body: object) -> list[Item]:
    """The array of objects that every POST of v4 wants."""
    if not isinstance(body, list) or not body or not all(isinstance(item, dict) for item in body):
        raise AmoProblemError(400, "Request body should be a non-empty array of objects")
    return body


def request_id_of(item: Item, index: int) -> str | int:
    """What the reply echoes: the item's own request_id, else its index as text."""
    given = item.get("request_id")
    return given if isinstance(given, str | int) else str(index)


def check_items(items: Sequence[Item], rules: Mapping[str, FieldRule], *, inside: str | None = None) -> None:
    """Raise AmoProblemError 400 when any field of any item is wrong; `inside` names an object to look into."""
    bad: dict[str, list[FieldProblem]] = {}
    for index, item in enumerate(items):
        looked_at = item if inside is None else item.get(inside)
        prefix = "" if inside is None else f"{inside}."
        if not isinstance(looked_at, Mapping):
            found = [FieldProblem(MISSING[0], inside or "", MISSING[1])]
        else:
            found = [*_problems(looked_at, rules, prefix)]
        if found:
            bad[str(request_id_of(item, index))] = found
    if bad:
        raise AmoProblemError(400, "Request validation failed", items=bad)


def _problems(item: Item, rules: Mapping[str, FieldRule], prefix: str) -> list[FieldProblem]:
    found = []
    for name, rule in rules.items():
        problem = _problem(item, name, rule)
        if problem is not None:
            found.append(FieldProblem(problem[0], prefix + name, problem[1]))
    return found


def _problem(item: Item, name: str, rule: FieldRule) -> tuple[str, str] | None:
    if name not in item:
        return MISSING if rule.required else None
    value = item[name]
    if value is None:
        return NULL
    if not isinstance(value, rule.kinds) or (isinstance(value, bool) and bool not in rule.kinds):
        return ("InvalidType", f"This value should be of type {rule.kinds[0].__name__}.")
    if rule.choices is not None and value not in rule.choices:
        return CHOICE
    if not rule.blank and not str(value).strip():
        return BLANK
    return None
