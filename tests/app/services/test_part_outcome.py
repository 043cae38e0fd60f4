"""Who writes the card of a call: the pure rules, tried over every console of a group."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.calls import CallSession, Direction, EmployeeId, LegState
from app.domain.live_call import LiveCall, end_call, observe_call
from app.domain.wrap_up import Disposition
from app.services.part_outcome import PartFate, outcome_of_part, writes_missed_card
from tests.app.domain.calls import CALL_ID, call_of, contact_leg, employee_leg, seen

EMPLOYEES = [EmployeeId(number) for number in range(2001, 2007)]


def group_ring(ringing: list[EmployeeId], talking: EmployeeId | None = None) -> CallSession:
    legs = [
        employee_leg(LegState.TALKING if employee == talking else LegState.DIALLING, employee, 100 - order)
        for order, employee in enumerate(ringing)
    ]
    return call_of(contact_leg(LegState.TALKING), *legs)


def played(*sessions: CallSession) -> LiveCall:
    call = None
    for order, session in enumerate(sessions):
        call = observe_call(call, session, seen(order * 2))
    assert call is not None
    return call


@given(
    ringing=some.lists(some.sampled_from(EMPLOYEES), min_size=1, unique=True),
    still_ringing=some.integers(min_value=0, max_value=6),
    answered=some.booleans(),
)
def test_a_group_call_is_written_by_exactly_one_console(
    ringing: list[EmployeeId], still_ringing: int, answered: bool
) -> None:
    """Whoever answered, or if nobody did the smallest leg; legs may stop ringing in any order before that."""
    first = group_ring(ringing)
    left = ringing[:still_ringing] or ringing[:1]
    second = group_ring(ringing)
    second = call_of(*[leg for leg in second.legs if leg.employee_id is None or leg.employee_id in left])
    sessions = [first, second, second]
    if answered:
        sessions.append(group_ring(left, talking=left[0]))
    call = end_call(played(*sessions), seen(60))
    writers = [
        part.employee_id
        for part in call.parts
        if outcome_of_part(call, part, ended_by_us=False).fate is PartFate.FINISHED
    ]
    smallest = min(call.parts, key=lambda part: part.leg_id).employee_id
    assert writers == [left[0] if answered else smallest]


def test_nobody_else_decides_before_the_call_is_over() -> None:
    call = played(group_ring(EMPLOYEES[:2]))
    assert {outcome_of_part(call, part, ended_by_us=False).fate for part in call.parts} == {PartFate.RUNS}


@pytest.mark.parametrize(("ended_by_us", "disposition"), [(True, "603-S"), (False, "480")])
def test_each_of_my_outgoing_calls_has_its_card(ended_by_us: bool, disposition: str) -> None:
    dialling = call_of(
        contact_leg(LegState.DIALLING, 90),
        employee_leg(LegState.TALKING, EMPLOYEES[0], 50),
        call_session_id=CALL_ID,
        direction=Direction.OUTBOUND,
    )
    call = end_call(played(dialling), seen(30))
    outcome = outcome_of_part(call, call.parts[0], ended_by_us=ended_by_us)
    assert outcome.proposed is not None
    assert outcome.proposed.disposition is Disposition(disposition)


def test_the_end_of_a_talk_is_the_first_look_without_it() -> None:
    call = end_call(played(group_ring(EMPLOYEES[:1], talking=EMPLOYEES[0])), seen(64))
    assert outcome_of_part(call, call.parts[0], ended_by_us=False, last_poll=seen(62)).talk_s == 62
    assert outcome_of_part(call, call.parts[0], ended_by_us=False).talk_s == 64


def test_two_consoles_would_both_write_without_the_smallest_leg() -> None:
    """Negative control: each part alone believes that it is the smallest."""
    call = end_call(played(group_ring(EMPLOYEES[:2])), seen(30))
    assert [writes_missed_card(call, part) for part in call.parts] == [False, True]
    alone = [end_call(played(group_ring([employee])), seen(30)) for employee in EMPLOYEES[:2]]
    assert [writes_missed_card(call, call.parts[0]) for call in alone] == [True, True]
