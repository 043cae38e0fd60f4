"""One calm line for each CRM that gets nothing, with the button that leads to its fix."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.icons import pixmap
from ui.texts.queue import connect_text, paused_text, resume_text
from ui.theme import theme
from ui.widgets.banner import Banner
from ui.windows.queue_state import PausedCrm


class QueuePauses(QWidget):
    """`help_requested(PausedCrm)` when the button of a line was pressed. Takes no room while everything moves."""

    help_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queue_pauses")
        self._paused: dict[str, PausedCrm] = {}
        self._banners: dict[str, Banner] = {}
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(4)
        self.hide()

    def show_paused(self, paused: tuple[PausedCrm, ...]) -> None:
        """Show a line for each of these and for no other; again after the theme has changed."""
        self._paused = {one.crm_name: one for one in paused}
        colours = theme.colours
        picture = pixmap("triangle-alert", "held", 16)
        for crm_name, one in self._paused.items():
            button = connect_text() if one.needs_connect else resume_text()
            self._banner(crm_name).show_message(paused_text(one), button, picture, colours.held, colours.held_fill)
        for crm_name, banner in self._banners.items():
            if crm_name not in self._paused:
                banner.hide()
        self.setVisible(bool(paused))

    def _banner(self, crm_name: str) -> Banner:
        if crm_name not in self._banners:
            banner = self._banners[crm_name] = Banner(f"queue_paused_{crm_name}", self)
            banner.helped.connect(lambda: self._ask_for_help(crm_name))
            self._lines.addWidget(banner)
        return self._banners[crm_name]

    def _ask_for_help(self, crm_name: str) -> None:
        if crm_name in self._paused:
            self.help_requested.emit(self._paused[crm_name])
