"""What is remembered of a call from one snapshot to the next."""

from __future__ import annotations

from datetime import timedelta

from app.domain.calls import CallSession, CallState, EmployeeId, LegState
from app.domain.live_call import LiveCall, end_call, observe_call
from tests.app.domain import calls
from tests.app.domain.calls import COLLEAGUE, ME, STARTED_AT, call_of, contact_leg, employee_leg, seen

L = LegState


def after(*snapshots: tuple[float, CallSession]) -> LiveCall:
    live_call: LiveCall | None = None
    for seconds, call_session in snapshots:
        live_call = observe_call(live_call, call_session, seen(seconds))
    assert live_call is not None
    return live_call


def test_talk_time_counts_holds_and_ends_when_the_leg_is_first_gone() -> None:
    live_call = after(
        (2, calls.RINGING), (5, calls.TALK), (30, calls.HOLD), (40, calls.CONSULT), (60, calls.TRANSFERRED)
    )
    part = live_call.part_of(ME)
    assert part is not None
    assert not part.has_left
    live_call = observe_call(live_call, calls.TRANSFERRED, seen(62))
    part = live_call.part_of(ME)
    assert part is not None
    assert part.has_left
    assert part.talk_s(seen(100)) == 55


def test_a_leg_absent_once_has_not_left() -> None:
    live_call = after((1, calls.TALK), (3, call_of(contact_leg(L.TALKING))), (5, calls.TALK))
    part = live_call.part_of(ME)
    assert part is not None
    assert (part.gone, part.missed_polls) == (None, 0)


def test_who_only_rang_talked_for_nothing() -> None:
    live_call = end_call(after((1, calls.RINGING)), seen(20))
    part = live_call.part_of(ME)
    assert part is not None
    assert part.talk_s(seen(20)) == 0
    assert not live_call.was_answered


def test_an_end_ends_every_part_at_the_same_moment() -> None:
    live_call = end_call(after((1, calls.TALK)), seen(11))
    assert live_call.call_state is CallState.ENDED
    assert [(part.has_left, part.talk_s(seen(99))) for part in live_call.parts] == [(True, 10)]


def test_a_colleague_who_is_consulted_talks_from_then_on() -> None:
    live_call = after((1, calls.TALK), (10, calls.CONSULT_RINGING), (20, calls.CONSULT), (30, calls.TRANSFERRED))
    part = live_call.part_of(COLLEAGUE)
    assert part is not None
    assert not part.is_coaching
    # The consultation is not yet talk with the caller; the transfer is.
    assert part.talk_began == seen(30)


def test_a_leg_that_joins_a_talk_is_a_coach() -> None:
    joined = call_of(contact_leg(L.TALKING), employee_leg(L.TALKING), employee_leg(L.DIALLING, COLLEAGUE, 12))
    part = after((1, calls.TALK), (5, joined)).part_of(COLLEAGUE)
    assert part is not None
    assert part.is_coaching


def test_the_state_keeps_the_moment_it_began() -> None:
    live_call = after((1, calls.TALK), (3, calls.TALK), (5, calls.HOLD), (7, calls.HOLD))
    assert live_call.state_since == seen(5)


def test_durations_never_go_below_zero() -> None:
    live_call = after((-30, calls.RINGING))
    assert live_call.duration_s(seen(-30).monotonic_s) == 0
    assert live_call.duration_s(0.0) == 0
    live_call = after((12, calls.RINGING))
    assert live_call.first_seen.at - STARTED_AT == timedelta(seconds=12)
    assert live_call.duration_s(seen(20).monotonic_s) == 20


def test_a_coach_who_still_rings_when_the_call_is_held_is_no_consultation() -> None:
    coached = call_of(*calls.TALK.legs, employee_leg(L.DIALLING, COLLEAGUE, 12))
    held = call_of(contact_leg(L.HELD), employee_leg(L.HELD), employee_leg(L.DIALLING, COLLEAGUE, 12))
    talking = observe_call(None, calls.TALK, seen(0))
    with_coach = observe_call(talking, coached, seen(2))
    assert [leg.leg_id for leg in with_coach.coach_legs] == [12]
    assert observe_call(with_coach, held, seen(4)).call_state is CallState.HOLD
    # Who was not seen beginning to ring in the talk is taken for the one who is consulted.
    assert observe_call(talking, held, seen(4)).call_state is CallState.CONSULT_RINGING


def test_a_consultation_beside_a_coach_is_one() -> None:
    coached = call_of(*calls.TALK.legs, employee_leg(L.DIALLING, COLLEAGUE, 12))
    known = observe_call(observe_call(None, calls.TALK, seen(0)), coached, seen(2))
    coach, third = employee_leg(L.TALKING, COLLEAGUE, 12), employee_leg(L.DIALLING, EmployeeId(2003), 13)
    consult = call_of(contact_leg(L.HELD), employee_leg(L.TRANSFERRING), coach, third)
    assert observe_call(known, consult, seen(4)).call_state is CallState.CONSULT_RINGING
    # I leave: the coach holds nobody.
    left = call_of(contact_leg(L.HELD), coach, third)
    assert observe_call(known, left, seen(6)).call_state is CallState.TRANSFER_PENDING


def test_phones_of_a_group_that_stop_late_are_no_coaches() -> None:
    rest = employee_leg(L.DIALLING, COLLEAGUE, 12)
    ringing = observe_call(None, call_of(contact_leg(L.TALKING), employee_leg(L.DIALLING), rest), seen(0))
    assert observe_call(ringing, call_of(*calls.TALK.legs, rest), seen(2)).coach_legs == ()
