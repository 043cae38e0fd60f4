"""Between the poll loop and the window *Points*: opens it, keeps it fresh while it is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.telephony.poller import LinkHealth
from ui.bridge import bridge
from ui.widgets.second_tick import SecondTick
from ui.windows.budget_state import budget_state
from ui.windows.budget_window import BudgetWindow

if TYPE_CHECKING:
    from app.bootstrap import Services


class BudgetPresenter(QObject):
    """Made when the window is asked for the first time."""

    def __init__(self, services: Services, tick: SecondTick, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self.window = BudgetWindow(parent)
        bridge(services.poller.link, lambda _: self._show(), self.window)
        tick.ticked.connect(self._show)

    def open(self) -> None:
        """Show the window, or bring it to the front."""
        self.window.show()
        self._show()
        self.window.raise_()
        self.window.activateWindow()

    def _show(self) -> None:
        if not self.window.isVisible():
            return
        poller = self._services.poller
        report = poller.report
        is_without_list = report.health is LinkHealth.NO_LIST
        now = self._services.clock.now()
        self.window.show_state(budget_state(report, poller.points.outlook, now, is_without_list=is_without_list))
