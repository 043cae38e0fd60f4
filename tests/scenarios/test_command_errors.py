"""Every error of every command, as the PBX spells it, becomes a sentence in the status line; nothing is sent again."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QPushButton

from app.domain.actions import CallAction
from app.domain.calls import CallSessionId, CallState
from app.simulator.uis_api.methods import METHODS
from app.simulator.uis_api.refusals import COMMON_MNEMONICS
from tests.helpers.guards import ExpectedLog
from tests.scenarios.console import KNOWN_NAME, Console, open_desk
from tests.scenarios.deeds import DEEDS, Deed
from ui.panels.command_bar.view_state import ButtonPhase
from ui.texts.commands import phase_text

SPEED = 25.0
every_command = pytest.mark.parametrize("deed", DEEDS, ids=[deed.action.value for deed in DEEDS])

SENTENCES = {
    "access_token_blocked": "The permanent key is blocked.",
    "access_token_expired": "The permanent key has expired.",
    "access_token_invalid": "The sign-in is not accepted any more.",
    "account_inactive": "account is switched off",
    "auth_error": "Login or password is wrong.",
    "call_session_not_found": "The call is over already.",
    "coach_not_found": "No coach is set for this employee.",
    "component_disabled": "plan lacks a component",
    "duplicate_contact": "blocked already",
    "duplicate_tag": "The call has this tag already.",
    "forbidden": "does not allow this",
    "internal_error": "had an error of its own",
    "invalid_state": "The call has changed meanwhile",
    "ip_not_whitelisted": "address is not allowed",
    "leg_not_found": "This participant has left already.",
    "limit_exceeded": "points are used up",
    "media_file_not_found": "hold message's file is not there",
    "no_active_phone_number": "This number does not exist or is switched off.",
    "record_already_started": "is being recorded already",
    "record_already_stopped": "is not being recorded",
    "tag_not_found": "does not know this tag",
    "talk_option_not_found": "This key has no option any more.",
    "tts_text_exceeded": "hold message is too long",
    # What only a fault of the program can cause is named by its code, for whoever reports it.
    "batch_opreations_not_supported": "batch_operations_not_supported",
    "character_encoding_not_allowed": "character_encoding_not_allowed",
    "data_type_error": "data_type_error",
    "invalid_parameter_value": "invalid_parameter_value",
    "invalid_request": "invalid_request",
    "method_not_found": "method_not_found",
    "notifications_not_supported": "notifications_not_supported",
    "parse_error": "parse_error",
    "required_parameter_missed": "required_parameter_missed",
    "unexpected_parameters": "unexpected_parameters",
}

# Refused twice: the first time the console signs in anew and tries once more by itself.
RENEWED = frozenset({"access_token_invalid", "access_token_expired"})
# What these do to the window outlives the sentence, so they come one by one, and after the others.
WITH_CONSEQUENCES = ("internal_error", "limit_exceeded", "forbidden")


def errors_of(deed: Deed) -> list[str]:
    plain = METHODS[deed.method].errors | COMMON_MNEMONICS
    if deed.action is CallAction.TAG:
        plain -= {"call_session_not_found"}  # the tag is put on the finished call instead, see below
    return [*sorted(plain - set(WITH_CONSEQUENCES)), *(name for name in WITH_CONSEQUENCES if name in plain)]


@every_command
async def test_every_refusal_has_its_sentence(deed: Deed, tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        call_session_id = await deed.set_the_scene(console)
        await console.expect_text("current_call_caller", KNOWN_NAME)
        for mnemonic in errors_of(deed):
            await refused(console, deed, mnemonic)
        assert call_session_id in console.services.board.calls
        assert console.text("current_call_caller") == KNOWN_NAME
        asked = [name for name in errors_of(deed) for _ in range(2 if name in RENEWED else 1)]
        assert console.journal(deed.method) == [f"error:{name}" for name in asked]


async def refused(console: Console, deed: Deed, mnemonic: str) -> None:
    console.hush()
    console.clock.leap(1.5)  # *End call* ignores a second press within a second
    times = 2 if mnemonic in RENEWED else 1
    console.simulator.account.switches.refuse_next(deed.method, mnemonic, times=times)
    phase = ButtonPhase.UNKNOWN if mnemonic == "internal_error" else ButtonPhase.REFUSED
    await deed.carry_out(console)
    await console.says(deed.line(phase), SENTENCES[mnemonic])
    if phase is ButtonPhase.UNKNOWN:
        await console.wait_for(
            "the list to decide", lambda: deed.action not in console.services.call_control.pending(current(console))
        )
    close_dialogs(console)


def current(console: Console) -> CallSessionId:
    (call,) = console.services.board.calls
    return call


def close_dialogs(console: Console) -> None:
    for dialog in console.window.findChildren(QDialog):
        dialog.reject()


async def test_a_sign_in_that_ran_out_is_renewed_without_a_word(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        await console.call_in(CallState.TALK)
        logins = len(console.journal("login.user"))
        console.simulator.account.switches.refuse_next("hold.call", "access_token_invalid")
        await console.press(CallAction.HOLD)
        await console.says(phase_text(CallAction.HOLD, ButtonPhase.CONFIRMED))
        assert console.journal("hold.call") == ["error:access_token_invalid", "ok"]
        assert len(console.journal("login.user")) == logins + 1


async def test_where_recording_is_enforced_the_button_learns_it(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        deed = next(deed for deed in DEEDS if deed.action is CallAction.STOP_RECORDING)
        await deed.set_the_scene(console)
        await refused(console, deed, "forbidden")
        button = console.window.command_bar.button(CallAction.STOP_RECORDING)
        await console.wait_for("the button to be off", lambda: not button.is_on)
        assert "The administrator has all calls of this employee recorded." in button.accessibleDescription()
        assert "The administrator has all calls" in button.toolTip()
        console.hush()
        console.key(Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
        await console.says("Stop recording: The administrator has all calls of this employee recorded.")
        assert len(console.journal("record.call")) == 1


async def test_points_used_up_switch_commands_off_until_there_are_more(
    tmp_path: Path, expected_log: ExpectedLog
) -> None:
    expected_log("the link to the PBX broke: limit_exceeded", optional=True)
    async with open_desk(tmp_path, minute_limit=20, weights={"list.calls": 0}) as console:
        await console.call_in(CallState.TALK)
        console.simulator.account.points.spend(100)
        await console.press(CallAction.HOLD)
        await console.says("Hold: refused.", "points are used up")
        button = console.window.command_bar.button(CallAction.HOLD)
        await console.wait_for("the button to be off", lambda: not button.is_on)
        assert "points are used up; there will be more in" in button.accessibleDescription()
        console.hush()
        console.key(Qt.Key.Key_F8)
        await console.says("End call: The account's points are used up; there will be more in")
        assert console.journal("release.call") == []


async def test_a_tag_for_a_call_that_is_over_already_goes_to_the_finished_call(tmp_path: Path) -> None:
    tag = next(deed for deed in DEEDS if deed.action is CallAction.TAG)
    async with open_desk(tmp_path, speed=SPEED) as console:
        await tag.set_the_scene(console)
        console.simulator.account.switches.refuse_next("tag.call", "call_session_not_found")
        await tag.carry_out(console)
        await console.wait_for("the other way", lambda: console.journal("set.tag_communications"))
        assert console.journal("tag.call") == ["error:call_session_not_found"]
        assert "refused" not in console.message


async def test_errors_that_the_operator_can_cause_by_hand(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        tag = next(deed for deed in DEEDS if deed.action is CallAction.TAG)
        await tag.set_the_scene(console)
        await tag.carry_out(console)
        await console.says(tag.line(ButtonPhase.CONFIRMED))
        await tag.carry_out(console)
        await console.says("Tag “Целевой”: refused. The call has this tag already.")
        await console.press(CallAction.TAG)
        await console.choose("tag_menu", "Other tag…")
        await console.type_into(QLineEdit, "tag_number_field", "999")
        await console.click(QPushButton, "tag_number_go")
        await console.says("Tag: refused. The phone system does not know this tag.")
        await console.press(CallAction.HOLD)
        await console.shows_state(CallState.HOLD)
        await console.press(CallAction.BEGIN_CONSULT)
        await console.type_into(QLineEdit, "number_field", "99")
        await console.click(QPushButton, "number_go")
        await console.says("Consult: refused. This number does not exist or is switched off.")


async def test_what_changed_behind_the_windows_back_is_refused_and_then_shown(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        call_session_id = await console.call_in(CallState.TALK)
        with console.list_held_back() as held:
            await held.wait_held()
            console.simulator.pbx.hang_up(call_session_id, "contact")
            await console.press(CallAction.HOLD)
            await console.says("Hold: refused. The call is over already.")
        await console.wait_for("the row to go", lambda: console.window.active_calls.model.rowCount() == 0)
        assert console.text("current_call_state") == "Ended"
