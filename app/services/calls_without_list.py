"""Calls started here on an account without a list of calls: who tells the board of their beginning and their end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from app.background import BackgroundTasks
from app.clock import Clock
from app.domain.actions import CallAction
from app.domain.calls import CallSessionId, EmployeeId
from app.errors import PultError
from app.observe import Observable, Subscription
from app.services.command_report import CommandPhase, CommandReport
from app.services.start_report import StartPhase, StartReport
from app.telephony.unlisted import UnlistedCalls

ASKED_EVERY_S = 20.0
_CLOCKS_DIFFER_BY = timedelta(hours=1)

_logger = logging.getLogger(__name__)


class CallEndFinder(Protocol):
    """What an account's report is asked here; `account.port.AccountPort` is one."""

    async def is_started_call_over(self, external_id: str, since: datetime) -> bool: ...

    def can_spare(self) -> bool: ...


class CallsWithoutList:
    """A start that the PBX took puts the call on the board. What takes it off: a command that ended it or did not find
    it, and the report of calls where there is one."""

    def __init__(
        self,
        unlisted: UnlistedCalls,
        clock: Clock,
        *,
        starts: Observable[StartReport],
        commands: Observable[CommandReport],
        me: Callable[[], EmployeeId | None],
        account: Callable[[], CallEndFinder | None],
    ) -> None:
        self._unlisted = unlisted
        self._clock = clock
        self._me = me
        self._account = account
        self._tasks = BackgroundTasks()
        self._subscriptions: tuple[Subscription, ...] = (
            starts.subscribe(self._note_start),
            commands.subscribe(self._note_command),
        )

    async def aclose(self) -> None:
        """Hear and ask nothing more."""
        for subscription in self._subscriptions:
            subscription.cancel()
        self._unlisted.close()
        await self._tasks.aclose()

    def _note_start(self, report: StartReport) -> None:
        if report.phase not in (StartPhase.ACCEPTED, StartPhase.FOUND) or report.call_session_id is None:
            return
        if self._unlisted.add(report.call_session_id, report.start, self._me()):
            watching = self._watch(report.call_session_id, report.start.external_id, self._clock.now())
            self._tasks.start(watching, name="watch-unlisted-call")

    def _note_command(self, report: CommandReport) -> None:
        is_ended = report.action is CallAction.END_CALL and report.phase is CommandPhase.ACCEPTED
        is_not_there = report.error is not None and report.error.code == "call_session_not_found"
        if is_ended or is_not_there:
            self._unlisted.gone(report.call_session_id)

    async def _watch(self, call_session_id: CallSessionId, external_id: str, seen_at: datetime) -> None:
        """Ask the report now and then, as long as the call stands on the board by our word alone."""
        while True:
            await self._clock.sleep(ASKED_EVERY_S)
            if not self._unlisted.holds(call_session_id):
                return
            account = self._account()
            if account is not None and account.can_spare() and await _is_over(account, external_id, seen_at):
                self._unlisted.gone(call_session_id)
                return


async def _is_over(account: CallEndFinder, external_id: str, seen_at: datetime) -> bool:
    try:
        return await account.is_started_call_over(external_id, seen_at - _CLOCKS_DIFFER_BY)
    except PultError as error:
        _logger.info("the report of calls could not be asked: %s", error.code)
        return False
