"""The time of a card in the real window: it runs out, is extended, is stopped by *Later*; nothing typed is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton

from app.domain.calls import CallState
from tests.scenarios.console import KNOWN_NUMBER, OTHER_NAME, OTHER_NUMBER, Console, open_console, open_simulator
from tests.scenarios.test_call_card import finished_talk, notes_field, write_notes

SPEED = 10.0
WRAP_UP_S = 40
LATER = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@asynccontextmanager
async def timed_desk(folder: Path, *, wrap_up_s: int = WRAP_UP_S) -> AsyncIterator[Console]:
    async with (
        open_simulator() as simulator,
        open_console(simulator, folder, speed=SPEED, wrap_up_s=wrap_up_s) as console,
    ):
        yield console


def the_key(console: Console) -> str:
    """Of the only open card."""
    (card_key,) = console.services.wrap_up.cards
    return card_key


async def automatic_notes(console: Console, card_key: str) -> str:
    """What was saved; fails for a card somebody saved."""
    entry = await console.services.delivery.card(card_key)
    assert entry is not None
    assert entry.card.is_completed_automatically
    return entry.card.notes


async def test_a_card_whose_time_is_over_is_saved_with_what_was_typed_and_its_receipt_says_so(tmp_path: Path) -> None:
    async with timed_desk(tmp_path) as console:
        await finished_talk(console)
        await console.expect_text("card_time_left", "Saved by itself in 0:")
        card_key = the_key(console)
        await write_notes(console, "перезвонить")
        await console.wait_for("the receipt", lambda: console.text("receipt_automatic"))
        assert await automatic_notes(console, card_key) == "перезвонить"
        await console.says("was saved as it stood")
        assert console.services.wrap_up.cards == {}
        await console.wait_for("one card in Bitrix24", lambda: len(console.simulator.bitrix24.statistics) == 1)


async def test_letters_that_follow_each_other_hold_the_card_open_and_all_of_them_are_in_it(tmp_path: Path) -> None:
    async with timed_desk(tmp_path, wrap_up_s=15) as console:
        await finished_talk(console)
        card_key = the_key(console)
        typed, due_at_s = "", console.services.wrap_up.due_at_s(card_key)
        assert due_at_s is not None
        while console.clock.monotonic() < due_at_s + 4:
            await write_notes(console, "щ")
            typed += "щ"
            letter_s = console.clock.monotonic()
            await console.wait_for("a moment", lambda at=letter_s: console.clock.monotonic() > at + 0.5)  # type: ignore[misc]
            assert console.is_shown(QPlainTextEdit, "card_notes")
        await console.wait_for("the receipt", lambda: console.text("receipt_automatic"))
        assert await automatic_notes(console, card_key) == typed


async def test_the_next_call_comes_up_while_the_time_of_the_last_card_runs_out(tmp_path: Path) -> None:
    async with timed_desk(tmp_path) as console:
        await finished_talk(console)
        first = the_key(console)
        await console.call_in(CallState.TALK, contact=OTHER_NUMBER)
        await console.expect_text("card_caller", OTHER_NAME)
        await write_notes(console, "о второй")
        await console.wait_for("the first card to be saved", lambda: first not in console.services.wrap_up.cards)
        assert await automatic_notes(console, first) == ""
        assert console.text("card_caller") == OTHER_NAME
        assert notes_field(console).toPlainText() == "о второй"
        assert QApplication.focusWidget() is not None


async def test_extend_by_key_gives_more_time_and_later_stops_it_until_the_card_is_taken_up(tmp_path: Path) -> None:
    async with timed_desk(tmp_path) as console:
        await finished_talk(console)
        card_key = the_key(console)
        wrap_up = console.services.wrap_up
        before_s = wrap_up.due_at_s(card_key)
        assert before_s is not None
        console.key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        assert wrap_up.due_at_s(card_key) == before_s + 60
        await write_notes(console, "позже")
        console.key(Qt.Key.Key_Return, LATER)
        await console.says("set aside")
        await console.expect_text("set_aside_count", "Set aside: 1")
        await console.wait_for("the badge", lambda: "set aside: 1" in console.window.status_line.unsent.text())
        assert not console.is_shown(QPlainTextEdit, "card_notes")
        console.clock.leap(3600)
        await console.next_polls(2)
        assert list(wrap_up.cards) == [card_key]
        await console.click(QPushButton, "set_aside_take_up")
        await console.expect_text("card_time_left", "Saved by itself in 0:")
        assert notes_field(console).toPlainText() == "позже"
        await console.wait_for("no badge", lambda: "set aside" not in console.window.status_line.unsent.text())


async def test_a_card_set_aside_is_still_there_after_a_restart(tmp_path: Path) -> None:
    async with open_simulator() as simulator:
        async with open_console(simulator, tmp_path, speed=SPEED) as console:
            await finished_talk(console, KNOWN_NUMBER)
            await write_notes(console, "завтра")
            console.key(Qt.Key.Key_Return, LATER)
            await console.expect_text("set_aside_count", "Set aside: 1")
        async with open_console(simulator, tmp_path, speed=SPEED, wrap_up_s=5) as console:
            await console.expect_text("set_aside_count", "Set aside: 1")
            await console.click(QPushButton, "set_aside_take_up")
            assert notes_field(console).toPlainText() == "завтра"
            await console.wait_for("the receipt", lambda: console.text("receipt_automatic"))
