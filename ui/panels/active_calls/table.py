"""The table of calls: a table whose chosen row moves only when somebody means it to."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex
from PySide6.QtWidgets import QTableView

_FLAG = QItemSelectionModel.SelectionFlag


class CallTable(QTableView):
    """Arrows choose a call; letters do not: a sentence typed while the list has the focus must not choose another one,
    on which the next command would act. Ctrl+K is there for looking calls up."""

    def keyboardSearch(self, search: str) -> None:  # noqa: N802  Qt's own name
        """Qt would choose the first row that begins with what was typed."""

    def choose(self, index: QModelIndex) -> None:
        """Select the row of `index`, and let the arrows start from it. Scrolls nothing."""
        was_scrolling = self.hasAutoScroll()
        self.setAutoScroll(False)
        self.selectionModel().setCurrentIndex(index, _FLAG.ClearAndSelect | _FLAG.Rows)
        self.setAutoScroll(was_scrolling)
