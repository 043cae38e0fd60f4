"""What is remembered of a call from one snapshot to the next."""

from __future__ import annotations

from datetime import timedelta

from app.domain.calls import CallSession, CallState, LegState
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
