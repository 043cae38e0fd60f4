"""The list *Active calls* with its filter. A poll changes rows and nothing else: not the selection, scroll or focus."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.calls import CallState, Direction
from ui.icons import icon
from ui.models.call_list import CallListModel
from ui.models.call_row import CallColumn
from ui.panels.active_calls.table import CallTable
from ui.panels.active_calls.view_state import ActiveCallsState, CallFilter, Emptiness
from ui.panels.new_call.button import NewCallButton
from ui.texts.calls import direction_text, state_text
from ui.texts.list import (
    all_directions_text,
    all_lines_text,
    clear_filter_text,
    count_text,
    direction_label,
    emptiness_text,
    filter_hint,
    filter_label,
    line_label,
    title_text,
)
from ui.theme import theme
from ui.widgets.panel import Panel
from ui.widgets.plain_label import PlainLabel

ROW_HEIGHT = 30
_STATE_ICON_ROOM = 34
_QT_CLEAR_ACTION = "_q_qlineeditclearaction"
_WIDTHS = {
    CallColumn.DIRECTION: 24,
    CallColumn.LINE: 122,
    CallColumn.EMPLOYEE: 88,
    CallColumn.DURATION: 52,
    CallColumn.TAGS: 52,
    CallColumn.RECORDING: 36,
}


class FilterField(QLineEdit):
    """Escape empties it. The key reaches it only while it stands for nothing else: see `take_escape`."""

    def take_escape(self) -> bool:
        """Empty the field if the cursor is in it and there is something to empty."""
        if not self.hasFocus() or not self.text():
            return False
        self.clear()
        return True

    def offer_clearing(self) -> None:
        """Show the small button that empties the field, named for who cannot see it."""
        self.setClearButtonEnabled(True)
        for button in self.findChildren(QToolButton):
            shown = button.defaultAction()
            if shown is not None and shown.objectName() == _QT_CLEAR_ACTION:
                button.setObjectName("call_filter_clear")
                button.setAccessibleName(clear_filter_text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            return
        super().keyPressEvent(event)


class ActiveCallsView(Panel):
    """Signals out: `call_chosen(CallSessionId)`, `filter_changed(CallFilter)`."""

    call_chosen = Signal(object)
    filter_changed = Signal(object)

    def __init__(self, now: Callable[[], float], parent: QWidget | None = None) -> None:
        super().__init__("active_calls", parent)
        self.model = CallListModel(now, self)
        self._lines: tuple[tuple[str, str], ...] = ()
        self._is_rendering = False
        self.title = PlainLabel(title_text(), name="active_calls_title")
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.count = PlainLabel(name="active_calls_count", elide=True)
        self.new_call = NewCallButton()
        self.filter_field = self._make_filter_field()
        self.direction_box = self._make_direction_box()
        self.line_box = self._make_line_box()
        self.table = self._make_table()
        # On the table, not on its viewport: asking for that loads every widget class of Qt, 20 ms of the first paint.
        self.empty_note = PlainLabel(name="active_calls_empty", parent=self.table)
        self.empty_note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty_note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.empty_note.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._lay_out()
        theme.changed.connect(self._retint)

    @property
    def call_filter(self) -> CallFilter:
        """The filter as it stands."""
        direction = self.direction_box.currentData()
        line_number = self.line_box.currentData()
        return CallFilter(
            text=self.filter_field.text(),
            direction=direction if isinstance(direction, Direction) else None,
            line_number=line_number if isinstance(line_number, str) and line_number else None,
        )

    def show_state(self, state: ActiveCallsState) -> None:
        """Show the rows; what stood at the top stays there unless the list is scrolled to its very top."""
        anchor = self._top_row()
        self._is_rendering = True
        try:
            self.model.apply(state.rows)
            self._restore_top_row(anchor)
            self._select(state)
            self._offer_lines(state.lines)
        finally:
            self._is_rendering = False
        self.count.setText(count_text(len(state.rows), state.total))
        is_empty = state.emptiness is not Emptiness.NOT_EMPTY
        if is_empty:
            self.empty_note.setText(emptiness_text(state.emptiness))
            self._place_note()
        self.empty_note.setVisible(is_empty)

    def tick(self) -> None:
        """A second has passed: repaint the durations that can be seen."""
        last_row = len(self.model.rows) - 1
        if last_row < 0 or not self.isVisible():
            return
        viewport = self.table.viewport()
        first = max(0, self.table.rowAt(0))
        last = self.table.rowAt(viewport.height() - 1)
        self.model.tick(first, last if last >= 0 else last_row)

    def focus_filter(self) -> None:
        """Put the cursor into the filter, what it holds selected."""
        self.filter_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter_field.selectAll()

    def reveal(self, call_session_id: object) -> None:
        """Bring the call's row into view and give the list the focus."""
        for position, row in enumerate(self.model.rows):
            if row.call_session_id == call_session_id:
                self.table.scrollTo(self.model.index(position, 0))
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _retint(self) -> None:
        self.model.retint()
        self._search_icon.setIcon(icon("search", "muted", 16))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_note()

    def _make_filter_field(self) -> FilterField:
        field = FilterField()
        field.setObjectName("call_filter_text")
        field.setPlaceholderText(filter_hint())
        field.setMaxLength(100)
        self._search_icon = field.addAction(icon("search", "muted", 16), QLineEdit.ActionPosition.LeadingPosition)
        field.textChanged.connect(lambda _: self._tell_filter())
        return field

    def _make_direction_box(self) -> QComboBox:
        box = QComboBox()
        box.setObjectName("call_filter_direction")
        box.addItem(all_directions_text(), None)
        for direction in (Direction.INBOUND, Direction.OUTBOUND):
            box.addItem(direction_text(direction), direction)
        box.currentIndexChanged.connect(lambda _: self._tell_filter())
        return box

    def _make_line_box(self) -> QComboBox:
        box = QComboBox()
        box.setObjectName("call_filter_line")
        box.addItem(all_lines_text(), "")
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(14)
        box.currentIndexChanged.connect(lambda _: self._tell_filter())
        return box

    def _make_table(self) -> CallTable:
        table = CallTable()
        table.setObjectName("active_calls_table")
        table.setAccessibleName(title_text())
        table.setModel(self.model)
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        table.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setFrameShape(QTableView.Shape.NoFrame)
        table.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows = table.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        columns = table.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setMinimumSectionSize(24)
        for column in CallColumn:
            columns.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            if column in _WIDTHS:
                table.setColumnWidth(column, _WIDTHS[column])
        longest = max(table.fontMetrics().horizontalAdvance(state_text(call_state)) for call_state in CallState)
        table.setColumnWidth(CallColumn.STATE, longest + _STATE_ICON_ROOM)
        columns.setSectionResizeMode(CallColumn.CALLER, QHeaderView.ResizeMode.Stretch)
        table.selectionModel().selectionChanged.connect(lambda *_: self._tell_choice())
        return table

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addWidget(self.count, 1)
        head.addWidget(self.new_call)
        filters = QHBoxLayout()
        filters.setSpacing(6)
        filters.addWidget(self.filter_field, 1)
        filters.addWidget(self.direction_box)
        filters.addWidget(self.line_box)
        # Labels for screen readers only: the row has no room for them.
        for text, buddy in (
            (filter_label(), self.filter_field),
            (direction_label(), self.direction_box),
            (line_label(), self.line_box),
        ):
            label = PlainLabel(text, name=f"{buddy.objectName()}_label", parent=self)
            label.setBuddy(buddy)
            label.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 10)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addLayout(filters)
        layout.addWidget(self.table, 1)

    def _top_row(self) -> tuple[int, int] | None:
        """The call at the top edge and how far it is scrolled over; None at the very top."""
        offset = self.table.verticalScrollBar().value()
        if offset == 0 or not self.model.rows:
            return None
        position = min(offset // ROW_HEIGHT, len(self.model.rows) - 1)
        return self.model.rows[position].call_session_id, offset - position * ROW_HEIGHT

    def _restore_top_row(self, anchor: tuple[int, int] | None) -> None:
        if anchor is None:
            return
        call_session_id, rest = anchor
        position = next(
            (place for place, row in enumerate(self.model.rows) if row.call_session_id == call_session_id), -1
        )
        if position < 0:
            return
        bar, wanted = self.table.verticalScrollBar(), position * ROW_HEIGHT + rest
        if bar.value() != wanted:
            # The bar's range is brought up to date by the delayed layout only.
            self.table.executeDelayedItemsLayout()
            bar.setValue(wanted)

    def _select(self, state: ActiveCallsState) -> None:
        selection = self.table.selectionModel()
        position = self.model.position_of(state.chosen)
        selected = selection.selectedRows()
        if [index.row() for index in selected] == ([position] if position >= 0 else []):
            return
        if position < 0:
            selection.clearSelection()
            return
        self.table.choose(self.model.index(position, max(0, self.table.currentIndex().column())))

    def _offer_lines(self, lines: tuple[tuple[str, str], ...]) -> None:
        if lines == self._lines:
            return
        self._lines = lines
        chosen = self.line_box.currentData()
        self.line_box.blockSignals(True)
        self.line_box.clear()
        self.line_box.addItem(all_lines_text(), "")
        for number, text in lines:
            self.line_box.addItem(text, number)
        self.line_box.setCurrentIndex(max(0, self.line_box.findData(chosen)))
        self.line_box.blockSignals(False)

    def _place_note(self) -> None:
        self.empty_note.setGeometry(self.table.rect().adjusted(20, ROW_HEIGHT, -20, 0))

    def _tell_choice(self) -> None:
        if self._is_rendering:
            return
        selected = self.table.selectionModel().selectedRows()
        if selected:
            self.call_chosen.emit(self.model.rows[selected[0].row()].call_session_id)

    def _tell_filter(self) -> None:
        self.filter_changed.emit(self.call_filter)
