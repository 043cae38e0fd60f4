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


def placed(rows: ButtonRows, count: int) -> list[list[QWidget]]:
    """So many places; in the first two, two buttons take turns."""
    firsts = buttons(rows, *([100] * count))
    seconds = buttons(rows, 110, 90)
    return [[first, *seconds[place : place + 1]] for place, first in enumerate(firsts)]


@pytest.mark.parametrize("width", [900, 400, 260])
def test_a_button_stays_where_it_is_whichever_others_are_shown(rows: ButtonRows, width: int) -> None:
    places = placed(rows, 7)
    rows.set_places(places)
    rows.set_buttons([place[0] for place in places])
    rows.resize(width, rows.heightForWidth(width))
    show(rows)
    before = [place[0].geometry() for place in places]
    height = rows.heightForWidth(width)
    for shown in ([places[1][1], *(place[0] for place in places[3:])], [places[6][0]]):
        rows.set_buttons(shown)
        assert [place[0].geometry() for place in places] == before
        assert places[1][1].geometry() == before[1]
        assert rows.heightForWidth(width) == height
    flowing = ButtonRows("rows", spacing=5)
    flowing.set_buttons([place[0] for place in places[3:]])
    assert flowing.heightForWidth(width) < height or width == 900, "nothing else keeps it"
    flowing.deleteLater()


@pytest.mark.parametrize("width", [900, 400, 260])
def test_the_last_place_is_alone_at_the_right_edge_and_nobody_ever_comes_near(rows: ButtonRows, width: int) -> None:
    places = placed(rows, 7)
    rows.set_places(places)
    alone = places[-1][0]
    usual = [place[0] for place in places]
    show(rows)
    for shown in (usual, [*usual[3:-1], places[0][1], alone], [*(button for place in places for button in place)]):
        rows.set_buttons(shown)
        rows.resize(width, rows.heightForWidth(width))
        edge = alone.geometry()
        assert edge.right() == width - 1
        assert edge.height() == rows.height()
        assert all(button.geometry().right() <= edge.left() - 12 for button in shown if button is not alone)
        geometries = [button.geometry() for button in shown]
        assert not any(one.intersects(other) for one, other in pairwise(geometries)), "each has a place"


def test_a_row_that_does_not_stretch_gives_long_names_what_is_left(rows: ButtonRows) -> None:
    class LongName(FixedButton):
        def sizeHint(self) -> QSize:
            return QSize(180, 20)

        def minimumSizeHint(self) -> QSize:
            return QSize(100, 20)

    loose = ButtonRows("rows", spacing=5, stretches=False)
    short, long = FixedButton(100), LongName(0)
    loose.set_buttons([short, long])
    show(loose)
    for width, expected in ((205, 100), (250, 145), (400, 180)):
        loose.resize(width, 20)
        assert (short.width(), long.width()) == (100, expected)
    loose.deleteLater()
