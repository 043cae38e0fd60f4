"""Whose call it was, in the card: choosing, picking, and never the wrong customer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.customer import Customer, CustomerChoice, CustomerDecision, CustomerKind
from app.errors import LinkDown
from tests.ui.panels.card_window import (
    ACME,
    FINISHED,
    MARIA,
    NOBODY,
    Window,
)
from tests.ui.panels.card_window import card_window as card_window
from ui.panels.call_card.customer_picker import CustomerPicker
from ui.panels.call_card.view_state import (
    CustomerSearch,
    Lookup,
)


def test_an_unknown_number_offers_three_ways_and_none_is_taken_by_itself(window: Window) -> None:
    window.show_card(NOBODY)
    box = window.view.editor.customer_box
    assert [radio.text() for radio in box.radios.buttons()] == [
        "Create a customer",
        "Pick a customer",
        "Without customer",
    ]
    assert all(radio.isVisible() and not radio.isChecked() for radio in box.radios.buttons())
    box.create_radio.click()
    assert window.fields.customer == CustomerChoice(CustomerDecision.CREATE)
    box.without_radio.click()
    assert window.fields.customer == CustomerChoice(CustomerDecision.WITHOUT)


def test_a_hidden_number_offers_no_customer_to_create(window: Window) -> None:
    window.show_card(replace(NOBODY, lookup=Lookup.HIDDEN, phone_number="", search_number=""))
    box = window.view.editor.customer_box
    assert not box.create_radio.isEnabled()
    assert box.pick_radio.isEnabled()
    assert window.view.editor.head.caller_label.text() == "Hidden number"


def test_picking_asks_bitrix24_takes_the_first_found_and_can_take_a_record_by_number(window: Window) -> None:
    window.show_card(NOBODY)
    asked: list[tuple[str, str]] = []
    window.view.customer_search_requested.connect(lambda key, number: asked.append((key, number)))
    box = window.view.editor.customer_box
    box.pick_radio.click()
    assert box.picker.isVisible()
    assert box.picker.number_field.text() == "79062195047"
    QTest.keyClick(box.picker.number_field, Qt.Key.Key_Return)
    assert asked == [("first", "79062195047")]
    window.show_card(replace(NOBODY, search=CustomerSearch("first", customers=(ACME, MARIA))))
    assert window.fields.customer == CustomerChoice(CustomerDecision.PICKED, ACME)
    assert window.edits[-1][1].customer == window.fields.customer
    box.picker.result_box.setCurrentIndex(1)
    assert window.fields.customer == CustomerChoice(CustomerDecision.PICKED, MARIA)
    QTest.keyClicks(box.picker.record_field, "55")
    assert window.fields.customer.customer == Customer(CustomerKind.CONTACT, 55, "")


def test_a_record_typed_by_hand_is_not_undone_by_the_search_before_it(window: Window) -> None:
    window.show_card(NOBODY)
    window.view.editor.customer_box.pick_radio.click()
    searched = replace(NOBODY, search=CustomerSearch("first", customers=(ACME,)))
    window.show_card(searched)
    QTest.keyClicks(window.view.editor.customer_box.picker.record_field, "55")
    window.show_card(replace(searched, autosaved_at=datetime.now(UTC)))
    assert window.fields.customer.customer == Customer(CustomerKind.CONTACT, 55, "")


def test_what_is_half_typed_in_the_picker_survives_a_snapshot(window: Window) -> None:
    window.show_card(NOBODY)
    box = window.view.editor.customer_box
    box.pick_radio.click()
    QTest.keyClicks(box.picker.record_field, "0")
    box.picker.number_field.clear()
    QTest.keyClicks(box.picker.number_field, "7906")
    window.show_card(replace(NOBODY, autosaved_at=datetime.now(UTC)))
    assert (box.picker.record_field.text(), box.picker.number_field.text()) == ("0", "7906")


def test_a_search_that_answers_late_does_not_undo_the_decision_for_nobody(window: Window) -> None:
    window.show_card(NOBODY)
    box = window.view.editor.customer_box
    box.pick_radio.click()
    window.show_card(replace(NOBODY, search=CustomerSearch("first", is_running=True)))
    box.without_radio.click()
    window.show_card(replace(NOBODY, search=CustomerSearch("first", customers=(ACME,))))
    assert window.fields.customer == CustomerChoice(CustomerDecision.WITHOUT)


def test_a_customer_picked_for_one_card_never_turns_up_in_another(window: Window) -> None:
    window.show_card(NOBODY)
    box = window.view.editor.customer_box
    box.pick_radio.click()
    window.show_card(replace(NOBODY, search=CustomerSearch("first", customers=(ACME,))))
    assert window.fields.customer.customer == ACME
    window.show_card(replace(NOBODY, card_key="second", search_number="79000000000"))
    assert window.fields.customer == CustomerChoice()
    box.pick_radio.click()
    assert window.fields.customer == CustomerChoice(CustomerDecision.WITHOUT)
    assert not box.picker.result_box.isVisible()
    assert box.picker.number_field.text() == "79000000000"


def test_turning_away_from_the_match_never_leaves_the_notes_with_him(window: Window) -> None:
    window.show_card(FINISHED)
    box = window.view.editor.customer_box
    box.match_box.setCurrentIndex(2)
    assert box.picker.isVisible()
    assert window.fields.customer == CustomerChoice(CustomerDecision.WITHOUT)
    # The next snapshot still has the match; the picker stays open.
    window.show_card(replace(FINISHED, autosaved_at=datetime.now(UTC)))
    assert box.picker.isVisible()
    assert window.fields.customer.customer is None


def test_a_failed_lookup_says_so_and_can_be_repeated(window: Window) -> None:
    window.show_card(replace(NOBODY, lookup=Lookup.FAILED, lookup_error=LinkDown("connect")))
    box = window.view.editor.customer_box
    assert "could not be asked" in box.hint.text()
    asked: list[str] = []
    window.view.look_up_requested.connect(asked.append)
    QTest.mouseClick(box.again_button, Qt.MouseButton.LeftButton)
    assert asked == ["first"]


def test_a_picker_that_is_not_reset_would_hand_the_customer_on(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the wandering customer: without the reset the notes of one go to another."""
    monkeypatch.setattr(CustomerPicker, "reset", lambda _: None)
    window.show_card(NOBODY)
    box = window.view.editor.customer_box
    box.pick_radio.click()
    window.show_card(replace(NOBODY, search=CustomerSearch("first", customers=(ACME,))))
    window.show_card(replace(NOBODY, card_key="second"))
    box.pick_radio.click()
    assert window.fields.customer.customer == ACME
