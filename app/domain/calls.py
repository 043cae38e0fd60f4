"""A live call as the console sees it: the session, its legs, the state derived from them. No vendor spelling here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NewType

CallSessionId = NewType("CallSessionId", int)
LegId = NewType("LegId", int)
EmployeeId = NewType("EmployeeId", int)
TagId = NewType("TagId", int)


class Direction(Enum):
    """Who called whom: a customer us, or we a customer."""

    INBOUND = "in"
    OUTBOUND = "out"
    UNKNOWN = "unknown"


class LegState(Enum):
    """What one party's connection does right now."""

    DIALLING = "dialling"
    TALKING = "talking"
    QUEUED = "queued"
    CONSULTING = "consulting"
    HELD = "held"
    TRANSFERRING = "transferring"
    SENDING_DTMF = "sending_dtmf"
    FAX = "fax"
    ENDED = "ended"
    UNKNOWN = "unknown"


class CallState(Enum):
    """The session's state, derived from its legs because the PBX does not tell it."""

    RINGING = "ringing"
    QUEUED = "queued"
    TALK = "talk"
    HOLD = "hold"
    CONSULT_RINGING = "consult_ringing"
    CONSULT = "consult"
    TRANSFER_PENDING = "transfer_pending"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CallTag:
    """A free mark on a call. Not a disposition: that is the outcome chosen in the card."""

    tag_id: TagId
    name: str


@dataclass(frozen=True, slots=True)
class Leg:
    """One party's connection. Numbers are digits without a plus; `dial_tail` is what was keyed after them."""

    leg_id: LegId
    leg_state: LegState
    state_text: str
    calling_number: str
    called_number: str
    is_operator: bool
    employee_id: EmployeeId | None
    employee_name: str | None
    is_recorded: bool
    dial_tail: str = ""

    @property
    def is_live(self) -> bool:
        return self.leg_state is not LegState.ENDED


_TALKING = frozenset({LegState.TALKING, LegState.SENDING_DTMF, LegState.FAX})


@dataclass(frozen=True, slots=True)
class CallSession:
    """Everything the PBX tells of one call. `started_at` is aware UTC, None when the PBX sent none that can be read."""

    call_session_id: CallSessionId
    direction: Direction
    started_at: datetime | None
    line_number: str
    contact_number: str
    external_id: str | None
    tags: tuple[CallTag, ...]
    legs: tuple[Leg, ...]

    @property
    def live_legs(self) -> tuple[Leg, ...]:
        return tuple(leg for leg in self.legs if leg.is_live)

    @property
    def contact_leg(self) -> Leg | None:
        """The customer's leg: not an operator's, and its number is the contact's."""
        outside = [leg for leg in self.legs if not leg.is_operator]
        for leg in outside:
            if self.contact_number and self.contact_number in (leg.calling_number, leg.called_number):
                return leg
        return outside[0] if outside else None

    @property
    def employee_legs(self) -> tuple[Leg, ...]:
        return tuple(leg for leg in self.live_legs if leg.employee_id is not None)

    def leg_of(self, employee_id: EmployeeId | None) -> Leg | None:
        """The live leg of that employee, the oldest one when there are several."""
        if employee_id is None:
            return None
        own = [leg for leg in self.live_legs if leg.employee_id == employee_id]
        return min(own, key=lambda leg: leg.leg_id) if own else None

    @property
    def is_recorded(self) -> bool:
        return any(leg.is_recorded for leg in self.live_legs)

    @property
    def call_state(self) -> CallState:
        return derive_call_state(self)


def derive_call_state(call_session: CallSession, coach_leg_ids: frozenset[LegId] = frozenset()) -> CallState:
    """State of the whole call from its leg states. What cannot be told is UNKNOWN, which never traps the operator.

    `coach_leg_ids`: legs known to have begun ringing while the talk went on; they are no consultation, whatever a held
    caller makes them look like.
    """
    legs = call_session.live_legs
    if not legs:
        return CallState.ENDED
    if any(leg.leg_state is LegState.CONSULTING for leg in legs):
        return CallState.CONSULT
    contact = call_session.contact_leg
    if contact is not None and contact.leg_state is LegState.HELD:
        return _state_while_held(contact, tuple(leg for leg in legs if leg.leg_id not in coach_leg_ids))
    if sum(leg.leg_state in _TALKING for leg in legs) >= 2:
        return CallState.TALK
    if any(leg.leg_state is LegState.QUEUED for leg in legs):
        return CallState.QUEUED
    if any(leg.leg_state in (LegState.UNKNOWN, LegState.HELD, LegState.TRANSFERRING) for leg in legs):
        return CallState.UNKNOWN
    return CallState.RINGING


def _state_while_held(contact: Leg, legs: tuple[Leg, ...]) -> CallState:
    others = [leg for leg in legs if leg is not contact]
    dialling = [leg for leg in others if leg.leg_state is LegState.DIALLING]
    if any(leg.leg_state is LegState.UNKNOWN for leg in others):
        return CallState.UNKNOWN
    if dialling:
        holder_is_here = len(others) > len(dialling)
        return CallState.CONSULT_RINGING if holder_is_here else CallState.TRANSFER_PENDING
    if any(leg.leg_state is LegState.TRANSFERRING for leg in others):
        # With a second leg the colleague has answered and still hears the message before the consultation.
        return CallState.CONSULT_RINGING if len(others) > 1 else CallState.UNKNOWN
    return CallState.HOLD
