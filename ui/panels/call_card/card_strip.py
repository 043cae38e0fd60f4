"""The strip of open cards: one small button each, so that several calls can be written up in any order."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ui.panels.call_card.fields import button_text, clear_scroll_area
from ui.panels.call_card.view_state import CardChip
from ui.texts.card import number_word, short_time_word, time_word
from ui.theme import theme
from ui.widgets.plain_label import plain, plain_tooltip

translate = QCoreApplication.translate
_COLUMNS = 2
_TALLEST = 100
_TEXT_CAP = 40
_PADDING = 14


class ChipButton(QToolButton):
    """Shows the beginning of its words: the style would leave out the middle, where the time ends."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = ""

    def set_words(self, words: str) -> None:
        self._words = words
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = max(0, self.width() - _PADDING)
        self.setText(button_text(self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room)))


class CardStrip(QWidget):
    """`chosen(card_key)` when the operator wants to see another card."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card_strip")
        self._chips: tuple[CardChip, ...] = ()
        self._buttons: list[ChipButton] = []
        self._in_view: int | None = None
        self._inside = QWidget(self)
        self._grid = QGridLayout(self._inside)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(4)
        self._area = clear_scroll_area(self._inside, "card_strip_scroll", self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)
        self._dress_theme()
        theme.changed.connect(self._dress_theme)
        self.hide()

    @property
    def buttons_shown(self) -> list[ChipButton]:
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
                self._dress(button, chips[place], _time_of(chips[place], chips))
        self._area.setFixedHeight(min(_TALLEST, self._inside.sizeHint().height()))
        self.setVisible(bool(chips))
        shown = next((place for place, chip in enumerate(chips) if chip.is_shown), None)
        if shown is not None and shown != self._in_view:
            self._grid.activate()
            self._area.ensureWidgetVisible(self._buttons[shown])
        self._in_view = shown

    def _add_button(self) -> None:
        place = len(self._buttons)
        button = ChipButton(self._inside)
        button.setObjectName(f"card_chip_{place}")
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda _=False, at=place: self._choose(at))
        self._grid.addWidget(button, place // _COLUMNS, place % _COLUMNS)
        self._grid.setColumnStretch(place % _COLUMNS, 1)
        self._buttons.append(button)

    def _dress_theme(self) -> None:
        # A style sheet, because the style only darkens a chosen button: on a dark window nobody sees it.
        colours = theme.colours
        self._inside.setStyleSheet(
            f"QToolButton {{ background: {colours.button}; color: {colours.text}; border: 1px solid {colours.border};"
            f" border-radius: 4px; padding: 3px 5px; }}"
            f"QToolButton:hover {{ background: {colours.button_hover}; }}"
            f"QToolButton:checked {{ background: {colours.accent}; color: {colours.accent_text};"
            f" border-color: {colours.accent}; }}"
            f"QToolButton:focus {{ border: 2px solid {colours.text}; padding: 2px 4px; }}"
        )

    def _dress(self, button: ChipButton, chip: CardChip, time: str) -> None:
        whole = plain(number_word(chip.title))
        # Glyph and word, not a colour alone: the call still runs, or its card waits to be saved.
        button.set_words(f"{'✎' if chip.is_finished else '●'} {time} {whole[:_TEXT_CAP]}")
        state = translate("CallCard", "to be saved") if chip.is_finished else translate("CallCard", "call runs")
        number = plain(number_word(chip.phone_number))
        names = whole if whole == number else f"{whole}, {number}"
        button.setToolTip(plain_tooltip(f"{names}, {time}: {state}"))
        button.setAccessibleName(f"{names}, {time}: {state}")
        button.setChecked(chip.is_shown)

    def _choose(self, place: int) -> None:
        chip = self._chips[place]
        self._buttons[place].setChecked(chip.is_shown)
        self.chosen.emit(chip.card_key)


def _time_of(chip: CardChip, chips: tuple[CardChip, ...]) -> str:
    """When the call began; to the second where another call of the same customer began in the same minute."""
    short = short_time_word(chip.began_at)
    twins = [other for other in chips if (other.title, short_time_word(other.began_at)) == (chip.title, short)]
    return time_word(chip.began_at) if len(twins) > 1 else short
