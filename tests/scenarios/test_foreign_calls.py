"""A command on a call that is not mine is asked about once, and *Cancel* is what Return and Escape mean."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QPushButton

from app.domain.actions import CallAction
from app.domain.call_start import CallStart, StartVia
from app.domain.calls import CallSessionId, CallState
from app.domain.spoken_message import SpokenMessage
from app.simulator.pbx.commands import CallCommands
from tests.scenarios.console import (
    COLLEAGUE,
    COLLEAGUE_NAME,
    KNOWN_NAME,
    UNKNOWN_NUMBER,
    UNKNOWN_SHOWN,
    Console,
    open_console,
    open_desk,
    open_simulator,
)
from tests.scenarios.deeds import DEEDS, Deed

SPEED = 10.0
every_command = pytest.mark.parametrize("deed", DEEDS, ids=[deed.action.value for deed in DEEDS])


async def colleagues_call(console: Console, deed: Deed) -> int:
    """The call of a colleague, chosen in the list, with the command on."""
    call_session_id = await console.call_in(deed.begins, employee=COLLEAGUE)
    if deed.prepare is not None:
        deed.prepare(console, call_session_id)
    await console.next_polls(2)
    await console.choose_call(call_session_id)
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
        await console.choose_call(second)
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
        await question(console)
        console.hush()
        console.simulator.pbx.hang_up(call_session_id, "contact")
        await answered(console)
        await console.says("Hold", "The call is over.")
        await console.next_polls(2)
        assert console.journal("hold.call") == []


async def test_what_became_impossible_while_the_question_was_open_is_not_sent_and_said(tmp_path: Path) -> None:
    hold = next(deed for deed in DEEDS if deed.action is CallAction.HOLD)
    async with open_desk(tmp_path, speed=SPEED) as console:
        call_session_id = await colleagues_call(console, hold)
        await console.press(CallAction.HOLD)
        await question(console)
        pbx = console.simulator.pbx
        CallCommands(pbx).hold(pbx.call(call_session_id), ("tts", "Минуту"))
        await console.shows_state(CallState.HOLD)
        console.hush()
        await console.click(QPushButton, "confirm_button")
        await console.says("Hold: ")
        await console.next_polls(2)
        assert console.journal("hold.call") == []


async def test_the_question_before_blocking_goes_with_its_call_and_another_calls_question_stays(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        call_session_id = await console.call_in(CallState.TALK)
        other = await console.call_in(CallState.TALK, employee=2003, contact="79161973069")
        await console.choose_call(call_session_id)
        await console.expect_text("current_call_caller", KNOWN_NAME)
        await console.press(CallAction.BLOCK_CALLER)
        await question(console)
        console.simulator.pbx.hang_up(other, "contact")
        await console.wait_for("the end of the other", lambda: other not in console.services.board.calls)
        await console.next_polls(2)
        assert console.is_shown(QMessageBox, "confirm_dialog")
        console.simulator.pbx.hang_up(call_session_id, "contact")
        await answered(console)
        assert console.journal("block.contact") == []


STARTED = {
    via: CallStart(via=via, contact=UNKNOWN_NUMBER, line_number="74951045771")
    for via in (StartVia.SCENARIO, StartVia.VNUMBER, StartVia.INFORMER, StartVia.SIMPLE)
}
STARTED[StartVia.SCENARIO] = replace(STARTED[StartVia.SCENARIO], scenario_id=5001)
STARTED[StartVia.INFORMER] = replace(STARTED[StartVia.INFORMER], contact_message=SpokenMessage("tts", "Добрый день"))
STARTED[StartVia.SIMPLE] = replace(STARTED[StartVia.SIMPLE], operator_number="79265550199")


NOT_RUNG = 2003
"""Nobody's scenario rings this one."""


async def started_here(console: Console, via: StartVia) -> CallSessionId:
    """A call that this console started and that does not ring my phone."""
    await console.wait_for("the account's lists", lambda: console.services.account.lists.lines)
    report = await console.services.start_calls.start(STARTED[via])
    assert report.call_session_id is not None, report.error
    call_session_id = report.call_session_id
    await console.wait_for("the call", lambda: call_session_id in console.services.board.calls)
    await console.expect_text("current_call_caller", UNKNOWN_SHOWN)
    return call_session_id


@pytest.mark.parametrize("via", list(STARTED), ids=[via.value for via in STARTED])
async def test_a_call_i_started_is_mine_whoever_it_rings(via: StartVia, tmp_path: Path) -> None:
    async with open_simulator() as simulator, open_console(simulator, tmp_path, employee_id=NOT_RUNG) as console:
        call_session_id = await started_here(console, via)
        assert console.services.board.calls[call_session_id].session.leg_of(console.services.me) is None
        await console.press(CallAction.END_CALL)
        await console.wait_for("its end", lambda: console.journal("release.call") == ["ok"])
        assert not console.is_shown(QMessageBox, "confirm_dialog")


async def test_a_call_with_the_mark_of_a_colleagues_console_is_not_mine(tmp_path: Path) -> None:
    """Negative control of the test above."""
    async with open_desk(tmp_path) as console:
        telephony = console.services.telephony
        assert telephony is not None
        theirs = await telephony.start_call(replace(STARTED[StartVia.SIMPLE], external_id=f"pult-{'0' * 32}"))
        await console.next_polls(1)
        await console.choose_call(theirs)
        await console.expect_text("current_call_caller", UNKNOWN_SHOWN)
        await console.press(CallAction.END_CALL)
        await question(console)
        await console.click(QPushButton, "cancel_button")
        assert console.journal("release.call") == []


async def test_a_call_i_started_and_a_colleague_took_is_asked_about(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        call_session_id = await started_here(console, StartVia.SCENARIO)
        board = console.services.board
        assert board.calls[call_session_id].session.leg_of(console.services.me) is not None, "it rings both"
        console.simulator.pbx.answer(call_session_id, COLLEAGUE)
        await console.wait_for(
            "the colleague alone", lambda: board.calls[call_session_id].session.leg_of(console.services.me) is None
        )
        await console.press(CallAction.END_CALL)
        await question(console)
        await console.click(QPushButton, "cancel_button")
        assert console.journal("release.call") == []


async def test_my_own_call_is_never_asked_about(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        await console.call_in(CallState.TALK)
        await console.press(CallAction.HOLD)
        await console.shows_state(CallState.HOLD)
        assert console.window.findChildren(QMessageBox) == []
