"""Commands under way: which phase each is in, and whether the list of calls shows its effect. Sends nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from app.clock import Clock
from app.domain.actions import CallAction
from app.domain.calls import CallSession, CallSessionId
from app.domain.live_call import LiveCall, Sighting
from app.errors import PultError
from app.observe import Observable
from app.services.command_report import CommandPhase, CommandReport
from app.services.effects import Baseline, is_effect_visible

POLLS_TO_SHOW = 2
GIVE_UP_AFTER_S = 1.0
"""Refreshes asked for by other commands may come close together; the PBX gets at least this long."""
_REMEMBERED_ENDS = 4096


@dataclass(slots=True)
class _Command:
    """`since_s`: when the PBX's answer (or its absence) was known; only snapshots asked for later say anything."""

    report: CommandReport
    baseline: Baseline
    since_s: float = 0.0
    polls_left: int = POLLS_TO_SHOW


class CommandLedger:
    """Keeps the pending commands and the last report of each action of a live call."""

    def __init__(self, clock: Clock) -> None:
        self.reports: Observable[CommandReport] = Observable()
        self._clock = clock
        self._sequence = 0
        self._pending: dict[int, _Command] = {}
        self._latest: dict[tuple[CallSessionId, CallAction], CommandReport] = {}
        self._ended_by_us: dict[CallSessionId, None] = {}

    def pending(self, call_session_id: CallSessionId) -> frozenset[CallAction]:
        return frozenset(
            command.report.action
            for command in self._pending.values()
            if command.report.call_session_id == call_session_id
        )

    def latest(self, call_session_id: CallSessionId, action: CallAction) -> CommandReport | None:
        return self._latest.get((call_session_id, action))

    def was_ended_by_us(self, call_session_id: CallSessionId) -> bool:
        return call_session_id in self._ended_by_us

    def not_sent(
        self,
        call_session_id: CallSessionId,
        action: CallAction,
        detail: Mapping[str, object],
        error: PultError | None = None,
    ) -> CommandReport:
        """A command that never left."""
        return self.tell(call_session_id, action, CommandPhase.NOT_SENT, detail, error)

    def tell(
        self,
        call_session_id: CallSessionId,
        action: CallAction,
        phase: CommandPhase,
        detail: Mapping[str, object],
        error: PultError | None = None,
    ) -> CommandReport:
        """A command that is over already and not to be followed."""
        self._sequence += 1
        report = CommandReport(self._sequence, call_session_id, action, phase, error, detail)
        # What is under way keeps its place on the button: a second press must not hide it.
        if action not in self.pending(call_session_id):
            self._latest[call_session_id, action] = report
        self.reports.publish(report)
        return report

    def begin(self, live_call: LiveCall, action: CallAction, baseline: Baseline, detail: Mapping[str, object]) -> int:
        """A command is about to be sent; gives its sequence."""
        self._sequence += 1
        report = CommandReport(self._sequence, live_call.call_session_id, action, CommandPhase.SENDING, detail=detail)
        self._pending[self._sequence] = _Command(report, baseline)
        self._publish(report)
        return self._sequence

    def progress(self, call_session_id: CallSessionId, action: CallAction, detail: Mapping[str, object]) -> None:
        """A command being sent moved on: the new `detail`."""
        for command in self._pending.values():
            if command.report.call_session_id == call_session_id and command.report.action is action:
                command.report = replace(command.report, detail=detail)
                self._publish(command.report)

    def move(self, sequence: int, phase: CommandPhase, error: PultError | None = None) -> CommandReport:
        """The command reached that phase; a pending one is followed from now on, a finished one is over."""
        command = self._pending[sequence]
        command.report = replace(command.report, phase=phase, error=error)
        command.since_s = self._clock.monotonic()
        if not phase.is_pending:
            del self._pending[sequence]
        if command.baseline.ends_the_call and phase in (CommandPhase.ACCEPTED, CommandPhase.CONFIRMED):
            self._note_ended_by_us(command.report.call_session_id)
        self._publish(command.report)
        return command.report

    def look(self, listed: Callable[[CallSessionId], CallSession | None], asked: Sighting) -> None:
        """A snapshot was asked for at `asked`, `listed` looks calls up in it: confirm what it shows, give up what two
        did not show."""
        for sequence, command in tuple(self._pending.items()):
            report = command.report
            if report.phase is CommandPhase.SENDING or asked.monotonic_s < command.since_s:
                continue
            call_session = listed(report.call_session_id)
            if is_effect_visible(report.action, command.baseline, call_session):
                self.move(sequence, CommandPhase.CONFIRMED)
                continue
            command.polls_left -= 1
            if command.polls_left <= 0 and asked.monotonic_s - command.since_s >= GIVE_UP_AFTER_S:
                self.move(sequence, CommandPhase.NOT_VISIBLE, report.error)

    def forget_ended(self, live: Mapping[CallSessionId, LiveCall]) -> None:
        """Drop the reports of calls that are no longer live and have nothing under way."""
        busy = {command.report.call_session_id for command in self._pending.values()}
        for key in [key for key in self._latest if key[0] not in live and key[0] not in busy]:
            del self._latest[key]

    def _note_ended_by_us(self, call_session_id: CallSessionId) -> None:
        self._ended_by_us[call_session_id] = None
        if len(self._ended_by_us) > _REMEMBERED_ENDS:
            del self._ended_by_us[next(iter(self._ended_by_us))]

    def _publish(self, report: CommandReport) -> None:
        self._latest[report.call_session_id, report.action] = report
        self.reports.publish(report)
