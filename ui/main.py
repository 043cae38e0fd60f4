"""From the command line to the painted window, then to the running console. The only owner of the event loop."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ui.qt_start import load_qt

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QApplication

    from app.paths import Folders
    from ui.arguments import Arguments
    from ui.windows.main_window import MainWindow

_PAINTS_WITHIN_S = 2.0
_INTERRUPTED = 130


def main(words: Sequence[str] | None = None) -> int:
    """Run the console; the process's exit code. Bad arguments raise SystemExit(2)."""
    from ui.arguments import parse_arguments

    arguments = parse_arguments(sys.argv[1:] if words is None else words)
    if arguments.tour is not None:
        _use_offscreen_without_display()
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return _INTERRUPTED


def _run(arguments: Arguments) -> int:
    # What is loaded until the first paint stays; looking through it for garbage would delay it by 6 ms.
    gc.disable()
    load_qt()
    from app.clock import SystemClock
    from app.paths import find_folders

    folders = find_folders(arguments.config, arguments.data_dir)
    application = _make_application(arguments, folders)
    window, kept_layout = _make_window(arguments, folders, SystemClock().monotonic)
    window.show()
    paint_once(application, window)
    gc.enable()
    # Only now: what the network needs takes longer to import than the window takes to appear.
    from ui.console import run_console
    from ui.loop import run_until_done

    return run_until_done(application, run_console(window, arguments, folders, kept_layout))


def _make_application(arguments: Arguments, folders: Folders) -> QApplication:
    from PySide6.QtCore import QLocale
    from PySide6.QtWidgets import QApplication

    from ui.errors import install_excepthook
    from ui.i18n import choose_language, install_language, peek_language
    from ui.icons import icon
    from ui.theme import ThemeChoice, theme

    application = QApplication(["pult"])
    application.setApplicationName("Pult")
    application.setDesktopFileName("pult")
    install_excepthook()
    configured = None if arguments.is_demo else peek_language(folders.config_file)
    install_language(application, choose_language(arguments.language, configured, QLocale.system().name()))
    theme.install(application, ThemeChoice(arguments.theme))
    application.setWindowIcon(icon("phone", "accent", 32))
    return application


def _make_window(
    arguments: Arguments, folders: Folders, now: Callable[[], float]
) -> tuple[MainWindow, QSettings | None]:
    from PySide6.QtCore import QSettings

    from ui.theme import ThemeChoice, theme
    from ui.windows.main_window import MainWindow

    window = MainWindow(now, is_demo=arguments.is_demo)
    if arguments.tour is None:
        # A tour's pictures have one size, whatever it is drawn on.
        window.fit(window.screen().availableSize())
    window.theme_chosen.connect(theme.choose)
    window.show_theme_choice(theme.choice)
    if arguments.is_demo:
        return window, None
    kept = QSettings(str(folders.data_dir / "window.ini"), QSettings.Format.IniFormat)
    window.restore_layout(kept)
    if theme.choice is ThemeChoice.SYSTEM:
        _restore_theme(window, kept)
    window.theme_chosen.connect(lambda choice: kept.setValue("window/theme", choice.value))
    return window, kept


def _restore_theme(window: MainWindow, kept: QSettings) -> None:
    from ui.theme import ThemeChoice, theme

    chosen = kept.value("window/theme")
    if chosen in [choice.value for choice in ThemeChoice]:
        theme.choose(ThemeChoice(chosen))
        window.show_theme_choice(theme.choice)


def paint_once(application: QApplication, window: MainWindow) -> None:
    """Let the window appear before anything else is loaded. No coroutine runs yet, so nothing can be re-entered."""
    give_up_at = time.monotonic() + _PAINTS_WITHIN_S
    while not window.was_painted and time.monotonic() < give_up_at:
        application.processEvents()


def _use_offscreen_without_display() -> None:
    """A tour plays without a screen, too."""
    is_unix_desktop = sys.platform not in ("win32", "darwin")
    has_display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if is_unix_desktop and not has_display:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
