"""The list under the field of *New call*. What happens meanwhile moves neither the chosen row nor the scroll."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from ui.icons import icon
from ui.panels.active_calls.view_state import shown_number
from ui.panels.new_call.suggestions import Kind, Suggestion, spelled
from ui.presence_icon import presence_icon
from ui.texts.new_call import suggestion_detail, suggestions_label
from ui.texts.presence import presence_text
from ui.widgets.titled_items import TitledItems, dress_item, titled_item

_SHOWN = 100


class SuggestionList(QListWidget):
    """Whom the number might be. The cursor stays in the field: rows are walked to from there."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Suggestion, ...] = ()
        self.setObjectName("new_call_list")
        self.setAccessibleName(suggestions_label())
        self.setItemDelegate(TitledItems(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    @property
    def chosen(self) -> Suggestion | None:
        """The row walked to; None while the text of the field counts."""
        row = self.currentRow()
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def offer(self, suggestions: Sequence[Suggestion], now: datetime, *, chooses_first: bool) -> None:
        """Show them; `chooses_first`: the text alone cannot be called."""
        shown, chosen = tuple(suggestions[:_SHOWN]), self.chosen
        is_new = [_key(one) for one in shown] != [_key(one) for one in self._shown]
        self.blockSignals(True)
        if is_new:
            self.clear()
            for one in shown:
                self.addItem(_item(one, now))
        elif shown != self._shown:
            for row, one in enumerate(shown):
                dress_item(self.item(row), _item(one, now))
        self._shown = shown
        if is_new:
            keys = [_key(one) for one in shown]
            self.setCurrentRow(keys.index(_key(chosen)) if chosen is not None and _key(chosen) in keys else -1)
        if chooses_first and self.chosen is None and shown:
            self.setCurrentRow(0)
        self.blockSignals(False)

    def walk(self, step: int) -> None:
        """One row up or down; beyond both ends lies the text of the field again."""
        row = self.currentRow() + step
        self.setCurrentRow(-1 if row in (-1, self.count()) else row if row >= 0 else self.count() - 1)


def _key(one: Suggestion) -> tuple[Kind, str, str]:
    return one.kind, one.number, one.name if one.kind is Kind.COLLEAGUE else ""


def _item(one: Suggestion, now: datetime) -> QListWidgetItem:
    if one.person is not None:
        number = shown_number(one.person.number) or one.person.number
        detail = " · ".join(part for part in (number, presence_text(one.person)) if part)
        return titled_item(one.name, detail, presence_icon(one.person))
    number, when = spelled(one), suggestion_detail(one, now)
    detail = " · ".join(part for part in (number if one.name else "", when) if part)
    return titled_item(one.name or number, detail, icon("history", "muted", 16))
