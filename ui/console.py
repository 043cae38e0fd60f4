"""The running console: services behind the painted window, until somebody wants it to end; then all is put away."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication

from app.bootstrap import Services, open_services
from app.commands.sentences import sentence_of as technical_sentence_of
from app.errors import DatabaseInUse, SettingsError, StorageError
from app.hardening import HardeningReport, harden_process
from app.local_channel import ChannelError, call_owner
from app.logs import set_up_logging
from app.paths import Folders
from app.secrets import SecretStore
from app.settings import load_settings
from ui import errors
from ui.arguments import Arguments
from ui.attached import AttachedConsole
from ui.closing import Closing, EndWish
from ui.loop import on_end_signals
from ui.panels.banners import BannerKind, BannerText
from ui.tasks import TaskScope
from ui.texts.status import demo_text
from ui.windows.main_window import MainWindow

if TYPE_CHECKING:
    from app.simulator.runner import Simulator

CLOSES_WITHIN_S = 3.0
EXIT_PROBLEM = 1
EXIT_SETTINGS = 2

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of the console works with."""

    window: MainWindow
    arguments: Arguments
    folders: Folders
    kept_layout: QSettings | None
    scope: TaskScope
    wish: EndWish


async def run_console(window: MainWindow, arguments: Arguments, folders: Folders, kept_layout: QSettings | None) -> int:
    """Serve the window until it is closed, Ctrl+C or SIGTERM; gives the exit code."""
    run = Run(window, arguments, folders, kept_layout, TaskScope(), EndWish())
    window.close_requested.connect(run.wish.ask)
    restore_signals = on_end_signals(run.wish.insist)
    _end_with_the_session(run.wish)
    errors.desk.connect_notices(lambda text: window.status_line.say(text, tone="alert", stays=True))
    window.second_tick.start()
    stack = AsyncExitStack()
    try:
        return await _serve_or_explain(run, stack)
    finally:
        await _put_away(run, stack)
        restore_signals()


async def _serve_or_explain(run: Run, stack: AsyncExitStack) -> int:
    try:
        return await (_serve_demo(run, stack) if run.arguments.is_demo else _serve(run, stack))
    except SettingsError as error:
        sys.stderr.write(f"{technical_sentence_of(error)}\n")
        return EXIT_SETTINGS
    except DatabaseInUse as error:
        return _hand_over(run.folders, error)
    except StorageError as error:
        _log.exception("the database cannot be used")
        sys.stderr.write(f"{technical_sentence_of(error)}\n")
        return EXIT_PROBLEM


async def _serve(run: Run, stack: AsyncExitStack) -> int:
    folders = run.folders
    try:
        folders.create()
        hardening = harden_process(folders.log_dir)
        log = set_up_logging(folders.log_dir, _log_level(run))
    except OSError as error:
        return _explain_folder(error)
    stack.callback(log.close)
    settings = load_settings(folders.config_file, must_exist=run.arguments.config is not None)
    secrets = SecretStore(folders.data_dir)
    stack.push_async_callback(secrets.aclose)
    services = await stack.enter_async_context(open_services(settings, folders, secrets))
    console = _attach(run, services, hardening)
    await console.connect_at_first_start()
    await Closing(run.window, services, run.scope).wait(run.wish)
    return 0


async def _serve_demo(run: Run, stack: AsyncExitStack) -> int:
    # Imported here: the simulator is no part of a real shift.
    from ui.demo import SCENARIO, TOUR_SCENARIO, open_demo

    hardening = harden_process()
    tour = run.arguments.tour
    if tour is not None:
        try:
            tour.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            return _explain_folder(error)
    world = await stack.enter_async_context(open_demo(SCENARIO if tour is None else TOUR_SCENARIO))
    log = set_up_logging(world.folders.log_dir, _log_level(run))
    stack.callback(log.close)
    services = await stack.enter_async_context(open_services(world.settings, world.folders, world.secrets))
    run.window.banners.show_banner(BannerKind.DEMO, BannerText(demo_text()))
    _attach(run, services, hardening)
    if tour is not None:
        return await _play_tour(run, services, world.simulator, tour)
    await run.wish.wait()
    return 0


def _end_with_the_session(wish: EndWish) -> None:
    """Logging off or shutting down waits for nobody's answer; what is typed is on the disk within a second anyway."""
    application = QGuiApplication.instance()
    if isinstance(application, QGuiApplication):
        application.commitDataRequest.connect(lambda _: wish.insist())


def _attach(run: Run, services: Services, hardening: HardeningReport) -> AttachedConsole:
    console = AttachedConsole(run.window, services, run.scope, hardening, is_demo=run.arguments.is_demo)
    _tame_garbage_collector()
    return console


async def _play_tour(run: Run, services: Services, simulator: Simulator, folder: Path) -> int:
    from ui.tour import run_tour

    playing = run.scope.start(run_tour(run.window, services, simulator, folder), name="tour")
    ending = run.scope.start(run.wish.wait(), name="wait for the end of the tour")
    if playing is None or ending is None:
        return EXIT_PROBLEM
    await asyncio.wait({playing, ending}, return_when=asyncio.FIRST_COMPLETED)
    return playing.result() if playing.done() and not playing.cancelled() else EXIT_PROBLEM


def _tame_garbage_collector() -> None:
    """What stands after the start stands until the end: looking through it again and again would stall the window.

    Each request of httpx leaves reference cycles behind. With 50 000 objects between two looks the memory grew by 2 kB
    a poll, with 10 000 by a tenth of that, and such a look takes less than a millisecond.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


def _explain_folder(error: OSError) -> int:
    """A folder named on the command line, or the usual one, is no folder or may not be written."""
    sys.stderr.write(f"{error.filename}: this folder cannot be used. {error.strerror}.\n")
    return EXIT_SETTINGS


def _hand_over(folders: Folders, error: DatabaseInUse) -> int:
    """Another console owns the folder: let that one come to the front."""
    try:
        reply = call_owner(folders.data_dir, "show_window")
    except ChannelError as refused:
        _log.info("the running console does not answer", extra={"code": refused.code})
        reply = None
    if reply is None:
        sys.stderr.write(f"{technical_sentence_of(error)}\n")
        return EXIT_PROBLEM
    sys.stderr.write("Pult is running already; its window was brought to the front.\n")
    return 0


async def _put_away(run: Run, stack: AsyncExitStack) -> None:
    """Within three seconds, whatever hangs. The window goes at once: nobody should have to watch."""
    window = run.window
    window.second_tick.stop()
    if run.kept_layout is not None:
        window.keep_layout(run.kept_layout)
    window.hide()
    try:
        async with asyncio.timeout(CLOSES_WITHIN_S):
            await run.scope.aclose(CLOSES_WITHIN_S / 3)
            await stack.aclose()
    except TimeoutError:
        _log.error("closing took too long and was cut short")
    errors.desk.connect_notices(None)
    window.may_close = True
    window.close()


def _log_level(run: Run) -> int:
    return logging.DEBUG if run.arguments.is_verbose else logging.INFO
