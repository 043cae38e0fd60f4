"""A command on a call that is not mine is asked about once, and *Cancel* is what Return and Escape mean."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QPushButton

from app.domain.actions import CallAction
from app.domain.calls import CallState
from tests.scenarios.console import COLLEAGUE, COLLEAGUE_NAME, Console, open_desk
from tests.scenarios.deeds import DEEDS, Deed

SPEED = 10.0
every_command = pytest.mark.parametrize("deed", DEEDS, ids=[deed.action.value for deed in DEEDS])


async def colleagues_call(console: Console, deed: Deed) -> int:
    """The call of a colleague, chosen in the list, with the command on."""
    call_session_id = await console.call_in(deed.begins, employee=COLLEAGUE)
    if deed.prepare is not None:
        deed.prepare(console, call_session_id)
    await console.next_polls(2)
    console.choose_call(call_session_id)
    await deed.is_on(console)
    return call_session_id


async def question(console: Console) -> QMessageBox:
    return await console.widget(QMessageBox, "confirm_dialog")


async def answered(console: Console) -> None:
    await console.wait_for("the question to go", lambda: not console.is_shown(QMessageBox, "confirm_dialog"))


@every_command
async def test_every_command_on_a_colleagues_call_asks_first_and_return_means_no(deed: Deed, tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        await colleagues_call(console, deed)
        await deed.press(console)
        box = await question(console)
        assert "+7\N{NO-BREAK SPACE}906\N{NO-BREAK SPACE}219-50-47" in box.text(), "the number stays on one line"
        assert COLLEAGUE_NAME in box.text()
        assert "It is not your call." in box.text()
        default = box.defaultButton()
        assert default is not None
        assert default.text() == "Cancel"
        QTest.keyClick(box, Qt.Key.Key_Return)
        await answered(console)
        await console.next_polls(2)
        assert console.journal(deed.method) == []


@every_command
async def test_every_command_on_a_colleagues_call_is_sent_once_it_was_agreed_to(deed: Deed, tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        await colleagues_call(console, deed)
        await deed.press(console)
        await console.click(QPushButton, "confirm_button")
        if deed.clicks is not None:
            await deed.clicks(console)
        await console.wait_for("the command", lambda: console.journal(deed.method) == ["ok"] * deed.requests)


async def test_a_consent_is_remembered_for_its_call_and_for_no_other(tmp_path: Path) -> None:
    hold = next(deed for deed in DEEDS if deed.action is CallAction.HOLD)
    async with open_desk(tmp_path, speed=SPEED) as console:
        first = await colleagues_call(console, hold)
        await console.press(CallAction.HOLD)
        await console.click(QPushButton, "confirm_button")
        await console.shows_state(CallState.HOLD)
        await console.press(CallAction.RETRIEVE)
        await console.shows_state(CallState.TALK)
        assert console.journal("unhold.call") == ["ok"]
        await console.press(CallAction.END_CALL)  # ending is asked about again, though moving was agreed to
        assert "End call" in (await question(console)).text()
        await console.click(QPushButton, "cancel_button")
        second = await console.call_in(CallState.TALK, employee=2003, contact="79161973069")
        model = console.window.active_calls.model
        await console.wait_for("its row", lambda: any(row.call_session_id == second for row in model.rows))
        console.choose_call(second)
        await console.press(CallAction.HOLD)
        await question(console)
        await console.click(QPushButton, "cancel_button")
        await console.next_polls(2)
        assert console.journal("hold.call") == ["ok"]
        assert console.journal("release.call") == []
        assert first in console.services.board.calls


async def test_escape_means_no_and_the_call_that_ends_meanwhile_gets_no_command(tmp_path: Path) -> None:
    hold = next(deed for deed in DEEDS if deed.action is CallAction.HOLD)
    async with open_desk(tmp_path, speed=SPEED) as console:
        call_session_id = await colleagues_call(console, hold)
        await console.press(CallAction.HOLD)
        QTest.keyClick(await question(console), Qt.Key.Key_Escape)
        await console.wait_for("the question to go", lambda: not console.is_shown(QMessageBox, "confirm_dialog"))
        await console.press(CallAction.HOLD)
        box = await question(console)
        console.simulator.pbx.hang_up(call_session_id, "contact")
        await console.next_polls(3)
        agree = box.findChild(QPushButton, "confirm_button")
        if agree is not None and agree.isVisible():
            QTest.mouseClick(agree, Qt.MouseButton.LeftButton)
        await console.next_polls(2)
        assert console.journal("hold.call") == []


async def test_my_own_call_is_never_asked_about(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        await console.call_in(CallState.TALK)
        await console.press(CallAction.HOLD)
        await console.shows_state(CallState.HOLD)
        assert console.window.findChildren(QMessageBox) == []
