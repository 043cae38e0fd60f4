"""Whether the console may end now: cards that are not saved yet are saved as they stand, cards that wait are told of.

Putting everything away afterwards is the console's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from app.errors import CommitUnknown, StorageError
from ui import dialogs
from ui.tasks import TaskScope
from ui.texts.closing import Waiting, close_anyway_text, close_text, closing_title, not_saved_text, waiting_text
from ui.texts.errors import sentence_of

if TYPE_CHECKING:
    from app.bootstrap import Services

SAVED_WITHIN_S = 2.0

Confirm = Callable[..., Awaitable[bool]]

_log = logging.getLogger(__name__)


class EndWish:
    """Somebody wants the console to end: the operator asks, a signal or the end of the system's session insists."""

    def __init__(self) -> None:
        self._asked = asyncio.Event()
        self._insisted = asyncio.Event()

    @property
    def is_forced(self) -> bool:
        return self._insisted.is_set()

    def ask(self) -> None:
        self._asked.set()

    def insist(self) -> None:
        self._insisted.set()
        self._asked.set()

    async def wait(self) -> None:
        """Until somebody asks or insists; taken note of by that."""
        await self._asked.wait()
        if not self.is_forced:
            self._asked.clear()

    async def forced(self) -> None:
        """Until somebody insists."""
        await self._insisted.wait()


class Closing:
    """One run's way out."""

    def __init__(
        self, window: QWidget, services: Services, scope: TaskScope, *, confirm: Confirm = dialogs.confirm
    ) -> None:
        self._window = window
        self._services = services
        self._scope = scope
        self._confirm = confirm

    async def wait(self, wish: EndWish) -> None:
        """Until the console may end. Whoever insists does not wait for an answer to a question."""
        while True:
            await wish.wait()
            if wish.is_forced:
                break
            asking = self._scope.start(self.may_close(), name="may the console close")
            forcing = self._scope.start(wish.forced(), name="wait for an end that does not ask")
            if asking is None or forcing is None:
                return
            try:
                done, _ = await asyncio.wait({asking, forcing}, return_when=asyncio.FIRST_COMPLETED)
                if forcing in done:
                    break
                if asking.result():
                    return
            finally:
                await _dismiss(asking, forcing)
        await self._save_all()

    async def may_close(self) -> bool:
        """Save what is finished, after asking where something waits; False when the operator wants to stay, or a card
        could not be saved."""
        if not await self._is_agreed():
            return False
        trouble = await self._save_all()
        if trouble is None:
            return True
        self._show_window()
        return await self._confirm(
            self._window,
            title=closing_title(),
            text=not_saved_text(sentence_of(trouble)),
            confirm_text=close_anyway_text(),
        )

    def _waiting(self) -> Waiting:
        services = self._services
        unsaved = [
            card for card in services.wrap_up.cards.values() if card.draft.facts.is_finished and not card.is_set_aside
        ]
        return Waiting(services.delivery.unsent_count, len(unsaved), services.wrap_up.set_aside_count)

    async def _is_agreed(self) -> bool:
        waiting = self._waiting()
        if not waiting.unsent and not waiting.unsaved:
            return True
        self._show_window()
        return await self._confirm(
            self._window, title=closing_title(), text=waiting_text(waiting), confirm_text=close_text(), is_calm=True
        )

    async def _save_all(self) -> StorageError | None:
        """What kept a card from the disk; None when nothing did."""
        try:
            async with asyncio.timeout(SAVED_WITHIN_S):
                await self._services.wrap_up.complete_all()
        except StorageError as error:
            _log.warning("a card was not saved at closing", extra={"code": error.code})
            return error
        except TimeoutError:
            _log.warning("a card was not saved at closing in time")
            return CommitUnknown()
        return None

    def _show_window(self) -> None:
        """A question nobody sees would keep the console from ending."""
        self._window.setWindowState(self._window.windowState() & ~self._window.windowState().WindowMinimized)
        self._window.show()
        self._window.raise_()


async def _dismiss(*waiting: asyncio.Task[Any]) -> None:
    """A question that is still open closes, and so does its window."""
    for one in waiting:
        one.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
