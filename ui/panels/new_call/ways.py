"""The five ways to start a call and what can be asked of each. Pure and without Qt or words."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from app.domain.call_start import LINE_USAGE_RULES, CallStart, StartVia, fields_of


class Ask(Enum):
    """What can be asked of a start; the values are the names of `CallStart`'s fields."""

    EMPLOYEE = "employee_id"
    EMPLOYEE_PHONE = "employee_phone"
    SCENARIO = "scenario_id"
    OPERATOR_NUMBER = "operator_number"
    OPERATOR_CONFIRMATION = "operator_confirmation"
    FIRST_CALL = "first_call"
    CONTACT_MESSAGE = "contact_message"
    OUR_MESSAGE = "our_message"
    MEDIA_FILE = "media_file_id"
    SWITCH_AT_ONCE = "switch_at_once"
    EARLY_SWITCHING = "early_switching"
    SHOWS_LINE = "shows_line_number"
    DIALLING_TIMEOUT = "dialling_timeout_s"
    DIAL_TAIL = "dial_tail"
    DIRECTION = "direction"
    LINE_USAGE = "line_usage"


LINE_USAGES = ("", *(rule for rule in LINE_USAGE_RULES if rule != "fixed"))
"""How the number shown is chosen; empty is the PBX's default, the line itself."""
CONFIRMATIONS = ("", "any", *"0123456789*#")
"""The key the operator of SIMPLE has to press; empty: none."""

_EVERY_WAY = frozenset({Ask.DIAL_TAIL, Ask.DIRECTION, Ask.LINE_USAGE})

ASKS_OF: dict[StartVia, frozenset[Ask]] = {
    via: _EVERY_WAY | {ask for ask in Ask if ask.value in fields_of(via)} for via in StartVia
}

_NOTHING_ASKED = CallStart(via=StartVia.EMPLOYEE, contact="", line_number="")


def trimmed(start: CallStart) -> CallStart:
    """The same start without what its way does not have: what was typed for another way must not be sent."""
    foreign = [ask.value for ask in Ask if ask not in ASKS_OF[start.via]]
    return replace(start, **{name: getattr(_NOTHING_ASKED, name) for name in foreign})
