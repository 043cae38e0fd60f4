"""Carries out one command: asks what still has to be asked (is it yours, whom, which tag?) and sends it once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.domain.actions import CallAction
from app.domain.calls import CallSessionId, LegId
from ui.bridge import bridge
from ui.panels.command_bar.asking import Asking
from ui.panels.command_bar.consent import Confirm, Consent
from ui.panels.command_bar.handing_over import HandingOver
from ui.panels.command_bar.prompts import Prompts
from ui.panels.command_bar.sending import Send, Sending
from ui.panels.command_bar.view import CommandBarView
from ui.panels.command_bar.view_state import opens_picker

if TYPE_CHECKING:
    from app.bootstrap import Services
    from ui.tasks import TaskScope


class CommandRunner:
    """Knows which commands need one more word. Whether a command is possible has been looked at before."""

    def __init__(
        self,
        view: CommandBarView,
        services: Services,
        scope: TaskScope,
        *,
        confirm: Confirm,
        say: Callable[[str, str], None],
        undo: Callable[[], bool],
    ) -> None:
        self._services = services
        self._consent = Consent(view.window(), services, confirm, say)
        self._prompts = Prompts(view, services, undo)
        self._sending = Sending(services, scope, self._consent)
        self._handing_over = HandingOver(services, self._sending)
        self.asking = Asking(services, self._prompts, self._sending, say)
        bridge(services.board.changes, lambda _: self._board_changed(), view)
        listening = services.call_control.reports.subscribe(self.asking.note_keys)
        view.destroyed.connect(lambda *_: listening.cancel())

    def start(self, call_session_id: CallSessionId, action: CallAction) -> None:
        """Begin an action that the call's state allows."""
        prompt = self._prompt_for(call_session_id, action)
        if prompt is not None:
            self._sending.agree(call_session_id, action, lambda: prompt(call_session_id))
        elif action is CallAction.CANCEL_CONSULT:
            self._handing_over.go_back(call_session_id)
        elif action is CallAction.BLOCK_CALLER:
            self._sending.block(call_session_id)
        else:
            self._sending.send(call_session_id, action, self._plain_command(action))

    def start_drop(self, call_session_id: CallSessionId, leg_id: LegId) -> None:
        """Take out the participant whose button was pressed."""
        self.asking.drop(call_session_id, leg_id)

    def tag_by_position(self, call_session_id: CallSessionId, position: int) -> None:
        """The first tag of the account is number 1."""
        self.asking.tag_at(call_session_id, position)

    def ask_hold_reason(self, call_session_id: CallSessionId) -> None:
        """The small arrow on *Hold*, Shift+F7."""
        self._sending.agree(call_session_id, CallAction.HOLD, lambda: self.asking.hold_reason(call_session_id))

    def hold_for(self, call_session_id: CallSessionId, position: int) -> None:
        """Hold with the reason at that position of the list; number 1 is the usual message."""
        self.asking.hold_for(call_session_id, position)

    def use_option(self, call_session_id: CallSessionId, phone_key: str) -> None:
        """Press a talk option, once."""
        control = self._services.call_control
        self._sending.send(
            call_session_id, CallAction.USE_TALK_OPTION, lambda call_id: control.use_talk_option(call_id, phone_key)
        )

    def tick(self) -> None:
        """A second has passed."""
        self._prompts.tick()

    def _prompt_for(self, call_session_id: CallSessionId, action: CallAction) -> Callable[[CallSessionId], None] | None:
        if opens_picker(action, self._services.board.call(call_session_id)):
            return lambda call_id: self._ask_colleague(call_id, hands_over=True)
        return {
            CallAction.BEGIN_CONSULT: lambda call_id: self._ask_colleague(call_id, hands_over=False),
            CallAction.ADD_COACH: self.asking.coach,
            CallAction.TAG: self.asking.tag,
            CallAction.SEND_DTMF: self.asking.keys,
            CallAction.DROP_LEG: self.asking.leg,
        }.get(action)

    def _ask_colleague(self, call_session_id: CallSessionId, *, hands_over: bool) -> None:
        self._prompts.transfer(
            call_session_id,
            lambda chosen: self._handing_over.choose(call_session_id, chosen),
            hands_over=hands_over,
        )

    def _plain_command(self, action: CallAction) -> Send:
        control = self._services.call_control
        commands: dict[CallAction, Send] = {
            CallAction.HOLD: control.hold,
            CallAction.RETRIEVE: control.retrieve,
            CallAction.COMPLETE_TRANSFER: control.complete_transfer,
            CallAction.TRANSFER_BLIND: control.transfer_blind,
            CallAction.START_RECORDING: control.start_recording,
            CallAction.STOP_RECORDING: control.stop_recording,
            CallAction.END_CALL: control.end_call,
        }
        return commands[action]

    def _board_changed(self) -> None:
        self._prompts.close_orphans()
        self._consent.forget_ended()
