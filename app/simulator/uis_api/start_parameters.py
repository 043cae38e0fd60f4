"""What the five start.* methods take, in the edition of 2017 and in that of 2026 (uis-notes §0.1)."""

import re
from collections.abc import Mapping

from app.simulator.uis_api.invocation import TOKEN
from app.simulator.uis_api.params import (
    CONFIRMATION_KEY,
    DIGITS,
    KEYS_WITH_PAUSES,
    Parameter,
    Parameters,
    boolean,
    message,
    number,
    string,
)

CONTACT = re.compile(r"0[0-9]{5,9}|[1-9][0-9]{9,14}")
"""A SIP number of an employee, or E.164 digits; extensions are not allowed."""
USAGE_RULES = ("fixed", "fixed_for_numa", "random", "regional_random", "regional_fixed_for_numa")
LONGEST_DIALLING_S = 120
SHOWN: Parameters = {"show_virtual_phone_number": boolean()}
HEARD: Parameters = {"contact_message": message(required=False)}
MUSIC: Parameters = {"media_file_id": number(required=False)}
EARLY: Parameters = {"early_switching": boolean()}
PLAYED_TO_EMPLOYEE: Parameters = {"employee_message": message(required=False)}
EMPLOYEE = Parameter("object", fields={"id": number(), "phone_number": string(required=False, pattern=DIGITS)})
OPERATOR_OF_2017 = {"id": number(required=False), "phone_number": string(pattern=DIGITS)}


def start_parameters(edition: int) -> Mapping[str, Parameters]:
    """Method -> parameters."""
    is_new = edition >= 2026
    common = _common(is_new=is_new)
    first = {**common, **_first("employee"), **HEARD}
    newer_early = EARLY if is_new else {}
    operator = Parameter("string" if is_new else "string|object", pattern=DIGITS, fields=OPERATOR_OF_2017)
    confirmation = {"operator_confirmation": string(required=False, pattern=CONFIRMATION_KEY)} if is_new else {}
    return {
        "start.employee_call": {**first, **SHOWN, **MUSIC, **EARLY, **PLAYED_TO_EMPLOYEE, "employee": EMPLOYEE},
        "start.scenario_call": {
            **first,
            **newer_early,
            **(PLAYED_TO_EMPLOYEE if is_new else {}),
            "scenario_id": number(),
        },
        "start.vnumber_call": {**first, **SHOWN, **newer_early},
        "start.informer_call": {
            **common,
            "dialing_timeout": number(required=False, low=1, high=LONGEST_DIALLING_S),
            "contact_message": message(required=True),
        },
        "start.simple_call": {
            **common,
            **_first("operator"),
            **HEARD,
            **SHOWN,
            **MUSIC,
            **EARLY,
            "operator": operator,
            "operator_message": message(required=False),
            **confirmation,
        },
    }


def _first(our_side: str) -> Parameters:
    return {"first_call": string(choices=("contact", our_side)), "switch_at_once": boolean()}


def _common(*, is_new: bool) -> Parameters:
    # the account has no component for the rules: all of them fall back to the number that was sent (uis-notes §0.1)
    rule = {"virtual_phone_usage_rule": string(required=False, choices=USAGE_RULES)} if is_new else {}
    return {
        **TOKEN,
        "virtual_phone_number": string(pattern=DIGITS),
        "contact": string(pattern=CONTACT),
        "external_id": string(required=False),
        "dtmf_string": string(required=False, pattern=KEYS_WITH_PAUSES),
        "direction": string(required=False, choices=("in", "out")),
        **rule,
    }
