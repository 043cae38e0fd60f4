"""Parts of employees where it is easy to be wrong: late joins, rounds of ringing, two phones, coaches, returns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.calls import CallSession, Direction, EmployeeId, Leg, LegId, LegState
from app.domain.live_call import EmployeePart, LiveCall, end_call, observe_call
from app.domain.wrap_up import Disposition
from app.services.part_outcome import PartFate, outcome_of_part
from tests.app.domain import calls
from tests.app.domain.calls import COLLEAGUE, ME, call_of, contact_leg, employee_leg, seen

L = LegState
COACH = EmployeeId(2004)


def after(*snapshots: tuple[float, CallSession]) -> LiveCall:
    live_call: LiveCall | None = None
    for seconds, call_session in snapshots:
        live_call = observe_call(live_call, call_session, seen(seconds))
    assert live_call is not None
    return live_call


def part(live_call: LiveCall, employee_id: EmployeeId = ME) -> EmployeePart:
    found = live_call.part_of(employee_id)
    assert found is not None
    return found


def ringing(*legs: tuple[EmployeeId, int]) -> CallSession:
    return call_of(contact_leg(L.QUEUED), *(employee_leg(L.DIALLING, employee, leg_id) for employee, leg_id in legs))


def fate_of(live_call: LiveCall, employee_id: EmployeeId) -> PartFate:
    return outcome_of_part(live_call, part(live_call, employee_id), ended_by_us=False).fate


def test_a_console_started_during_a_consultation_knows_that_its_operator_talked_to_the_caller() -> None:
    live_call = after((1, calls.CONSULT), (5, calls.TRANSFERRED), (7, calls.TRANSFERRED))
    assert part(live_call).talk_began == seen(1)
    assert fate_of(live_call, ME) is PartFate.FINISHED


def test_ring_to_consultation_between_two_looks_is_talk_for_the_holder_only() -> None:
    live_call = after((1, calls.RINGING), (60, calls.CONSULT))
    assert part(live_call).talk_began == seen(60)
    assert part(live_call, COLLEAGUE).talk_began is None


def test_who_is_consulted_by_somebody_outside_the_account_is_not_the_holder() -> None:
    outside = Leg(LegId(9), L.CONSULTING, "", "74951045771", "79990001122", True, None, None, False)
    live_call = after((1, call_of(contact_leg(L.HELD, 8), outside, employee_leg(L.CONSULTING, ME, 12))))
    assert part(live_call).talk_began is None


def test_a_colleague_who_hears_the_message_before_a_consultation_does_not_talk_to_the_caller() -> None:
    hears = call_of(contact_leg(L.HELD), employee_leg(L.TRANSFERRING), employee_leg(L.TALKING, COLLEAGUE, 12))
    live_call = after((1, calls.RINGING), (9, hears), (12, calls.TALK))
    assert part(live_call).talk_began == seen(9)
    assert part(live_call, COLLEAGUE).talk_began is None


def test_who_gets_the_call_while_a_coach_listens_on_is_no_coach() -> None:
    coached = call_of(contact_leg(L.TALKING), employee_leg(L.TALKING), employee_leg(L.TALKING, COACH, 12))
    handed_on = call_of(
        contact_leg(L.TALKING), employee_leg(L.TALKING, COACH, 12), employee_leg(L.TALKING, COLLEAGUE, 13)
    )
    live_call = after((1, calls.TALK), (3, coached), (9, handed_on))
    assert part(live_call, COACH).is_coaching
    assert not part(live_call, COLLEAGUE).is_coaching
    assert part(live_call, COLLEAGUE).talk_began == seen(9)


@pytest.mark.parametrize("order", [(11, 12), (12, 11)])
def test_with_two_phones_ringing_the_part_goes_by_the_older_leg_however_they_are_listed(order: tuple[int, int]) -> None:
    both = ringing(*((ME, leg_id) for leg_id in order))
    live_call = after((1, both), (5, call_of(contact_leg(L.TALKING), employee_leg(L.TALKING, ME, 12))))
    assert len(live_call.parts) == 1
    assert part(live_call).leg_id == 11
    assert part(live_call).talk_began == seen(5)


def test_consoles_that_saw_a_pause_between_two_rounds_and_those_that_did_not_elect_the_same_writer() -> None:
    first = ringing((ME, 11), (COLLEAGUE, 12))
    pause = ringing((COLLEAGUE, 12))
    second = ringing((COLLEAGUE, 12), (ME, 13))
    saw_it = end_call(after((1, first), (3, pause), (5, pause), (7, second)), seen(9))
    missed_it = end_call(after((1, first), (3, pause), (7, second)), seen(9))
    assert part(saw_it).leg_id != part(missed_it).leg_id
    for view in (saw_it, missed_it):
        assert (fate_of(view, ME), fate_of(view, COLLEAGUE)) == (PartFate.FINISHED, PartFate.NO_CARD)


def test_a_call_that_came_back_to_who_had_talked_is_nobodys_missed_call() -> None:
    gone_over = call_of(contact_leg(L.HELD), employee_leg(L.DIALLING, COLLEAGUE, 12))
    back = call_of(contact_leg(L.QUEUED), employee_leg(L.DIALLING, ME, 15))
    live_call = end_call(after((1, calls.TALK), (3, gone_over), (5, gone_over), (7, back)), seen(9))
    assert part(live_call).leg_id == 15
    assert fate_of(live_call, COLLEAGUE) is PartFate.NO_CARD
    assert fate_of(live_call, ME) is PartFate.NO_CARD


def test_an_outgoing_call_that_rings_a_group_in_vain_makes_one_card() -> None:
    session = replace(ringing((ME, 11), (COLLEAGUE, 12)), direction=Direction.OUTBOUND)
    live_call = end_call(after((1, session)), seen(20))
    assert (fate_of(live_call, ME), fate_of(live_call, COLLEAGUE)) == (PartFate.FINISHED, PartFate.NO_CARD)
    outcome = outcome_of_part(live_call, part(live_call), ended_by_us=False)
    assert outcome.proposed is not None
    assert outcome.proposed.disposition is Disposition.TEMPORARILY_UNAVAILABLE
