"""A row of buttons that becomes two or three where there is no room for it: no label is ever cut off."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

_Places = tuple[tuple[QWidget, ...], ...]
_GAP = 12
"""Before the button that stands alone, in pixels."""


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

    With `set_places` each stands in a place of its own whatever else is shown, and what is around it is never moved.
    """

    def __init__(self, name: str, parent: QWidget | None = None, *, spacing: int = 6, stretches: bool = True) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._spacing = spacing
        self._stretches = stretches
        self._buttons: tuple[QWidget, ...] = ()
        self._places: _Places = ()
        self._alone: tuple[QWidget, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def row_count(self) -> int:
        """Into how many rows they are laid out now."""
        return self._rows(self.width())

    def set_places(self, places: Sequence[Sequence[QWidget]]) -> None:
        """For each place the buttons that take turns there; they need not be shown. Those of the last place stand
        alone at the right edge, behind a gap and as high as all rows. Where two of one place are shown at once, all
        but the one at the edge stand side by side instead."""
        *others, alone = places
        self._places = tuple(map(tuple, others))
        self._alone = tuple(alone)

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
        return QSize(widest + self._edge(), self.heightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        before = self._rows(event.oldSize().width()) if event.oldSize().isValid() else 0
        self._arrange()
        if self._rows(self.width()) != before:
            self.updateGeometry()

    def _shown_places(self) -> _Places:
        """The fixed places while nobody has to share one, else a place for each."""
        flowing = tuple(button for button in self._buttons if button not in self._alone)
        taken = [sum(button in place for button in flowing) for place in self._places]
        if sum(taken) == len(flowing) and max(taken, default=2) < 2:
            return self._places
        return tuple((button,) for button in flowing)

    def _edge(self) -> int:
        """What the place at the right edge takes of the width, its gap included."""
        return _widest(self._alone) + _GAP if self._alone else 0

    def _rows(self, width: int) -> int:
        return max(self._rows_of(places, width) for places in (self._places, self._shown_places()))

    def _rows_of(self, places: _Places, width: int) -> int:
        if not places:
            return 1 if self._buttons else 0
        columns = columns_for([_widest(place) for place in places], width - self._edge(), self._spacing)
        return -(-len(places) // len(columns))

    def _columns(self, places: _Places, width: int) -> tuple[list[int], int]:
        """The widths of the columns as they are shown in so many pixels, and that of the place at the right edge."""
        alone = _widest(self._alone)
        least = [_widest(place) for place in places]
        columns = columns_for(least, width - self._edge(), self._spacing, self._rows(width)) if places else []
        spare = max(0, width - self._edge() - sum(columns) - self._spacing * max(0, len(columns) - 1))
        if not self._stretches:
            return _grown(columns, [_wished(place) for place in places], spare), alone
        sharing = [*columns, alone] if self._alone else columns
        share, left_over = divmod(spare, max(1, len(sharing)))
        shared = [width + share + (place < left_over) for place, width in enumerate(sharing)]
        return shared[: len(columns)], shared[-1] if self._alone else 0

    def _tallest(self, width: int) -> int:
        tallest = 0
        for places in (self._places, self._shown_places()):
            columns, edge = self._columns(places, width)
            for number, place in enumerate(places):
                tallest = max(tallest, *(_height(button, columns[number % len(columns)]) for button in place))
            tallest = max([tallest, *(_height(button, edge) for button in self._alone)])
        return tallest

    def _arrange(self) -> None:
        if not self._buttons:
            return
        places = self._shown_places()
        wide, edge = self._columns(places, self.width())
        starts = [sum(wide[:place]) + place * self._spacing for place in range(len(wide))]
        height = self._tallest(self.width())
        for number, place in enumerate(places):
            row, column = divmod(number, len(wide))
            spot = QRect(starts[column], row * (height + self._spacing), wide[column], height)
            for button in place:
                button.setGeometry(spot)
        for button in self._alone:
            button.setGeometry(QRect(self.width() - edge, 0, edge, self.heightForWidth(self.width())))


def _widest(place: Sequence[QWidget]) -> int:
    return max((button.minimumSizeHint().width() for button in place), default=0)


def _wished(place: Sequence[QWidget]) -> int:
    return max((button.sizeHint().width() for button in place), default=0)


def _height(button: QWidget, width: int) -> int:
    own = button.heightForWidth(width)
    return own if own >= 0 else button.sizeHint().height()


def _grown(columns: list[int], wishes: list[int], spare: int) -> list[int]:
    """The columns with `spare` pixels given, from left to right, to those that have wished for more."""
    grown = []
    for place, least in enumerate(columns):
        more = min(spare, max(0, max(wishes[place :: len(columns)]) - least))
        grown.append(least + more)
        spare -= more
    return grown
