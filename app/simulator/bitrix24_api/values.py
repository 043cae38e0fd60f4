"""Reading parameters the way PHP does: loose casts, bracketed form keys, dates with a zone. No portal rows here."""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from urllib.parse import parse_qsl

Params = Mapping[str, object]

_LEADING_NUMBER = re.compile(r"\s*[+-]?[0-9]{1,300}(\.[0-9]+)?")
_START_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:?\d\d)?")
_NOT_DIALLABLE = re.compile(r"[^0-9#*]")


def whole_number(value: object, default: int = 0) -> int:
    """PHP's (int): leading digits of a text, 0 for what is no number; `default` when absent or null."""
    if value is None:
        return default
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        leading = _LEADING_NUMBER.match(value)
        return int(leading.group().partition(".")[0]) if leading else 0
    return int(decimal_number(value))


def decimal_number(value: object) -> float:
    """PHP's (float); 0 for what is no number or too large for one."""
    if isinstance(value, str):
        leading = _LEADING_NUMBER.match(value)
        value = leading.group() if leading else 0.0
    try:
        cast = float(value) if isinstance(value, bool | int | float | str) else 0.0
    except OverflowError:
        return 0.0
    return cast if math.isfinite(cast) else 0.0


def text(value: object) -> str:
    """PHP's (string) of a scalar; empty for null, lists and objects."""
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, str | int | float):
        return str(value)
    return ""


def stripped_number(value: object) -> str:
    """A phone number as the portal stores it: digits, # and *. Empty for a hidden caller (crm-notes 1.1)."""
    return _NOT_DIALLABLE.sub("", text(value))


def tail_of(phone_number: str) -> str:
    """The last ten digits, by which one number equals another."""
    return re.sub(r"\D", "", phone_number)[-10:]


def start_moment(value: object, zone: tzinfo) -> datetime | None:
    """An ISO-8601 moment as aware UTC; without a zone it is read in the portal's own. None = not such a date."""
    if not isinstance(value, str) or not _START_DATE.fullmatch(value):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return moment.astimezone(UTC)


def form_params(body: str) -> dict[str, object]:
    """Form fields with PHP brackets as nested objects: ``fields[ENTITY_ID]=3`` -> {"fields": {"ENTITY_ID": "3"}}."""
    params: dict[str, object] = {}
    for name, value in parse_qsl(body, keep_blank_values=True):
        keys = [key.rstrip("]") for key in name.split("[")]
        branch = params
        for key in keys[:-1]:
            deeper = branch.setdefault(key or str(len(branch)), {})
            if not isinstance(deeper, dict):
                break
            branch = deeper
        else:
            branch[keys[-1] or str(len(branch))] = value
    return params


def upper_keys(params: Params) -> dict[str, object]:
    """Top-level names in upper case: the telephony methods do not look at their case."""
    return {name.upper(): value for name, value in params.items()}


def inner(params: Params, *names: str) -> Params:
    """The object under the first of `names` that is there; empty for none, and for PHP's empty list."""
    for name in names:
        found = params.get(name)
        if isinstance(found, Mapping):
            return found
    return {}
