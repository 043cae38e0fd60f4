"""Starts being followed: which phase each is in, whether the list shows it, what it keeps from being started. Sends
nothing and asks nobody."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.board import CallBoard
from app.clock import Clock
from app.domain.call_start import CallStart
from app.domain.calls import CallSession, CallSessionId, EmployeeId
from app.domain.live_call import Sighting
from app.domain.phone_number import parse_phone_number
from app.errors import PultError
from app.observe import Observable
from app.services.start_report import StartBlock, StartBlockReason, StartPhase, StartReport
from app.telephony.unlisted import is_unlisted

AGAIN_AFTER_S = 5.0
"""A second call to the same contact sooner than this is taken for a slip of the hand."""
POLLS_TO_SHOW = 3
SHOWN_WITHIN_S = 15.0


@dataclass(slots=True)
class FollowedStart:
    """`known_s`: when the PBX's answer, or its absence, was known (monotonic); only later snapshots are counted."""

    report: StartReport
    sent_at: datetime
    known_s: float = 0.0
    polls_since: int = 0


class StartLedger:
    """`reports` publishes every step; `resolved` the external id of what was unknown and is so no longer."""

    def __init__(self, board: CallBoard, clock: Clock) -> None:
        self.reports: Observable[StartReport] = Observable()
        self.resolved: Observable[str] = Observable()
        self.latest: StartReport | None = None
        self._board = board
        self._clock = clock
        self._sequence = 0
        self._followed: dict[int, FollowedStart] = {}
        self._last_dial_s: dict[str, float] = {}
        self._own_starts: dict[str, CallStart] = {}

    @property
    def under_way(self) -> tuple[StartReport, ...]:
        """Being sent, accepted and not seen yet, or looked for."""
        return tuple(
            followed.report
            for followed in self._followed.values()
            if followed.report.phase in (StartPhase.SENDING, StartPhase.UNKNOWN) or self._is_awaited(followed)
        )

    @property
    def unresolved(self) -> tuple[StartReport, ...]:
        """What could not be found: only the operator can tell whether it rang."""
        return tuple(
            followed.report for followed in self._followed.values() if followed.report.phase is StartPhase.NEVER_KNOWN
        )

    def of(self, sequence: int) -> FollowedStart | None:
        """A start that is still followed."""
        return self._followed.get(sequence)

    def start_of(self, call_session: CallSession) -> CallStart | None:
        """The start whose mark it carries: one that began in this run, or was taken up by it; else None."""
        return self._own_starts.get(call_session.external_id or "")

    def repeat_block(self, contact: str, me: EmployeeId | None, *, are_calls_known: bool) -> StartBlock | None:
        """What an earlier start to the same contact, or a call with it, has against another one now.

        `are_calls_known`: the board is as the PBX has it. Calls of which nobody knows whether they still are must not
        keep anybody from calling.
        """
        contact_key = _key_of(contact)
        for followed in self._followed.values():
            if _key_of(followed.report.start.contact) != contact_key:
                continue
            if followed.report.is_open_question:
                return StartBlock(StartBlockReason.UNKNOWN_BEFORE, {"sequence": followed.report.sequence})
            if followed.report.phase is StartPhase.SENDING or self._is_awaited(followed):
                return StartBlock(StartBlockReason.UNDER_WAY)
        going_on = self._call_with(contact_key, me) if are_calls_known else None
        if going_on is not None:
            is_mine = going_on.leg_of(me) is not None
            facts = {"call_session_id": going_on.call_session_id, "is_mine": is_mine}
            return StartBlock(StartBlockReason.ALREADY_IN_A_CALL, facts)
        dialled_s = self._last_dial_s.get(contact_key)
        again_in_s = 0.0 if dialled_s is None else dialled_s + AGAIN_AFTER_S - self._clock.monotonic()
        if again_in_s > 0:
            return StartBlock(StartBlockReason.DOUBLE_DIAL, {"again_in_s": math.ceil(again_in_s)})
        return None

    def not_sent(self, start: CallStart, block: StartBlock) -> StartReport:
        """A start that never left. The one that stands in its way stays the latest."""
        self._sequence += 1
        detail = {"guard": block.reason.value, "why_not": block}
        report = StartReport(self._sequence, start, StartPhase.NOT_SENT, detail=detail)
        if not self.under_way:
            self.latest = report
        self.reports.publish(report)
        return report

    def begin(self, start: CallStart) -> FollowedStart:
        """A start is about to be sent."""
        # An accepted one that never showed is followed no longer than the next one begins.
        for sequence, earlier in tuple(self._followed.items()):
            if earlier.report.phase is StartPhase.ACCEPTED and not self._is_awaited(earlier):
                del self._followed[sequence]
        return self._follow(start, StartPhase.SENDING, self._clock.now(), {})

    def take_up(self, start: CallStart, sent_at: datetime) -> FollowedStart:
        """A start of an earlier run of the program, of which nobody knows what became."""
        return self._follow(start, StartPhase.UNKNOWN, sent_at, {"from_earlier_run": True})

    def answered(
        self, sequence: int, phase: StartPhase, call_session_id: CallSessionId | None, error: PultError | None
    ) -> None:
        """The request ended in that phase."""
        followed = self._followed[sequence]
        now_s = self._clock.monotonic()
        followed.known_s = now_s
        followed.report = replace(followed.report, phase=phase, call_session_id=call_session_id, error=error)
        if phase in (StartPhase.REFUSED, StartPhase.NOT_SENT):
            del self._followed[sequence]
        else:
            self._last_dial_s = {key: at_s for key, at_s in self._last_dial_s.items() if now_s - at_s < AGAIN_AFTER_S}
            self._last_dial_s[_key_of(followed.report.start.contact)] = now_s
        self._say(followed.report)
        self._look_for(followed)

    def look(self, asked: Sighting) -> None:
        """The board shows a snapshot that was asked for then."""
        for followed in tuple(self._followed.values()):
            if followed.report.phase is not StartPhase.SENDING and asked.monotonic_s >= followed.known_s:
                followed.polls_since += 1
                self._look_for(followed)

    def found(self, sequence: int, call_session_id: CallSessionId, how: str) -> None:
        """It was started, for sure: `how` "list" or "report"."""
        followed = self._followed[sequence]
        detail = {**followed.report.detail, "how": how}
        report = replace(followed.report, phase=StartPhase.FOUND, call_session_id=call_session_id, detail=detail)
        self._end(report)
        self.resolved.publish(report.start.external_id)

    def give_up(self, sequence: int) -> None:
        """It could not be found; the board is still watched for it."""
        followed = self._followed[sequence]
        followed.report = replace(followed.report, phase=StartPhase.NEVER_KNOWN)
        self._say(followed.report)

    def settle(self, sequence: int) -> None:
        """The operator has answered for it."""
        followed = self._followed.get(sequence)
        if followed is None or not followed.report.is_open_question:
            return
        self._end(replace(followed.report, detail={**followed.report.detail, "settled": True}))
        self.resolved.publish(followed.report.start.external_id)

    def _follow(
        self, start: CallStart, phase: StartPhase, sent_at: datetime, detail: Mapping[str, object]
    ) -> FollowedStart:
        self._sequence += 1
        report = StartReport(self._sequence, start, phase, detail=detail)
        self._own_starts[start.external_id] = start
        followed = FollowedStart(report, sent_at, self._clock.monotonic())
        self._followed[self._sequence] = followed
        self._say(report)
        return followed

    def _call_with(self, contact_key: str, me: EmployeeId | None) -> CallSession | None:
        """A live call with the contact that is the operator's, or was started here; theirs first."""
        own = [
            live_call.session
            for live_call in self._board.calls.values()
            if live_call.session.live_legs
            and _key_of(live_call.session.contact_number) == contact_key
            and (live_call.session.leg_of(me) is not None or self.start_of(live_call.session) is not None)
        ]
        return max(own, key=lambda call_session: call_session.leg_of(me) is not None, default=None)

    def _is_awaited(self, followed: FollowedStart) -> bool:
        """Accepted, and the list may still show it. A call that is over at once never gets there."""
        return (
            followed.report.phase is StartPhase.ACCEPTED
            and followed.polls_since < POLLS_TO_SHOW
            and self._clock.monotonic() - followed.known_s < SHOWN_WITHIN_S
        )

    def _look_for(self, followed: FollowedStart) -> None:
        report = followed.report
        if report.phase is StartPhase.ACCEPTED and report.call_session_id is not None:
            live_call = self._board.call(report.call_session_id)
            if live_call is not None and not is_unlisted(live_call.session):
                self._end(replace(report, phase=StartPhase.SEEN))
        elif report.is_open_question:
            for live_call in self._board.calls.values():
                if live_call.session.external_id == report.start.external_id:
                    self.found(report.sequence, live_call.call_session_id, "list")
                    return

    def _end(self, report: StartReport) -> None:
        del self._followed[report.sequence]
        self._say(report)

    def _say(self, report: StartReport) -> None:
        if self.latest is None or report.sequence >= self.latest.sequence:
            self.latest = report
        self.reports.publish(report)


def _key_of(contact: str) -> str:
    return parse_phone_number(contact).digits or contact
