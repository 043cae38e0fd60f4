"""Questions before a command: on somebody else's call once for each group of actions, before blocking always."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QWidget

from app.domain.actions import CallAction
from app.domain.calls import CallSessionId, LegState
from app.domain.live_call import LiveCall
from ui.actions import key_of
from ui.call_choice import meant_for_a_call
from ui.caller_names import caller_and_number, employee_names
from ui.panels.command_bar.view_state import verdict
from ui.texts.calls import action_text, reason_text
from ui.texts.commands import (
    block_button,
    block_question,
    block_title,
    cancel_text,
    foreign_call_question,
    foreign_call_title,
)

if TYPE_CHECKING:
    from app.bootstrap import Services

_GROUPS: dict[CallAction, str] = {
    CallAction.TAG: "tag",
    CallAction.START_RECORDING: "recording",
    CallAction.STOP_RECORDING: "recording",
    CallAction.SEND_DTMF: "keys",
    CallAction.ADD_COACH: "coach",
    CallAction.DROP_LEG: "ending",
    CallAction.END_CALL: "ending",
    CallAction.USE_TALK_OPTION: "options",
}
_MOVES = "moves"


class Confirm(Protocol):
    """`ui.dialogs.confirm`."""

    def __call__(
        self, parent: QWidget | None, *, title: str, text: str, confirm_text: str, cancel_text: str | None = None
    ) -> Awaitable[bool]: ...


class Consent:
    """Remembers what the operator agreed to while the call lives."""

    def __init__(self, window: QWidget, services: Services, confirm: Confirm, say: Callable[[str, str], None]) -> None:
        self._window = window
        self._services = services
        self._confirm = confirm
        self._say = say
        self._agreed: set[tuple[CallSessionId, str]] = set()
        self._asking: dict[tuple[CallSessionId, str], asyncio.Timeout] = {}

    async def may(self, call: LiveCall, action: CallAction) -> bool:
        """True for my calls; for others after one question. What changed while it was open is looked at again, and
        said: who agreed must not believe that it was done."""
        if self._is_mine(call):
            return True
        key = (call.call_session_id, _GROUPS.get(action, _MOVES))
        if key in self._agreed:
            return True
        if key in self._asking or not await self._ask(call, action, key):
            return False
        self._agreed.add(key)
        return self._is_still_possible(call, action)

    async def may_block(self, call: LiveCall) -> bool:
        """Asked every time, naming the number; whose call it is is said in the same question."""
        key = (call.call_session_id, "blocking")
        if key in self._asking:
            return False
        caller = caller_and_number(self._services.screen_pop, call, unbroken=True)
        question = block_question(caller, "" if self._is_mine(call) else employee_names(call))
        if not await self._put(call, CallAction.BLOCK_CALLER, key, block_title(), question, block_button()):
            return False
        return self._is_still_possible(call, CallAction.BLOCK_CALLER)

    def forget_ended(self) -> None:
        """The consent for a call ends with the call, and so does the question."""
        for key in [key for key in self._asking if self._services.board.call(key[0]) is None]:
            self._asking.pop(key).reschedule(0.0)
        self._agreed = {key for key in self._agreed if self._services.board.call(key[0]) is not None}

    def _is_mine(self, call: LiveCall) -> bool:
        """I am in it, or I started it and no colleague has taken it: a call I handed over is theirs."""
        me = self._services.me
        if call.session.leg_of(me) is not None:
            return True
        is_taken = any(
            leg.employee_id != me and leg.leg_state is not LegState.DIALLING for leg in call.session.employee_legs
        )
        return self._services.start_calls.is_own(call.session) and not is_taken

    async def _ask(self, call: LiveCall, action: CallAction, key: tuple[CallSessionId, str]) -> bool:
        question = foreign_call_question(
            action, caller_and_number(self._services.screen_pop, call, unbroken=True), employee_names(call)
        )
        return await self._put(call, action, key, foreign_call_title(), question, action_text(action).rstrip("…"))

    async def _put(
        self,
        call: LiveCall,
        action: CallAction,
        key: tuple[CallSessionId, str],
        title: str,
        text: str,
        confirm_text: str,
    ) -> bool:
        """The question closes by itself when its call is gone, which is said: it went from under somebody's hand."""
        try:
            async with asyncio.timeout(None) as until_it_is_gone:
                self._asking[key] = until_it_is_gone
                return await self._confirm(
                    self._window, title=title, text=text, confirm_text=confirm_text, cancel_text=cancel_text()
                )
        except TimeoutError:
            self._is_still_possible(call, action)
            return False
        finally:
            self._asking.pop(key, None)

    def _is_still_possible(self, call: LiveCall, action: CallAction) -> bool:
        situation = self._services.call_control.situation(call.call_session_id)
        is_armed = self._services.armed.of(call.call_session_id) is not None
        refusal = verdict(action, situation, is_armed=is_armed)
        if refusal is not None:
            self._say(f"{action_text(action)}: {reason_text(meant_for_a_call(refusal), key_of)}", "held")
        return refusal is None
