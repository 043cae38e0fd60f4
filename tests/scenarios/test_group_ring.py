"""A group rings at several consoles: who gets the card, and that Bitrix24 hears of the call once."""

from __future__ import annotations

import asyncio
import operator
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QPushButton

from app.domain.actions import CallAction
from app.domain.calls import CallState
from app.domain.wrap_up import CardDraft
from app.simulator.runner import Simulator
from tests.scenarios.console import COLLEAGUE, KNOWN_NAME, KNOWN_NUMBER, Console, open_console, open_simulator

SPEED = 5.0
ME = 2001


@asynccontextmanager
async def two_desks(tmp_path: Path) -> AsyncIterator[tuple[Simulator, Console, Console]]:
    async with (
        open_simulator() as simulator,
        open_console(simulator, tmp_path / "mine", employee_id=ME, speed=SPEED) as mine,
        open_console(simulator, tmp_path / "theirs", employee_id=COLLEAGUE, speed=SPEED) as theirs,
    ):
        yield simulator, mine, theirs


async def ring_at_both(simulator: Simulator, mine: Console, theirs: Console) -> int:
    """The card is open at both consoles."""
    call_session_id = simulator.pbx.ring_in(KNOWN_NUMBER, employees=[ME, COLLEAGUE])
    for console in (mine, theirs):
        console.refresh()
        await console.expect_text("card_caller", KNOWN_NAME)
        await console.widget(QPlainTextEdit, "card_notes")
    return call_session_id


async def over(*consoles: Console) -> None:
    for console in consoles:
        live = console.services.board.calls
        await console.wait_for("the end of the call", partial(operator.not_, live))


async def kept_drafts(console: Console) -> tuple[CardDraft, ...]:
    """What was typed into cards nobody was due, once it is on the disk."""
    due_s = console.clock.monotonic() + 10
    while not (kept := await console.services.wrap_up.kept_drafts()):
        assert console.clock.monotonic() < due_s, "nothing was kept"
        await asyncio.sleep(0.01)
    return kept


async def test_who_did_not_answer_keeps_no_card_but_keeps_what_was_typed(tmp_path: Path) -> None:
    async with two_desks(tmp_path) as (simulator, mine, theirs):
        call_session_id = await ring_at_both(simulator, mine, theirs)
        await mine.type_into(QPlainTextEdit, "card_notes", "звонит третий раз")
        simulator.pbx.answer(call_session_id, COLLEAGUE)
        theirs.refresh()
        await theirs.shows_state(CallState.TALK)
        await mine.next_polls(2)
        simulator.pbx.hang_up(call_session_id, "contact")
        await over(mine, theirs)
        await mine.wait_for("no card here", lambda: not mine.services.wrap_up.cards)
        await mine.wait_for("the empty panel", lambda: mine.text("card_empty"))
        (kept,) = await kept_drafts(mine)
        assert kept.fields.notes == "звонит третий раз"
        await theirs.click(QPushButton, "save_card")
        await theirs.expect_text("receipt_headline", "Saved. Sent to Bitrix24.")
        (row,) = simulator.bitrix24.statistics
        assert row.failed_code == "200"


async def test_a_call_nobody_takes_leaves_one_card_at_the_console_with_the_smallest_leg(tmp_path: Path) -> None:
    async with two_desks(tmp_path) as (simulator, mine, theirs):
        call_session_id = await ring_at_both(simulator, mine, theirs)
        call = simulator.pbx.call(call_session_id)
        legs = {employee: leg.leg_id for employee in (ME, COLLEAGUE) if (leg := call.leg_of_employee(employee))}
        simulator.pbx.hang_up(call_session_id, "contact")
        await over(mine, theirs)
        writer, other = (mine, theirs) if legs[ME] < legs[COLLEAGUE] else (theirs, mine)
        await other.wait_for("no card there", lambda: not other.services.wrap_up.cards)
        await writer.click(QPushButton, "save_card")
        await writer.expect_text("receipt_headline", "Saved. Sent to Bitrix24.")
        (row,) = simulator.bitrix24.statistics
        assert (row.failed_code, row.duration_s) == ("304", 0)
        assert row.external_call_id == f"pult-127.0.0.1-{call_session_id}-{min(legs.values())}"


async def test_after_a_transfer_each_of_the_two_writes_the_own_part(tmp_path: Path) -> None:
    async with two_desks(tmp_path) as (simulator, mine, theirs):
        await mine.call_in(CallState.HOLD)
        call_session_id = next(iter(mine.services.board.calls))
        await mine.press(CallAction.BEGIN_CONSULT)
        await mine.type_into(QLineEdit, "number_field", "102")
        await mine.click(QPushButton, "number_go")
        await mine.shows_state(CallState.CONSULT_RINGING)
        simulator.pbx.colleague_answers(call_session_id)
        mine.refresh()
        await mine.press(CallAction.COMPLETE_TRANSFER)
        await mine.click(QPushButton, "save_card")
        await mine.expect_text("receipt_headline", "Saved. Sent to Bitrix24.")
        theirs.refresh()
        await theirs.shows_state(CallState.TALK)
        simulator.pbx.hang_up(call_session_id, "contact")
        await over(theirs)
        await theirs.click(QPushButton, "save_card")
        await theirs.expect_text("receipt_headline", "Saved. Sent to Bitrix24.")
        keys = {row.external_call_id for row in simulator.bitrix24.statistics}
        assert len(keys) == len(simulator.bitrix24.statistics) == 2
        assert simulator.bitrix24.duplicates() == []


async def test_what_one_operator_does_the_other_sees_and_may_not_do_unasked(tmp_path: Path) -> None:
    async with two_desks(tmp_path) as (simulator, mine, theirs):
        call_session_id = await mine.call_in(CallState.TALK)
        await mine.press(CallAction.HOLD)
        await mine.shows_state(CallState.HOLD)
        await theirs.wait_for("the call there", lambda: call_session_id in theirs.services.board.calls)
        await theirs.choose_call(call_session_id)
        await theirs.shows_state(CallState.HOLD)
        await theirs.press(CallAction.END_CALL)
        await theirs.click(QPushButton, "cancel_button")
        await theirs.next_polls(2)
        assert simulator.journal.entries_of("release.call") == []
        assert theirs.text("card_empty"), "a colleague's call opens no card here"
