"""The call card's widgets: typing is never written over, focus is never taken, everything goes by keyboard."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from app.domain.customer import Customer, CustomerChoice, CustomerDecision, CustomerKind
from app.domain.wrap_up import CardFields, CardProblem, Disposition, ProposedDisposition
from app.errors import NotSaved, RightsMissing
from tests.helpers.qt import finish_deletions
from tests.ui.panels.card_window import (
    ACME,
    FINISHED,
    FOUND,
    LIVE,
    MARIA,
    NOBODY,
    Window,
    child,
    focused,
)
from tests.ui.panels.card_window import card_window as card_window
from ui.panels.call_card.choose_customer_dialog import ChooseCustomerDialog
from ui.panels.call_card.view import CallCardView
from ui.panels.call_card.view_state import (
    CardChip,
    CardPanelState,
    CustomerSearch,
    ReceiptState,
    SaveStage,
    StepMark,
    StepState,
    WaitingCard,
)
from ui.texts.card import mark_glyph, mark_word, outcome_word, problem_sentence, reason_sentence
from ui.theme import theme


def test_a_card_opens_without_taking_the_focus(window: Window) -> None:
    QTest.keyClicks(window.other, "abc")
    for state in (LIVE, FINISHED, replace(NOBODY, card_key="second")):
        window.show_card(state)
        assert QApplication.focusWidget() is window.other
    window.view.show_state(CardPanelState(receipt=ReceiptState("first", "+7 906 219-50-47")))
    window.view.show_state(CardPanelState())
    assert QApplication.focusWidget() is window.other
    assert window.other.text() == "abc"


def test_what_is_typed_is_never_written_over_by_a_snapshot(window: Window) -> None:
    window.show_card(LIVE)
    window.view.focus_notes()
    QTest.keyClicks(window.view.editor.notes, "call back")
    cursor_at = window.view.editor.notes.textCursor().position()
    # The draft of an earlier moment, with the caller found and the call over meanwhile.
    stale = replace(FINISHED, fields=replace(FINISHED.fields, notes="call", crm_user_id=8))
    window.show_card(stale)
    assert window.fields.notes == "call back"
    assert window.view.editor.notes.textCursor().position() == cursor_at
    assert QApplication.focusWidget() is window.view.editor.notes
    # What nobody touched follows the facts.
    assert window.fields.crm_user_id == 8


class Forgetful(set[str]):
    """Remembers nothing of what the operator touched."""

    def add(self, name: str) -> None:
        return


def test_a_card_that_forgets_what_was_touched_is_written_over(window: Window) -> None:
    """The control of the test before: the same snapshot does harm when the guard is gone."""
    window.show_card(LIVE)
    window.view.editor._touched = Forgetful()
    window.view.focus_notes()
    QTest.keyClicks(window.view.editor.notes, "call back")
    window.show_card(replace(FINISHED, fields=replace(FINISHED.fields, notes="call")))
    assert window.fields.notes == "call"


def test_every_field_once_edited_belongs_to_the_operator(window: Window) -> None:
    window.show_card(FINISHED)
    box, more = window.view.editor.outcome_box, window.view.editor.more_box
    box.outcome_field.setCurrentIndex(list(Disposition).index(Disposition.BUSY))
    QTest.keyClicks(more.user_row.user_field, "1")
    QTest.keyClicks(box.cost_field, "12,5")
    box.currency_field.setCurrentIndex(1)
    more.rating_field.setCurrentIndex(4)
    QTest.keyClicks(box.reason_field, "line busy")
    more.chat_box.setChecked(True)
    window.view.editor.customer_box.match_box.setCurrentIndex(1)
    edited = window.fields
    window.show_card(replace(FINISHED, fields=CardFields(crm_user_id=99, currency="RUB", customer=FOUND)))
    assert window.fields == edited
    assert edited == CardFields(
        disposition=Disposition.BUSY,
        crm_user_id=71,
        cost=Decimal("12.5"),
        currency="USD",
        rating=4,
        failed_reason="line busy",
        add_to_chat=True,
        customer=CustomerChoice(CustomerDecision.PICKED, ACME),
    )
    assert window.edits[-1] == ("first", edited)


def test_showing_a_card_is_no_edit(window: Window) -> None:
    for state in (LIVE, FINISHED, NOBODY, replace(LIVE, card_key="second")):
        window.show_card(state)
    assert window.edits == []


def test_another_card_brings_its_own_fields_and_takes_none_along(window: Window) -> None:
    window.show_card(LIVE)
    window.view.editor.notes.setPlainText("about the first caller")
    window.show_card(replace(LIVE, card_key="second", fields=CardFields(notes="kept draft")))
    assert window.fields.notes == "kept draft"
    assert window.edits == [("first", window.edits[0][1])]
    window.show_card(replace(LIVE, fields=replace(LIVE.fields, notes="about the first caller")))
    assert window.fields.notes == "about the first caller"


def test_all_thirteen_outcomes_are_offered_with_code_and_word(window: Window) -> None:
    window.show_card(FINISHED)
    field = window.view.editor.outcome_box.outcome_field
    shown = [field.itemText(place) for place in range(field.count())]
    assert shown == [outcome_word(disposition) for disposition in Disposition]
    assert len(shown) == 13
    assert all(text.split(" · ")[0] == code.value for text, code in zip(shown, Disposition, strict=True))


@pytest.mark.parametrize("disposition", list(Disposition))
def test_the_proposed_outcome_is_preselected_and_stays_a_proposal(window: Window, disposition: Disposition) -> None:
    window.show_card(replace(FINISHED, proposed=ProposedDisposition(disposition)))
    assert window.view.editor.outcome_box.disposition is disposition
    assert window.fields.disposition is None
    window.view.editor.outcome_box.edited.emit("disposition")
    assert window.fields.disposition is disposition


def test_a_guess_is_marked_until_the_operator_chooses_something_else(window: Window) -> None:
    guess = ProposedDisposition(Disposition.TEMPORARILY_UNAVAILABLE, is_guess=True)
    state = replace(FINISHED, proposed=guess, duration_s=0)
    window.show_card(state)
    box = window.view.editor.outcome_box
    assert box.guess_mark.isVisible()
    assert box.guess_mark.text().startswith("guess")
    box.outcome_field.setCurrentIndex(list(Disposition).index(Disposition.BUSY))
    window.show_card(replace(state, fields=window.fields))
    assert not box.guess_mark.isVisible()


def test_during_the_call_notes_and_customer_are_open_and_the_rest_says_when_it_fills_in(window: Window) -> None:
    window.show_card(LIVE)
    editor = window.view.editor
    assert editor.notes.isEnabled()
    assert editor.customer_box.match_box.isEnabled()
    assert not editor.save_button.isEnabled()
    assert editor.waiting_hint.isVisible()
    editor.more_box.button.setChecked(True)
    for field in (editor.outcome_box.outcome_field, editor.outcome_box.cost_field, editor.more_box.chat_box):
        assert field.isVisible()
        assert not field.isEnabled()
        assert field.toolTip() == field.accessibleDescription() == "Fills in when the call ends."
    window.view.save()
    assert window.saves == []
    window.show_card(FINISHED)
    assert editor.outcome_box.duration_value.text() == "01:35"
    assert not editor.waiting_hint.isVisible()
    window.view.save()
    assert window.saves == ["first"]


def test_a_card_is_filled_and_saved_by_keyboard_alone(window: Window) -> None:
    window.show_card(FINISHED)
    window.view.focus_notes()
    keys = QTest.keyClicks
    keys(focused(), "order 1234")
    visited: list[str] = []
    for _ in range(40):
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        visited.append(focused().objectName())
        if visited[-1] == "card_cost":
            keys(focused(), "15.50")
        if visited[-1] == "card_more":
            QTest.keyClick(focused(), Qt.Key.Key_Space)
        if visited[-1] == "card_rating":
            QTest.keyClick(focused(), Qt.Key.Key_End)
        if visited[-1] == "save_card":
            break
    expected = ["customer", "card_outcome", "card_cost", "card_currency", "card_more", "card_user", "card_rating"]
    assert [name for name in visited if name in expected] == expected
    QTest.keyClick(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert window.saves == ["first"]
    assert (window.fields.notes, window.fields.cost, window.fields.rating) == ("order 1234", Decimal("15.50"), 5)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_ctrl_enter_saves_from_the_middle_of_the_notes_and_writes_no_line(window: Window, key: Qt.Key) -> None:
    window.show_card(FINISHED)
    window.view.focus_notes()
    QTest.keyClicks(window.view.editor.notes, "done")
    QTest.keyClick(window.view.editor.notes, key, Qt.KeyboardModifier.ControlModifier)
    assert window.saves == ["first"]
    assert window.fields.notes == "done"


def test_the_first_tab_stop_of_the_card_is_the_notes(window: Window) -> None:
    window.show_card(FINISHED)
    window.other.setFocus()
    QTest.keyClick(window.other, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is window.view.editor.notes


@pytest.mark.parametrize(
    ("problem", "label"),
    [
        (CardProblem.NO_CRM_USER, "card_user_problem"),
        (CardProblem.COST_WITHOUT_CURRENCY, "card_cost_problem"),
        (CardProblem.NEGATIVE_COST, "card_cost_problem"),
        (CardProblem.RATING_OUT_OF_RANGE, "card_rating_problem"),
    ],
)
def test_a_problem_stands_in_words_beside_its_field(window: Window, problem: CardProblem, label: str) -> None:
    window.show_card(FINISHED)
    window.show_card(replace(FINISHED, problems=(problem,)))
    shown = child(window, QLabel, label)
    assert isinstance(shown, QLabel)
    assert shown.isVisible()
    assert shown.text() == problem_sentence(problem)
    assert window.view.has_cursor
    window.show_card(FINISHED)
    assert not shown.isVisible()


def test_every_problem_has_a_sentence_that_tells_what_to_do() -> None:
    sentences = {problem_sentence(problem) for problem in CardProblem}
    assert len(sentences) == len(CardProblem)
    assert all(sentence.endswith(".") and len(sentence) > 20 for sentence in sentences)


def test_a_card_that_could_not_be_saved_says_why_and_may_be_saved_again(window: Window) -> None:
    failed = replace(FINISHED, save_stage=SaveStage.NOT_SAVED, save_error=NotSaved("disk_full"))
    window.show_card(failed)
    assert "draft is kept" in window.view.editor.foot.save_warning.text()
    assert "disk is full" in window.view.editor.foot.save_warning.text()
    assert window.view.editor.save_button.isEnabled()
    window.show_card(replace(FINISHED, save_stage=SaveStage.SAVING))
    assert not window.view.editor.save_button.isEnabled()


BEGAN = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)
HOSTILE = (
    "<b>bold</b><img src='file:///etc/passwd'>",
    "<a href='https://evil.test'>click</a>",
    "&Save &card",
    "‮txt.exe",
    "line\nbreak\x00\x07",
    "x" * 10_000,
)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_from_outside_stay_plain_text_everywhere(window: Window, name: str) -> None:
    somebody = Customer(CustomerKind.CONTACT, 1, name)
    choice = CustomerChoice(CustomerDecision.FOUND, somebody)
    state = replace(LIVE, caller_name=name, matches=(somebody,), fields=CardFields(customer=choice))
    chips = (
        CardChip("first", name, "", BEGAN, is_finished=True, is_shown=True),
        CardChip("second", name, "", BEGAN, is_finished=False, is_shown=False),
    )
    window.view.show_state(CardPanelState(editor=state, chips=chips))
    assert window.grab().width() == 700
    for label in window.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText, label.objectName()
    for widget in window.findChildren(QWidget):
        assert "<" not in widget.toolTip(), widget.objectName()
    for button in window.findChildren(QAbstractButton):
        if button.objectName().startswith("card_chip"):
            assert "&" not in button.text().replace("&&", "")
            assert len(button.text()) < 60


def test_the_hostile_names_would_be_taken_for_rich_text_by_a_bare_label(window: Window) -> None:
    """The control of the test before: a label that nobody told "plain" hides the tags and shows the rest bold."""
    plain_width, bare = window.fontMetrics().horizontalAdvance(HOSTILE[1]), QLabel(HOSTILE[1], window)
    assert bare.textFormat() is Qt.TextFormat.AutoText
    assert bare.sizeHint().width() < plain_width / 2


def test_without_a_card_the_panel_says_calmly_when_one_comes(window: Window) -> None:
    window.view.show_state(CardPanelState())
    assert window.view.empty_label.isVisible()
    window.view.save()
    window.view.focus_notes()
    assert window.saves == []
    assert QApplication.focusWidget() is window.other


def test_who_is_nobody_is_promised_no_card_and_told_where_to_say_who_he_is(window: Window) -> None:
    promise = window.view.empty_label.text()
    window.view.show_state(CardPanelState(knows_me=False))
    assert "Connect" in window.view.empty_label.text()
    assert window.view.empty_label.text() != promise
    window.view.show_state(CardPanelState())
    assert window.view.empty_label.text() == promise


def test_the_receipt_shows_each_step_with_glyph_and_word(window: Window) -> None:
    steps = (
        StepState("register", StepMark.DONE),
        StepState("finish", StepMark.UNSURE),
        StepState("note", StepMark.WAITING),
    )
    window.view.show_state(CardPanelState(receipt=ReceiptState("first", "+7 906 219-50-47", steps)))
    assert window.view.receipt.headline.text() == "Saved. Waiting for Bitrix24."
    for place, step in enumerate(steps):
        glyph = child(window, QLabel, f"receipt_step_mark_{place}")
        word = child(window, QLabel, f"receipt_step_word_{place}")
        assert isinstance(glyph, QLabel)
        assert isinstance(word, QLabel)
        assert (glyph.text(), word.text()) == (mark_glyph(step.mark), mark_word(step.mark))
    assert not window.view.receipt.link_button.isVisible()
    done = tuple(StepState(step.name, StepMark.DONE) for step in steps)
    state = ReceiptState("first", "", done, is_done=True, activity_id="7943", link="https://portal.test/crm/")
    window.view.show_state(CardPanelState(receipt=state))
    assert window.view.receipt.headline.text() == "Saved. Sent to Bitrix24."
    assert "7943" in window.view.receipt.activity_label.text()
    assert window.view.receipt.link_button.isVisible()
    assert len({mark_glyph(mark) for mark in StepMark}) == len({mark_word(mark) for mark in StepMark}) == len(StepMark)


def test_after_saving_the_keyboard_does_not_fall_through_to_the_live_call(window: Window) -> None:
    window.show_card(FINISHED)
    window.view.focus_notes()
    closed: list[bool] = []
    window.view.receipt_closed.connect(lambda: closed.append(True))
    for _ in range(2):
        window.view.show_state(CardPanelState(receipt=ReceiptState("first", "")))
        QTest.keyClicks(focused(), "and more ")
        QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert focused() is window.view.title_label
    assert closed == []


def test_waiting_cards_say_why_and_what_can_be_done(window: Window) -> None:
    cards = (
        WaitingCard("a", "+7 906 219-50-47", "79062195047", "register", StepMark.WAITING, 360.0, "connect"),
        WaitingCard("b", "", "", "note", StepMark.PARKED, 4000.0, "customer_needed", {}, needs_customer=True),
    )
    paused = RightsMissing("wrong_auth_type")
    window.view.show_state(CardPanelState(waiting=cards, queue_paused=paused))
    waiting = window.view.waiting
    assert waiting.headline.text() == "Waiting to be sent (2)"
    assert "application" in waiting.paused_label.text()
    assert child(window, QLabel, "waiting_reason_0").isVisible()
    held_back = replace(cards[0], reason="wrong_auth_type")
    window.view.show_state(CardPanelState(waiting=(held_back, cards[1]), queue_paused=paused))
    assert not child(window, QLabel, "waiting_reason_0").isVisible(), "said once, above"
    window.view.show_state(CardPanelState(waiting=cards, queue_paused=paused))
    retried: list[str] = []
    window.view.retry_requested.connect(retried.append)
    retry = child(window, QPushButton, "waiting_retry_0")
    QTest.mouseClick(retry, Qt.MouseButton.LeftButton)
    assert retried == ["a"]
    assert not child(window, QPushButton, "waiting_retry_1").isVisible()
    assert child(window, QPushButton, "waiting_customer_1").isVisible()
    window.view.show_state(CardPanelState())
    assert not waiting.isVisible()


@pytest.mark.parametrize(("reason", "offers_retry"), [("customer_not_found", False), ("customer_access_denied", True)])
def test_a_card_whose_customer_will_not_do_offers_another_one(window: Window, reason: str, offers_retry: bool) -> None:
    card = WaitingCard("b", "", "", "note", StepMark.PARKED, 4.0, reason, {}, needs_customer=True)
    window.view.show_state(CardPanelState(waiting=(card,)))
    assert child(window, QPushButton, "waiting_customer_0").isVisible()
    assert child(window, QPushButton, "waiting_retry_0").isVisible() is offers_retry


def test_the_dialog_grows_with_what_the_search_says(window: Window) -> None:
    card = WaitingCard("b", "", "", "note", StepMark.PARKED, 4.0, "customer_needed", {}, needs_customer=True)
    window.view.show_state(CardPanelState(waiting=(card,)))
    QTest.mouseClick(child(window, QPushButton, "waiting_customer_0"), Qt.MouseButton.LeftButton)
    window.view.show_state(CardPanelState(waiting=(card,), search=CustomerSearch("b", is_running=True)))
    QApplication.processEvents()
    window.view.show_state(CardPanelState(waiting=(card,), search=CustomerSearch("b", customers=())))
    dialog = window.findChild(ChooseCustomerDialog)
    assert dialog is not None
    hint = dialog.picker.hint
    QApplication.processEvents()
    assert hint.height() >= hint.heightForWidth(hint.width())


def test_a_card_that_only_the_queue_mends_leads_there_and_offers_no_try_in_vain(window: Window) -> None:
    card = WaitingCard("b", "", "", "register", StepMark.PARKED, 4.0, "number_hidden", {}, needs_queue=True)
    asked: list[str] = []
    window.view.queue_requested.connect(asked.append)
    window.view.show_state(CardPanelState(waiting=(card,)))
    assert not child(window, QPushButton, "waiting_retry_0").isVisible()
    QTest.mouseClick(child(window, QPushButton, "waiting_decide_0"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(child(window, QPushButton, "waiting_queue"), Qt.MouseButton.LeftButton)
    assert asked == ["b", ""]


def test_a_parked_note_gets_its_customer_in_a_small_dialog(window: Window) -> None:
    card = WaitingCard("b", "", "", "note", StepMark.PARKED, 4.0, "customer_needed", {}, needs_customer=True)
    window.view.show_state(CardPanelState(waiting=(card,)))
    chosen: list[tuple[str, CustomerChoice]] = []
    window.view.customer_chosen.connect(lambda key, choice: chosen.append((key, choice)))
    QTest.mouseClick(child(window, QPushButton, "waiting_customer_0"), Qt.MouseButton.LeftButton)
    dialog = window.findChild(ChooseCustomerDialog)
    assert isinstance(dialog, ChooseCustomerDialog)
    assert not dialog.agree_button.isEnabled()
    window.view.show_state(CardPanelState(waiting=(card,), search=CustomerSearch("another", customers=(ACME,))))
    assert not dialog.agree_button.isEnabled()
    window.view.show_state(CardPanelState(waiting=(card,), search=CustomerSearch("b", customers=(MARIA,))))
    QTest.mouseClick(dialog.agree_button, Qt.MouseButton.LeftButton)
    assert chosen == [("b", CustomerChoice(CustomerDecision.PICKED, MARIA))]
    finish_deletions()


def test_a_reason_nobody_foresaw_is_named_by_its_code_and_the_vendors_words() -> None:
    assert "zzz" in reason_sentence("zzz", {})
    assert "Too bad" in reason_sentence("zzz", {"vendor_message": "Too bad"})
    assert reason_sentence("", {}) == ""


def test_everything_has_a_name_and_every_field_a_label(window: Window) -> None:
    card = WaitingCard("b", "", "", "note", StepMark.PARKED, 4.0, "customer_needed", {}, needs_customer=True)
    window.view.show_state(CardPanelState(editor=NOBODY, waiting=(card,)))
    buddies = {label.buddy() for label in window.view.findChildren(QLabel)}
    for kind in (QLineEdit, QComboBox):
        for field in window.view.findChildren(kind):
            assert field.objectName()
            assert field in buddies, field.objectName()
    assert window.view.editor.notes in buddies
    for button in window.view.findChildren(QAbstractButton):
        if not button.objectName().startswith("qt_"):
            assert button.accessibleName() == button.text().replace("&&", "&"), button.objectName()
    assert window.view.group.accessibleName() == window.view.title_label.text() == "Bitrix24 call card"
    assert all(not label.accessibleName() for label in window.view.findChildren(QLabel))


def test_the_theme_may_change_after_a_card_is_gone_and_follows_in_one_that_is_there(window: Window) -> None:
    gone = CallCardView(lambda: 0.0)
    gone.deleteLater()
    finish_deletions()
    warning = window.view.editor.foot.save_warning
    ink = warning.foregroundRole()
    light = warning.palette().color(ink)
    theme.is_dark = True
    try:
        theme.changed.emit()
        assert warning.palette().color(ink) != light
    finally:
        theme.is_dark = False
        theme.changed.emit()
    assert warning.palette().color(ink) == light
