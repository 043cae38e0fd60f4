"""The Call API v4.0: one typed method per remote operation. Knows the wire, not the domain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Literal

from app.background import run_on_daemon_thread
from app.http import HttpSession, PointsBudget
from app.uis.rpc import DEADLINE_S, Correlation, JsonRpc
from app.uis.sign_in import UisSignIn
from app.uis.signed_in import SignedIn, expect_success
from app.uis.snapshot import Cache, DecodedCalls, decode_calls
from app.uis.start_client import UisStartClient
from app.uis.wire import MessageWire, read_objects

CALLS_BODY_CAP = 16 * 1024 * 1024
WORKER_THREAD_FROM_BYTES = 600_000
"""About 1 000 calls: below, handing over to a thread costs more than it saves."""


class UisClient:
    """Sends each request once, but for the token's renewal (signed_in). `starts`: the methods that begin a call.

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
        self.signed_in = SignedIn(self._rpc, sign_in)
        self.starts = UisStartClient(self.signed_in)

    @property
    def is_version_deprecated(self) -> bool:
        """Some reply has said that this version of the interface will be switched off."""
        return self._rpc.is_version_deprecated

    async def sign_out(self) -> None:
        """End the session, if there is one, and forget the credentials."""
        await self.signed_in.sign_out()

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

        return await self.signed_in.with_token(ask)

    async def list_talk_options(self) -> list[Mapping[str, object]]:
        """The account's in-call options, as they come."""
        return read_objects(await self.signed_in.ask("list.talk_options", {}))

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

    async def block_contact(self, call_session_id: int) -> None:
        """The caller's number goes on the account's blacklist; this API cannot take it off again."""
        await self._control("block.contact", call_session_id)

    async def call_talk_option(self, call_session_id: int, button: str) -> None:
        """Press an option's button. Pressed again some are switched off: never repeat it (uis-notes §6.28)."""
        await self._control("call.talk_option", call_session_id, {"button": button})

    async def _control(
        self,
        method: str,
        call_session_id: int,
        params: Mapping[str, object] | None = None,
        optional: Mapping[str, object] | None = None,
    ) -> None:
        """A command on one call; what is None in `optional` is not sent at all (`null` is refused)."""
        given = {name: value for name, value in (optional or {}).items() if value is not None}
        expect_success(
            await self.signed_in.ask(method, {"call_session_id": call_session_id, **(params or {}), **given})
        )
