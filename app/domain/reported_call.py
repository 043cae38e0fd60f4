"""A call that is over as the account's reports tell it, and whose card it is. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.calls import CallSessionId, Direction, EmployeeId, LegId
from app.domain.wrap_up import CallKind, Disposition, ProposedDisposition


@dataclass(frozen=True, slots=True)
class ReportedLeg:
    """One party's part. Both moments are aware; `talk_s` is 0 for a leg that never talked."""

    leg_id: LegId
    employee_id: EmployeeId | None
    began_at: datetime
    ended_at: datetime
    talk_s: int = 0
    is_talked: bool = False
    is_coach: bool = False


@dataclass(frozen=True, slots=True)
class ReportedCall:
    """`not_reached`: the outcome where nobody talked; `kind` None: the plain one of `direction`."""

    call_session_id: CallSessionId
    direction: Direction
    phone_number: str
    line_number: str
    began_at: datetime
    ended_at: datetime
    not_reached: ProposedDisposition
    kind: CallKind | None = None
    legs: tuple[ReportedLeg, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class ReportedPart:
    """A part that is due a card. `leg_ids`: all legs it took, the smallest of which names the card."""

    leg_ids: frozenset[LegId]
    began_at: datetime
    ended_at: datetime
    talk_s: int
    proposed: ProposedDisposition
    kind: CallKind | None

    @property
    def leg_id(self) -> LegId:
        return min(self.leg_ids)


def parts_due(call: ReportedCall, me: EmployeeId) -> tuple[ReportedPart, ...]:
    """My parts in a call with all its legs known. Whoever talked has a card for each time he did; a call nobody took
    has one card, of the employee with the smallest leg id, whichever console asks. Coaches have none."""
    legs = [leg for leg in call.legs if leg.employee_id is not None and not leg.is_coach]
    mine = [leg for leg in legs if leg.employee_id == me]
    if not mine:
        return ()
    if not any(leg.is_talked for leg in legs):
        first = min(legs, key=lambda leg: leg.leg_id)
        if first.employee_id != me:
            return ()
        return (_part(mine, 0, call.not_reached, call.kind),)
    return tuple(
        _part(
            together,
            sum(leg.talk_s for leg in together),
            ProposedDisposition(Disposition.SUCCESS),
            _kind(call, legs, together),
        )
        for together in _at_one_time(mine)
        if any(leg.is_talked for leg in together)
    )


def overlap(one: tuple[datetime, datetime | None], other: tuple[datetime, datetime | None], slack: timedelta) -> bool:
    """Whether two spans touch; one whose end nobody knows goes on."""
    return (one[1] is None or other[0] <= one[1] + slack) and (other[1] is None or one[0] <= other[1] + slack)


def _part(
    legs: Iterable[ReportedLeg], talk_s: int, proposed: ProposedDisposition, kind: CallKind | None
) -> ReportedPart:
    legs = tuple(legs)
    return ReportedPart(
        leg_ids=frozenset(leg.leg_id for leg in legs),
        began_at=min(leg.began_at for leg in legs),
        ended_at=max(leg.ended_at for leg in legs),
        talk_s=talk_s,
        proposed=proposed,
        kind=kind,
    )


def _at_one_time(legs: Iterable[ReportedLeg]) -> list[list[ReportedLeg]]:
    """Two phones of one employee that ring together are one part, as on the board; coming back later is another."""
    groups: list[list[ReportedLeg]] = []
    for leg in sorted(legs, key=lambda leg: (leg.began_at, leg.leg_id)):
        if groups and leg.began_at < max(other.ended_at for other in groups[-1]):
            groups[-1].append(leg)
        else:
            groups.append([leg])
    return groups


def _kind(call: ReportedCall, legs: Iterable[ReportedLeg], mine: Iterable[ReportedLeg]) -> CallKind | None:
    """Somebody else talked to the caller before I was rung: the call reached me through a colleague."""
    if call.kind is not None or call.direction is not Direction.INBOUND:
        return call.kind
    mine = tuple(mine)
    own, first_of_mine = mine[0].employee_id, min(leg.leg_id for leg in mine)
    came_through = any(
        leg.is_talked and leg.employee_id != own and leg.leg_id < first_of_mine and leg.began_at < mine[0].began_at
        for leg in legs
    )
    return CallKind.INCOMING_REDIRECTED if came_through else None
