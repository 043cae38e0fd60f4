"""The telephony port over the Call API. Translates calls of the port; decides nothing."""

from __future__ import annotations

from datetime import tzinfo

from app.clock import Clock
from app.domain.call_start import CallStart
from app.domain.calls import CallSessionId, LegId, TagId
from app.http import HttpSession, PointsBudget
from app.telephony.port import CallsSnapshot, SpokenMessage, TalkOption
from app.uis.client import UisClient
from app.uis.mapping import dialled_number, talk_option_of
from app.uis.oddities import Oddities
from app.uis.rpc import Correlation
from app.uis.sign_in import Credentials, UisSignIn
from app.uis.snapshot import Cache
from app.uis.start_mapping import start_by
from app.uis.wire import MessageWire


class UisTelephony:
    """TelephonyPort of one account. `zone`: the account's, for times that name none."""

    def __init__(self, client: UisClient, zone: tzinfo) -> None:
        self._client = client
        self._zone = zone
        self._cache: Cache = {}
        self._oddities = Oddities()

    async def list_calls(self) -> CallsSnapshot:
        decoded = await self._client.list_calls(self._cache, self._zone)
        self._cache = decoded.cache
        self._oddities.tell(decoded)
        return CallsSnapshot(decoded.calls, self._client.is_version_deprecated)

    async def hold(self, call_session_id: CallSessionId, message: SpokenMessage) -> None:
        await self._client.hold_call(call_session_id, MessageWire(message.kind, message.value))

    async def retrieve(self, call_session_id: CallSessionId) -> None:
        await self._client.unhold_call(call_session_id)

    async def begin_consult(
        self, call_session_id: CallSessionId, to_number: str, message: SpokenMessage | None = None
    ) -> None:
        spoken = None if message is None else MessageWire(message.kind, message.value)
        await self._client.make_call(call_session_id, dialled_number(to_number), spoken)

    async def complete_transfer(self, call_session_id: CallSessionId) -> None:
        await self._client.transfer_talk(call_session_id)

    async def transfer_blind(self, call_session_id: CallSessionId) -> None:
        # The same request: the PBX goes by whether the colleague has answered.
        await self._client.transfer_talk(call_session_id)

    async def cancel_consult(self, call_session_id: CallSessionId) -> None:
        await self._client.restore_talk(call_session_id)

    async def tag(self, call_session_id: CallSessionId, tag_id: TagId) -> None:
        await self._client.tag_call(call_session_id, tag_id)

    async def set_recording(self, call_session_id: CallSessionId, *, on: bool) -> None:
        await self._client.record_call(call_session_id, "on" if on else "off")

    async def send_dtmf_symbol(self, call_session_id: CallSessionId, symbol: str) -> None:
        await self._client.send_dtmf(call_session_id, symbol)

    async def add_coach(self, call_session_id: CallSessionId, phone_number: str | None = None) -> None:
        await self._client.add_coach(call_session_id, None if phone_number is None else dialled_number(phone_number))

    async def drop_leg(self, call_session_id: CallSessionId, leg_id: LegId) -> None:
        await self._client.disconnect_leg(call_session_id, leg_id)

    async def end_call(self, call_session_id: CallSessionId) -> None:
        await self._client.release_call(call_session_id)

    async def block_caller(self, call_session_id: CallSessionId) -> None:
        await self._client.block_contact(call_session_id)

    async def use_talk_option(self, call_session_id: CallSessionId, button: str) -> None:
        await self._client.call_talk_option(call_session_id, button)

    async def start_call(self, start: CallStart) -> CallSessionId:
        return CallSessionId(await start_by(self._client.starts, start))

    async def list_talk_options(self) -> tuple[TalkOption, ...]:
        return tuple(talk_option_of(found) for found in await self._client.list_talk_options())

    async def sign_out(self) -> None:
        self._cache = {}
        await self._client.sign_out()


def open_uis_telephony(
    http: HttpSession,
    clock: Clock,
    *,
    base_url: str,
    credentials: Credentials,
    employee_id: int | None,
    zone: tzinfo,
    points: PointsBudget | None = None,
) -> UisTelephony:
    """The whole stack of one account over an open HTTP session. Nothing is sent yet."""
    client = UisClient(http, base_url, UisSignIn(credentials, clock), Correlation(employee_id, clock), points=points)
    return UisTelephony(client, zone)
