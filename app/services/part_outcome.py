"""When my part in a call makes a card, and with which outcome: pure rules over one call on the board."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from app.domain.live_call import EmployeePart, LiveCall, Sighting
from app.domain.wrap_up import Disposition, ProposedDisposition, propose_disposition


class PartFate(Enum):
    """RUNS: undecided yet. FINISHED: a card with its facts complete. NO_CARD: somebody else's card, or nobody's."""

    RUNS = "runs"
    FINISHED = "finished"
    NO_CARD = "no_card"


@dataclass(frozen=True, slots=True)
class PartOutcome:
    """The fate; talk seconds, the proposed disposition and the end of the part when it is FINISHED."""

    fate: PartFate
    talk_s: int | None = None
    proposed: ProposedDisposition | None = None
    ended_at: datetime | None = None


_RUNS = PartOutcome(PartFate.RUNS)
_NO_CARD = PartOutcome(PartFate.NO_CARD)


def outcome_of_part(
    call: LiveCall, part: EmployeePart, *, ended_by_us: bool, last_poll: Sighting | None = None
) -> PartOutcome:
    """Judge one employee's part. `last_poll`: the successful look before the one that showed the call ended.

    Whoever talked gets a card when the part is over. A part that never talked waits for the call's end: if a
    colleague talked there is no card; if nobody did, one card is written, by the employee with the smallest leg id.
    """
    if part.is_coaching:
        return _NO_CARD
    if part.talk_began is not None:
        if not part.has_left and call.ended is None:
            return _RUNS
        part = _until_last_sight(call, part, last_poll)
        until = call.ended or call.last_seen
        success = ProposedDisposition(Disposition.SUCCESS)
        return PartOutcome(PartFate.FINISHED, part.talk_s(until), success, (part.gone or until).at)
    if call.ended is None:
        return _RUNS
    if not writes_missed_card(call, part):
        return _NO_CARD
    proposed = propose_disposition(direction=call.session.direction, talked=False, ended_by_us=ended_by_us)
    part = _until_last_sight(call, part, last_poll)
    return PartOutcome(PartFate.FINISHED, 0, proposed, (part.gone or call.ended).at)


def _until_last_sight(call: LiveCall, part: EmployeePart, last_poll: Sighting | None) -> EmployeePart:
    """A call ends at its second absence; the talk was over at the first."""
    lasted_to_the_end = call.ended is not None and part.gone == call.ended
    if lasted_to_the_end and last_poll is not None and last_poll.monotonic_s >= call.last_seen.monotonic_s:
        return replace(part, gone=last_poll)
    return part


def writes_missed_card(call: LiveCall, part: EmployeePart) -> bool:
    """Whether this part writes the one card of a call nobody took; every console of the group decides the same."""
    parts = [other for other in call.parts if not other.is_coaching]
    if any(other.talk_began is not None or other.talked_earlier for other in parts):
        return False
    return part.seniority == min(other.seniority for other in (*parts, part))
