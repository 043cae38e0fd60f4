"""The real window on real services against one simulator, with the hands and eyes of the person at it. No tests."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.bootstrap import Services, open_services
from app.clock import SystemClock
from app.database import Connect, connect_sqlite
from app.domain.actions import CallAction
from app.domain.calls import CallState
from app.hardening import HardeningReport
from app.paths import find_folders
from app.simulator.config import SimulatorConfig
from app.simulator.faults import FaultRule, HoldUntilReleased
from app.simulator.pbx.commands import CallCommands
from app.simulator.runner import Simulator
from tests.helpers.services import ME, secrets_for
from tests.helpers.waiting import until
from ui import demo, errors
from ui.attached import AttachedConsole
from ui.tasks import TaskScope
from ui.texts.calls import state_text
from ui.theme import theme
from ui.tour.stage import Stage, StepDiffers, words_of
from ui.windows.main_window import MainWindow

KNOWN_NUMBER, KNOWN_NAME = "79062195047", "Мария Ивановна Котова"
OTHER_NUMBER, OTHER_NAME = "79347712782", "Сергей Валерьевич Дроздов"
UNKNOWN_NUMBER, UNKNOWN_SHOWN = "79995550142", "+7 999 555-01-42"
OUTSIDE_NUMBER = "79876543210"
"""Rings until the test answers."""
MY_NAME, COLLEAGUE, COLLEAGUE_NAME = "Орлова Марина Сергеевна", 2002, "Гусев Пётр Ильич"
COACH_NAME = "Ершов Глеб Андреевич"
PATIENCE_S = 10.0

W = TypeVar("W", bound=QWidget)


class HurriedClock(SystemClock):
    """The console's time, some times faster than the machine's, so that nobody waits for it. `leap` skips a while."""

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed
        self._began_s = super().monotonic()
        self._leapt_s = 0.0

    def monotonic(self) -> float:
        return self._began_s + (super().monotonic() - self._began_s) * self._speed + self._leapt_s

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds / self._speed)

    def leap(self, seconds: float) -> None:
        self._leapt_s += seconds


class Console(Stage):
    """One operator's window. What is shown is looked for in this window and its dialogs only."""

    def __init__(
        self, window: MainWindow, services: Services, simulator: Simulator, folder: Path, clock: HurriedClock
    ) -> None:
        super().__init__(window, services, simulator, folder)
        self.clock = clock

    @property
    def me(self) -> int:
        return self.services.settings.pbx.employee_id or 0

    @property
    def message(self) -> str:
        """What the status line says on the left."""
        return self.window.status_line.message.text()

    def find(self, kind: type[W], name: str) -> W:
        for widget in self.window.findChildren(kind, name):
            if widget.isVisible():
                return widget
        raise StepDiffers(f"no {kind.__name__} named {name} is shown")

    def is_shown(self, kind: type[QWidget], name: str) -> bool:
        return self._is_shown(kind, name)

    def text(self, name: str) -> str:
        """A label's or a button's text; empty when it is not shown."""
        return words_of(self, name)

    async def wait_for(self, what: str, is_so: Callable[[], object]) -> None:
        await until(is_so, PATIENCE_S, what=f"{what} (the status line says {self.message!r})")

    async def says(self, *parts: str) -> None:
        """The status line says all this."""
        await self.wait_for(" … ".join(parts), lambda: all(part in self.message for part in parts))

    def hush(self) -> None:
        """Take away what the status line says, so that the same sentence can be seen to come again."""
        self.window.status_line.say("")

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key wherever the cursor is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    async def next_polls(self, count: int = 1) -> None:
        """Until the console has looked at the PBX that often from now on."""
        seen: list[object] = []
        listening = self.services.poller.polls_done.subscribe(seen.append)
        try:
            for wanted in range(1, count + 1):
                self.refresh()
                await self.wait_for(f"poll {wanted}", partial(_has_length, seen, wanted))
        finally:
            listening.cancel()

    async def call_in(self, call_state: CallState, *, employee: int | None = None, contact: str = KNOWN_NUMBER) -> int:
        """A call brought about by the phones alone, and shown as the current one when it is mine."""
        employee_id = self.me if employee is None else employee
        call_session_id = make_call(self.simulator, call_state, employee_id, contact)
        self.refresh()
        await self.wait_for("the call in the list", lambda: call_session_id in self.services.board.calls)
        if employee_id == self.me:
            await self.shows_state(call_state)
        return call_session_id

    async def shows_state(self, call_state: CallState) -> None:
        """The current call is in that state."""
        await self.expect_text("current_call_state", state_text(call_state))

    async def choose_call(self, call_session_id: int) -> None:
        """Click the call's row once it is shown: the board has a call a turn of the loop earlier."""
        await self.wait_for("the call's row", lambda: call_session_id in self._shown_calls())
        table = self.window.active_calls.table
        row = self._shown_calls().index(call_session_id)
        place = table.visualRect(table.model().index(row, 2)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def _shown_calls(self) -> list[int]:
        return [shown.call_session_id for shown in self.window.active_calls.model.rows]

    def phase_of(self, action: CallAction) -> str:
        """The phase on a command's button."""
        return str(self.window.command_bar.button(action).property("phase"))

    def journal(self, operation: str) -> list[str]:
        """How the simulator answered the requests of one method, oldest first."""
        return [entry.outcome for entry in self.simulator.journal.entries_of(operation)]

    @contextmanager
    def list_held_back(self) -> Iterator[FaultRule]:
        """No poll gets its answer until the block ends."""
        rule = self.simulator.faults.add(HoldUntilReleased(), operation="list.calls", times=None)
        try:
            yield rule
        finally:
            rule.release()


def _has_length(things: Sequence[object], wanted: int) -> bool:
    return len(things) >= wanted


def make_call(simulator: Simulator, call_state: CallState, employee: int, contact: str = KNOWN_NUMBER) -> int:
    """A call in that state, without any request."""
    pbx = simulator.pbx
    call_session_id = pbx.ring_in(contact, employees=[employee])
    if call_state is CallState.RINGING:
        return call_session_id
    pbx.answer(call_session_id, employee)
    commands, call = CallCommands(pbx), pbx.call(call_session_id)
    if call_state is CallState.TALK:
        return call_session_id
    commands.hold(call, ("tts", "Минуту"))
    if call_state in (CallState.CONSULT_RINGING, CallState.CONSULT):
        commands.call_third_party(call, OUTSIDE_NUMBER, None)
    if call_state is CallState.CONSULT:
        pbx.colleague_answers(call_session_id)
    return call_session_id


@asynccontextmanager
async def open_simulator(**chosen: Any) -> AsyncIterator[Simulator]:
    """An office at rest; `chosen` are fields of SimulatorConfig."""
    async with Simulator(SimulatorConfig(scenario="tour", **chosen)) as simulator:
        yield simulator


@asynccontextmanager
async def open_console(
    simulator: Simulator,
    data_dir: Path,
    *,
    employee_id: int | None = ME,
    speed: float = 1.0,
    connect: Connect = connect_sqlite,
    wrap_up_s: int = 0,
) -> AsyncIterator[Console]:
    """The window as ui/main.py has it running, connected and with its first list of calls. Cards stay open for as long
    as the test likes, unless it wants a time."""
    clock = HurriedClock(speed)
    theme.install(_application())
    window = MainWindow(clock.monotonic)
    folders = find_folders(data_dir=data_dir)
    folders.create()
    settings = demo.settings_for(simulator)
    pbx = msgspec.structs.replace(settings.pbx, employee_id=employee_id)
    card = msgspec.structs.replace(settings.card, wrap_up_s=wrap_up_s)
    # A card with a recording waits for it, and whether a short talk has one is a matter of luck.
    bitrix24 = msgspec.structs.replace(settings.bitrix24, recording="off")
    settings = msgspec.structs.replace(settings, pbx=pbx, card=card, bitrix24=bitrix24)
    scope = TaskScope()
    secrets = secrets_for(simulator, folders.data_dir)
    window.show()
    window.activateWindow()
    window.second_tick.start()
    with _errors_reported():
        try:
            async with open_services(settings, folders, secrets, clock=clock, connect=connect) as services:
                AttachedConsole(window, services, scope, HardeningReport({}), is_demo=False)
                console = Console(window, services, simulator, data_dir, clock)
                await console.wait_for("the first list", lambda: services.poller.report.last_success is not None)
                yield console
                await scope.aclose()
        finally:
            await scope.aclose()
            await secrets.aclose()
            window.second_tick.stop()
            window.may_close = True
            window.close()
            window.deleteLater()


@asynccontextmanager
async def open_desk(data_dir: Path, *, speed: float = 1.0, **chosen: Any) -> AsyncIterator[Console]:
    """A quiet office with one console in it."""
    async with open_simulator(**chosen) as simulator, open_console(simulator, data_dir, speed=speed) as console:
        yield console


@contextmanager
def _errors_reported() -> Iterator[None]:
    """An error in a slot reaches the log, and so fails the test."""
    before = sys.excepthook
    errors.desk.forget()
    errors.install_excepthook()
    try:
        yield
    finally:
        sys.excepthook = before
        errors.desk.forget()


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return application
