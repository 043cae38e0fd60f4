"""Small pieces every part of the card is made of: a labelled field, a hint, a warning, a box that ignores the wheel."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPaintEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from ui.theme import theme
from ui.widgets.plain_label import PlainLabel


class QuietComboBox(QComboBox):
    """A combo box the wheel does not change: scrolling the card past it must not alter what was chosen."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        # The style would cut a long name in the middle of a letter.
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        shown = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room.width() - 4)
        option.currentText = shown
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def buddy_label(text: str, field: QWidget, name: str) -> PlainLabel:
    """The label that names the field to a screen reader and, by its mnemonic, to the keyboard."""
    label = PlainLabel(text, name=name)
    label.setWordWrap(False)
    label.setBuddy(field)
    return label


def hint_label(name: str) -> PlainLabel:
    """A quiet explanation; takes no room while it has nothing to say."""
    label = PlainLabel(name=name)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    label.hide()
    return label


class ToneLabel(PlainLabel):
    """A label in one of the theme's colours, by its name; follows the theme when it changes."""

    def __init__(self, tone: str, *, name: str, elide: bool = False) -> None:
        super().__init__(name=name, elide=elide)
        self._tone = tone
        self._dress()
        theme.changed.connect(self._dress)

    def set_tone(self, tone: str) -> None:
        """Take another colour of the theme."""
        if tone != self._tone:
            self._tone = tone
            self._dress()

    def _dress(self) -> None:
        palette = self.palette()
        palette.setColor(self.foregroundRole(), QColor(theme.colours.tone(self._tone)))
        self.setPalette(palette)


def warning_label(name: str) -> ToneLabel:
    """A sentence about something to mend, beside what it is about."""
    label = ToneLabel("alert", name=name)
    label.hide()
    return label


def primary_sheet() -> str:
    """The theme's accent. A style sheet: Fusion lightens a button's colour until white on it is hard to read."""
    colours = theme.colours
    return (
        f"QPushButton {{ background: {colours.accent}; color: {colours.accent_text}; border: 1px solid"
        f" {colours.accent}; border-radius: 4px; padding: 5px 14px; font-weight: 600; }}"
        f"QPushButton:focus {{ border: 2px solid {colours.text}; padding: 4px 13px; }}"
        f"QPushButton:disabled {{ background: {colours.button}; color: {colours.muted};"
        f" border-color: {colours.border}; }}"
    )


class PrimaryButton(QPushButton):
    """The one button of a panel that most clicks go to, in the theme's accent."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text)
        self.setObjectName(name)
        self.setAccessibleName(text)
        self.setAutoDefault(False)
        self._dress()
        theme.changed.connect(self._dress)

    def _dress(self) -> None:
        self.setStyleSheet(primary_sheet())


class FormArea(QScrollArea):
    """Scrolls up and down only, so it is never narrower than what it holds: fields would be cut off."""

    def minimumSizeHint(self) -> QSize:
        hint, inside = super().minimumSizeHint(), self.widget()
        if inside is None:
            return hint
        return QSize(inside.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width(), hint.height())


def clear_scroll_area(inside: QWidget, name: str, parent: QWidget) -> QScrollArea:
    """A vertical scroll area that takes the colour of what it lies on and no place in the tab order."""
    area = FormArea(parent)
    area.setObjectName(name)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    area.viewport().setAutoFillBackground(False)
    inside.setAutoFillBackground(False)
    return area


def align_labels(labels: Sequence[PlainLabel]) -> None:
    """Give the labels of one column the width of the widest of them."""
    width = max(label.sizeHint().width() for label in labels)
    for label in labels:
        label.setMinimumWidth(width)


def action_button(text: str, name: str) -> QPushButton:
    """A button whose accessible name is its label, and which Return does not press from elsewhere."""
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setAutoDefault(False)
    return button


def say(label: PlainLabel, sentence: str) -> None:
    """Show the sentence, or nothing at all when there is none."""
    label.setText(sentence)
    label.setVisible(bool(sentence))


def button_text(text: str) -> str:
    """Text from outside on a button: an ampersand in it is no mnemonic."""
    return " ".join(text.split()).replace("&", "&&")


def find_item(box: QComboBox, data: object) -> int:
    """The place of the item that carries `data`, -1 when none does. Qt's own search does not compare Python objects."""
    return next((place for place in range(box.count()) if box.itemData(place) == data), -1)
