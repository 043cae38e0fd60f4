"""Somebody else's call: asked once for each call and group of actions, naming caller and employee."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QWidget

from app.domain.actions import CallAction, why_not
from app.domain.calls import CallSessionId
from app.domain.live_call import LiveCall
from ui.actions import key_of
from ui.call_choice import meant_for_a_call
from ui.caller_names import caller_and_number, employee_names
from ui.texts.calls import action_text, reason_text
from ui.texts.commands import cancel_text, foreign_call_question, foreign_call_title

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
        self._asking: set[tuple[CallSessionId, str]] = set()

    async def may(self, call: LiveCall, action: CallAction) -> bool:
        """True for my calls; for others after one question. What changed while it was open is looked at again, and
        said: who agreed must not believe that it was done."""
        if call.session.leg_of(self._services.me) is not None:
            return True
        key = (call.call_session_id, _GROUPS.get(action, _MOVES))
        if key in self._agreed:
            return True
        if key in self._asking or not await self._ask(call, action, key):
            return False
        self._agreed.add(key)
        refusal = why_not(action, self._services.call_control.situation(call.call_session_id))
        if refusal is not None:
            self._say(f"{action_text(action)}: {reason_text(meant_for_a_call(refusal), key_of)}", "held")
        return refusal is None

    def forget_ended(self) -> None:
        """The consent for a call ends with the call."""
        self._agreed = {key for key in self._agreed if self._services.board.call(key[0]) is not None}

    async def _ask(self, call: LiveCall, action: CallAction, key: tuple[CallSessionId, str]) -> bool:
        self._asking.add(key)
        try:
            return await self._confirm(
                self._window,
                title=foreign_call_title(),
                text=foreign_call_question(
                    action, caller_and_number(self._services.screen_pop, call, unbroken=True), employee_names(call)
                ),
                confirm_text=action_text(action).rstrip("…"),
                cancel_text=cancel_text(),
            )
        finally:
            self._asking.discard(key)
