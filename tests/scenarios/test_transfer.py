"""Consulting and transferring by one choice: the console holds, calls, hands over or comes back by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from app.domain.actions import CallAction
from app.domain.calls import CallSessionId, CallState
from app.simulator.faults import HoldUntilReleased
from tests.scenarios.console import COLLEAGUE_NAME, KNOWN_NAME, KNOWN_NUMBER, Console, open_desk
from ui.windows.transfer_dialog import TransferDialog

SPEED = 10.0
A = CallAction
CONTROL = Qt.KeyboardModifier.ControlModifier
PICKED = "Гусев"


async def picker(console: Console, key: Qt.Key) -> TransferDialog:
    """The window that the key opens."""
    console.key(key)
    return await console.widget(TransferDialog, "number_dialog")


async def in_front(console: Console) -> None:
    """The main window has the keyboard again: what a window manager does when a small window closes."""
    console.window.activateWindow()
    await console.wait_for("the main window in front", console.window.isActiveWindow)


async def armed(console: Console, *, note: str = "") -> int:
    """My call, with a transfer to a colleague under way and the colleague's phone ringing."""
    call_session_id = await console.call_in(CallState.TALK)
    await picker(console, Qt.Key.Key_F4)
    await console.type_into(QLineEdit, "number_field", PICKED)
    if note:
        await console.type_into(QLineEdit, "transfer_note", note)
    await console.click(QPushButton, "transfer_when_answered")
    await console.shows_state(CallState.CONSULT_RINGING)
    await console.expect_text("armed_0_text", "Гусев", "back in 0:")
    return call_session_id


async def test_one_choice_holds_calls_and_hands_over_once_the_colleague_talks(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        call_session_id = await armed(console, note="Котова, счёт")
        (asked,) = console.simulator.journal.entries_of("make.call")
        assert "Котова, счёт" in str(asked.params)
        console.simulator.pbx.colleague_answers(call_session_id)
        console.refresh()
        await console.says(f"The caller is with {COLLEAGUE_NAME}.")
        for method in ("hold.call", "make.call", "transfer.talk"):
            assert console.journal(method) == ["ok"]
        assert console.journal("restore.talk") == []
        await console.wait_for("no strip", lambda: not console.window.in_hand.isVisible())
        assert console.window.findChildren(QWidget, "confirm_dialog") == [], "never a question"


async def test_the_status_line_speaks_of_the_transfer_and_not_of_its_steps(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        await armed(console)
        await console.says("Transfer to ", PICKED, "when answered · the phone rings")
        await console.next_polls(2)
        assert "Consult" not in console.message


async def test_nobody_answers_and_the_caller_comes_back_by_itself(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        await armed(console)
        console.clock.leap(31)
        await console.says(f"{COLLEAGUE_NAME} did not answer: you have the caller again.")
        await console.shows_state(CallState.TALK)
        assert console.journal("transfer.talk") == []
        assert console.journal("restore.talk") == ["ok"]


async def test_the_countdown_runs_down_and_nothing_but_its_words_changes(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        await armed(console)
        strip = console.find(QWidget, "armed_0")
        words = console.text("armed_0_text")
        await console.wait_for("a second", lambda: console.text("armed_0_text") != words)
        place, words = strip.geometry(), console.text("armed_0_text")
        await console.wait_for("another one", lambda: console.text("armed_0_text") != words)
        assert strip.geometry() == place


@pytest.mark.parametrize("by_key", [True, False])
async def test_stop_waiting_and_escape_go_back_to_the_caller(tmp_path: Path, by_key: bool) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        await armed(console)
        await in_front(console)
        if by_key:
            console.key(Qt.Key.Key_Escape)
        else:
            await console.click(QPushButton, "armed_0_back")
        await console.shows_state(CallState.TALK)
        assert console.journal("restore.talk") == ["ok"]
        assert console.journal("transfer.talk") == []
        await console.wait_for("no strip", lambda: not console.window.in_hand.isVisible())


async def test_stopped_before_the_colleague_was_called_nobody_is_called(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        await console.call_in(CallState.TALK)
        request = console.simulator.faults.add(HoldUntilReleased(before_effect=True), operation="hold.call")
        await picker(console, Qt.Key.Key_F4)
        await console.type_into(QLineEdit, "number_field", PICKED)
        await console.click(QPushButton, "transfer_when_answered")
        await console.expect_text("armed_0_text", "putting the caller on hold")
        await in_front(console)
        console.key(Qt.Key.Key_Escape)
        request.release()
        await console.shows_state(CallState.HOLD)
        await console.next_polls(3)
        assert console.journal("make.call") == []


async def test_from_a_talk_consult_holds_first_and_hands_nothing_over(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        call_session_id = await console.call_in(CallState.TALK)
        dialog = await picker(console, Qt.Key.Key_F5)
        await console.type_into(QLineEdit, "number_field", "102")
        console.key(Qt.Key.Key_Return)
        await console.wait_for("the picker to go", lambda: not dialog.isVisible())
        await console.shows_state(CallState.CONSULT_RINGING)
        console.simulator.pbx.colleague_answers(call_session_id)
        console.refresh()
        await console.shows_state(CallState.CONSULT)
        await console.next_polls(3)
        assert "Transfer to" not in console.message, "nobody is handed over by itself"
        assert console.journal("hold.call") == console.journal("make.call") == ["ok"]
        assert console.journal("transfer.talk") == []
        await in_front(console)
        console.key(Qt.Key.Key_F4)
        await console.shows_state(CallState.TALK)
        assert console.journal("transfer.talk") == ["ok"]


async def test_return_in_the_window_that_f4_opened_hands_over_when_answered(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        await console.call_in(CallState.TALK)
        await picker(console, Qt.Key.Key_F4)
        await console.type_into(QLineEdit, "number_field", "102")
        console.key(Qt.Key.Key_Return)
        await console.expect_text("armed_0_text", "102")


async def test_control_return_hands_over_from_a_held_call_without_holding_again(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        call_session_id = await console.call_in(CallState.HOLD)
        await picker(console, Qt.Key.Key_F5)
        await console.type_into(QLineEdit, "number_field", "102")
        console.key(Qt.Key.Key_Return, CONTROL)
        await console.shows_state(CallState.CONSULT_RINGING)
        console.simulator.pbx.colleague_answers(call_session_id)
        console.refresh()
        await console.wait_for("handed over", lambda: console.journal("transfer.talk") == ["ok"])
        assert console.journal("hold.call") == []


async def test_while_a_transfer_is_under_way_a_second_one_is_refused_with_the_reason(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        await console.call_in(CallState.TALK)
        console.simulator.faults.add(HoldUntilReleased(before_effect=True), operation="hold.call")
        await picker(console, Qt.Key.Key_F4)
        await console.type_into(QLineEdit, "number_field", PICKED)
        await console.click(QPushButton, "transfer_when_answered")
        await console.expect_text("armed_0_text", "Гусев")
        await in_front(console)
        console.key(Qt.Key.Key_F4)
        await console.says("Transfer…: ", "is on its way")


@pytest.mark.parametrize("mnemonic", ["no_active_phone_number", "invalid_state"])
async def test_a_transfer_the_pbx_refuses_stops_and_says_why(tmp_path: Path, mnemonic: str) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        call_session_id = await console.call_in(CallState.TALK)
        console.simulator.account.switches.refuse_next("make.call", mnemonic)
        await picker(console, Qt.Key.Key_F4)
        await console.type_into(QLineEdit, "number_field", PICKED)
        await console.click(QPushButton, "transfer_when_answered")
        await console.says(f"The transfer to {COLLEAGUE_NAME} stopped; the call stays with you.")
        assert call_session_id in console.services.board.calls
        assert len(console.journal("make.call")) == 1


async def test_transfer_now_leaves_and_a_lost_caller_raises_an_alarm_with_a_call_back(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        call_session_id = await armed(console)
        focused = console.window.focusWidget()
        await in_front(console)
        await console.click(QPushButton, "armed_0_now")
        await console.wait_for("transferred", lambda: console.journal("transfer.talk") == ["ok"])
        console.simulator.pbx.hang_up(call_session_id, "contact")
        console.refresh()
        name = f"lost_caller_{call_session_id}"
        await console.expect_text(f"{name}_text", KNOWN_NAME, "was lost in the transfer to", "Гусев")
        assert console.window.focusWidget() is focused, "an alarm takes no focus"
        await console.click(QPushButton, f"{name}_call_back")
        field = await console.widget(QLineEdit, "new_call_field")
        assert "".join(filter(str.isdigit, field.text())) == KNOWN_NUMBER
        console.key(Qt.Key.Key_Escape)
        assert console.is_shown(QWidget, name), "calling is not reaching"
        await console.click(QPushButton, f"{name}_dismiss")
        await console.wait_for("dismissed", lambda: not console.is_shown(QWidget, name))
        assert console.services.transfer_watch.lost == ()


async def test_a_caller_the_colleague_takes_after_transfer_now_is_nobodys_loss(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        call_session_id = await armed(console)
        await console.click(QPushButton, "armed_0_now")
        await console.wait_for("transferred", lambda: console.journal("transfer.talk") == ["ok"])
        await console.next_polls(1)
        console.simulator.pbx.colleague_answers(call_session_id)
        await console.next_polls(2)
        console.simulator.pbx.hang_up(call_session_id, "contact")
        await console.wait_for("the end", lambda: call_session_id not in console.services.board.calls)
        await console.next_polls(1)
        assert not console.window.lost_callers.isVisible()


async def test_the_strip_of_another_call_names_its_caller(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        first = await armed(console)
        other = await console.call_in(CallState.TALK, employee=2003, contact="79161973069")
        await console.choose_call(other)
        await console.expect_text("armed_0_text", KNOWN_NAME)
        await console.choose_call(first)
        await console.wait_for("the caller is shown large", lambda: KNOWN_NAME not in console.text("armed_0_text"))


async def test_who_is_on_a_call_and_since_when_is_told_in_the_picker(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        await console.call_in(CallState.TALK, employee=2002, contact="79161973069")
        call_session_id = CallSessionId(await console.call_in(CallState.TALK))
        await console.choose_call(call_session_id)
        dialog = await picker(console, Qt.Key.Key_F5)

        def state_of_peter() -> str:
            items = [dialog.list.topLevelItem(at) for at in range(dialog.list.topLevelItemCount())]
            return next(item.text(2) for item in items if item is not None and item.text(0) == COLLEAGUE_NAME)

        first = state_of_peter()
        assert first.startswith("on a call for ")
        await console.wait_for("the time to run on", lambda: state_of_peter() != first)
        dialog.reject()
