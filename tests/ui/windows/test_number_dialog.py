"""The dialog *Consult…* and *Coach…* when nobody matches: it says so, and what to do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.helpers.qt import finish_deletions, show
from ui.windows.number_dialog import NumberDialog, Person

PEOPLE = (Person("Гусев Пётр", "102"), Person("Котова Анна", "103"))


@pytest.fixture
def dialog(qapp: QApplication) -> Iterator[NumberDialog]:
    dialog = NumberDialog("Consult", "Call", PEOPLE)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    show(dialog)
    yield dialog
    dialog.close()
    dialog.deleteLater()
    finish_deletions()


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
    assert "89161234567 will be called" in dialog.nobody.text()
    chosen: list[str] = []
    dialog.number_chosen.connect(chosen.append)
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert chosen == ["89161234567"]
