"""The state of a call is told from its legs; what cannot be told is unknown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.calls import CallSession, CallState, EmployeeId, LegState
from tests.app.domain import calls
from tests.app.domain.calls import COLLEAGUE, ME, call_of, contact_leg, employee_leg

L = LegState


@pytest.mark.parametrize(
    ("call_session", "expected"),
    [
        (calls.RINGING, CallState.RINGING),
        (calls.QUEUED, CallState.QUEUED),
        (calls.TALK, CallState.TALK),
        (calls.HOLD, CallState.HOLD),
        (calls.CONSULT_RINGING, CallState.CONSULT_RINGING),
        (calls.CONSULT, CallState.CONSULT),
        (calls.TRANSFER_PENDING, CallState.TRANSFER_PENDING),
        (calls.TRANSFERRED, CallState.TALK),
        (calls.ENDED, CallState.ENDED),
        (calls.UNKNOWN, CallState.UNKNOWN),
        (call_of(), CallState.ENDED),
        # One leg in talk is no proof that both talk.
        (call_of(contact_leg(L.TALKING)), CallState.RINGING),
        (call_of(contact_leg(L.DIALLING), employee_leg(L.TALKING)), CallState.RINGING),
        (call_of(contact_leg(L.TALKING), employee_leg(L.SENDING_DTMF)), CallState.TALK),
        (call_of(contact_leg(L.FAX), employee_leg(L.FAX)), CallState.TALK),
        # The holder may be shown as held, talking or transferring.
        (call_of(contact_leg(L.HELD), employee_leg(L.TALKING)), CallState.HOLD),
        (call_of(contact_leg(L.HELD)), CallState.HOLD),
        (call_of(contact_leg(L.HELD), employee_leg(L.TRANSFERRING)), CallState.UNKNOWN),
        (call_of(contact_leg(L.HELD), employee_leg(L.TRANSFERRING, COLLEAGUE)), CallState.UNKNOWN),
        (call_of(contact_leg(L.HELD), employee_leg(L.UNKNOWN)), CallState.UNKNOWN),
        (
            call_of(contact_leg(L.HELD), employee_leg(L.HELD), employee_leg(L.DIALLING, None, 12)),
            CallState.CONSULT_RINGING,
        ),
        # The colleague has answered and still hears the message that goes before the consultation.
        (
            call_of(contact_leg(L.HELD), employee_leg(L.TRANSFERRING), employee_leg(L.TALKING, COLLEAGUE, 12)),
            CallState.CONSULT_RINGING,
        ),
        # The employee is held, the contact is not: nothing in the document explains it.
        (call_of(contact_leg(L.TALKING), employee_leg(L.HELD)), CallState.UNKNOWN),
        # A leg on its way out does not count.
        (call_of(contact_leg(L.ENDED), employee_leg(L.TALKING)), CallState.RINGING),
        (
            call_of(contact_leg(L.TALKING), employee_leg(L.TALKING), employee_leg(L.DIALLING, COLLEAGUE, 12)),
            CallState.TALK,
        ),
    ],
)
def test_the_state_is_told_from_the_legs(call_session: CallSession, expected: CallState) -> None:
    assert call_session.call_state is expected


def test_a_blind_transfer_is_told_from_a_consultation_by_who_is_left() -> None:
    with_holder = call_of(contact_leg(L.HELD), employee_leg(L.HELD), employee_leg(L.DIALLING, COLLEAGUE, 12))
    without = call_of(contact_leg(L.HELD), employee_leg(L.DIALLING, COLLEAGUE, 12))
    assert (with_holder.call_state, without.call_state) == (CallState.CONSULT_RINGING, CallState.TRANSFER_PENDING)


def test_the_contacts_leg_is_the_outside_one_with_the_contacts_number() -> None:
    outside = replace(employee_leg(L.DIALLING, None, 9), is_operator=False)
    contact = contact_leg(L.HELD)
    assert call_of(outside, employee_leg(L.HELD), contact).contact_leg is contact


def test_my_leg_is_the_oldest_live_one() -> None:
    older, newer = employee_leg(L.TALKING, ME, 20), employee_leg(L.DIALLING, ME, 30)
    call_session = call_of(contact_leg(L.TALKING), newer, older, employee_leg(L.ENDED, ME, 5))
    assert call_session.leg_of(ME) is older
    assert call_session.leg_of(EmployeeId(1)) is None
    assert call_session.leg_of(None) is None
