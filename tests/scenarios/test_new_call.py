"""New call in the real window: paste, Enter, the phone rings; refusals keep the text; what nobody knows is asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.domain.call_start import StartVia
from app.domain.calls import CallState
from app.simulator.faults import DropBefore, HoldUntilReleased, LoseReply
from app.simulator.uis_api.methods import methods_of
from app.simulator.uis_api.refusals import COMMON_MNEMONICS
from tests.scenarios.console import (
    COLLEAGUE,
    COLLEAGUE_NAME,
    KNOWN_NAME,
    KNOWN_NUMBER,
    UNKNOWN_NUMBER,
    UNKNOWN_SHOWN,
    Console,
    open_console,
    open_desk,
    open_simulator,
)
from ui.panels.new_call.dialog import NewCallDialog
from ui.panels.new_call.editors import IdBox, MessageBox, TextBox
from ui.panels.new_call.ways import Ask
from ui.texts.errors import sentence_of
from ui.theme import theme
from ui.widgets.plain_label import PlainLabel

W = TypeVar("W", bound=QWidget)
PASTED = "8 (999) 555-01-42"
EMPLOYEE = "start.employee_call"
SPEED = 25.0


async def press_in_window(
    console: Console, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """A key in the main window, to which a window manager goes back when the small one has closed."""
    console.window.activateWindow()
    await console.wait_for("the main window to be active", console.window.isActiveWindow)
    QTest.keyClick(console.window, key, modifier)


async def open_field(console: Console) -> NewCallDialog:
    await press_in_window(console, Qt.Key.Key_F3)
    await console.wait_for("the small window", lambda: console.is_shown(NewCallDialog, "new_call_dialog"))
    await console.wait_for("the account's lists", lambda: console.services.account.lists.lines)
    return console.find(NewCallDialog, "new_call_dialog")


def paste(dialog: NewCallDialog, text: str) -> None:
    QApplication.clipboard().setText(text)
    dialog.field.selectAll()
    dialog.field.paste()


def press_enter(dialog: NewCallDialog) -> None:
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)


async def test_a_pasted_number_and_one_enter_ring_my_phone_and_show_the_call(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        dialog = await open_field(console)
        paste(dialog, f"{PASTED} доб. 12")
        assert dialog.understood.text() == f"{UNKNOWN_SHOWN}, then keys 12 after the answer"
        press_enter(dialog)
        await console.wait_for("the small window to close", lambda: not dialog.isVisible())
        await console.shows_state(CallState.RINGING)
        assert console.journal(EMPLOYEE) == ["ok"]
        (call,) = console.services.board.calls.values()
        assert call.session.contact_number == UNKNOWN_NUMBER
        assert call.session.leg_of(console.services.me) is not None
        await console.says("it is in the list")
        assert console.services.dialled.last == UNKNOWN_NUMBER


async def test_enter_held_or_pressed_twice_is_one_call(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        dialog = await open_field(console)
        paste(dialog, PASTED)
        request = console.simulator.faults.add(HoldUntilReleased(before_effect=True), operation=EMPLOYEE)
        for _ in range(3):
            press_enter(dialog)
        assert dialog.outcome.text() == "Calling…"
        request.release()
        await console.wait_for("the small window to close", lambda: not dialog.isVisible())
        assert console.journal(EMPLOYEE) == ["ok"]


async def test_a_number_i_have_on_the_phone_is_not_called_again_and_f2_goes_to_it(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        dialog = await open_field(console)
        paste(dialog, PASTED)
        press_enter(dialog)
        await console.says("it is in the list")
        await console.wait_for("the small window to close", lambda: not dialog.isVisible())
        await open_field(console)
        paste(dialog, PASTED)
        press_enter(dialog)
        assert dialog.outcome.text() == "Not called: you already have a call with this number. F2 goes to it."
        assert dialog.isVisible()
        assert dialog.text == PASTED
        console.clock.leap(9.0)
        press_enter(dialog)
        assert console.journal(EMPLOYEE) == ["ok"], "the first call still rings"
        mine = next(iter(console.services.board.calls))
        other = await console.call_in(CallState.TALK, employee=COLLEAGUE)
        await console.choose_call(other)
        QTest.keyClick(dialog.field, Qt.Key.Key_F2)
        await console.wait_for("my call", lambda: console.text("current_call_caller") == UNKNOWN_SHOWN)
        console.simulator.pbx.hang_up(mine, console.me)
        await console.wait_for("its end", lambda: mine not in console.services.board.calls)
        press_enter(dialog)
        await console.wait_for("the second call", lambda: console.journal(EMPLOYEE) == ["ok", "ok"])


async def test_a_number_called_a_moment_ago_is_not_called_again_and_says_so(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        dialog = await open_field(console)
        paste(dialog, PASTED)
        press_enter(dialog)
        await console.says("it is in the list")
        await console.wait_for("the small window to close", lambda: not dialog.isVisible())
        (first,) = console.services.board.calls
        console.simulator.pbx.hang_up(first, console.me)
        await open_field(console)
        paste(dialog, PASTED)
        await console.wait_for("its end", lambda: not console.services.board.calls)
        press_enter(dialog)
        assert dialog.outcome.text().startswith("Not called again: this number was called a moment ago.")
        assert console.journal(EMPLOYEE) == ["ok"]
        console.clock.leap(6.0)
        press_enter(dialog)
        await console.wait_for("the second call", lambda: console.journal(EMPLOYEE) == ["ok", "ok"])


async def test_a_call_started_without_my_phone_keeps_its_number_from_being_called_again(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        dialog = await open_way(console, StartVia.SIMPLE)
        press_enter(dialog)
        await console.says("it is in the list")
        await console.wait_for("the small window to close", lambda: not dialog.isVisible())
        dialog = await open_field(console)
        dialog.details.setChecked(False)
        paste(dialog, PASTED)
        press_enter(dialog)
        assert dialog.outcome.text().startswith("Not called: a call to this number that you started")
        assert console.journal(EMPLOYEE) == []


async def test_a_colleague_on_the_phone_with_the_number_is_a_hint_and_no_hindrance(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        await console.call_in(CallState.TALK, employee=COLLEAGUE, contact=UNKNOWN_NUMBER)
        dialog = await open_field(console)
        paste(dialog, PASTED)
        assert dialog.understood.text() == f"{UNKNOWN_SHOWN} · on the phone with it now: {COLLEAGUE_NAME}"
        press_enter(dialog)
        await console.wait_for("the call", lambda: console.journal(EMPLOYEE) == ["ok"])


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type a number"),
        ("102", "Internal numbers cannot be called from here"),
        ("8 495 123", "too short"),
        ("zzz", "nobody has this name"),
        ("8 906 219-50-47, 8 906 219-50-48", "two numbers"),
        ("+7 495 104-57-71", "company's own lines"),
    ],
)
async def test_what_cannot_be_called_is_told_and_not_sent(typed: str, sentence: str, tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        dialog = await open_field(console)
        paste(dialog, typed)
        press_enter(dialog)
        assert sentence in dialog.understood.text()
        assert dialog.understood.palette().windowText().color().name() == theme.colours.tone("alert")
        assert not dialog.outcome.isVisible(), "said once"
        assert dialog.isVisible()
        assert console.journal(EMPLOYEE) == []
        paste(dialog, "8 495 12")
        assert dialog.understood.palette().windowText().color().name() == theme.colours.tone("held")


async def test_who_it_is_stands_beside_the_number_and_colleagues_are_called_by_name(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        dialog = await open_field(console)
        paste(dialog, KNOWN_NUMBER)
        await console.wait_for("the customer's name", lambda: KNOWN_NAME in dialog.understood.text())
        paste(dialog, "гус")
        assert dialog.understood.text() == "0486102 · Гусев Пётр Ильич"
        press_enter(dialog)
        await console.says("it is in the list")
        (call,) = console.services.board.calls.values()
        assert call.session.contact_number == "0486102"


async def test_redial_offers_the_last_number_and_dials_nothing(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        dialog = await open_field(console)
        paste(dialog, PASTED)
        press_enter(dialog)
        await console.wait_for("the small window to close", lambda: not dialog.isVisible())
        control_shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        await press_in_window(console, Qt.Key.Key_R, control_shift)
        await console.wait_for("the small window", dialog.isVisible)
        assert dialog.text == UNKNOWN_SHOWN
        assert dialog.field.selectedText() == UNKNOWN_SHOWN
        assert console.journal(EMPLOYEE) == ["ok"]
        await console.wait_for("the number of late", lambda: dialog.list.count() > 0)
        QTest.keyClick(dialog.field, Qt.Key.Key_Escape)
        assert not dialog.isVisible()


async def test_without_my_employee_number_the_field_says_where_to_set_it(tmp_path: Path) -> None:
    async with open_simulator() as simulator, open_console(simulator, tmp_path, employee_id=None) as console:
        dialog = await open_field(console)
        paste(dialog, PASTED)
        press_enter(dialog)
        assert "Set your employee number in Connect" in dialog.outcome.text()
        assert console.journal(EMPLOYEE) == []


async def test_a_lost_reply_is_looked_for_and_found_and_never_sent_again(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        dialog = await open_field(console)
        paste(dialog, PASTED)
        console.simulator.faults.add(LoseReply(), operation=EMPLOYEE)
        with console.list_held_back():
            press_enter(dialog)
            await console.wait_for("the line about it", lambda: console.is_shown(PlainLabel, "start_strip_text"))
            assert "Nobody knows whether the call to" in console.text("start_strip_text")
            assert not console.is_shown(QPushButton, "start_strip_rang"), "nobody is asked while it is looked for"
        await console.wait_for(
            "the whole line", lambda: console.message == f"The call to {UNKNOWN_SHOWN} was started after all."
        )
        await console.wait_for("the line to go", lambda: not console.is_shown(PlainLabel, "start_strip_text"))
        await console.shows_state(CallState.RINGING)
        assert len(console.journal(EMPLOYEE)) == 1


@pytest.mark.parametrize("it_rang", [True, False])
async def test_what_is_never_known_is_asked_and_blocks_the_number_until_then(it_rang: bool, tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        dialog = await open_field(console)
        paste(dialog, PASTED)
        console.simulator.faults.add(DropBefore(), operation=EMPLOYEE)
        press_enter(dialog)
        await console.wait_for("the question", lambda: console.is_shown(QPushButton, "start_strip_rang"))
        assert console.text("start_strip_text").endswith("Did it ring?")
        await open_field(console)
        paste(dialog, PASTED)
        press_enter(dialog)
        assert "nobody knows yet whether the last call" in dialog.outcome.text()
        dialog.reject()
        console.find(QPushButton, "start_strip_rang" if it_rang else "start_strip_silent").click()
        await console.says("was started" if it_rang else "was not started")
        await console.wait_for("the line to go", lambda: not console.is_shown(PlainLabel, "start_strip_text"))
        assert dialog.isVisible() is not it_rang, "it did not ring: the number is there to be called again"
        assert len(console.journal(EMPLOYEE)) == 1


def _say_hello(dialog: NewCallDialog) -> None:
    message = dialog.form.editors[Ask.CONTACT_MESSAGE]
    assert isinstance(message, MessageBox)
    message.kind.setCurrentIndex(1)
    message.text.setText("Здравствуйте")


def _take_scenario(dialog: NewCallDialog) -> None:
    box = dialog.form.editors[Ask.SCENARIO]
    assert isinstance(box, IdBox)
    box.setEditText("5001")


def _ring_mobile(dialog: NewCallDialog) -> None:
    box = dialog.form.editors[Ask.OPERATOR_NUMBER]
    assert isinstance(box, TextBox)
    box.setText("79265550199")


WAYS: dict[StartVia, tuple[str, Callable[[NewCallDialog], None]]] = {
    StartVia.EMPLOYEE: (EMPLOYEE, lambda _: None),
    StartVia.SCENARIO: ("start.scenario_call", _take_scenario),
    StartVia.VNUMBER: ("start.vnumber_call", lambda _: None),
    StartVia.INFORMER: ("start.informer_call", _say_hello),
    StartVia.SIMPLE: ("start.simple_call", _ring_mobile),
}
every_way = pytest.mark.parametrize("via", list(WAYS), ids=[via.value for via in WAYS])


async def open_way(console: Console, via: StartVia) -> NewCallDialog:
    dialog = await open_field(console)
    dialog.details.setChecked(True)
    dialog.form.via_box.put(via)
    WAYS[via][1](dialog)
    paste(dialog, PASTED)
    return dialog


@every_way
async def test_each_way_starts_a_call_from_the_details(via: StartVia, tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        dialog = await open_way(console, via)
        press_enter(dialog)
        await console.says("it is in the list")
        assert console.journal(WAYS[via][0]) == ["ok"]
        await console.wait_for("the small window to close", lambda: not dialog.isVisible())
        await console.wait_for(
            "the started call to be chosen", lambda: console.text("current_call_caller") == UNKNOWN_SHOWN
        )


@every_way
async def test_every_refusal_of_a_way_keeps_the_text_and_has_its_sentence(via: StartVia, tmp_path: Path) -> None:
    method = WAYS[via][0]
    own = sorted(methods_of(2026)[method].errors - COMMON_MNEMONICS)
    assert own
    async with open_desk(tmp_path, speed=SPEED) as console:
        dialog = await open_way(console, via)
        for mnemonic in own:
            console.simulator.account.switches.refuse_next(method, mnemonic)
            dialog.field.setFocus()
            press_enter(dialog)
            await console.wait_for(f"what {mnemonic} means", lambda: "refused." in dialog.outcome.text())
            report = console.services.start_calls.latest
            assert report is not None
            assert report.error is not None
            assert report.error.code == mnemonic
            assert dialog.outcome.text() == f"Call to {UNKNOWN_SHOWN}: refused. {sentence_of(report.error)}"
            assert dialog.text == PASTED
            dialog.edited.emit()
            assert dialog.outcome.text() == ""
        assert console.journal(method) == [f"error:{name}" for name in own]


async def test_what_the_pbx_would_refuse_is_refused_in_the_form_at_its_field(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        dialog = await open_way(console, StartVia.EMPLOYEE)
        early = dialog.form.editors[Ask.EARLY_SWITCHING]
        early.put(True)
        press_enter(dialog)
        note = console.find(PlainLabel, "ask_early_switching_note")
        assert "Connect without hearing messages out" in note.text()
        assert console.journal(EMPLOYEE) == []
        dialog.form.editors[Ask.SWITCH_AT_ONCE].put(True)
        assert not note.isVisible(), "what was said about the last press is not true any more"
        press_enter(dialog)
        await console.wait_for("the small window to close", lambda: not dialog.isVisible())
        assert console.journal(EMPLOYEE) == ["ok"]


@pytest.mark.parametrize("typed", ["102", "0486101", "926123456", "7926123456789012"])
async def test_our_number_has_to_be_a_whole_one(typed: str, tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        dialog = await open_way(console, StartVia.SIMPLE)
        box = dialog.form.editors[Ask.OPERATOR_NUMBER]
        assert isinstance(box, TextBox)
        box.setText(typed)
        press_enter(dialog)
        assert "must be a whole number" in console.find(PlainLabel, "ask_operator_number_note").text()
        assert console.journal("start.simple_call") == []
        _ring_mobile(dialog)
        press_enter(dialog)
        await console.wait_for("the call", lambda: console.journal("start.simple_call") == ["ok"])


async def test_closed_details_mean_the_usual_way_whatever_they_hold(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        dialog = await open_way(console, StartVia.SIMPLE)
        dialog.details.setChecked(False)
        press_enter(dialog)
        await console.wait_for("the small window to close", lambda: not dialog.isVisible())
        assert (console.journal(EMPLOYEE), console.journal("start.simple_call")) == (["ok"], [])


async def test_a_number_typed_while_another_is_being_started_stays(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        dialog = await open_field(console)
        paste(dialog, PASTED)
        request = console.simulator.faults.add(HoldUntilReleased(before_effect=True), operation=EMPLOYEE)
        press_enter(dialog)
        paste(dialog, KNOWN_NUMBER)
        request.release()
        await console.says("it is in the list")
        await console.wait_for("the button to be on again", dialog.call.isEnabled)
        assert dialog.isVisible()
        assert dialog.text == KNOWN_NUMBER
        await press_in_window(console, Qt.Key.Key_F3)
        assert dialog.text == KNOWN_NUMBER, "F3 again brings the window back and takes nothing away"
