"""Colours can be told apart in both themes, and switch while the window runs."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QRadioButton, QWidget

from tests.helpers.qt import finish_deletions, show
from ui.icons import pixmap
from ui.looks import CALL_LOOKS, LEG_LOOKS
from ui.theme import Colours, ThemeChoice, load_colours, theme

_STATES = ("ringing", "talk", "held", "queue", "consult", "ended", "alert")


def contrast(one: str, other: str) -> float:
    """WCAG 2.1 contrast ratio of two #rrggbb colours."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _pairs(colours: Colours) -> list[tuple[str, str]]:
    pairs = [(name, ground) for name in _STATES for ground in (f"{name}_fill", "base", "window")]
    pairs += [
        ("text", ground) for ground in ("window", "base", "alternate", "button", "button_hover", "button_pressed")
    ]
    pairs += [("text", f"{name}_fill") for name in _STATES]
    pairs += [("muted", "window"), ("muted", "base"), ("muted", "button"), ("accent_text", "accent")]
    return [*pairs, ("selection_text", "selection"), ("tooltip_text", "tooltip")]


@pytest.mark.parametrize("name", ["light", "dark"])
def test_all_text_reaches_wcag_aa(name: str) -> None:
    colours = load_colours(name)
    weak = [pair for pair in _pairs(colours) if contrast(colours.tone(pair[0]), colours.tone(pair[1])) < 4.5]
    assert weak == []


def test_a_weak_pair_would_be_noticed() -> None:
    assert contrast("#888888", "#999999") < 4.5
    assert round(contrast("#000000", "#ffffff")) == 21


def test_every_state_has_an_icon_and_a_tone_of_its_own(qapp: QApplication) -> None:
    for look in (*CALL_LOOKS.values(), *LEG_LOOKS.values()):
        assert not pixmap(look.icon_name, look.tone, 16).isNull()
        assert look.tone in _STATES


def test_the_theme_switches_while_it_runs(qapp: QApplication) -> None:
    told: list[bool] = []
    noted = theme.changed.connect(lambda: told.append(theme.is_dark))
    before = qapp.palette()
    try:
        theme.install(qapp, ThemeChoice.DARK)
        assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(load_colours("dark").window)
        theme.choose(ThemeChoice.LIGHT)
        assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(load_colours("light").window)
        assert told == [True, False]
    finally:
        theme.changed.disconnect(noted)
        theme.choice = ThemeChoice.SYSTEM
        qapp.setPalette(before)


@pytest.mark.parametrize(("choice", "name"), [(ThemeChoice.DARK, "dark"), (ThemeChoice.LIGHT, "light")])
def test_the_outlines_of_all_fields_can_be_seen_and_the_one_with_the_focus_told_apart(
    qapp: QApplication, choice: ThemeChoice, name: str
) -> None:
    window = QWidget()
    fields = [kind(window) for kind in (QLineEdit, QPlainTextEdit, QComboBox, QRadioButton, QCheckBox)]
    show(window)
    before, colours = qapp.palette(), load_colours(name)
    try:
        theme.install(qapp, choice)
        for field in fields:
            outline, focus_outline = fusion_outlines(field.palette())
            assert contrast(outline, colours.base) > 1.9, field
            assert contrast(focus_outline, colours.base) > 3, field
            assert field.palette().color(QPalette.ColorRole.Text) == QColor(colours.text)
            assert field.palette().color(QPalette.ColorRole.Base) == QColor(colours.base)
        unaided, unaided_focus = fusion_outlines(qapp.palette())
        assert contrast(unaided_focus, colours.base) < 3
        assert name == "light" or contrast(unaided, colours.base) < 1.5
    finally:
        theme.choose(ThemeChoice.LIGHT)
        theme.choice = ThemeChoice.SYSTEM
        qapp.setPalette(before)
        window.close()
        window.deleteLater()
        finish_deletions()


def fusion_outlines(palette: QPalette) -> tuple[str, str]:
    """The colours Fusion draws round a field, without the focus and with it."""
    role = QPalette.ColorRole
    return palette.color(role.Window).darker(140).name(), palette.color(role.Highlight).darker(125).name()
