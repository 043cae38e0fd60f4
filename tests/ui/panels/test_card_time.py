"""The card's time, *Later*, what is folded away, required fields and choices, as the operator meets them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton

from app.domain.customer import CrmSource, CrmUser, CustomerChoice, CustomerDecision
from app.domain.wrap_up import CardFields, CardProblem, UnknownNumberChoice
from tests.ui.panels.card_window import FINISHED, LIVE, NOBODY, Window, child, focused
from tests.ui.panels.card_window import card_window as card_window
from ui.panels.call_card.view_state import CardPanelState, SetAsideCard

USERS = (CrmUser(7, "Орлова Марина"), CrmUser(8, "Гусев Пётр"))
SOURCES = (CrmSource("CALL", "Звонок"), CrmSource("WEB", "Сайт"))
AT = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


def timed(left_s: float, window: Window) -> None:
    window.show_card(replace(FINISHED, due_at_s=window.now_s + left_s, extend_s=60))


def test_the_time_left_runs_down_calmly_and_never_takes_the_focus(window: Window) -> None:
    timed(125, window)
    head = window.view.editor.head
    assert (head.time_label.text(), head.time_row.isVisible()) == ("Saved by itself in 2:05", True)
    window.now_s += 116
    window.view.tick()
    assert head.time_label.text() == "Saved by itself in 0:09"
    window.now_s += 30
    window.view.tick()
    assert head.time_label.text() == "Saved by itself in 0:00"
    assert QApplication.focusWidget() is window.other


def test_a_card_without_an_end_shows_no_time_and_its_key_says_why(window: Window) -> None:
    asked: list[str] = []
    window.view.extend_requested.connect(asked.append)
    for state, why in ((LIVE, "when the call ends"), (FINISHED, "as long as you like")):
        window.show_card(state)
        assert not window.view.editor.head.time_row.isVisible()
        window.view.with_editor(lambda editor: editor.extend())
        assert why in window.view.editor.foot.save_hint.text()
    assert asked == []


def test_extend_asks_for_more_time_by_mouse_and_by_key(window: Window) -> None:
    asked: list[str] = []
    window.view.extend_requested.connect(asked.append)
    timed(30, window)
    QTest.mouseClick(child(window, QPushButton, "card_extend"), Qt.MouseButton.LeftButton)
    window.view.with_editor(lambda editor: editor.extend())
    assert asked == ["first", "first"]
    assert "60 s more" in window.view.editor.head.extend_button.toolTip()


def test_later_sets_a_finished_card_aside_and_says_why_not_while_the_call_runs(window: Window) -> None:
    asked: list[str] = []
    window.view.later_requested.connect(asked.append)
    window.show_card(LIVE)
    assert not child(window, QPushButton, "card_later").isEnabled()
    window.view.with_editor(lambda editor: editor.later())
    assert "still runs" in window.view.editor.foot.save_hint.text()
    window.show_card(FINISHED)
    QTest.mouseClick(child(window, QPushButton, "card_later"), Qt.MouseButton.LeftButton)
    window.view.with_editor(lambda editor: editor.later())
    assert asked == ["first", "first"]


def test_cards_set_aside_are_taken_up_at_once_or_out_of_a_menu(window: Window) -> None:
    taken: list[str] = []
    window.view.take_up_requested.connect(taken.append)
    one, two = SetAsideCard("a", "Мария <b>", AT), SetAsideCard("b", "", AT)
    window.view.show_state(CardPanelState(set_aside=(one,)))
    button = child(window, QPushButton, "set_aside_take_up")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert taken == ["a"]
    window.view.show_state(CardPanelState(set_aside=(one, two)))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    line = window.view.findChild(type(window.view._parts.set_aside))
    assert line is not None
    assert len(line.menu.actions()) == 2
    line.menu.actions()[1].trigger()
    line.menu.hide()
    assert taken == ["a", "b"]
    window.view.show_state(CardPanelState())
    assert not button.isVisible()


@pytest.mark.parametrize(
    ("problem", "field", "words"),
    [
        (CardProblem.NOTES_REQUIRED, "card_notes", "notes are required"),
        (CardProblem.CUSTOMER_REQUIRED, "customer", "a customer is required"),
        (CardProblem.OUTCOME_REQUIRED, "card_outcome", "only a guess"),
        (CardProblem.COST_REQUIRED, "card_cost", "what the call cost"),
        (CardProblem.RATING_REQUIRED, "card_rating", "a rating is required"),
        (CardProblem.NO_CRM_USER, "card_user", "the employee this call belongs to"),
    ],
)
def test_a_required_field_says_what_to_do_and_gets_the_keyboard(
    window: Window, problem: CardProblem, field: str, words: str
) -> None:
    window.show_card(FINISHED)
    window.show_card(replace(FINISHED, problems=(problem,)))
    assert focused().objectName() == field
    labels = {
        CardProblem.NOTES_REQUIRED: window.view.editor.notes_hint,
        CardProblem.CUSTOMER_REQUIRED: window.view.editor.customer_box.warning,
        CardProblem.OUTCOME_REQUIRED: window.view.editor.outcome_box.outcome_warning,
        CardProblem.COST_REQUIRED: window.view.editor.outcome_box.cost_warning,
        CardProblem.RATING_REQUIRED: window.view.editor.more_box.rating_warning,
        CardProblem.NO_CRM_USER: window.view.editor.more_box.user_warning,
    }
    assert words in labels[problem].text()
    assert labels[problem].isVisible()


def test_the_source_is_asked_for_only_of_a_customer_to_be_created(window: Window) -> None:
    window.show_card(replace(NOBODY, sources=SOURCES))
    box = child(window, QComboBox, "customer_source")
    assert isinstance(box, QComboBox)
    assert not box.isVisible()
    created = CardFields(crm_user_id=7, customer=CustomerChoice(CustomerDecision.CREATE), crm_source="WEB")
    window.show_card(replace(NOBODY, sources=SOURCES, fields=created))
    assert (box.isVisible(), box.currentText(), window.fields.crm_source) == (True, "Сайт", "WEB")
    window.show_card(replace(NOBODY, sources=SOURCES, fields=created, problems=(CardProblem.SOURCE_REQUIRED,)))
    assert focused() is box
    box.setCurrentIndex(1)
    assert window.edits[-1][1].crm_source == "CALL"
    # A source the portal no longer lists must not silently become another one.
    window.show_card(replace(NOBODY, card_key="b", sources=SOURCES, fields=replace(created, crm_source="OLD")))
    assert window.fields.crm_source == "OLD"


def test_the_user_comes_from_the_portals_list_or_by_number(window: Window) -> None:
    window.show_card(replace(FINISHED, users=USERS))
    more = window.view.editor.more_box
    more.button.setChecked(True)
    row = more.user_row
    assert (row.user_box.currentText(), row.user_field.isVisible()) == ("Орлова Марина", False)
    row.user_box.setCurrentIndex(1)
    assert window.edits[-1][1].crm_user_id == 8
    row.user_box.setCurrentIndex(2)
    assert focused() is row.user_field
    row.user_field.clear()
    QTest.keyClicks(row.user_field, "99")
    assert window.fields.crm_user_id == 99
    # Somebody who is not in the list (dismissed since, of another department) stays who he is.
    window.show_card(replace(FINISHED, card_key="b", users=USERS, fields=CardFields(crm_user_id=55)))
    assert (window.fields.crm_user_id, row.user_field.text()) == (55, "55")
    assert isinstance(child(window, QLineEdit, "card_user"), QLineEdit)


def test_what_becomes_of_an_unknown_number_is_asked_where_there_is_an_amocrm(window: Window) -> None:
    window.show_card(FINISHED)
    more = window.view.editor.more_box
    more.button.setChecked(True)
    assert not more.unknown_box.isVisible()
    window.show_card(replace(FINISHED, unknown_default=UnknownNumberChoice.UNSORTED))
    assert more.unknown_box.isVisible()
    assert more.unknown_box.currentText() == "as set: put into unsorted"
    assert window.fields.unknown_number is None
    more.unknown_box.setCurrentIndex(4)
    assert window.edits[-1][1].unknown_number is UnknownNumberChoice.SKIP


def test_what_was_unfolded_stays_so_for_the_next_card(window: Window) -> None:
    window.show_card(FINISHED)
    more = window.view.editor.more_box
    assert not more.inside.isVisible()
    more.button.setFocus()
    QTest.keyClick(focused(), Qt.Key.Key_Space)
    assert more.inside.isVisible()
    window.show_card(replace(FINISHED, card_key="b"))
    assert more.inside.isVisible()


def test_a_card_of_a_call_nobody_saw_says_so(window: Window) -> None:
    window.show_card(replace(FINISHED, is_offered=True))
    assert window.view.editor.head.line_label.text().startswith("Not seen here")
