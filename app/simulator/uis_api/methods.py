"""The Call API's methods: parameters, own errors and component of each (call-api-v4.ru). The manners around: rpc.py."""

from collections.abc import Mapping

from app.simulator.uis_api import controls
from app.simulator.uis_api.invocation import CALL, TOKEN, Invocation, Method
from app.simulator.uis_api.params import DIGITS, DTMF_SYMBOL, NON_EMPTY, RUSSIAN_NUMBER, message, number, string
from app.simulator.uis_api.starting import start_methods


def _login(invocation: Invocation) -> object:
    token, expire_at = invocation.tokens.sign_in(invocation.text("login"), invocation.text("password"))
    return {"access_token": token, "expire_at": expire_at}


def _logout(invocation: Invocation) -> object:
    invocation.tokens.sign_out(invocation.text("access_token"))
    return {"success": True}


CONTROL_METHODS: Mapping[str, Method] = {
    "login.user": Method("base", {"login": string(), "password": string()}, frozenset({"auth_error"}), query=_login),
    "logout.user": Method("base", TOKEN, query=_logout),
    "list.calls": Method(
        "control",
        {
            **TOKEN,
            "direction": string(required=False, choices=("in", "out")),
            "virtual_phone_number": string(required=False, pattern=RUSSIAN_NUMBER),
        },
        query=controls.list_calls,
    ),
    "list.talk_options": Method("control", TOKEN, query=controls.list_talk_options),
    "hold.call": Method(
        "control",
        {**CALL, "contact_message": message(required=True)},
        frozenset({"invalid_state", "media_file_not_found", "tts_text_exceeded", "character_encoding_not_allowed"}),
        command=controls.hold,
    ),
    "unhold.call": Method("control", CALL, frozenset({"invalid_state"}), command=controls.unhold),
    "make.call": Method(
        "control",
        {**CALL, "to": string(pattern=DIGITS), "to_message": message(required=False)},
        frozenset({"invalid_state", "character_encoding_not_allowed", "no_active_phone_number"}),
        command=controls.make,
    ),
    "transfer.talk": Method("control", CALL, frozenset({"invalid_state"}), command=controls.transfer),
    "restore.talk": Method("control", CALL, frozenset({"invalid_state"}), command=controls.restore),
    "tag.call": Method(
        "control", {**CALL, "tag_id": number()}, frozenset({"tag_not_found", "duplicate_tag"}), command=controls.tag
    ),
    "record.call": Method(
        "control",
        {**CALL, "action": string(choices=("on", "off"))},
        frozenset({"forbidden", "record_already_started", "record_already_stopped"}),
        command=controls.record,
    ),
    "send.dtmf": Method("control", {**CALL, "dtmf_string": string(pattern=DTMF_SYMBOL)}, command=controls.dtmf),
    "add.coach": Method(
        "control",
        {**CALL, "phone_number": string(required=False, pattern=DIGITS)},
        frozenset({"coach_not_found", "no_active_phone_number"}),
        command=controls.coach,
    ),
    "disconnect.leg": Method(
        "control", {**CALL, "leg_id": number()}, frozenset({"leg_not_found"}), command=controls.disconnect
    ),
    "release.call": Method("base", CALL, command=controls.release),
    "block.contact": Method("control", CALL, frozenset({"duplicate_contact"}), command=controls.block),
    "call.talk_option": Method(
        "control",
        {**CALL, "button": string(pattern=NON_EMPTY)},
        frozenset({"invalid_state", "internal_error", "forbidden", "call_session_not_found", "talk_option_not_found"}),
        command=controls.talk_option,
    ),
}


def methods_of(edition: int) -> Mapping[str, Method]:
    """All 22 methods as that edition of v4.0 has them: 2017 or 2026."""
    return {**CONTROL_METHODS, **start_methods(edition)}


METHODS: Mapping[str, Method] = methods_of(2026)
