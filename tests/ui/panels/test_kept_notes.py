"""Notes typed into a call that made no card have a place where they can be read and copied."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.calls import CallSessionId, Direction, EmployeeId, LegId
from app.domain.wrap_up import CallFacts, CardDraft, CardFields
from tests.helpers.waiting import until
from tests.ui.panels.test_call_card_presenter import MARIA, open_desk
from ui.panels.call_card.kept_notes import KeptNotesDialog
from ui.panels.call_card.kept_notes_state import KEPT_FOR, SHOWN_AT_MOST, kept_notes_of

ME, PETER = 2001, 2002
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def draft(place: int, notes: str, started_at: datetime = NOON) -> CardDraft:
    facts = CallFacts(
        card_key=f"card-{place}",
        call_session_id=CallSessionId(place),
        leg_id=LegId(place),
        employee_id=EmployeeId(ME),
        direction=Direction.INBOUND,
        phone_number=MARIA,
        line_number="74951234567",
        started_at=started_at,
    )
    return CardDraft(facts, CardFields(notes=notes))


def test_the_newest_come_first_and_what_is_empty_or_old_is_left_out() -> None:
    hour = timedelta(hours=1)
    drafts = [draft(1, "first", NOON - 2 * hour), draft(2, "second", NOON - hour), draft(3, " \n"), draft(4, "old")]
    drafts[3] = replace(drafts[3], facts=replace(drafts[3].facts, started_at=NOON - KEPT_FOR))
    assert [note.notes for note in kept_notes_of(drafts, NOON)] == ["second", "first"]
    assert kept_notes_of(drafts, NOON)[0].phone_number == "+7 906 219-50-47"
    assert len(kept_notes_of([draft(place, "x") for place in range(300)], NOON)) == SHOWN_AT_MOST


async def test_what_was_typed_before_a_colleague_answered_can_be_read_and_copied(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        services, pbx = desk.world.services, desk.world.simulator.pbx
        line = desk.view.kept_notes
        assert not line.isVisible()
        call_session_id = pbx.ring_in(MARIA, employees=[ME, PETER])
        services.poller.refresh_soon()
        await until(lambda: desk.page is desk.view.editor, what="card opens")
        desk.view.focus_notes()
        QTest.keyClicks(desk.view.editor.notes, "<b>third</b> time today")
        desk.other.setFocus()
        pbx.answer(call_session_id, PETER)
        services.poller.refresh_soon()
        await until(lambda: any(call.was_answered for call in services.board.calls.values()), what="the colleague")
        pbx.hang_up(call_session_id, "contact")
        services.poller.refresh_soon()
        await until(line.isVisible, timeout=10.0, what="the line")
        assert line.count.text() == "Notes without a card: 1"
        assert QApplication.focusWidget() is desk.other
        QTest.mouseClick(line.show_button, Qt.MouseButton.LeftButton)
        QTest.mouseClick(line.show_button, Qt.MouseButton.LeftButton)
        (dialog,) = line.findChildren(KeptNotesDialog)
        assert dialog.text.toPlainText() == "<b>third</b> time today"
        assert dialog.text.isReadOnly()
        assert "+7 906 219-50-47" in dialog.list.item(0).text()
        QTest.keyClick(dialog.copy_button, Qt.Key.Key_Space)
        assert QGuiApplication.clipboard().text() == "<b>third</b> time today"
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        await until(lambda: not line.findChildren(KeptNotesDialog), what="closed")
        assert desk.world.simulator.bitrix24.comments == []
