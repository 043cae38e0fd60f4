"""The small windows and menus behind commands that need a number, a tag, keys or a participant. None is modal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QMenu

from app.domain.actions import CallAction
from app.domain.calls import CallSessionId, EmployeeId, Leg, LegId, TagId
from app.domain.live_call import LiveCall
from ui.caller_names import caller_and_number
from ui.choice_menu import menu_text
from ui.panels.active_calls.view_state import shown_number
from ui.panels.command_bar.view import CommandBarView
from ui.people import PersonRow, people_rows
from ui.texts.calls import hidden_number_text
from ui.texts.commands import (
    coach_button,
    coach_title,
    keypad_title,
    other_tag_text,
    own_coach_text,
    tag_number_title,
    transfer_title,
)
from ui.windows.keypad_dialog import KeypadDialog
from ui.windows.number_dialog import NumberDialog
from ui.windows.tag_number_dialog import TagNumberDialog
from ui.windows.transfer_dialog import ChosenColleague, TransferDialog

if TYPE_CHECKING:
    from app.bootstrap import Services


def legs_to_drop(call: LiveCall, me: EmployeeId | None) -> list[Leg]:
    """Colleagues first, then me, the customer last: the first entry is one careless Enter away."""
    contact = call.session.contact_leg
    return sorted(call.session.live_legs, key=lambda leg: (leg is contact, leg.employee_id == me, leg.leg_id))


class Prompts:
    """Each hands what was chosen to the function it was given. A dialog about a call that is over goes with it.

    `undo`, asked before Escape closes a menu, is True when there was something to undo.
    """

    def __init__(self, view: CommandBarView, services: Services, undo: Callable[[], bool]) -> None:
        self._view = view
        self._services = services
        self._undo_first = _UndoFirst(view, undo)
        self._dialogs: list[tuple[CallSessionId, QDialog]] = []

    def transfer(
        self, call_session_id: CallSessionId, chosen: Callable[[ChosenColleague], None], *, hands_over: bool
    ) -> None:
        """A colleague, a group or a number, and what to do when they answer. `hands_over`: what Return means."""
        open_one = self._bring_back(call_session_id, transfer_title())
        if open_one is not None:
            if isinstance(open_one, TransferDialog):
                open_one.open_for(hands_over=hands_over)
            return
        pbx = self._services.settings.pbx
        dialog = TransferDialog(
            self._people(),
            self._view.window(),
            about=self._caller(call_session_id),
            longest_note=pbx.tts_max_length,
            back_after_s=pbx.transfer_back_after_s,
            hands_over=hands_over,
        )
        dialog.colleague_chosen.connect(chosen)
        self._open(call_session_id, dialog)

    def coach(self, call_session_id: CallSessionId, chosen: Callable[[str], None]) -> None:
        """The coach on record first, whose number is "", then everybody else."""
        if self._bring_back(call_session_id, coach_title()) is not None:
            return
        about = self._caller(call_session_id)
        dialog = NumberDialog(coach_title(), coach_button(), self._coaches(), self._view.window(), about=about)
        dialog.number_chosen.connect(chosen)
        self._open(call_session_id, dialog)

    def keys(self, call_session_id: CallSessionId, pressed: Callable[[str], None]) -> None:
        """The keypad; one for each call."""
        if self._bring_back(call_session_id, keypad_title()) is not None:
            return
        keypad = KeypadDialog(self._view.window(), about=self._caller(call_session_id))
        keypad.symbols_requested.connect(pressed)
        self._open(call_session_id, keypad)

    def tag(
        self, call_session_id: CallSessionId, tags: Sequence[tuple[TagId, str]], chosen: Callable[[TagId], None]
    ) -> None:
        """A menu of the account's tags, and any other by its number."""
        menu = self._menu("tag_menu")
        for tag_id, name in tags:
            action = menu.addAction(menu_text(name))
            action.triggered.connect(lambda _=False, wanted=tag_id: chosen(wanted))
        if tags:
            menu.addSeparator()
        menu.addAction(other_tag_text()).triggered.connect(lambda _=False: self._tag_number(call_session_id, chosen))
        self._popup(menu, CallAction.TAG)

    def hold_reason(self, reasons: Sequence[str], chosen: Callable[[int], None]) -> None:
        """A menu of these reasons; `chosen` gets the position of one, the first is number 1."""
        menu = self._menu("hold_menu")
        for position, reason in enumerate(reasons, 1):
            menu.addAction(menu_text(reason)).triggered.connect(lambda _=False, at=position: chosen(at))
        self._popup(menu, CallAction.HOLD)

    def leg(self, call: LiveCall, chosen: Callable[[LegId], None]) -> None:
        """A menu of the participants."""
        menu = self._menu("leg_menu")
        contact = call.session.contact_leg
        for leg in legs_to_drop(call, self._services.me):
            name = leg.employee_name or shown_number(leg.called_number) or hidden_number_text()
            if leg is contact:
                name = caller_and_number(self._services.screen_pop, call)
            action = menu.addAction(menu_text(name))
            action.triggered.connect(lambda _=False, leg_id=leg.leg_id: chosen(leg_id))
        self._popup(menu, CallAction.DROP_LEG)

    def close_orphans(self) -> None:
        """After every change of the board."""
        for call_session_id, dialog in tuple(self._dialogs):
            if self._services.board.call(call_session_id) is None:
                dialog.reject()

    def tick(self) -> None:
        """A second has passed: who is on a call, and since when, is told as it is now."""
        for _, dialog in self._dialogs:
            if isinstance(dialog, NumberDialog):
                dialog.show_people(self._people() if isinstance(dialog, TransferDialog) else self._coaches())

    def show_keys_progress(self, call_session_id: CallSessionId, sent: int, total: int) -> None:
        """How far a sequence of keys has got."""
        for owner, dialog in self._dialogs:
            if owner == call_session_id and isinstance(dialog, KeypadDialog):
                dialog.show_progress(sent, total)

    def _people(self) -> tuple[PersonRow, ...]:
        services = self._services
        return people_rows(
            services.account.lists,
            services.board.calls.values(),
            services.me,
            services.clock.monotonic(),
            are_calls_known=services.poller.report.last_success is not None,
        )

    def _coaches(self) -> tuple[PersonRow, ...]:
        return (PersonRow(own_coach_text(), ""), *(row for row in self._people() if not row.is_group))

    def _tag_number(self, call_session_id: CallSessionId, chosen: Callable[[TagId], None]) -> None:
        if self._bring_back(call_session_id, tag_number_title()) is not None:
            return
        dialog = TagNumberDialog(self._view.window(), about=self._caller(call_session_id))
        dialog.tag_chosen.connect(lambda tag_id: chosen(TagId(tag_id)))
        self._open(call_session_id, dialog)

    def _bring_back(self, call_session_id: CallSessionId, title: str) -> QDialog | None:
        """A second press of the same button wants the window that is open already, not another one."""
        for owner, dialog in self._dialogs:
            if owner == call_session_id and dialog.windowTitle() == title:
                dialog.activateWindow()
                return dialog
        return None

    def _caller(self, call_session_id: CallSessionId) -> str:
        call = self._services.board.call(call_session_id)
        return "" if call is None else caller_and_number(self._services.screen_pop, call)

    def _open(self, call_session_id: CallSessionId, dialog: QDialog) -> None:
        self._dialogs.append((call_session_id, dialog))
        dialog.finished.connect(lambda _: self._forget(dialog))
        dialog.show()

    def _forget(self, dialog: QDialog) -> None:
        self._dialogs = [(owner, kept) for owner, kept in self._dialogs if kept is not dialog]

    def _menu(self, name: str) -> QMenu:
        menu = QMenu(self._view)
        menu.setObjectName(name)
        menu.installEventFilter(self._undo_first)
        # A later one takes its place; deleting it while it hides would swallow the choice.
        for old in self._view.findChildren(QMenu, name):
            if old is not menu:
                old.deleteLater()
        return menu

    def _popup(self, menu: QMenu, action: CallAction) -> None:
        button = self._view.button(action)
        menu.popup(button.mapToGlobal(QPoint(0, -menu.sizeHint().height())))
        menu.setActiveAction(menu.actions()[0])


class _UndoFirst(QObject):
    """Escape in an open menu undoes what counts down, and only then closes the menu."""

    def __init__(self, parent: QObject, undo: Callable[[], bool]) -> None:
        super().__init__(parent)
        self._undo = undo

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Escape
            and self._undo()
        ):
            return True
        return super().eventFilter(watched, event)
