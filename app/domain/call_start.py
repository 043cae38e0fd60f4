"""Starting a call: the five ways, everything that can be asked of them, and which combinations the PBX refuses."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from app.domain.calls import Direction, EmployeeId
from app.domain.spoken_message import SpokenMessage


class StartVia(Enum):
    """Whom the PBX connects the contact with."""

    EMPLOYEE = "employee"
    SCENARIO = "scenario"
    VNUMBER = "vnumber"
    INFORMER = "informer"
    SIMPLE = "simple"


class FirstCall(Enum):
    """Whose phone rings first: the contact's, or the one on our side."""

    CONTACT = "contact"
    OUR_SIDE = "our_side"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStart:
    """One wish to start a call. Numbers are digits without a plus; what a way does not have stays at its default.

    `contact`: an outside number, or an employee's SIP number; extensions are not allowed. `line_number`: the account's
    number that is shown and charged. `external_id`: our mark, by which the call is found again. `dial_tail`: keys sent
    after the answer, a dot is a pause of one second. `line_usage` and `operator_confirmation`, `employee_message` of a
    scenario: the 2026 edition only. `operator_number`: a whole one (E.164), neither internal nor SIP. `our_message`:
    what the employee (or the operator of SIMPLE) hears before.
    """

    via: StartVia
    contact: str
    line_number: str
    external_id: str = ""
    dial_tail: str = ""
    direction: Direction = Direction.OUTBOUND
    first_call: FirstCall = FirstCall.OUR_SIDE
    switch_at_once: bool = False
    early_switching: bool = False
    media_file_id: int | None = None
    shows_line_number: bool | None = None
    dialling_timeout_s: int | None = None
    employee_id: EmployeeId | None = None
    employee_phone: str = ""
    scenario_id: int | None = None
    operator_number: str = ""
    operator_confirmation: str = ""
    contact_message: SpokenMessage | None = None
    our_message: SpokenMessage | None = None
    line_usage: str = ""


class StartFault(Enum):
    """What is wrong with a wish to start a call, or has no effect in it."""

    MISSING = "missing"
    NOT_DIGITS = "not_digits"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    OWN_LINE = "own_line"
    BAD_KEYS = "bad_keys"
    NO_DIRECTION = "no_direction"
    UNKNOWN_RULE = "unknown_rule"
    NOT_IN_THIS_WAY = "not_in_this_way"
    NEEDS_OUR_SIDE_FIRST = "needs_our_side_first"
    NEEDS_SWITCH_AT_ONCE = "needs_switch_at_once"
    NO_EFFECT_WITH_TTS = "no_effect_with_tts"
    OUT_OF_RANGE = "out_of_range"
    NEITHER_TTS_NOR_MEDIA = "neither_tts_nor_media"
    EMPTY_TEXT = "empty_text"
    TEXT_TOO_LONG = "text_too_long"
    NOT_A_MEDIA_FILE = "not_a_media_file"


@dataclass(frozen=True, slots=True)
class StartProblem:
    """`field`: the attribute of CallStart. `params`: {"length", "max"} of TOO_SHORT, TOO_LONG and TEXT_TOO_LONG,
    {"low", "high"} of OUT_OF_RANGE. `is_hint`: the PBX takes it, and it does nothing."""

    field: str
    reason: StartFault
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)
    is_hint: bool = False


LINE_USAGE_RULES = ("fixed", "fixed_for_numa", "random", "regional_random", "regional_fixed_for_numa")
LONGEST_DIALLING_S = 120
_KEYS = frozenset("0123456789*#.")
_CONFIRMATIONS = frozenset({*"0123456789*#", "any"})
_SHORTEST_CONTACT = 8
_SHORTEST_SIP_NUMBER = 6
_LONGEST_CONTACT = 15
_SHORTEST_OPERATOR_NUMBER = 10

_WITH_TWO_SIDES = frozenset({"first_call", "switch_at_once", "early_switching", "contact_message"})
_OWN_FIELDS: Mapping[StartVia, frozenset[str]] = {
    StartVia.EMPLOYEE: _WITH_TWO_SIDES
    | {"employee_id", "employee_phone", "our_message", "shows_line_number", "media_file_id"},
    StartVia.SCENARIO: _WITH_TWO_SIDES | {"scenario_id", "our_message"},
    StartVia.VNUMBER: _WITH_TWO_SIDES,
    StartVia.INFORMER: frozenset({"contact_message", "dialling_timeout_s"}),
    StartVia.SIMPLE: _WITH_TWO_SIDES
    | {"operator_number", "operator_confirmation", "our_message", "shows_line_number", "media_file_id"},
}
_DEFAULTS: Mapping[str, object] = {
    "first_call": FirstCall.OUR_SIDE,
    "switch_at_once": False,
    "early_switching": False,
    "media_file_id": None,
    "shows_line_number": None,
    "dialling_timeout_s": None,
    "employee_id": None,
    "employee_phone": "",
    "scenario_id": None,
    "operator_number": "",
    "operator_confirmation": "",
    "contact_message": None,
    "our_message": None,
}
_REQUIRED: Mapping[StartVia, tuple[str, ...]] = {
    StartVia.EMPLOYEE: ("contact", "line_number", "employee_id"),
    StartVia.SCENARIO: ("contact", "line_number", "scenario_id"),
    StartVia.VNUMBER: ("contact", "line_number"),
    StartVia.INFORMER: ("contact", "line_number", "contact_message"),
    StartVia.SIMPLE: ("contact", "line_number", "operator_number"),
}


def fields_of(via: StartVia) -> frozenset[str]:
    """Which attributes this way has beyond those that all have."""
    return _OWN_FIELDS[via]


def problems_of(start: CallStart, *, tts_max_length: int) -> tuple[StartProblem, ...]:
    """Everything the PBX would refuse for certain, or take and ignore; empty when there is nothing to say.

    `tts_max_length`: longest text the tariff lets it speak, in characters. Whether what is named exists (numbers,
    scenarios, files, employees) only the PBX knows. Sources: call-api-v4, start.*; the edition of 2026.
    """
    found = [StartProblem(name, StartFault.MISSING) for name in _REQUIRED[start.via] if not getattr(start, name)]
    strange = [
        name
        for name, default in _DEFAULTS.items()
        if name not in _OWN_FIELDS[start.via] and getattr(start, name) != default
    ]
    found += [StartProblem(name, StartFault.NOT_IN_THIS_WAY) for name in strange]
    # What does not exist in this way cannot be mended, only left out.
    found += [problem for look in _LOOKS for problem in look(start) if problem.field not in strange]
    for name, message in (("contact_message", start.contact_message), ("our_message", start.our_message)):
        if message is not None and name not in strange:
            found += _message_problems(name, message, tts_max_length)
    return tuple(found)


def _number_problems(start: CallStart) -> list[StartProblem]:
    found = []
    for name in ("contact", "line_number", "employee_phone", "operator_number"):
        number = getattr(start, name)
        if number and not _is_digits(number):
            found.append(StartProblem(name, StartFault.NOT_DIGITS))
    contact = start.contact
    shortest = _SHORTEST_SIP_NUMBER if contact.startswith("0") else _SHORTEST_CONTACT
    if _is_digits(contact) and len(contact) < shortest:
        found.append(StartProblem("contact", StartFault.TOO_SHORT, {"length": len(contact), "max": _LONGEST_CONTACT}))
    if len(contact) > _LONGEST_CONTACT:
        found.append(StartProblem("contact", StartFault.TOO_LONG, {"length": len(contact), "max": _LONGEST_CONTACT}))
    if contact and contact == start.line_number:
        found.append(StartProblem("contact", StartFault.OWN_LINE))
    return found


def _operator_number_problems(start: CallStart) -> list[StartProblem]:
    """An internal number is no E.164, which start.simple_call asks for, whatever the PBX then says to it."""
    length = len(start.operator_number)
    limits = {"length": length, "max": _LONGEST_CONTACT}
    if 0 < length < _SHORTEST_OPERATOR_NUMBER:
        return [StartProblem("operator_number", StartFault.TOO_SHORT, limits)]
    if length > _LONGEST_CONTACT:
        return [StartProblem("operator_number", StartFault.TOO_LONG, limits)]
    return []


def _word_problems(start: CallStart) -> list[StartProblem]:
    found = []
    if not _KEYS.issuperset(start.dial_tail):
        found.append(StartProblem("dial_tail", StartFault.BAD_KEYS))
    if start.operator_confirmation and start.operator_confirmation not in _CONFIRMATIONS:
        found.append(StartProblem("operator_confirmation", StartFault.BAD_KEYS))
    if start.direction is Direction.UNKNOWN:
        found.append(StartProblem("direction", StartFault.NO_DIRECTION))
    if start.line_usage and start.line_usage not in LINE_USAGE_RULES:
        found.append(StartProblem("line_usage", StartFault.UNKNOWN_RULE))
    timeout_s = start.dialling_timeout_s
    if timeout_s is not None and not 1 <= timeout_s <= LONGEST_DIALLING_S:
        limits = {"low": 1, "high": LONGEST_DIALLING_S}
        found.append(StartProblem("dialling_timeout_s", StartFault.OUT_OF_RANGE, limits))
    return found


def _switching_problems(start: CallStart) -> list[StartProblem]:
    found = []
    if start.early_switching and start.first_call is not FirstCall.OUR_SIDE:
        found.append(StartProblem("early_switching", StartFault.NEEDS_OUR_SIDE_FIRST))
    if start.early_switching and not start.switch_at_once:
        found.append(StartProblem("early_switching", StartFault.NEEDS_SWITCH_AT_ONCE))
    if start.switch_at_once and start.contact_message is not None and start.contact_message.kind == "tts":
        found.append(StartProblem("switch_at_once", StartFault.NO_EFFECT_WITH_TTS, is_hint=True))
    return found


_LOOKS: tuple[Callable[[CallStart], list[StartProblem]], ...] = (
    _number_problems,
    _operator_number_problems,
    _word_problems,
    _switching_problems,
)


def _message_problems(name: str, message: SpokenMessage, tts_max_length: int) -> list[StartProblem]:
    if message.kind not in ("tts", "media"):
        return [StartProblem(name, StartFault.NEITHER_TTS_NOR_MEDIA)]
    if not message.value:
        return [StartProblem(name, StartFault.EMPTY_TEXT)]
    if message.kind == "media":
        return [] if _is_digits(message.value) else [StartProblem(name, StartFault.NOT_A_MEDIA_FILE)]
    if len(message.value) > tts_max_length:
        limits = {"length": len(message.value), "max": tts_max_length}
        return [StartProblem(name, StartFault.TEXT_TOO_LONG, limits)]
    return []


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()
