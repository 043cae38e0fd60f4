"""A row of buttons that becomes two or three where there is no room for it: no label is ever cut off."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


def columns_for(widths: Sequence[int], room: int, spacing: int, least_rows: int = 1) -> list[int]:
    """The least widths of the columns for buttons of these least widths, laid out row by row: as many columns as
    `room` has place for, the rows as equal as they can be. One column at least."""
    for most in range(-(-len(widths) // least_rows), 1, -1):
        rows = -(-len(widths) // most)
        columns = _columns(widths, -(-len(widths) // rows))
        if sum(columns) + spacing * (len(columns) - 1) <= room:
            return columns
    return _columns(widths, 1)


def _columns(widths: Sequence[int], count: int) -> list[int]:
    return [max(widths[column::count]) for column in range(min(count, len(widths)))]


class ButtonRows(QWidget):
    """Lays out the buttons given to `set_buttons`, in that order; what is not among them is hidden by its owner.

    It is never lower than the buttons given to `keep_room_for` would be, so that others do not move what is around it.
    """

    def __init__(self, name: str, parent: QWidget | None = None, *, spacing: int = 6, stretches: bool = True) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._spacing = spacing
        self._stretches = stretches
        self._buttons: tuple[QWidget, ...] = ()
        self._usual: tuple[QWidget, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def row_count(self) -> int:
        """Into how many rows they are laid out now."""
        return self._rows(self.width())

    def keep_room_for(self, buttons: Sequence[QWidget]) -> None:
        """The usual ones; they need not be shown."""
        self._usual = tuple(buttons)

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
        return rows * self._tallest(width) + max(0, rows - 1) * self._spacing

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

    def _rows(self, width: int) -> int:
        return max(self._rows_of(buttons, width) for buttons in (self._buttons, self._usual))

    def _rows_of(self, buttons: tuple[QWidget, ...], width: int) -> int:
        if not buttons:
            return 0
        return -(-len(buttons) // len(columns_for(_widths_of(buttons), width, self._spacing)))

    def _columns(self, buttons: tuple[QWidget, ...], width: int) -> list[int]:
        """The widths of the columns as they are shown in so many pixels."""
        columns = columns_for(_widths_of(buttons), width, self._spacing, self._rows(width))
        spare = width - sum(columns) - self._spacing * (len(columns) - 1) if self._stretches else 0
        share, left_over = divmod(max(0, spare), len(columns))
        return [least + share + (place < left_over) for place, least in enumerate(columns)]

    def _tallest(self, width: int) -> int:
        tallest = 0
        for buttons in (self._buttons, self._usual):
            columns = self._columns(buttons, width) if buttons else []
            for place, button in enumerate(buttons):
                own = button.heightForWidth(columns[place % len(columns)])
                tallest = max(tallest, own if own >= 0 else button.sizeHint().height())
        return tallest

    def _arrange(self) -> None:
        if not self._buttons:
            return
        wide = self._columns(self._buttons, self.width())
        starts = [sum(wide[:place]) + place * self._spacing for place in range(len(wide))]
        height = self._tallest(self.width())
        for place, button in enumerate(self._buttons):
            row, column = divmod(place, len(wide))
            button.setGeometry(QRect(starts[column], row * (height + self._spacing), wide[column], height))


def _widths_of(buttons: Sequence[QWidget]) -> list[int]:
    return [button.minimumSizeHint().width() for button in buttons]
