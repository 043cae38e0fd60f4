"""The window of the queue on the real console: cards parked by each reason, mended by each fix, seen delivered."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QWidget,
)

from app.domain.calls import CallState
from app.secrets import AMOCRM_TOKEN
from app.settings import Settings
from app.simulator.faults import LoseReply
from tests.scenarios.console import KNOWN_NUMBER, UNKNOWN_NUMBER, Console, open_desk
from tests.scenarios.test_call_card import SPEED, call_ends, finished_talk, write_notes
from ui import dialogs
from ui.models.queue_list import QueueColumn
from ui.tasks import TaskScope
from ui.windows.queue_presenter import QueuePresenter
from ui.windows.queue_state import QueueDeed, QueueMark, QueueShow
from ui.windows.queue_window import QueueWindow

CONTROL = Qt.KeyboardModifier.ControlModifier
NOTES = "Перезвонить в четверг"
HIDDEN = "anonymous"


async def open_queue(console: Console) -> QueueWindow:
    """By its key."""
    QTest.keyClick(console.window, Qt.Key.Key_L, CONTROL)
    await console.widget(QDialog, "queue_window")
    window = console.window.findChild(QueueWindow)
    assert window is not None
    return window


def cell(window: QueueWindow, column: QueueColumn, row: int = 0) -> str:
    return str(window.model.index(row, column).data() or "")


async def choose(console: Console, window: QueueWindow, row: int = 0) -> None:
    await console.wait_for("the card's row", lambda: len(window.model.rows) > row)
    place = window.table.visualRect(window.model.index(row, QueueColumn.NUMBER)).center()
    QTest.mouseClick(window.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    await console.wait_for("its details", lambda: window.details._detail is not None)


async def mark_is(console: Console, window: QueueWindow, mark: QueueMark, row: int = 0) -> None:
    await console.wait_for(
        f"{mark.value} in the list", lambda: len(window.model.rows) > row and window.model.rows[row].mark is mark
    )


async def press(console: Console, deed: QueueDeed) -> None:
    await console.click(QPushButton, f"queue_{deed.value}")


async def parked_card(console: Console, reason: str) -> QueueWindow:
    """The window, with the one card that stopped chosen, and what mends it pointed out."""
    window = await open_queue(console)
    await mark_is(console, window, QueueMark.PARKED)
    assert window.model.rows[0].reason == reason
    assert cell(window, QueueColumn.REASON).endswith(".")
    await choose(console, window)
    return window


async def save(console: Console) -> None:
    await console.click(QPushButton, "save_card")
    await console.wait_for("the saved card", lambda: "Saved." in console.text("receipt_headline"))


async def retype(console: Console, name: str, text: str) -> None:
    field = await console.widget(QLineEdit, name)
    field.selectAll()
    await console.type_into(QLineEdit, name, text)


async def use(console: Console, change: Callable[[Settings], Settings]) -> None:
    """Other settings from now on, as after *Connect*."""
    await console.services.reconnect(change(console.services.settings))


def with_bitrix24(settings: Settings, **chosen: Any) -> Settings:
    return msgspec.structs.replace(settings, bitrix24=msgspec.structs.replace(settings.bitrix24, **chosen))


@asynccontextmanager
async def amocrm_desk(folder: Path) -> AsyncIterator[Console]:
    """A console that writes to amoCRM only, in the machine's own time: the account counts requests by it."""
    async with open_desk(folder) as console:
        simulator = console.simulator
        await console.services.secrets.set(AMOCRM_TOKEN, simulator.config.amocrm_token)

        def change(settings: Settings) -> Settings:
            amocrm = msgspec.structs.replace(
                settings.amocrm, account_url=simulator.amocrm_url, user_id=simulator.config.amocrm_user_id
            )
            return with_bitrix24(msgspec.structs.replace(settings, amocrm=amocrm), enabled=False)

        await use(console, change)
        yield console


async def test_notes_without_a_customer_are_seen_mended_and_delivered(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        await finished_talk(console, UNKNOWN_NUMBER)
        await write_notes(console, NOTES)
        await save(console)
        window = await parked_card(console, "customer_needed")
        assert not window.buttons[QueueDeed.RETRY].is_on
        await press(console, QueueDeed.CHOOSE_CUSTOMER)
        await console.widget(QDialog, "choose_customer_dialog")
        await retype(console, "customer_search_number", KNOWN_NUMBER)
        await console.click(QPushButton, "customer_search_button")
        agree = await console.widget(QPushButton, "choose_customer_agree")
        await console.wait_for("somebody to choose", agree.isEnabled)
        await console.click(QPushButton, "choose_customer_agree")
        await mark_is(console, window, QueueMark.SENT)
        await console.wait_for("the receipt", lambda: console.is_shown(QPushButton, "queue_open_bitrix24_customer"))
        (comment,) = console.simulator.bitrix24.comments
        assert NOTES in comment.comment


async def test_a_hidden_caller_gets_a_number_and_is_delivered(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        await finished_talk(console, HIDDEN)
        await save(console)
        window = await parked_card(console, "number_hidden")
        await press(console, QueueDeed.EDIT)
        await retype(console, "edit_phone_number", KNOWN_NUMBER)
        await console.click(QPushButton, "edit_save")
        await mark_is(console, window, QueueMark.SENT)
        (row,) = console.simulator.bitrix24.statistics
        assert row.phone_number.endswith("9062195047")
        await console.wait_for("the audit", lambda: "Edited" in console.text("queue_audit_0"))


async def test_a_wrong_user_is_corrected_and_the_card_delivered(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        await use(console, lambda settings: with_bitrix24(settings, user_id=999))
        await finished_talk(console)
        await save(console)
        window = await parked_card(console, "crm_user_not_found")
        await press(console, QueueDeed.EDIT)
        dialog = await console.widget(QDialog, "queue_edit_dialog")
        assert dialog.findChild(QWidget, "edit_disposition_code") is not None
        box = dialog.findChild(QComboBox, "edit_crm_user_id")
        assert box is not None
        line = box.lineEdit()
        assert line is not None
        line.selectAll()
        QTest.keyClicks(line, "7")
        await console.click(QPushButton, "edit_save")
        await mark_is(console, window, QueueMark.SENT)
        assert len(console.simulator.bitrix24.statistics) == 1


@pytest.mark.parametrize("choice", ["create_contact", "unsorted", "skip", "attach"])
async def test_a_number_nobody_in_amocrm_has_is_decided(choice: str, tmp_path: Path) -> None:
    async with amocrm_desk(tmp_path) as console:
        account = console.simulator.amocrm
        contacts = len(account.contacts)
        await finished_talk(console, UNKNOWN_NUMBER)
        await save(console)
        window = await parked_card(console, "amo_number_unknown")
        await press(console, QueueDeed.CHOOSE_CUSTOMER)
        await console.widget(QDialog, "queue_unknown_number_dialog")
        await console.click(QRadioButton, f"unknown_number_{choice}")
        if choice == "attach":
            await retype(console, "customer_search_number", KNOWN_NUMBER)
            await console.click(QPushButton, "customer_search_button")
        agree = await console.widget(QPushButton, "unknown_number_agree")
        await console.wait_for("something to agree to", agree.isEnabled)
        await console.click(QPushButton, "unknown_number_agree")
        await mark_is(console, window, QueueMark.SENT)
        calls = [note for note in account.notes if note.note_type == "call_in"]
        assert len(calls) == (choice in ("create_contact", "attach"))
        assert len(account.contacts) == contacts + (choice == "create_contact")


async def test_a_paused_crm_says_so_once_and_goes_on_after_the_cause_is_mended(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED, app_only=True) as console:
        await finished_talk(console)
        await save(console)
        window = await open_queue(console)
        await console.expect_text("queue_paused_bitrix24_text", "application for registering calls")
        assert console.text("queue_paused_bitrix24_button") == "Connect…"
        await console.wait_for("the banner", lambda: console.is_shown(QWidget, "banner_delivery"))
        assert console.text("banner_delivery_button") == "Connect…"
        console.simulator.bitrix24.switches.app_only = False
        await choose(console, window)
        await press(console, QueueDeed.RETRY_ALL)
        await mark_is(console, window, QueueMark.SENT)
        await console.wait_for("no pause", lambda: not console.is_shown(QWidget, "queue_paused_bitrix24"))
        assert not console.is_shown(QWidget, "banner_delivery")


async def test_a_draft_set_aside_waits_in_the_queue_and_is_taken_up(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        await finished_talk(console)
        await write_notes(console, NOTES)
        await console.click(QPushButton, "card_later")
        window = await open_queue(console)
        await mark_is(console, window, QueueMark.SET_ASIDE)
        await choose(console, window)
        assert NOTES in console.text("queue_details_notes")
        await press(console, QueueDeed.TAKE_UP)
        await console.wait_for("the draft in the card", lambda: console.is_shown(QPushButton, "save_card"))
        await console.wait_for("it is no draft of the queue any more", lambda: not window.model.rows)
        await save(console)
        await console.wait_for("delivered", lambda: len(console.simulator.bitrix24.comments) == 1)


async def test_discarding_asks_and_can_be_taken_back(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        await finished_talk(console, HIDDEN)
        await save(console)
        window = await parked_card(console, "number_hidden")
        for answer, mark in (("cancel_button", QueueMark.PARKED), ("confirm_button", QueueMark.DISCARDED)):
            await press(console, QueueDeed.DISCARD)
            await console.widget(QDialog, "confirm_dialog")
            await console.click(QPushButton, answer)
            await mark_is(console, window, mark)
        assert console.services.delivery.unsent_count == 0
        window.choose_show(QueueShow.DISCARDED)
        await choose(console, window)
        await console.wait_for("the audit", lambda: "Discarded" in console.text("queue_audit_0"))
        await press(console, QueueDeed.RESTORE)
        await mark_is(console, window, QueueMark.PARKED)
        assert console.services.delivery.unsent_count == 1
        assert console.simulator.bitrix24.statistics == []


@pytest.mark.parametrize("suffix", ["json", "csv"])
async def test_export_writes_the_cards_shown_to_the_file_chosen(suffix: str, tmp_path: Path) -> None:
    async with open_desk(tmp_path / "data", speed=SPEED) as console:
        await finished_talk(console, HIDDEN)
        await save(console)
        window = await parked_card(console, "number_hidden")
        target = tmp_path / f"cards.{suffix}"
        target.write_text("before", "utf-8")
        await press(console, QueueDeed.EXPORT)
        dialog = await console.widget(QFileDialog, "queue_export_dialog")
        name = dialog.findChild(QLineEdit, "fileNameEdit")
        assert name is not None
        name.setText(str(target))
        dialog.accept()
        await console.widget(QDialog, "confirm_dialog")
        assert target.read_text("utf-8") == "before", "a file is replaced only when asked"
        await console.click(QPushButton, "confirm_button")
        await console.wait_for("said where", lambda: str(target) in window.message.text())
        text = target.read_text("utf-8-sig")
        assert window.model.rows[0].card_key in text
        assert target.stat().st_mode & 0o077 == 0
        if suffix == "json":
            assert len(json.loads(text)["cards"]) == 1


async def test_an_unknown_outcome_is_shown_and_written_once(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        console.simulator.faults.add(LoseReply(), operation="telephony.externalCall.finish", times=1)
        window = await open_queue(console)
        await finished_talk(console)
        await save(console)
        await mark_is(console, window, QueueMark.UNSURE)
        assert "what arrived" in cell(window, QueueColumn.REASON)
        await choose(console, window)
        await mark_is(console, window, QueueMark.SENT)
        assert len(console.simulator.bitrix24.statistics) == 1
        assert console.simulator.bitrix24.duplicates() == []


async def test_links_lead_to_the_portal_only_and_a_recording_to_the_systems_player(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        opened: list[str] = []
        scope = TaskScope()

        def open_url(url: QUrl) -> bool:
            opened.append(url.toString())
            return True

        presenter = QueuePresenter(
            console.services,
            scope,
            console.window.second_tick,
            console.window,
            take_up=lambda _: None,
            connect=lambda: None,
            confirm=dialogs.confirm,
            open_url=open_url,
        )
        await finished_talk(console)
        await save(console)
        presenter.open(QueueShow.SENT)
        window = presenter.window
        await mark_is(console, window, QueueMark.SENT)
        await choose(console, window)
        await console.click(QPushButton, "queue_open_bitrix24_activity")
        origin = console.simulator.bitrix24_oauth_url.removesuffix("/oauth/token/")
        (activity,) = console.simulator.bitrix24.activities
        assert opened == [f"{origin}/crm/activity/?open_view={activity.activity_id}"]
        window.link_requested.emit("https://evil.test/")
        assert len(opened) == 1
        assert "not opened" in window.message.text()
        await scope.aclose()


async def talk_of_seconds(console: Console) -> None:
    """A recorded talk, its card saved."""
    settings = console.services.settings
    bitrix24 = msgspec.structs.replace(settings.bitrix24, recording="upload")
    await console.services.reconnect(msgspec.structs.replace(settings, bitrix24=bitrix24))
    call_session_id = await console.call_in(CallState.TALK)
    await console.widget(QPlainTextEdit, "card_notes")
    console.simulator.pbx.call(call_session_id).is_recorded = True
    clock = console.services.clock
    began_s = clock.monotonic()
    await console.wait_for("some talking", lambda: clock.monotonic() - began_s > 3.0)
    await call_ends(console, call_session_id)
    await save(console)


async def test_a_card_that_awaits_its_recording_is_shown_but_not_counted(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED, recording_ready_after_s=36_000.0) as console:
        await talk_of_seconds(console)
        await console.wait_for("nothing unsent", lambda: console.services.delivery.unsent_count == 0)
        assert console.services.delivery.counts.unfinished == 1
        waiting = console.window.findChild(QWidget, "waiting_cards")
        assert waiting is not None
        await console.wait_for("a panel without it", lambda: not waiting.isVisible())
        window = await open_queue(console)
        assert window.model.rows == []
        window.choose_show(QueueShow.SENT)
        await mark_is(console, window, QueueMark.AWAITS_RECORDING)
        await choose(console, window)
        await console.wait_for("the button", lambda: window.buttons[QueueDeed.PLAY].is_on)
        await press(console, QueueDeed.PLAY)
        await console.wait_for("the reason", lambda: "could not be fetched now" in window.message.text())


async def test_a_recording_that_is_not_here_is_fetched_for_whoever_wants_to_hear_it(tmp_path: Path) -> None:
    reports = {"get.calls_report", "get.call_legs_report"}
    async with open_desk(tmp_path, speed=SPEED, recording_ready_after_s=0.0) as console:
        forbidden = console.simulator.account.switches.forbidden_methods
        forbidden |= reports
        opened: list[QUrl] = []
        scope = TaskScope()

        def open_url(url: QUrl) -> bool:
            opened.append(url)
            return True

        presenter = QueuePresenter(
            console.services,
            scope,
            console.window.second_tick,
            console.window,
            take_up=lambda _: None,
            connect=lambda: None,
            open_url=open_url,
        )
        await talk_of_seconds(console)
        presenter.open(QueueShow.SENT)
        window = presenter.window
        await mark_is(console, window, QueueMark.AWAITS_RECORDING)
        await choose(console, window)
        await console.wait_for("the button", lambda: window.buttons[QueueDeed.PLAY].is_on)
        await press(console, QueueDeed.PLAY)
        await console.wait_for("the reason", lambda: "reports may not be read" in window.message.text())
        assert opened == []
        forbidden -= reports
        await press(console, QueueDeed.PLAY)
        await console.wait_for("the player", lambda: opened)
        assert Path(opened[0].toLocalFile()).stat().st_size > 0
        assert window.message.text() == ""
        await scope.aclose()


async def test_the_figure_below_and_the_list_beside_open_the_queue(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        await finished_talk(console, HIDDEN)
        await save(console)
        for name in ("status_unsent", "waiting_queue"):
            await console.click(QPushButton, name)
            window = await console.widget(QDialog, "queue_window")
            assert not window.isModal()
            window.close()
