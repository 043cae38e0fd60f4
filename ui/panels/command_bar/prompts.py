"""The small windows and menus behind commands that need a number, a tag, keys or a participant. None is modal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QDialog, QMenu

from app.domain.actions import CallAction
from app.domain.calls import CallSessionId, EmployeeId, Leg, LegId, TagId
from app.domain.live_call import LiveCall
from app.services.call_control import CommandReport
from ui.caller_names import caller_and_number
from ui.panels.active_calls.view_state import shown_number
from ui.panels.command_bar.view import CommandBarView
from ui.texts.calls import hidden_number_text
from ui.texts.commands import (
    coach_button,
    coach_title,
    consult_button,
    consult_title,
    keypad_title,
    other_tag_text,
    own_coach_text,
    tag_number_title,
)
from ui.widgets.plain_label import plain
from ui.windows.keypad_dialog import KeypadDialog
from ui.windows.number_dialog import NumberDialog, Person
from ui.windows.tag_number_dialog import TagNumberDialog

if TYPE_CHECKING:
    from app.bootstrap import Services


def legs_to_drop(call: LiveCall, me: EmployeeId | None) -> list[Leg]:
    """Colleagues first, then me, the customer last: the first entry is one careless Enter away."""
    contact = call.session.contact_leg
    return sorted(call.session.live_legs, key=lambda leg: (leg is contact, leg.employee_id == me, leg.leg_id))


class Prompts:
    """Each hands what was chosen to the function it was given. A dialog about a call that is over goes with it."""

    def __init__(self, view: CommandBarView, services: Services) -> None:
        self._view = view
        self._services = services
        self._dialogs: list[tuple[CallSessionId, QDialog]] = []

    def consult(self, call_session_id: CallSessionId, chosen: Callable[[str], None]) -> None:
        """A colleague, an extension or a number."""
        self._numbers(call_session_id, consult_title(), consult_button(), self._people(), chosen)

    def coach(self, call_session_id: CallSessionId, chosen: Callable[[str], None]) -> None:
        """The same with the coach on record first, whose number is ""."""
        people = [Person(own_coach_text(), ""), *self._people()]
        self._numbers(call_session_id, coach_title(), coach_button(), people, chosen)

    def keys(self, call_session_id: CallSessionId, pressed: Callable[[str], None]) -> None:
        """The keypad; one for each call."""
        if self._bring_back(call_session_id, keypad_title()):
            return
        keypad = KeypadDialog(self._view.window(), about=self._caller(call_session_id))
        keypad.symbols_requested.connect(pressed)
        self._open(call_session_id, keypad)

    def tag(self, call_session_id: CallSessionId, chosen: Callable[[TagId], None]) -> None:
        """A menu of the tags in the settings, and any other by its number."""
        menu = self._menu("tag_menu")
        tags = self._services.settings.pbx.tags
        for tag in tags:
            action = menu.addAction(_menu_text(tag.name))
            action.triggered.connect(lambda _=False, tag_id=tag.tag_id: chosen(TagId(tag_id)))
        if tags:
            menu.addSeparator()
        menu.addAction(other_tag_text()).triggered.connect(lambda _=False: self._tag_number(call_session_id, chosen))
        self._popup(menu, CallAction.TAG)

    def leg(self, call: LiveCall, chosen: Callable[[LegId], None]) -> None:
        """A menu of the participants."""
        menu = self._menu("leg_menu")
        contact = call.session.contact_leg
        for leg in legs_to_drop(call, self._services.me):
            name = leg.employee_name or shown_number(leg.called_number) or hidden_number_text()
            if leg is contact:
                name = caller_and_number(self._services.screen_pop, call)
            action = menu.addAction(_menu_text(name))
            action.triggered.connect(lambda _=False, leg_id=leg.leg_id: chosen(leg_id))
        self._popup(menu, CallAction.DROP_LEG)

    def close_orphans(self) -> None:
        """After every change of the board."""
        for call_session_id, dialog in tuple(self._dialogs):
            if self._services.board.call(call_session_id) is None:
                dialog.reject()

    def show_keys_progress(self, report: CommandReport) -> None:
        """How far a sequence of keys has got."""
        sent, total = report.detail.get("sent"), report.detail.get("total")
        if report.action is not CallAction.SEND_DTMF or not isinstance(sent, int) or not isinstance(total, int):
            return
        is_sending = CallAction.SEND_DTMF in self._services.call_control.pending(report.call_session_id)
        for call_session_id, dialog in self._dialogs:
            if call_session_id == report.call_session_id and isinstance(dialog, KeypadDialog):
                dialog.show_progress(sent, total, is_sending=is_sending)

    def _people(self) -> list[Person]:
        settings = self._services.settings.pbx
        return [
            Person(employee.name, employee.extension)
            for employee in settings.employees
            if employee.employee_id != settings.employee_id
        ]

    def _numbers(
        self,
        call_session_id: CallSessionId,
        title: str,
        button_text: str,
        people: list[Person],
        chosen: Callable[[str], None],
    ) -> None:
        if self._bring_back(call_session_id, title):
            return
        about = self._caller(call_session_id)
        dialog = NumberDialog(title, button_text, people, self._view.window(), about=about)
        dialog.number_chosen.connect(chosen)
        self._open(call_session_id, dialog)

    def _tag_number(self, call_session_id: CallSessionId, chosen: Callable[[TagId], None]) -> None:
        if self._bring_back(call_session_id, tag_number_title()):
            return
        dialog = TagNumberDialog(self._view.window(), about=self._caller(call_session_id))
        dialog.tag_chosen.connect(lambda tag_id: chosen(TagId(tag_id)))
        self._open(call_session_id, dialog)

    def _bring_back(self, call_session_id: CallSessionId, title: str) -> bool:
        """A second press of the same button wants the window that is open already, not another one."""
        for owner, dialog in self._dialogs:
            if owner == call_session_id and dialog.windowTitle() == title:
                dialog.activateWindow()
                return True
        return False

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
        # A later one takes its place; deleting it while it hides would swallow the choice.
        for old in self._view.findChildren(QMenu, name):
            if old is not menu:
                old.deleteLater()
        return menu

    def _popup(self, menu: QMenu, action: CallAction) -> None:
        button = self._view.button(action)
        menu.popup(button.mapToGlobal(QPoint(0, -menu.sizeHint().height())))
        menu.setActiveAction(menu.actions()[0])


def _menu_text(text: str) -> str:
    return plain(text).replace("&", "&&")
