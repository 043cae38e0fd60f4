"""What lost_starts must catch: an adapter that sends a command again when no reply came."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from app.domain.call_start import CallStart
from app.domain.calls import CallSessionId, LegId
from app.errors import OutcomeUnknown
from app.telephony.port import SpokenMessage
from app.uis.adapter import UisTelephony
from tests.app.telephony.stack import MOSCOW, PbxStack

R = TypeVar("R")


class Retrying(UisTelephony):
    """Tries twice, as a careless client does."""

    @classmethod
    def over(cls, stack: PbxStack) -> Retrying:
        return cls(stack.client, MOSCOW)

    async def start_call(self, start: CallStart) -> CallSessionId:
        return await _twice(lambda: super(Retrying, self).start_call(start))

    async def begin_consult(
        self, call_session_id: CallSessionId, to_number: str, message: SpokenMessage | None = None
    ) -> None:
        await _twice(lambda: super(Retrying, self).begin_consult(call_session_id, to_number, message))

    async def end_call(self, call_session_id: CallSessionId) -> None:
        await _twice(lambda: super(Retrying, self).end_call(call_session_id))

    async def drop_leg(self, call_session_id: CallSessionId, leg_id: LegId) -> None:
        await _twice(lambda: super(Retrying, self).drop_leg(call_session_id, leg_id))


async def _twice(send: Callable[[], Awaitable[R]]) -> R:
    try:
        return await send()
    except OutcomeUnknown:
        return await send()
