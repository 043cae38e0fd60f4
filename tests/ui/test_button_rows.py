"""Rows of buttons that break where the screen is narrow: no label is cut, and the height does not jump."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from tests.helpers.qt import finish_deletions, show
from ui.widgets.button_rows import ButtonRows, columns_for

WIDTHS = st.lists(st.integers(1, 200), min_size=1, max_size=14)


@given(WIDTHS, st.integers(0, 1500), st.integers(0, 10))
def test_columns_fit_into_the_room_or_there_is_only_one(widths: list[int], room: int, spacing: int) -> None:
    columns = columns_for(widths, room, spacing)
    assert 1 <= len(columns) <= len(widths)
    assert len(columns) == 1 or sum(columns) + spacing * (len(columns) - 1) <= room
    for place, width in enumerate(widths):
        assert columns[place % len(columns)] >= width, "every button has the room it needs"


@given(WIDTHS, st.integers(1, 4))
def test_rows_are_as_equal_as_they_can_be_and_no_longer_than_asked_for(widths: list[int], least_rows: int) -> None:
    columns = len(columns_for(widths, 10_000, 0, least_rows))
    rows = -(-len(widths) // columns)
    assert columns <= -(-len(widths) // least_rows)
    assert 1 <= len(widths) - (rows - 1) * columns <= columns


class FixedButton(QPushButton):
    """Asks for the same place whatever the style."""

    def __init__(self, width: int) -> None:
        super().__init__("x")
        self._width = width

    def sizeHint(self) -> QSize:
        return QSize(self._width, 20)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


@pytest.fixture
def rows(qapp: QApplication) -> Iterator[ButtonRows]:
    made = ButtonRows("rows", spacing=5)
    yield made
    made.deleteLater()
    finish_deletions()


def buttons(rows: ButtonRows, *widths: int) -> list[QWidget]:
    made: list[QWidget] = []
    for width in widths:
        button = FixedButton(width)
        button.setParent(rows)
        made.append(button)
    return made


def test_a_narrow_place_has_more_rows_and_a_wide_one_has_one(rows: ButtonRows) -> None:
    rows.set_buttons(buttons(rows, *([100] * 6)))
    show(rows)
    for width, expected in ((700, 1), (400, 2), (260, 3), (50, 6)):
        rows.resize(width, rows.heightForWidth(width))
        assert rows.row_count == expected
        assert rows.heightForWidth(width) == expected * 20 + (expected - 1) * 5
        assert rows.minimumSizeHint().width() == 100, "it can always be made narrower"


def test_buttons_share_the_width_and_do_not_overlap(rows: ButtonRows) -> None:
    made = buttons(rows, 100, 60, 100, 60)
    rows.set_buttons(made)
    rows.resize(500, 20)
    show(rows)
    edges = [(button.geometry().left(), button.geometry().right()) for button in made]
    assert edges[0][0] == 0
    assert edges[-1][1] == 499
    assert all(left[1] < right[0] for left, right in pairwise(edges))


def test_fewer_buttons_keep_the_height_of_the_usual_ones(rows: ButtonRows) -> None:
    usual = buttons(rows, *([100] * 6))
    rows.keep_room_for(usual)
    rows.set_buttons(usual)
    rows.resize(400, 45)
    before = rows.heightForWidth(400)
    rows.set_buttons(usual[:3])
    assert rows.heightForWidth(400) == before
    without = ButtonRows("rows", spacing=5)
    without.set_buttons(buttons(without, 100, 100, 100))
    assert without.heightForWidth(400) < before, "nothing else keeps it"
    without.deleteLater()
