"""What is shown of the current call: facts and numbers ready for the eye. Pure and without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.calls import CallSession, CallSessionId, CallState, Direction, EmployeeId, Leg, LegId, LegState
from ui.panels.active_calls.view_state import shown_number

if TYPE_CHECKING:
    from app.domain.live_call import LiveCall

HELD_STATES = frozenset(
    {CallState.HOLD, CallState.CONSULT_RINGING, CallState.CONSULT, CallState.TRANSFER_PENDING},
)
"""In all of these the caller hears the hold message."""


@dataclass(frozen=True, slots=True)
class LegLine:
    """One participant. `name` is empty when only the number is known; `raw_state` for states nobody knows."""

    leg_id: LegId
    name: str
    number: str
    is_customer: bool
    is_me: bool
    leg_state: LegState
    raw_state: str
    is_recorded: bool


@dataclass(frozen=True, slots=True)
class CurrentCallState:
    """All that the panel shows. Times are monotonic seconds at which something began; None: it does not run.
    `hold_reason`: why the caller holds, where a reason was given; `promised_until…`: when the promised time is over.
    `knows_me`: there can be a call of mine."""

    call_session_id: CallSessionId | None = None
    caller_name: str = ""
    number: str = ""
    is_number_hidden: bool = False
    line: str = ""
    direction: Direction = Direction.UNKNOWN
    employees: str = ""
    call_state: CallState = CallState.UNKNOWN
    began_monotonic_s: float = 0.0
    held_since_monotonic_s: float | None = None
    hold_reason: str = ""
    promised_until_monotonic_s: float | None = None
    ended_after_s: float | None = None
    tags: tuple[str, ...] = ()
    is_recorded: bool = False
    is_mine: bool = False
    legs: tuple[LegLine, ...] = ()
    knows_me: bool = True

    @property
    def is_empty(self) -> bool:
        return self.call_session_id is None


def state_of(
    call: LiveCall | None,
    *,
    me: EmployeeId | None,
    caller_name: str | None,
    held_since_monotonic_s: float | None,
    hold_reason: str = "",
    promised_until_monotonic_s: float | None = None,
) -> CurrentCallState:
    """The panel for this call; the empty panel for none."""
    if call is None:
        return CurrentCallState(knows_me=me is not None)
    call_session = call.session
    number = shown_number(call_session.contact_number)
    began = call.first_seen.monotonic_s - call.duration_s(call.first_seen.monotonic_s)
    return CurrentCallState(
        call_session_id=call.call_session_id,
        caller_name=caller_name or "",
        number=number,
        is_number_hidden=not number,
        line=shown_number(call_session.line_number),
        direction=call_session.direction,
        employees=", ".join(dict.fromkeys(leg.employee_name or "" for leg in call_session.employee_legs)).strip(", "),
        call_state=call.call_state,
        began_monotonic_s=began,
        held_since_monotonic_s=held_since_monotonic_s if call.call_state in HELD_STATES else None,
        hold_reason=hold_reason if call.call_state in HELD_STATES else "",
        promised_until_monotonic_s=promised_until_monotonic_s if call.call_state in HELD_STATES else None,
        ended_after_s=call.duration_s(call.ended.monotonic_s) if call.ended is not None else None,
        tags=tuple(tag.name for tag in call_session.tags),
        is_recorded=call_session.is_recorded and call.ended is None,
        is_mine=me is not None and call_session.leg_of(me) is not None,
        legs=() if call.ended is not None else _leg_lines(call_session, me, caller_name),
    )


def _leg_lines(call_session: CallSession, me: EmployeeId | None, caller_name: str | None) -> tuple[LegLine, ...]:
    contact = call_session.contact_leg
    legs = sorted(call_session.live_legs, key=lambda leg: (leg is not contact, leg.leg_id))
    return tuple(_leg_line(leg, call_session, leg is contact, me, caller_name) for leg in legs)


def _leg_line(
    leg: Leg, call_session: CallSession, is_customer: bool, me: EmployeeId | None, caller_name: str | None
) -> LegLine:
    if is_customer:
        name, number = caller_name or "", shown_number(call_session.contact_number)
    else:
        name, number = leg.employee_name or "", shown_number(leg.called_number)
    return LegLine(
        leg_id=leg.leg_id,
        name=name,
        number=number,
        is_customer=is_customer,
        is_me=me is not None and leg.employee_id == me,
        leg_state=leg.leg_state,
        raw_state=leg.state_text if leg.leg_state is LegState.UNKNOWN else "",
        is_recorded=leg.is_recorded,
    )
