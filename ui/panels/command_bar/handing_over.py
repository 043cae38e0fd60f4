"""Consulting and transferring from wherever the call is: what choosing a colleague comes to, and how to go back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.actions import CallAction
from app.domain.calls import CallSessionId, CallState
from app.domain.spoken_message import SpokenMessage
from ui.panels.command_bar.sending import Sending
from ui.panels.command_bar.view_state import CONSULT_STATES
from ui.windows.transfer_dialog import ChosenColleague

if TYPE_CHECKING:
    from app.bootstrap import Services


class HandingOver:
    """One command, or a plan of several that the product carries out, whichever the call's state asks for."""

    def __init__(self, services: Services, sending: Sending) -> None:
        self._services = services
        self._sending = sending

    def choose(self, call_session_id: CallSessionId, chosen: ChosenColleague) -> None:
        """A held caller's consultation is one command. What is not possible any more is refused with the reason."""
        call = self._services.board.call(call_session_id)
        note = SpokenMessage("tts", chosen.note) if chosen.note else None
        is_several = call is not None and call.call_state is CallState.TALK
        if call is not None and call.call_state not in CONSULT_STATES and (is_several or chosen.when_answered):
            self._sending.agree(
                call_session_id, CallAction.BEGIN_CONSULT, lambda: self._arm(call_session_id, chosen, note)
            )
            return
        control = self._services.call_control
        self._sending.send(
            call_session_id,
            CallAction.BEGIN_CONSULT,
            lambda call_id: control.begin_consult(call_id, chosen.number, note),
        )

    def go_back(self, call_session_id: CallSessionId) -> None:
        """To the caller, from whichever stage the transfer has reached."""
        call = self._services.board.call(call_session_id)
        control, armed = self._services.call_control, self._services.armed
        if armed.of(call_session_id) is not None and call is not None and call.call_state not in CONSULT_STATES:
            armed.disarm(call_session_id)
            if call.call_state is CallState.HOLD:
                self._sending.send(call_session_id, CallAction.RETRIEVE, control.retrieve)
            return
        self._sending.send(call_session_id, CallAction.CANCEL_CONSULT, control.cancel_consult)

    def _arm(self, call_session_id: CallSessionId, chosen: ChosenColleague, note: SpokenMessage | None) -> None:
        self._services.armed.arm(
            call_session_id,
            chosen.number,
            to_name=chosen.name,
            message=note,
            is_completed_alone=chosen.when_answered,
        )
