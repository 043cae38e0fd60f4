"""The list of calls as a model: right rows, no reset, selection and persistent indexes stay with their calls."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QTableView

from app.domain.calls import LegState
from tests.ui.sample_calls import HELD, ME, RINGING, TALKING, make_call
from ui.models.call_list import CallListModel
from ui.models.call_row import CallColumn, CallRow
from ui.models.keyed_rows import MAX_RANGES
from ui.panels.active_calls.view_state import row_of
from ui.texts.list import row_words

_STATES = (TALKING, RINGING, HELD)


def _row(place: int, leg_states: tuple[LegState, ...] = TALKING) -> CallRow:
    return row_of(make_call(place, *leg_states), me=ME, caller_name=None, words=row_words())


@pytest.fixture
def model(qapp: QApplication) -> Iterator[CallListModel]:
    made = CallListModel(lambda: 1000.0)
    yield made
    made.deleteLater()


def _shown(model: CallListModel) -> list[int]:
    return [row.call_session_id for row in model.rows]


class ResettingModel(CallListModel):
    """What the list must not be."""

    def apply(self, rows: Sequence[CallRow]) -> None:
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()


def _resets_in_random_updates(model: CallListModel, *, rounds: int, size: int) -> int:
    dice = random.Random(7)
    resets: list[object] = []
    model.modelReset.connect(lambda: resets.append(1))
    pool = [[_row(place, states) for states in _STATES] for place in range(size)]
    for _ in range(rounds):
        places = dice.sample(range(size), dice.randrange(0, size + 1))
        if dice.random() < 0.7:
            places.sort()
        rows = [dice.choice(pool[place]) for place in places]
        model.apply(rows)
        assert list(model.rows) == rows
        assert model.rowCount() == len(rows)
    return len(resets)


def test_random_updates_give_the_rows_asked_for_and_never_reset(model: CallListModel) -> None:
    assert _resets_in_random_updates(model, rounds=300, size=150) == 0


def test_a_model_that_resets_would_be_noticed(qapp: QApplication) -> None:
    assert _resets_in_random_updates(ResettingModel(lambda: 1000.0), rounds=3, size=10) == 3


def test_qts_own_model_tester_finds_nothing_wrong(model: CallListModel) -> None:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    _resets_in_random_updates(model, rounds=12, size=20)
    model.apply([_row(place) for place in range(0, 150, 2)])
    model.apply([_row(place) for place in range(1, 150, 2)])
    tester.deleteLater()


def test_a_persistent_index_stays_with_its_call_through_every_update(model: CallListModel) -> None:
    dice = random.Random(11)
    everything = [_row(place) for place in range(100)]
    watched = everything[50]
    model.apply(everything)
    kept = QPersistentModelIndex(model.index(50, int(CallColumn.CALLER)))
    for _ in range(200):
        others = [row for row in dice.sample(everything, dice.randrange(1, 100)) if row is not watched]
        rows = [*others, watched]
        if dice.random() < 0.5:
            rows.sort(key=lambda row: row.order_key)
        else:
            dice.shuffle(rows)
        model.apply(rows)
        assert kept.isValid()
        assert model.rows[kept.row()] is watched
        assert kept.column() == CallColumn.CALLER
    model.apply([row for row in everything if row is not watched])
    assert not kept.isValid()


def test_the_selection_stays_with_its_call(model: CallListModel) -> None:
    view = QTableView()
    view.setModel(model)
    rows = [_row(place) for place in range(30)]
    model.apply(rows)
    flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    view.selectionModel().select(model.index(20, 0), flags)
    model.apply(rows[10:] + [_row(place) for place in range(40, 140)])
    selected = view.selectionModel().selectedRows()
    assert [index.row() for index in selected] == [10]
    assert model.rows[10] is rows[20]
    view.deleteLater()


def test_unchanged_rows_say_nothing(model: CallListModel) -> None:
    rows = [_row(place) for place in range(20)]
    model.apply(rows)
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last, _roles: told.append((first.row(), last.row())))
    model.apply([_row(place) for place in range(20)])
    assert told == []
    changed = list(rows)
    changed[3], changed[4], changed[9] = (_row(place, HELD) for place in (3, 4, 9))
    model.apply(changed)
    assert told == [(3, 4), (9, 9)]


def test_many_scattered_changes_are_told_at_once(model: CallListModel) -> None:
    count = 4 * MAX_RANGES
    rows = [_row(place) for place in range(count)]
    model.apply(rows)
    told: list[tuple[int, int]] = []
    shapes: list[str] = []
    model.dataChanged.connect(lambda first, last, _roles: told.append((first.row(), last.row())))
    model.rowsInserted.connect(lambda *_: shapes.append("in"))
    model.rowsRemoved.connect(lambda *_: shapes.append("out"))
    model.layoutChanged.connect(lambda *_: shapes.append("layout"))
    model.apply([_row(place, HELD) if place % 2 else rows[place] for place in range(count)])
    assert told == [(1, count - 1)]
    model.apply([_row(place) for place in range(count * 2) if place % 2])
    assert shapes == ["in", "layout", "out"]


def test_a_tick_repaints_one_column_of_the_rows_named(model: CallListModel) -> None:
    model.apply([_row(place) for place in range(50)])
    told: list[tuple[int, int, int, int]] = []
    model.dataChanged.connect(
        lambda first, last, _roles: told.append((first.row(), last.row(), first.column(), last.column()))
    )
    model.tick(5, 12)
    assert told == [(5, 12, int(CallColumn.DURATION), int(CallColumn.DURATION))]
    model.tick(40, 60)
    assert len(told) == 1


def test_state_is_told_by_word_icon_and_colour_and_the_arrow_has_words(model: CallListModel) -> None:
    model.apply([_row(1, HELD)])
    state = model.index(0, int(CallColumn.STATE))
    assert model.data(state) == "On hold"
    assert model.data(state, Qt.ItemDataRole.DecorationRole) is not None
    assert model.data(state, Qt.ItemDataRole.ForegroundRole) is not None
    arrow = model.index(0, int(CallColumn.DIRECTION))
    assert model.data(arrow, Qt.ItemDataRole.AccessibleTextRole) == "Incoming"
    assert model.data(model.index(0, int(CallColumn.DURATION))) == "1:00"
    assert model.rowCount(QModelIndex(state)) == 0


def test_a_name_that_looks_like_html_is_no_rich_tooltip(model: CallListModel) -> None:
    call = make_call(1, *TALKING)
    model.apply([row_of(call, me=ME, caller_name="<img src=file:///etc/passwd>", words=row_words())])
    cell = model.index(0, int(CallColumn.CALLER))
    assert model.data(cell) == "<img src=file:///etc/passwd>"
    assert "<" not in str(model.data(cell, Qt.ItemDataRole.ToolTipRole))
