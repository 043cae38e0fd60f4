"""What the strips show: whom a transfer goes to, when the caller is back, which tags still count. Pure, no Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.domain.calls import CallSessionId, TagId

_LATE_S = 0.05
"""A tick may come this much late without a second being left out."""


@dataclass(frozen=True, slots=True)
class ArmedLine:
    """A transfer or a consultation that this console carries out step by step.

    `stage`: the value of the service's stage; `caller` is empty for the call that is shown large anyway;
    `can_transfer_now`: the colleague's phone rings.
    """

    call_session_id: CallSessionId
    to: str
    stage: str
    caller: str = ""
    back_at_monotonic_s: float | None = None
    can_transfer_now: bool = False


@dataclass(frozen=True, slots=True)
class TagLine:
    """A tag that has not gone out yet. `caller` as above."""

    call_session_id: CallSessionId
    tag_id: TagId
    name: str
    due_monotonic_s: float
    caller: str = ""


@dataclass(frozen=True, slots=True)
class InHandState:
    """The strips top to bottom; the newest tag is the last one, and the one that Escape undoes."""

    armed: tuple[ArmedLine, ...] = ()
    tags: tuple[TagLine, ...] = ()


@dataclass(frozen=True, slots=True)
class LostLine:
    """A caller nobody took after a transfer. `to`: whom the caller was sent to, empty when that is not known; `number`
    to call back, empty when it was hidden."""

    call_session_id: CallSessionId
    caller: str
    to: str
    number: str


def left_s(due_monotonic_s: float, now_monotonic_s: float) -> int:
    """Whole seconds to go, as a countdown shows them: the last second says 1, and never below zero."""
    return max(0, math.ceil(due_monotonic_s - now_monotonic_s - _LATE_S))
