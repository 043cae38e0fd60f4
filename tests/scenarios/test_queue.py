"""The window of the queue on the real console: cards parked by each reason, mended by each fix, seen delivered."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit, QPushButton

from tests.scenarios.console import KNOWN_NUMBER, UNKNOWN_NUMBER, Console, open_desk
from tests.scenarios.test_call_card import SPEED, finished_talk, write_notes
from ui.models.queue_list import QueueColumn
from ui.windows.queue_state import QueueDeed, QueueMark
from ui.windows.queue_window import QueueWindow

CONTROL = Qt.KeyboardModifier.ControlModifier
NOTES = "Перезвонить в четверг"


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
    await console.wait_for("its details", lambda: "+7" in window.details.headline.text() or window.model.rows[row])


async def mark_is(console: Console, window: QueueWindow, mark: QueueMark, row: int = 0) -> None:
    await console.wait_for(
        f"{mark.value} in the list", lambda: len(window.model.rows) > row and window.model.rows[row].mark is mark
    )


async def press(console: Console, deed: QueueDeed) -> None:
    await console.click(QPushButton, f"queue_{deed.value}")


async def test_notes_without_a_customer_are_seen_mended_and_delivered(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        await finished_talk(console, UNKNOWN_NUMBER)
        await write_notes(console, NOTES)
        await console.click(QPushButton, "save_card")
        await console.expect_text("receipt_headline", "Saved. It needs you before it can be sent.")
        window = await open_queue(console)
        await mark_is(console, window, QueueMark.PARKED)
        assert "Choose one." in cell(window, QueueColumn.REASON)
        await choose(console, window)
        await console.wait_for("the fix", window.buttons[QueueDeed.CHOOSE_CUSTOMER].isEnabled)
        assert not window.buttons[QueueDeed.RETRY].is_on
        await press(console, QueueDeed.CHOOSE_CUSTOMER)
        dialog = await console.widget(QDialog, "choose_customer_dialog")
        field = dialog.findChild(QLineEdit, "customer_search_number")
        assert field is not None
        field.selectAll()
        await console.type_into(QLineEdit, "customer_search_number", KNOWN_NUMBER)
        await console.click(QPushButton, "customer_search_button")
        agree = await console.widget(QPushButton, "choose_customer_agree")
        await console.wait_for("somebody to choose", agree.isEnabled)
        await console.click(QPushButton, "choose_customer_agree")
        await mark_is(console, window, QueueMark.SENT)
        await console.wait_for("the receipt", lambda: console.is_shown(QPushButton, "queue_open_bitrix24_customer"))
        (comment,) = console.simulator.bitrix24.comments
        assert NOTES in comment.comment
