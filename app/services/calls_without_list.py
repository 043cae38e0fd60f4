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
from app.errors import PultError, Refused
from app.observe import Observable, Subscription
from app.services.command_report import CommandPhase, CommandReport
from app.services.start_report import StartPhase, StartReport
from app.telephony.unlisted import UnlistedCalls

FIRST_ASKED_AFTER_S = 20.0
LONGEST_PAUSE_S = 300.0
ASKED_FOR_S = 4 * 3600.0
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
        """Ask the report less and less often while the call stands on the board by our word alone. Given up when the
        report is not for us, and after some hours: every such call would cost points for the rest of the shift."""
        pause_s, until_s = FIRST_ASKED_AFTER_S, self._clock.monotonic() + ASKED_FOR_S
        while self._clock.monotonic() < until_s:
            await self._clock.sleep(pause_s)
            pause_s = min(1.5 * pause_s, LONGEST_PAUSE_S)
            if not self._unlisted.holds(call_session_id):
                return
            account = self._account()
            if account is None or not account.can_spare():
                continue
            is_over = await _is_over(account, external_id, seen_at)
            if is_over:
                self._unlisted.gone(call_session_id)
            if is_over is not False:
                return


async def _is_over(account: CallEndFinder, external_id: str, seen_at: datetime) -> bool | None:
    """None: refused, and it would be again."""
    try:
        return await account.is_started_call_over(external_id, seen_at - _CLOCKS_DIFFER_BY)
    except PultError as error:
        _logger.info("the report of calls could not be asked: %s", error.code)
        return None if isinstance(error, Refused) and not error.is_retryable else False
