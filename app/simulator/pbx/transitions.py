"""The session's transitions (uis-notes §5.2) as effects on one call's legs. When they happen is decided elsewhere."""

from datetime import datetime

from app.simulator.pbx.call import (
    DIALLING,
    DISCONNECTED,
    HELD,
    OPERATORS_TALKING,
    TALKING,
    TRANSFERRING,
    Call,
    Leg,
    LegRole,
    SessionState,
)


def start_talk(call: Call, at: datetime) -> None:
    """Contact and employee talk; whoever else was still ringing for this call stops."""
    for leg in [leg for leg in call.legs if leg.role is LegRole.EMPLOYEE and leg.leg_state == DIALLING]:
        call.drop(leg)
    for leg in call.legs:
        if leg.role is not LegRole.COACH:
            leg.leg_state = TALKING
            leg.talk_began_at = leg.talk_began_at or at
    call.session_state = SessionState.TALK
    call.was_answered = True
    call.talk_started_at = call.talk_started_at or at


def hold(call: Call) -> None:
    """The contact hears music; the employee waits with free hands."""
    _set_pair(call, contact=HELD, employee=HELD)
    call.session_state = SessionState.HOLD


def resume_talk(call: Call) -> None:
    """Contact and employee talk again; a consulted party goes."""
    consulted = call.leg_in_role(LegRole.CONSULT)
    if consulted is not None:
        call.drop(consulted)
    _set_pair(call, contact=TALKING, employee=TALKING)
    call.session_state = SessionState.TALK


def dial_consult(call: Call, consulted: Leg) -> None:
    """A third party rings while the contact is held."""
    call.legs.append(consulted)
    _set_pair(call, contact=HELD, employee=TRANSFERRING)
    call.session_state = SessionState.DIALING


def start_consult(call: Call, consulted: Leg) -> None:
    """Employee and third party talk; the contact stays held."""
    _set_pair(call, contact=HELD, employee=OPERATORS_TALKING)
    consulted.leg_state = OPERATORS_TALKING
    call.session_state = SessionState.OPERATOR_TALK


def lose_consult(call: Call, consulted: Leg) -> None:
    """The third party is gone; the contact is still held by the employee."""
    call.drop(consulted)
    hold(call)


def leave_to_consulted(call: Call, consulted: Leg) -> None:
    """The employee leaves: an answered third party talks with the contact, a ringing one keeps them waiting."""
    employee = call.leg_in_role(LegRole.EMPLOYEE)
    if employee is not None:
        call.drop(employee)
    if consulted.leg_state == OPERATORS_TALKING:
        finish_transfer(call, consulted)
    else:
        call.session_state = SessionState.TRANSFER_PENDING


def finish_transfer(call: Call, consulted: Leg) -> None:
    """The third party takes the employee's place."""
    consulted.role = LegRole.EMPLOYEE
    consulted.is_operator = True
    consulted.talk_began_at = consulted.talk_began_at or call.now()
    _set_pair(call, contact=TALKING, employee=TALKING)
    call.session_state = SessionState.TALK


def disconnect_everyone(call: Call) -> None:
    """All legs show the end of the call while the exchange still works on it."""
    for leg in call.legs:
        leg.leg_state = DISCONNECTED
    call.session_state = SessionState.POST_TALK


def _set_pair(call: Call, *, contact: str, employee: str) -> None:
    for leg in call.legs:
        if leg.role is LegRole.CONTACT:
            leg.leg_state = contact
        elif leg.role is LegRole.EMPLOYEE:
            leg.leg_state = employee


def connect_consulted(call: Call, consulted: Leg) -> None:
    """The third party has heard its message: the operators talk, or the contact gets through after a transfer."""
    if consulted not in call.legs:
        return
    if call.session_state is SessionState.DIALING:
        start_consult(call, consulted)
    elif call.session_state is SessionState.TRANSFER_PENDING:
        finish_transfer(call, consulted)
