"""The last step before a command leaves the window: is it the operator's own call, or did they agree?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from app.domain.actions import CallAction
from app.domain.calls import CallSessionId
from ui.panels.command_bar.consent import Consent

if TYPE_CHECKING:
    from app.bootstrap import Services
    from ui.tasks import TaskScope

Send = Callable[[CallSessionId], Awaitable[object]]


class Sending:
    """Sends once. What becomes of a command is told by call control's reports, not by this."""

    def __init__(self, services: Services, scope: TaskScope, consent: Consent) -> None:
        self._services = services
        self._scope = scope
        self._consent = consent

    def send(self, call_session_id: CallSessionId, action: CallAction, send: Send) -> None:
        """Give the command, once it may be given."""
        self._scope.start(self._send_if_agreed(call_session_id, action, send), name=f"command {action.value}")

    def agree(self, call_session_id: CallSessionId, action: CallAction, then: Callable[[], None]) -> None:
        """The same for what is done without waiting: a window opens, a plan is made."""
        self._scope.start(self._do_if_agreed(call_session_id, action, then), name=f"ask {action.value}")

    def block(self, call_session_id: CallSessionId) -> None:
        """Block the caller after the question."""
        self._scope.start(self._block_if_agreed(call_session_id), name="command block_caller")

    async def _send_if_agreed(self, call_session_id: CallSessionId, action: CallAction, send: Send) -> None:
        call = self._services.board.call(call_session_id)
        if call is not None and await self._consent.may(call, action):
            await send(call_session_id)

    async def _do_if_agreed(self, call_session_id: CallSessionId, action: CallAction, then: Callable[[], None]) -> None:
        call = self._services.board.call(call_session_id)
        if call is not None and await self._consent.may(call, action):
            then()

    async def _block_if_agreed(self, call_session_id: CallSessionId) -> None:
        call = self._services.board.call(call_session_id)
        if call is not None and await self._consent.may_block(call):
            await self._services.call_control.block_caller(call_session_id)
