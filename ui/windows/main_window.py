"""The main window: puts the panels together, holds menus and keys, and does nothing else."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QChildEvent, QEvent, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QDialog, QMainWindow, QMenu, QSplitter, QVBoxLayout, QWidget

from app.domain.actions import Situation
from ui.actions import UserAction, is_lent, make_actions, make_shortcuts, tint_actions
from ui.panels.active_calls.view import ActiveCallsView
from ui.panels.active_calls.view_state import ActiveCallsState
from ui.panels.banners import BannersView
from ui.panels.call_card.view import CallCardView
from ui.panels.command_bar.view import CommandBarView
from ui.panels.command_bar.view_state import bar_state
from ui.panels.current_call.view import CurrentCallView
from ui.panels.in_hand.lost_callers import LostCallersView
from ui.panels.in_hand.view import InHandView
from ui.panels.my_status.view import MyStatusView
from ui.panels.new_call.strips import StartStrips
from ui.panels.status_line.view import StatusLineView
from ui.panels.talk_options.view import TalkOptionsView
from ui.texts.windows import app_title, menu_call, menu_card, menu_help, menu_theme, menu_view, theme_text
from ui.theme import ThemeChoice, theme
from ui.widgets.second_tick import SecondTick

_COMMANDS = tuple(action for action in UserAction if action.call_action is not None)
_CALL_MENU = (*_COMMANDS[:2], UserAction.HOLD_WITH_REASON, *_COMMANDS[2:])
_SMALLEST, _WISHED = QSize(1100, 640), QSize(1366, 728)
_TITLE_BAR = 32
_CARD_MENU = (
    UserAction.SAVE_CARD,
    UserAction.CARD_LATER,
    UserAction.EXTEND_CARD,
    UserAction.NOTES,
    UserAction.SHOW_IN_CRM,
)
_GO_MENU = (UserAction.GO_TO_MY_CALL, UserAction.GO_TO_RINGING, UserAction.GO_TO_HELD)


class MainWindow(QMainWindow):
    """Signals out: `action_triggered(UserAction)` from menus, `key_pressed(str, tuple[UserAction, …])` from keys,
    `theme_chosen(ThemeChoice)`, `close_requested()`: closing is a wish, whoever listens decides."""

    action_triggered = Signal(object)
    key_pressed = Signal(str, object)
    theme_chosen = Signal(object)
    close_requested = Signal()

    def __init__(self, now: Callable[[], float], *, is_demo: bool = False) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle(app_title(is_demo=is_demo))
        self.setMinimumSize(_SMALLEST)
        self.resize(_WISHED)
        self.was_painted = False
        self.may_close = False
        self._is_finished = False
        self.banners = BannersView()
        self.start_strips = StartStrips()
        self.active_calls = ActiveCallsView(now)
        self.current_call = CurrentCallView(now)
        self.in_hand = InHandView(now)
        self.lost_callers = LostCallersView()
        self.command_bar = CommandBarView()
        self.talk_options = TalkOptionsView()
        self.call_card = CallCardView(now)
        self.status_line = StatusLineView(now)
        self.my_status = MyStatusView()
        self.second_tick = SecondTick(self)
        self.second_tick.ticked.connect(self.active_calls.tick)
        self.second_tick.ticked.connect(self.current_call.tick)
        self.second_tick.ticked.connect(self.in_hand.tick)
        self.second_tick.ticked.connect(self.call_card.tick)
        self.second_tick.ticked.connect(self.status_line.tick)
        self.actions_by_name = make_actions(self, self.action_triggered.emit)
        self._shortcuts = make_shortcuts(self, self.key_pressed.emit)
        self._theme_actions: dict[ThemeChoice, QAction] = {}
        self.active_calls.new_call.clicked.connect(lambda: self.action_triggered.emit(UserAction.NEW_CALL))
        self._lay_out()
        # Whoever is first has the focus at the start: not a button that calls.
        QWidget.setTabOrder(self.active_calls.table, self.active_calls.new_call)
        self._make_menus()
        self.active_calls.show_state(ActiveCallsState())
        self.command_bar.show_state(bar_state(Situation(None), {}))
        theme.changed.connect(self._retint)

    def fit(self, room: QSize) -> None:
        """Be no larger than `room`, the part of the screen that is free for windows: the rows of commands and of the
        status stand at the very bottom. Called before the window is shown and before its last place is restored."""
        inside = room - QSize(0, _TITLE_BAR)
        self.setMinimumSize(_SMALLEST.boundedTo(inside))
        self.resize(_WISHED.boundedTo(inside))

    def restore_layout(self, kept: QSettings) -> None:
        """Size, place and splitters of the last run, if they are to be had."""
        for name, restore in (
            ("window/geometry", self.restoreGeometry),
            ("window/columns", self.columns.restoreState),
            ("window/calls", self.calls.restoreState),
        ):
            value = kept.value(name)
            # A file that somebody edited, or a crash cut short, holds something else.
            if isinstance(value, QByteArray):
                restore(value)

    def keep_layout(self, kept: QSettings) -> None:
        """Write them down."""
        kept.setValue("window/geometry", self.saveGeometry())
        kept.setValue("window/columns", self.columns.saveState())
        kept.setValue("window/calls", self.calls.saveState())

    def lend_keys(self, dialog: QDialog) -> None:
        """A small window beside this one has the function keys, too: a caller does not wait until it is closed."""
        make_shortcuts(dialog, self.key_pressed.emit, wanted=is_lent)

    def close_small_window(self) -> bool:
        """Close the small window in front, or the one opened last; False when there is none."""
        opened = [dialog for dialog in self.findChildren(QDialog) if dialog.isVisible() and not dialog.isModal()]
        in_front = [dialog for dialog in opened if dialog.isActiveWindow()]
        if opened:
            (in_front or opened)[-1].reject()
        return bool(opened)

    def show_theme_choice(self, choice: ThemeChoice) -> None:
        """Tick the theme in the menu."""
        self._theme_actions[choice].setChecked(True)

    def finish(self) -> None:
        """What can wait until the window has been seen: icons of menus nobody has opened yet."""
        self._is_finished = True
        tint_actions(self.actions_by_name)
        self.active_calls.filter_field.offer_clearing()

    def childEvent(self, event: QChildEvent) -> None:
        """A small window beside this one comes up, whoever made it."""
        super().childEvent(event)
        child = event.child()
        if event.type() is QEvent.Type.ChildPolished and isinstance(child, QDialog) and not child.isModal():
            self.lend_keys(child)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.may_close:
            super().closeEvent(event)
            return
        event.ignore()
        self.close_requested.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.was_painted = True

    def _lay_out(self) -> None:
        self.calls = QSplitter(Qt.Orientation.Horizontal)
        self.calls.setObjectName("calls_splitter")
        self.calls.addWidget(self.active_calls)
        self.calls.addWidget(_column("current_call_block", self.current_call, self.in_hand))
        self.calls.setChildrenCollapsible(False)
        self.calls.setStretchFactor(0, 4)
        self.calls.setStretchFactor(1, 3)
        self.calls.setSizes([672, 308])
        left = QWidget()
        left.setObjectName("calls_block")
        left_layout = QVBoxLayout(left)
        left_layout.setContentsMargins(0, 0, 0, 0)
        left_layout.setSpacing(8)
        left_layout.addWidget(self.calls, 1)
        left_layout.addWidget(self.command_bar)
        left_layout.addWidget(self.talk_options)
        self.columns = QSplitter(Qt.Orientation.Horizontal)
        self.columns.setObjectName("columns_splitter")
        self.columns.addWidget(left)
        self.columns.addWidget(self.call_card)
        self.columns.setChildrenCollapsible(False)
        self.columns.setStretchFactor(0, 1)
        self.columns.setStretchFactor(1, 0)
        self.columns.setSizes([990, 360])
        for splitter in (self.calls, self.columns):
            splitter.setHandleWidth(8)
        centre = QWidget()
        centre.setObjectName("centre")
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(10, 8, 10, 4)
        layout.setSpacing(8)
        layout.addWidget(self.banners)
        layout.addWidget(self.lost_callers)
        layout.addWidget(self.start_strips)
        layout.addWidget(self.columns, 1)
        whole = QWidget()
        whole.setObjectName("whole")
        whole_layout = QVBoxLayout(whole)
        whole_layout.setContentsMargins(0, 0, 0, 0)
        whole_layout.setSpacing(0)
        whole_layout.addWidget(centre, 1)
        whole_layout.addWidget(self.status_line)
        self.setCentralWidget(whole)

    def _make_menus(self) -> None:
        bar = self.menuBar()
        bar.setObjectName("menu_bar")
        bar.setCornerWidget(self.my_status)
        chosen = self.actions_by_name
        pult = self._menu("Pult", "menu_pult")
        pult.addMenu(self.my_status.menu)
        pult.addActions([chosen[UserAction.CONNECT], chosen[UserAction.SIGN_OUT]])
        pult.addSeparator()
        pult.addAction(chosen[UserAction.QUIT])
        self.call_menu = call = self._menu(menu_call(), "menu_call")
        call.addActions([chosen[UserAction.NEW_CALL], chosen[UserAction.REDIAL]])
        call.addSeparator()
        call.addActions([chosen[user_action] for user_action in _CALL_MENU])
        call.addSeparator()
        call.addActions([chosen[user_action] for user_action in _GO_MENU])
        card = self._menu(menu_card(), "menu_card")
        card.addActions([chosen[user_action] for user_action in _CARD_MENU])
        card.addSeparator()
        card.addAction(chosen[UserAction.QUEUE])
        view = self._menu(menu_view(), "menu_view")
        view.addActions([chosen[UserAction.REFRESH], chosen[UserAction.FILTER_CALLS], chosen[UserAction.POINTS]])
        view.addSeparator()
        view.addMenu(self._theme_menu(view))
        menu = self._menu(menu_help(), "menu_help")
        menu.addActions([chosen[UserAction.KEYS], chosen[UserAction.ABOUT]])

    def _menu(self, text: str, name: str) -> QMenu:
        menu = self.menuBar().addMenu(text)
        menu.setObjectName(name)
        menu.menuAction().setObjectName(f"{name}_action")
        return menu

    def _theme_menu(self, parent: QMenu) -> QMenu:
        menu = QMenu(menu_theme(), parent)
        menu.setObjectName("menu_theme")
        group = QActionGroup(self)
        for choice in ThemeChoice:
            action = QAction(theme_text(choice), group)
            action.setObjectName(f"theme_{choice.value}")
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, wanted=choice: self.theme_chosen.emit(wanted))
            menu.addAction(action)
            self._theme_actions[choice] = action
        self._theme_actions[theme.choice].setChecked(True)
        return menu

    def _retint(self) -> None:
        if self._is_finished:
            tint_actions(self.actions_by_name)


def _column(name: str, above: QWidget, below: QWidget) -> QWidget:
    block = QWidget()
    block.setObjectName(name)
    layout = QVBoxLayout(block)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    layout.addWidget(above, 1)
    layout.addWidget(below)
    return block
