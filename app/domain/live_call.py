"""What the console has seen of one call so far: a pure fold of snapshots; talk time survives a transfer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.calls import (
    CallSession,
    CallSessionId,
    CallState,
    EmployeeId,
    Leg,
    LegId,
    LegState,
    derive_call_state,
)


@dataclass(frozen=True, slots=True)
class Sighting:
    """When a snapshot was taken: aware UTC wall time for records, monotonic seconds for durations."""

    at: datetime
    monotonic_s: float


@dataclass(frozen=True, slots=True)
class EmployeePart:
    """One employee's part in a call: first ring, first talk, when the leg was first seen gone (None while it lives).

    `is_coaching`: the leg joined while another employee already talked to the caller. list.calls has no coach flag.
    `first_leg_id`: the smallest leg this employee was ever seen on in the call, `talked_earlier`: on one of those gone.
    """

    employee_id: EmployeeId
    leg_id: LegId
    first_seen: Sighting
    talk_began: Sighting | None = None
    gone: Sighting | None = None
    missed_polls: int = 0
    is_coaching: bool = False
    first_leg_id: LegId | None = None
    talked_earlier: bool = False

    @property
    def seniority(self) -> LegId:
        """What consoles elect by: the same for all of them, whichever pauses between two rings each of them saw."""
        return self.leg_id if self.first_leg_id is None else self.first_leg_id

    @property
    def has_left(self) -> bool:
        """Absent from two polls in a row: one absence may be the PBX moving the leg."""
        return self.missed_polls >= 2

    def talk_s(self, until: Sighting) -> int:
        """Whole talk seconds, holds included; 0 when this employee never talked."""
        if self.talk_began is None:
            return 0
        end = self.gone or until
        return max(0, round(end.monotonic_s - self.talk_began.monotonic_s))


@dataclass(frozen=True, slots=True)
class LiveCall:
    """A call on the board: the last snapshot plus what had to be remembered from earlier ones.

    `coach_leg_ids`: legs that began ringing while the talk went on. A consultation begins on hold, so they are none.
    """

    session: CallSession
    call_state: CallState
    first_seen: Sighting
    last_seen: Sighting
    state_since: Sighting
    talk_began: Sighting | None = None
    ended: Sighting | None = None
    parts: tuple[EmployeePart, ...] = ()
    coach_leg_ids: frozenset[LegId] = frozenset()

    @property
    def coach_legs(self) -> tuple[Leg, ...]:
        """The coaches who ring or listen now."""
        return tuple(leg for leg in self.session.live_legs if leg.leg_id in self.coach_leg_ids)

    @property
    def call_session_id(self) -> CallSessionId:
        return self.session.call_session_id

    def part_of(self, employee_id: EmployeeId | None) -> EmployeePart | None:
        return next((part for part in self.parts if part.employee_id == employee_id), None)

    @property
    def was_answered(self) -> bool:
        return self.talk_began is not None

    def duration_s(self, now_monotonic_s: float) -> float:
        """Seconds since the call began by the PBX's clock at first sight, then by the local one; never negative."""
        age_at_first_sight = 0.0
        if self.session.started_at is not None:
            age_at_first_sight = max(0.0, (self.first_seen.at - self.session.started_at).total_seconds())
        return max(0.0, age_at_first_sight + now_monotonic_s - self.first_seen.monotonic_s)


def observe_call(before: LiveCall | None, session: CallSession, seen: Sighting) -> LiveCall:
    """Fold one snapshot of a call into what is known of it. Pure; a later snapshot never forgets an earlier talk."""
    coach_leg_ids = _coach_leg_ids(before, session)
    call_state = derive_call_state(session, coach_leg_ids)
    talks = call_state in _PAST_RINGING
    if before is None:
        return LiveCall(
            session=session,
            call_state=call_state,
            first_seen=seen,
            last_seen=seen,
            state_since=seen,
            talk_began=seen if talks else None,
            parts=_observe_parts((), session, call_state, seen),
            coach_leg_ids=coach_leg_ids,
        )
    return replace(
        before,
        session=session,
        call_state=call_state,
        last_seen=seen,
        state_since=before.state_since if before.call_state is call_state else seen,
        talk_began=before.talk_began or (seen if talks else None),
        ended=None,
        parts=_observe_parts(before.parts, session, call_state, seen),
        coach_leg_ids=coach_leg_ids,
    )


def end_call(call: LiveCall, seen_gone: Sighting) -> LiveCall:
    """The call is over: every part still open ends at the same moment."""
    parts = tuple(replace(part, gone=part.gone or seen_gone, missed_polls=2) for part in call.parts)
    return replace(call, call_state=CallState.ENDED, state_since=seen_gone, ended=seen_gone, parts=parts)


_PAST_RINGING = frozenset(
    {
        CallState.TALK,
        CallState.HOLD,
        CallState.CONSULT_RINGING,
        CallState.CONSULT,
        CallState.TRANSFER_PENDING,
    }
)
_ANSWERED_LEG = frozenset({LegState.TALKING, LegState.SENDING_DTMF, LegState.FAX, LegState.HELD, LegState.TRANSFERRING})


def _coach_leg_ids(before: LiveCall | None, session: CallSession) -> frozenset[LegId]:
    """Those known so far and whoever begins to ring in a talk. Phones that rang before are a group's, late to stop."""
    known = frozenset[LegId]() if before is None else before.coach_leg_ids
    if derive_call_state(session) is not CallState.TALK:
        return known
    listed_before = set() if before is None else {leg.leg_id for leg in before.session.legs}
    return known | {
        leg.leg_id
        for leg in session.live_legs
        if leg.leg_state is LegState.DIALLING and leg.leg_id not in listed_before
    }


def _observe_parts(
    before: tuple[EmployeePart, ...], session: CallSession, call_state: CallState, seen: Sighting
) -> tuple[EmployeePart, ...]:
    known = {part.employee_id: part for part in before}
    legs_by_employee: dict[EmployeeId, list[Leg]] = {}
    for leg in session.employee_legs:
        if leg.employee_id is not None:
            legs_by_employee.setdefault(leg.employee_id, []).append(leg)
    talking: dict[EmployeeId, bool] = {}
    for employee_id, legs in legs_by_employee.items():
        talking[employee_id] = any(_talks_to_caller(session, leg, call_state) for leg in legs)
        part = known.get(employee_id)
        # Which of two phones of one employee the part goes by must not hang on the order they are listed in.
        oldest = min(legs, key=lambda leg: leg.leg_id)
        if part is None or (part.has_left and part.leg_id != oldest.leg_id):
            is_coaching = _joins_a_talk(session, oldest, call_state, known)
            known[employee_id] = _next_part(
                part, EmployeePart(employee_id, oldest.leg_id, seen, is_coaching=is_coaching)
            )
    return tuple(_observe_part(part, talking.get(part.employee_id), seen) for part in known.values())


def _next_part(earlier: EmployeePart | None, part: EmployeePart) -> EmployeePart:
    """The part on a new leg, with what must be remembered of the ones before."""
    if earlier is None:
        return part
    talked = earlier.talk_began is not None and not earlier.is_coaching
    return replace(
        part,
        first_leg_id=min(earlier.seniority, part.leg_id),
        talked_earlier=earlier.talked_earlier or talked,
    )


def _joins_a_talk(
    session: CallSession, leg: Leg, call_state: CallState, known: Mapping[EmployeeId, EmployeePart]
) -> bool:
    """Another employee was there first and talks to the caller; whoever only listens to that one does not count."""
    return call_state is CallState.TALK and any(
        other.employee_id != leg.employee_id
        and other.leg_id < leg.leg_id
        and other.leg_state in _ANSWERED_LEG
        and not (other.employee_id in known and known[other.employee_id].is_coaching)
        for other in session.employee_legs
        if other.employee_id is not None
    )


def _talks_to_caller(session: CallSession, leg: Leg, call_state: CallState) -> bool:
    """Has this leg been through to the caller? Around a consultation that is who holds the call, the oldest leg of
    those that could: the colleague talks to the holder, or hears a message first."""
    if call_state is CallState.CONSULT:
        candidates = [other for other in session.live_legs if other.leg_state is LegState.CONSULTING]
        return len(candidates) > 1 and leg.leg_id == min(other.leg_id for other in candidates)
    if call_state is CallState.CONSULT_RINGING:
        contact = session.contact_leg
        candidates = [other for other in session.live_legs if other is not contact and other.leg_state in _ANSWERED_LEG]
        return any(other is leg for other in candidates) and leg.leg_id == min(other.leg_id for other in candidates)
    return call_state in _PAST_RINGING and leg.leg_state in _ANSWERED_LEG


def _observe_part(part: EmployeePart, talks: bool | None, seen: Sighting) -> EmployeePart:
    """`talks` None: no leg of this employee is there."""
    if talks is None:
        if part.has_left:
            return part
        return replace(part, missed_polls=part.missed_polls + 1, gone=part.gone or seen)
    return replace(part, missed_polls=0, gone=None, talk_began=part.talk_began or (seen if talks else None))
