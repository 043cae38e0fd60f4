"""Sending one command on a live call and following it: whether it may go now, what came of it, who hears of it.

Which commands there are is call_control's.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping

from app.board import CallBoard
from app.clock import Clock
from app.domain.actions import CallAction, LinkUse, Situation, why_not
from app.domain.calls import CallSession, CallSessionId, EmployeeId
from app.domain.live_call import Sighting
from app.errors import OutcomeUnknown, PultError, Refused
from app.http import PointsView
from app.services.command_ledger import CommandLedger
from app.services.command_report import CommandPhase, CommandReport
from app.services.effects import baseline_of, is_shown_by_the_list
from app.telephony.poller import LinkHealth, Poller
from app.telephony.port import TelephonyPort

Request = Callable[[TelephonyPort], Awaitable[bool | None]]
"""False: done, and the list of calls will not show it."""
BeforeEnd = Callable[[CallSessionId], Awaitable[None]]


class CommandSender:
    """Sends each command once, never again, and has `ledger` follow it until the list of calls shows its effect.

    `before_end`: awaited before a command that ends the call for the caller; raises nothing.
    """

    def __init__(self, board: CallBoard, poller: Poller, clock: Clock) -> None:
        self.ledger = CommandLedger(clock)
        self._board = board
        self._poller = poller
        self._clock = clock
        self._telephony: TelephonyPort | None = None
        self._me: EmployeeId | None = None
        self._enforced_recording: set[EmployeeId] = set()
        self._always_recorded: frozenset[EmployeeId] = frozenset()
        self.before_end: BeforeEnd | None = None
        self._looking = poller.polls_done.subscribe(self._look)

    def use(self, telephony: TelephonyPort | None, me: EmployeeId | None) -> None:
        """Another account or employee from now on."""
        self._telephony = telephony
        self._me = me

    def close(self) -> None:
        """Follow the list no longer."""
        self._looking.cancel()

    def situation(self, call_session_id: CallSessionId | None) -> Situation:
        """All that decides which actions are on for this call now."""
        live_call = None if call_session_id is None else self._board.call(call_session_id)
        link_use, resets_in_s = self._link_use()
        return Situation(
            call=live_call,
            pending=frozenset() if call_session_id is None else self.ledger.pending(call_session_id),
            link_use=link_use,
            limit_resets_in_s=resets_in_s,
            enforced_recording=self._always_recorded | self._enforced_recording,
            now_monotonic_s=self._clock.monotonic(),
        )

    async def send(
        self,
        call_session_id: CallSessionId,
        action: CallAction,
        request: Request,
        detail: Mapping[str, object] | None = None,
    ) -> CommandReport:
        """One request; gives the phase it ended in and raises no PultError."""
        facts = detail or {}
        situation = self.situation(call_session_id)
        reason = why_not(action, situation)
        live_call, telephony = situation.call, self._telephony
        if reason is not None or live_call is None or telephony is None:
            return self.ledger.not_sent(call_session_id, action, {**facts, "why_not": reason})
        baseline = baseline_of(live_call, action, self._me, facts)
        sequence = self.ledger.begin(live_call, action, baseline, facts)
        phase, error, is_shown = CommandPhase.UNKNOWN, None, True
        try:
            if baseline.ends_the_call and self.before_end is not None:
                await self.before_end(call_session_id)
            phase, error, is_shown = await _outcome_of(request(telephony))
        finally:
            # Also when cancelled: the request may be on its way, so its outcome is unknown.
            report = self.ledger.move(sequence, phase, error)
            has_list = self._poller.report.health is not LinkHealth.NO_LIST
            if phase is CommandPhase.ACCEPTED and not (
                is_shown and has_list and is_shown_by_the_list(action, baseline)
            ):
                self.ledger.move(sequence, CommandPhase.CONFIRMED)
            elif phase is CommandPhase.UNKNOWN and not has_list:
                # No look will ever tell: the operator may try again.
                self.ledger.move(sequence, CommandPhase.NOT_VISIBLE, error)
            self._poller.refresh_soon()
        return report

    def _link_use(self) -> tuple[LinkUse, int]:
        link = self._poller.report
        if self._telephony is None or link.health is LinkHealth.SIGN_IN_NEEDED:
            return LinkUse.SIGN_IN_NEEDED, 0
        if link.last_success is None and link.health is not LinkHealth.NO_LIST:
            return LinkUse.NEVER_CONNECTED, 0
        if not self._poller.points.can_spend("command"):
            return LinkUse.LIMIT_REACHED, _resets_in_s(self._poller.points.remaining, self._clock.monotonic())
        return (LinkUse.ONLY_BASE if link.health is LinkHealth.NO_LIST else LinkUse.OPEN), 0

    def _look(self, asked: Sighting) -> None:
        """After every successful poll: follow what was sent."""
        missing = self._poller.missing
        self.ledger.look(lambda call_session_id: self._listed(call_session_id, missing), asked)
        self.ledger.forget_ended(self._board.calls)
        if any(self.ledger.was_ended_by_us(call_session_id) for call_session_id in missing):
            # Absent once, and we ended it: the second look need not wait for the next interval.
            self._poller.refresh_soon()

    def _listed(self, call_session_id: CallSessionId, missing: frozenset[CallSessionId]) -> CallSession | None:
        live_call = None if call_session_id in missing else self._board.call(call_session_id)
        return None if live_call is None else live_call.session

    def use_enforced_recording(self, employees: frozenset[EmployeeId]) -> None:
        """Whose recording nobody may stop, as the account's lists have it; what the PBX forbade stays known beside."""
        self._always_recorded = employees

    def remember_enforced_recording(self, call_session_id: CallSessionId) -> None:
        """The PBX forbade to stop the recording of this call."""
        live_call = self._board.call(call_session_id)
        if live_call is None:
            return
        employees = {leg.employee_id for leg in live_call.session.employee_legs if leg.employee_id is not None}
        # With several in the call it cannot be told whose setting it was.
        if len(employees) == 1:
            self._enforced_recording |= employees


async def _outcome_of(request: Awaitable[bool | None]) -> tuple[CommandPhase, PultError | None, bool]:
    try:
        is_shown = await request is not False
    except Refused as error:
        return CommandPhase.REFUSED, error, True
    except OutcomeUnknown as error:
        return CommandPhase.UNKNOWN, error, True
    except PultError as error:
        return CommandPhase.NOT_SENT, error, True
    return CommandPhase.ACCEPTED, None, is_shown


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
