"""Rows of a Qt model that are fed whole, changed by keys and never reset. What a cell shows is the subclass's."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex

from ui.models.row_diff import RowPlan, plan_rows, ranges_of

MAX_RANGES = 64
"""With more changed ranges than this, one change of the layout is cheaper than a signal for each."""

_ROOT = QModelIndex()


class KeyedRowsModel(QAbstractTableModel):
    """`key_of` gives the key of a row; keys are unique among the rows shown at once."""

    def __init__(self, key_of: Callable[[Any], Hashable], column_count: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._key_of = key_of
        self._column_count = column_count
        self._rows: list[Any] = []
        self._positions: dict[Hashable, int] | None = None

    def position_of(self, key: Hashable | None) -> int:
        """The position of a row, -1 when it is not shown."""
        if self._positions is None:
            self._positions = {self._key_of(row): position for position, row in enumerate(self._rows)}
        return -1 if key is None else self._positions.get(key, -1)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else self._column_count

    def _take_rows(self, rows: Sequence[Any]) -> None:
        """Show these rows. Selection and persistent indexes stay with their keys; unchanged rows say nothing."""
        wanted = list(rows)
        old_keys = [self._key_of(row) for row in self._rows]
        new_keys = [self._key_of(row) for row in wanted]
        if old_keys != new_keys:
            self._positions = None
            plan = plan_rows(old_keys, new_keys)
            if plan.keeps_order and plan.range_count <= MAX_RANGES:
                self._reshape_by_ranges(plan, wanted)
            else:
                self._reshape_at_once(wanted, new_keys)
        before, self._rows = self._rows, wanted
        changed = [
            position
            for position, (old, new) in enumerate(zip(before, wanted, strict=True))
            if old is not new and old != new
        ]
        self._tell_changed(changed)

    def _reshape_by_ranges(self, plan: RowPlan, wanted: list[Any]) -> None:
        for first, last in plan.removals:
            self.beginRemoveRows(_ROOT, first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()
        for first, last in plan.insertions:
            self.beginInsertRows(_ROOT, first, last)
            self._rows[first:first] = wanted[first : last + 1]
            self.endInsertRows()

    def _reshape_at_once(self, wanted: list[Any], new_keys: list[Hashable]) -> None:
        """New rows at the end, one change of the order, old rows off the end: three signals however much changed."""
        key_of = self._key_of
        present = {key_of(row) for row in self._rows}
        arriving = [row for row in wanted if key_of(row) not in present]
        if arriving:
            count = len(self._rows)
            self.beginInsertRows(_ROOT, count, count + len(arriving) - 1)
            self._rows.extend(arriving)
            self.endInsertRows()
        staying = set(new_keys)
        by_key = {key_of(row): row for row in self._rows}
        leaving = [row for row in self._rows if key_of(row) not in staying]
        self._reorder([by_key[key] for key in new_keys] + leaving)
        if leaving:
            count = len(self._rows)
            self.beginRemoveRows(_ROOT, count - len(leaving), count - 1)
            del self._rows[count - len(leaving) :]
            self.endRemoveRows()

    def _reorder(self, ordered: list[Any]) -> None:
        key_of = self._key_of
        self.layoutAboutToBeChanged.emit()
        positions = {key_of(row): position for position, row in enumerate(ordered)}
        before = self.persistentIndexList()
        after = [self.index(positions[key_of(self._rows[kept.row()])], kept.column()) for kept in before]
        self._rows = ordered
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _tell_changed(self, changed: list[int]) -> None:
        if not changed:
            return
        ranges = ranges_of(changed)
        if len(ranges) > MAX_RANGES:
            ranges = [(changed[0], changed[-1])]
        for first, last in ranges:
            self.dataChanged.emit(self.index(first, 0), self.index(last, self._column_count - 1))
