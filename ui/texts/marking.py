"""Marks words of a table for translation; the table's reader translates them when they are shown."""

from __future__ import annotations


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802, ARG001  the name that lupdate looks for
    """The text itself. PySide6's function of this name is typed as returning `object`."""
    return text
