"""Commands on live calls: sent once, never repeated, followed until the list of calls shows their effect.

Nothing here changes a call: the PBX does, and the board shows it.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping

from app.board import CallBoard
from app.clock import Clock
from app.domain.actions import CallAction, LinkUse, Situation, why_not
from app.domain.calls import CallSession, CallSessionId, EmployeeId, LegId, TagId
from app.domain.live_call import Sighting
from app.errors import OutcomeUnknown, PultError, Refused
from app.http import PointsView
from app.observe import Observable
from app.services.command_ledger import CommandLedger
from app.services.command_report import CommandPhase, CommandReport
from app.services.effects import baseline_of
from app.telephony.poller import LinkHealth, Poller
from app.telephony.port import SpokenMessage, TelephonyPort

__all__ = ["CallControl", "CommandPhase", "CommandReport"]

END_AGAIN_AFTER_S = 1.0
DTMF_SYMBOLS = frozenset("0123456789*#")
_Request = Callable[[TelephonyPort], Awaitable[None]]


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
        self._board = board
        self._poller = poller
        self._clock = clock
        self._ledger = CommandLedger(clock)
        self.reports: Observable[CommandReport] = self._ledger.reports
        self._enforced_recording: set[EmployeeId] = set()
        self._end_pressed_s: dict[CallSessionId, float] = {}
        self._looking = poller.polls_done.subscribe(self._look)
        self.use(telephony, me=me, hold_message=hold_message)

    def use(self, telephony: TelephonyPort | None, *, me: EmployeeId | None, hold_message: SpokenMessage) -> None:
        """Another account, employee or message on hold from now on."""
        self._telephony = telephony
        self._me = me
        self._hold_message = hold_message

    def close(self) -> None:
        """Follow the list no longer."""
        self._looking.cancel()

    def pending(self, call_session_id: CallSessionId) -> frozenset[CallAction]:
        """Actions sent for this call that are neither confirmed nor given up."""
        return self._ledger.pending(call_session_id)

    def latest(self, call_session_id: CallSessionId, action: CallAction) -> CommandReport | None:
        """The last report of that action on a live call."""
        return self._ledger.latest(call_session_id, action)

    def was_ended_by_us(self, call_session_id: CallSessionId) -> bool:
        """Did the PBX take (or may it have taken) an end of this call from this console?"""
        return self._ledger.was_ended_by_us(call_session_id)

    def situation(self, call_session_id: CallSessionId | None) -> Situation:
        """All that decides which actions are on for this call now."""
        live_call = None if call_session_id is None else self._board.call(call_session_id)
        link_use, resets_in_s = self._link_use()
        return Situation(
            call=live_call,
            pending=frozenset() if call_session_id is None else self.pending(call_session_id),
            link_use=link_use,
            limit_resets_in_s=resets_in_s,
            enforced_recording=frozenset(self._enforced_recording),
        )

    async def hold(self, call_session_id: CallSessionId, message: SpokenMessage | None = None) -> CommandReport:
        """Put the caller on hold with that message, by default the configured one."""
        spoken = message or self._hold_message
        return await self._send(call_session_id, CallAction.HOLD, lambda pbx: pbx.hold(call_session_id, spoken))

    async def retrieve(self, call_session_id: CallSessionId) -> CommandReport:
        """Take the caller off hold."""
        return await self._send(call_session_id, CallAction.RETRIEVE, lambda pbx: pbx.retrieve(call_session_id))

    async def begin_consult(
        self, call_session_id: CallSessionId, to_number: str, message: SpokenMessage | None = None
    ) -> CommandReport:
        """Ring a colleague or an outside number while the caller is held."""
        return await self._send(
            call_session_id,
            CallAction.BEGIN_CONSULT,
            lambda pbx: pbx.begin_consult(call_session_id, to_number, message),
        )

    async def complete_transfer(self, call_session_id: CallSessionId) -> CommandReport:
        """Leave the caller to the colleague who talks to us."""
        return await self._send(
            call_session_id, CallAction.COMPLETE_TRANSFER, lambda pbx: pbx.complete_transfer(call_session_id)
        )

    async def transfer_blind(self, call_session_id: CallSessionId) -> CommandReport:
        """Leave while the colleague still rings: the caller is lost if nobody answers."""
        return await self._send(
            call_session_id, CallAction.TRANSFER_BLIND, lambda pbx: pbx.transfer_blind(call_session_id)
        )

    async def cancel_consult(self, call_session_id: CallSessionId) -> CommandReport:
        """Back to the caller; the colleague goes."""
        return await self._send(
            call_session_id, CallAction.CANCEL_CONSULT, lambda pbx: pbx.cancel_consult(call_session_id)
        )

    async def tag(self, call_session_id: CallSessionId, tag_id: TagId) -> CommandReport:
        """Put a tag on the call."""
        return await self._send(
            call_session_id, CallAction.TAG, lambda pbx: pbx.tag(call_session_id, tag_id), {"tag_id": tag_id}
        )

    async def start_recording(self, call_session_id: CallSessionId) -> CommandReport:
        """Record from now on."""
        return await self._send(
            call_session_id, CallAction.START_RECORDING, lambda pbx: pbx.set_recording(call_session_id, on=True)
        )

    async def stop_recording(self, call_session_id: CallSessionId) -> CommandReport:
        """Record no longer. Where the account records an employee always, the PBX forbids it; that is remembered."""
        report = await self._send(
            call_session_id, CallAction.STOP_RECORDING, lambda pbx: pbx.set_recording(call_session_id, on=False)
        )
        if report.error is not None and report.error.code == "forbidden":
            self._remember_enforced_recording(call_session_id)
        return report

    async def send_dtmf(self, call_session_id: CallSessionId, symbols: str) -> CommandReport:
        """Press these keys in order, one request each; the first that is not accepted ends the sequence."""
        detail: dict[str, object] = {"sent": 0, "total": len(symbols)}
        if not symbols or not DTMF_SYMBOLS.issuperset(symbols):
            error = PultError("bad_dtmf")
            return self._ledger.not_sent(call_session_id, CallAction.SEND_DTMF, detail, error)

        async def press_all(pbx: TelephonyPort) -> None:
            for sent, symbol in enumerate(symbols, 1):
                await pbx.send_dtmf_symbol(call_session_id, symbol)
                self._ledger.progress(call_session_id, CallAction.SEND_DTMF, {**detail, "sent": sent})

        return await self._send(call_session_id, CallAction.SEND_DTMF, press_all, detail)

    async def add_coach(self, call_session_id: CallSessionId, phone_number: str | None = None) -> CommandReport:
        """Ring a coach who listens in; by default the one in the employee's settings."""
        return await self._send(
            call_session_id, CallAction.ADD_COACH, lambda pbx: pbx.add_coach(call_session_id, phone_number)
        )

    async def drop_leg(self, call_session_id: CallSessionId, leg_id: LegId) -> CommandReport:
        """Disconnect one participant; the caller's end is the call's end."""
        return await self._send(
            call_session_id, CallAction.DROP_LEG, lambda pbx: pbx.drop_leg(call_session_id, leg_id), {"leg_id": leg_id}
        )

    async def end_call(self, call_session_id: CallSessionId) -> CommandReport:
        """End the call for everybody. A second press within a second sends nothing and gives the first report."""
        now_s = self._clock.monotonic()
        before = self._ledger.latest(call_session_id, CallAction.END_CALL)
        if before is not None and now_s - self._end_pressed_s.get(call_session_id, float("-inf")) < END_AGAIN_AFTER_S:
            return before
        self._end_pressed_s = {call_session_id: now_s}
        return await self._send(call_session_id, CallAction.END_CALL, lambda pbx: pbx.end_call(call_session_id))

    async def _send(
        self,
        call_session_id: CallSessionId,
        action: CallAction,
        request: _Request,
        detail: Mapping[str, object] | None = None,
    ) -> CommandReport:
        facts = detail or {}
        situation = self.situation(call_session_id)
        reason = why_not(action, situation)
        live_call, telephony = situation.call, self._telephony
        if reason is not None or live_call is None or telephony is None:
            return self._ledger.not_sent(call_session_id, action, {**facts, "why_not": reason})
        sequence = self._ledger.begin(live_call, action, baseline_of(live_call, action, self._me, facts), facts)
        phase, error = CommandPhase.UNKNOWN, None
        try:
            phase, error = await _outcome_of(request(telephony))
        finally:
            # Also when cancelled: the request may be on its way, so its outcome is unknown.
            report = self._ledger.move(sequence, phase, error)
            if action is CallAction.SEND_DTMF and phase is CommandPhase.ACCEPTED:
                # The list never shows keys: the PBX's yes is all there will be.
                self._ledger.move(sequence, CommandPhase.CONFIRMED)
            self._poller.refresh_soon()
        return report

    def _link_use(self) -> tuple[LinkUse, int]:
        link = self._poller.report
        if self._telephony is None or link.health is LinkHealth.SIGN_IN_NEEDED:
            return LinkUse.SIGN_IN_NEEDED, 0
        if link.last_success is None:
            return LinkUse.NEVER_CONNECTED, 0
        if not self._poller.points.can_spend("command"):
            return LinkUse.LIMIT_REACHED, _resets_in_s(self._poller.points.remaining, self._clock.monotonic())
        return LinkUse.OPEN, 0

    def _look(self, asked: Sighting) -> None:
        """After every successful poll: follow what was sent."""
        missing = self._poller.missing
        self._ledger.look(lambda call_session_id: self._listed(call_session_id, missing), asked)
        self._ledger.forget_ended(self._board.calls)
        if any(self._ledger.was_ended_by_us(call_session_id) for call_session_id in missing):
            # Absent once, and we ended it: the second look need not wait for the next interval.
            self._poller.refresh_soon()

    def _listed(self, call_session_id: CallSessionId, missing: frozenset[CallSessionId]) -> CallSession | None:
        live_call = None if call_session_id in missing else self._board.call(call_session_id)
        return None if live_call is None else live_call.session

    def _remember_enforced_recording(self, call_session_id: CallSessionId) -> None:
        live_call = self._board.call(call_session_id)
        if live_call is None:
            return
        employees = {leg.employee_id for leg in live_call.session.employee_legs if leg.employee_id is not None}
        # With several in the call it cannot be told whose setting it was.
        if len(employees) == 1:
            self._enforced_recording |= employees


async def _outcome_of(request: Awaitable[None]) -> tuple[CommandPhase, PultError | None]:
    try:
        await request
    except Refused as error:
        return CommandPhase.REFUSED, error
    except OutcomeUnknown as error:
        return CommandPhase.UNKNOWN, error
    except PultError as error:
        return CommandPhase.NOT_SENT, error
    return CommandPhase.ACCEPTED, None


def _resets_in_s(points: PointsView, now_s: float) -> int:
    """Whole seconds until commands are possible again: the later reset of the purses that are empty."""
    empty = [
        resets_at
        for left, resets_at in (
            (points.minute_remaining, points.minute_resets_at_monotonic),
            (points.day_remaining, points.day_resets_at_monotonic),
        )
        if left == 0 and resets_at is not None
    ]
    return max(0, math.ceil(max(empty) - now_s)) if empty else 0
