"""Parameters of every method: missing, unexpected, of a wrong type, out of the enumeration, nested."""

from __future__ import annotations

import pytest

from app.simulator.uis_api.methods import METHODS
from tests.simulator.pbx_client import HOLD_MESSAGE, PbxDesk, pbx_desk

# method -> parameter -> (JSON type, required), as the document prints them; access_token is in all but login.user
START: dict[str, tuple[str, bool]] = {
    "virtual_phone_number": ("string", True),
    "contact": ("string", True),
    "external_id": ("string", False),
    "dtmf_string": ("string", False),
    "direction": ("string", False),
    "virtual_phone_usage_rule": ("string", False),
}
FIRST: dict[str, tuple[str, bool]] = {
    "first_call": ("string", True),
    "switch_at_once": ("boolean", False),
    "early_switching": ("boolean", False),
    "contact_message": ("object", False),
}
SHOWN: dict[str, tuple[str, bool]] = {
    "show_virtual_phone_number": ("boolean", False),
    "media_file_id": ("number", False),
}
SIGNATURES: dict[str, dict[str, tuple[str, bool]]] = {
    "start.employee_call": {
        **START,
        **FIRST,
        **SHOWN,
        "employee": ("object", True),
        "employee_message": ("object", False),
    },
    "start.scenario_call": {
        **START,
        **FIRST,
        "scenario_id": ("number", True),
        "employee_message": ("object", False),
    },
    "start.vnumber_call": {**START, **FIRST, "show_virtual_phone_number": ("boolean", False)},
    "start.informer_call": {**START, "dialing_timeout": ("number", False), "contact_message": ("object", True)},
    "start.simple_call": {
        **START,
        **FIRST,
        **SHOWN,
        "operator": ("string", True),
        "operator_message": ("object", False),
        "operator_confirmation": ("string", False),
    },
    "block.contact": {"call_session_id": ("number", True)},
    "call.talk_option": {"call_session_id": ("number", True), "button": ("string", True)},
    "login.user": {"login": ("string", True), "password": ("string", True)},
    "logout.user": {},
    "list.calls": {"direction": ("string", False), "virtual_phone_number": ("string", False)},
    "list.talk_options": {},
    "hold.call": {"call_session_id": ("number", True), "contact_message": ("object", True)},
    "unhold.call": {"call_session_id": ("number", True)},
    "make.call": {
        "call_session_id": ("number", True),
        "to": ("string", True),
        "to_message": ("object", False),
    },
    "transfer.talk": {"call_session_id": ("number", True)},
    "restore.talk": {"call_session_id": ("number", True)},
    "tag.call": {"call_session_id": ("number", True), "tag_id": ("number", True)},
    "record.call": {"call_session_id": ("number", True), "action": ("string", True)},
    "send.dtmf": {"call_session_id": ("number", True), "dtmf_string": ("string", True)},
    "add.coach": {"call_session_id": ("number", True), "phone_number": ("string", False)},
    "disconnect.leg": {"call_session_id": ("number", True), "leg_id": ("number", True)},
    "release.call": {"call_session_id": ("number", True)},
}
GOOD: dict[str, object] = {
    "login": "operator@example.test",
    "password": "simulated-password",
    "direction": "in",
    "virtual_phone_number": "74951045771",
    "call_session_id": 3960098281,
    "contact_message": HOLD_MESSAGE,
    "to": "102",
    "to_message": HOLD_MESSAGE,
    "tag_id": 254,
    "action": "on",
    "dtmf_string": "1",
    "phone_number": "104",
    "leg_id": 5287866221,
    "contact": "79161112233",
    "external_id": "order 7",
    "virtual_phone_usage_rule": "regional_random",
    "first_call": "contact",
    "switch_at_once": True,
    "early_switching": False,
    "show_virtual_phone_number": False,
    "media_file_id": 2561,
    "employee": {"id": 2001, "phone_number": "0486101"},
    "employee_message": HOLD_MESSAGE,
    "scenario_id": 5001,
    "dialing_timeout": 120,
    "operator": "79262444491",
    "operator_message": HOLD_MESSAGE,
    "operator_confirmation": "any",
    "button": "1",
}
WRONG_TYPES: dict[str, tuple[object, ...]] = {
    "string": (7, None, True, [], {}),
    "number": ("7", None, True, [], {}),
    "boolean": (7, None, "true", [], {}),
    "object": ("x", 7, None, []),
}


def good_params(desk: PbxDesk, method: str) -> dict[str, object]:
    params = {name: GOOD[name] for name in SIGNATURES[method]}
    return params if method == "login.user" else {"access_token": desk.simulator.config.permanent_token, **params}


async def refusal(desk: PbxDesk, method: str, params: dict[str, object]) -> tuple[str, str, object]:
    """Mnemonic, field and value; ("ok", "", None) for a reply that is no parameter error."""
    reply = await desk.call_with(method, params)
    if "error" not in reply or reply["error"]["data"]["mnemonic"] in ("call_session_not_found", "auth_error"):
        return "ok", "", None
    assert reply["error"]["code"] == -32602
    data = reply["error"]["data"]
    return data["mnemonic"], data.get("field", ""), data.get("value", "absent")


def test_the_simulated_methods_are_those_of_the_table() -> None:
    assert set(METHODS) == set(SIGNATURES)


@pytest.mark.parametrize("method", sorted(SIGNATURES))
async def test_good_parameters_pass_with_and_without_the_optional_ones(method: str) -> None:
    async with pbx_desk() as desk:
        whole = good_params(desk, method)
        optional = [name for name, (_, required) in SIGNATURES[method].items() if not required]
        if method == "logout.user":
            assert await desk.data(method) == {"success": True}
            return
        assert (await refusal(desk, method, whole))[0] == "ok"
        for name in optional:
            assert (await refusal(desk, method, {k: v for k, v in whole.items() if k != name}))[0] == "ok"


@pytest.mark.parametrize("method", sorted(SIGNATURES))
async def test_a_missing_required_parameter_is_named(method: str) -> None:
    async with pbx_desk() as desk:
        whole = good_params(desk, method)
        required = [name for name, (_, is_required) in SIGNATURES[method].items() if is_required]
        for name in [*required, *(["access_token"] if method != "login.user" else [])]:
            rest = {key: value for key, value in whole.items() if key != name}
            assert await refusal(desk, method, rest) == ("required_parameter_missed", name, "absent")


@pytest.mark.parametrize("method", sorted(SIGNATURES))
async def test_an_unexpected_parameter_is_named_with_its_value(method: str) -> None:
    async with pbx_desk() as desk:
        params = {**good_params(desk, method), "colour": "red"}
        assert await refusal(desk, method, params) == ("unexpected_parameters", "colour", "red")


@pytest.mark.parametrize("method", sorted(SIGNATURES))
async def test_a_value_of_a_wrong_type_is_named_and_echoed(method: str) -> None:
    async with pbx_desk() as desk:
        whole = good_params(desk, method)
        kinds = {name: kind for name, (kind, _) in SIGNATURES[method].items()}
        if method != "login.user":
            kinds["access_token"] = "string"
        for name, kind in kinds.items():
            for wrong in WRONG_TYPES[kind]:
                assert await refusal(desk, method, {**whole, name: wrong}) == ("data_type_error", name, wrong)


@pytest.mark.parametrize(
    ("method", "name", "wrong"),
    [
        ("list.calls", "direction", "both"),
        ("list.calls", "virtual_phone_number", "84951045771"),
        ("list.calls", "virtual_phone_number", "+74951045771"),
        ("record.call", "action", "ON"),
        ("make.call", "to", "+79161112233"),
        ("make.call", "to", ""),
        ("make.call", "to", "7916 111"),
        ("add.coach", "phone_number", "+104"),
        ("send.dtmf", "dtmf_string", "12"),
        ("send.dtmf", "dtmf_string", ""),
        ("send.dtmf", "dtmf_string", "a"),
        ("send.dtmf", "dtmf_string", "."),
        ("start.employee_call", "virtual_phone_number", "+74951045771"),
        ("start.employee_call", "contact", "+79161112233"),
        ("start.employee_call", "contact", "102"),
        ("start.employee_call", "contact", "8 916 111"),
        ("start.employee_call", "contact", ""),
        ("start.employee_call", "dtmf_string", ".1a"),
        ("start.employee_call", "dtmf_string", ""),
        ("start.employee_call", "first_call", "operator"),
        ("start.employee_call", "direction", "both"),
        ("start.employee_call", "virtual_phone_usage_rule", "any"),
        ("start.scenario_call", "first_call", "operator"),
        ("start.vnumber_call", "contact", "102"),
        ("start.informer_call", "dialing_timeout", 121),
        ("start.informer_call", "dialing_timeout", 0),
        ("start.simple_call", "first_call", "employee"),
        ("start.simple_call", "operator", "+79262444491"),
        ("start.simple_call", "operator_confirmation", "12"),
        ("call.talk_option", "button", ""),
    ],
)
async def test_a_value_out_of_its_format_is_refused(method: str, name: str, wrong: object) -> None:
    async with pbx_desk() as desk:
        params = {**good_params(desk, method), name: wrong}
        assert await refusal(desk, method, params) == ("invalid_parameter_value", name, wrong)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"value": "x"}, ("required_parameter_missed", "contact_message.type", "absent")),
        ({"type": "tts"}, ("required_parameter_missed", "contact_message.value", "absent")),
        ({"type": "tts", "value": 2561}, ("data_type_error", "contact_message.value", 2561)),
        ({"type": "file", "value": "x"}, ("invalid_parameter_value", "contact_message.type", "file")),
        ({"type": "tts", "value": ""}, ("invalid_parameter_value", "contact_message.value", "")),
        ({"type": "tts", "value": "x", "voice": 1}, ("unexpected_parameters", "contact_message.voice", 1)),
    ],
)
async def test_nested_fields_are_named_with_dots(message: object, expected: tuple[str, str, object]) -> None:
    async with pbx_desk() as desk:
        params = {**good_params(desk, "hold.call"), "contact_message": message}
        assert await refusal(desk, "hold.call", params) == expected


@pytest.mark.parametrize(("method", "lists_it"), [("hold.call", True), ("make.call", True), ("tag.call", False)])
async def test_bytes_that_are_not_utf_8_are_refused_in_the_words_of_the_method(method: str, lists_it: bool) -> None:
    async with pbx_desk() as desk:
        token = desk.simulator.config.permanent_token.encode()
        body = b'{"jsonrpc":"2.0","id":1,"method":"%b","params":{"access_token":"%b","x":"\xff\xfe"}}'
        answer = await desk.post(body % (method.encode(), token))
        expected = "character_encoding_not_allowed" if lists_it else "parse_error"
        assert answer.body["error"]["data"]["mnemonic"] == expected
