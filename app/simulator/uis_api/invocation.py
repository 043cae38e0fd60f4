"""What a method of the account's APIs works with, and what one row of a method table says."""

from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import tzinfo

from app.simulator.pbx.call import Call
from app.simulator.pbx.commands import CallCommands, CommandRefusedError
from app.simulator.pbx.world import PbxWorld
from app.simulator.uis_api.listing import Listing
from app.simulator.uis_api.params import Parameters, number, string
from app.simulator.uis_api.refusals import MISSING, ApiRefusal, ErrorKind
from app.simulator.uis_api.tokens import Tokens

COMPONENTS = {
    "base": "Call API Базовый набор",
    "control": "Call API Управление вызовами",
    "informer": "Call API Информационный вызов",
    "scenario": "Call API Вызов сценария",
    "data": "Data API",
    "data_settings": "Data API для настройки",
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
    zone: tzinfo
    """The account's time zone."""
    disabled_components: Set[str]

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
class Page:
    """A part of a list: ``result.data``, and ``total_items`` for the metadata."""

    rows: list[dict[str, object]]
    total_items: int


@dataclass(frozen=True)
class Method:
    """One row of the table. A `command` works on a live call given by call_session_id and answers SUCCESS."""

    component: str
    params: Parameters
    errors: frozenset[str] = frozenset()
    kinds: Mapping[str, ErrorKind] = field(default_factory=dict)
    """Errors that have another code or text in this method (uis-notes §6 row 7)."""
    component_refusal: str = "component_disabled"
    """The error without the component."""
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
        with refusing(invocation):
            effect = self.command(invocation, call)
        invocation.listing.freeze(call, shown_before)
        invocation.effects.append(f"{effect} call_session_id={call.call_session_id}")
        return dict(SUCCESS)


@contextmanager
def refusing(invocation: Invocation) -> Iterator[None]:
    """The exchange's refusals become the API's, with the value that was sent."""
    try:
        yield
    except CommandRefusedError as refusal:
        value = invocation.params.get(refusal.field or "", MISSING)
        raise ApiRefusal(refusal.mnemonic, field=refusal.field, value=value, params=refusal.params) from refusal


def playable(invocation: Invocation, name: str, *, has_own_errors: bool) -> tuple[str, str] | None:
    """Type and value of a message that the account can play, None when none was sent; raises ApiRefusal."""
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


TOKEN: Parameters = {"access_token": string()}
CALL: Parameters = {**TOKEN, "call_session_id": number()}
