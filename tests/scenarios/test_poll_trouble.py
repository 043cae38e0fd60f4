"""While the PBX does not answer: nothing vanishes, the window says how old it is, and it recovers by itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from app.domain.actions import CallAction
from app.domain.calls import CallState
from app.simulator.faults import (
    DropBefore,
    Fault,
    GzipBomb,
    HalfReply,
    HtmlPage,
    HttpError,
    HugeBody,
    LoseReply,
    RawReply,
    RefuseConnection,
    ResetMidReply,
    Status200Error,
    WrongLength,
)
from tests.helpers.guards import ExpectedLog
from tests.helpers.waiting import until
from tests.scenarios.console import KNOWN_NAME, Console, open_desk
from ui.models.call_row import CallColumn

SPEED = 4.0
FAULTS: tuple[Fault, ...] = (
    RefuseConnection(),
    DropBefore(),
    LoseReply(),
    ResetMidReply(),
    HalfReply(),
    HttpError(),
    HtmlPage(),
    WrongLength(),
    GzipBomb(),
    HugeBody(),
    Status200Error(),
    RawReply(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull"),
)


def age_in(text: str) -> float | None:
    """Seconds in "what you see is 4.2 s old"."""
    found = re.search(r"what you see is (?:(\d+):)?([\d.]+)(?: s)? old", text)
    return None if found is None else float(found[1] or 0) * 60 + float(found[2])


async def banner_appears(console: Console) -> None:
    await console.wait_for("the banner", lambda: console.is_shown(QWidget, "banner_pbx_down"))


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
async def test_while_polls_fail_the_list_stays_and_tells_its_age(
    fault: Fault, tmp_path: Path, expected_log: ExpectedLog
) -> None:
    expected_log("the link to the PBX broke")
    async with open_desk(tmp_path, speed=SPEED) as console:
        call_session_id = await console.call_in(CallState.TALK)
        operation = None if isinstance(fault, RefuseConnection) else "list.calls"
        console.simulator.faults.add(fault, face="pbx", operation=operation, times=None)
        if isinstance(fault, RefuseConnection):
            console.simulator.set_down("pbx", True)
            console.simulator.set_down("pbx", False)
        await banner_appears(console)
        assert console.text("status_link") == "No connection"
        assert call_session_id in console.services.board.calls
        await console.expect_row(KNOWN_NAME, CallColumn.STATE, "Talking")
        first = age_in(console.text("banner_pbx_down_text"))
        assert first is not None
        await console.wait_for(
            "the age to grow", lambda: (age_in(console.text("banner_pbx_down_text")) or 0) > first + SPEED / 2
        )
        assert "seen " in console.text("status_age")
        console.simulator.faults.clear()
        console.refresh()
        await console.wait_for("the recovery", lambda: not console.is_shown(QWidget, "banner_pbx_down"))
        assert console.text("status_link") == "Connected"


async def test_the_window_works_through_a_black_out_and_shows_what_happened_meanwhile(
    tmp_path: Path, expected_log: ExpectedLog
) -> None:
    expected_log("the link to the PBX broke")
    async with open_desk(tmp_path, speed=SPEED) as console:
        call_session_id = await console.call_in(CallState.TALK)
        console.simulator.set_down("pbx", True)
        await console.expect_text("status_link", "No answer")
        await banner_appears(console)
        # A command is not forbidden: it says what became of it, and what it says is true.
        await console.press(CallAction.HOLD)
        await console.says("Hold: not sent. No connection to the server.")
        console.key(Qt.Key.Key_F4, Qt.KeyboardModifier.ShiftModifier)
        await console.says("Transfer now: Call a colleague first (F5).")
        console.simulator.pbx.hang_up(call_session_id, "contact")
        other = console.simulator.pbx.ring_in("79161973069", employees=[console.me])
        await console.expect_row(KNOWN_NAME, CallColumn.STATE, "Talking")
        console.simulator.set_down("pbx", False)
        console.refresh()
        await console.expect_row("Ольга Николаевна Зимина", CallColumn.STATE, "Ringing")
        await console.expect_no_row(KNOWN_NAME)
        assert other in console.services.board.calls
        assert console.text("status_link") == "Connected"
        assert console.journal("hold.call") == []


async def test_retry_in_the_banner_asks_at_once_instead_of_at_the_next_turn(
    tmp_path: Path, expected_log: ExpectedLog
) -> None:
    expected_log("the link to the PBX broke")
    async with open_desk(tmp_path) as console:
        poller, journal = console.services.poller, console.simulator.journal
        console.simulator.faults.add(HttpError(), operation="list.calls", times=None)
        await banner_appears(console)
        await console.wait_for("a long wait", lambda: poller.report.polls_failed_in_row >= 4)
        asked = len(journal.entries_of("list.calls"))
        await console.click(QPushButton, "banner_pbx_down_button")
        # By itself it would not ask for another four seconds.
        await until(lambda: len(journal.entries_of("list.calls")) > asked, timeout=1.0, what="the poll asked for")


async def test_one_failed_poll_is_no_alarm(tmp_path: Path, expected_log: ExpectedLog) -> None:
    expected_log("the link to the PBX broke")
    async with open_desk(tmp_path) as console:
        await console.call_in(CallState.TALK)
        console.simulator.faults.add(HttpError(), operation="list.calls")
        await console.expect_text("status_link", "No answer")
        assert not console.is_shown(QWidget, "banner_pbx_down")
        await console.expect_text("status_link", "Connected")
        assert console.text("current_call_state") == "Talking"


async def test_before_the_first_list_every_control_says_that_the_pbx_has_not_answered(
    tmp_path: Path, expected_log: ExpectedLog
) -> None:
    expected_log("the link to the PBX broke")
    async with open_desk(tmp_path, speed=SPEED) as console:
        await console.call_in(CallState.TALK)
        await console.expect_text("current_call_caller", KNOWN_NAME)
        console.simulator.account.switches.refuse_next("list.calls", "auth_error", times=10)
        await console.wait_for("the banner", lambda: console.is_shown(QWidget, "banner_sign_in"))
        assert "Not signed in" in console.text("banner_sign_in_text")
        assert "Login or password is wrong." in console.text("banner_sign_in_text")
        for action in CallAction:
            button = console.window.command_bar.button(action)
            if button.isVisible():
                assert not button.isEnabled(), action
                assert "Sign in first (Ctrl+,)." in button.accessibleDescription()
                assert "Sign in first" in button.toolTip()
        console.key(Qt.Key.Key_F7)
        await console.says("Hold: Sign in first (Ctrl+,).")
        assert console.text("current_call_caller") == KNOWN_NAME
        await console.click(QPushButton, "banner_sign_in_button")
        await console.widget(QWidget, "connect_dialog")
        await console.click(QPushButton, "connect_cancel")


async def test_without_a_call_every_control_says_so(tmp_path: Path) -> None:
    async with open_desk(tmp_path, speed=SPEED) as console:
        for key, words in ((Qt.Key.Key_F7, "Hold"), (Qt.Key.Key_F8, "End call"), (Qt.Key.Key_F12, "Coach…")):
            console.key(key)
            await console.says(f"{words}: No call is chosen.")
        assert [entry for entry in console.simulator.journal.entries if entry.operation.endswith(".call")] == []


async def test_points_that_run_low_slow_the_polls_down_and_the_window_says_so(tmp_path: Path) -> None:
    # The day's points: a minute's would last at the end of a minute, whenever this test happens to run.
    async with open_desk(tmp_path, minute_limit=60, day_limit=200, weights={"list.calls": 1}) as console:
        points = await console.widget(QPushButton, "status_points")
        shown = ("/60 per minute", "reduced refresh: every")
        await console.wait_for("scarce points", lambda: all(part in points.text() for part in shown))
        assert console.text("status_link") == "Connected"


@pytest.mark.parametrize(
    ("mnemonic", "params", "words"),
    [
        ("ip_not_whitelisted", {"ip": "203.0.113.7"}, "does not let the calls be listed"),
        ("component_disabled", {"component_name": "x"}, "has no list of calls"),
    ],
)
async def test_a_refusal_is_told_alike_above_and_in_the_empty_list_and_refresh_now_ends_it(
    mnemonic: str, params: dict[str, object], words: str, tmp_path: Path, expected_log: ExpectedLog
) -> None:
    expected_log("the link to the PBX broke")
    async with open_desk(tmp_path) as console:
        empty = console.window.active_calls.empty_note
        console.simulator.account.switches.refuse_next("list.calls", mnemonic, params, times=1_000)
        await console.wait_for("the banner", lambda: console.is_shown(QWidget, "banner_account"))
        await console.wait_for("the same in the list", lambda: words in empty.text())
        console.simulator.account.switches.refusals.clear()
        console.key(Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier)
        # By itself it would not ask for half a minute or more.
        await until(lambda: not console.is_shown(QWidget, "banner_account"), timeout=3.0, what="the look asked for")
        assert empty.text() == "No calls right now."


async def test_used_up_points_are_told_alike_above_and_in_the_empty_list(
    tmp_path: Path, expected_log: ExpectedLog
) -> None:
    expected_log("the link to the PBX broke")
    async with open_desk(tmp_path) as console:
        used_up = {"limit_type": "day", "limit_max_value": 750}
        console.simulator.account.switches.refuse_next("list.calls", "limit_exceeded", used_up, times=1_000)
        await console.wait_for("the banner", lambda: console.is_shown(QWidget, "banner_points"))
        assert "points are used up" in console.text("banner_points_text")
        note = console.window.active_calls.empty_note
        await console.wait_for("the same in the list", lambda: "points are used up" in note.text())
