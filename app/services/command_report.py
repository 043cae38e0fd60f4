"""One command on a live call and how far it has got. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from app.domain.actions import CallAction
from app.domain.calls import CallSessionId
from app.errors import PultError


class CommandPhase(Enum):
    """How far a command has got.

    SENDING -> ACCEPTED -> CONFIRMED or NOT_VISIBLE (two later snapshots do not show the effect);
    SENDING -> REFUSED (the PBX said no) or NOT_SENT; SENDING -> UNKNOWN (no trustworthy answer) -> CONFIRMED or
    NOT_VISIBLE.
    """

    SENDING = "sending"
    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    NOT_VISIBLE = "not_visible"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    NOT_SENT = "not_sent"

    @property
    def is_pending(self) -> bool:
        return self in (CommandPhase.SENDING, CommandPhase.ACCEPTED, CommandPhase.UNKNOWN)


@dataclass(frozen=True, slots=True)
class CommandReport:
    """One command in one phase.

    `detail`: {"sent", "total"} for keys, {"leg_id"}, {"tag_id"} (and {"name"} of a delayed one), {"to_number"} of a
    consultation, {"preset", "promised_s"} of a hold with a reason, {"button", "mnemonic", "value"} of a talk option;
    {"why_not": WhyNot} for a NOT_SENT one that the call's state, another command under way or the link forbids.
    """

    sequence: int
    call_session_id: CallSessionId
    action: CallAction
    phase: CommandPhase
    error: PultError | None = None
    detail: Mapping[str, object] = field(default_factory=dict)
