"""The list of calls as a Qt model: fed whole, changed by keys, never reset. Order and filter were decided before."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont, QIcon

from app.domain.calls import CallSessionId, CallState, Direction
from ui.icons import icon
from ui.looks import CALL_LOOKS
from ui.models.call_row import CallColumn, CallRow
from ui.models.row_diff import RowPlan, plan_rows, ranges_of
from ui.texts.calls import direction_text
from ui.texts.list import column_hint, column_title, recorded_text
from ui.texts.times import duration_text
from ui.theme import theme
from ui.widgets.plain_label import plain_tooltip

MAX_RANGES = 64
"""With more changed ranges than this, one change of the layout is cheaper than a signal for each."""

_ROOT = QModelIndex()
_DURATION = int(CallColumn.DURATION)
_STATE = int(CallColumn.STATE)
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_COLUMN_COUNT = len(CallColumn)
_ALIGN_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_DIRECTION_ICONS = {
    Direction.INBOUND: ("arrow-down-left", "ringing"),
    Direction.OUTBOUND: ("arrow-up-right", "talk"),
    Direction.UNKNOWN: ("arrow-left-right", "muted"),
}


class CallListModel(QAbstractTableModel):
    """Rows come in order; `now` is the local monotonic clock from which durations are told."""

    def __init__(self, now: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._rows: list[CallRow] = []
        self._positions: dict[CallSessionId, int] | None = None
        self._bold = QFont()
        self._bold.setBold(True)
        self._state_icons: dict[CallState, QIcon] = {}
        self._direction_icons: dict[Direction, QIcon] = {}
        self._state_colours: dict[CallState, QColor] = {}
        self._own_fills: dict[CallState, QColor] = {}
        self._alert = QColor()
        self.retint()

    @property
    def rows(self) -> Sequence[CallRow]:
        return self._rows

    def position_of(self, call_session_id: CallSessionId | None) -> int:
        """The row of a call, -1 when it is not shown."""
        if self._positions is None:
            self._positions = {row.call_session_id: position for position, row in enumerate(self._rows)}
        return -1 if call_session_id is None else self._positions.get(call_session_id, -1)

    def apply(self, rows: Sequence[CallRow]) -> None:
        """Show these rows. Selection and persistent indexes stay with their calls; unchanged rows say nothing."""
        wanted = list(rows)
        old_keys = [row.call_session_id for row in self._rows]
        new_keys = [row.call_session_id for row in wanted]
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

    def tick(self, first: int, last: int) -> None:
        """The durations of the visible rows moved on."""
        if 0 <= first <= last < len(self._rows):
            self.dataChanged.emit(self.index(first, _DURATION), self.index(last, _DURATION), [_DISPLAY])

    def retint(self) -> None:
        """Take the icons and colours of the theme in use."""
        colours = theme.colours
        # Drawn when the first row needs them: the window appears with an empty list.
        self._state_icons.clear()
        self._direction_icons.clear()
        self._state_colours = {state: QColor(colours.tone(look.tone)) for state, look in CALL_LOOKS.items()}
        self._own_fills = {state: QColor(colours.tone(look.fill)) for state, look in CALL_LOOKS.items()}
        self._alert = QColor(colours.alert)
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, _COLUMN_COUNT - 1))

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else _COLUMN_COUNT

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        if role == 0:
            row, column = self._rows[index.row()], index.column()
            if column == _DURATION:
                return duration_text(self._now() - row.began_monotonic_s)
            return row.cells[column]
        return self._dress(index, role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return column_title(CallColumn(section))
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return column_hint(CallColumn(section))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGN_RIGHT if section == _DURATION else int(Qt.AlignmentFlag.AlignLeft)
        return None

    def _dress(self, index: QModelIndex | QPersistentModelIndex, role: int) -> object:
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.BackgroundRole:
            return self._own_fills[row.call_state] if row.is_mine else None
        if role == Qt.ItemDataRole.ForegroundRole:
            if column == _STATE:
                return self._state_colours[row.call_state]
            return self._alert if column == CallColumn.RECORDING else None
        if role == Qt.ItemDataRole.DecorationRole:
            if column == _STATE:
                return self._state_icons.get(row.call_state) or self._draw_state(row.call_state)
            if column == CallColumn.DIRECTION:
                return self._direction_icons.get(row.direction) or self._draw_direction(row.direction)
            return None
        if role == Qt.ItemDataRole.FontRole:
            return self._bold if row.is_mine and column == CallColumn.CALLER else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGN_RIGHT if column == _DURATION else None
        return self._explain(row, column, role)

    def _draw_state(self, call_state: CallState) -> QIcon:
        look = CALL_LOOKS[call_state]
        drawn = self._state_icons[call_state] = icon(look.icon_name, look.tone, 16)
        return drawn

    def _draw_direction(self, direction: Direction) -> QIcon:
        drawn = self._direction_icons[direction] = icon(*_DIRECTION_ICONS[direction], 16)
        return drawn

    @staticmethod
    def _explain(row: CallRow, column: int, role: int) -> object:
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if column == CallColumn.DIRECTION:
                return direction_text(row.direction)
            return recorded_text() if column == CallColumn.RECORDING and row.is_recorded else None
        if role == Qt.ItemDataRole.ToolTipRole:
            if column == CallColumn.DIRECTION:
                return direction_text(row.direction)
            return plain_tooltip(row.cells[column]) or None
        return None

    def _reshape_by_ranges(self, plan: RowPlan, wanted: list[CallRow]) -> None:
        for first, last in plan.removals:
            self.beginRemoveRows(_ROOT, first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()
        for first, last in plan.insertions:
            self.beginInsertRows(_ROOT, first, last)
            self._rows[first:first] = wanted[first : last + 1]
            self.endInsertRows()

    def _reshape_at_once(self, wanted: list[CallRow], new_keys: list[CallSessionId]) -> None:
        """New rows at the end, one change of the order, old rows off the end: three signals however much changed."""
        present = {row.call_session_id for row in self._rows}
        arriving = [row for row in wanted if row.call_session_id not in present]
        if arriving:
            count = len(self._rows)
            self.beginInsertRows(_ROOT, count, count + len(arriving) - 1)
            self._rows.extend(arriving)
            self.endInsertRows()
        staying = set(new_keys)
        by_key = {row.call_session_id: row for row in self._rows}
        leaving = [row for row in self._rows if row.call_session_id not in staying]
        self._reorder([by_key[key] for key in new_keys] + leaving)
        if leaving:
            count = len(self._rows)
            self.beginRemoveRows(_ROOT, count - len(leaving), count - 1)
            del self._rows[count - len(leaving) :]
            self.endRemoveRows()

    def _reorder(self, ordered: list[CallRow]) -> None:
        self.layoutAboutToBeChanged.emit()
        positions = {row.call_session_id: position for position, row in enumerate(ordered)}
        before = self.persistentIndexList()
        after = [self.index(positions[self._rows[kept.row()].call_session_id], kept.column()) for kept in before]
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
            self.dataChanged.emit(self.index(first, 0), self.index(last, _COLUMN_COUNT - 1))
