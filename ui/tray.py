"""The icon beside the clock, where there is a place for one: says who rings while the window is not in front."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from ui.actions import UserAction, user_action_text
from ui.icons import icon
from ui.texts.windows import menu_show_window, ringing_body, ringing_title
from ui.widgets.plain_label import plain_tooltip

_SHOWN_MS = 8000


class Tray(QObject):
    """Signals out: `show_requested`, `quit_requested`. Without a tray nothing happens and nothing is missing."""

    show_requested = Signal()
    quit_requested = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._tray: QSystemTrayIcon | None = None
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return
        self._menu = QMenu(window)
        self._menu.setObjectName("tray_menu")
        self._menu.addAction(menu_show_window()).triggered.connect(lambda _=False: self.show_requested.emit())
        quit_text = user_action_text(UserAction.QUIT)
        self._menu.addAction(quit_text).triggered.connect(lambda _=False: self.quit_requested.emit())
        self._tray = QSystemTrayIcon(icon("phone", "accent", 24), self)
        self._tray.setToolTip("Pult")
        self._tray.setContextMenu(self._menu)
        self._tray.activated.connect(self._activated)
        self._tray.messageClicked.connect(self.show_requested)
        self._tray.show()

    def tell_lost(self, title: str, text: str) -> None:
        """A caller was lost. Says so even while the window is in front: somebody has to call back."""
        if self._tray is not None:
            self._tray.showMessage(title, plain_tooltip(text), icon("phone-missed", "alert", 24), _SHOWN_MS)

    def tell_ringing(self, caller: str, line: str) -> None:
        """A call rings for me. Says nothing while the window is in front: the list shows it."""
        if self._tray is None or self._window.isActiveWindow():
            return
        # Desktops render markup in a notice's text.
        text = plain_tooltip(ringing_body(caller, line))
        self._tray.showMessage(ringing_title(), text, icon("phone-incoming", "ringing", 24), _SHOWN_MS)

    def show_waiting(self, text: str) -> None:
        """What the pointer over the icon tells: the cards that wait, if any."""
        if self._tray is not None:
            self._tray.setToolTip(plain_tooltip(f"Pult: {text}" if text else "Pult"))

    def hide(self) -> None:
        """Take the icon away before the program ends."""
        if self._tray is not None:
            self._tray.hide()

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.show_requested.emit()
