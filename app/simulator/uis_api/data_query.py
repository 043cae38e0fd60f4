"""What every get.* of the Data API takes: fields, filter, sort, limit and offset over rows (uis-notes §2)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.simulator.uis_api.invocation import TOKEN, Invocation, Page
from app.simulator.uis_api.params import Parameter, Parameters, number
from app.simulator.uis_api.refusals import ApiRefusal

DEFAULT_LIMIT = 1000
LARGEST_LIMIT = 10_000
LARGEST_OFFSET = 100_000
LISTING: Parameters = {
    **TOKEN,
    "user_id": number(required=False),
    "limit": number(required=False, low=1, high=LARGEST_LIMIT),
    "offset": number(required=False, low=0, high=LARGEST_OFFSET),
    "filter": Parameter("object", required=False),
    "fields": Parameter("array", required=False),
    "sort": Parameter("array", required=False),
}
Row = Mapping[str, object]


@dataclass(frozen=True)
class Column:
    """One field of a row and what may be done with it. `component`: asking for it needs that component as well."""

    is_default: bool = True
    is_filterable: bool = True
    is_sortable: bool = True
    component: str | None = None


PLAIN = Column()
NESTED = Column(is_filterable=False, is_sortable=False)
NAMED_ONLY = Column(is_default=False)
UNSORTED = Column(is_sortable=False)
Columns = Mapping[str, Column]


def page_of(invocation: Invocation, columns: Columns, rows: Sequence[Row]) -> Page:
    """The rows asked for; raises ApiRefusal for a field, a filter or an order that is not possible."""
    params = invocation.params
    shown = _fields(invocation, columns)
    chosen = [row for row in rows if _passes(columns, row, params["filter"])] if "filter" in params else list(rows)
    if "filter" in params and not rows:
        _passes(columns, dict.fromkeys(columns), params["filter"])
    for field, is_descending in reversed(_order(columns, params.get("sort", []))):
        chosen = _sorted(chosen, field, is_descending=is_descending)
    offset, limit = _whole(params.get("offset", 0)), _whole(params.get("limit", DEFAULT_LIMIT))
    page = [{name: row[name] for name in shown} for row in chosen[offset : offset + limit]]
    return Page(page, len(chosen))


def _whole(value: object) -> int:
    return int(value) if isinstance(value, int | float) else 0


def _fields(invocation: Invocation, columns: Columns) -> list[str]:
    asked = invocation.params.get("fields")
    if not isinstance(asked, list) or not asked:
        return [name for name, column in columns.items() if column.is_default]
    for name in asked:
        if not isinstance(name, str):
            raise ApiRefusal("data_type_error", field="fields", value=asked)
        if name not in columns:
            raise ApiRefusal("invalid_parameter_value", field="fields", value=name)
        needed = columns[name].component
        if needed in invocation.disabled_components:
            raise ApiRefusal("parameter_component_disabled", field="fields", value=name)
    return [name for name in columns if name in asked]


def _order(columns: Columns, sort: object) -> list[tuple[str, bool]]:
    order: list[tuple[str, bool]] = []
    for part in sort if isinstance(sort, list) else []:
        if not isinstance(part, dict):
            raise ApiRefusal("data_type_error", field="sort", value=sort)
        field, direction = _text(part, "sort", "field"), part.get("order", "asc")
        if field not in columns or not columns[field].is_sortable:
            raise ApiRefusal("sort_prohibited", field="sort", value=field)
        if direction not in ("asc", "desc"):
            raise ApiRefusal("invalid_parameter_value", field="sort.order", value=direction)
        order.append((field, direction == "desc"))
    return order


def _text(part: Mapping[str, object], where: str, name: str) -> str:
    if name not in part:
        raise ApiRefusal("required_parameter_missed", field=f"{where}.{name}")
    value = part[name]
    if not isinstance(value, str):
        raise ApiRefusal("data_type_error", field=f"{where}.{name}", value=value)
    return value


def _sorted(rows: list[Row], field: str, *, is_descending: bool) -> list[Row]:
    filled = [row for row in rows if row[field] is not None]
    filled.sort(key=lambda row: _comparable(row[field]), reverse=is_descending)
    return filled + [row for row in rows if row[field] is None]


def _comparable(value: object) -> tuple[float, str]:
    return (float(value), "") if isinstance(value, int | float) else (0.0, str(value))


def _passes(columns: Columns, row: Row, condition: object) -> bool:
    if not isinstance(condition, dict):
        raise ApiRefusal("data_type_error", field="filter", value=condition)
    if "filters" in condition:
        return _passes_all(columns, row, condition)
    field, operator = _text(condition, "filter", "field"), _text(condition, "filter", "operator")
    if field not in columns or not columns[field].is_filterable:
        raise ApiRefusal("filter_prohibited", field="filter", value=field)
    if operator not in OPERATORS:
        raise ApiRefusal("invalid_parameter_value", field="filter.operator", value=operator)
    if "value" not in condition and operator not in WITHOUT_VALUE:
        raise ApiRefusal("required_parameter_missed", field="filter.value")
    return OPERATORS[operator](row[field], condition.get("value"))


def _passes_all(columns: Columns, row: Row, condition: Mapping[str, object]) -> bool:
    parts, word = condition["filters"], condition.get("condition", "and")
    if not isinstance(parts, list):
        raise ApiRefusal("data_type_error", field="filter.filters", value=parts)
    if word not in ("and", "or"):
        raise ApiRefusal("invalid_parameter_value", field="filter.condition", value=word)
    passed = [_passes(columns, row, part) for part in parts]
    return all(passed) if word == "and" else any(passed)


def _like(value: object, wanted: object, flags: int = 0) -> bool:
    if not isinstance(value, str) or not isinstance(wanted, str):
        return False
    pattern = "".join(".*" if part == "%" else re.escape(part) for part in re.split("(%)", wanted))
    return re.fullmatch(pattern, value, flags | re.DOTALL) is not None


def _in(value: object, wanted: object) -> bool:
    return isinstance(wanted, list) and value in wanted


def _less(value: object, wanted: object) -> bool:
    if isinstance(value, bool) or isinstance(wanted, bool):
        return False
    if isinstance(value, int | float) and isinstance(wanted, int | float):
        return value < wanted
    return isinstance(value, str) and isinstance(wanted, str) and value < wanted


WITHOUT_VALUE = frozenset({"is_null", "is_not_null"})
OPERATORS: Mapping[str, Callable[[object, object], bool]] = {
    "=": lambda value, wanted: value == wanted,
    "!=": lambda value, wanted: value != wanted,
    "<": _less,
    ">": lambda value, wanted: _less(wanted, value),
    "<=": lambda value, wanted: _less(value, wanted) or value == wanted,
    ">=": lambda value, wanted: _less(wanted, value) or value == wanted,
    "like": _like,
    "ilike": lambda value, wanted: _like(value, wanted, re.IGNORECASE),
    "not_like": lambda value, wanted: not _like(value, wanted),
    "not_ilike": lambda value, wanted: not _like(value, wanted, re.IGNORECASE),
    "in": _in,
    "not_in": lambda value, wanted: not _in(value, wanted),
    "is_null": lambda value, _: value is None,
    "is_not_null": lambda value, _: value is not None,
}
