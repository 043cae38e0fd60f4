"""Callers left to a colleague who has not answered: watched until they talk to somebody, or are lost until reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from app.board import BoardChange, CallBoard
from app.domain.actions import CallAction
from app.domain.calls import CallSession, CallSessionId, CallState, Direction, EmployeeId, LegId, LegState
from app.domain.live_call import LiveCall
from app.domain.phone_number import parse_phone_number
from app.observe import Observable, Subscription
from app.services.call_control import CallControl
from app.services.command_report import CommandPhase, CommandReport

_KEPT_LOST = 50


@dataclass(frozen=True, slots=True)
class LostCaller:
    """A caller whom a transfer of ours left with nobody. `to_number`: whom it was meant for, as it was dialled; empty
    when this console did not dial. `at`: when the call was first seen gone."""

    call_session_id: CallSessionId
    contact_number: str
    line_number: str
    to_number: str
    at: datetime


@dataclass(frozen=True, slots=True)
class _Watched:
    """`holder_leg_id`: ours. `is_given_up`: two snapshots did not show that the transfer was made."""

    to_number: str
    holder_leg_id: LegId | None
    is_given_up: bool = False


class TransferWatch:
    """After a transfer the PBX took (or may have taken), and after my phone went while the colleague still rang.

    Lost is who never was seen talking to anybody since. A call ended from this console on purpose is nobody's loss.
    Nothing is told of a lost caller while they are being called back; who then answers is lost no more.
    """

    def __init__(
        self,
        board: CallBoard,
        control: CallControl,
        me: Callable[[], EmployeeId | None],
        is_started_here: Callable[[CallSession], bool],
    ) -> None:
        self.changes: Observable[tuple[LostCaller, ...]] = Observable()
        self.lost: tuple[LostCaller, ...] = ()
        self._board = board
        self._control = control
        self._me = me
        self._is_started_here = is_started_here
        self._unreached: tuple[LostCaller, ...] = ()
        self._watched: dict[CallSessionId, _Watched] = {}
        self._subscriptions: tuple[Subscription, ...] = (
            control.reports.subscribe(self._note_transfer),
            board.changes.subscribe(self._look),
        )

    def close(self) -> None:
        """Watch no longer."""
        for subscription in self._subscriptions:
            subscription.cancel()

    def dismiss(self, call_session_id: CallSessionId) -> None:
        """Somebody has taken care of that caller."""
        self._unreached = tuple(lost for lost in self._unreached if lost.call_session_id != call_session_id)
        self._tell()

    def _note_transfer(self, report: CommandReport) -> None:
        if report.action not in (CallAction.TRANSFER_BLIND, CallAction.COMPLETE_TRANSFER):
            return
        live_call = self._board.call(report.call_session_id)
        watched = self._watched.get(report.call_session_id)
        if report.phase in (CommandPhase.ACCEPTED, CommandPhase.UNKNOWN) and live_call is not None:
            self._watch(live_call)
        elif report.phase is CommandPhase.NOT_VISIBLE and watched is not None:
            self._watched[report.call_session_id] = replace(watched, is_given_up=True)

    def _watch(self, live_call: LiveCall) -> None:
        holder = live_call.session.leg_of(self._me())
        self._watched[live_call.call_session_id] = _Watched(
            self._dialled_for(live_call), None if holder is None else holder.leg_id
        )

    def _look(self, change: BoardChange) -> None:
        for call_session_id in (*change.appeared, *change.changed):
            live_call = self._board.call(call_session_id)
            if live_call is None:
                continue
            if live_call.call_state is CallState.TALK:
                self._watched.pop(call_session_id, None)
            elif call_session_id not in self._watched and self._was_left_by_me(live_call):
                self._watch(live_call)
        for ended in change.ended:
            watched = self._watched.pop(ended.call_session_id, None)
            if watched is not None and self._is_lost(ended, watched):
                self._unreached = (*self._unreached, _lost_caller(ended, watched))[-_KEPT_LOST:]
        self._tell()

    def _was_left_by_me(self, live_call: LiveCall) -> bool:
        """My phone went in the very snapshot that first shows the colleague ringing alone; not somebody's after me."""
        part = live_call.part_of(self._me())
        if live_call.call_state is not CallState.TRANSFER_PENDING or part is None or part.talk_began is None:
            return False
        return part.gone == live_call.state_since

    def _is_lost(self, ended: LiveCall, watched: _Watched) -> bool:
        is_still_held = any(leg.leg_id == watched.holder_leg_id for leg in ended.session.live_legs)
        was_on_purpose = self._control.was_ended_by_us(ended.call_session_id)
        return not was_on_purpose and not (watched.is_given_up and is_still_held)

    def _dialled_for(self, live_call: LiveCall) -> str:
        """What was typed for the colleague, else the number that rings."""
        consulted = self._control.latest(live_call.call_session_id, CallAction.BEGIN_CONSULT)
        if consulted is not None:
            return str(consulted.detail.get("to_number", ""))
        ringing = [
            leg.called_number
            for leg in live_call.session.live_legs
            if leg.leg_state is LegState.DIALLING and leg.leg_id not in live_call.coach_leg_ids
        ]
        return ringing[0] if ringing else ""

    def _tell(self) -> None:
        """Leaves out whom we talk to, for good, and who is being called back, for as long as that lasts."""
        ours = (
            [live_call for live_call in self._board.calls.values() if self._is_ours(live_call)]
            if self._unreached
            else []
        )
        talks = {_number_of(live_call.session.contact_number) for live_call in ours if live_call.was_answered}
        called = {
            _number_of(live_call.session.contact_number)
            for live_call in ours
            if live_call.session.direction is Direction.OUTBOUND
        }
        self._unreached = tuple(lost for lost in self._unreached if _number_of(lost.contact_number) not in talks - {""})
        told = tuple(lost for lost in self._unreached if _number_of(lost.contact_number) not in called - {""})
        if told != self.lost:
            self.lost = told
            self.changes.publish(told)

    def _is_ours(self, live_call: LiveCall) -> bool:
        return live_call.session.leg_of(self._me()) is not None or self._is_started_here(live_call.session)


def _number_of(contact_number: str) -> str:
    """What numbers are compared by; empty when the caller hides theirs."""
    return parse_phone_number(contact_number).digits


def _lost_caller(ended: LiveCall, watched: _Watched) -> LostCaller:
    call_session = ended.session
    at = (ended.ended or ended.last_seen).at
    return LostCaller(
        call_session.call_session_id, call_session.contact_number, call_session.line_number, watched.to_number, at
    )
