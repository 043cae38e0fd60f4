"""One wish to start a call and how far it has got; why it may not be tried now. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from app.domain.call_start import CallStart
from app.domain.calls import CallSessionId
from app.errors import PultError


class StartPhase(Enum):
    """How far a start has got.

    SENDING -> ACCEPTED (the PBX gave the call's id) -> SEEN (the list shows it); SENDING -> REFUSED or NOT_SENT;
    SENDING -> UNKNOWN (no trustworthy answer: it is looked for) -> FOUND, or NEVER_KNOWN: the operator is asked, and
    it still becomes FOUND when it turns up.
    """

    SENDING = "sending"
    ACCEPTED = "accepted"
    SEEN = "seen"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"
    FOUND = "found"
    NEVER_KNOWN = "never_known"


class StartBlockReason(Enum):
    """Why a call to this contact must not be started now.

    DOUBLE_DIAL: the last one was moments ago. UNDER_WAY: one is being started. UNKNOWN_BEFORE: nobody knows whether an
    earlier one was started, which the operator has to settle first. ALREADY_IN_A_CALL: one is going on, and it is the
    operator's or was started here.
    """

    NOT_CONNECTED = "not_connected"
    SIGN_IN_NEEDED = "sign_in_needed"
    LIMIT_REACHED = "limit_reached"
    DOUBLE_DIAL = "double_dial"
    UNDER_WAY = "under_way"
    UNKNOWN_BEFORE = "unknown_before"
    ALREADY_IN_A_CALL = "already_in_a_call"


@dataclass(frozen=True, slots=True)
class StartBlock:
    """`params`: {"resets_in_s"} of LIMIT_REACHED, {"again_in_s"} of DOUBLE_DIAL, {"sequence"} of UNKNOWN_BEFORE,
    {"call_session_id", "is_mine": a leg of it is the operator's} of ALREADY_IN_A_CALL."""

    reason: StartBlockReason
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StartReport:
    """One start in one phase. `start.external_id` is how the PBX names it, empty for one that never left.

    `detail`: {"guard": the reason's value, "why_not": StartBlock} of a NOT_SENT one; {"how": "list" or "report"} of a
    FOUND one; {"settled": True} once the operator has answered for it; {"from_earlier_run": True} when it was sent
    before this run of the program.
    """

    sequence: int
    start: CallStart
    phase: StartPhase
    call_session_id: CallSessionId | None = None
    error: PultError | None = None
    detail: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_open_question(self) -> bool:
        """Nobody knows (yet) whether it was started, and nobody has answered for it."""
        return self.phase in (StartPhase.UNKNOWN, StartPhase.NEVER_KNOWN) and "settled" not in self.detail
