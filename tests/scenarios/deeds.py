"""Every command as an operator gives it: in which state, by which clicks, and what becomes of the call. No tests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton

from app.domain.actions import CallAction
from app.domain.calls import CallState
from app.simulator.pbx.commands import CallCommands
from tests.scenarios.console import COACH_NAME, OUTSIDE_NUMBER, Console
from ui.panels.command_bar.view_state import ButtonPhase
from ui.texts.commands import phase_text
from ui.widgets.reason_button import ReasonButton

TAG_NAME = "Целевой"
RECORDER_KEY, RECORDER_NAME = "2", "Диктофон"
KEYS = "12#"

Clicks = Callable[[Console], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Deed:
    """`ends`: the call's state afterwards, None when it is gone. `prepare` makes the call what the command needs.

    `name`: what the sentences begin with, when it is not the command's own name; `confirms`: asked about even for my
    own call; `phone_key`: of a talk option.
    """

    action: CallAction
    method: str
    begins: CallState
    ends: CallState | None
    clicks: Clicks | None = None
    prepare: Callable[[Console, int], None] | None = None
    requests: int = 1
    name: str = ""
    confirms: bool = False
    phone_key: str = ""

    def button(self, console: Console) -> ReasonButton:
        """Where the command is given."""
        if not self.phone_key:
            return console.window.command_bar.button(self.action)
        button = console.window.talk_options.button(self.phone_key)
        assert button is not None
        return button

    def line(self, phase: ButtonPhase) -> str:
        """What the status line says of that phase."""
        return phase_text(self.action, phase, name=self.name)

    async def press(self, console: Console) -> None:
        """Click the button once it is on."""
        await self.is_on(console)
        QTest.mouseClick(self.button(console), Qt.MouseButton.LeftButton)

    async def is_on(self, console: Console) -> None:
        """Until it can be clicked."""
        if self.phone_key:
            await console.wait_for("the talk options", lambda: console.window.talk_options.button(self.phone_key))
        button = self.button(console)
        await console.wait_for(f"{self.action.value} to be on", lambda: button.isVisible() and button.isEnabled())

    async def set_the_scene(self, console: Console) -> int:
        """The call in the state the command needs, with the command's button on."""
        call_session_id = await console.call_in(self.begins)
        if self.prepare is not None:
            self.prepare(console, call_session_id)
            await console.next_polls(2)
        await self.is_on(console)
        return call_session_id

    async def carry_out(self, console: Console) -> None:
        """Give the command by mouse and keyboard."""
        await self.press(console)
        if self.confirms:
            await console.click(QPushButton, "confirm_button")
        if self.clicks is not None:
            await self.clicks(console)


async def _consult(console: Console) -> None:
    await console.type_into(QLineEdit, "number_field", OUTSIDE_NUMBER)
    await console.click(QPushButton, "number_go")


async def _own_coach(console: Console) -> None:
    await console.click(QPushButton, "number_go")


async def _first_tag(console: Console) -> None:
    await console.choose("tag_menu", TAG_NAME)


async def _keys(console: Console) -> None:
    await console.type_into(QLineEdit, "keypad_sequence", KEYS)
    await console.click(QPushButton, "keypad_send")


async def _coach_leg(console: Console) -> None:
    await console.choose("leg_menu", COACH_NAME)


def _recorded(console: Console, call_session_id: int) -> None:
    CallCommands(console.simulator.pbx).set_recording(console.simulator.pbx.call(call_session_id), is_on=True)


def _coached(console: Console, call_session_id: int) -> None:
    pbx = console.simulator.pbx
    CallCommands(pbx).add_coach(pbx.call(call_session_id), None)
    pbx.coach_answers(call_session_id)


TALK, HOLD = CallState.TALK, CallState.HOLD
DEEDS = (
    Deed(CallAction.HOLD, "hold.call", TALK, HOLD),
    Deed(CallAction.RETRIEVE, "unhold.call", HOLD, TALK),
    Deed(CallAction.BEGIN_CONSULT, "make.call", HOLD, CallState.CONSULT_RINGING, _consult),
    Deed(CallAction.COMPLETE_TRANSFER, "transfer.talk", CallState.CONSULT, TALK),
    Deed(CallAction.TRANSFER_BLIND, "transfer.talk", CallState.CONSULT_RINGING, CallState.TRANSFER_PENDING),
    Deed(CallAction.CANCEL_CONSULT, "restore.talk", CallState.CONSULT, TALK),
    Deed(CallAction.TAG, "tag.call", TALK, TALK, _first_tag, name=f"Tag “{TAG_NAME}”"),
    Deed(CallAction.START_RECORDING, "record.call", TALK, TALK),
    Deed(CallAction.STOP_RECORDING, "record.call", TALK, TALK, prepare=_recorded),
    Deed(CallAction.SEND_DTMF, "send.dtmf", TALK, TALK, _keys, requests=len(KEYS)),
    Deed(CallAction.ADD_COACH, "add.coach", TALK, TALK, _own_coach),
    Deed(CallAction.DROP_LEG, "disconnect.leg", TALK, TALK, _coach_leg, _coached),
    Deed(CallAction.BLOCK_CALLER, "block.contact", TALK, TALK, confirms=True),
    Deed(CallAction.USE_TALK_OPTION, "call.talk_option", TALK, TALK, name=RECORDER_NAME, phone_key=RECORDER_KEY),
    Deed(CallAction.END_CALL, "release.call", TALK, None),
)
