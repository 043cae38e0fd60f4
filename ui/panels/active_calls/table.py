"""The table of calls: a table whose chosen row moves only when somebody means it to, and which is never cut off."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QTableView, QWidget

from ui.models.call_row import CallColumn

_FLAG = QItemSelectionModel.SelectionFlag
_CALLER_AT_LEAST = 120
_GIVE_WAY = (CallColumn.LINE, CallColumn.TAGS, CallColumn.EMPLOYEE)
"""Where the table is too narrow these go, in this order, rather than the last columns. The panel beside has them."""


class CallTable(QTableView):
    """Arrows choose a call; letters do not: a sentence typed while the list has the focus must not choose another one,
    on which the next command would act. Ctrl+K is there for looking calls up."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._widths: dict[CallColumn, int] = {}

    def keyboardSearch(self, search: str) -> None:  # noqa: N802  Qt's own name
        """Qt would choose the first row that begins with what was typed."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.make_room()

    def make_room(self) -> None:
        """Hide as many columns as have no place, and show them again as soon as they have one."""
        bar = self.verticalScrollBar()
        room = self.width() - (bar.width() if bar.isVisible() else 0) - _CALLER_AT_LEAST
        shown = [column for column in CallColumn if column is not CallColumn.CALLER]
        for column in shown:
            if not self.isColumnHidden(column):
                self._widths[column] = self.columnWidth(column)
        needed = sum(self._widths[column] for column in shown)
        for giving in _GIVE_WAY:
            is_too_much = needed > room
            if is_too_much:
                needed -= self._widths[giving]
            if is_too_much != self.isColumnHidden(giving):
                self.setColumnHidden(giving, is_too_much)

    def choose(self, index: QModelIndex) -> None:
        """Select the row of `index`, and let the arrows start from it. Scrolls nothing."""
        was_scrolling = self.hasAutoScroll()
        self.setAutoScroll(False)
        self.selectionModel().setCurrentIndex(index, _FLAG.ClearAndSelect | _FLAG.Rows)
        self.setAutoScroll(was_scrolling)
