"""The yardstick of start-up and size: a bare PySide6 window with a table of 500 rows, nothing else imported."""

from __future__ import annotations

import sys

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

ROWS, COLUMNS = 500, 8
_ROOT = QModelIndex()


class Cells(QAbstractTableModel):
    """Texts made on demand."""

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else ROWS

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else COLUMNS

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        return f"row {index.row()} column {index.column()}" if role == 0 else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        return f"column {section}" if role == 0 and orientation is Qt.Orientation.Horizontal else None


def main() -> int:
    application = QApplication(sys.argv)
    window = QMainWindow()
    view = QTableView()
    model = Cells(view)
    view.setModel(model)
    view.verticalHeader().hide()
    window.setCentralWidget(view)
    window.resize(1366, 768)
    window.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
