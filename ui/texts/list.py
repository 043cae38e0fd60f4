"""Words of the list of calls: columns, filters, what stands there while it is empty."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.domain.calls import CallState
from ui.models.call_row import CallColumn
from ui.panels.active_calls.view_state import Emptiness, RowWords
from ui.texts.calls import hidden_number_text, state_text
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


def title_text() -> str:
    """Title of the panel and accessible name of the table."""
    return QCoreApplication.translate("List", "Active calls")


def count_text(shown: int, total: int) -> str:
    """How many calls there are; with a filter, how many of them are shown."""
    if shown == total:
        return str(total) if total else ""
    return QCoreApplication.translate("List", "{shown} of {total}").format(shown=shown, total=total)


def filter_hint() -> str:
    return QCoreApplication.translate("List", "Caller, number, employee or tag")


def clear_filter_text() -> str:
    """Name of the small button in the filter."""
    return QCoreApplication.translate("List", "Clear the filter")


def filter_label() -> str:
    return QCoreApplication.translate("List", "Filter")


def direction_label() -> str:
    return QCoreApplication.translate("List", "Direction")


def line_label() -> str:
    return QCoreApplication.translate("List", "Line called")


def all_directions_text() -> str:
    return QCoreApplication.translate("List", "All calls")


def all_lines_text() -> str:
    return QCoreApplication.translate("List", "All lines")


_EMPTY: dict[Emptiness, str] = {
    Emptiness.CONNECTING: QT_TRANSLATE_NOOP("List", "Connecting to the phone system…"),
    Emptiness.SIGN_IN_NEEDED: QT_TRANSLATE_NOOP("List", "Not signed in. Press Connect… to see the calls."),
    Emptiness.LINK_DOWN: QT_TRANSLATE_NOOP("List", "The phone system does not answer. Trying again…"),
    Emptiness.NO_LIST: QT_TRANSLATE_NOOP(
        "List", "The account's plan has no list of calls. Calls started here are shown while they last."
    ),
    Emptiness.NOT_ALLOWED: QT_TRANSLATE_NOOP("List", "The phone system does not let the calls be listed; see above."),
    Emptiness.NO_POINTS: QT_TRANSLATE_NOOP(
        "List", "The account's points are used up. The calls are shown again once there are more."
    ),
    Emptiness.NO_CALLS: QT_TRANSLATE_NOOP("List", "No calls right now."),
    Emptiness.NO_MATCH: QT_TRANSLATE_NOOP("List", "No call matches the filter."),
}


def emptiness_text(emptiness: Emptiness) -> str:
    """What stands in the middle of an empty list."""
    return QCoreApplication.translate("List", _EMPTY[emptiness])


def row_words() -> RowWords:
    """The words rows are made of, translated once."""
    return RowWords(
        states={call_state: state_text(call_state) for call_state in CallState},
        number_hidden=hidden_number_text(),
        recorded=recorded_mark(),
    )
