"""The list of calls as a Qt model: fed whole, changed by keys, never reset. Order and filter were decided before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont, QIcon

from app.domain.calls import CallState, Direction
from ui.icons import icon
from ui.looks import CALL_LOOKS
from ui.models.call_row import CallColumn, CallRow
from ui.models.keyed_rows import KeyedRowsModel
from ui.texts.calls import direction_text
from ui.texts.list import column_hint, column_title, recorded_text
from ui.texts.times import duration_text
from ui.theme import theme
from ui.widgets.plain_label import plain_tooltip

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


class CallListModel(KeyedRowsModel):
    """Rows come in order; `now` is the local monotonic clock from which durations are told."""

    def __init__(self, now: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(attrgetter("call_session_id"), _COLUMN_COUNT, parent)
        self._now = now
        self._rows: list[CallRow] = []
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

    def apply(self, rows: Sequence[CallRow]) -> None:
        """Show these rows. Selection and persistent indexes stay with their calls; unchanged rows say nothing."""
        self._take_rows(rows)

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
