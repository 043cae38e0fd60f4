"""The 22 methods of the Call API as its document lists them: parameters, own errors, and how each error comes about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.simulator.pbx.call import SessionState as S
from tests.app.telephony.stack import ME

LINE, LINE_WITHOUT_SCENARIO = "74951045771", "74959268686"
CONTACT = "79161112233"
EMPLOYEE_WITHOUT_COACH, EMPLOYEE_WITHOUT_PHONE, EMPLOYEE_ALWAYS_RECORDED = 2003, 2006, 2005
MEDIA = {"type": "media", "value": "2561"}
TOO_LONG = {"type": "tts", "value": "а" * 1001}
NO_SUCH_FILE = {"type": "media", "value": "1"}

COMMON = {
    "invalid_request": -32600,
    "access_token_expired": -32001,
    "access_token_blocked": -32001,
    "access_token_invalid": -32001,
    "limit_exceeded": -32029,
    "component_disabled": -32008,
    "ip_not_whitelisted": -32003,
    "auth_error": -32001,
    "account_inactive": -32009,
    "call_session_not_found": -32602,
    "internal_error": -32603,
    "data_type_error": -32602,
    "method_not_found": -32601,
    "forbidden": -32003,
    "parse_error": -32700,
    "batch_opreations_not_supported": -32099,
    "notifications_not_supported": -32099,
    "required_parameter_missed": -32602,
    "invalid_parameter_value": -32602,
    "unexpected_parameters": -32602,
}
TOLD: Mapping[str, Mapping[str, object]] = {
    "limit_exceeded": {"limit_type": "day", "limit_max_value": 750},
    "component_disabled": {"component_name": "Call API"},
    "ip_not_whitelisted": {"ip": "203.0.113.7"},
}
"""Facts that come with a common error."""

_STARTS = frozenset(
    {
        "tts_text_exceeded",
        "media_file_not_found",
        "virtual_phone_number_not_found",
        "own_virtual_phone_number_not_allowed",
        "contact_in_blacklist",
        "character_encoding_not_allowed",
    }
)
_COMBINATION = frozenset({"invalid_parameters_combination"})
OWN_ERRORS: Mapping[str, frozenset[str]] = {
    "login.user": frozenset({"auth_error"}),
    "logout.user": frozenset(),
    "list.calls": frozenset(),
    "list.talk_options": frozenset(),
    # The combination belongs to early_switching, which the 2026 edition gave to two methods more.
    "start.employee_call": _STARTS | _COMBINATION | {"employee_not_found", "no_active_phone_number"},
    "start.scenario_call": _STARTS | _COMBINATION | {"scenario_not_found"},
    "start.vnumber_call": _STARTS | _COMBINATION | {"scenario_not_found"},
    "start.informer_call": _STARTS,
    "start.simple_call": _STARTS | _COMBINATION,
    "make.call": frozenset({"invalid_state", "character_encoding_not_allowed", "no_active_phone_number"}),
    "transfer.talk": frozenset({"invalid_state"}),
    "restore.talk": frozenset({"invalid_state"}),
    "hold.call": frozenset(
        {"invalid_state", "media_file_not_found", "tts_text_exceeded", "character_encoding_not_allowed"}
    ),
    "unhold.call": frozenset({"invalid_state"}),
    "tag.call": frozenset({"tag_not_found", "duplicate_tag"}),
    "disconnect.leg": frozenset({"leg_not_found"}),
    "add.coach": frozenset({"coach_not_found", "no_active_phone_number"}),
    "record.call": frozenset({"forbidden", "record_already_started", "record_already_stopped"}),
    "block.contact": frozenset({"duplicate_contact"}),
    "call.talk_option": frozenset(
        {"invalid_state", "internal_error", "forbidden", "call_session_not_found", "talk_option_not_found"}
    ),
    "send.dtmf": frozenset(),
    "release.call": frozenset(),
}

Kind = tuple[str, bool]
"""JSON type and whether it is required; a dot leads into an object."""
_CALL: dict[str, Kind] = {"access_token": ("string", True), "call_session_id": ("number", True)}
_TOKEN: dict[str, Kind] = {"access_token": ("string", True)}


def _message(name: str, *, required: bool = False) -> dict[str, Kind]:
    return {name: ("object", required), f"{name}.type": ("string", True), f"{name}.value": ("string", True)}


_START: dict[str, Kind] = {
    **_TOKEN,
    "virtual_phone_number": ("string", True),
    "contact": ("string", True),
    "external_id": ("string", False),
    "dtmf_string": ("string", False),
    "direction": ("string", False),
    "virtual_phone_usage_rule": ("string", False),
}
_BRIDGE: dict[str, Kind] = {
    **_START,
    "first_call": ("string", True),
    "switch_at_once": ("boolean", False),
    "early_switching": ("boolean", False),
    **_message("contact_message"),
}
_SHOWN: dict[str, Kind] = {"show_virtual_phone_number": ("boolean", False), "media_file_id": ("number", False)}
PARAMETERS: Mapping[str, Mapping[str, Kind]] = {
    "login.user": {"login": ("string", True), "password": ("string", True)},
    "logout.user": _TOKEN,
    "list.calls": {**_TOKEN, "direction": ("string", False), "virtual_phone_number": ("string", False)},
    "list.talk_options": _TOKEN,
    "start.employee_call": {
        **_BRIDGE,
        **_SHOWN,
        "employee": ("object", True),
        "employee.id": ("number", True),
        "employee.phone_number": ("string", False),
        **_message("employee_message"),
    },
    "start.scenario_call": {**_BRIDGE, "scenario_id": ("number", True), **_message("employee_message")},
    "start.vnumber_call": _BRIDGE,
    "start.informer_call": {
        **_START,
        "dialing_timeout": ("number", False),
        **_message("contact_message", required=True),
    },
    "start.simple_call": {
        **_BRIDGE,
        **_SHOWN,
        "operator": ("string", True),
        "operator_confirmation": ("string", False),
        **_message("operator_message"),
    },
    "make.call": {**_CALL, "to": ("string", True), **_message("to_message")},
    "transfer.talk": _CALL,
    "restore.talk": _CALL,
    "hold.call": {**_CALL, **_message("contact_message", required=True)},
    "unhold.call": _CALL,
    "tag.call": {**_CALL, "tag_id": ("number", True)},
    "disconnect.leg": {**_CALL, "leg_id": ("number", True)},
    "add.coach": {**_CALL, "phone_number": ("string", False)},
    "record.call": {**_CALL, "action": ("string", True)},
    "block.contact": _CALL,
    "call.talk_option": {**_CALL, "button": ("string", True)},
    "send.dtmf": {**_CALL, "dtmf_string": ("string", True)},
    "release.call": _CALL,
}
WRONG_TYPE: Mapping[str, object] = {"string": 7, "number": "7", "boolean": "true", "object": "x"}
GOOD: Mapping[str, object] = {
    "virtual_phone_number": LINE,
    "contact": CONTACT,
    "external_id": "order 7",
    "virtual_phone_usage_rule": "fixed",
    "switch_at_once": True,
    "early_switching": False,
    "contact_message": MEDIA,
    "employee_message": MEDIA,
    "operator_message": MEDIA,
    "to_message": MEDIA,
    "show_virtual_phone_number": True,
    "media_file_id": 2701,
    "employee": {"id": ME, "phone_number": "0486101"},
    "scenario_id": 5001,
    "dialing_timeout": 30,
    "operator": "79262444491",
    "operator_confirmation": "any",
    "dtmf_string": "1",
    "to": "102",
    "tag_id": 254,
    "phone_number": "104",
    "action": "on",
    "button": "1",
}
NEEDS: Mapping[str, S] = {
    "make.call": S.HOLD,
    "unhold.call": S.HOLD,
    "transfer.talk": S.OPERATOR_TALK,
    "restore.talk": S.OPERATOR_TALK,
}
"""The state of the call a method works in; TALK where nothing is said."""


@dataclass(frozen=True)
class Provoked:
    """An own error, brought about for real: what differs from a good request, and what must be told of it."""

    method: str
    mnemonic: str
    code: int = -32602
    changed: Mapping[str, object] = field(default_factory=dict)
    state: S = S.TALK
    employee_id: int = ME
    twice: bool = False
    """The error is that of the second request of this kind."""
    told: Mapping[str, str] = field(default_factory=dict)
    is_raw: bool = False
    """A byte that is no UTF-8 somewhere in the request."""


_BRIDGES = ("employee", "scenario", "vnumber", "simple")
_ODD_CODES = {"scenario": -32602, "vnumber": -32602, "informer": -32602}


def _of_every_start(way: str) -> list[Provoked]:
    method = f"start.{way}_call"
    length = {"tts_message_max_length": "1000", "sent_tts_message_length": "1001"}
    return [
        Provoked(method, "tts_text_exceeded", changed={"contact_message": TOO_LONG}, told=length),
        Provoked(
            method, "media_file_not_found", changed={"contact_message": NO_SUCH_FILE}, told={"media_file_id": "1"}
        ),
        Provoked(
            method,
            "virtual_phone_number_not_found",
            -32007,
            {"virtual_phone_number": "74999999999"},
            told={"virtual_phone_number": "74999999999"},
        ),
        Provoked(method, "own_virtual_phone_number_not_allowed", changed={"contact": LINE_WITHOUT_SCENARIO}),
        Provoked(
            method,
            "contact_in_blacklist",
            _ODD_CODES.get(way, -32002),
            {"contact": "79990001122"},
            told={"contact": "79990001122"},
        ),
        Provoked(method, "character_encoding_not_allowed", is_raw=True),
    ]


PROVOKED: tuple[Provoked, ...] = (
    Provoked("login.user", "auth_error", -32001, {"password": "wrong"}),
    *(row for way in (*_BRIDGES, "informer") for row in _of_every_start(way)),
    *(
        Provoked(f"start.{way}_call", "invalid_parameters_combination", changed={"early_switching": True})
        for way in _BRIDGES
    ),
    Provoked("start.employee_call", "employee_not_found", changed={"employee": {"id": 9}}, told={"employee_id": "9"}),
    Provoked("start.employee_call", "no_active_phone_number", changed={"employee": {"id": EMPLOYEE_WITHOUT_PHONE}}),
    Provoked("start.scenario_call", "scenario_not_found", changed={"scenario_id": 9}, told={"scenario_id": "9"}),
    Provoked("start.vnumber_call", "scenario_not_found", -32007, {"virtual_phone_number": LINE_WITHOUT_SCENARIO}),
    Provoked("make.call", "invalid_state", -32004, state=S.TALK),
    Provoked("make.call", "no_active_phone_number", changed={"to": "999"}, state=S.HOLD),
    Provoked("make.call", "character_encoding_not_allowed", state=S.HOLD, is_raw=True),
    Provoked("transfer.talk", "invalid_state", -32004),
    Provoked("restore.talk", "invalid_state", -32004),
    Provoked("hold.call", "invalid_state", -32004, state=S.HOLD),
    Provoked(
        "hold.call", "media_file_not_found", changed={"contact_message": NO_SUCH_FILE}, told={"media_file_id": "1"}
    ),
    Provoked(
        "hold.call",
        "tts_text_exceeded",
        changed={"contact_message": TOO_LONG},
        told={"tts_message_max_length": "1000", "sent_tts_message_length": "1001"},
    ),
    Provoked("hold.call", "character_encoding_not_allowed", is_raw=True),
    Provoked("unhold.call", "invalid_state", -32004),
    Provoked("tag.call", "tag_not_found", changed={"tag_id": 9}, told={"tag_id": "9"}),
    Provoked("tag.call", "duplicate_tag", twice=True),
    Provoked("disconnect.leg", "leg_not_found", changed={"leg_id": 9}),
    Provoked("add.coach", "coach_not_found", changed={"phone_number": None}, employee_id=EMPLOYEE_WITHOUT_COACH),
    Provoked("add.coach", "no_active_phone_number", changed={"phone_number": "999"}),
    Provoked("record.call", "forbidden", -32003, {"action": "off"}, employee_id=EMPLOYEE_ALWAYS_RECORDED),
    Provoked("record.call", "record_already_started", twice=True),
    Provoked("record.call", "record_already_stopped", changed={"action": "off"}),
    Provoked("block.contact", "duplicate_contact", twice=True, told={"contact_phone_number": CONTACT}),
    Provoked("call.talk_option", "invalid_state", -32004, state=S.HOLD),
    Provoked("call.talk_option", "call_session_not_found", changed={"call_session_id": 9}),
    Provoked("call.talk_option", "talk_option_not_found", changed={"button": "9"}),
    Provoked("call.talk_option", "forbidden", -32003, {"button": "2"}, employee_id=EMPLOYEE_ALWAYS_RECORDED),
    Provoked("call.talk_option", "internal_error", -32603, {"button": "4"}, employee_id=EMPLOYEE_WITHOUT_COACH),
)


def with_value(params: dict[str, object], dotted: str, value: object) -> dict[str, object]:
    """A copy with that parameter set, at any depth."""
    name, _, rest = dotted.partition(".")
    if not rest:
        return {**params, name: value}
    inner = params[name]
    assert isinstance(inner, dict)
    return {**params, name: with_value(inner, rest, value)}


def without(params: dict[str, object], dotted: str) -> dict[str, object]:
    """A copy without that parameter, at any depth."""
    name, _, rest = dotted.partition(".")
    if not rest:
        return {key: value for key, value in params.items() if key != name}
    inner = params[name]
    assert isinstance(inner, dict)
    return {**params, name: without(inner, rest)}
