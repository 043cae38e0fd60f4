"""Filters, order and pages of the portal's list methods, over rows already spelt as the vendor spells them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.simulator.bitrix24_api.values import Params, inner, text, whole_number

PAGE_ROWS = 50

Row = TypeVar("Row")

_OPERATORS = ("!><", "><", ">=", "<=", "!%", "!=", "!@", "!", "=", ">", "<", "%", "?", "@")


@dataclass(frozen=True)
class Listing:
    """The result of a list method: the rows of one page beside how many there are."""

    rows: list[dict[str, object]]
    total: int
    next_start: int | None = None
    under: str | None = None
    """The key in `result` that holds the rows; None: `result` is the rows."""


def listing(rows: Iterable[dict[str, object]], params: Params) -> Listing:
    """Apply FILTER, ORDER or SORT, and `start`. A filter on a field that does not exist filters nothing."""
    wanted = inner(params, "FILTER", "filter")
    found = [row for row in rows if matches(row, wanted)]
    for field_name, direction in _order_of(params):
        found.sort(key=lambda row: _sort_key(row.get(field_name)), reverse=direction == "DESC")
    return page(found, params, dict)


def page(rows: Sequence[Row], params: Params, write: Callable[[Row], dict[str, object]]) -> Listing:
    """The fifty rows from `start` on, each as `write` spells it."""
    start = max(0, whole_number(params.get("start", params.get("START"))))
    until = start + PAGE_ROWS
    return Listing([write(row) for row in rows[start:until]], len(rows), until if until < len(rows) else None)


def matches(row: Mapping[str, object], wanted: Params) -> bool:
    """Whether one row passes every condition of the filter object."""
    for key, expected in wanted.items():
        operator = next((sign for sign in _OPERATORS if key.startswith(sign)), "")
        field_name = key.removeprefix(operator)
        if field_name in row and not _holds(operator, row[field_name], expected):
            return False
    return True


def _holds(operator: str, actual: object, expected: object) -> bool:
    if operator.startswith("!"):
        return not _holds(operator.removeprefix("!") or "=", actual, expected)
    if operator == "><":
        ends = _values(expected)
        return len(ends) == 2 and _sort_key(ends[0]) <= _sort_key(actual) <= _sort_key(ends[1])
    if operator in {"%", "?"}:
        return text(expected).casefold() in text(actual).casefold()
    if operator in {">", ">=", "<", "<="}:
        return _compared(operator, _sort_key(actual), _sort_key(expected))
    return any(text(actual) == text(value) for value in _values(expected))


def _compared(operator: str, left: tuple[int, float, str], right: tuple[int, float, str]) -> bool:
    if left == right:
        return operator.endswith("=")
    return (left > right) == operator.startswith(">")


def _values(expected: object) -> list[object]:
    if isinstance(expected, list):
        return expected
    if isinstance(expected, Mapping):
        return list(expected.values())
    return [expected]


def _sort_key(value: object) -> tuple[int, float, str]:
    written = text(value)
    try:
        return (0, float(written), "")
    except ValueError:
        return (1, 0.0, written)


def _order_of(params: Params) -> list[tuple[str, str]]:
    sort_field = text(params.get("SORT"))
    if sort_field:
        return [(sort_field, text(params.get("ORDER")).upper() or "ASC")]
    order = inner(params, "ORDER", "order")
    return [(name, text(direction).upper()) for name, direction in reversed(list(order.items()))]
