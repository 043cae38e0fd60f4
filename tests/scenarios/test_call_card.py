"""The call card from the first ring to its receipt, by hand on the real window."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QToolButton,
    QWidget,
)

from app.domain.actions import CallAction
from app.domain.calls import CallState
from tests.scenarios.console import (
    KNOWN_NAME,
    KNOWN_NUMBER,
    OTHER_NAME,
    OTHER_NUMBER,
    UNKNOWN_NUMBER,
    UNKNOWN_SHOWN,
    Console,
    open_console,
    open_desk,
    open_simulator,
)
from ui.actions import UserAction

SPEED = 4.0
NOTES = "Договор продлён до июня, <b>выслать</b> счёт."


def notes_field(console: Console) -> QPlainTextEdit:
    return console.find(QPlainTextEdit, "card_notes")


async def write_notes(console: Console, text: str) -> None:
    await console.type_into(QPlainTextEdit, "card_notes", text)


async def call_ends(console: Console, call_session_id: int, who: str | int = "contact") -> None:
    """The phone is put down, and the card has filled in what can be told."""
    console.simulator.pbx.hang_up(call_session_id, who)
    console.refresh()
    await console.wait_for("the finished card", console.find(QPushButton, "save_card").isEnabled)


async def finished_talk(console: Console, contact: str = KNOWN_NUMBER) -> int:
    call_session_id = await console.call_in(CallState.TALK, contact=contact)
    await console.widget(QPlainTextEdit, "card_notes")
    await call_ends(console, call_session_id)
    return call_session_id


async def test_from_the_first_ring_to_the_receipt(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        portal = console.simulator.bitrix24
        console.window.active_calls.focus_filter()
        focus_before = QApplication.focusWidget()
        call_session_id = await console.call_in(CallState.RINGING)
        await console.expect_text("card_caller", KNOWN_NAME)
        await console.expect_text("card_number", "+7 906 219-50-47")
        assert QApplication.focusWidget() is focus_before is not None, "the card must not take the keyboard"
        assert not console.find(QPushButton, "save_card").isEnabled()
        console.key(Qt.Key.Key_F10)
        assert QApplication.focusWidget() is notes_field(console)
        await write_notes(console, NOTES)
        await console.expect_text("card_autosaved", "draft saved")
        console.simulator.pbx.answer(call_session_id, console.me)
        console.refresh()
        await console.shows_state(CallState.TALK)
        my_leg = console.simulator.pbx.call(call_session_id).leg_of_employee(console.me)
        assert my_leg is not None
        await console.press(CallAction.HOLD)
        await console.shows_state(CallState.HOLD)
        held_since_s = console.clock.monotonic()
        await console.wait_for("3 s on hold", lambda: console.clock.monotonic() - held_since_s > 3)
        await console.press(CallAction.RETRIEVE)
        await console.shows_state(CallState.TALK)
        await call_ends(console, call_session_id)
        assert console.find(QComboBox, "card_outcome").currentText() == "200 · Successful call"
        shown = console.text("card_duration")
        minutes, seconds = (int(part) for part in shown.split(":"))
        assert minutes == 0
        assert seconds >= 3, "the hold belongs to the talk"
        assert notes_field(console).toPlainText() == NOTES
        console.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await console.expect_text("receipt_headline", "Saved. Sent to Bitrix24.")
        (row,) = portal.statistics
        (activity,) = portal.activities
        assert console.text("receipt_activity") == f"Activity {activity.activity_id} in Bitrix24"
        assert row.external_call_id == f"pult-127.0.0.1-{call_session_id}-{my_leg.leg_id}"
        assert row.duration_s == seconds
        (comment,) = portal.comments
        assert NOTES in comment.comment
        assert portal.duplicates() == []


async def test_a_call_nobody_answered_is_missed_and_lasted_nothing(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        call_session_id = await console.call_in(CallState.RINGING)
        await console.widget(QPlainTextEdit, "card_notes")
        await call_ends(console, call_session_id)
        assert console.find(QComboBox, "card_outcome").currentText() == "304 · Missed call"
        assert console.text("card_duration") == "00:00"
        assert console.text("card_guess") == ""


@pytest.mark.parametrize("ended_by_us", [True, False])
async def test_an_outgoing_call_nobody_answered_is_cancelled_or_a_guess(ended_by_us: bool, tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        call_session_id = console.simulator.pbx.ring_out(console.me, KNOWN_NUMBER)
        console.refresh()
        await console.expect_text("card_caller", KNOWN_NAME)
        if ended_by_us:
            await console.press(CallAction.END_CALL)
        else:
            console.simulator.pbx.hang_up(call_session_id, "contact")
            console.refresh()
        await console.wait_for("the finished card", console.find(QPushButton, "save_card").isEnabled)
        chosen = console.find(QComboBox, "card_outcome")
        wanted = "603-S · Cancelled by us" if ended_by_us else "480 · Temporarily unavailable"
        assert chosen.currentText() == wanted
        assert bool(console.text("card_guess")) is not ended_by_us
        assert chosen.count() == 13


async def test_what_the_operator_fills_in_is_what_bitrix24_gets(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        await finished_talk(console)
        outcome = console.find(QComboBox, "card_outcome")
        outcome.setCurrentIndex(outcome.findText("486 · Busy"))
        await console.type_into(QLineEdit, "card_cost", "12.50")
        await console.click(QToolButton, "card_more")
        console.find(QComboBox, "card_rating").setCurrentIndex(4)
        await console.type_into(QLineEdit, "card_failed_reason", "занято")
        await console.click(QPushButton, "save_card")
        await console.expect_text("receipt_headline", "Saved. Sent to Bitrix24.")
        (finish,) = console.simulator.journal.entries_of("telephony.externalCall.finish")
        assert finish.params["STATUS_CODE"] == "486"
        assert float(str(finish.params["COST"])) == 12.5
        assert finish.params["COST_CURRENCY"] == "RUB"
        assert str(finish.params["VOTE"]) == "4"
        assert finish.params["FAILED_REASON"] == "занято"


async def test_an_unknown_caller_can_be_made_a_customer(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        leads = len(console.simulator.bitrix24.leads)
        await finished_talk(console, UNKNOWN_NUMBER)
        assert console.text("card_caller") == UNKNOWN_SHOWN
        await write_notes(console, NOTES)
        await console.click(QRadioButton, "customer_create")
        await console.click(QPushButton, "save_card")
        await console.expect_text("receipt_headline", "Saved. Sent to Bitrix24.")
        assert len(console.simulator.bitrix24.leads) == leads + 1
        (comment,) = console.simulator.bitrix24.comments
        assert NOTES in comment.comment


async def test_notes_without_a_customer_wait_until_one_is_chosen(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        await finished_talk(console, UNKNOWN_NUMBER)
        await write_notes(console, NOTES)
        await console.expect_text("card_notes_hint", "Choose a customer, or the notes wait here.")
        await console.click(QRadioButton, "customer_without")
        await console.click(QPushButton, "save_card")
        await console.expect_text("receipt_headline", "Saved. It needs you before it can be sent.")
        await console.expect_text("waiting_reason_0", "The notes have no customer to go to. Choose one.")
        await console.wait_for("the call without them", lambda: len(console.simulator.bitrix24.statistics) == 1)
        assert console.simulator.bitrix24.comments == []
        await console.click(QPushButton, "waiting_customer_0")
        dialog = await console.widget(QDialog, "choose_customer_dialog")
        field = dialog.findChild(QLineEdit, "customer_search_number")
        assert field is not None
        field.selectAll()
        await console.type_into(QLineEdit, "customer_search_number", OTHER_NUMBER)
        await console.click(QPushButton, "customer_search_button")
        choose = await console.widget(QPushButton, "choose_customer_agree")
        await console.wait_for("somebody to choose", choose.isEnabled)
        await console.click(QPushButton, "choose_customer_agree")
        await console.expect_text("receipt_headline", "Saved. Sent to Bitrix24.")
        (comment,) = console.simulator.bitrix24.comments
        assert NOTES in comment.comment
        assert OTHER_NAME in [
            row.name for row in console.simulator.bitrix24.contacts if row.entity_id == comment.entity_id
        ]


async def test_bitrix24_down_and_back(tmp_path: Path) -> None:
    async with open_simulator() as simulator:
        async with open_console(simulator, tmp_path, speed=SPEED) as console:
            await finished_talk(console)
            await write_notes(console, NOTES)
            simulator.set_down("bitrix24", True)
            await console.click(QPushButton, "save_card")
            await console.expect_text("receipt_headline", "Saved. Waiting for Bitrix24.")
            await console.expect_text("status_unsent", "Cards waiting: 1")
            await console.expect_text("waiting_reason_0", "Bitrix24 cannot be reached. The card is sent by itself")
        async with open_console(simulator, tmp_path, speed=SPEED) as console:
            await console.expect_text("status_unsent", "Cards waiting: 1")
            assert simulator.bitrix24.statistics == []
            simulator.set_down("bitrix24", False)
            await console.click(QPushButton, "waiting_retry_0")
            await console.wait_for("the card to be delivered", lambda: len(simulator.bitrix24.comments) == 1)
            await console.wait_for("nothing to wait for", lambda: not console.text("status_unsent"))
        assert len(simulator.bitrix24.statistics) == 1
        assert simulator.bitrix24.duplicates() == []


async def test_a_portal_that_wants_an_application_pauses_the_queue_under_one_banner(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path, speed=SPEED, app_only=True) as console:
        await finished_talk(console)
        await console.click(QPushButton, "save_card")
        await console.wait_for("the banner", lambda: console.is_shown(QWidget, "banner_delivery"))
        assert "Bitrix24 takes no cards" in console.text("banner_delivery_text")
        assert "Cards waiting: 1" in console.text("banner_delivery_text")
        console.simulator.bitrix24.switches.app_only = False
        # Another webhook or an application mends it: the button leads there.
        await console.click(QPushButton, "banner_delivery_button")
        (await console.widget(QDialog, "connect_dialog")).reject()
        console.services.delivery.resume()
        await console.wait_for("the banner to go", lambda: not console.is_shown(QWidget, "banner_delivery"))
        await console.expect_text("receipt_headline", "Saved. Sent to Bitrix24.")
        assert len(console.simulator.bitrix24.statistics) == 1


async def test_an_unsaved_card_is_there_after_the_next_start_with_every_letter(tmp_path: Path) -> None:
    async with open_simulator() as simulator:
        async with open_console(simulator, tmp_path, speed=SPEED) as console:
            await finished_talk(console)
            await write_notes(console, NOTES)
        async with open_console(simulator, tmp_path, speed=SPEED) as console:
            await console.expect_text("card_caller", KNOWN_NAME)
            assert notes_field(console).toPlainText() == NOTES
            await console.click(QPushButton, "save_card")
            await console.expect_text("receipt_headline", "Saved. Sent to Bitrix24.")
        assert len(simulator.bitrix24.statistics) == 1


async def test_a_card_cannot_be_saved_while_its_call_runs(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        await console.call_in(CallState.TALK)
        await console.widget(QPlainTextEdit, "card_notes")
        console.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await console.next_polls(2)
        save = console.find(QPushButton, "save_card")
        assert not save.isEnabled()
        assert "The call still runs." in save.accessibleDescription()
        assert console.services.delivery.unsent_count == 0


async def test_show_in_bitrix24_says_what_came_of_it(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        services, portal = console.services, console.simulator.bitrix24
        show = console.window.actions_by_name[UserAction.SHOW_IN_CRM]
        show.trigger()
        await console.says("No card is shown")
        bitrix24 = msgspec.structs.replace(services.settings.bitrix24, register_at="ring")
        await services.reconnect(msgspec.structs.replace(services.settings, bitrix24=bitrix24))
        # Nothing is registered before it is known, or decided, who calls.
        await console.call_in(CallState.RINGING, contact=UNKNOWN_NUMBER)
        await console.widget(QPlainTextEdit, "card_notes")
        show.trigger()
        await console.says("Bitrix24 does not know this call yet", "bitrix24.register_at")
        assert not portal.open_calls
    async with open_desk(tmp_path / "known", speed=SPEED) as console:
        services, portal = console.services, console.simulator.bitrix24
        bitrix24 = msgspec.structs.replace(services.settings.bitrix24, register_at="ring")
        await services.reconnect(msgspec.structs.replace(services.settings, bitrix24=bitrix24))
        await console.call_in(CallState.RINGING)
        await console.widget(QPlainTextEdit, "card_notes")
        await console.wait_for("an open call", lambda: portal.open_calls)
        (open_call,) = portal.open_calls.values()
        assert open_call.shown_to == set(), "nothing is shown by itself"
        show = console.window.actions_by_name[UserAction.SHOW_IN_CRM]

        def is_shown() -> bool:
            show.trigger()
            return bool(open_call.shown_to)

        # The receipt of the registration may still be on its way to the disk.
        await console.wait_for("the card in the portal", is_shown)
        await console.says("Bitrix24 shows the card of this call")
