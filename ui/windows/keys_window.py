"""The window *Keys* (F1): every action and its keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.actions import ACTIONS, UserAction, alias_texts, key_text, user_action_text
from ui.texts.commands import close_text
from ui.texts.windows import keys_column_action, keys_column_key, keys_note, keys_title
from ui.widgets.plain_label import PlainLabel


class KeysWindow(QDialog):
    """Not modal: it may stay open beside the main window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("keys_window")
        self.setWindowTitle(keys_title())
        self.resize(480, 660)
        with_keys = [user_action for user_action in UserAction if ACTIONS[user_action].keys]
        self.table = QTableWidget(len(with_keys), 2)
        self.table.setObjectName("keys_table")
        self.table.setAccessibleName(keys_title())
        self.table.setHorizontalHeaderLabels([keys_column_action(), keys_column_key()])
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)
        self.table.setShowGrid(False)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        for row, user_action in enumerate(with_keys):
            keys = ", ".join((key_text(user_action), *alias_texts(user_action)))
            self.table.setItem(row, 0, QTableWidgetItem(user_action_text(user_action)))
            self.table.setItem(row, 1, QTableWidgetItem(keys))
        buttons = QDialogButtonBox()
        close = buttons.addButton(close_text(), QDialogButtonBox.ButtonRole.RejectRole)
        close.setObjectName("keys_close")
        close.setAccessibleName(close_text())
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.table, 1)
        layout.addWidget(PlainLabel(keys_note(), name="keys_note"))
        layout.addWidget(buttons)
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
