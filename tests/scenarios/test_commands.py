"""Each command of the window, from the click over its three phases to what the phones do."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.domain.actions import CallAction
from app.domain.calls import CallState
from app.simulator.faults import DropBefore, HoldUntilReleased, LoseReply
from tests.scenarios.console import Console, open_desk
from tests.scenarios.deeds import DEEDS, Deed
from ui.panels.command_bar.view_state import SLOTS, ButtonPhase
from ui.texts.calls import state_text
from ui.texts.commands import phase_text

SPEED = 10.0
# What the list does not show is confirmed as soon as it was accepted.
UNSEEN = (CallAction.SEND_DTMF, CallAction.BLOCK_CALLER)
FOLLOWED = [deed for deed in DEEDS if deed.action not in UNSEEN]
every_followed = pytest.mark.parametrize("deed", FOLLOWED, ids=[deed.action.value for deed in FOLLOWED])


def phase_in_the_place_of(console: Console, deed: Deed) -> set[str]:
    """What the visible buttons show where the command's own button stands."""
    if deed.phone_key:
        return {str(deed.button(console).property("phase"))}
    slot = next(slot for slot in SLOTS if deed.action in slot)
    return {console.phase_of(other) for other in slot if console.window.command_bar.button(other).isVisible()}


@every_followed
async def test_a_command_is_sending_then_accepted_then_confirmed_by_the_list(deed: Deed, tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        call_session_id = await deed.set_the_scene(console)
        state_before = console.text("current_call_state")
        request = console.simulator.faults.add(HoldUntilReleased(before_effect=True), operation=deed.method)
        with console.list_held_back():
            await deed.carry_out(console)
            await console.says(deed.line(ButtonPhase.SENDING))
            assert deed.button(console).property("phase") == "sending"
            description = deed.button(console).accessibleDescription()
            assert "sending…" in description
            request.release()
            await console.says(deed.line(ButtonPhase.ACCEPTED))
            assert deed.button(console).property("phase") == "accepted"
            assert console.text("current_call_state") == state_before, "only the list may change what is shown"
        await console.says(deed.line(ButtonPhase.CONFIRMED))
        assert phase_in_the_place_of(console, deed) <= {"confirmed"}
        assert console.journal(deed.method) == ["ok"] * deed.requests
        await ends_as_it_should(console, deed, call_session_id)


async def ends_as_it_should(console: Console, deed: Deed, call_session_id: int) -> None:
    if deed.ends is None:
        await console.wait_for("the row to go", lambda: console.window.active_calls.model.rowCount() == 0)
        assert console.simulator.pbx.call(call_session_id).finish_reason == "released"
    else:
        await console.expect_text("current_call_state", state_text(deed.ends))


async def test_keys_are_sent_one_by_one_and_their_progress_is_told(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        deed = next(deed for deed in DEEDS if deed.action is CallAction.SEND_DTMF)
        call_session_id = await deed.set_the_scene(console)
        third = console.simulator.faults.add(HoldUntilReleased(), operation="send.dtmf", after=2)
        await deed.carry_out(console)
        await console.expect_text("keypad_progress", "2 of 3 sent")
        assert deed.button(console).property("phase") == "sending"
        third.release()
        await console.says(deed.line(ButtonPhase.CONFIRMED))
        assert console.text("keypad_progress") == "3 of 3 sent"
        assert console.simulator.pbx.call(call_session_id).dtmf == "12#"
        assert console.journal("send.dtmf") == ["ok"] * 3


@every_followed
async def test_an_accepted_command_that_the_list_never_shows_is_not_called_confirmed(
    deed: Deed, tmp_path: Path
) -> None:
    async with open_desk(tmp_path, speed=SPEED, command_latency_s=60.0) as console:
        await deed.set_the_scene(console)
        await deed.carry_out(console)
        await console.says(deed.line(ButtonPhase.NOT_VISIBLE))
        assert console.text("current_call_state") == state_text(deed.begins)
        assert console.journal(deed.method) == ["ok"]


@every_followed
async def test_a_lost_answer_is_resolved_by_the_list_and_never_by_sending_again(deed: Deed, tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        call_session_id = await deed.set_the_scene(console)
        console.simulator.faults.add(LoseReply(), operation=deed.method)
        with console.list_held_back():
            await deed.carry_out(console)
            await console.says(deed.line(ButtonPhase.UNKNOWN))
            assert deed.button(console).property("phase") == "unknown"
        await console.says(deed.line(ButtonPhase.CONFIRMED))
        assert len(console.journal(deed.method)) == 1
        await ends_as_it_should(console, deed, call_session_id)


async def test_a_command_that_never_reached_the_pbx_is_told_from_one_that_did(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        await console.call_in(CallState.TALK)
        console.simulator.faults.add(DropBefore(), operation="hold.call")
        await console.press(CallAction.HOLD)
        await console.says(phase_text(CallAction.HOLD, ButtonPhase.NEVER_KNOWN))
        assert "accepted" not in console.message
        assert "accepted" not in console.window.command_bar.button(CallAction.HOLD).accessibleDescription()
        assert console.text("current_call_state") == state_text(CallState.TALK)
        await console.press(CallAction.HOLD)
        await console.says(phase_text(CallAction.HOLD, ButtonPhase.CONFIRMED))
        assert len(console.journal("hold.call")) == 2


async def test_while_a_command_is_under_way_the_others_of_its_kind_say_so(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        await console.call_in(CallState.TALK)
        request = console.simulator.faults.add(HoldUntilReleased(before_effect=True), operation="hold.call")
        await console.press(CallAction.HOLD)
        await console.says("Hold: sending…")
        await request.wait_held()
        console.key(Qt.Key.Key_F7)
        await console.says("Hold: “Hold” is on its way to the phone system.")
        request.release()
        await console.shows_state(CallState.HOLD)
        assert len(console.journal("hold.call")) == 1


async def test_a_second_press_of_end_within_a_second_sends_nothing(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as console:
        first = await console.call_in(CallState.TALK)
        with console.list_held_back():
            await console.press(CallAction.END_CALL)
            await console.says("End call: accepted")
            console.key(Qt.Key.Key_F8)
            console.key(Qt.Key.Key_F8)
        await console.wait_for("the call to go", lambda: first not in console.services.board.calls)
        assert console.journal("release.call") == ["ok"]
