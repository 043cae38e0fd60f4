"""The Call API v4.0: one typed method per remote operation. Knows the wire, not the domain."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Literal, TypeVar

import msgspec

from app.background import run_on_daemon_thread
from app.errors import OutcomeUnknown, SignInRefused
from app.http import HttpSession, PointsBudget
from app.uis.rpc import DEADLINE_S, Correlation, JsonRpc
from app.uis.sign_in import RENEWABLE_REFUSALS, SessionToken, UisSignIn
from app.uis.snapshot import Cache, DecodedCalls, decode_calls
from app.uis.wire import is_success, read_object, read_objects, whole_number_of

CALLS_BODY_CAP = 16 * 1024 * 1024
WORKER_THREAD_FROM_BYTES = 600_000
"""About 1 000 calls: below, handing over to a thread costs more than it saves."""

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class MessageWire:
    """What the PBX plays: `type` "tts" or "media", `value` always text, a media file's id too (uis-notes §6.15)."""

    type: str
    value: str


class UisClient:
    """Sends each request once. It is repeated only when a JSON-RPC answer says that its token is not valid: then it
    was refused, for sure.

    Every method raises LinkError (not executed), OutcomeUnknown (perhaps executed), Refused and its kinds
    (`errors.KINDS`). Session and leg ids are the vendor's numbers.
    """

    def __init__(
        self,
        http: HttpSession,
        base_url: str,
        sign_in: UisSignIn,
        correlation: Correlation,
        *,
        points: PointsBudget | None = None,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._rpc = JsonRpc(http, base_url, correlation, points, deadline_s)
        self._sign_in = sign_in

    async def login_user(self, login: str, password: str) -> SessionToken:
        """A token for an hour. The Data API's page of the same method spells `expire_at` as `expire` (uis-notes
        §6.11)."""
        found = read_object(await self._rpc.exchange("login.user", {"login": login, "password": password}))
        token = found.get("access_token")
        if not isinstance(token, str) or not token:
            raise OutcomeUnknown("reply_unexpected")
        return SessionToken(token, whole_number_of(found.get("expire_at", found.get("expire"))))

    async def logout_user(self, token: str) -> None:
        _expect_success(await self._rpc.exchange("logout.user", {"access_token": token}))

    async def sign_out(self) -> None:
        """End the session, if there is one, and forget the credentials."""
        await self._sign_in.sign_out(self)

    async def list_calls(self, cache: Cache, zone: tzinfo) -> DecodedCalls:
        """The account's live calls; `cache` and `zone` as in `decode_calls`. Large replies are read on a thread."""

        async def ask(token: str) -> DecodedCalls:
            reply = await self._rpc.post("list.calls", {"access_token": token}, CALLS_BODY_CAP)

            def decode() -> DecodedCalls:
                return decode_calls(reply.body, cache, zone, reply.http_status)

            is_large = len(reply.body) >= WORKER_THREAD_FROM_BYTES
            decoded = await run_on_daemon_thread(decode, name="read-calls") if is_large else decode()
            self._rpc.take("list.calls", decoded.reply)
            return decoded

        return await self._with_token(ask)

    async def list_talk_options(self) -> list[Mapping[str, object]]:
        """The account's in-call options, as they come."""
        return read_objects(await self._ask("list.talk_options", {}))

    async def hold_call(self, call_session_id: int, contact_message: MessageWire) -> None:
        await self._control("hold.call", call_session_id, {"contact_message": contact_message})

    async def unhold_call(self, call_session_id: int) -> None:
        await self._control("unhold.call", call_session_id)

    async def make_call(self, call_session_id: int, to: str, to_message: MessageWire | None = None) -> None:
        """`to`: extension, employee's number, SIP number or an outside one in digits."""
        await self._control("make.call", call_session_id, {"to": to}, {"to_message": to_message})

    async def transfer_talk(self, call_session_id: int) -> None:
        await self._control("transfer.talk", call_session_id)

    async def restore_talk(self, call_session_id: int) -> None:
        await self._control("restore.talk", call_session_id)

    async def tag_call(self, call_session_id: int, tag_id: int) -> None:
        await self._control("tag.call", call_session_id, {"tag_id": tag_id})

    async def record_call(self, call_session_id: int, action: Literal["on", "off"]) -> None:
        await self._control("record.call", call_session_id, {"action": action})

    async def send_dtmf(self, call_session_id: int, dtmf_string: str) -> None:
        """One symbol of 0-9, * and # a request."""
        await self._control("send.dtmf", call_session_id, {"dtmf_string": dtmf_string})

    async def add_coach(self, call_session_id: int, phone_number: str | None = None) -> None:
        """Without a number: the coach of the employee's settings."""
        await self._control("add.coach", call_session_id, {}, {"phone_number": phone_number})

    async def disconnect_leg(self, call_session_id: int, leg_id: int) -> None:
        await self._control("disconnect.leg", call_session_id, {"leg_id": leg_id})

    async def release_call(self, call_session_id: int) -> None:
        await self._control("release.call", call_session_id)

    async def _control(
        self,
        method: str,
        call_session_id: int,
        params: Mapping[str, object] | None = None,
        optional: Mapping[str, object] | None = None,
    ) -> None:
        """A command on one call; what is None in `optional` is not sent at all (`null` is refused)."""
        given = {name: value for name, value in (optional or {}).items() if value is not None}
        _expect_success(await self._ask(method, {"call_session_id": call_session_id, **(params or {}), **given}))

    async def _ask(self, method: str, params: Mapping[str, object]) -> msgspec.Raw:
        return await self._with_token(lambda token: self._rpc.exchange(method, {"access_token": token, **params}))

    async def _with_token(self, ask: Callable[[str], Awaitable[R]]) -> R:
        token = await self._sign_in.token(self)
        try:
            return await ask(token)
        except SignInRefused as error:
            if error.code not in RENEWABLE_REFUSALS or not self._sign_in.can_renew:
                raise
            self._sign_in.forget(token)
        return await ask(await self._sign_in.token(self))


def _expect_success(data: msgspec.Raw) -> None:
    """Anything but a clear yes is no answer that could be trusted."""
    if not is_success(data):
        raise OutcomeUnknown("reply_unexpected")
