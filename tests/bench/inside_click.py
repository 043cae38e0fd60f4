"""A mouse click on Hold or Retrieve in the real window until the PBX's answer is there. See bench_click."""

from __future__ import annotations

import asyncio
import json
import sys
import time

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from app.domain.actions import CallAction
from app.services.command_report import CommandPhase, CommandReport
from tests.bench.console import Console, open_console, run_console, turn
from tests.bench.reference_click import PAUSE_S

_TIMEOUT_S = 5.0


def click(button: QWidget) -> None:
    """Post what Qt gets from the screen when a person clicks."""
    middle = QPointF(button.rect().center())
    for kind, pressed in (
        (QEvent.Type.MouseButtonPress, Qt.MouseButton.LeftButton),
        (QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton),
    ):
        event = QMouseEvent(
            kind,
            middle,
            QPointF(button.mapToGlobal(middle.toPoint())),
            Qt.MouseButton.LeftButton,
            pressed,
            Qt.KeyboardModifier.NoModifier,
        )
        QCoreApplication.postEvent(button, event)


async def command_ms(console: Console, action: CallAction) -> float:
    """One command by its button; returns when the list has confirmed it, gives the time until it was accepted."""
    loop = asyncio.get_running_loop()
    accepted: asyncio.Future[float] = loop.create_future()
    confirmed: asyncio.Future[None] = loop.create_future()

    def hear(report: CommandReport) -> None:
        if report.phase is CommandPhase.ACCEPTED:
            accepted.set_result(time.perf_counter())
        elif report.phase is CommandPhase.CONFIRMED:
            confirmed.set_result(None)
        elif report.phase is not CommandPhase.SENDING:
            accepted.set_exception(RuntimeError(f"{action} ended as {report.phase}: {report.error}"))

    listening = console.services.call_control.reports.subscribe(hear)
    button = console.window.command_bar.button(action)
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            while not (button.isVisible() and button.isEnabled()):
                await turn(after_ms=10)
            began_s = time.perf_counter()
            click(button)
            ended_s = await accepted
            await confirmed
    finally:
        listening.cancel()
    return (ended_s - began_s) * 1000


async def bench() -> dict[str, object]:
    arguments = json.loads(sys.argv[1])
    async with open_console(arguments["url"]) as console:
        await console.poll()
        samples = []
        for number in range(arguments["clicks"]):
            action = CallAction.RETRIEVE if number % 2 else CallAction.HOLD
            samples.append(await command_ms(console, action))
            await asyncio.sleep(PAUSE_S)
    return {"samples": samples}


def main() -> None:
    run_console(bench)
