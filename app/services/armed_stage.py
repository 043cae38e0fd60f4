"""How far a transfer when answered has got, and how it ended. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from app.domain.actions import WhyNot
from app.domain.calls import CallSessionId
from app.errors import PultError


class ArmedStage(Enum):
    """HOLDING -> DIALLING -> RINGING -> COMPLETING, or GOING_BACK when nobody is there to take the caller."""

    HOLDING = "holding"
    DIALLING = "dialling"
    RINGING = "ringing"
    COMPLETING = "completing"
    GOING_BACK = "going_back"


class OutcomeKind(Enum):
    """DONE: the caller talks to the colleague. BACK_NO_ANSWER: nobody took the call in time, the caller talks to the
    operator. BACK_BY_HAND: the operator (or somebody else) went back first. FAILED: stopped at its stage, and the
    caller is where the list shows them."""

    DONE = "done"
    BACK_NO_ANSWER = "back_no_answer"
    BACK_BY_HAND = "back_by_hand"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ArmedTransfer:
    """One plan as it stands. `back_at_monotonic_s`: when the caller comes back if nobody answers; None: not yet known,
    or never. Not `is_completed_alone`: a consultation, which the operator ends."""

    call_session_id: CallSessionId
    to_number: str
    to_name: str
    stage: ArmedStage
    back_at_monotonic_s: float | None = None
    is_completed_alone: bool = True


@dataclass(frozen=True, slots=True)
class ArmedOutcome:
    """How a plan ended and, when it FAILED, at which stage and why: `why_not` when the command was not allowed, else
    `error`: the PBX's or the link's, or "call_gone" (the caller hung up), "operator_left" (my phone did),
    "effect_not_seen" (accepted, and the list does not show it)."""

    call_session_id: CallSessionId
    kind: OutcomeKind
    error: PultError | None = None
    why_not: WhyNot | None = None
    to_number: str = ""
    to_name: str = ""
    stage: ArmedStage = ArmedStage.HOLDING
