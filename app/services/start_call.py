"""Starting calls: each is sent once, never again, and looked for when nobody knows what became of it.

Which phase each is in and what the list shows is start_ledger's; what is kept across runs, open_starts'; the
operator's usual way, usual_start's.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from app.background import BackgroundTasks
from app.board import CallBoard
from app.clock import Clock
from app.domain.actions import LinkUse, Situation
from app.domain.call_start import CallStart
from app.domain.calls import CallSession, CallSessionId, EmployeeId
from app.errors import OutcomeUnknown, PultError, Refused, StorageError
from app.observe import Observable
from app.services.dialled_numbers import DialledNumbers
from app.services.open_starts import OpenStart, OpenStarts
from app.services.start_ledger import POLLS_TO_SHOW, FollowedStart, StartLedger
from app.services.start_report import StartBlock, StartBlockReason, StartPhase, StartReport
from app.services.usual_start import usual_start
from app.telephony.link_report import LinkHealth
from app.telephony.poller import Poller
from app.telephony.port import TelephonyPort

__all__ = [
    "StartBlock",
    "StartBlockReason",
    "StartCalls",
    "StartPhase",
    "StartReport",
    "StartedCallFinder",
    "usual_start",
]

LOOKUP_WAITS_S = (6.0, 10.0, 20.0, 24.0)
"""Pauses before each question to the report, which lags behind the calls by an unknown time."""
DISK_WITHIN_S = 1.0
_CLOCKS_DIFFER_BY = timedelta(hours=1)
_MARK = "pult-"
_LIST_IS_FRESH = frozenset({LinkHealth.UP, LinkHealth.TROUBLE})

_logger = logging.getLogger(__name__)


class StartedCallFinder(Protocol):
    """What an account's report is asked here; `account.port.AccountPort` is one."""

    async def find_started_call(self, external_id: str, since: datetime) -> CallSessionId | None: ...


class StartCalls:
    """`reports` publishes every step of every start. Nothing here raises a PultError."""

    def __init__(
        self,
        board: CallBoard,
        poller: Poller,
        clock: Clock,
        *,
        open_starts: OpenStarts,
        dialled: DialledNumbers,
        situation: Callable[[], Situation],
    ) -> None:
        """`situation`: of no call, for whether anything can be sent now."""
        self._ledger = StartLedger(board, clock)
        self.reports: Observable[StartReport] = self._ledger.reports
        self._poller = poller
        self._clock = clock
        self._open_starts = open_starts
        self._dialled = dialled
        self._situation = situation
        self._telephony: TelephonyPort | None = None
        self._account: StartedCallFinder | None = None
        self._me: EmployeeId | None = None
        self._lookups = BackgroundTasks()
        self._writes = BackgroundTasks()
        self._forgetting: set[asyncio.Task[None]] = set()
        self._is_closed = False
        self._ledger.resolved.subscribe(self._forget_soon)
        self._looking = poller.polls_done.subscribe(self._ledger.look)

    def use(
        self, telephony: TelephonyPort | None, account: StartedCallFinder | None, *, me: EmployeeId | None = None
    ) -> None:
        """Another account from now on, and whose calls are the operator's; starts of the one before are looked for in
        what this one tells."""
        self._telephony = telephony
        self._account = account
        self._me = me

    async def restore(self) -> None:
        """Take up what an earlier run left unknown: it is looked for again, and never sent again."""
        try:
            left_open = await self._open_starts.everything()
        except StorageError as error:
            _logger.warning("starts of an earlier run cannot be read: %s", error.code)
            return
        for open_start in left_open:
            self._look_for(self._ledger.take_up(open_start.start, open_start.sent_at))

    async def aclose(self) -> None:
        """Look for nothing any longer; what is unknown now the next run takes up."""
        self._is_closed = True
        self._looking.cancel()
        await self._lookups.aclose()
        await asyncio.gather(*self._forgetting)
        await self._writes.aclose()

    @property
    def latest(self) -> StartReport | None:
        """The newest start as it stands now."""
        return self._ledger.latest

    @property
    def under_way(self) -> tuple[StartReport, ...]:
        """Being sent, accepted and not seen yet, or looked for."""
        return self._ledger.under_way

    @property
    def unresolved(self) -> tuple[StartReport, ...]:
        """What could not be found: only the operator can tell whether it rang."""
        return self._ledger.unresolved

    def is_own(self, call_session: CallSession) -> bool:
        """Was it started by this run of this console, or by an earlier one that left it open?"""
        return self.start_of(call_session) is not None

    def start_of(self, call_session: CallSession) -> CallStart | None:
        """How it was started by this run, or by an earlier one that left it open; None for one that was not."""
        return self._ledger.start_of(call_session)

    def settle(self, sequence: int) -> None:
        """The operator has answered for a start nobody knew about: it no longer stands in the way of another."""
        self._ledger.settle(sequence)

    def why_not(self, contact: str) -> StartBlock | None:
        """Why a call to this contact must not be started now."""
        are_calls_known = self._poller.report.health in _LIST_IS_FRESH
        return self._link_block() or self._ledger.repeat_block(contact, self._me, are_calls_known=are_calls_known)

    async def start(self, start: CallStart) -> StartReport:
        """Send it, once, under an external id of its own; gives the phase the request ended in."""
        block, telephony = self.why_not(start.contact), self._telephony
        if block is not None or telephony is None:
            return self._ledger.not_sent(start, block or StartBlock(StartBlockReason.SIGN_IN_NEEDED))
        # No turn of the loop between the question and this: of two presses only one gets here.
        followed = self._ledger.begin(replace(start, external_id=_MARK + secrets.token_hex(16)))
        marked = followed.report.start
        phase, call_session_id, error = StartPhase.NOT_SENT, None, None
        try:
            await self._keep(followed)
            phase = StartPhase.UNKNOWN
            phase, call_session_id, error = await _outcome_of(telephony.start_call(marked))
        finally:
            # Also when cancelled: then it may be on its way, and nobody knows.
            self._ledger.answered(followed.report.sequence, phase, call_session_id, error)
            self._poller.refresh_soon()
            if phase is StartPhase.UNKNOWN and not self._is_closed:
                self._look_for(followed)
        if phase is not StartPhase.UNKNOWN:
            await self._forget(marked.external_id)
        if phase in (StartPhase.ACCEPTED, StartPhase.UNKNOWN):
            await self._note_number(marked.contact)
        return followed.report

    def _link_block(self) -> StartBlock | None:
        situation = self._situation()
        if situation.link_use is LinkUse.SIGN_IN_NEEDED or self._telephony is None:
            return StartBlock(StartBlockReason.SIGN_IN_NEEDED)
        if situation.link_use is LinkUse.LIMIT_REACHED:
            return StartBlock(StartBlockReason.LIMIT_REACHED, {"resets_in_s": situation.limit_resets_in_s})
        if situation.link_use is LinkUse.NEVER_CONNECTED:
            return StartBlock(StartBlockReason.NOT_CONNECTED)
        return None

    def _look_for(self, followed: FollowedStart) -> None:
        if self._ledger.of(followed.report.sequence) is not None:
            self._lookups.start(self._look_up(followed.report.sequence), name="look-up-start")

    async def _look_up(self, sequence: int) -> None:
        """Ask the report, with patience; the list is watched beside it. Then only the operator can tell."""
        for wait_s in LOOKUP_WAITS_S:
            await self._clock.sleep(wait_s)
            followed, account = self._ledger.of(sequence), self._account
            if followed is None:
                return
            if account is None:
                if followed.polls_since >= POLLS_TO_SHOW:
                    break
                continue
            call_session_id = await _reported(account, followed)
            if self._ledger.of(sequence) is None:
                return
            if call_session_id is not None:
                self._ledger.found(sequence, call_session_id, "report")
                return
        if self._ledger.of(sequence) is not None:
            self._ledger.give_up(sequence)

    async def _keep(self, followed: FollowedStart) -> None:
        """On the disk before it is sent. A disk in trouble must not keep anybody from calling."""
        kept = OpenStart(followed.report.start, followed.sent_at)
        await _written(self._open_starts.add(kept), "a start will not be known to the next run: %s")

    async def _forget(self, external_id: str) -> None:
        await _written(self._open_starts.remove(external_id), "the next run will look for a start that is known: %s")

    def _forget_soon(self, external_id: str) -> None:
        forgetting = self._writes.start(self._forget(external_id), name="forget-start")
        self._forgetting.add(forgetting)
        forgetting.add_done_callback(self._forgetting.discard)

    async def _note_number(self, contact: str) -> None:
        await _written(self._dialled.note(contact, self._clock.now()), "a number could not be noted for redial: %s")


async def _written(writing: Awaitable[None], trouble: str) -> None:
    """Wait for the disk, for a moment of real time."""
    try:
        async with asyncio.timeout(DISK_WITHIN_S):
            await writing
    except StorageError as error:
        _logger.warning(trouble, error.code)
    except TimeoutError:
        _logger.warning(trouble, "disk_hangs")


async def _outcome_of(
    request: Awaitable[CallSessionId],
) -> tuple[StartPhase, CallSessionId | None, PultError | None]:
    try:
        call_session_id = await request
    except Refused as error:
        return StartPhase.REFUSED, None, error
    except OutcomeUnknown as error:
        return StartPhase.UNKNOWN, None, error
    except PultError as error:
        return StartPhase.NOT_SENT, None, error
    return StartPhase.ACCEPTED, call_session_id, None


async def _reported(account: StartedCallFinder, followed: FollowedStart) -> CallSessionId | None:
    try:
        return await account.find_started_call(followed.report.start.external_id, followed.sent_at - _CLOCKS_DIFFER_BY)
    except PultError as error:
        _logger.info("the report of calls could not be asked: %s", error.code)
        return None
