"""Reads the live calls again and again, puts them on the board and says how fresh they are. Sends no commands."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import replace

from app.background import BackgroundTasks, TaskCrash
from app.board import CallBoard
from app.clock import Clock
from app.domain.calls import CallSessionId
from app.domain.live_call import Sighting
from app.errors import LimitExceeded, OutcomeUnknown, PultError, RightsMissing, SignInRefused
from app.http import PointsBudget
from app.observe import Observable
from app.telephony.asked_looks import ASKED_AN_HOUR, TIGHT_AN_HOUR, AskedLooks, LookRefusal
from app.telephony.diff import SnapshotTracker
from app.telephony.link_report import LinkHealth, LinkReport, limit_ends_at, limit_ends_in_s
from app.telephony.pace import Attention, PollPace
from app.telephony.port import TelephonyPort
from app.telephony.waiting import InterruptibleWait

__all__ = ["STALE_INTERVALS", "LinkHealth", "LinkReport", "LookRefusal", "Poller"]

STALE_INTERVALS = 3
_DEBOUNCE_S = 0.2
_DEBOUNCE_REDUCED_S = 1.0
_NO_LIST_WAIT_S = 300.0
_NO_RIGHTS_WAIT_S = 30.0
_NO_COMPONENT = "component_disabled"

_logger = logging.getLogger(__name__)


class Poller:
    """One request in flight. A failed poll changes nothing on the board; refused sign-in stops until `resume`."""

    def __init__(
        self,
        board: CallBoard,
        clock: Clock,
        *,
        base_interval_s: float = 2.0,
        telephony: TelephonyPort | None = None,
        points: PointsBudget | None = None,
        dice: random.Random | None = None,
        is_busy: Callable[[], bool] | None = None,
    ) -> None:
        """`is_busy`: whether fresh data matters now more than otherwise; where points are scarce, polls are saved for
        such times. None: nobody can tell."""
        self.link: Observable[LinkReport] = Observable()
        self.polls_done: Observable[Sighting] = Observable()
        self.points = points or PointsBudget(clock)
        self._board = board
        self._clock = clock
        self._telephony = telephony
        self._base_interval_s = base_interval_s
        self._pace = PollPace(base_interval_s, dice)
        self._asked_looks = AskedLooks()
        self._attention = Attention(clock, is_busy)
        self._tracker = SnapshotTracker()
        self._wait = InterruptibleWait(clock)
        self._tasks = BackgroundTasks()
        self._tasks.on_crash.subscribe(self._go_on_after)
        self._is_paused = self._is_asked = False
        self._last_began_s = float("-inf")
        self._next_due_s = float("-inf")
        self._is_link_broken = False
        self.report = LinkReport(
            LinkHealth.STARTING if telephony is not None else LinkHealth.SIGN_IN_NEEDED, interval_s=base_interval_s
        )

    @property
    def missing(self) -> frozenset[CallSessionId]:
        """Calls on the board that the last snapshot did not list; the next one decides."""
        return self._tracker.missing

    def start(self) -> None:
        """Begin to poll; the first request goes out at once."""
        self._tasks.start(self._run(), name="poller")

    async def aclose(self) -> None:
        """Stop; a request under way is abandoned."""
        await self._tasks.aclose()
        await self._wait.aclose()

    def use(self, telephony: TelephonyPort | None, points: PointsBudget | None = None) -> None:
        """Another account or host from now on (None: nobody is signed in). The board keeps its calls until two
        snapshots of the new one lack them."""
        self._telephony = telephony
        self.points = points or PointsBudget(self._clock)
        self._asked_looks = AskedLooks()
        self.report = replace(self.report, is_version_deprecated=False)
        self._say(LinkHealth.STARTING if telephony is not None else LinkHealth.SIGN_IN_NEEDED, error=None)
        self._wait.wake()

    def refresh_soon(self) -> None:
        """Poll again now: after a command, or on request. Several in a row make one poll; one under way is followed
        by another, because it may have been answered before the command."""
        self._attention.note()
        self._wait.wake()

    def look_now(self) -> LookRefusal | None:
        """*Refresh now*: poll again because a person asks; says why not. Where points are scarce only so many an hour,
        and hardly any from what is kept for commands. While the link is not UP it is always done, unless it lacks
        points: a failure takes none, and only one look can succeed before the link is."""
        now = self._clock.monotonic()
        if self.report.health is not LinkHealth.UP and self.report.limit_ends_at is None:
            self._is_asked = True
            self.refresh_soon()
            return None
        if not self.points.can_spend("asked"):
            return LookRefusal("points", max(0.0, self._next_due_s - now))
        share = ASKED_AN_HOUR if self.points.can_spend("look") else TIGHT_AN_HOUR
        refusal = self._asked_looks.refusal(now, share) if self.report.is_reduced else None
        if refusal is None:
            self._asked_looks.note(now)
            self._is_asked = True
            self.refresh_soon()
        return refusal

    def pause(self) -> None:
        """Send nothing until `resume`."""
        self._is_paused = True

    def resume(self) -> None:
        """Go on after `pause`, or try again after sign-in was refused."""
        self._is_paused = False
        if self.report.health is LinkHealth.SIGN_IN_NEEDED and self._telephony is not None:
            self._say(LinkHealth.STARTING, error=None)
        self._wait.wake()

    async def _run(self) -> None:
        while True:
            telephony = self._telephony
            if telephony is None or self._is_paused or self.report.health is LinkHealth.SIGN_IN_NEEDED:
                await self._wait.wait(None)
                continue
            since_last_s = self._clock.monotonic() - self._last_began_s
            debounce_s = _DEBOUNCE_REDUCED_S if self.report.is_reduced else _DEBOUNCE_S
            if since_last_s < debounce_s:
                await self._clock.sleep(debounce_s - since_last_s)
            await self._idle(await self._poll(telephony))

    def _go_on_after(self, _crash: TaskCrash) -> None:
        """A mistake of ours, which the log has whole. Never looking again, with a green light, would be the worst."""
        wait_s = self._note_failure(OutcomeUnknown("reply_unexpected"))
        self._tasks.start(self._run_again(wait_s), name="poller")

    async def _run_again(self, wait_s: float) -> None:
        await self._idle(wait_s)
        await self._run()

    async def _poll(self, telephony: TelephonyPort) -> float:
        """One request; gives the seconds to wait before the next."""
        began = Sighting(self._clock.now(), self._clock.monotonic())
        self._last_began_s = began.monotonic_s
        self._is_asked = False
        failure: PultError
        try:
            snapshot = await telephony.list_calls()
        except PultError as error:
            failure = error
        else:
            if telephony is not self._telephony:
                return 0.0
            self._board.apply(self._tracker.events_of(snapshot), began)
            self._note_success(began, is_version_deprecated=snapshot.is_version_deprecated)
            self.polls_done.publish(began)
            return self._pace.spread_s(self.report.interval_s) if self.report.is_reduced else self.report.interval_s
        return 0.0 if telephony is not self._telephony else self._note_failure(failure)

    async def _idle(self, seconds: float) -> None:
        """Wait for the next poll; says so when the data grows old meanwhile."""
        self._next_due_s = due_s = self._clock.monotonic() + seconds
        while (left_s := due_s - self._clock.monotonic()) > 0:
            old_in_s = self._old_in_s()
            if await self._wait.wait(left_s if old_in_s is None else min(left_s, old_in_s)):
                if self._may_refresh():
                    return
            elif old_in_s is not None and self._old_in_s() == 0:
                self._say(LinkHealth.DOWN, error=self.report.error, failed_in_row=self.report.polls_failed_in_row)

    def _may_refresh(self) -> bool:
        """A look after a command may use a little more than planned polls, but not what commands need themselves."""
        return self._is_asked or self.points.can_spend("look") or self._is_paused or self._telephony is None

    def _old_in_s(self) -> float | None:
        """Seconds until failing polls make the data old; None when it is not failing, or old already."""
        last_success = self.report.last_success
        if self.report.health is not LinkHealth.TROUBLE or last_success is None:
            return None
        return max(0.0, last_success.monotonic_s + self._stale_after_s - self._clock.monotonic())

    @property
    def _stale_after_s(self) -> float:
        return STALE_INTERVALS * self.report.interval_s

    def _note_success(self, began: Sighting, *, is_version_deprecated: bool) -> None:
        if self._is_link_broken:
            _logger.info("the link to the PBX is back", extra={"failed_polls": self.report.polls_failed_in_row})
        self._is_link_broken = False
        plan = self.points.plan(self._base_interval_s, is_busy=self._attention.is_due())
        self.report = LinkReport(
            LinkHealth.UP,
            last_success=began,
            interval_s=plan.interval_s,
            points=self.points.remaining,
            calls_seen=len(self._board.calls) - len(self._tracker.missing),
            is_reduced=plan.reduced_by is not None,
            reduced_by=plan.reduced_by,
            is_version_deprecated=is_version_deprecated or self.report.is_version_deprecated,
        )
        self.link.publish(self.report)

    def _note_failure(self, error: PultError) -> float:
        if not self._is_link_broken:
            _logger.warning("the link to the PBX broke: %s", error.code)
        self._is_link_broken = True
        failed_in_row = self.report.polls_failed_in_row + 1
        if isinstance(error, SignInRefused):
            self._say(LinkHealth.SIGN_IN_NEEDED, error=error, failed_in_row=failed_in_row)
            return 0.0
        if isinstance(error, RightsMissing) and error.code == _NO_COMPONENT:
            self.report = replace(self.report, interval_s=_NO_LIST_WAIT_S, is_reduced=False, reduced_by=None)
            self._say(LinkHealth.NO_LIST, error=error, failed_in_row=failed_in_row)
            return self._pace.spread_s(_NO_LIST_WAIT_S)
        last_success = self.report.last_success
        is_fresh = last_success is not None and self._clock.monotonic() - last_success.monotonic_s < self._stale_after_s
        self._say(LinkHealth.TROUBLE if is_fresh else LinkHealth.DOWN, error=error, failed_in_row=failed_in_row)
        if isinstance(error, RightsMissing):
            return self._pace.spread_s(_NO_RIGHTS_WAIT_S)
        if isinstance(error, LimitExceeded):
            return self._pace.spread_s(max(self._base_interval_s, limit_ends_in_s(error)))
        return self._pace.backoff_s(failed_in_row)

    def _say(self, health: LinkHealth, *, error: PultError | None, failed_in_row: int = 0) -> None:
        self.report = replace(
            self.report,
            health=health,
            error=error,
            points=self.points.remaining,
            polls_failed_in_row=failed_in_row,
            limit_ends_at=limit_ends_at(self.report, error, self._clock.now()),
        )
        self.link.publish(self.report)
