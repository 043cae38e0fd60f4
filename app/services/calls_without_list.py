"""Calls started here on an account without a list of calls: who tells the board of their beginning and their end."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.actions import CallAction
from app.domain.calls import EmployeeId
from app.observe import Observable, Subscription
from app.services.command_report import CommandPhase, CommandReport
from app.services.start_report import StartPhase, StartReport
from app.telephony.unlisted import UnlistedCalls


class CallsWithoutList:
    """A start that the PBX took puts the call on the board; a command that ended it, or did not find it, takes it
    off."""

    def __init__(
        self,
        unlisted: UnlistedCalls,
        starts: Observable[StartReport],
        commands: Observable[CommandReport],
        me: Callable[[], EmployeeId | None],
    ) -> None:
        self._unlisted = unlisted
        self._me = me
        self._subscriptions: tuple[Subscription, ...] = (
            starts.subscribe(self._note_start),
            commands.subscribe(self._note_command),
        )

    def close(self) -> None:
        """Hear nothing more."""
        for subscription in self._subscriptions:
            subscription.cancel()
        self._unlisted.close()

    def _note_start(self, report: StartReport) -> None:
        if report.phase in (StartPhase.ACCEPTED, StartPhase.FOUND) and report.call_session_id is not None:
            self._unlisted.add(report.call_session_id, report.start, self._me())

    def _note_command(self, report: CommandReport) -> None:
        is_ended = report.action is CallAction.END_CALL and report.phase is CommandPhase.ACCEPTED
        is_not_there = report.error is not None and report.error.code == "call_session_not_found"
        if is_ended or is_not_there:
            self._unlisted.gone(report.call_session_id)
