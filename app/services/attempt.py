"""The facts of a call started here that no employee's phone ever came into. Pure."""

from __future__ import annotations

from app.domain.call_start import CallStart, StartVia
from app.domain.calls import EmployeeId, LegId
from app.domain.live_call import LiveCall, Sighting
from app.domain.wrap_up import CallFacts, CallKind, propose_disposition


def attempt_facts(
    call: LiveCall,
    start: CallStart,
    heard: Sighting | None,
    *,
    card_key: str,
    me: EmployeeId,
    ended_by_us: bool,
    is_callback: bool = False,
) -> CallFacts:
    """`heard`: since when the contact listened; it counts as talk where a message was all that was wanted."""
    is_informer = start.via is StartVia.INFORMER
    began = heard if is_informer else call.talk_began
    until = call.ended or call.last_seen
    talk_s = 0 if began is None else max(1, round(until.monotonic_s - began.monotonic_s))
    session = call.session
    contact = session.contact_leg
    return CallFacts(
        card_key=card_key,
        call_session_id=call.call_session_id,
        leg_id=LegId(0) if contact is None else contact.leg_id,
        employee_id=me,
        direction=session.direction,
        phone_number=session.contact_number or start.contact,
        line_number=session.line_number,
        started_at=session.started_at or call.first_seen.at,
        talk_s=talk_s,
        proposed=propose_disposition(direction=start.direction, talked=began is not None, ended_by_us=ended_by_us),
        kind=CallKind.INFORMATIONAL if is_informer else CallKind.CALLBACK if is_callback else None,
        ended_at=until.at,
    )
