"""Two hundred polls change every call while the operator types notes, and nothing under the hand moves."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from app.domain.calls import CallState
from app.simulator.pbx.call import SessionState
from app.simulator.pbx.commands import CallCommands
from app.simulator.runner import Simulator
from tests.scenarios.console import KNOWN_NAME, Console, make_call, open_desk
from ui.models.call_list import CallListModel
from ui.models.call_row import CallColumn, CallRow
from ui.panels.active_calls.view import ActiveCallsView
from ui.panels.active_calls.view_state import ActiveCallsState

POLLS = 200
CALLS = 60
COLLEAGUES = (2002, 2003, 2004, 2005, 2006, 2007, 2008)
SENTENCE = "Клиент просит перезвонить после обеда и выслать счёт. "


@dataclass
class Traffic:
    """Other people's calls: each step changes every one of them."""

    simulator: Simulator
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    kept: set[int] = field(default_factory=set)

    def begin(self) -> None:
        for _ in range(CALLS):
            self._new_call()

    def step(self) -> None:
        for call in self.simulator.pbx.calls:
            if call.call_session_id not in self.kept:
                self._change(call.call_session_id)
        while len(self.simulator.pbx.calls) < CALLS:
            self._new_call()

    def _new_call(self) -> None:
        number = f"7900{self.dice.randrange(10**7):07}"
        make_call(self.simulator, CallState.TALK, self.dice.choice(COLLEAGUES), number)

    def _change(self, call_session_id: int) -> None:
        pbx = self.simulator.pbx
        call = pbx.call(call_session_id)
        commands = CallCommands(pbx)
        if self.dice.random() < 0.05:
            pbx.hang_up(call_session_id, "contact")
        elif call.session_state is SessionState.HOLD:
            commands.retrieve(call)
        else:
            commands.hold(call, ("tts", "Минуту"))


@dataclass
class Watched:
    """What the operator's eyes and hands rest on."""

    console: Console
    differences: list[str] = field(default_factory=list)
    resets: list[str] = field(default_factory=list)

    def begin(self) -> None:
        self.console.window.active_calls.model.modelReset.connect(lambda: self.resets.append("reset"))
        self.focus = QApplication.focusWidget()
        self.windows = self._windows()
        self.selected = self._selected()
        self.top = self.top_call()

    def look(self, poll: int) -> None:
        for what, now, before in (
            ("focus", QApplication.focusWidget(), self.focus),
            ("windows", self._windows(), self.windows),
            ("selection", self._selected(), self.selected),
            ("row at the top", self.top_call(), self.top),
        ):
            if now != before:
                self.differences.append(f"poll {poll}: {what} was {before}, is {now}")

    def _windows(self) -> list[str]:
        return sorted(window.objectName() for window in QApplication.topLevelWidgets() if window.isVisible())

    def _selected(self) -> list[int]:
        calls = self.console.window.active_calls
        return [calls.model.rows[index.row()].call_session_id for index in calls.table.selectionModel().selectedRows()]

    def top_call(self) -> int:
        """The call at the upper edge of the list."""
        calls = self.console.window.active_calls
        return calls.model.rows[calls.table.rowAt(0)].call_session_id


async def typed_through(console: Console, polls: int, spoil: Callable[[], None] = lambda: None) -> tuple[Watched, str]:
    """Types a letter at every poll while all other calls change; gives what moved and what should stand there."""
    traffic = Traffic(console.simulator)
    traffic.begin()
    await console.next_polls(2)
    mine = await console.call_in(CallState.TALK)
    table = console.window.active_calls.table
    table.verticalScrollBar().setValue(10 * table.rowHeight(0))
    await console.next_polls(2)
    watched = Watched(console)
    notes: QPlainTextEdit = await console.widget(QPlainTextEdit, "card_notes")
    notes.setFocus()
    # Neither my call nor the one at the top of the list may end: where they stood would be nowhere.
    traffic.kept = {mine, watched.top_call()}
    watched.begin()
    spoil()
    typed = ""
    for poll in range(polls):
        traffic.step()
        letter = SENTENCE[poll % len(SENTENCE)]
        await console.type_into(QWidget, focused_name(), letter)
        typed += letter
        await console.next_polls()
        watched.look(poll)
    return watched, typed


def focused_name() -> str:
    focused = QApplication.focusWidget()
    return focused.objectName() if focused is not None else "nothing"


@pytest.mark.time_limit(60)
async def test_two_hundred_polls_that_change_everything_move_nothing_under_the_hand(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=40.0) as console:
        watched, typed = await typed_through(console, POLLS)
        assert watched.differences == []
        assert watched.resets == []
        notes = console.find(QPlainTextEdit, "card_notes")
        assert notes.toPlainText() == typed
        assert notes.textCursor().position() == len(typed)
        assert console.text("current_call_caller") == KNOWN_NAME
        assert console.services.poller.report.polls_failed_in_row == 0


def _reset(model: CallListModel, rows: Sequence[CallRow]) -> None:
    model.beginResetModel()
    model._rows = list(rows)
    model._positions = None
    model.endResetModel()


def _forget_the_place(_view: ActiveCallsView, _anchor: object) -> None:
    return None


def _select_and_take_the_focus(view: ActiveCallsView, state: ActiveCallsState) -> None:
    view.table.selectRow(len(state.rows) - 1)
    view.table.setFocus()


@pytest.mark.parametrize(
    ("broken", "method", "replacement", "seen"),
    [
        (CallListModel, "apply", _reset, "reset"),
        (ActiveCallsView, "_restore_top_row", _forget_the_place, "row at the top"),
        (ActiveCallsView, "_select", _select_and_take_the_focus, "focus"),
        (ActiveCallsView, "_select", _select_and_take_the_focus, "selection"),
    ],
)
async def test_the_watch_sees_a_list_that_does_not_keep_still(
    broken: type, method: str, replacement: object, seen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_desk(tmp_path, speed=40.0) as console:
        watched, _ = await typed_through(console, 10, lambda: monkeypatch.setattr(broken, method, replacement))
        assert any(seen in difference for difference in [*watched.differences, *watched.resets])


async def test_a_second_call_rings_without_taking_the_card_that_is_written_in(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=10.0) as console:
        await console.call_in(CallState.TALK)
        await console.expect_text("current_call_caller", KNOWN_NAME)
        notes = await console.widget(QPlainTextEdit, "card_notes")
        notes.setFocus()
        await console.type_into(QPlainTextEdit, "card_notes", "до ")
        console.simulator.pbx.ring_in("79161973069", employees=[console.me])
        console.refresh()
        await console.expect_row("Ольга Николаевна Зимина", CallColumn.STATE, "Ringing")
        await console.next_polls(2)
        assert QApplication.focusWidget() is notes
        assert console.text("card_caller") == KNOWN_NAME
        await console.type_into(QPlainTextEdit, "card_notes", "после")
        assert notes.toPlainText() == "до после"
        assert console.text("current_call_caller") == KNOWN_NAME
