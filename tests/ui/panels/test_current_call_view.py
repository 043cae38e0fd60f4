"""The current call on a small screen: everybody in it is seen, also while a transfer is under way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QSize
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from app.domain.calls import CallSessionId, CallState, Direction, LegId, LegState
from tests.helpers.qt import finish_deletions, show
from ui.panels.current_call.view_state import CurrentCallState, LegLine
from ui.panels.in_hand.view_state import ArmedLine, InHandState
from ui.theme import ThemeChoice, theme
from ui.windows.main_window import MainWindow

CALL = CallSessionId(7_000_000_001)


def leg(number: int, name: str, leg_state: LegState) -> LegLine:
    return LegLine(
        leg_id=LegId(number),
        name=name,
        number=f"10{number}",
        is_customer=number == 1,
        is_me=number == 2,
        leg_state=leg_state,
        raw_state="",
        is_recorded=False,
    )


CONSULTING = CurrentCallState(
    call_session_id=CALL,
    caller_name="Котова Елена Андреевна",
    number="+7 906 219-50-47",
    line="+7 495 104-57-71",
    direction=Direction.INBOUND,
    employees="Орлова Марина Сергеевна, Белова Анна Олеговна",
    call_state=CallState.CONSULT_RINGING,
    held_since_monotonic_s=0.0,
    hold_reason="Уточняю у бухгалтерии, есть ли платёж",
    promised_until_monotonic_s=-4.0,
    tags=("Целевой", "Жалоба"),
    legs=(
        leg(1, "Котова Елена Андреевна", LegState.HELD),
        leg(2, "Орлова Марина Сергеевна", LegState.TALKING),
        leg(3, "Белова Анна Олеговна", LegState.DIALLING),
    ),
)


@pytest.fixture
def window(qapp: QApplication) -> Iterator[MainWindow]:
    window = MainWindow(lambda: 0.0)
    window.fit(QSize(1366, 768))
    show(window)
    yield window
    window.may_close = True
    window.close()
    window.deleteLater()
    finish_deletions()


def settle() -> None:
    for _ in range(4):
        QApplication.processEvents()


def part(window: MainWindow, name: str) -> QWidget:
    found = window.findChild(QWidget, name)
    assert found is not None
    return found


def is_seen(window: MainWindow, number: int) -> bool:
    """Its line stands inside what the scroll area shows."""
    area = window.current_call.findChild(QScrollArea, "current_call_legs_scroll")
    assert area is not None
    row = part(window, f"leg_{number}")
    top = row.mapTo(area.viewport(), QPoint(0, 0)).y()
    return row.isVisible() and top >= 0 and top + row.height() <= area.viewport().height()


def test_all_three_of_a_consultation_are_seen_above_the_strip(window: MainWindow) -> None:
    window.current_call.show_state(CONSULTING)
    settle()
    heading = part(window, "current_call_participants")
    assert heading.isVisible(), "there is room without the strip"
    line = ArmedLine(CALL, "Белова Анна Олеговна", "ringing", back_at_monotonic_s=30.0, can_transfer_now=True)
    window.in_hand.show_state(InHandState((line,)))
    settle()
    assert all(is_seen(window, number) for number in range(3))
    words = part(window, "armed_0_text")
    assert words.height() >= words.heightForWidth(words.width()), "and the strip is whole"
    window.in_hand.show_state(InHandState())
    settle()
    assert heading.isVisible(), "and back"


def test_who_does_not_fit_can_be_scrolled_to_with_a_bar_of_the_theme(window: MainWindow) -> None:
    try:
        for choice in (ThemeChoice.LIGHT, ThemeChoice.DARK):
            theme.choose(choice)
            many = tuple(leg(number, "Орлова", LegState.TALKING) for number in range(1, 16))
            window.current_call.show_state(CurrentCallState(call_session_id=CALL, legs=many))
            settle()
            area = window.current_call.findChild(QScrollArea, "current_call_legs_scroll")
            assert area is not None
            bar = area.verticalScrollBar()
            assert bar.isVisible()
            assert bar.palette() == window.active_calls.table.verticalScrollBar().palette()
    finally:
        theme.choose(ThemeChoice.SYSTEM)
