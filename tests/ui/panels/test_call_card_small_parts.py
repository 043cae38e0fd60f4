"""The card's smaller parts: chips that are told apart, the user's name, a dialog with room for its sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.helpers.qt import finish_deletions, show
from tests.ui.panels.card_window import FINISHED, Window, card_window
from ui.panels.call_card.choose_customer_dialog import ChooseCustomerDialog
from ui.panels.call_card.view_state import CardChip, CardPanelState, CustomerSearch
from ui.theme import ThemeChoice, theme

__all__ = ["card_window"]
BEGAN = datetime(2026, 3, 2, 9, 5, 10, tzinfo=UTC)
LONG_NAME = "Сергей Валерьевич Константинопольский"


@pytest.fixture(name="dark")
def dark_theme(qapp: QApplication) -> Iterator[None]:
    theme.install(qapp, ThemeChoice.DARK)
    yield
    theme.choose(ThemeChoice.LIGHT)


def chip(card_key: str, began_at: datetime, *, is_shown: bool = False) -> CardChip:
    return CardChip(card_key, LONG_NAME, "+7 906 219-50-47", began_at, is_finished=True, is_shown=is_shown)


@pytest.mark.parametrize("later_s", [3600, 20])
def test_two_cards_of_one_customer_are_told_apart_and_named_in_full(window: Window, later_s: int) -> None:
    chips = (chip("first", BEGAN, is_shown=True), chip("second", BEGAN + timedelta(seconds=later_s)))
    window.view.show_state(CardPanelState(chips=chips))
    first, second = window.view.strip.buttons_shown
    assert first.text() != second.text()
    assert first.accessibleName() != second.accessibleName()
    for button in (first, second):
        assert LONG_NAME in button.accessibleName()
        assert "+7 906 219-50-47" in button.accessibleName()
        assert "to be saved" in button.accessibleName()


def test_the_chosen_card_can_be_seen_in_the_dark_theme(window: Window, dark: None) -> None:
    assert dark is None
    chips = (chip("first", BEGAN, is_shown=True), chip("second", BEGAN + timedelta(hours=1)))
    window.view.show_state(CardPanelState(chips=chips))
    QTest.qWait(0)
    lightness = []
    for button in window.view.strip.buttons_shown:
        picture = button.grab().toImage()
        lightness.append(picture.pixelColor(4, picture.height() // 2).lightness())
    assert abs(lightness[0] - lightness[1]) > 40


def test_the_name_beside_the_user_number_is_only_that_of_this_number(window: Window) -> None:
    window.show_card(replace(FINISHED, named_user_id=7, crm_user_name="Ирина"))
    box = window.view.editor.more_box.user_row
    window.view.editor.more_box.button.setChecked(True)
    assert box.user_name.text() == "Ирина"
    for typed, name in (("", ""), ("9", ""), ("7", "Ирина"), ("77", "")):
        box.user_field.clear()
        QTest.keyClicks(box.user_field, typed) if typed else box.user_field.textEdited.emit("")
        assert box.user_name.text() == name
        assert box.user_name.isVisible() is bool(name)


@pytest.mark.parametrize("sentence_size", [1, 3])
def test_choosing_a_customer_has_room_for_nobody_found(qapp: QApplication, sentence_size: int) -> None:
    assert qapp is not None
    dialog = ChooseCustomerDialog("b", "+7 906 219-50-47", "79062195047")
    font = dialog.picker.hint.font()
    font.setPointSizeF(font.pointSizeF() * sentence_size)
    dialog.picker.hint.setFont(font)
    show(dialog)
    try:
        dialog.show_search(CustomerSearch("b"))
        QApplication.processEvents()
        hint = dialog.picker.hint
        assert hint.isVisible()
        assert hint.height() >= hint.heightForWidth(hint.width())
        assert dialog.agree_button.geometry().bottom() < dialog.height()
    finally:
        dialog.close()
        dialog.deleteLater()
        finish_deletions()
