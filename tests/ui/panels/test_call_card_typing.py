"""What is typed lands in the card it was meant for and nowhere else, whatever happens to the calls meanwhile."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from tests.helpers.waiting import until
from tests.ui.panels.card_window import FINISHED, LIVE, Window, card_window, child
from tests.ui.panels.test_call_card_presenter import MARIA, STRANGER, Desk, open_desk
from ui.panels.call_card.view_state import SaveStage

__all__ = ["card_window"]
ME, PETER = 2001, 2002
CONTROL_KEY = Qt.KeyboardModifier.ControlModifier


async def two_cards(desk: Desk) -> tuple[str, str]:
    """A group call rings, I type in its card, and a call of my own rings: that one's card waits in the strip."""
    services, pbx = desk.world.services, desk.world.simulator.pbx
    pbx.ring_in(MARIA, employees=[ME, PETER])
    services.poller.refresh_soon()
    await until(lambda: desk.page is desk.view.editor, what="card opens")
    desk.view.focus_notes()
    QTest.keyClicks(desk.view.editor.notes, "about Maria")
    pbx.ring_in(STRANGER, employees=[ME])
    services.poller.refresh_soon()
    await until(lambda: len(services.wrap_up.cards) == 2, what="two cards")
    first, second = services.wrap_up.cards
    assert desk.view.editor.card_key == first
    return first, second


async def test_when_a_colleague_takes_the_call_the_cursor_does_not_end_up_in_another_card(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        services, pbx = desk.world.services, desk.world.simulator.pbx
        first, second = await two_cards(desk)
        group_call = services.wrap_up.cards[first].draft.facts.call_session_id
        pbx.answer(group_call, PETER)
        services.poller.refresh_soon()
        await until(lambda: services.board.calls[group_call].was_answered, what="the colleague talks")
        pbx.hang_up(group_call, "contact")
        services.poller.refresh_soon()
        await until(lambda: first not in services.wrap_up.cards, timeout=8.0, what="no card is due")
        await until(lambda: desk.page is desk.view.empty_label or desk.view.editor.card_key == second, what="gone")
        QTest.keyClicks(QApplication.focusWidget() or desk.other, " and her order")
        await desk.touch(second)
        assert services.wrap_up.cards[second].draft.fields.notes == ""
        assert not desk.view.editor.has_cursor()


async def test_a_card_stays_while_its_operator_looks_into_another_window(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        services = desk.world.services
        await desk.ring(MARIA)
        desk.view.focus_notes()
        QTest.keyClicks(desk.view.editor.notes, "about Maria")
        browser = QWidget()
        browser.show()
        browser.activateWindow()
        try:
            await until(lambda: QApplication.activeWindow() is browser, what="another window in front")
            desk.world.simulator.pbx.ring_in(STRANGER, employees=[ME])
            services.poller.refresh_soon()
            await until(lambda: len(services.wrap_up.cards) == 2, what="two cards")
            await until(lambda: len(desk.view.strip.findChildren(QWidget)) >= 2, what="both in the strip")
        finally:
            browser.close()
            browser.deleteLater()
        desk.view.window().activateWindow()
        await until(lambda: QApplication.focusWidget() is desk.view.editor.notes, what="back in the notes")
        QTest.keyClicks(desk.view.editor.notes, " and her order")
        notes = [card.draft.fields.notes for card in services.wrap_up.cards.values()]
        assert notes == ["about Maria and her order", ""]


async def test_a_card_is_saved_with_its_own_fields_though_another_one_comes_up_at_once(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        services = desk.world.services
        call_session_id = await desk.ring(MARIA)
        QTest.keyClicks(desk.view.editor.notes, "about Maria")
        await desk.talk_and_end(call_session_id)
        (first,) = services.wrap_up.cards
        await desk.ring(STRANGER)
        second = next(key for key in services.wrap_up.cards if key != first)
        desk.view.card_chosen.emit(first)
        desk.view.editor.save_button.click()
        desk.view.card_chosen.emit(second)
        await until(lambda: first not in services.wrap_up.cards, what="saved")
        await until(lambda: desk.world.simulator.bitrix24.comments, timeout=10.0, what="delivered")
        (comment,) = desk.world.simulator.bitrix24.comments
        assert comment.comment.startswith("about Maria")


async def test_closing_a_receipt_and_the_next_ring_put_no_cursor_into_notes(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.talk_and_end(await desk.ring(MARIA))
        desk.view.focus_notes()
        await desk.saved()
        desk.view.receipt.close_button.setFocus()
        desk.view.receipt.close_button.click()
        await desk.ring(STRANGER)
        assert not desk.view.editor.has_cursor()


async def test_a_receipt_gives_way_to_my_live_call_and_the_key_of_notes_leads_to_its_notes(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        services = desk.world.services
        await desk.talk_and_end(await desk.ring(MARIA))
        desk.view.focus_notes()
        QTest.keyClicks(desk.view.editor.notes, "about Maria")
        desk.world.simulator.pbx.ring_in(STRANGER, employees=[ME])
        services.poller.refresh_soon()
        await until(lambda: len(services.wrap_up.cards) == 2, what="two cards")
        first, second = services.wrap_up.cards
        assert desk.view.editor.card_key == first
        desk.view.save()
        await until(lambda: first not in services.wrap_up.cards, what="saved")
        await until(lambda: desk.page is desk.view.editor and desk.view.editor.card_key == second, what="my call")
        QTest.keyClicks(QApplication.focusWidget() or desk.other, " and her order")
        assert not desk.view.editor.has_cursor()
        desk.view.focus_notes()
        QTest.keyClicks(QApplication.focusWidget() or desk.other, "a stranger")
        assert services.wrap_up.cards[second].draft.fields.notes == "a stranger"


async def test_the_key_of_notes_never_leads_to_the_last_callers_notes_while_i_talk_to_another(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        services = desk.world.services
        await desk.talk_and_end(await desk.ring(MARIA))
        await desk.ring(STRANGER)
        first, second = services.wrap_up.cards
        desk.view.card_chosen.emit(first)
        assert desk.view.editor.card_key == first
        desk.view.focus_notes()
        assert desk.view.editor.card_key == second
        QTest.keyClicks(desk.view.editor.notes, "a stranger")
        assert services.wrap_up.cards[first].draft.fields.notes == ""
        assert services.wrap_up.cards[second].draft.fields.notes == "a stranger"


def test_nothing_can_be_typed_while_the_card_goes_to_the_disk(window: Window) -> None:
    window.show_card(FINISHED)
    QTest.keyClicks(window.view.editor.notes, "kept")
    window.view.editor.outcome_box.cost_field.setFocus()
    window.show_card(replace(FINISHED, save_stage=SaveStage.SAVING))
    edits = len(window.edits)
    QTest.keyClicks(window.view.editor.notes, " lost")
    QTest.keyClicks(window.view.editor.outcome_box.cost_field, "5")
    assert window.fields.notes == "kept"
    assert len(window.edits) == edits
    assert QApplication.focusWidget() is window.view.editor.outcome_box.cost_field
    window.show_card(replace(FINISHED, save_stage=SaveStage.NOT_SAVED))
    QTest.keyClicks(window.view.editor.notes, " again")
    assert window.fields.notes == "kept again"


def test_the_key_of_save_card_says_why_nothing_is_saved_during_the_call(window: Window) -> None:
    window.show_card(LIVE)
    QTest.keyClick(window.view.editor.notes, Qt.Key.Key_Return, CONTROL_KEY)
    hint = child(window, QLabel, "card_save_hint")
    assert isinstance(hint, QLabel)
    assert hint.isVisible()
    assert "Save the card when it has ended" in hint.text()
    assert window.saves == []
