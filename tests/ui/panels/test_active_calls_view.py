"""The list on the screen: scroll, selection and focus stay where the operator left them; the clock costs little."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView

from app.domain.calls import Direction, LegState
from tests.helpers.qt import finish_deletions
from tests.ui.sample_calls import HELD, ME, TALKING, make_call
from ui.models.call_row import CallColumn, CallRow
from ui.panels.active_calls.view import ROW_HEIGHT, ActiveCallsView
from ui.panels.active_calls.view_state import ActiveCallsState, CallFilter, Emptiness, row_of, seen_lines
from ui.texts.list import row_words


def _row(place: int, leg_states: tuple[LegState, ...] = TALKING) -> CallRow:
    return row_of(make_call(place, *leg_states), me=ME, caller_name=None, words=row_words())


def _state(rows: list[CallRow], chosen: int | None = None) -> ActiveCallsState:
    emptiness = Emptiness.NOT_EMPTY if rows else Emptiness.NO_CALLS
    key = None if chosen is None else rows[chosen].call_session_id
    return ActiveCallsState(tuple(rows), len(rows), seen_lines((), rows), key, emptiness)


@pytest.fixture
def view(qapp: QApplication) -> Iterator[ActiveCallsView]:
    made = ActiveCallsView(lambda: 1000.0)
    made.resize(660, 420)
    made.show()
    QCoreApplication.sendPostedEvents()
    yield made
    made.close()
    made.deleteLater()
    finish_deletions()


def _scroll_to(view: ActiveCallsView, offset: int) -> None:
    view.table.executeDelayedItemsLayout()  # what the next turn of the loop does
    view.table.verticalScrollBar().setValue(offset)
    assert view.table.verticalScrollBar().value() == offset


def _top(view: ActiveCallsView) -> tuple[int, int]:
    offset = view.table.verticalScrollBar().value()
    return view.model.rows[offset // ROW_HEIGHT].call_session_id, offset % ROW_HEIGHT


def test_what_stands_at_the_top_stays_there_when_calls_come_and_go_above(view: ActiveCallsView) -> None:
    rows = [_row(place) for place in range(100)]
    view.show_state(_state(rows))
    _scroll_to(view, 40 * ROW_HEIGHT + 7)
    before = _top(view)
    view.show_state(_state(rows[10:]))
    assert _top(view) == before
    view.show_state(_state([_row(place) for place in range(200, 330)] + rows[20:]))
    assert _top(view) == before
    view.show_state(_state(rows))
    assert _top(view) == before


def test_at_the_very_top_new_calls_are_seen_at_once(view: ActiveCallsView) -> None:
    rows = [_row(place) for place in range(100)]
    view.show_state(_state(rows[5:]))
    view.show_state(_state(rows))
    assert view.table.verticalScrollBar().value() == 0


def test_a_poll_moves_neither_selection_nor_scroll_and_chooses_nothing(view: ActiveCallsView) -> None:
    rows = [_row(place) for place in range(100)]
    view.show_state(_state(rows, chosen=70))
    told: list[object] = []
    view.call_chosen.connect(told.append)
    _scroll_to(view, 10 * ROW_HEIGHT)
    changed = [_row(place, HELD) if place % 3 else rows[place] for place in range(100)]
    view.show_state(_state(changed, chosen=70))
    assert view.table.verticalScrollBar().value() == 10 * ROW_HEIGHT
    assert [index.row() for index in view.table.selectionModel().selectedRows()] == [70]
    assert told == []


def test_a_click_and_the_arrow_keys_choose_a_call(view: ActiveCallsView) -> None:
    rows = [_row(place) for place in range(20)]
    view.show_state(_state(rows))
    told: list[object] = []
    view.call_chosen.connect(told.append)
    where = view.table.visualRect(view.model.index(3, int(CallColumn.CALLER))).center()
    QTest.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    QTest.keyClick(view.table, Qt.Key.Key_Down)
    assert told == [rows[3].call_session_id, rows[4].call_session_id]


def test_a_tick_asks_for_the_visible_durations_only(view: ActiveCallsView) -> None:
    view.show_state(_state([_row(place) for place in range(5000)]))
    told: list[int] = []
    view.model.dataChanged.connect(lambda first, last, _roles: told.append(last.row() - first.row() + 1))
    view.tick()
    assert len(told) == 1
    assert told[0] <= view.table.viewport().height() // ROW_HEIGHT + 2


def test_the_filter_is_told_and_escape_empties_it(view: ActiveCallsView) -> None:
    view.show_state(_state([_row(1)]))
    told: list[CallFilter] = []
    view.filter_changed.connect(told.append)
    QTest.keyClicks(view.filter_field, "vip")
    view.direction_box.setCurrentIndex(2)
    view.line_box.setCurrentIndex(1)
    assert told[-1] == CallFilter("vip", Direction.OUTBOUND, "74951045771")
    QTest.keyClick(view.filter_field, Qt.Key.Key_Escape)
    assert view.call_filter.text == ""


def test_the_chosen_line_stays_when_more_lines_are_seen(view: ActiveCallsView) -> None:
    view.show_state(_state([_row(1)]))
    view.line_box.setCurrentIndex(1)
    told: list[CallFilter] = []
    view.filter_changed.connect(told.append)
    more = row_of(make_call(2, *TALKING, line="74830000000"), me=ME, caller_name=None, words=row_words())
    view.show_state(_state([_row(1), more]))
    assert view.call_filter.line_number == "74951045771"
    assert view.line_box.count() == 3
    assert told == []


def test_the_empty_list_says_why(view: ActiveCallsView) -> None:
    view.show_state(_state([]))
    assert view.empty_note.isVisible()
    assert view.empty_note.text() == "No calls right now."
    view.show_state(_state([_row(1)]))
    assert not view.empty_note.isVisible()
    assert view.table.accessibleName() == "Active calls"


def test_letters_typed_while_the_list_has_the_focus_choose_no_other_call(view: ActiveCallsView) -> None:
    rows = [_row(place) for place in range(5)]
    view.show_state(_state(rows, chosen=2))
    chosen: list[object] = []
    view.call_chosen.connect(chosen.append)
    view.table.setFocus()
    QTest.keyClicks(view.table, f"{rows[4].cells[CallColumn.STATE]} {rows[4].cells[CallColumn.CALLER]}")
    assert chosen == []
    QTableView.keyboardSearch(view.table, rows[4].cells[view.table.currentIndex().column()])
    assert chosen != [], "without the table's own rule the letters would have chosen another call"


def test_arrows_start_from_the_call_that_was_chosen_elsewhere(view: ActiveCallsView) -> None:
    rows = [_row(place) for place in range(100)]
    view.show_state(_state(rows, chosen=1))
    view.show_state(_state(rows, chosen=70))
    assert view.table.verticalScrollBar().value() == 0
    chosen: list[object] = []
    view.call_chosen.connect(chosen.append)
    QTest.keyClick(view.table, Qt.Key.Key_Down)
    assert chosen == [rows[71].call_session_id]
