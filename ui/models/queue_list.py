"""The cards of the queue as a Qt model. Order and filter were decided before; ages are told when they are painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import IntEnum
from operator import attrgetter

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from ui.models.keyed_rows import KeyedRowsModel
from ui.texts.card import number_word
from ui.texts.queue import (
    MARK_TONES,
    age_cell,
    column_titles,
    next_try_cell,
    reason_cell,
    state_cell,
    when_cell,
    where_cell,
)
from ui.theme import theme
from ui.widgets.plain_label import plain, plain_tooltip
from ui.windows.queue_state import QueueMark, QueueRow


class QueueColumn(IntEnum):
    """The columns, left to right."""

    WHEN = 0
    NUMBER = 1
    STATE = 2
    WHERE = 3
    REASON = 4
    AGE = 5
    NEXT_TRY = 6


_COLUMN_COUNT = len(QueueColumn)
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ALIGN_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class QueueListModel(KeyedRowsModel):
    """Rows come in order; `now` is the wall clock from which ages are told, aware."""

    def __init__(self, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(attrgetter("card_key"), _COLUMN_COUNT, parent)
        self._now = now
        self._rows: list[QueueRow] = []
        self._colours: dict[QueueMark, QColor] = {}
        self.retint()

    @property
    def rows(self) -> Sequence[QueueRow]:
        return self._rows

    def apply(self, rows: Sequence[QueueRow]) -> None:
        """Show these rows; the selection stays with its card."""
        self._take_rows(rows)

    def tick(self, first: int, last: int) -> None:
        """The ages of the visible rows moved on."""
        if 0 <= first <= last < len(self._rows):
            column = int(QueueColumn.AGE)
            self.dataChanged.emit(self.index(first, column), self.index(last, column), [_DISPLAY])

    def retint(self) -> None:
        """Take the colours of the theme in use."""
        self._colours = {mark: QColor(theme.colours.tone(tone)) for mark, tone in MARK_TONES.items()}
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, _COLUMN_COUNT - 1))

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        row, column = self._rows[index.row()], QueueColumn(index.column())
        if role == _DISPLAY:
            return self._text(row, column)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colours[row.mark] if column is QueueColumn.STATE else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGN_LEFT
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(self._text(row, column)) if column is QueueColumn.REASON else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._text(row, column).replace("\n", " ")
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == _DISPLAY:
            return column_titles()[section]
        return _ALIGN_LEFT if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _text(self, row: QueueRow, column: QueueColumn) -> str:
        if column is QueueColumn.AGE:
            return age_cell(row, self._now())
        if column is QueueColumn.NUMBER:
            return number_word(row.phone_number)
        return plain(_CELLS[column](row))


_CELLS: dict[QueueColumn, Callable[[QueueRow], str]] = {
    QueueColumn.WHEN: when_cell,
    QueueColumn.STATE: state_cell,
    QueueColumn.WHERE: where_cell,
    QueueColumn.REASON: reason_cell,
    QueueColumn.NEXT_TRY: next_try_cell,
}
