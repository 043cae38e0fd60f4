"""Notices a call that begins to ring for me and says so once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.board import BoardChange
from app.domain.calls import CallSessionId, Direction, LegState
from ui.bridge import bridge
from ui.caller_names import caller_and_number
from ui.panels.active_calls.view_state import shown_number
from ui.tray import Tray

if TYPE_CHECKING:
    from app.bootstrap import Services


class RingingNotices(QObject):
    """One notice for each call, however often the list changes while it rings."""

    def __init__(self, tray: Tray, services: Services) -> None:
        super().__init__(tray)
        self._tray = tray
        self._services = services
        self._told: set[CallSessionId] = set()
        bridge(services.board.changes, self._board_changed, self)

    def _board_changed(self, changes: list[BoardChange]) -> None:
        for change in changes:
            for call_session_id in (*change.appeared, *change.changed):
                self._look_at(call_session_id)
            self._told.difference_update(call.call_session_id for call in change.ended)

    def _look_at(self, call_session_id: CallSessionId) -> None:
        call = self._services.board.call(call_session_id)
        if call is None or call_session_id in self._told or call.session.direction is Direction.OUTBOUND:
            return
        leg = call.session.leg_of(self._services.me)
        if leg is None or leg.leg_state is not LegState.DIALLING:
            return
        self._told.add(call_session_id)
        caller = caller_and_number(self._services.screen_pop, call)
        self._tray.tell_ringing(caller, shown_number(call.session.line_number))
