"""What happened to calls between two snapshots: facts made by `telephony.diff` and applied by the board."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.calls import CallSession, CallSessionId


@dataclass(frozen=True, slots=True)
class CallAppeared:
    """A session seen for the first time."""

    session: CallSession


@dataclass(frozen=True, slots=True)
class CallChanged:
    """A session whose snapshot differs from the last one, or that has a leg waiting for its second absence."""

    session: CallSession


@dataclass(frozen=True, slots=True)
class CallGone:
    """A session absent from two successful polls: it has ended."""

    call_session_id: CallSessionId


TelephonyEvent = CallAppeared | CallChanged | CallGone
