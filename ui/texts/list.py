"""Words of the list of calls: columns, filters, what stands there while it is empty."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ui.models.call_row import CallColumn
from ui.texts.marking import QT_TRANSLATE_NOOP

_TITLES: dict[CallColumn, str] = {
    CallColumn.STATE: QT_TRANSLATE_NOOP("List", "State"),
    CallColumn.DIRECTION: "",
    CallColumn.CALLER: QT_TRANSLATE_NOOP("List", "Caller"),
    CallColumn.LINE: QT_TRANSLATE_NOOP("List", "Line"),
    CallColumn.EMPLOYEE: QT_TRANSLATE_NOOP("List", "Employee"),
    CallColumn.DURATION: QT_TRANSLATE_NOOP("List", "Time"),
    CallColumn.TAGS: QT_TRANSLATE_NOOP("List", "Tags"),
    CallColumn.RECORDING: QT_TRANSLATE_NOOP("List", "Rec"),
}

_HINTS: dict[CallColumn, str] = {
    CallColumn.STATE: QT_TRANSLATE_NOOP("List", "State"),
    CallColumn.DIRECTION: QT_TRANSLATE_NOOP("List", "Direction"),
    CallColumn.CALLER: QT_TRANSLATE_NOOP("List", "Caller"),
    CallColumn.LINE: QT_TRANSLATE_NOOP("List", "Line called"),
    CallColumn.EMPLOYEE: QT_TRANSLATE_NOOP("List", "Employee"),
    CallColumn.DURATION: QT_TRANSLATE_NOOP("List", "Time since the call began"),
    CallColumn.TAGS: QT_TRANSLATE_NOOP("List", "Tags"),
    CallColumn.RECORDING: QT_TRANSLATE_NOOP("List", "Recording"),
}


def column_title(column: CallColumn) -> str:
    """The head of a column; empty for the arrow."""
    title = _TITLES[column]
    return QCoreApplication.translate("List", title) if title else ""


def column_hint(column: CallColumn) -> str:
    """The same in full, for the tooltip and for screen readers."""
    return QCoreApplication.translate("List", _HINTS[column])


def recorded_mark() -> str:
    """What the recording column shows."""
    return QCoreApplication.translate("List", "Rec")


def recorded_text() -> str:
    """The same in full."""
    return QCoreApplication.translate("List", "Recorded")
