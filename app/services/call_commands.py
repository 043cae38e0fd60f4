"""Commands on live calls that are one request and nothing more. Those with rules of their own are call_control's."""

from __future__ import annotations

from app.domain.actions import CallAction
from app.domain.calls import CallSessionId, LegId
from app.services.command_report import CommandReport
from app.services.command_sender import CommandSender
from app.telephony.port import SpokenMessage


class CallCommands:
    """Each returns the phase its request ended in and raises no PultError."""

    def __init__(self, sender: CommandSender) -> None:
        self._sender = sender

    async def retrieve(self, call_session_id: CallSessionId) -> CommandReport:
        """Take the caller off hold."""
        return await self._sender.send(call_session_id, CallAction.RETRIEVE, lambda pbx: pbx.retrieve(call_session_id))

    async def begin_consult(
        self, call_session_id: CallSessionId, to_number: str, message: SpokenMessage | None = None
    ) -> CommandReport:
        """Ring a colleague or an outside number while the caller is held; `message`: what they hear first."""
        return await self._sender.send(
            call_session_id,
            CallAction.BEGIN_CONSULT,
            lambda pbx: pbx.begin_consult(call_session_id, to_number, message),
            {"to_number": to_number},
        )

    async def complete_transfer(self, call_session_id: CallSessionId) -> CommandReport:
        """Leave the caller to the colleague who talks to us."""
        return await self._sender.send(
            call_session_id, CallAction.COMPLETE_TRANSFER, lambda pbx: pbx.complete_transfer(call_session_id)
        )

    async def transfer_blind(self, call_session_id: CallSessionId) -> CommandReport:
        """Leave while the colleague still rings: the caller is lost if nobody answers."""
        return await self._sender.send(
            call_session_id, CallAction.TRANSFER_BLIND, lambda pbx: pbx.transfer_blind(call_session_id)
        )

    async def cancel_consult(self, call_session_id: CallSessionId) -> CommandReport:
        """Back to the caller; the colleague goes."""
        return await self._sender.send(
            call_session_id, CallAction.CANCEL_CONSULT, lambda pbx: pbx.cancel_consult(call_session_id)
        )

    async def start_recording(self, call_session_id: CallSessionId) -> CommandReport:
        """Record from now on."""
        return await self._sender.send(
            call_session_id, CallAction.START_RECORDING, lambda pbx: pbx.set_recording(call_session_id, on=True)
        )

    async def add_coach(self, call_session_id: CallSessionId, phone_number: str | None = None) -> CommandReport:
        """Ring a coach who listens in; by default the one in the employee's settings."""
        return await self._sender.send(
            call_session_id, CallAction.ADD_COACH, lambda pbx: pbx.add_coach(call_session_id, phone_number)
        )

    async def drop_leg(self, call_session_id: CallSessionId, leg_id: LegId) -> CommandReport:
        """Disconnect one participant; the caller's end is the call's end."""
        return await self._sender.send(
            call_session_id, CallAction.DROP_LEG, lambda pbx: pbx.drop_leg(call_session_id, leg_id), {"leg_id": leg_id}
        )

    async def block_caller(self, call_session_id: CallSessionId) -> CommandReport:
        """Put the caller's number in the account's blacklist. The list of calls does not show it, and the Call API
        takes nobody out again (uis-notes 6.38)."""
        return await self._sender.send(
            call_session_id, CallAction.BLOCK_CALLER, lambda pbx: pbx.block_caller(call_session_id)
        )
