"""The dialogs behind *Consult…*, *Transfer…* and *Coach…*: who is listed, what Return means, what cannot be lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.helpers.qt import finish_deletions, show
from ui.people import PersonRow, Presence
from ui.theme import theme
from ui.windows.number_dialog import NumberDialog
from ui.windows.transfer_dialog import ChosenColleague, TransferDialog
from ui.windows.typed_number import typed_number

PETER = PersonRow("Гусев Пётр", "102", presence=Presence.ON_CALL, busy_since_s=0.0, busy_for_s=192.0)
ANNA = PersonRow("Котова Анна", "103", presence=Presence.FREE)
SALES = PersonRow("Отдел продаж", "700", is_group=True, member_count=5)
PEOPLE = (PETER, ANNA, SALES)
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def dialog(qapp: QApplication) -> Iterator[NumberDialog]:
    made = NumberDialog("Coach", "Call in", PEOPLE)
    show_and_keep(made)
    yield made
    put_away(made)


@pytest.fixture
def transfer(qapp: QApplication) -> Iterator[TransferDialog]:
    made = TransferDialog(PEOPLE, about="Мария", longest_note=50, back_after_s=30, hands_over=False)
    show_and_keep(made)
    yield made
    put_away(made)


def show_and_keep(dialog: NumberDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    show(dialog)
    dialog.activateWindow()


def put_away(dialog: NumberDialog) -> None:
    dialog.close()
    dialog.deleteLater()
    finish_deletions()


def lines(dialog: NumberDialog) -> list[tuple[str, ...]]:
    """The cells of every line that is listed."""
    items = [dialog.list.topLevelItem(at) for at in range(dialog.list.topLevelItemCount())]
    return [tuple(item.text(column) for column in range(3)) for item in items if item is not None]


def test_a_search_without_a_match_says_so_and_what_to_do(dialog: NumberDialog) -> None:
    assert not dialog.nobody.isVisible()
    QTest.keyClicks(dialog.field, "zzz")
    assert dialog.nobody.isVisible()
    assert not dialog.list.isVisible()
    assert "Type an extension or a phone number" in dialog.nobody.text()
    assert dialog.field.accessibleDescription() == dialog.nobody.text()
    assert not dialog.go.isEnabled()
    dialog.field.clear()
    assert dialog.list.isVisible()
    assert not dialog.nobody.isVisible()
    assert dialog.field.accessibleDescription() == ""


def test_a_number_of_nobody_is_called_as_it_stands_and_the_dialog_says_that(dialog: NumberDialog) -> None:
    QTest.keyClicks(dialog.field, "8 916 123-45-67")
    assert "+7 916 123-45-67 will be called" in dialog.nobody.text()
    chosen: list[str] = []
    dialog.number_chosen.connect(chosen.append)
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert chosen == ["79161234567"]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("102", "102"),
        ("+7 (916) 000-11-22", "79160001122"),
        ("8 (495) 123-45-67 доб. 12", "74951234567"),
        ("Иван 8 906 219-50-47", "79062195047"),
        ("999", "999"),
        ("0421234", "0421234"),
        ("*77#", "*77#"),
        ("916 123 45 6", None),
        ("8 916 000-11-22, 8 916 000-11-33", None),
        ("Гусев", None),
        ("", None),
        (" - ", None),
    ],
)
def test_what_is_a_number_and_what_is_a_name(typed: str, number: str | None) -> None:
    assert typed_number(typed).number == number


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("999", "Nobody here has 999; it will be dialled as it is."),
        ("10", "Nobody here has 10; it will be dialled as it is."),
        ("102", ""),
        ("8 (495) 123-45-67 доб. 12", "+7 495 123-45-67 will be called. The keys after it (12) are not sent"),
        ("916 123 45 6", "The number is too short"),
    ],
)
def test_the_dialog_says_how_it_has_understood_a_number(dialog: NumberDialog, typed: str, words: str) -> None:
    dialog.field.setText(typed)
    assert dialog.nobody.isVisible() == bool(words)
    assert words in dialog.nobody.text()
    assert dialog.go.isEnabled() == ("too short" not in words)


def test_a_colleagues_mobile_is_found_however_it_is_written(dialog: NumberDialog) -> None:
    dialog.show_people((replace(ANNA, phone_numbers=("79261112233",)), SALES))
    QTest.keyClicks(dialog.field, "8 (926) 111-22-33")
    assert [line[0] for line in lines(dialog)] == ["Котова Анна"]
    assert not dialog.nobody.isVisible()


def test_a_status_has_the_accounts_own_colour(dialog: NumberDialog) -> None:
    def dot() -> QColor:
        item = dialog.list.topLevelItem(0)
        assert item is not None
        return item.icon(2).pixmap(16, 16).toImage().pixelColor(8, 8)

    at_break = replace(ANNA, presence=Presence.STATUS, status_name="Перерыв", status_colour="#ff8800")
    dialog.show_people((at_break,))
    assert dot().name() == "#ff8800"
    dialog.show_people((replace(at_break, status_colour="#0088ff"),))
    assert dot().name() == "#0088ff"


def test_each_line_says_what_the_colleague_does_now(dialog: NumberDialog) -> None:
    shown = lines(dialog)
    assert shown[0] == ("Гусев Пётр", "102", "on a call for 3:12")
    assert shown[1] == ("Котова Анна", "103", "free")
    assert shown[2][:2] == ("Отдел продаж", "700")


def test_what_they_do_is_renewed_and_neither_the_typed_words_nor_the_chosen_line_are_lost(
    dialog: NumberDialog,
) -> None:
    dialog.field.setText("о")
    assert [line[0] for line in lines(dialog)] == ["Отдел продаж"]
    dialog.field.setText("")
    QTest.keyClick(dialog.field, Qt.Key.Key_Down)
    assert dialog.person() == ANNA
    dialog.show_people((replace(PETER, busy_for_s=200.0), ANNA, SALES))
    assert lines(dialog)[0][2] == "on a call for 3:20"
    assert dialog.person() == ANNA
    dialog.show_people((ANNA, SALES))
    assert [line[0] for line in lines(dialog)] == ["Котова Анна", "Отдел продаж"]
    assert dialog.person() == ANNA


def test_up_and_down_walk_around_the_list(dialog: NumberDialog) -> None:
    assert dialog.person() == PETER
    for key, person in ((Qt.Key.Key_Down, ANNA), (Qt.Key.Key_Up, PETER), (Qt.Key.Key_Up, SALES)):
        QTest.keyClick(dialog.field, key)
        assert dialog.person() == person


@pytest.mark.parametrize(
    ("hands_over", "modifier", "when_answered"),
    [
        (False, Qt.KeyboardModifier.NoModifier, False),
        (True, Qt.KeyboardModifier.NoModifier, True),
        (False, CONTROL, True),
        (True, CONTROL, True),
    ],
)
def test_return_does_what_the_window_was_opened_for_and_with_control_it_hands_over(
    transfer: TransferDialog, hands_over: bool, modifier: Qt.KeyboardModifier, when_answered: bool
) -> None:
    transfer.open_for(hands_over=hands_over)
    chosen: list[object] = []
    transfer.colleague_chosen.connect(chosen.append)
    QTest.keyClicks(transfer.field, "102")
    assert QTest.qWaitForWindowActive(transfer)
    QTest.keyClick(transfer.field, Qt.Key.Key_Return, modifier)
    assert chosen == [ChosenColleague("102", "", "", when_answered)]


def test_the_chosen_line_gives_the_name_and_the_note_goes_along(transfer: TransferDialog) -> None:
    chosen: list[object] = []
    transfer.colleague_chosen.connect(chosen.append)
    QTest.keyClick(transfer.field, Qt.Key.Key_Down)
    QTest.keyClick(transfer.field, Qt.Key.Key_Down)
    transfer.note.setText("  Котова,   счёт 12 ")
    QTest.mouseClick(transfer.when_answered, Qt.MouseButton.LeftButton)
    assert chosen == [ChosenColleague("103", "Котова Анна", "Котова, счёт 12", when_answered=True)]


def test_the_note_is_never_longer_than_the_tariff_allows_and_says_what_is_left(transfer: TransferDialog) -> None:
    assert transfer.note_left.text() == "Characters left: 50"
    QTest.keyClicks(transfer.note, "x" * 60)
    assert len(transfer.note.text()) == 50
    assert transfer.note_left.text().startswith("Characters left: 0 ·")
    assert "the caller waits" in transfer.note_left.text()


def test_it_says_when_the_caller_comes_back(transfer: TransferDialog) -> None:
    assert "within 30 s" in transfer.back_after.text()
    assert "(Ctrl+Enter)" in transfer.back_after.text()


def test_nobody_is_chosen_before_somebody_was_asked_for(transfer: TransferDialog) -> None:
    chosen: list[object] = []
    transfer.colleague_chosen.connect(chosen.append)
    assert transfer.person() is None
    assert not transfer.go.isEnabled()
    transfer.list.setFocus()
    transfer.note.setFocus()
    QTest.keyClick(transfer.note, Qt.Key.Key_Return)
    QTest.keyClick(transfer.field, Qt.Key.Key_Return, CONTROL)
    assert chosen == []
    transfer.show_people((ANNA, SALES))
    assert transfer.person() is None
    QTest.keyClick(transfer.field, Qt.Key.Key_Up)
    assert transfer.person() == SALES
    assert transfer.go.isEnabled()


def test_the_button_that_return_presses_is_drawn_as_such(transfer: TransferDialog) -> None:
    for hands_over in (True, False):
        transfer.open_for(hands_over=hands_over)
        returns, other = (transfer.when_answered, transfer.go)[:: 1 if hands_over else -1]
        assert returns.isDefault()
        assert theme.colours.accent in returns.styleSheet()
        assert other.styleSheet() == ""


def test_nobody_chosen_and_nothing_typed_means_no_button_does_anything(transfer: TransferDialog) -> None:
    chosen: list[object] = []
    transfer.colleague_chosen.connect(chosen.append)
    transfer.field.setText("zzz")
    assert not transfer.go.isEnabled()
    assert not transfer.when_answered.isEnabled()
    assert QTest.qWaitForWindowActive(transfer)
    QTest.keyClick(transfer.field, Qt.Key.Key_Return, CONTROL)
    assert chosen == []
