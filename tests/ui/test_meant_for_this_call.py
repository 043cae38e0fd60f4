"""A press acts on the call it was meant for, though calls end and come up at the same moment."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMenu, QPushButton, QToolTip, QWidget

from app.domain.actions import CallAction
from app.domain.calls import CallSessionId, CallState
from app.simulator.faults import HoldUntilReleased
from tests.helpers.waiting import until
from tests.ui.console_window import MARIA_SHOWN, PETER, STRANGER, Desk, child, open_desk
from ui.panels.command_bar import presenter

A = CallAction


def press_again_fast(widget: QWidget) -> None:
    """What arrives when a second click follows the first within the double-click time."""
    middle = QPointF(widget.rect().center())
    for kind in (QEvent.Type.MouseButtonDblClick, QEvent.Type.MouseButtonRelease):
        held = Qt.MouseButton.LeftButton if kind is QEvent.Type.MouseButtonDblClick else Qt.MouseButton.NoButton
        event = QMouseEvent(
            kind, middle, widget.mapToGlobal(middle), Qt.MouseButton.LeftButton, held, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(widget, event)


async def end_the_first_of_two(desk: Desk) -> tuple[CallSessionId, CallSessionId]:
    """I talk, another call rings for me, F8: the second call comes up."""
    first, second = await desk.talk(), await desk.ring(STRANGER)
    await until(lambda: desk.is_on(A.END_CALL), what="End call")
    assert desk.console.choice.current == first
    desk.press_key(Qt.Key.Key_F8)
    await until(lambda: desk.console.choice.current == second, what="the second call came up")
    return first, second


async def test_f8_pressed_twice_does_not_end_the_next_call() -> None:
    async with open_desk() as desk:
        _, second = await end_the_first_of_two(desk)
        desk.press_key(Qt.Key.Key_F8)
        assert "press again" in desk.status
        for _ in range(3):
            await desk.see(second, CallState.RINGING)
        assert desk.sent("release.call") == 1


async def test_without_the_look_first_f8_would_end_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presenter, "LOOK_FIRST_S", 0.0)
    async with open_desk() as desk:
        await end_the_first_of_two(desk)
        desk.press_key(Qt.Key.Key_F8)
        await until(lambda: desk.sent("release.call") == 2, what="both ended")


async def test_the_next_call_can_be_ended_after_a_look_and_at_once_when_pointed_at() -> None:
    async with open_desk() as desk:
        _, second = await end_the_first_of_two(desk)
        third = await desk.ring("79161234567")
        desk.console.choice.choose(third)
        desk.press_key(Qt.Key.Key_F8)
        await until(lambda: desk.sent("release.call") == 2, what="the call pointed at")
        await until(lambda: desk.console.choice.current == second, what="back to the second")

        def ended() -> bool:
            desk.press_key(Qt.Key.Key_F8)
            return desk.sent("release.call") == 3

        await until(ended, what="the second one, a second later")


async def test_a_double_click_on_hold_does_not_retrieve() -> None:
    async with open_desk() as desk:
        call_session_id = await desk.talk()
        await until(lambda: desk.is_on(A.HOLD), what="Hold")
        desk.click(A.HOLD)
        await desk.see(call_session_id, CallState.HOLD)
        await until(lambda: desk.is_on(A.RETRIEVE), what="Retrieve")
        asked: list[object] = []
        desk.window.command_bar.command_requested.connect(asked.append)
        press_again_fast(desk.window.command_bar.button(A.RETRIEVE))
        assert asked == []
        desk.click(A.RETRIEVE)
        await desk.see(call_session_id, CallState.TALK)


async def test_the_participant_who_moves_up_under_the_mouse_is_not_taken_out() -> None:
    async with open_desk() as desk:
        call_session_id = await desk.talk()
        await desk.services.call_control.add_coach(call_session_id, "104")
        rows = desk.window.current_call._leg_rows
        await until(lambda: len(rows) == 3, what="three participants")
        asked: list[object] = []
        desk.window.current_call.drop_requested.connect(lambda *what: asked.append(what))
        second, third = rows[1], rows[2]
        assert second._line is not None
        assert third._line is not None
        QTest.mousePress(second.drop, Qt.MouseButton.LeftButton)
        second.show_line(third._line, "")
        QTest.mouseRelease(second.drop, Qt.MouseButton.LeftButton)
        assert asked == []
        QTest.mouseClick(second.drop, Qt.MouseButton.LeftButton)
        assert asked == [], "nobody can have read the new line yet"
        QTest.mouseClick(third.drop, Qt.MouseButton.LeftButton)
        assert asked == [(call_session_id, third._line.leg_id)]


async def test_a_small_window_says_whose_call_it_is_about_and_opens_once() -> None:
    async with open_desk() as desk:
        await desk.talk()
        await until(lambda: desk.is_on(A.SEND_DTMF), what="Keypad")
        for action, name in ((A.SEND_DTMF, "keypad_dialog"), (A.ADD_COACH, "number_dialog")):
            desk.click(action)
            dialog = await desk.dialog(name)
            assert MARIA_SHOWN in child(dialog, QLabel, "dialog_about").text()
            desk.window.activateWindow()
            await until(desk.window.isActiveWindow, what="the main window in front")
            desk.click(action)
            await until(lambda: QApplication.activeWindow() not in (desk.window, None), what="a small window in front")
            assert QApplication.activeWindow() is dialog
            assert len(desk.window.findChildren(QDialog, name)) == 1
            dialog.reject()


async def test_a_second_press_that_is_not_sent_leaves_the_mark_of_what_is_under_way() -> None:
    async with open_desk() as desk:
        call_session_id = await desk.talk()
        held_list = desk.simulator.faults.add(HoldUntilReleased(), face="pbx", operation="list.calls", times=None)
        button = desk.window.command_bar.button(A.HOLD)
        await until(lambda: desk.is_on(A.HOLD), what="Hold")
        desk.click(A.HOLD)
        await until(lambda: button.property("phase") == "accepted", what="accepted")
        await desk.services.call_control.hold(call_session_id)
        await until(lambda: "not sent" in desk.status, what="the second one is told of")
        assert button.property("phase") == "accepted"
        held_list.release()
        await desk.see(call_session_id, CallState.HOLD)


async def test_an_item_of_the_menu_is_meant_for_the_call_that_was_there_as_it_opened() -> None:
    async with open_desk() as desk:
        first = await desk.talk()
        second = await desk.ring(STRANGER)
        await until(lambda: desk.is_on(A.END_CALL), what="End call")
        menu = child(desk.window, QMenu, "menu_call")
        end_call = next(item for name, item in desk.window.actions_by_name.items() if name.value == "end_call")
        menu.popup(desk.window.mapToGlobal(desk.window.rect().center()))
        desk.simulator.pbx.hang_up(first, "contact")
        desk.services.poller.refresh_soon()
        await until(lambda: desk.console.choice.current == second, timeout=8.0, what="the second call came up")
        ready_s = desk.services.clock.monotonic() + presenter.LOOK_FIRST_S
        await until(lambda: desk.services.clock.monotonic() > ready_s, what="time enough for a look")
        menu.setActiveAction(end_call)
        QTest.keyClick(menu, Qt.Key.Key_Return)
        await until(lambda: not menu.isVisible(), what="the menu is closed")
        assert "press again" in desk.status
        await desk.see(second, CallState.RINGING)
        assert desk.sent("release.call") == 0
        menu.popup(desk.window.mapToGlobal(desk.window.rect().center()))
        menu.setActiveAction(end_call)
        QTest.keyClick(menu, Qt.Key.Key_Return)
        await until(lambda: desk.sent("release.call") == 1, what="meant for the second call")


async def test_an_item_of_the_menu_that_is_off_says_why_under_the_mouse() -> None:
    async with open_desk() as desk:
        await desk.talk()
        menu = child(desk.window, QMenu, "menu_call")
        retrieve = next(item for name, item in desk.window.actions_by_name.items() if name.value == "retrieve")
        await until(lambda: "not on hold" in retrieve.toolTip(), what="the reason")
        menu.popup(desk.window.mapToGlobal(desk.window.rect().center()))
        place = menu.actionGeometry(retrieve).center()
        QApplication.sendEvent(menu, QHelpEvent(QEvent.Type.ToolTip, place, menu.mapToGlobal(place)))
        assert "not on hold" in QToolTip.text()
        QToolTip.hideText()
        menu.close()


async def test_who_agreed_about_a_call_that_ended_meanwhile_hears_that_nothing_was_done() -> None:
    async with open_desk() as desk:
        foreign = await desk.talk(STRANGER, PETER)
        desk.console.choice.choose(foreign)
        await until(lambda: desk.is_on(A.END_CALL), what="End call")
        desk.click(A.END_CALL)
        box = await desk.dialog("confirm_dialog")
        desk.simulator.pbx.hang_up(foreign, "contact")
        desk.services.poller.refresh_soon()
        await until(lambda: not desk.services.board.calls, timeout=8.0, what="the call is over")
        QTest.mouseClick(child(box, QPushButton, "confirm_button"), Qt.MouseButton.LeftButton)
        await until(lambda: desk.status.startswith("End call: "), what="the reason")
        assert desk.simulator.journal.entries_of("release.call") == []


async def test_connect_opens_once_however_often_it_is_asked_for() -> None:
    async with open_desk() as desk:
        desk.console.connect_soon()
        desk.console.connect_soon()
        dialog = await desk.dialog("connect_dialog")
        assert len(desk.window.findChildren(QDialog, "connect_dialog")) == 1
        dialog.reject()
        await until(lambda: not desk.window.findChildren(QDialog, "connect_dialog"), what="closed")
        desk.console.connect_soon()
        (await desk.dialog("connect_dialog")).reject()
