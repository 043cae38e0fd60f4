"""Calls for the tests of the window: made from leg states, as the domain would see them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.domain.calls import CallSession, CallSessionId, CallTag, Direction, EmployeeId, Leg, LegId, LegState, TagId
from app.domain.live_call import LiveCall, Sighting, observe_call

ME = EmployeeId(2001)
NAMES = ("Орлова Марина Сергеевна", "Гусев Пётр Ильич", "Белова Анна Олеговна", "Ершов Глеб Андреевич")
SEEN = Sighting(datetime(2026, 3, 2, 9, 0, tzinfo=UTC), 1000.0)
FIRST_SESSION = 7_000_000_000
"""Above 2^31, as the PBX's own."""


def make_call(
    place: int,
    *leg_states: LegState,
    employee: int = 1,
    direction: Direction = Direction.INBOUND,
    contact: str | None = None,
    line: str = "74951045771",
    tags: tuple[str, ...] = (),
    is_recorded: bool = False,
    age_s: float = 60.0,
    seen: Sighting = SEEN,
    before: LiveCall | None = None,
) -> LiveCall:
    """A call whose first leg is the customer's, the others' employees counted up from `employee` (0 is me)."""
    number = f"7916{place:07d}" if contact is None else contact
    legs = [Leg(LegId(place * 10), leg_states[0], "", number, line, False, None, None, is_recorded)]
    for offset, leg_state in enumerate(leg_states[1:]):
        who = (employee + offset) % len(NAMES)
        leg = Leg(
            LegId(place * 10 + 1 + offset), leg_state, "", number, f"10{who + 1}", True, EmployeeId(2001 + who),
            NAMES[who], is_recorded,
        )  # fmt: skip
        legs.append(leg)
    session = CallSession(
        call_session_id=CallSessionId(FIRST_SESSION + place),
        direction=direction,
        started_at=SEEN.at - timedelta(seconds=age_s),
        line_number=line,
        contact_number=number,
        external_id=None,
        tags=tuple(CallTag(TagId(number), name) for number, name in enumerate(tags, 1)),
        legs=tuple(legs),
    )
    return observe_call(before, session, seen)


def with_raw_state(call: LiveCall, text: str) -> LiveCall:
    """The same call with a first leg in a state nobody knows."""
    first = replace(call.session.legs[0], leg_state=LegState.UNKNOWN, state_text=text)
    session = replace(call.session, legs=(first, *call.session.legs[1:]))
    return observe_call(None, session, SEEN)


TALKING = (LegState.TALKING, LegState.TALKING)
RINGING = (LegState.DIALLING, LegState.DIALLING)
HELD = (LegState.HELD, LegState.TALKING)
CONSULT_RINGING = (LegState.HELD, LegState.TALKING, LegState.DIALLING)
CONSULTING = (LegState.HELD, LegState.CONSULTING, LegState.CONSULTING)
TRANSFERRING = (LegState.HELD, LegState.DIALLING)
QUEUED = (LegState.QUEUED,)
