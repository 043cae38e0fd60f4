"""Carries out one command: asks what still has to be asked (is it yours, whom, which tag?) and sends it once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from app.domain.actions import CallAction
from app.domain.calls import CallSessionId, LegId, TagId
from app.services.call_control import CommandReport
from ui.bridge import bridge
from ui.panels.command_bar.consent import Confirm, Consent
from ui.panels.command_bar.prompts import Prompts
from ui.panels.command_bar.view import CommandBarView
from ui.texts.commands import no_such_tag_text

if TYPE_CHECKING:
    from app.bootstrap import Services
    from ui.tasks import TaskScope

Send = Callable[[CallSessionId], Awaitable[CommandReport]]


class CommandRunner:
    """What becomes of a command is told by call control's reports, not by this."""

    def __init__(
        self,
        view: CommandBarView,
        services: Services,
        scope: TaskScope,
        *,
        confirm: Confirm,
        say: Callable[[str, str], None],
    ) -> None:
        self._services = services
        self._scope = scope
        self._say = say
        self._consent = Consent(view.window(), services, confirm, say)
        self._prompts = Prompts(view, services)
        bridge(services.board.changes, lambda _: self._board_changed(), view)
        bridge(services.call_control.reports, self._reported, view)

    def start(self, call_session_id: CallSessionId, action: CallAction) -> None:
        """Begin an action that the call's state allows."""
        prompt = self._prompt_for(action)
        if prompt is None:
            self._send(call_session_id, action, self._plain_command(action))
            return
        self._scope.start(self._ask(call_session_id, action, prompt), name=f"ask {action.value}")

    def start_drop(self, call_session_id: CallSessionId, leg_id: LegId) -> None:
        """Take out the participant whose button was pressed."""
        control = self._services.call_control
        self._send(call_session_id, CallAction.DROP_LEG, lambda call_id: control.drop_leg(call_id, leg_id))

    def tag_by_position(self, call_session_id: CallSessionId, position: int) -> None:
        """The first tag of the settings is number 1."""
        tags = self._services.settings.pbx.tags
        if position > len(tags):
            self._say(no_such_tag_text(position), "held")
            return
        self._tag(call_session_id, TagId(tags[position - 1].tag_id))

    async def _ask(
        self, call_session_id: CallSessionId, action: CallAction, prompt: Callable[[CallSessionId], None]
    ) -> None:
        """First whether it may be done at all, then the details."""
        call = self._services.board.call(call_session_id)
        if call is not None and await self._consent.may(call, action):
            prompt(call_session_id)

    def _prompt_for(self, action: CallAction) -> Callable[[CallSessionId], None] | None:
        return {
            CallAction.BEGIN_CONSULT: self._ask_consult,
            CallAction.ADD_COACH: self._ask_coach,
            CallAction.TAG: self._ask_tag,
            CallAction.SEND_DTMF: self._ask_keys,
            CallAction.DROP_LEG: self._ask_leg,
        }.get(action)

    def _plain_command(self, action: CallAction) -> Send:
        control = self._services.call_control
        commands: dict[CallAction, Send] = {
            CallAction.HOLD: control.hold,
            CallAction.RETRIEVE: control.retrieve,
            CallAction.COMPLETE_TRANSFER: control.complete_transfer,
            CallAction.TRANSFER_BLIND: control.transfer_blind,
            CallAction.CANCEL_CONSULT: control.cancel_consult,
            CallAction.START_RECORDING: control.start_recording,
            CallAction.STOP_RECORDING: control.stop_recording,
            CallAction.END_CALL: control.end_call,
        }
        return commands[action]

    def _send(self, call_session_id: CallSessionId, action: CallAction, send: Send) -> None:
        self._scope.start(self._send_if_agreed(call_session_id, action, send), name=f"command {action.value}")

    async def _send_if_agreed(self, call_session_id: CallSessionId, action: CallAction, send: Send) -> None:
        call = self._services.board.call(call_session_id)
        if call is not None and await self._consent.may(call, action):
            await send(call_session_id)

    def _ask_consult(self, call_session_id: CallSessionId) -> None:
        control = self._services.call_control

        def call(number: str) -> None:
            self._send(
                call_session_id, CallAction.BEGIN_CONSULT, lambda call_id: control.begin_consult(call_id, number)
            )

        self._prompts.consult(call_session_id, call)

    def _ask_coach(self, call_session_id: CallSessionId) -> None:
        control = self._services.call_control

        def call_in(number: str) -> None:
            self._send(
                call_session_id, CallAction.ADD_COACH, lambda call_id: control.add_coach(call_id, number or None)
            )

        self._prompts.coach(call_session_id, call_in)

    def _ask_keys(self, call_session_id: CallSessionId) -> None:
        control = self._services.call_control

        def press(symbols: str) -> None:
            self._send(call_session_id, CallAction.SEND_DTMF, lambda call_id: control.send_dtmf(call_id, symbols))

        self._prompts.keys(call_session_id, press)

    def _ask_tag(self, call_session_id: CallSessionId) -> None:
        self._prompts.tag(call_session_id, lambda tag_id: self._tag(call_session_id, tag_id))

    def _ask_leg(self, call_session_id: CallSessionId) -> None:
        call = self._services.board.call(call_session_id)
        if call is not None:
            self._prompts.leg(call, lambda leg_id: self.start_drop(call_session_id, leg_id))

    def _tag(self, call_session_id: CallSessionId, tag_id: TagId) -> None:
        control = self._services.call_control
        self._send(call_session_id, CallAction.TAG, lambda call_id: control.tag(call_id, tag_id))

    def _board_changed(self) -> None:
        self._prompts.close_orphans()
        self._consent.forget_ended()

    def _reported(self, reports: list[CommandReport]) -> None:
        for report in reports:
            self._prompts.show_keys_progress(report)
