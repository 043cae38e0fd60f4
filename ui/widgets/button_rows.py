"""A row of buttons that becomes two or three where there is no room for it: no label is ever cut off."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


def columns_for(widths: Sequence[int], room: int, spacing: int) -> list[int]:
    """The least widths of the columns for buttons of these least widths, laid out row by row: as many columns as
    `room` has place for, the rows as equal as they can be. One column at least."""
    for most in range(len(widths), 1, -1):
        rows = -(-len(widths) // most)
        columns = _columns(widths, -(-len(widths) // rows))
        if sum(columns) + spacing * (len(columns) - 1) <= room:
            return columns
    return _columns(widths, 1)


def _columns(widths: Sequence[int], count: int) -> list[int]:
    return [max(widths[column::count]) for column in range(min(count, len(widths)))]


class ButtonRows(QWidget):
    """Lays out the buttons given to `set_buttons`, in that order; what is not among them is hidden by its owner."""

    def __init__(self, name: str, parent: QWidget | None = None, *, spacing: int = 6, stretches: bool = True) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._spacing = spacing
        self._stretches = stretches
        self._buttons: tuple[QWidget, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def row_count(self) -> int:
        """Into how many rows they are laid out now."""
        return self._rows(self.width())

    def set_buttons(self, buttons: Sequence[QWidget]) -> None:
        """Lay out these, in this order, which is that of the Tab key, too."""
        self._buttons = tuple(buttons)
        for button in self._buttons:
            if button.parentWidget() is not self:
                button.setParent(self)
        for left, right in pairwise(self._buttons):
            QWidget.setTabOrder(left, right)
        self._arrange()
        self.updateGeometry()

    def event(self, event: QEvent) -> bool:
        """A button with another label needs another width; Qt tells a parent without a layout so."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._arrange()
            self.updateGeometry()
        return super().event(event)

    def hasHeightForWidth(self) -> bool:  # noqa: N802  Qt's own name
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802  Qt's own name
        rows = self._rows(width)
        return rows * self._tallest() + max(0, rows - 1) * self._spacing

    def sizeHint(self) -> QSize:
        width = sum(button.sizeHint().width() for button in self._buttons) + self._spacing * (len(self._buttons) - 1)
        return QSize(max(0, width), self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        widest = max((button.minimumSizeHint().width() for button in self._buttons), default=0)
        return QSize(widest, self.heightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        before = self._rows(event.oldSize().width()) if event.oldSize().isValid() else 0
        self._arrange()
        if self._rows(self.width()) != before:
            self.updateGeometry()

    def _widths(self) -> list[int]:
        return [button.minimumSizeHint().width() for button in self._buttons]

    def _tallest(self) -> int:
        return max((button.sizeHint().height() for button in self._buttons), default=0)

    def _rows(self, width: int) -> int:
        if not self._buttons:
            return 0
        return -(-len(self._buttons) // len(columns_for(self._widths(), width, self._spacing)))

    def _arrange(self) -> None:
        if not self._buttons:
            return
        columns = columns_for(self._widths(), self.width(), self._spacing)
        spare = self.width() - sum(columns) - self._spacing * (len(columns) - 1) if self._stretches else 0
        share, left_over = divmod(max(0, spare), len(columns))
        wide = [width + share + (place < left_over) for place, width in enumerate(columns)]
        starts = [sum(wide[:place]) + place * self._spacing for place in range(len(wide))]
        height = self._tallest()
        for place, button in enumerate(self._buttons):
            row, column = divmod(place, len(columns))
            button.setGeometry(QRect(starts[column], row * (height + self._spacing), wide[column], height))
