"""The small windows beside the main one, each made when it is asked for first: points, queue, keys, about."""

from __future__ import annotations

import platform
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, qVersion

from app import __version__
from app.hardening import HardeningReport
from ui import dialogs
from ui.texts.presence import about_lists, lists_text
from ui.texts.windows import (
    about_data_folder,
    about_hardening,
    about_icons,
    about_secrets,
    about_versions,
    hardening_text,
    secrets_place_text,
)
from ui.windows.about_window import AboutWindow
from ui.windows.keys_window import KeysWindow
from ui.windows.main_window import MainWindow

if TYPE_CHECKING:
    from app.bootstrap import Services
    from ui.tasks import TaskScope
    from ui.windows.budget_presenter import BudgetPresenter
    from ui.windows.queue_presenter import QueuePresenter


class SideWindows(QObject):
    """`take_up` opens a draft of the queue in the card, `connect` opens *Connect*."""

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        scope: TaskScope,
        hardening: HardeningReport,
        *,
        take_up: Callable[[str], None],
        connect: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._scope = scope
        self._hardening = hardening
        self._take_up = take_up
        self._connect_crm = connect
        self._budget: BudgetPresenter | None = None
        self._queue: QueuePresenter | None = None

    def show_points(self) -> None:
        # Imported here: most shifts never open it.
        from ui.windows.budget_presenter import BudgetPresenter

        if self._budget is None:
            self._budget = BudgetPresenter(self._services, self._window.second_tick, self._window)
        self._budget.open()

    def show_queue(self, card_key: str = "") -> None:
        """With that card chosen, if one is named."""
        # Imported here: a shift without trouble never opens it.
        from ui.windows.queue_presenter import QueuePresenter

        if self._queue is None:
            self._queue = QueuePresenter(
                self._services,
                self._scope,
                self._window.second_tick,
                self._window,
                take_up=self._take_up,
                connect=self._connect_crm,
            )
        self._queue.open(card_key=card_key or None)

    def show_keys(self) -> None:
        window = self._window.findChild(KeysWindow) or KeysWindow(self._window)
        window.show()
        window.activateWindow()

    def show_about(self) -> None:
        self._scope.start(self._show_about(), name="about")

    async def _show_about(self) -> None:
        services = self._services
        place = await services.secrets.describe()
        steps = "\n".join(hardening_text(name, outcome.value) for name, outcome in self._hardening.steps.items())
        versions = f"Pult {__version__}, Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}"
        lists = services.account.lists
        age = lists_text(lists.read_at, services.clock.now(), is_troubled=bool(lists.trouble))
        about = AboutWindow(
            (
                (about_versions(), versions),
                (about_data_folder(), str(services.folders.data_dir)),
                (about_lists(), age),
                (about_secrets(), secrets_place_text(place.kind, place.backend)),
                (about_hardening(), steps),
                (about_icons(), "Lucide (ISC)"),
            ),
            self._window,
        )
        await dialogs.show_dialog(about)
        about.deleteLater()
