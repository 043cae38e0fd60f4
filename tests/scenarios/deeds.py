"""Every command as an operator gives it: in which state, by which clicks, and what becomes of the call. No tests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QLineEdit, QPushButton

from app.domain.actions import CallAction
from app.domain.calls import CallState
from app.simulator.pbx.commands import CallCommands
from tests.scenarios.console import COACH_NAME, OUTSIDE_NUMBER, Console

TAG_NAME = "Целевой"
KEYS = "12#"

Clicks = Callable[[Console], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Deed:
    """`ends`: the call's state afterwards, None when it is gone. `prepare` makes the call what the command needs."""

    action: CallAction
    method: str
    begins: CallState
    ends: CallState | None
    clicks: Clicks | None = None
    prepare: Callable[[Console, int], None] | None = None
    requests: int = 1

    async def set_the_scene(self, console: Console) -> int:
        """The call in the state the command needs, with the command's button on."""
        call_session_id = await console.call_in(self.begins)
        if self.prepare is not None:
            self.prepare(console, call_session_id)
            await console.next_polls(2)
        button = console.window.command_bar.button(self.action)
        await console.wait_for(f"{self.action.value} to be on", lambda: button.isVisible() and button.isEnabled())
        return call_session_id

    async def carry_out(self, console: Console) -> None:
        """Give the command by mouse and keyboard."""
        await console.press(self.action)
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
    Deed(CallAction.TAG, "tag.call", TALK, TALK, _first_tag),
    Deed(CallAction.START_RECORDING, "record.call", TALK, TALK),
    Deed(CallAction.STOP_RECORDING, "record.call", TALK, TALK, prepare=_recorded),
    Deed(CallAction.SEND_DTMF, "send.dtmf", TALK, TALK, _keys, requests=len(KEYS)),
    Deed(CallAction.ADD_COACH, "add.coach", TALK, TALK, _own_coach),
    Deed(CallAction.DROP_LEG, "disconnect.leg", TALK, TALK, _coach_leg, _coached),
    Deed(CallAction.END_CALL, "release.call", TALK, None),
)
