"""What a step of the tour may do: use the window by hand, look at it, read the simulator's journal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QMenu, QTableView, QWidget

from app.domain.actions import CallAction
from ui.models.call_row import CallColumn
from ui.windows.main_window import MainWindow

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.simulator.runner import Simulator

PATIENCE_S = 15.0
_LOOK_EVERY_S = 0.02

W = TypeVar("W", bound=QWidget)


class StepDiffers(Exception):
    """The window or the simulator does not show what the step promises."""


class Stage:
    """One window, one simulator. Each `expect…` waits, then writes down what was shown; it raises StepDiffers."""

    def __init__(self, window: MainWindow, services: Services, simulator: Simulator, folder: Path) -> None:
        self.window = window
        self.services = services
        self.simulator = simulator
        self.shown: dict[str, str] = {}
        self._folder = folder
        self._me = simulator.config.employee_id

    @property
    def me(self) -> int:
        """The simulated employee who sits at this window."""
        return self._me

    def find(self, kind: type[W], name: str) -> W:
        """A visible widget by its object name, in the window or in a dialog of its own."""
        for top in (self.window, *QApplication.topLevelWidgets()):
            for widget in (top, *top.findChildren(kind, name)):
                if isinstance(widget, kind) and widget.objectName() == name and widget.isVisible():
                    return widget
        raise StepDiffers(f"no {kind.__name__} named {name} is shown")

    async def wait_for(self, what: str, is_so: Callable[[], bool]) -> None:
        """Wait until it is so."""
        deadline_s = self.services.clock.monotonic() + PATIENCE_S
        while not is_so():
            if self.services.clock.monotonic() > deadline_s:
                raise StepDiffers(f"not within {PATIENCE_S:.0f} s: {what}")
            await asyncio.sleep(_LOOK_EVERY_S)

    async def widget(self, kind: type[W], name: str) -> W:
        """The same, once it appears."""
        await self.wait_for(f"{name} to appear", lambda: self._is_shown(kind, name))
        return self.find(kind, name)

    async def press(self, action: CallAction) -> None:
        """Click a command's button once it is on."""
        button = self.window.command_bar.button(action)
        await self.wait_for(f"{action.value} to be on", lambda: button.isVisible() and button.isEnabled())
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    async def click(self, kind: type[W], name: str) -> None:
        """Click a widget once it is shown and on."""
        widget = await self.widget(kind, name)
        await self.wait_for(f"{name} to be on", widget.isEnabled)
        # Near the left edge: a wide radio button answers only over its circle and its words.
        QTest.mouseClick(
            widget, Qt.MouseButton.LeftButton, pos=QPoint(min(10, widget.width() // 2), widget.height() // 2)
        )

    async def type_into(self, kind: type[W], name: str, text: str) -> None:
        """Type text, letter by letter."""
        widget = await self.widget(kind, name)
        for letter in text:  # QTest.keyClicks knows ASCII only
            for kind_of_event in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                key_event = QKeyEvent(kind_of_event, 0, Qt.KeyboardModifier.NoModifier, letter)
                QApplication.sendEvent(widget, key_event)

    async def choose(self, menu_name: str, text: str) -> None:
        """Click an entry of an open menu."""
        menu = await self.widget(QMenu, menu_name)
        entry = next((action for action in menu.actions() if action.text() == text), None)
        if entry is None:
            raise StepDiffers(f"{menu_name} has no entry {text}")
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry).center())

    async def expect_text(self, name: str, *parts: str) -> None:
        """A label shows all these parts."""

        def current() -> str:
            return words_of(self, name)

        await self._expect(name, current, lambda text: all(part in text for part in parts), " … ".join(parts))

    async def expect_row(self, caller: str, column: CallColumn, part: str) -> None:
        """The row of that caller in *Active calls* shows this part in that column."""
        title = f"{caller}: {column.name.lower()}"
        await self._expect(title, lambda: _cell(self._table(), caller, column), lambda text: part in text, part)

    async def expect_no_row(self, caller: str) -> None:
        """*Active calls* has no row of that caller."""
        await self._expect(
            f"row of {caller}", lambda: "gone" if _row_of(self._table(), caller) is None else "shown", _is("gone")
        )

    async def expect_phase(self, action: CallAction, part: str) -> None:
        """A button's description shows how far its command has got."""
        button = self.window.command_bar.button(action)
        await self._expect(f"{action.value} button", button.accessibleDescription, lambda text: part in text, part)

    async def expect_journal(self, operation: str, times: int, effect: str = "") -> None:
        """The simulator did this so often, successfully, with that effect."""

        def current() -> str:
            entries = self.simulator.journal.entries_of(operation)
            done = [entry for entry in entries if entry.outcome == "ok"]
            return str(sum(not effect or any(effect in line for line in entry.effects) for entry in done))

        await self._expect(f"journal {operation} {effect}".strip(), current, _is(str(times)), str(times))

    async def expect(self, title: str, current: Callable[[], object], wanted: object) -> None:
        """Any fact about the window or the simulator."""
        await self._expect(title, lambda: str(current()), _is(str(wanted)), str(wanted))

    def refresh(self) -> None:
        """Let the console look at the PBX now instead of at its next turn."""
        self.services.poller.refresh_soon()

    def take_picture(self, name: str) -> str:
        """The window with its open dialogs, as a PNG; gives the file's name."""
        picture = self.window.grab()
        painter = QPainter(picture)
        for dialog in QApplication.topLevelWidgets():
            if dialog is not self.window and isinstance(dialog, QDialog) and dialog.isVisible():
                painter.drawPixmap(_place_over(self.window, dialog), dialog.grab())
        painter.end()
        file_name = f"{name}.png"
        if not picture.save(str(self._folder / file_name)):
            raise StepDiffers(f"{file_name} could not be written")
        return file_name

    async def _expect(
        self, title: str, current: Callable[[], str], is_right: Callable[[str], bool], wanted: str = ""
    ) -> None:
        try:
            await self.wait_for(title, lambda: is_right(current()))
        except StepDiffers:
            self.shown[title] = current()
            raise StepDiffers(f"{title}: wanted {wanted!r}, shown {current()!r}") from None
        self.shown[title] = current()

    def _is_shown(self, kind: type[W], name: str) -> bool:
        try:
            self.find(kind, name)
        except StepDiffers:
            return False
        return True

    def _table(self) -> QTableView:
        return self.find(QTableView, "active_calls_table")


def words_of(stage: Stage, name: str) -> str:
    """What a label or a button says; empty when it is not shown."""
    for kind in (QLabel, QAbstractButton):
        with suppress(StepDiffers):
            return str(stage.find(kind, name).property("text"))
    return ""


def _row_of(table: QTableView, caller: str) -> int | None:
    model = table.model()
    rows = range(model.rowCount())
    return next((row for row in rows if caller in str(model.index(row, CallColumn.CALLER).data())), None)


def _cell(table: QTableView, caller: str, column: CallColumn) -> str:
    row = _row_of(table, caller)
    if row is None:
        return ""
    index = table.model().index(row, column)
    return str(index.data() or index.data(Qt.ItemDataRole.AccessibleTextRole) or "")


def _is(wanted: str) -> Callable[[str], bool]:
    return lambda shown: shown == wanted


def _place_over(window: QWidget, dialog: QWidget) -> QPoint:
    """Where the dialog stands on the picture of the window; in its middle when it stands outside."""
    place = window.mapFromGlobal(dialog.mapToGlobal(QPoint(0, 0)))
    if window.rect().contains(place):
        return place
    return QPoint((window.width() - dialog.width()) // 2, (window.height() - dialog.height()) // 2)
