"""The table of the queue: two lines a row, the chosen card moves only when somebody means it to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from ui.models.queue_list import QueueColumn, QueueListModel
from ui.texts.queue import AUTOMATIC_GLYPH, automatic_text, mark_text, queue_title
from ui.windows.queue_state import QueueMark, QueueRow

_FLAG = QItemSelectionModel.SelectionFlag
_AIR = 18
_REASON_AT_LEAST = 330
_GIVE_WAY = (QueueColumn.NEXT_TRY, QueueColumn.WHERE, QueueColumn.AGE)
_RETURN_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_CHOOSING_KEYS = (*_RETURN_KEYS, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)


class QueueTable(QTableView):
    """`card_chosen(str)` when the operator chose a card; `mend_requested` on Return or a double click, and
    `discard_requested` on Delete."""

    card_chosen = Signal(str)
    mend_requested = Signal()
    discard_requested = Signal()

    def __init__(self, model: QueueListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self._is_rendering = False
        self._widths: dict[QueueColumn, int] = {}
        self.setObjectName("queue_table")
        self.setAccessibleName(queue_title())
        self.setModel(model)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._size_rows_and_columns()
        self.selectionModel().selectionChanged.connect(lambda *_: self._tell_choice())
        self.doubleClicked.connect(lambda _: self.mend_requested.emit())

    @property
    def row_height(self) -> int:
        return self.verticalHeader().defaultSectionSize()

    def show_rows(self, rows: Sequence[QueueRow], choose: str | None) -> None:
        """Show these rows and select the card chosen without scrolling, or nothing. Qt selects a neighbour by itself
        when a selected row goes: nobody meant that card."""
        self._is_rendering = True
        try:
            self._rows.apply(rows)
            self._select(self._rows.position_of(choose))
        finally:
            self._is_rendering = False

    def reveal(self, card_key: str) -> None:
        """Bring a card into view."""
        position = self._rows.position_of(card_key)
        if position >= 0:
            self.scrollTo(self._rows.index(position, 0))

    def tick(self) -> None:
        """Time has passed: repaint the ages that can be seen."""
        last_row = len(self._rows.rows) - 1
        if last_row < 0 or not self.isVisible():
            return
        first, last = max(0, self.rowAt(0)), self.rowAt(self.viewport().height() - 1)
        self._rows.tick(first, last if last >= 0 else last_row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def keyboardSearch(self, search: str) -> None:  # noqa: N802  Qt's own name
        """Letters typed here choose nothing: the next button would act on a card nobody meant."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _CHOOSING_KEYS and not self.selectionModel().hasSelection():
            self.selectRow(max(0, self.rowAt(0)))
        elif key in _RETURN_KEYS and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.mend_requested.emit()
        elif key is Qt.Key.Key_Delete:
            self.discard_requested.emit()
        else:
            super().keyPressEvent(event)

    def _select(self, position: int) -> None:
        selection = self.selectionModel()
        if [index.row() for index in selection.selectedRows()] == ([position] if position >= 0 else []):
            return
        if position < 0:
            selection.clearSelection()
            return
        was_scrolling = self.hasAutoScroll()
        self.setAutoScroll(False)
        selection.setCurrentIndex(self._rows.index(position, 0), _FLAG.ClearAndSelect | _FLAG.Rows)
        self.setAutoScroll(was_scrolling)

    def _tell_choice(self) -> None:
        selected = self.selectionModel().selectedRows()
        if selected and not self._is_rendering:
            self.card_chosen.emit(self._rows.rows[selected[0].row()].card_key)

    def _make_room(self) -> None:
        """Where the reason would have too little room, the details below tell what these columns do."""
        room = self.viewport().width() - _REASON_AT_LEAST
        needed = sum(self._widths.values())
        for giving in _GIVE_WAY:
            is_too_much = needed > room
            if is_too_much:
                needed -= self._widths[giving]
            if is_too_much != self.isColumnHidden(giving):
                self.setColumnHidden(giving, is_too_much)

    def _size_rows_and_columns(self) -> None:
        metrics = self.fontMetrics()
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(2 * metrics.lineSpacing() + 8)
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        words = [mark_text(mark) for mark in QueueMark] + [f"{AUTOMATIC_GLYPH} {automatic_text()}"]
        self._widths = {
            QueueColumn.WHEN: metrics.horizontalAdvance("28.11.2026 14:45"),
            QueueColumn.NUMBER: metrics.horizontalAdvance("+7 999 555-01-42"),
            QueueColumn.STATE: max(map(metrics.horizontalAdvance, words)),
            QueueColumn.WHERE: metrics.horizontalAdvance("прикрепить запись…"),
            QueueColumn.AGE: metrics.horizontalAdvance("меньше минуты"),
            QueueColumn.NEXT_TRY: metrics.horizontalAdvance("Next try 00"),
        }
        for column in self._widths:
            self._widths[column] += _AIR
            columns.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self.setColumnWidth(column, self._widths[column])
        columns.setSectionResizeMode(QueueColumn.REASON, QHeaderView.ResizeMode.Stretch)
