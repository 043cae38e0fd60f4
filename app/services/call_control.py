"""Commands on live calls, one method each. Nothing here changes a call: the PBX does, and the board shows it.

How a command is sent and followed is command_sender's.
"""

from __future__ import annotations

from app.board import CallBoard
from app.clock import Clock
from app.domain.actions import CallAction, Situation
from app.domain.calls import CallSessionId, EmployeeId, LegId, TagId
from app.errors import PultError
from app.observe import Observable
from app.services.command_report import CommandPhase, CommandReport
from app.services.command_sender import CommandSender
from app.telephony.poller import Poller
from app.telephony.port import SpokenMessage, TelephonyPort

__all__ = ["CallControl", "CommandPhase", "CommandReport"]

END_AGAIN_AFTER_S = 1.0
DTMF_SYMBOLS = frozenset("0123456789*#")


class CallControl:
    """The console's commands. Each returns the phase its request ended in and raises no PultError; what becomes of an
    accepted one is told by `reports`."""

    def __init__(
        self,
        board: CallBoard,
        poller: Poller,
        clock: Clock,
        *,
        hold_message: SpokenMessage,
        telephony: TelephonyPort | None = None,
        me: EmployeeId | None = None,
    ) -> None:
        self._clock = clock
        self._sender = CommandSender(board, poller, clock)
        self.reports: Observable[CommandReport] = self._sender.ledger.reports
        self._end_pressed_s: dict[CallSessionId, float] = {}
        self.use(telephony, me=me, hold_message=hold_message)

    def use(self, telephony: TelephonyPort | None, *, me: EmployeeId | None, hold_message: SpokenMessage) -> None:
        """Another account, employee or message on hold from now on."""
        self._sender.use(telephony, me)
        self._hold_message = hold_message

    def close(self) -> None:
        """Follow the list no longer."""
        self._sender.close()

    def pending(self, call_session_id: CallSessionId) -> frozenset[CallAction]:
        """Actions sent for this call that are neither confirmed nor given up."""
        return self._sender.ledger.pending(call_session_id)

    def latest(self, call_session_id: CallSessionId, action: CallAction) -> CommandReport | None:
        """The last report of that action on a live call."""
        return self._sender.ledger.latest(call_session_id, action)

    def was_ended_by_us(self, call_session_id: CallSessionId) -> bool:
        """Did the PBX take (or may it have taken) an end of this call from this console?"""
        return self._sender.ledger.was_ended_by_us(call_session_id)

    def situation(self, call_session_id: CallSessionId | None) -> Situation:
        """All that decides which actions are on for this call now."""
        return self._sender.situation(call_session_id)

    async def hold(self, call_session_id: CallSessionId, message: SpokenMessage | None = None) -> CommandReport:
        """Put the caller on hold with that message, by default the configured one."""
        spoken = message or self._hold_message
        return await self._sender.send(call_session_id, CallAction.HOLD, lambda pbx: pbx.hold(call_session_id, spoken))

    async def retrieve(self, call_session_id: CallSessionId) -> CommandReport:
        """Take the caller off hold."""
        return await self._sender.send(call_session_id, CallAction.RETRIEVE, lambda pbx: pbx.retrieve(call_session_id))

    async def begin_consult(
        self, call_session_id: CallSessionId, to_number: str, message: SpokenMessage | None = None
    ) -> CommandReport:
        """Ring a colleague or an outside number while the caller is held."""
        return await self._sender.send(
            call_session_id,
            CallAction.BEGIN_CONSULT,
            lambda pbx: pbx.begin_consult(call_session_id, to_number, message),
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

    async def tag(self, call_session_id: CallSessionId, tag_id: TagId) -> CommandReport:
        """Put a tag on the call."""
        return await self._sender.send(
            call_session_id, CallAction.TAG, lambda pbx: pbx.tag(call_session_id, tag_id), {"tag_id": tag_id}
        )

    async def start_recording(self, call_session_id: CallSessionId) -> CommandReport:
        """Record from now on."""
        return await self._sender.send(
            call_session_id, CallAction.START_RECORDING, lambda pbx: pbx.set_recording(call_session_id, on=True)
        )

    async def stop_recording(self, call_session_id: CallSessionId) -> CommandReport:
        """Record no longer. Where the account records an employee always, the PBX forbids it; that is remembered."""
        report = await self._sender.send(
            call_session_id, CallAction.STOP_RECORDING, lambda pbx: pbx.set_recording(call_session_id, on=False)
        )
        if report.error is not None and report.error.code == "forbidden":
            self._sender.remember_enforced_recording(call_session_id)
        return report

    async def send_dtmf(self, call_session_id: CallSessionId, symbols: str) -> CommandReport:
        """Press these keys in order, one request each; the first that is not accepted ends the sequence."""
        detail: dict[str, object] = {"sent": 0, "total": len(symbols)}
        if not symbols or not DTMF_SYMBOLS.issuperset(symbols):
            error = PultError("bad_dtmf")
            return self._sender.ledger.not_sent(call_session_id, CallAction.SEND_DTMF, detail, error)

        async def press_all(pbx: TelephonyPort) -> None:
            for sent, symbol in enumerate(symbols, 1):
                await pbx.send_dtmf_symbol(call_session_id, symbol)
                self._sender.ledger.progress(call_session_id, CallAction.SEND_DTMF, {**detail, "sent": sent})

        return await self._sender.send(call_session_id, CallAction.SEND_DTMF, press_all, detail)

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

    async def end_call(self, call_session_id: CallSessionId) -> CommandReport:
        """End the call for everybody. A second press within a second sends nothing and gives the first report."""
        now_s = self._clock.monotonic()
        before = self._sender.ledger.latest(call_session_id, CallAction.END_CALL)
        if before is not None and now_s - self._end_pressed_s.get(call_session_id, float("-inf")) < END_AGAIN_AFTER_S:
            return before
        self._end_pressed_s = {call_session_id: now_s}
        return await self._sender.send(call_session_id, CallAction.END_CALL, lambda pbx: pbx.end_call(call_session_id))
