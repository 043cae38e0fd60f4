"""My own status in the corner of the menu bar and as a submenu of it: a dot in the account's colour, its name, a menu
of the others. Assistive programs do not see the corner, so the submenu is their way, and that of the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from ui.panels.my_status.view_state import MyStatusState
from ui.presence_icon import status_dot
from ui.texts.presence import my_status_label, setting_status_text, status_unknown_text
from ui.theme import theme
from ui.widgets.plain_label import plain, plain_tooltip

_LONGEST_NAME = 40


class MyStatusView(QWidget):
    """Signals out: `status_requested(status_id)`. Hidden until there is something to show, and `menu` with it."""

    status_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("my_status")
        self._state = MyStatusState()
        self.button = QPushButton()
        self.button.setObjectName("my_status_button")
        self.button.setFlat(True)
        # No higher than a menu bar without it.
        self.button.setFixedHeight(self.fontMetrics().height() + 3)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(lambda _: self._offer())
        # Not the button's own menu: Qt opens that one in an event loop of its own.
        self.menu = QMenu(self)
        self.menu.setObjectName("my_status_menu")
        self.menu.menuAction().setObjectName("my_status_menu_action")
        self.menu.menuAction().setVisible(False)
        self.menu.aboutToShow.connect(self._fill)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.addWidget(self.button)
        self.hide()
        theme.changed.connect(self._dress)

    def show_state(self, state: MyStatusState) -> None:
        """Show the status; an open menu stays as it is."""
        if state != self._state:
            self._state = state
            self._dress()
        self.setVisible(state.is_shown)
        self.menu.menuAction().setVisible(state.is_shown)

    def _dress(self) -> None:
        state = self._state
        name = status_unknown_text() if state.current is None else state.current.name
        if state.setting:
            name = setting_status_text(state.setting)
        text = plain(name)[:_LONGEST_NAME]
        arrow = " ▾" if state.choices else ""
        self.button.setText(text.replace("&", "&&") + arrow)
        self.button.setAccessibleName(f"{my_status_label()}: {text}")
        self.button.setToolTip(plain_tooltip(f"{my_status_label()}: {text}\n{state.why_not}".strip()))
        self.button.setIcon(status_dot("" if state.current is None else state.current.colour))
        can_choose = bool(state.choices) and not state.setting
        self.button.setEnabled(can_choose)
        self.menu.setTitle(f"{my_status_label()}: {text}".replace("&", "&&"))
        self.menu.menuAction().setEnabled(can_choose)
        if not self.menu.isVisible():
            self._fill()

    def _fill(self) -> None:
        for old in self.menu.actions():
            self.menu.removeAction(old)
            # Later: it may be the one that is just being chosen.
            old.deleteLater()
        for item in self._state.choices:
            action = self.menu.addAction(status_dot(item.colour), plain(item.name).replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(item == self._state.current)
            action.triggered.connect(lambda _=False, status_id=item.status_id: self.status_requested.emit(status_id))

    def _offer(self) -> None:
        width = max(0, self.menu.sizeHint().width() - self.button.width())
        self.menu.popup(self.button.mapToGlobal(QPoint(-width, self.button.height())))
