"""Who owns the coroutines that the window starts. Work of the services themselves belongs to `app.background`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from ui import errors

R = TypeVar("R")

_log = logging.getLogger(__name__)


class TaskScope:
    """Holds tasks strongly until they end; reports the ones that fail; cancels the rest when the window goes."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._is_closed = False

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, coroutine: Coroutine[Any, Any, R], *, name: str) -> asyncio.Task[R] | None:
        """Run the coroutine. None when the scope is closed already: a click during shutdown starts nothing."""
        if self._is_closed:
            coroutine.close()
            return None
        ui_task = asyncio.get_running_loop().create_task(coroutine, name=name)
        self._tasks.add(ui_task)
        ui_task.add_done_callback(self._ended)
        return ui_task

    def cancel_all(self) -> None:
        """Ask every task to end; later ones may still be started."""
        for ui_task in tuple(self._tasks):
            ui_task.cancel()

    async def aclose(self, timeout_s: float = 2.0) -> None:
        """Start nothing more, cancel everything, wait for it at most `timeout_s`."""
        self._is_closed = True
        self.cancel_all()
        pending = set(self._tasks)
        if not pending:
            return
        _, stuck = await asyncio.wait(pending, timeout=timeout_s)
        for ui_task in stuck:
            _log.error("a task of the window did not end", extra={"task_name": ui_task.get_name()})

    def _ended(self, ui_task: asyncio.Task[Any]) -> None:
        self._tasks.discard(ui_task)
        if ui_task.cancelled():
            return
        error = ui_task.exception()
        if error is not None:
            errors.report(error, where=ui_task.get_name())
