"""The first start on a small screen: everything is on it, and nothing of the list is cut off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QSize
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton

from app.domain.calls import CallSessionId, TagId
from tests.helpers.qt import finish_deletions, show
from tests.ui.panels.card_window import NOBODY
from ui.models.call_row import CallColumn
from ui.panels.active_calls.table import CallTable
from ui.panels.call_card.view_state import CardPanelState
from ui.panels.in_hand.view_state import ArmedLine, InHandState, TagLine
from ui.panels.talk_options.view_state import OptionState, TalkOptionsState
from ui.windows.main_window import MainWindow

CALL = CallSessionId(7_000_000_001)
EIGHT = range(1, 9)


@pytest.fixture
def window(qapp: QApplication) -> Iterator[MainWindow]:
    window = MainWindow(lambda: 0.0)
    window.call_card.show_state(CardPanelState(editor=NOBODY))
    yield window
    window.may_close = True
    window.close()
    window.deleteLater()
    finish_deletions()


def right_edge(table: CallTable) -> int:
    """Where the last column ends that is shown."""
    shown = [column for column in CallColumn if not table.isColumnHidden(column)]
    return max(table.columnViewportPosition(column) + table.columnWidth(column) for column in shown)


@pytest.mark.parametrize("room", [QSize(1100, 640), QSize(1024, 768), QSize(1366, 728), QSize(3840, 2160)])
def test_the_window_is_inside_what_the_screen_has_to_offer(window: MainWindow, room: QSize) -> None:
    window.fit(room)
    show(window)
    QApplication.processEvents()
    assert window.width() <= room.width()
    assert window.height() <= room.height() - 24, "the title bar is on the screen, too"
    assert window.status_line.geometry().bottom() <= window.height()
    table = window.active_calls.table
    assert right_edge(table) <= table.width()
    assert not table.isColumnHidden(CallColumn.DURATION)


@pytest.mark.parametrize("room", [QSize(1100, 640), QSize(1024, 768), QSize(1366, 768)])
def test_everything_in_hand_at_once_cuts_off_no_button(window: MainWindow, room: QSize) -> None:
    window.fit(room)
    show(window)
    window.talk_options.show_state(
        TalkOptionsState(CALL, tuple(OptionState(str(key), f"Option {key}") for key in EIGHT))
    )
    armed = ArmedLine(CALL, "Белова Анна Олеговна", "ringing", back_at_monotonic_s=30.0, can_transfer_now=True)
    window.in_hand.show_state(InHandState((armed,), (TagLine(CALL, TagId(1), "Жалоба", 4.0),)))
    for _ in range(3):
        QApplication.processEvents()
    for rows in (window.command_bar.rows, window.talk_options.rows):
        assert rows.height() >= rows.heightForWidth(rows.width())
    parts = (window.command_bar, window.talk_options, window.status_line)
    tops = [part.mapTo(window, QPoint(0, 0)).y() for part in parts]
    bottoms = [top + part.height() for top, part in zip(tops, parts, strict=True)]
    assert bottoms[0] <= tops[1]
    assert bottoms[1] <= tops[2]
    assert bottoms[2] <= window.height()
    for button in window.in_hand.findChildren(QPushButton):
        if button.isVisible():
            assert button.height() >= button.minimumSizeHint().height()
            assert button.mapTo(window, QPoint(0, button.height())).y() <= tops[0]


def test_unfitted_the_window_would_hang_over_the_edge(window: MainWindow) -> None:
    show(window)
    assert window.width() > 1100


def test_columns_give_way_one_by_one_and_come_back(window: MainWindow) -> None:
    table = window.active_calls.table
    show(window)
    QApplication.processEvents()
    assert not any(table.isColumnHidden(column) for column in CallColumn)
    wide = table.width()
    fits = sum(table.columnWidth(column) for column in CallColumn if column is not CallColumn.CALLER) + 120
    without_line = fits - table.columnWidth(CallColumn.LINE)
    for width, gone in ((fits - 1, {CallColumn.LINE}), (without_line - 1, {CallColumn.LINE, CallColumn.TAGS})):
        table.resize(width, table.height())
        assert {column for column in CallColumn if table.isColumnHidden(column)} == gone
        assert right_edge(table) <= table.width()
    table.resize(wide, table.height())
    assert not any(table.isColumnHidden(column) for column in CallColumn)
    assert right_edge(table) <= table.width()


def test_the_button_that_empties_the_filter_has_a_name(window: MainWindow) -> None:
    window.finish()
    clear = window.active_calls.filter_field.findChild(QToolButton, "call_filter_clear")
    assert clear is not None
    assert clear.accessibleName() == "Clear the filter"
