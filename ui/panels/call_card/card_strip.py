"""The strip of open cards: one small button each, so that several calls can be written up in any order."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ui.panels.call_card.fields import button_text, clear_scroll_area
from ui.panels.call_card.view_state import CardChip
from ui.texts.card import number_word
from ui.widgets.plain_label import plain, plain_tooltip

translate = QCoreApplication.translate
_COLUMNS = 2
_TALLEST = 100
_TITLE_CAP = 19


class CardStrip(QWidget):
    """`chosen(card_key)` when the operator wants to see another card."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card_strip")
        self._chips: tuple[CardChip, ...] = ()
        self._buttons: list[QToolButton] = []
        self._in_view: int | None = None
        self._inside = QWidget(self)
        self._grid = QGridLayout(self._inside)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(4)
        self._area = clear_scroll_area(self._inside, "card_strip_scroll", self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)
        self.hide()

    @property
    def buttons_shown(self) -> list[QToolButton]:
        """One for each open card."""
        return self._buttons[: len(self._chips)]

    def show_state(self, chips: tuple[CardChip, ...]) -> None:
        """Show one button per open card, in the order given; a button keeps its place while cards come behind it."""
        if chips == self._chips:
            return
        self._chips = chips
        while len(self._buttons) < len(chips):
            self._add_button()
        for place, button in enumerate(self._buttons):
            button.setVisible(place < len(chips))
            if place < len(chips):
                self._dress(button, chips[place])
        self._area.setFixedHeight(min(_TALLEST, self._inside.sizeHint().height()))
        self.setVisible(bool(chips))
        shown = next((place for place, chip in enumerate(chips) if chip.is_shown), None)
        if shown is not None and shown != self._in_view:
            self._grid.activate()
            self._area.ensureWidgetVisible(self._buttons[shown])
        self._in_view = shown

    def _add_button(self) -> None:
        place = len(self._buttons)
        button = QToolButton(self._inside)
        button.setObjectName(f"card_chip_{place}")
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda _=False, at=place: self._choose(at))
        self._grid.addWidget(button, place // _COLUMNS, place % _COLUMNS)
        self._grid.setColumnStretch(place % _COLUMNS, 1)
        self._buttons.append(button)

    def _dress(self, button: QToolButton, chip: CardChip) -> None:
        whole = plain(number_word(chip.title))
        shown = whole if len(whole) <= _TITLE_CAP else f"{whole[: _TITLE_CAP - 1]}…"
        # Glyph and word, not a colour alone: the call still runs, or its card waits to be saved.
        button.setText(button_text(f"{'✎' if chip.is_finished else '●'} {shown}"))
        button.setAccessibleName(f"{'✎' if chip.is_finished else '●'} {shown}")
        state = translate("CallCard", "to be saved") if chip.is_finished else translate("CallCard", "call runs")
        button.setToolTip(plain_tooltip(f"{whole}: {state}"))
        button.setAccessibleDescription(f"{whole}: {state}")
        button.setChecked(chip.is_shown)

    def _choose(self, place: int) -> None:
        chip = self._chips[place]
        self._buttons[place].setChecked(chip.is_shown)
        self.chosen.emit(chip.card_key)
