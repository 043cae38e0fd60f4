"""Sends commands on one call step by step and waits for what the list shows of each. Which steps is not known here."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass

from app.board import CallBoard
from app.clock import Clock
from app.domain.actions import MOVING_ACTIONS, CallAction, WhyNot
from app.domain.calls import CallSessionId
from app.domain.live_call import LiveCall, Sighting
from app.errors import PultError
from app.services.call_control import CallControl
from app.services.command_report import CommandPhase, CommandReport
from app.telephony.poller import STALE_INTERVALS, LinkHealth, Poller
from app.telephony.waiting import InterruptibleWait

_TAKING_OVER = MOVING_ACTIONS | {CallAction.END_CALL, CallAction.DROP_LEG}
_WAITABLE = frozenset({LinkHealth.UP, LinkHealth.TROUBLE, LinkHealth.STARTING})


@dataclass(frozen=True, slots=True)
class Desk:
    """What there is to look at and to send with."""

    board: CallBoard
    poller: Poller
    clock: Clock
    control: CallControl


class TakenOver(Exception):
    """Somebody at this console acts on the call now. `action`: with which command; None: they only said so."""

    def __init__(self, action: CallAction | None) -> None:
        super().__init__()
        self.action = action


class StepFailed(Exception):
    """The step was not allowed (`why_not`), refused, is not shown, or nothing can be seen any more."""

    def __init__(self, error: PultError | None = None, why_not: WhyNot | None = None) -> None:
        super().__init__()
        self.error = error
        self.why_not = why_not


class CallFollower:
    """Every wait ends with TakenOver when the operator sends a command that moves this call, or with StepFailed."""

    def __init__(self, desk: Desk, call_session_id: CallSessionId) -> None:
        self._desk = desk
        self._call_session_id = call_session_id
        self._wait = InterruptibleWait(desk.clock)
        self._taken_over: TakenOver | None = None
        self._sending: CallAction | None = None
        self._own: dict[int, CommandReport] = {}
        self._looked: Sighting | None = None
        self._subscriptions = (
            desk.poller.polls_done.subscribe(self._note_look),
            desk.poller.link.subscribe(lambda _: self._wait.wake()),
            desk.control.reports.subscribe(self._note_report),
        )

    async def aclose(self) -> None:
        """Follow no longer."""
        for subscription in self._subscriptions:
            subscription.cancel()
        await self._wait.aclose()

    def take_over(self) -> None:
        """The operator wants the call back as it is."""
        self._taken_over = self._taken_over or TakenOver(None)
        self._wait.wake()

    async def fresh(self) -> LiveCall:
        """The call as the newest snapshot lists it, once there is one that is not old."""
        while not self._is_fresh():
            self._require_link()
            await self.news()
        self._require_hands_off()
        return self._live_call()

    async def next_look(self) -> LiveCall:
        """The call as a snapshot asked for from now on lists it."""
        now_s = self._desk.clock.monotonic()
        while self._looked is None or self._looked.monotonic_s < now_s:
            self._require_link()
            await self.news()
        return await self.fresh()

    async def news(self, seconds: float | None = None) -> None:
        """Wait for a look at the list, a word on the link or on a command, at most so long."""
        await self._wait.wait(seconds)
        self._require_hands_off()

    def adopt(self, report: CommandReport) -> None:
        """A command of the operator's that is under way counts as a step."""
        self._own[report.sequence] = report

    async def send(self, action: CallAction, request: Awaitable[CommandReport]) -> CommandReport:
        """One command; accepted, or of unknown outcome, or refused. Raises StepFailed when it was not sent."""
        self._sending = action
        try:
            report = await request
        finally:
            self._sending = None
        self._require_hands_off()
        if report.phase is CommandPhase.NOT_SENT:
            reason = report.detail.get("why_not")
            raise StepFailed(report.error, reason if isinstance(reason, WhyNot) else None)
        return report

    async def shown(self, report: CommandReport, *, needs_link: bool = True) -> CommandReport:
        """The report once the list has decided. Without `needs_link` a broken link only means a longer wait: meant for
        the last step, after which nothing follows that would come as a surprise."""
        while (latest := self._own.get(report.sequence, report)).phase.is_pending:
            if needs_link:
                self._live_call()
                self._require_link()
            await self.news()
        return latest

    async def confirmed(self, report: CommandReport, *, needs_link: bool = True) -> None:
        """Raises StepFailed unless the PBX took the command and the list shows its effect."""
        latest = await self.shown(report, needs_link=needs_link)
        if latest.phase is not CommandPhase.CONFIRMED:
            raise StepFailed(latest.error or PultError("effect_not_seen"))

    def _is_fresh(self) -> bool:
        self._live_call()
        poller = self._desk.poller
        link = poller.report
        if link.health is not LinkHealth.UP or link.last_success is None or self._call_session_id in poller.missing:
            return False
        age_s = self._desk.clock.monotonic() - link.last_success.monotonic_s
        return age_s <= STALE_INTERVALS * link.interval_s

    def _live_call(self) -> LiveCall:
        live_call = self._desk.board.call(self._call_session_id)
        if live_call is None:
            raise StepFailed(PultError("call_gone"))
        return live_call

    def _require_link(self) -> None:
        link = self._desk.poller.report
        if link.health not in _WAITABLE:
            raise StepFailed(link.error or PultError("link_lost"))

    def _require_hands_off(self) -> None:
        if self._taken_over is not None:
            raise self._taken_over

    def _note_look(self, asked: Sighting) -> None:
        self._looked = asked
        self._wait.wake()

    def _note_report(self, report: CommandReport) -> None:
        if report.call_session_id != self._call_session_id:
            return
        if report.phase is CommandPhase.SENDING and report.action is self._sending:
            self._sending = None
            self._own[report.sequence] = report
        if report.sequence in self._own:
            self._own[report.sequence] = report
        elif report.phase is CommandPhase.SENDING and self._takes_over(report):
            self._taken_over = self._taken_over or TakenOver(report.action)
        self._wait.wake()

    def _takes_over(self, report: CommandReport) -> bool:
        live_call = self._desk.board.call(self._call_session_id)
        coach_leg_ids = frozenset() if live_call is None else live_call.coach_leg_ids
        return report.action in _TAKING_OVER and report.detail.get("leg_id") not in coach_leg_ids
