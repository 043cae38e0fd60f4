"""Hold with a reason and its promise; the account's talk options with their keys, toggles and the half-minute rule."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu, QWidget

from app.domain.actions import CallAction
from app.domain.calls import CallSessionId, CallState
from app.simulator.faults import HoldUntilReleased, LoseReply
from tests.scenarios.console import UNKNOWN_NUMBER, UNKNOWN_SHOWN, Console, open_desk
from ui.demo import HOLD_REASONS
from ui.theme import theme
from ui.widgets.option_button import OptionButton

ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
RECORDER, COACH = "2", "4"
FIRST_REASON = HOLD_REASONS[0]


def held_with(console: Console) -> str:
    """What the PBX was asked to play to the caller on hold."""
    (asked,) = console.simulator.journal.entries_of("hold.call")
    return str(asked.params["contact_message"])


async def test_f7_holds_at_once_with_the_usual_message(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        await console.call_in(CallState.TALK)
        console.key(Qt.Key.Key_F7)
        await console.shows_state(CallState.HOLD)
        assert console.services.settings.pbx.hold_message.value in held_with(console)
        assert not console.is_shown(QLabel, "current_call_promise")


async def choose_by_key(console: Console) -> None:
    console.key(Qt.Key.Key_F7, SHIFT)


async def choose_by_arrow(console: Console) -> None:
    button = console.window.command_bar.button(CallAction.HOLD)
    corner = QPoint(button.width() - 8, button.height() - 8)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=corner)


@pytest.mark.parametrize("open_menu", [choose_by_key, choose_by_arrow])
async def test_a_reason_is_played_shown_and_amber_once_its_promise_is_over(tmp_path: Path, open_menu: Any) -> None:
    async with open_desk(tmp_path) as console:
        await console.call_in(CallState.TALK)
        await console.wait_for("Hold", lambda: console.window.command_bar.button(CallAction.HOLD).is_on)
        await open_menu(console)
        menu = await console.widget(QMenu, "hold_menu")
        assert [action.text() for action in menu.actions()][:2] == [
            "The usual message",
            f"{FIRST_REASON.name} · back within 1:00",
        ]
        assert console.journal("hold.call") == [], "opening the menu holds nobody"
        await console.choose("hold_menu", f"{FIRST_REASON.name} · back within 1:00")
        await console.shows_state(CallState.HOLD)
        assert FIRST_REASON.value in held_with(console)
        await console.expect_text("current_call_promise", "left as promised", FIRST_REASON.name)
        calm = ink_of(console)
        console.clock.leap(61)
        await console.expect_text("current_call_promise", "longer than promised", FIRST_REASON.name)
        assert ink_of(console) == QColor(theme.colours.held) != calm
        console.key(Qt.Key.Key_F7)
        await console.shows_state(CallState.TALK)
        assert not console.is_shown(QLabel, "current_call_promise")


def ink_of(console: Console) -> QColor:
    return console.find(QLabel, "current_call_promise").palette().color(QPalette.ColorRole.WindowText)


async def test_a_reason_without_a_promise_is_only_named(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        await console.call_in(CallState.TALK)
        console.key(Qt.Key.Key_F7, SHIFT)
        await console.choose("hold_menu", HOLD_REASONS[2].name)
        await console.expect_text("current_call_promise", HOLD_REASONS[2].name)
        console.clock.leap(600)
        await console.next_polls(2)
        assert console.text("current_call_promise") == HOLD_REASONS[2].name


async def test_a_held_call_cannot_be_held_with_a_reason_and_says_why(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        await console.call_in(CallState.HOLD)
        console.key(Qt.Key.Key_F7, SHIFT)
        await console.says("Hold: The caller is on hold already.")
        assert not console.is_shown(QMenu, "hold_menu")


@asynccontextmanager
async def with_options(tmp_path: Path, **chosen: Any) -> AsyncIterator[Console]:
    async with open_desk(tmp_path, **chosen) as console:
        await console.wait_for("the talk options", lambda: console.window.talk_options.isVisible())
        yield console


def option(console: Console, phone_key: str) -> OptionButton:
    button = console.window.talk_options.button(phone_key)
    assert button is not None
    return button


async def test_an_option_is_pressed_once_and_only_the_list_moves_its_toggle(tmp_path: Path) -> None:
    async with with_options(tmp_path) as console:
        await console.call_in(CallState.TALK)
        button = option(console, RECORDER)
        await console.wait_for("on", lambda: button.is_on)
        assert button.isCheckable()
        assert not button.isChecked()
        with console.list_held_back() as held:
            await held.wait_held()
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
            await console.says("Диктофон: accepted")
            assert not button.isChecked(), "nobody has seen it yet"
            assert not button.is_on, "a toggle must not be pressed back while nobody knows"
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
            console.key(Qt.Key.Key_2, ALT)
        await console.wait_for("recording", button.isChecked)
        assert console.journal("call.talk_option") == ["ok"]
        console.key(Qt.Key.Key_2, ALT)
        await console.wait_for("no recording", lambda: not button.isChecked())
        assert console.journal("call.talk_option") == ["ok", "ok"]


async def test_an_option_whose_answer_was_lost_is_looked_for_and_never_repeated(tmp_path: Path) -> None:
    async with with_options(tmp_path) as console:
        await console.call_in(CallState.TALK)
        button = option(console, RECORDER)
        await console.wait_for("on", lambda: button.is_on)
        console.simulator.faults.add(LoseReply(), operation="call.talk_option")
        console.key(Qt.Key.Key_2, ALT)
        await console.wait_for("seen", button.isChecked)
        await console.next_polls(3)
        assert len(console.journal("call.talk_option")) == 1
        assert button.isChecked()


async def test_a_key_without_an_option_and_an_option_that_is_off_say_so(tmp_path: Path) -> None:
    async with with_options(tmp_path) as console:
        await console.call_in(CallState.RINGING)
        console.key(Qt.Key.Key_9, ALT)
        await console.says("There is no talk option on phone key 9.")
        console.key(Qt.Key.Key_2, ALT)
        await console.says("Диктофон: Nobody has answered the call yet.")
        assert "Nobody has answered" in option(console, RECORDER).toolTip()
        assert "Nobody has answered" in option(console, RECORDER).accessibleDescription()
        assert "Nobody has answered" in console.window.talk_options.reason.text()
        assert console.journal("call.talk_option") == []


async def test_in_an_outgoing_call_the_options_count_down_half_a_minute(tmp_path: Path) -> None:
    async with with_options(tmp_path) as console:
        call_session_id = CallSessionId(console.simulator.pbx.ring_out(console.me, UNKNOWN_NUMBER))
        console.refresh()
        await console.wait_for("the call", lambda: call_session_id in console.services.board.calls)
        console.simulator.pbx.contact_answers(call_session_id)
        console.refresh()
        await console.shows_state(CallState.TALK)
        reason = console.window.talk_options.reason
        await console.wait_for("the rule", lambda: "begin after 30 seconds" in reason.text())
        first = reason.text()
        await console.wait_for("the countdown", lambda: reason.text() != first)
        console.key(Qt.Key.Key_2, ALT)
        await console.says("Диктофон: In an outgoing call the talk options begin after 30 seconds")
        assert console.journal("call.talk_option") == []
        console.clock.leap(31)
        await console.wait_for("on", lambda: option(console, RECORDER).is_on)
        assert reason.text() == ""


async def test_the_menu_bar_has_the_options_too(tmp_path: Path) -> None:
    async with with_options(tmp_path) as console:
        await console.call_in(CallState.TALK)
        menu = console.window.findChild(QMenu, "menu_talk_option")
        assert menu is not None
        entry = next(action for action in menu.actions() if action.text() == "Диктофон")
        entry.trigger()
        await console.wait_for("recording", lambda: console.is_shown(QWidget, "current_call_recording"))


async def test_an_account_without_options_shows_no_row_and_no_menu(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        await console.wait_for("the options", lambda: console.services.talk_options.options)
        console.simulator.pbx.directory.talk_options.clear()
        console.services.talk_options.use(console.services.telephony)
        await console.next_polls(2)
        await console.wait_for("no row", lambda: not console.window.talk_options.isVisible())
        console.hush()
        console.key(Qt.Key.Key_2, ALT)
        assert console.message == ""


async def test_the_call_that_comes_up_under_the_hand_gets_no_option_meant_for_the_one_before(tmp_path: Path) -> None:
    async with with_options(tmp_path) as console:
        first = await console.call_in(CallState.TALK)
        second = CallSessionId(console.simulator.pbx.ring_in(UNKNOWN_NUMBER, employees=[console.me]))
        console.refresh()
        await console.wait_for("both", lambda: second in console.services.board.calls)
        console.simulator.pbx.hang_up(first, "contact")
        console.simulator.pbx.answer(second, console.me)
        request = console.simulator.faults.add(HoldUntilReleased(), operation="call.talk_option")
        console.refresh()
        await console.wait_for("the next call", lambda: console.text("current_call_caller") == UNKNOWN_SHOWN)
        console.key(Qt.Key.Key_2, ALT)
        await console.says("Another call has just come up.")
        assert console.journal("call.talk_option") == []
        request.release()
