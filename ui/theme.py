"""Colours of the window, light and dark, switched while it runs. The colours themselves are in resources/themes."""

from __future__ import annotations

import json
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette

from app.paths import resource_dir

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


_OUTLINED = ("QLineEdit", "QPlainTextEdit", "QComboBox", "QRadioButton", "QCheckBox")


class ThemeChoice(Enum):
    """What the operator may ask for."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Colours(NamedTuple):
    """One theme, each colour as #rrggbb. The states come as a text colour and a fill that stand on each other."""

    window: str
    base: str
    alternate: str
    text: str
    muted: str
    border: str
    button: str
    button_hover: str
    button_pressed: str
    accent: str
    accent_text: str
    selection: str
    selection_text: str
    tooltip: str
    tooltip_text: str
    ringing: str
    ringing_fill: str
    talk: str
    talk_fill: str
    held: str
    held_fill: str
    queue: str
    queue_fill: str
    consult: str
    consult_fill: str
    ended: str
    ended_fill: str
    alert: str
    alert_fill: str

    def tone(self, name: str) -> str:
        """A colour by its name, e.g. "ringing" or "held_fill"; the text colour for a name nobody knows."""
        return str(getattr(self, name, self.text))


def load_colours(name: str) -> Colours:
    """The colours of "light" or "dark". Raises OSError, ValueError, TypeError when the file is not whole."""
    values = json.loads((resource_dir() / "themes" / f"{name}.json").read_text("utf-8"))
    return Colours(**{name: str(values[name]) for name in Colours._fields})


class Theme(QObject):
    """The theme in use. `changed` comes after the palette was set: whoever tints icons does it again then."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.choice = ThemeChoice.SYSTEM
        self.is_dark = False
        self._application: QApplication | None = None
        self._loaded: dict[bool, Colours] = {}

    @property
    def colours(self) -> Colours:
        if self.is_dark not in self._loaded:
            self._loaded[self.is_dark] = load_colours("dark" if self.is_dark else "light")
        return self._loaded[self.is_dark]

    def install(self, application: QApplication, choice: ThemeChoice = ThemeChoice.SYSTEM) -> None:
        """Dress the application and follow the system from now on."""
        self._application = application
        self.choice = choice
        application.setStyle("Fusion")
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._apply()

    def choose(self, choice: ThemeChoice) -> None:
        """Take the theme the operator asks for, at once."""
        self.choice = choice
        self._apply()

    def _system_changed(self, _: object) -> None:
        if self.choice is ThemeChoice.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        if self._application is None:
            return
        system_is_dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        self.is_dark = system_is_dark if self.choice is ThemeChoice.SYSTEM else self.choice is ThemeChoice.DARK
        self._application.setPalette(_palette(self.colours))
        self._dress_fields(self._application)
        self.changed.emit()

    def _dress_fields(self, application: QApplication) -> None:
        """Fusion takes a field's outline from the window's colour, made darker, and its outline with the focus from the
        selection's. On a dark window nothing is left of the first, and our selection is too quiet for the second."""
        palette = _palette(self.colours)
        if self.is_dark:
            palette.setColor(QPalette.ColorRole.Window, QColor(self.colours.muted))
        palette.setColor(QPalette.ColorRole.Highlight, QColor(self.colours.accent))
        palette.setColor(QPalette.ColorRole.HighlightedText, QColor(self.colours.accent_text))
        for kind in _OUTLINED:
            # The stub says bytes, the function takes str only.
            application.setPalette(palette, kind)  # type: ignore[arg-type]


def _palette(colours: Colours) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette(QColor(colours.button), QColor(colours.window))
    for colour_role, value in (
        (role.Window, colours.window),
        (role.WindowText, colours.text),
        (role.Base, colours.base),
        (role.AlternateBase, colours.alternate),
        (role.Text, colours.text),
        (role.Button, colours.button),
        (role.ButtonText, colours.text),
        (role.PlaceholderText, colours.muted),
        (role.Highlight, colours.selection),
        (role.HighlightedText, colours.selection_text),
        (role.Accent, colours.accent),
        (role.Link, colours.accent),
        (role.ToolTipBase, colours.tooltip),
        (role.ToolTipText, colours.tooltip_text),
        (role.Mid, colours.border),
        (role.Midlight, colours.button_hover),
    ):
        palette.setColor(colour_role, QColor(value))
    for colour_role in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, colour_role, QColor(colours.muted))
    return palette


theme = Theme()
