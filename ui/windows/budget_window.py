"""The window *Points*: what requests cost, what is left today and this minute, and why the list is read less often."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHeaderView,
    QProgressBar,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.texts.budget import (
    account_note,
    column_cost,
    column_request,
    column_times,
    cost_text,
    forecast_text,
    left_text,
    method_text,
    points_title,
    refresh_text,
    reset_text,
    this_minute,
    today,
)
from ui.texts.commands import close_text
from ui.widgets.plain_label import PlainLabel
from ui.windows.budget_state import BudgetState, Purse


class BudgetWindow(QDialog):
    """Not modal: it may stay open beside the main window. Shows what it is given."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("budget_window")
        self.setWindowTitle(points_title())
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        self.resize(560, 480)
        self.refresh = PlainLabel(name="budget_refresh")
        self.minute, self.minute_reset = self._bar("budget_minute", this_minute())
        self.day, self.day_reset = self._bar("budget_day", today())
        self.forecast = PlainLabel(name="budget_forecast")
        self.table = self._make_table()
        bars = QGridLayout()
        bars.setHorizontalSpacing(12)
        rows = ((this_minute(), self.minute, self.minute_reset), (today(), self.day, self.day_reset))
        for row, (title, bar, reset) in enumerate(rows):
            name = PlainLabel(title, name=f"{bar.objectName()}_title")
            name.setWordWrap(False)
            bars.addWidget(name, row, 0)
            bars.addWidget(bar, row, 1)
            bars.addWidget(reset, row, 2)
        bars.setColumnStretch(1, 1)
        buttons = QDialogButtonBox()
        close = buttons.addButton(close_text(), QDialogButtonBox.ButtonRole.RejectRole)
        close.setObjectName("budget_close")
        close.setAccessibleName(close_text())
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(self.refresh)
        layout.addLayout(bars)
        layout.addWidget(self.forecast)
        layout.addWidget(self.table, 1)
        layout.addWidget(PlainLabel(account_note(), name="budget_note"))
        layout.addWidget(buttons)

    def show_state(self, state: BudgetState) -> None:
        """Show the facts of one moment."""
        self.refresh.setText(refresh_text(state))
        self._fill(self.minute, self.minute_reset, state.minute, reset_text(state.minute, state.now))
        self._fill(self.day, self.day_reset, state.day, reset_text(state.day, state.now))
        self.forecast.setText(forecast_text(state))
        cells = [(method_text(cost.method), cost_text(cost), str(cost.times_seen)) for cost in state.costs]
        self.table.setRowCount(len(cells))
        for row, texts in enumerate(cells):
            for column, text in enumerate(texts):
                self._put(row, column, text)

    def _put(self, row: int, column: int, text: str) -> None:
        item = self.table.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            if column:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.table.setItem(row, column, item)
        if item.text() != text:
            item.setText(text)

    @staticmethod
    def _bar(name: str, title: str) -> tuple[QProgressBar, PlainLabel]:
        bar = QProgressBar()
        bar.setObjectName(name)
        bar.setAccessibleName(title)
        bar.setMinimumWidth(180)
        bar.setAlignment(Qt.AlignmentFlag.AlignCenter)
        reset = PlainLabel(name=f"{name}_reset")
        reset.setWordWrap(False)
        return bar, reset

    @staticmethod
    def _fill(bar: QProgressBar, reset_label: PlainLabel, purse: Purse, reset: str) -> None:
        left, limit = purse.left or 0, purse.limit or 0
        bar.setRange(0, max(1, limit, left))
        bar.setValue(left)
        bar.setFormat(left_text(purse))
        bar.setAccessibleDescription(left_text(purse))
        reset_label.setText(reset)

    @staticmethod
    def _make_table() -> QTableWidget:
        table = QTableWidget(0, 3)
        table.setObjectName("budget_costs")
        table.setAccessibleName(points_title())
        table.setHorizontalHeaderLabels([column_request(), column_cost(), column_times()])
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 6)
        header = table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        return table
