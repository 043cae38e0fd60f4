"""The ticking of the durations, measured in the real panel of the real window. See bench_tick."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime

from PySide6.QtWidgets import QApplication

from app.board import CallBoard
from app.domain.calls import CallState, EmployeeId
from app.domain.live_call import Sighting
from app.telephony.diff import SnapshotTracker
from app.telephony.port import CallsSnapshot
from app.uis.snapshot import decode_calls
from tests.bench.inside import answer
from tests.bench.painting import PaintCount, settle
from tests.bench.payloads import MY_EMPLOYEE_ID, CallList
from tests.bench.sampling import Plan, rounds_of
from ui.panels.active_calls.view_state import (
    ActiveCallsState,
    CallFilter,
    Emptiness,
    RowWords,
    arrange,
    row_of,
)
from ui.texts.calls import hidden_number_text, state_text
from ui.texts.list import recorded_mark
from ui.theme import theme
from ui.windows.main_window import MainWindow

_TICKS = 20


def state_with(count: int) -> ActiveCallsState:
    """The panel's state for a list of so many calls, made of a reply by the product's own steps."""
    board = CallBoard()
    calls = decode_calls(CallList(count).body(), {}).calls
    seen = Sighting(datetime.now(UTC), time.monotonic())
    board.apply(SnapshotTracker().events_of(CallsSnapshot(calls)), seen)
    words = RowWords({kind: state_text(kind) for kind in CallState}, hidden_number_text(), recorded_mark())
    rows = (row_of(call, me=EmployeeId(MY_EMPLOYEE_ID), caller_name=None, words=words) for call in board.calls.values())
    return ActiveCallsState(arrange(rows, CallFilter()), count, emptiness=Emptiness.NOT_EMPTY)


class TickedWindow:
    """A window with so many calls, ticking by hand only."""

    def __init__(self, count: int) -> None:
        self._window = MainWindow(time.monotonic)
        self._window.active_calls.show_state(state_with(count))
        self._window.show()
        self._paints = PaintCount(self._window.active_calls.table.viewport())
        settle()

    def tick_ms(self) -> float:
        """One tick until it is painted, the mean of several."""
        began_s = time.perf_counter()
        for _ in range(_TICKS):
            before = self._paints.count
            self._window.active_calls.tick()
            if not self._paints.wait(before):
                raise RuntimeError("a tick painted nothing")
        return (time.perf_counter() - began_s) * 1000 / _TICKS


def main() -> None:
    plan = Plan(**json.loads(sys.argv[1]))
    application = QApplication([])
    theme.install(application)
    windows = {str(count): TickedWindow(count) for count in (100, 10_000)}
    samples: dict[str, list[float]] = {name: [] for name in windows}
    for counts, name in rounds_of(windows, plan.rounds * 2, plan.dice()):
        sample = windows[name].tick_ms()
        if counts:
            samples[name].append(sample)
    answer(samples)
