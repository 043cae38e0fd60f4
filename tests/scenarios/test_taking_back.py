"""What can be taken back instead of being asked about: tags count down, Escape undoes them before anything else."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu, QMessageBox, QPushButton, QWidget

from app.domain.actions import CallAction
from app.domain.calls import CallState
from tests.scenarios.console import KNOWN_NAME, Console, open_desk
from ui.panels.in_hand.presenter import InHandPresenter
from ui.windows.keypad_dialog import KeypadDialog
from ui.windows.main_window import MainWindow
from ui.windows.number_dialog import NumberDialog

CONTROL = Qt.KeyboardModifier.ControlModifier
SECOND_TAG = "Жалоба"


async def counting(console: Console, key: Qt.Key = Qt.Key.Key_2) -> None:
    """A tag that has just been given by its key."""
    console.key(key, CONTROL)
    await console.wait_for("the countdown", lambda: console.is_shown(QWidget, "tag_countdown_0"))


async def in_front(console: Console) -> None:
    console.window.activateWindow()
    await console.wait_for("the main window in front", console.window.isActiveWindow)


async def test_a_tag_counts_down_in_sight_and_goes_out_when_nobody_takes_it_back(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        await console.call_in(CallState.TALK)
        await counting(console)
        assert console.text("tag_countdown_0_text") == f"Tag “{SECOND_TAG}” in 4 s"
        assert console.find(QPushButton, "tag_countdown_0_undo").text() == "Undo (Esc)"
        await console.expect_text("tag_countdown_0_text", "in 2 s")
        assert console.journal("tag.call") == []
        await console.expect_text("current_call_tags", SECOND_TAG)
        assert console.journal("tag.call") == ["ok"]
        assert not console.window.in_hand.isVisible()
        assert console.window.findChildren(QMessageBox) == [], "taken back, never asked about"


@pytest.mark.parametrize("by_key", [True, False])
async def test_what_was_taken_back_is_never_sent(tmp_path: Path, by_key: bool) -> None:
    async with open_desk(tmp_path, speed=10.0) as console:
        await console.call_in(CallState.TALK)
        await counting(console)
        if by_key:
            console.key(Qt.Key.Key_Escape)
        else:
            await console.click(QPushButton, "tag_countdown_0_undo")
        await console.says(f"Tag “{SECOND_TAG}” was not set.")
        console.clock.leap(10)
        await console.next_polls(3)
        assert console.journal("tag.call") == []
        assert not console.window.in_hand.isVisible()


async def test_the_newest_goes_first_and_each_stands_on_a_line_of_its_own(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        await console.call_in(CallState.TALK)
        await counting(console)
        console.key(Qt.Key.Key_3, CONTROL)
        await console.wait_for("two", lambda: console.is_shown(QWidget, "tag_countdown_1"))
        assert not console.is_shown(QPushButton, "tag_countdown_0_undo"), "Escape means the newest"
        console.key(Qt.Key.Key_Escape)
        await console.says("Tag “Перезвонить” was not set.")
        await console.wait_for("one", lambda: not console.is_shown(QWidget, "tag_countdown_1"))
        await console.expect_text("tag_countdown_0_text", SECOND_TAG)
        assert console.find(QPushButton, "tag_countdown_0_undo").isVisible()


async def test_escape_takes_back_then_closes_the_small_window_and_only_then_goes_back_to_the_caller(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path) as console:
        await console.call_in(CallState.CONSULT)
        console.key(Qt.Key.Key_F11)
        keypad = await console.widget(KeypadDialog, "keypad_dialog")
        await console.wait_for("the keypad in front", keypad.isActiveWindow)
        await counting(console)
        console.key(Qt.Key.Key_Escape)
        await console.says("was not set")
        assert keypad.isVisible()
        console.key(Qt.Key.Key_Escape)
        await console.wait_for("the keypad to close", lambda: not console.is_shown(KeypadDialog, "keypad_dialog"))
        assert console.journal("restore.talk") == []
        await in_front(console)
        console.key(Qt.Key.Key_Escape)
        await console.shows_state(CallState.TALK)
        assert console.journal("restore.talk") == ["ok"]


async def test_escape_in_an_open_menu_takes_back_before_it_closes_the_menu(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        await console.call_in(CallState.TALK)
        await counting(console)
        await console.press(CallAction.TAG)
        menu = await console.widget(QMenu, "tag_menu")
        QTest.keyClick(menu, Qt.Key.Key_Escape)
        await console.says("was not set")
        assert menu.isVisible()
        QTest.keyClick(menu, Qt.Key.Key_Escape)
        assert not menu.isVisible()
        assert console.journal("tag.call") == []


async def test_from_the_menu_and_by_number_tags_count_down_too(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        await console.call_in(CallState.TALK)
        await console.press(CallAction.TAG)
        await console.choose("tag_menu", SECOND_TAG)
        await console.expect_text("tag_countdown_0_text", SECOND_TAG)
        await console.press(CallAction.TAG)
        await console.choose("tag_menu", "Other tag…")
        await console.type_into(QLineEdit, "tag_number_field", "256")
        await console.click(QPushButton, "tag_number_go")
        await console.expect_text("tag_countdown_1_text", "Перезвонить")
        assert console.journal("tag.call") == []


async def test_a_tag_still_counting_goes_out_before_the_call_is_ended(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        call_session_id = await console.call_in(CallState.TALK)
        await counting(console)
        console.key(Qt.Key.Key_F8)
        await console.wait_for("the end", lambda: call_session_id not in console.services.board.calls)
        assert console.journal("tag.call") == ["ok"]
        call = console.simulator.pbx.call(call_session_id)
        assert [tag.name for tag in call.tags] == [SECOND_TAG]


async def test_a_tag_still_counting_goes_out_when_the_console_closes(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        await console.call_in(CallState.TALK)
        await counting(console)
        simulator = console.simulator
        await console.services.delayed_tags.aclose()
        assert [entry.outcome for entry in simulator.journal.entries_of("tag.call")] == ["ok"]


async def test_a_tag_of_a_call_that_is_not_shown_names_its_caller(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        first = await console.call_in(CallState.TALK)
        other = await console.call_in(CallState.TALK, employee=2003, contact="79161973069")
        await console.choose_call(first)
        await counting(console)
        await console.choose_call(other)
        await console.expect_text("tag_countdown_0_text", KNOWN_NAME)


async def test_blocking_is_asked_about_with_the_number_and_return_means_no(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        await console.call_in(CallState.TALK)
        for _ in range(2):
            await console.press(CallAction.BLOCK_CALLER)
            box = await console.widget(QMessageBox, "confirm_dialog")
            assert "+7\N{NO-BREAK SPACE}906\N{NO-BREAK SPACE}219-50-47" in box.text()
            assert "blacklist" in box.text()
            assert "not your call" not in box.text()
            default = box.defaultButton()
            assert default is not None
            assert default.text() == "Cancel"
            QTest.keyClick(box, Qt.Key.Key_Return)
            await console.wait_for("no question", lambda: not console.is_shown(QMessageBox, "confirm_dialog"))
        assert console.journal("block.contact") == []
        await console.press(CallAction.BLOCK_CALLER)
        await console.click(QPushButton, "confirm_button")
        await console.says("Block caller: confirmed.")
        assert console.journal("block.contact") == ["ok"]


async def test_a_hidden_number_cannot_be_blocked_and_the_button_says_why(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        await console.call_in(CallState.TALK, contact="")
        button = console.window.command_bar.button(CallAction.BLOCK_CALLER)
        await console.wait_for("the reason", lambda: "hides the number" in button.toolTip())
        assert not button.is_on


async def test_a_call_that_ends_while_the_question_is_open_blocks_nobody_and_says_so(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        call_session_id = await console.call_in(CallState.TALK)
        await console.press(CallAction.BLOCK_CALLER)
        box = await console.widget(QMessageBox, "confirm_dialog")
        console.simulator.pbx.hang_up(call_session_id, "contact")
        console.refresh()
        await console.wait_for("the end", lambda: call_session_id not in console.services.board.calls)
        agree = box.findChild(QPushButton, "confirm_button")
        assert agree is not None
        QTest.mouseClick(agree, Qt.MouseButton.LeftButton)
        await console.says("Block caller…: The call is over.")
        assert console.journal("block.contact") == []


async def test_the_function_keys_work_while_a_small_window_has_the_keyboard(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        await console.call_in(CallState.TALK)
        console.key(Qt.Key.Key_F12)
        coach = await console.widget(NumberDialog, "number_dialog")
        await console.wait_for("the small window in front", coach.isActiveWindow)
        console.key(Qt.Key.Key_F7)
        await console.shows_state(CallState.HOLD)
        assert coach.isVisible()
        console.key(Qt.Key.Key_F7)
        await console.shows_state(CallState.TALK)
        assert (console.journal("hold.call"), console.journal("unhold.call")) == (["ok"], ["ok"])
        console.key(Qt.Key.Key_F11)
        await console.widget(KeypadDialog, "keypad_dialog")


async def test_keys_pressed_faster_than_they_can_be_sent_are_all_heard_in_order(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        call_session_id = await console.call_in(CallState.TALK)
        await console.press(CallAction.SEND_DTMF)
        keypad = await console.widget(KeypadDialog, "keypad_dialog")
        for name in ("1", "1", "2", "hash", "2"):
            button = keypad.findChild(QPushButton, f"keypad_{name}")
            assert button is not None
            assert button.isEnabled()
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        call = console.simulator.pbx.call(call_session_id)
        await console.wait_for("all keys", lambda: call.dtmf == "112#2")
        await console.expect_text("keypad_progress", "5 of 5 sent")


async def test_behind_a_key_that_was_refused_nothing_more_is_sent(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        call_session_id = await console.call_in(CallState.TALK)
        await console.press(CallAction.SEND_DTMF)
        keypad = await console.widget(KeypadDialog, "keypad_dialog")
        console.simulator.account.switches.refuse_next("send.dtmf", "invalid_state")
        for symbol in "123":
            keypad.symbols_requested.emit(symbol)
        await console.says("Keypad: refused.")
        await console.next_polls(2)
        assert console.simulator.pbx.call(call_session_id).dtmf == ""
        assert len(console.journal("send.dtmf")) == 1
        keypad.symbols_requested.emit("4")
        await console.wait_for("the next one", lambda: console.simulator.pbx.call(call_session_id).dtmf == "4")


async def test_without_the_keys_lent_to_it_a_small_window_would_swallow_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MainWindow, "lend_keys", lambda *_: None)
    async with open_desk(tmp_path) as console:
        await console.call_in(CallState.TALK)
        console.key(Qt.Key.Key_F12)
        coach = await console.widget(NumberDialog, "number_dialog")
        await console.wait_for("the small window in front", coach.isActiveWindow)
        console.key(Qt.Key.Key_F7)
        await console.next_polls(2)
        assert console.journal("hold.call") == []


async def test_without_the_undo_first_escape_would_go_back_to_the_caller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(InHandPresenter, "undo", lambda _: False)
    async with open_desk(tmp_path) as console:
        await console.call_in(CallState.CONSULT)
        await counting(console)
        console.key(Qt.Key.Key_Escape)
        await console.wait_for("back with the caller", lambda: console.journal("restore.talk") == ["ok"])


async def test_the_keys_work_from_new_call_too_and_leave_its_text(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        await console.call_in(CallState.TALK)
        console.key(Qt.Key.Key_F3)
        field = await console.widget(QLineEdit, "new_call_field")
        await console.wait_for("the small window in front", lambda: field.window().isActiveWindow())
        await console.type_into(QLineEdit, "new_call_field", "8999")
        console.key(Qt.Key.Key_F7)
        await console.shows_state(CallState.HOLD)
        assert field.text() == "8999"
        console.key(Qt.Key.Key_Escape)
        await console.wait_for("closed", lambda: not console.is_shown(QLineEdit, "new_call_field"))
