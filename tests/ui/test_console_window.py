"""The window with everything behind it: what the operator sees and does, against the simulator."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QMessageBox, QPlainTextEdit, QPushButton

from app.domain.actions import CallAction
from app.domain.calls import CallState
from app.simulator.faults import HoldUntilReleased
from tests.helpers.waiting import until
from tests.ui.console_window import MARIA_SHOWN, PETER, STRANGER, child, open_desk
from ui.models.call_row import CallColumn
from ui.windows.keypad_dialog import KeypadDialog

A = CallAction
CONTROL_KEY = Qt.KeyboardModifier.ControlModifier


async def test_a_ring_fills_the_list_and_the_current_call_and_takes_no_focus() -> None:
    async with open_desk() as desk:
        desk.window.active_calls.focus_filter()
        focus_moves: list[object] = []
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        noted = application.focusObjectChanged.connect(lambda new: focus_moves.append(new))
        call_session_id = await desk.ring()
        current = desk.window.current_call
        await until(lambda: current.number.text() == MARIA_SHOWN, what="current call")
        row = desk.row_of(call_session_id)
        assert row is not None
        assert row[CallColumn.STATE] == "Ringing"
        assert current.pill.text() == "Ringing"
        QObject.disconnect(noted)
        assert focus_moves == []
        assert desk.focused is desk.window.active_calls.filter_field


async def test_typing_goes_on_while_polls_arrive() -> None:
    async with open_desk() as desk:
        await desk.talk()
        desk.window.call_card.focus_notes()
        await until(lambda: isinstance(desk.focused, QPlainTextEdit), what="cursor in the notes")
        notes = desk.focused
        assert isinstance(notes, QPlainTextEdit)
        for place, letter in enumerate("promised to call back"):
            QTest.keyClicks(notes, letter)
            if place % 4 == 0:
                await desk.ring(f"7916000{place:04d}", PETER)
        assert notes.toPlainText() == "promised to call back"
        assert desk.focused is notes


async def test_the_whole_transfer_with_the_keyboard_alone() -> None:
    async with open_desk() as desk:
        call_session_id = await desk.talk()
        desk.press_key(Qt.Key.Key_F7)
        await desk.see(call_session_id, CallState.HOLD)
        desk.press_key(Qt.Key.Key_F5)
        dialog = await desk.dialog("number_dialog")
        field = child(dialog, QLineEdit, "number_field")
        QTest.keyClicks(field, "102")
        QTest.keyClick(field, Qt.Key.Key_Return)
        await desk.see(call_session_id, CallState.CONSULT_RINGING)
        await until(desk.window.command_bar._warning_line.isVisible, what="the warning")
        assert not desk.is_on(A.COMPLETE_TRANSFER)
        desk.simulator.pbx.colleague_answers(call_session_id)
        await desk.see(call_session_id, CallState.CONSULT)
        desk.window.activateWindow()  # what a window manager does
        await until(desk.window.isActiveWindow, what="the window is in front again")
        desk.press_key(Qt.Key.Key_F4)
        await desk.see(call_session_id, CallState.TALK)
        assert (desk.sent("hold.call"), desk.sent("make.call"), desk.sent("transfer.talk")) == (1, 1, 1)


async def test_escape_goes_back_to_the_caller_and_never_hangs_up() -> None:
    async with open_desk() as desk:
        call_session_id = await desk.talk()
        desk.press_key(Qt.Key.Key_Escape)
        assert desk.status == "", "nothing to go back from, and nothing to scold for"
        desk.press_key(Qt.Key.Key_F7)
        await desk.see(call_session_id, CallState.HOLD)
        await desk.services.call_control.begin_consult(call_session_id, "102")
        await desk.see(call_session_id, CallState.CONSULT_RINGING)
        desk.press_key(Qt.Key.Key_Escape)
        await until(lambda: desk.sent("restore.talk") == 1, what="back to the caller")
        await desk.see(call_session_id, CallState.TALK)
        assert desk.sent("release.call") == 0


@pytest.mark.parametrize(
    ("action", "key", "modifiers", "reason"),
    [
        (A.BEGIN_CONSULT, Qt.Key.Key_F5, Qt.KeyboardModifier.NoModifier, "Nobody has answered the call yet."),
        (A.COMPLETE_TRANSFER, Qt.Key.Key_F4, Qt.KeyboardModifier.NoModifier, "Nobody has answered the call yet."),
        (A.HOLD, Qt.Key.Key_F7, Qt.KeyboardModifier.NoModifier, "Nobody has answered the call yet."),
        (A.ADD_COACH, Qt.Key.Key_F12, Qt.KeyboardModifier.NoModifier, "Nobody has answered the call yet."),
        (A.START_RECORDING, Qt.Key.Key_R, CONTROL_KEY, "Nobody has answered the call yet."),
        (A.SEND_DTMF, Qt.Key.Key_F11, Qt.KeyboardModifier.NoModifier, "Nobody has answered the call yet."),
    ],
)
async def test_a_command_that_is_off_says_why_in_three_places_and_on_its_key(
    action: CallAction, key: Qt.Key, modifiers: Qt.KeyboardModifier, reason: str
) -> None:
    async with open_desk() as desk:
        await desk.ring()
        button = desk.window.command_bar.button(action)
        await until(lambda: reason in button.toolTip(), what="the tooltip")
        assert not button.isEnabled()
        assert reason in button.accessibleDescription()
        QApplication.sendEvent(button, QEnterEvent(QPointF(1, 1), QPointF(1, 1), QPointF(1, 1)))
        assert reason in desk.status
        QApplication.sendEvent(button, QEvent(QEvent.Type.Leave))
        assert reason not in desk.status
        desk.press_key(key, modifiers)
        await until(lambda: reason in desk.status, what="the reason after the key")


async def test_three_phases_can_be_seen_on_the_button() -> None:
    async with open_desk() as desk:
        call_session_id = await desk.talk()
        before = desk.simulator.faults.add(HoldUntilReleased(), face="pbx", operation="hold.call")
        bar = desk.window.command_bar
        await until(lambda: desk.is_on(A.HOLD), what="Hold")
        desk.click(A.HOLD)
        await until(lambda: bar.button(A.HOLD).property("phase") == "sending", what="sending")
        assert "sending" in bar.button(A.HOLD).accessibleDescription()
        desk.click(A.HOLD)
        await before.wait_held()
        held_list = desk.simulator.faults.add(HoldUntilReleased(), face="pbx", operation="list.calls", times=1)
        before.release()
        await until(lambda: bar.button(A.HOLD).property("phase") == "accepted", what="accepted")
        held_list.release()
        await desk.see(call_session_id, CallState.HOLD)
        await until(lambda: bar.button(A.HOLD).property("phase") == "confirmed", what="confirmed")
        assert "confirmed" in bar.button(A.HOLD).accessibleDescription()
        await until(lambda: desk.is_on(A.RETRIEVE), what="the flash is over")
        assert bar.button(A.RETRIEVE).property("phase") == "idle"
        assert desk.sent("hold.call") == 1


async def test_a_command_on_somebody_elses_call_asks_once_and_names_both() -> None:
    async with open_desk() as desk:
        call_session_id = await desk.talk(STRANGER, PETER)
        desk.console.choice.choose(call_session_id)
        await until(lambda: desk.is_on(A.HOLD), what="Hold")
        desk.click(A.HOLD)
        box = await desk.dialog("confirm_dialog")
        assert isinstance(box, QMessageBox)
        assert "+7\N{NO-BREAK SPACE}999\N{NO-BREAK SPACE}111-22-33" in box.text()
        assert "Гусев Пётр Ильич" in box.text()
        assert box.defaultButton() is not None
        assert box.defaultButton().objectName() == "cancel_button"
        QTest.keyClick(box, Qt.Key.Key_Return)
        await until(lambda: not box.isVisible(), what="refused")
        assert desk.sent("hold.call") == 0
        desk.click(A.HOLD)
        box = await desk.dialog("confirm_dialog")
        QTest.mouseClick(child(box, QPushButton, "confirm_button"), Qt.MouseButton.LeftButton)
        await desk.see(call_session_id, CallState.HOLD)
        await until(lambda: desk.is_on(A.RETRIEVE), what="Retrieve")
        desk.click(A.RETRIEVE)
        await desk.see(call_session_id, CallState.TALK)
        assert (desk.sent("hold.call"), desk.sent("unhold.call")) == (1, 1)


async def test_a_sequence_of_keys_goes_one_by_one_with_progress() -> None:
    async with open_desk() as desk:
        await desk.talk()
        await until(lambda: desk.is_on(A.SEND_DTMF), what="Keypad")
        desk.press_key(Qt.Key.Key_F11)
        dialog = await desk.dialog("keypad_dialog")
        assert isinstance(dialog, KeypadDialog)
        QTest.keyClicks(dialog.field, "12*#")
        QTest.keyClick(dialog.field, Qt.Key.Key_Return)
        await until(lambda: dialog.progress.text() == "4 of 4 sent", what="progress")
        await until(dialog._keys[0].isEnabled, what="keys on again")
        sent = [entry.params for entry in desk.simulator.journal.entries_of("send.dtmf")]
        assert [str(params.get("dtmf_string", params)) for params in sent] == ["1", "2", "*", "#"]


async def test_a_tag_by_key_and_from_the_menu() -> None:
    async with open_desk() as desk:
        call_session_id = await desk.talk()
        first, second = desk.services.settings.pbx.tags[:2]
        desk.press_key(Qt.Key.Key_1, CONTROL_KEY)
        await until(lambda: desk.has_tag(call_session_id, first.name), what="first tag")
        await until(lambda: desk.is_on(A.TAG), what="Tag")
        desk.press_key(Qt.Key.Key_T, CONTROL_KEY)
        await until(lambda: desk.window.findChild(QMenu, "tag_menu"), what="the menu")
        menu = child(desk.window, QMenu, "tag_menu")
        QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Return)
        await until(lambda: desk.has_tag(call_session_id, second.name), what="second tag")
        desk.press_key(Qt.Key.Key_9, CONTROL_KEY)
        await until(lambda: "no tag number 9" in desk.status, what="no ninth tag")


async def test_a_second_press_of_end_call_sends_nothing() -> None:
    async with open_desk() as desk:
        await desk.talk()
        await until(lambda: desk.is_on(A.END_CALL), what="End call")
        desk.press_key(Qt.Key.Key_F8)
        desk.press_key(Qt.Key.Key_F8)
        await until(lambda: desk.sent("release.call") == 1, what="ended")
        await until(lambda: not desk.services.board.calls, what="gone from the list")
        assert len(desk.simulator.journal.entries_of("release.call")) == 1
        await until(lambda: desk.window.current_call.pill.text() == "Ended", what="Ended")


async def test_a_participant_is_taken_out_by_the_button_on_the_line() -> None:
    async with open_desk() as desk:
        call_session_id = await desk.talk()
        await desk.services.call_control.add_coach(call_session_id, "104")
        await until(lambda: len(desk.window.current_call._leg_rows) == 3, what="three participants")
        row = desk.window.current_call._leg_rows[2]
        await until(row.drop.isEnabled, what="Drop")
        QTest.mouseClick(row.drop, Qt.MouseButton.LeftButton)
        await until(lambda: desk.sent("disconnect.leg") == 1, what="dropped")
        assert desk.services.board.call(call_session_id) is not None


async def test_a_dialog_about_a_call_goes_with_the_call() -> None:
    async with open_desk() as desk:
        call_session_id = await desk.talk()
        await until(lambda: desk.is_on(A.SEND_DTMF), what="Keypad")
        desk.press_key(Qt.Key.Key_F11)
        dialog = await desk.dialog("keypad_dialog")
        closed: list[int] = []
        dialog.finished.connect(closed.append)
        desk.simulator.pbx.hang_up(call_session_id, "contact")
        desk.services.poller.refresh_soon()
        await until(lambda: closed, timeout=8.0, what="the dialog is gone")


async def test_f2_leads_to_my_call_and_f9_to_the_held_one() -> None:
    async with open_desk() as desk:
        foreign = await desk.talk(STRANGER, PETER)
        mine = await desk.talk()
        desk.console.choice.choose(foreign)
        desk.press_key(Qt.Key.Key_F9)
        assert "no such call" in desk.status
        desk.press_key(Qt.Key.Key_F2)
        assert desk.console.choice.current == mine
        await until(lambda: desk.window.current_call.number.text() == MARIA_SHOWN, what="my call shown")


async def test_the_menu_knows_what_is_off() -> None:
    async with open_desk() as desk:
        await desk.talk()
        actions = {action.value: item for action, item in desk.window.actions_by_name.items()}
        await until(lambda: actions["hold"].isEnabled(), what="Hold in the menu")
        assert not actions["retrieve"].isEnabled()
        assert "not on hold" in actions["retrieve"].statusTip()
        assert actions["complete_transfer"].text() == "Transfer…"


async def test_a_hostile_name_stays_plain_text_everywhere() -> None:
    name = '<img src="file:///etc/passwd"><b>Bank</b>'
    async with open_desk() as desk:
        user = desk.simulator.config.bitrix_user_id
        desk.simulator.bitrix24.add_contact("CONTACT", 990, name, STRANGER, user)
        await desk.ring(STRANGER)
        await until(lambda: desk.window.current_call.caller.text() == name, what="the name")
        for label in desk.window.findChildren(QLabel):
            assert label.textFormat() is Qt.TextFormat.PlainText, label.objectName()
        assert "<" not in desk.window.current_call.caller.toolTip()


async def test_link_points_and_age_are_told(expected_log: object) -> None:
    async with open_desk() as desk:
        line = desk.window.status_line
        await until(lambda: line.link.text() == "Connected", what="the link light")
        line.tick()
        assert line.age.text().startswith("seen ")
        await desk.talk()
        await until(lambda: "per minute" in line.points.text(), what="points")
        assert callable(expected_log)
        expected_log(".*")
        desk.simulator.set_down("pbx", down=True)
        desk.services.poller.refresh_soon()
        await until(lambda: line.link.text() == "No answer", timeout=8.0, what="trouble")
        await until(lambda: line.link.text() == "No connection", timeout=20.0, what="down")
        banner = desk.window.banners._banners
        assert any(one.isVisible() and "does not answer" in one.label.text() for one in banner.values())
        assert desk.is_on(A.HOLD)


async def test_after_the_end_the_actions_say_that_the_call_is_over() -> None:
    async with open_desk() as desk:
        call_session_id = await desk.talk()
        desk.simulator.pbx.hang_up(call_session_id, "contact")
        await until(lambda: desk.services.board.call(call_session_id) is None, what="the end")
        await until(lambda: desk.window.current_call.pill.text() == "Ended", what="the ended call is still shown")
        for key in (Qt.Key.Key_F7, Qt.Key.Key_F8):
            desk.press_key(key)
            assert "The call is over." in desk.status
        desk.window.status_line.say("")
        desk.press_key(Qt.Key.Key_Escape)
        assert desk.status == ""


async def test_a_coach_for_a_held_caller_needs_the_caller_back_first() -> None:
    async with open_desk() as desk:
        call_session_id = await desk.talk()
        await desk.services.call_control.hold(call_session_id)
        await desk.see(call_session_id, CallState.HOLD)
        desk.press_key(Qt.Key.Key_F12)
        await until(lambda: desk.status == "Coach…: Take the caller back first (F7).", what="the reason")
