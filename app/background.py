"""Work that runs beside its caller: tasks with an owner, blocking calls that cannot hold up the exit."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from app.observe import Observable

R = TypeVar("R")

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TaskCrash:
    """A background task ended by an exception nobody awaited."""

    name: str
    error: BaseException


class BackgroundTasks:
    """Owns the program's loops: holds them strongly, tells when one crashes, cancels and awaits them at the
    end."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._is_closing = False
        self.on_crash: Observable[TaskCrash] = Observable()

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, coroutine: Coroutine[Any, Any, R], *, name: str) -> asyncio.Task[R]:
        """Run the coroutine as a task of this owner. Raises RuntimeError after `aclose` has begun."""
        if self._is_closing:
            coroutine.close()
            raise RuntimeError(f"background tasks are closed: {name}")
        background_task = asyncio.get_running_loop().create_task(coroutine, name=name)
        self._tasks.add(background_task)
        background_task.add_done_callback(self._ended)
        return background_task

    async def aclose(self, timeout_s: float = 5.0) -> None:
        """Cancel everything and wait for it, at most `timeout_s`; what does not end by then is named in the
        log."""
        self._is_closing = True
        pending = set(self._tasks)
        for background_task in pending:
            background_task.cancel()
        if not pending:
            return
        _, stuck = await asyncio.wait(pending, timeout=timeout_s)
        for background_task in stuck:
            _logger.error("a background task did not end", extra={"task_name": background_task.get_name()})

    def _ended(self, background_task: asyncio.Task[Any]) -> None:
        self._tasks.discard(background_task)
        if background_task.cancelled():
            return
        error = background_task.exception()
        if error is None:
            return
        _logger.error("a background task crashed", exc_info=error, extra={"task_name": background_task.get_name()})
        self.on_crash.publish(TaskCrash(background_task.get_name(), error))


class DaemonWorker:
    """One thread that does blocking calls one after another, in the order they were asked for.

    A daemon, unlike an executor's threads: a keyring prompt nobody answers must not keep the program from
    ending.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._waiting: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._is_closed = False

    @property
    def is_closed(self) -> bool:
        return self._is_closed

    async def call(self, work: Callable[[], R]) -> R:
        """Run the call on the thread and give its result. Raises RuntimeError after `aclose`.

        Cancelled while it waits, it is not begun; cancelled while it runs, it runs on unheard.
        """
        if self._is_closed:
            raise RuntimeError(f"{self._name} is closed")
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[R] = loop.create_future()
        self._waiting.put(partial(_do, work, outcome, loop))
        return await outcome

    async def aclose(self) -> None:
        """Let what was asked for finish, then end the thread and wait for it."""
        self._is_closed = True
        thread, self._thread = self._thread, None
        if thread is None:
            return
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[None] = loop.create_future()
        self._waiting.put(partial(_do, lambda: None, ended, loop))
        self._waiting.put(None)
        await ended
        # It has nothing left to do but to return.
        thread.join(1.0)

    def abandon(self) -> None:
        """Do not wait: the thread ends after the call it is in, or with the program."""
        self._is_closed = True
        self._thread = None
        self._waiting.put(None)

    def _run(self) -> None:
        while (job := self._waiting.get()) is not None:
            job()
            # Not kept until the next job comes: it may hold a secret, or a large reply.
            del job


async def run_on_daemon_thread(work: Callable[[], R], *, name: str) -> R:
    """Run one blocking call on a thread of its own and give its result."""
    worker = DaemonWorker(name)
    try:
        return await worker.call(work)
    finally:
        worker.abandon()


def _do(work: Callable[[], R], outcome: asyncio.Future[R], loop: asyncio.AbstractEventLoop) -> None:
    if outcome.cancelled():
        return
    report: Callable[[], None]
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001  not hidden: handed whole to whoever awaits
        report = partial(_fail, outcome, error)
    else:
        report = partial(_succeed, outcome, result)
    # A closed loop: nobody waited for this call, so nobody is told.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(report)


def _succeed(outcome: asyncio.Future[R], result: R) -> None:
    if not outcome.done():
        outcome.set_result(result)


def _fail(outcome: asyncio.Future[R], error: BaseException) -> None:
    if not outcome.done():
        outcome.set_exception(error)
