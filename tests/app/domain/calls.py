"""Calls made by hand for tests of the domain, the board and the services."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.domain.calls import (
    CallSession,
    CallSessionId,
    CallTag,
    Direction,
    EmployeeId,
    Leg,
    LegId,
    LegState,
    TagId,
)
from app.domain.live_call import Sighting

STARTED_AT = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
CONTACT = "79161234567"
ME = EmployeeId(2001)
COLLEAGUE = EmployeeId(2002)
CALL_ID = CallSessionId(3_960_098_281)


def contact_leg(leg_state: LegState, leg_id: int = 10, *, recorded: bool = False) -> Leg:
    return Leg(LegId(leg_id), leg_state, leg_state.value, CONTACT, "74951045771", False, None, None, recorded)


def employee_leg(
    leg_state: LegState, employee_id: EmployeeId | None = ME, leg_id: int = 11, *, recorded: bool = False
) -> Leg:
    name = None if employee_id is None else f"Employee {employee_id}"
    return Leg(LegId(leg_id), leg_state, leg_state.value, "74951045771", "101", True, employee_id, name, recorded)


def call_of(
    *legs: Leg,
    call_session_id: int = CALL_ID,
    direction: Direction = Direction.INBOUND,
    tags: tuple[int, ...] = (),
) -> CallSession:
    return CallSession(
        call_session_id=CallSessionId(call_session_id),
        direction=direction,
        started_at=STARTED_AT,
        line_number="74951045771",
        contact_number=CONTACT,
        external_id=None,
        tags=tuple(CallTag(TagId(tag_id), f"tag {tag_id}") for tag_id in tags),
        legs=legs,
    )


def seen(seconds: float) -> Sighting:
    """That many seconds after the call began, by both clocks."""
    return Sighting(STARTED_AT + timedelta(seconds=seconds), 1000.0 + seconds)


L = LegState
RINGING = call_of(contact_leg(L.TALKING), employee_leg(L.DIALLING))
QUEUED = call_of(contact_leg(L.QUEUED))
TALK = call_of(contact_leg(L.TALKING), employee_leg(L.TALKING))
HOLD = call_of(contact_leg(L.HELD), employee_leg(L.HELD))
CONSULT_RINGING = call_of(contact_leg(L.HELD), employee_leg(L.TRANSFERRING), employee_leg(L.DIALLING, COLLEAGUE, 12))
CONSULT = call_of(contact_leg(L.HELD), employee_leg(L.CONSULTING), employee_leg(L.CONSULTING, COLLEAGUE, 12))
TRANSFER_PENDING = call_of(contact_leg(L.HELD), employee_leg(L.DIALLING, COLLEAGUE, 12))
TRANSFERRED = call_of(contact_leg(L.TALKING), employee_leg(L.TALKING, COLLEAGUE, 12))
ENDED = call_of(contact_leg(L.ENDED), employee_leg(L.ENDED))
UNKNOWN = call_of(contact_leg(L.UNKNOWN), employee_leg(L.TALKING))
