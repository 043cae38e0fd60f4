"""The Call API's methods: parameters, own errors, component, and what each does. The manners around them: rpc.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.simulator.pbx.call import Call
from app.simulator.pbx.commands import CallCommands, CommandRefusedError
from app.simulator.pbx.world import PbxWorld
from app.simulator.uis_api.listing import Listing
from app.simulator.uis_api.params import (
    DIGITS,
    DTMF_SYMBOL,
    RUSSIAN_NUMBER,
    Parameters,
    message,
    number,
    string,
)
from app.simulator.uis_api.refusals import MISSING, ApiRefusal
from app.simulator.uis_api.tokens import Tokens

COMPONENTS = {
    "base": "Call API Базовый набор",
    "control": "Call API Управление вызовами",
    "informer": "Call API Информационный вызов",
    "scenario": "Call API Вызов сценария",
}
SUCCESS: Mapping[str, object] = {"success": "true"}
"""The text, as the control methods really answer; only logout.user says it with a boolean."""


@dataclass(frozen=True)
class Invocation:
    """What a method works with: checked parameters, and where its effects are written down."""

    world: PbxWorld
    commands: CallCommands
    listing: Listing
    tokens: Tokens
    params: Mapping[str, object]
    effects: list[str]

    def text(self, name: str) -> str:
        """A string parameter."""
        return str(self.params[name])

    def numeric(self, name: str) -> int | float:
        """A number parameter."""
        value = self.params[name]
        if not isinstance(value, int | float):
            raise TypeError(f"{name} was checked to be a number")
        return value

    def message(self, name: str) -> tuple[str, str] | None:
        """Type and value of a message parameter."""
        sent = self.params.get(name)
        return (str(sent["type"]), str(sent["value"])) if isinstance(sent, dict) else None


@dataclass(frozen=True)
class Method:
    """One row of the table. A `command` works on a live call given by call_session_id and answers SUCCESS."""

    component: str
    params: Parameters
    errors: frozenset[str] = frozenset()
    query: Callable[[Invocation], object] | None = None
    command: Callable[[Invocation, Call], str] | None = None

    def run(self, invocation: Invocation) -> object:
        """``result.data``; raises ApiRefusal."""
        if self.query is not None:
            return self.query(invocation)
        if self.command is None:
            raise ApiRefusal("internal_error")
        sent = invocation.numeric("call_session_id")
        call = next((call for call in invocation.world.calls if call.call_session_id == sent), None)
        if call is None:
            raise ApiRefusal("call_session_not_found", field="call_session_id", value=sent)
        shown_before = invocation.listing.shown(call)
        try:
            effect = self.command(invocation, call)
        except CommandRefusedError as refusal:
            value = invocation.params.get(refusal.field or "", MISSING)
            raise ApiRefusal(refusal.mnemonic, field=refusal.field, value=value, params=refusal.params) from refusal
        invocation.listing.freeze(call, shown_before)
        invocation.effects.append(f"{effect} call_session_id={call.call_session_id}")
        return dict(SUCCESS)


def _login(invocation: Invocation) -> object:
    token, expire_at = invocation.tokens.sign_in(invocation.text("login"), invocation.text("password"))
    return {"access_token": token, "expire_at": expire_at}


def _logout(invocation: Invocation) -> object:
    invocation.tokens.sign_out(invocation.text("access_token"))
    return {"success": True}


def _list_calls(invocation: Invocation) -> object:
    filters = invocation.params
    return invocation.listing.calls(filters.get("direction"), filters.get("virtual_phone_number"))


def _list_talk_options(invocation: Invocation) -> object:
    return [
        {
            "button": option.button,
            "mnemonic": option.mnemonic,
            "name": option.name,
            "button_value": None if option.value_id is None else {"id": option.value_id, "value": option.value},
        }
        for option in invocation.world.directory.talk_options
    ]


def _playable(invocation: Invocation, name: str, *, has_own_errors: bool) -> tuple[str, str] | None:
    playing = invocation.message(name)
    if playing is None:
        return None
    kind, value = playing
    longest = invocation.world.config.tts_max_length
    refusal: ApiRefusal | None = None
    if kind == "media" and not (value.isdecimal() and int(value) in invocation.world.directory.media_files):
        refusal = ApiRefusal(
            "media_file_not_found", field=f"{name}.value", value=value, params={"media_file_id": value}
        )
    elif kind == "tts" and len(value) > longest:
        params = {"tts_message_max_length": longest, "sent_tts_message_length": len(value)}
        refusal = ApiRefusal("tts_text_exceeded", field=f"{name}.value", value=value, params=params)
    if refusal is None:
        return playing
    if has_own_errors:
        raise refusal
    raise ApiRefusal("invalid_parameter_value", field=f"{name}.value", value=value)


def _hold(invocation: Invocation, call: Call) -> str:
    playing = _playable(invocation, "contact_message", has_own_errors=True)
    if playing is None:
        raise ApiRefusal("required_parameter_missed", field="contact_message")
    invocation.commands.hold(call, playing)
    return f"hold message={playing[0]}:{playing[1]}"


def _unhold(invocation: Invocation, call: Call) -> str:
    invocation.commands.retrieve(call)
    return "retrieve"


def _make(invocation: Invocation, call: Call) -> str:
    playing = _playable(invocation, "to_message", has_own_errors=False)
    leg = invocation.commands.call_third_party(call, invocation.text("to"), playing)
    return f"ring leg_id={leg.leg_id} to={leg.called}"


def _transfer(invocation: Invocation, call: Call) -> str:
    invocation.commands.transfer(call)
    return f"transfer to_state={call.session_state.value}"


def _restore(invocation: Invocation, call: Call) -> str:
    invocation.commands.restore(call)
    return "restore"


def _tag(invocation: Invocation, call: Call) -> str:
    tag_id = invocation.numeric("tag_id")
    invocation.commands.tag(call, tag_id)
    return f"tag tag_id={tag_id}"


def _record(invocation: Invocation, call: Call) -> str:
    action = invocation.text("action")
    invocation.commands.set_recording(call, is_on=action == "on")
    return f"record {action}"


def _dtmf(invocation: Invocation, call: Call) -> str:
    symbol = invocation.text("dtmf_string")
    invocation.commands.send_dtmf(call, symbol)
    return f"dtmf {symbol}"


def _coach(invocation: Invocation, call: Call) -> str:
    phone_number = invocation.text("phone_number") if "phone_number" in invocation.params else None
    leg = invocation.commands.add_coach(call, phone_number)
    return f"coach leg_id={leg.leg_id} to={leg.called}"


def _disconnect(invocation: Invocation, call: Call) -> str:
    leg_id = invocation.numeric("leg_id")
    invocation.commands.drop_leg(call, leg_id)
    return f"drop leg_id={leg_id}"


def _release(invocation: Invocation, call: Call) -> str:
    invocation.commands.release(call)
    return "release"


TOKEN: Parameters = {"access_token": string()}
CALL: Parameters = {**TOKEN, "call_session_id": number()}

METHODS: Mapping[str, Method] = {
    "login.user": Method("base", {"login": string(), "password": string()}, frozenset({"auth_error"}), query=_login),
    "logout.user": Method("base", TOKEN, query=_logout),
    "list.calls": Method(
        "control",
        {
            **TOKEN,
            "direction": string(required=False, choices=("in", "out")),
            "virtual_phone_number": string(required=False, pattern=RUSSIAN_NUMBER),
        },
        query=_list_calls,
    ),
    "list.talk_options": Method("control", TOKEN, query=_list_talk_options),
    "hold.call": Method(
        "control",
        {**CALL, "contact_message": message(required=True)},
        frozenset({"invalid_state", "media_file_not_found", "tts_text_exceeded", "character_encoding_not_allowed"}),
        command=_hold,
    ),
    "unhold.call": Method("control", CALL, frozenset({"invalid_state"}), command=_unhold),
    "make.call": Method(
        "control",
        {**CALL, "to": string(pattern=DIGITS), "to_message": message(required=False)},
        frozenset({"invalid_state", "character_encoding_not_allowed", "no_active_phone_number"}),
        command=_make,
    ),
    "transfer.talk": Method("control", CALL, frozenset({"invalid_state"}), command=_transfer),
    "restore.talk": Method("control", CALL, frozenset({"invalid_state"}), command=_restore),
    "tag.call": Method(
        "control", {**CALL, "tag_id": number()}, frozenset({"tag_not_found", "duplicate_tag"}), command=_tag
    ),
    "record.call": Method(
        "control",
        {**CALL, "action": string(choices=("on", "off"))},
        frozenset({"forbidden", "record_already_started", "record_already_stopped"}),
        command=_record,
    ),
    "send.dtmf": Method("control", {**CALL, "dtmf_string": string(pattern=DTMF_SYMBOL)}, command=_dtmf),
    "add.coach": Method(
        "control",
        {**CALL, "phone_number": string(required=False, pattern=DIGITS)},
        frozenset({"coach_not_found", "no_active_phone_number"}),
        command=_coach,
    ),
    "disconnect.leg": Method(
        "control", {**CALL, "leg_id": number()}, frozenset({"leg_not_found"}), command=_disconnect
    ),
    "release.call": Method("base", CALL, command=_release),
}
