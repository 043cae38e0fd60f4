"""My own status in the corner of the window: read from the account, changed there, refused in a sentence."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from app.simulator.faults import HoldUntilReleased
from tests.scenarios.console import Console, open_console, open_desk, open_simulator
from ui.panels.my_status.view import MyStatusView

UPDATE = "update.employees"
BREAK = "Перерыв"


async def opened(console: Console) -> MyStatusView:
    view = console.window.my_status
    await console.wait_for("my status", lambda: view.isVisible() and view.button.text().startswith("Доступен"))
    return view


def choose(view: MyStatusView, name: str) -> None:
    view.button.click()
    menu = view.findChildren(QMenu, "my_status_menu")[-1]
    next(action for action in menu.actions() if action.text() == name).trigger()
    menu.close()


def go_down_to(menu: QMenu, text: str) -> None:
    """By the arrow key; it has to be there."""
    for _ in range(20):
        chosen = menu.activeAction()
        if chosen is not None and chosen.text() == text:
            return
        QTest.keyClick(menu, Qt.Key.Key_Down)
    raise AssertionError(text)


async def test_the_status_is_shown_and_changes_only_when_the_account_says_so(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        view = await opened(console)
        assert view.button.accessibleName() == "My status: Доступен"
        request = console.simulator.faults.add(HoldUntilReleased(before_effect=True), operation=UPDATE)
        choose(view, BREAK)
        assert view.button.text() == f"{BREAK}: setting… ▾"
        assert not view.button.isEnabled()
        request.release()
        await console.says("Your status is now “Перерыв”.")
        assert view.button.text() == f"{BREAK} ▾"
        assert view.button.isEnabled()
        assert console.journal(UPDATE) == ["ok"]


async def test_what_cannot_be_chosen_is_not_offered_and_the_same_again_is_not_asked_for(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        view = await opened(console)
        view.button.click()
        menu = view.findChildren(QMenu, "my_status_menu")[-1]
        texts = [action.text() for action in menu.actions()]
        assert "Неизвестно" not in texts, "the account lets nobody choose it"
        assert [action.text() for action in menu.actions() if action.isChecked()] == ["Доступен"]
        menu.close()
        choose(view, "Доступен")
        await console.next_polls()
        assert console.journal(UPDATE) == []


async def test_a_refusal_is_a_sentence_and_the_status_stays(tmp_path: Path) -> None:
    async with open_desk(tmp_path, data_rights=frozenset({UPDATE})) as console:
        view = await opened(console)
        choose(view, BREAK)
        await console.says("Your status was not changed to “Перерыв”.")
        assert view.button.text() == "Доступен"
        assert not view.button.isEnabled(), "this account does not allow it: only shown from now on"
        assert view.button.toolTip().count("\n") == 1


async def test_where_nobody_sits_or_no_status_is_told_the_corner_stays_empty(tmp_path: Path) -> None:
    async with open_desk(tmp_path / "rights", data_rights=frozenset({"get.statuses"})) as console:
        await console.wait_for("the lists", lambda: console.services.account.lists.lines)
        assert not console.window.my_status.isVisible()
    async with open_simulator() as simulator, open_console(simulator, tmp_path / "nobody", employee_id=None) as console:
        await console.wait_for("the lists", lambda: console.services.account.lists.statuses)
        await console.next_polls()
        assert not console.window.my_status.isVisible()


async def test_the_menu_has_the_same_for_the_keyboard_and_for_screen_readers(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        view = await opened(console)
        (menu,) = console.window.findChildren(QMenu, "menu_pult")
        inside = next(action for action in menu.actions() if action.objectName() == "my_status_menu_action")
        assert (inside.text(), inside.isVisible(), inside.isEnabled()) == ("My status: Доступен", True, True)
        menu.popup(console.window.mapToGlobal(console.window.rect().center()))
        go_down_to(menu, inside.text())
        QTest.keyClick(menu, Qt.Key.Key_Right)
        assert view.menu.isVisible()
        assert [action.text() for action in view.menu.actions() if action.isChecked()] == ["Доступен"]
        go_down_to(view.menu, BREAK)
        QTest.keyClick(view.menu, Qt.Key.Key_Return)
        await console.says("Your status is now “Перерыв”.")
        assert console.journal(UPDATE) == ["ok"]
        assert [action.text() for action in view.menu.actions() if action.isChecked()] == [BREAK]
        assert inside.text() == f"My status: {BREAK}"


async def test_the_menu_offers_no_status_where_none_is_told(tmp_path: Path) -> None:
    async with open_desk(tmp_path, data_rights=frozenset({"get.statuses"})) as console:
        await console.wait_for("the lists", lambda: console.services.account.lists.lines)
        assert not console.window.my_status.menu.menuAction().isVisible()
