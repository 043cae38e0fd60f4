"""Between the board and the current call, large."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.board import BoardChange
from app.domain.actions import CallAction, why_not
from app.domain.calls import CallSessionId
from ui.actions import key_of
from ui.bridge import bridge
from ui.call_choice import CallChoice, meant_for_a_call
from ui.caller_names import caller_name
from ui.panels.current_call.view import CurrentCallView
from ui.panels.current_call.view_state import HELD_STATES, state_of
from ui.texts.calls import reason_text

if TYPE_CHECKING:
    from app.bootstrap import Services


class CurrentCallPresenter(QObject):
    """Made after the first paint; lives as long as the view. Drops are the command row's business."""

    def __init__(self, view: CurrentCallView, services: Services, choice: CallChoice) -> None:
        super().__init__(view)
        self._view = view
        self._services = services
        self._choice = choice
        self._held_since: dict[CallSessionId, float] = {}
        bridge(services.board.changes, self._board_changed, view)
        bridge(services.call_control.reports, lambda _: self._show(), view)
        bridge(services.poller.link, lambda _: self._show(), view)
        bridge(services.screen_pop.found, lambda _: self._show(), view)
        bridge(choice.changed, lambda _: self._show(), view)
        self._note_holds(tuple(services.board.calls))
        self._show()

    def _board_changed(self, changes: list[BoardChange]) -> None:
        for change in changes:
            self._note_holds((*change.appeared, *change.changed))
            for call in change.ended:
                self._held_since.pop(call.call_session_id, None)
        self._show()

    def _note_holds(self, call_session_ids: tuple[CallSessionId, ...]) -> None:
        """A consultation is a new state of the call, but the caller has been waiting since the hold before it."""
        for call_session_id in call_session_ids:
            call = self._services.board.call(call_session_id)
            if call is None or call.call_state not in HELD_STATES:
                self._held_since.pop(call_session_id, None)
            else:
                self._held_since.setdefault(call_session_id, call.state_since.monotonic_s)

    def _hold_reason(self, call_session_id: CallSessionId) -> str:
        """The name of the reason this console held the call for; empty for the usual message."""
        held = self._services.call_control.latest(call_session_id, CallAction.HOLD)
        return "" if held is None else str(held.detail.get("preset", ""))

    def _show(self) -> None:
        services = self._services
        call = self._choice.shown_call(services.board.calls)
        if call is None:
            self._view.show_state(state_of(None, me=services.me, caller_name=None, held_since_monotonic_s=None))
            return
        promise = services.hold_promises.promise(call.call_session_id)
        state = state_of(
            call,
            me=services.me,
            caller_name=caller_name(services.screen_pop, call),
            held_since_monotonic_s=self._held_since.get(call.call_session_id),
            hold_reason=self._hold_reason(call.call_session_id),
            promised_until_monotonic_s=None if promise is None else promise.due_monotonic_s,
        )
        refusal = why_not(CallAction.DROP_LEG, services.call_control.situation(call.call_session_id))
        self._view.show_state(state, "" if refusal is None else reason_text(meant_for_a_call(refusal), key_of))
