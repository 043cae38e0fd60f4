"""The whole window over real services and the simulator, and hands to use it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.bootstrap import Services, open_services
from app.clock import SystemClock
from app.domain.actions import CallAction
from app.domain.calls import CallSessionId, CallState
from app.hardening import HardeningReport
from app.simulator.runner import Simulator
from tests.helpers.qt import finish_deletions
from tests.helpers.waiting import until
from ui.attached import AttachedConsole
from ui.demo import TOUR_SCENARIO, open_demo
from ui.models.call_row import CallColumn
from ui.tasks import TaskScope
from ui.windows.main_window import MainWindow

MARIA = "79062195047"
MARIA_SHOWN = "+7 906 219-50-47"
STRANGER = "79991112233"
ME = 2001
PETER = 2002
W = TypeVar("W", bound=QWidget)


@dataclass
class Desk:
    """One operator at one window."""

    simulator: Simulator
    services: Services
    window: MainWindow
    console: AttachedConsole

    @property
    def status(self) -> str:
        return self.window.status_line.message.text()

    @property
    def focused(self) -> QWidget | None:
        return QApplication.focusWidget()

    async def ring(self, number: str = MARIA, employee: int = ME) -> CallSessionId:
        """A call rings, and the list shows it."""
        call_session_id = CallSessionId(self.simulator.pbx.ring_in(number, employees=[employee]))
        await self.see(call_session_id, CallState.RINGING)
        return call_session_id

    async def talk(self, number: str = MARIA, employee: int = ME) -> CallSessionId:
        """A call is taken on the phone, and the list shows it."""
        call_session_id = await self.ring(number, employee)
        self.simulator.pbx.answer(call_session_id, employee)
        await self.see(call_session_id, CallState.TALK)
        return call_session_id

    async def see(self, call_session_id: CallSessionId, call_state: CallState) -> None:
        """Wait until the board has the call in that state."""
        self.services.poller.refresh_soon()

        def is_there() -> bool:
            call = self.services.board.call(call_session_id)
            return call is not None and call.call_state is call_state

        await until(is_there, what=f"{call_state.name} of {call_session_id}")
        await until(lambda: self.row_of(call_session_id) is not None, what="row")

    def row_of(self, call_session_id: CallSessionId) -> tuple[str, ...] | None:
        """The cells of a call's row as they are shown."""
        model = self.window.active_calls.model
        position = model.position_of(call_session_id)
        if position < 0:
            return None
        return tuple(str(model.data(model.index(position, int(column)))) for column in CallColumn)

    def has_tag(self, call_session_id: CallSessionId, name: str) -> bool:
        row = self.row_of(call_session_id)
        return row is not None and name in row[CallColumn.TAGS]

    def sent(self, operation: str) -> int:
        """How often the PBX has carried the operation out."""
        return sum(entry.outcome == "ok" for entry in self.simulator.journal.entries_of(operation))

    def is_on(self, action: CallAction) -> bool:
        button = self.window.command_bar.button(action)
        return button.isVisible() and button.is_on

    def press_key(
        self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, on: QWidget | None = None
    ) -> None:
        """A key, wherever the focus is."""
        QTest.keyClick(on or self.focused or self.window, key, modifiers)

    def click(self, action: CallAction) -> None:
        QTest.mouseClick(self.window.command_bar.button(action), Qt.MouseButton.LeftButton)

    async def dialog(self, name: str) -> QDialog:
        """Wait for a dialog and give it."""

        def find() -> QDialog | None:
            dialogs = (dialog for dialog in self.window.findChildren(QDialog, name) if dialog.isVisible())
            return next(dialogs, None)

        await until(find, what=name)
        found = find()
        assert found is not None
        return found


def child(parent: QObject, kind: type[W], name: str) -> W:
    """A named part of a window; it has to be there."""
    found = parent.findChild(kind, name)
    assert found is not None, name
    return found


@asynccontextmanager
async def open_desk() -> AsyncIterator[Desk]:
    """The window as `--demo` has it, with a quiet simulator."""
    scope = TaskScope()
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(open_demo(TOUR_SCENARIO))
        services = await stack.enter_async_context(open_services(world.settings, world.folders, world.secrets))
        window = MainWindow(SystemClock().monotonic, is_demo=True)
        console = AttachedConsole(window, services, scope, HardeningReport({}), is_demo=True)
        window.show()
        window.activateWindow()
        try:
            await until(lambda: services.poller.report.last_success, what="the first look at the calls")
            yield Desk(world.simulator, services, window, console)
        finally:
            await scope.aclose()
            window.may_close = True
            window.close()
            window.deleteLater()
            finish_deletions()
