"""The real console within the bench's process: window, presenters and services on Qt's loop, in a folder of its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.bootstrap import Services, open_services
from app.clock import Clock
from app.domain.live_call import Sighting
from app.hardening import harden_process
from app.paths import find_folders
from app.secrets import SecretStore
from app.settings import Settings
from tests.bench.inside import answer, home
from tests.bench.payloads import MY_EMPLOYEE_ID
from ui.attached import AttachedConsole
from ui.console import _tame_garbage_collector
from ui.loop import run_until_done
from ui.tasks import TaskScope
from ui.theme import theme
from ui.windows.main_window import MainWindow

POLL_ON_REQUEST_S = 60.0
"""The longest interval settings allow: polls come when the bench asks for them."""


@dataclass(frozen=True, slots=True)
class Console:
    """What a bench works with."""

    window: MainWindow
    services: Services

    async def poll(self, timeout_s: float = 30.0) -> Sighting:
        """Ask for a poll and wait until it was applied to the board. Raises TimeoutError."""
        done: asyncio.Future[Sighting] = asyncio.get_running_loop().create_future()

        def hear(seen: Sighting) -> None:
            if not done.done():
                done.set_result(seen)

        listening = self.services.poller.polls_done.subscribe(hear)
        try:
            self.services.poller.refresh_soon()
            async with asyncio.timeout(timeout_s):
                return await done
        finally:
            listening.cancel()


async def turn(after_ms: int = 0) -> None:
    """One turn of Qt's loop: a timer of zero comes after the events that were posted before it."""
    turned: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    QTimer.singleShot(after_ms, lambda: turned.set_result(None))
    await turned


def run_console(bench: Callable[[], Coroutine[None, None, dict[str, object]]]) -> None:
    """Run the bench's coroutine on the loop of the product and give its findings to whoever started the process."""
    application = QApplication([])
    theme.install(application)

    async def main() -> int:
        answer(await bench())
        return 0

    run_until_done(application, main())


@asynccontextmanager
async def open_console(
    pbx_url: str | None, *, poll_interval_s: float = POLL_ON_REQUEST_S, clock: Clock | None = None
) -> AsyncIterator[Console]:
    """A window on services that are signed in at that PBX; without an address, nobody is signed in."""
    window = MainWindow(time.monotonic if clock is None else clock.monotonic)
    window.show()
    settings = Settings()
    pbx = msgspec.structs.replace(settings.pbx, employee_id=MY_EMPLOYEE_ID, poll_interval_s=poll_interval_s)
    if pbx_url is not None:
        pbx = msgspec.structs.replace(pbx, call_api_url=pbx_url)
    settings = msgspec.structs.replace(settings, pbx=pbx)
    folders = find_folders(data_dir=home() / "pult")
    folders.create()
    environment = {} if pbx_url is None else {"PULT_PBX_TOKEN": "bench-token"}
    scope = TaskScope()
    secrets = SecretStore(folders.data_dir, environment=environment)
    try:
        async with open_services(settings, folders, secrets, clock=clock) as services:
            AttachedConsole(window, services, scope, harden_process(), is_demo=False)
            _tame_garbage_collector()
            yield Console(window, services)
            await scope.aclose()
    finally:
        await secrets.aclose()
        window.may_close = True
        window.close()
