"""Calls started here while the account has no list of calls: they stand on the board until somebody tells their end.

Without the management component the PBX starts and releases calls and lists none (uis-notes §6, component map).
"""

from __future__ import annotations

from app.board import CallBoard
from app.clock import Clock
from app.domain.call_start import CallStart
from app.domain.calls import CallSession, CallSessionId, EmployeeId, Leg, LegId, LegState
from app.domain.events import CallAppeared, CallGone
from app.domain.live_call import Sighting
from app.telephony.link_report import LinkHealth, LinkReport
from app.telephony.poller import Poller

UNLISTED_LEG_ID = LegId(-(2**53))
"""No leg of a list: those are positive, or small below zero when theirs could not be read."""


def has_no_list(link: LinkReport) -> bool:
    """The account's component for the list of calls is off."""
    return link.health is LinkHealth.NO_LIST


def is_unlisted(call_session: CallSession) -> bool:
    """Was this call put on the board by us rather than by the PBX?"""
    return any(leg.leg_id == UNLISTED_LEG_ID for leg in call_session.legs)


class UnlistedCalls:
    """Puts calls on the board and takes them off. Once the list is there, what it does not show is gone."""

    def __init__(self, board: CallBoard, poller: Poller, clock: Clock) -> None:
        self._board = board
        self._clock = clock
        self._poller = poller
        self._looking = poller.polls_done.subscribe(self._make_way)

    def close(self) -> None:
        """Follow the list no longer."""
        self._looking.cancel()

    def add(self, call_session_id: CallSessionId, start: CallStart, me: EmployeeId | None) -> bool:
        """The PBX started this call for `me`. False where there is a list, or it stands there already."""
        if not has_no_list(self._poller.report) or self._board.call(call_session_id) is not None:
            return False
        seen = self._now()
        self._board.apply([CallAppeared(_call_session(call_session_id, start, me, seen))], seen, cause="started")
        return True

    def holds(self, call_session_id: CallSessionId) -> bool:
        """Does it stand on the board, and by our word alone?"""
        live_call = self._board.call(call_session_id)
        return live_call is not None and is_unlisted(live_call.session)

    def gone(self, call_session_id: CallSessionId) -> None:
        """The PBX ended it, or knows it no longer."""
        if self.holds(call_session_id):
            self._board.apply([CallGone(call_session_id)], self._now(), cause="ended")

    def _make_way(self, _asked: Sighting) -> None:
        for live_call in tuple(self._board.calls.values()):
            self.gone(live_call.call_session_id)

    def _now(self) -> Sighting:
        return Sighting(self._clock.now(), self._clock.monotonic())


def _call_session(
    call_session_id: CallSessionId, start: CallStart, me: EmployeeId | None, seen: Sighting
) -> CallSession:
    """One leg of which nothing is known, so that the call's state is UNKNOWN."""
    leg = Leg(
        leg_id=UNLISTED_LEG_ID,
        leg_state=LegState.UNKNOWN,
        state_text="",
        calling_number=start.line_number,
        called_number=start.contact,
        is_operator=False,
        employee_id=me,
        employee_name=None,
        is_recorded=False,
        dial_tail=start.dial_tail,
    )
    return CallSession(
        call_session_id=call_session_id,
        direction=start.direction,
        started_at=seen.at,
        line_number=start.line_number,
        contact_number=start.contact,
        external_id=start.external_id or None,
        tags=(),
        legs=(leg,),
    )
