"""The line on top of a small window that stays open beside the main one: whom it is about."""

from __future__ import annotations

from ui.widgets.plain_label import PlainLabel


def about_line(text: str) -> PlainLabel:
    """One bold line, elided; takes no room when there is nothing to say."""
    line = PlainLabel(text, elide=True, name="dialog_about")
    font = line.font()
    font.setBold(True)
    line.setFont(font)
    line.setVisible(bool(text))
    return line
