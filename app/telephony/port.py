"""What the rest of the program sees of a PBX. Adapters implement it; nothing here knows a vendor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from app.domain.call_start import CallStart
from app.domain.calls import CallSession, CallSessionId, LegId, TagId
from app.domain.spoken_message import SpokenMessage

__all__ = ["CallsSnapshot", "SpokenMessage", "TalkOption", "TelephonyPort"]


@dataclass(frozen=True, slots=True)
class TalkOption:
    """A configured in-call option of the account: its key, its meaning and its name. `value`: what it is set to, e.g.
    the tag it puts on; empty when there is none."""

    button: str
    mnemonic: str
    name: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class CallsSnapshot:
    """One successful reading of the live calls. An unchanged call is the very same object as in the last snapshot.

    `is_version_deprecated`: the PBX says that this version of its interface will be switched off.
    """

    calls: tuple[CallSession, ...]
    is_version_deprecated: bool = False


class TelephonyPort(Protocol):
    """Commands return when the PBX has accepted them; the effect shows in a later snapshot.

    Raises: errors.Refused and its subclasses (the PBX said no), errors.LinkError (nothing was sent),
    errors.OutcomeUnknown (sent, no trustworthy answer: read the calls again before anything else).
    """

    async def list_calls(self) -> CallsSnapshot: ...

    async def hold(self, call_session_id: CallSessionId, message: SpokenMessage) -> None: ...

    async def retrieve(self, call_session_id: CallSessionId) -> None: ...

    async def begin_consult(
        self, call_session_id: CallSessionId, to_number: str, message: SpokenMessage | None = None
    ) -> None: ...

    async def complete_transfer(self, call_session_id: CallSessionId) -> None: ...

    async def transfer_blind(self, call_session_id: CallSessionId) -> None: ...

    async def cancel_consult(self, call_session_id: CallSessionId) -> None: ...

    async def tag(self, call_session_id: CallSessionId, tag_id: TagId) -> None: ...

    async def set_recording(self, call_session_id: CallSessionId, *, on: bool) -> None: ...

    async def send_dtmf_symbol(self, call_session_id: CallSessionId, symbol: str) -> None: ...

    async def add_coach(self, call_session_id: CallSessionId, phone_number: str | None = None) -> None: ...

    async def drop_leg(self, call_session_id: CallSessionId, leg_id: LegId) -> None: ...

    async def end_call(self, call_session_id: CallSessionId) -> None: ...

    async def block_caller(self, call_session_id: CallSessionId) -> None: ...

    async def use_talk_option(self, call_session_id: CallSessionId, button: str) -> None: ...

    async def start_call(self, start: CallStart) -> CallSessionId:
        """Begin a call; gives its id. Not idempotent: after OutcomeUnknown look for `start.external_id`."""
        ...

    async def list_talk_options(self) -> tuple[TalkOption, ...]: ...

    async def sign_out(self) -> None: ...
