"""What parameters a method takes, and the strict check of what was sent. Whether an id exists is checked later."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.simulator.uis_api.refusals import ApiRefusal

DIGITS = re.compile(r"[0-9]+")
DTMF_SYMBOL = re.compile(r"[0-9*#]")
RUSSIAN_NUMBER = re.compile(r"7[0-9]{10}")
NON_EMPTY = re.compile(r".+", re.DOTALL)
KEYS_WITH_PAUSES = re.compile(r"[0-9*#.]+")
CONFIRMATION_KEY = re.compile(r"[0-9*#]|any")


@dataclass(frozen=True)
class Parameter:
    """One parameter; `kind` is ``string``, ``number``, ``boolean``, ``array``, ``object``, or several with ``|``."""

    kind: str
    required: bool = True
    choices: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    fields: Mapping[str, "Parameter"] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None


def string(
    *, required: bool = True, choices: tuple[str, ...] = (), pattern: re.Pattern[str] | None = None
) -> Parameter:
    """A string, perhaps one of `choices` or wholly matching `pattern`."""
    return Parameter("string", required, choices, pattern)


def number(*, required: bool = True, low: float | None = None, high: float | None = None) -> Parameter:
    """A JSON number, perhaps between `low` and `high`, both included."""
    return Parameter("number", required, low=low, high=high)


def boolean(*, required: bool = False) -> Parameter:
    """true or false."""
    return Parameter("boolean", required)


def message(*, required: bool) -> Parameter:
    """A message played to a party: a media file's id as a string, or a text to be spoken."""
    return Parameter(
        "object",
        required,
        fields={"type": string(choices=("media", "tts")), "value": string(pattern=NON_EMPTY)},
    )


Parameters = Mapping[str, Parameter]

ACCESS_TOKEN = string()


def check(expected: Parameters, sent: Mapping[str, object], prefix: str = "") -> None:
    """Raise ApiRefusal for the first thing wrong: missing, then unexpected, then type, then value."""
    for name, parameter in expected.items():
        if parameter.required and name not in sent:
            raise ApiRefusal("required_parameter_missed", field=prefix + name)
    for name, value in sent.items():
        if name not in expected:
            raise ApiRefusal("unexpected_parameters", field=prefix + name, value=value)
    for name, value in sent.items():
        check_value(expected[name], prefix + name, value)


def check_value(parameter: Parameter, dotted: str, value: object) -> None:
    """Type, nested fields, enumeration and format of one value."""
    if not _is_of_kind(parameter.kind, value):
        raise ApiRefusal("data_type_error", field=dotted, value=value)
    if isinstance(value, dict) and parameter.fields:
        check(parameter.fields, value, prefix=f"{dotted}.")
    if not _is_possible(parameter, value):
        raise ApiRefusal("invalid_parameter_value", field=dotted, value=value)


def _is_possible(parameter: Parameter, value: object) -> bool:
    if isinstance(value, str):
        is_known = not parameter.choices or value in parameter.choices
        return is_known and (parameter.pattern is None or parameter.pattern.fullmatch(value) is not None)
    if isinstance(value, int | float) and not isinstance(value, bool):
        is_too_low = parameter.low is not None and value < parameter.low
        return not is_too_low and (parameter.high is None or value <= parameter.high)
    return True


def _is_of_kind(kinds: str, value: object) -> bool:
    return any(_is_of_one_kind(kind, value) for kind in kinds.split("|"))


def _is_of_one_kind(kind: str, value: object) -> bool:
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, {"string": str, "boolean": bool, "array": list, "object": dict}[kind])
