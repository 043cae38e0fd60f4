"""The call card with the whole core behind it, against the simulator: from the first ring to the receipt."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QWidget

from app.domain.customer import Customer, CustomerChoice, CustomerDecision, CustomerKind
from app.simulator.config import SimulatorConfig
from tests.helpers.qt import finish_deletions
from tests.helpers.services import ME, World, open_world
from tests.helpers.waiting import until
from ui.panels.call_card.presenter import CallCardPresenter
from ui.panels.call_card.view import CallCardView
from ui.tasks import TaskScope

MARIA = "79062195047"
STRANGER = "79991112233"


@dataclass
class Desk:
    """One operator's desk: world, view, what was opened in the browser."""

    world: World
    view: CallCardView
    other: QLineEdit
    presenter: CallCardPresenter
    opened: list[str] = field(default_factory=list)

    @property
    def page(self) -> QWidget | None:
        return self.view.pages.currentWidget()

    async def ring(self, number: str) -> int:
        before = self.view.editor.card_key if self.page is self.view.editor else None
        call_session_id = self.world.simulator.pbx.ring_in(number, employees=[ME])
        self.world.services.poller.refresh_soon()
        await until(lambda: self.page is self.view.editor and self.view.editor.card_key != before, what="card opens")
        return call_session_id

    async def touch(self, shown_key: str) -> None:
        """Something happens to the card that is open: the panel looks at its cards again, and shows it."""
        self.world.services.wrap_up.look_up_again(shown_key)
        await until(lambda: self.view.editor.card_key == shown_key, what="the card")
        await until(lambda: self.page is self.view.editor, what="the card's page")

    async def talk_and_end(self, call_session_id: int) -> None:
        pbx, services = self.world.simulator.pbx, self.world.services
        pbx.answer(call_session_id, ME)
        services.poller.refresh_soon()
        await until(lambda: any(call.was_answered for call in services.board.calls.values()), what="talk seen")
        pbx.hang_up(call_session_id, "contact")
        services.poller.refresh_soon()
        await until(lambda: self.view.editor.save_button.isEnabled(), timeout=10.0, what="card can be saved")

    async def saved(self) -> None:
        self.view.save()
        await until(lambda: self.page is self.view.receipt, what="receipt")


@asynccontextmanager
async def open_desk(folder: Path, config: SimulatorConfig | None = None) -> AsyncIterator[Desk]:
    async with open_world(folder, config) as world:
        window = QWidget()
        view, other = CallCardView(lambda: 0.0, window), QLineEdit(window)
        layout = QHBoxLayout(window)
        layout.addWidget(other)
        layout.addWidget(view)
        window.resize(700, 720)
        window.show()
        window.activateWindow()
        other.setFocus()
        opened: list[str] = []

        def open_url(url: QUrl, /) -> bool:
            opened.append(url.toString())
            return True

        scope = TaskScope()
        presenter = CallCardPresenter(view, world.services, scope, open_url=open_url)
        try:
            yield Desk(world, view, other, presenter, opened)
        finally:
            await scope.aclose()
            window.close()
            window.deleteLater()
            finish_deletions()


async def test_the_card_opens_at_the_first_ring_with_the_caller_and_leaves_the_focus(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await until(lambda: QApplication.focusWidget() is desk.other)
        assert desk.page is desk.view.empty_label
        await desk.ring(MARIA)
        await until(lambda: desk.view.editor.customer_box.match_box.isVisible(), what="caller found")
        assert desk.view.editor.head.caller_label.text() != "+7 906 219-50-47"
        assert "219-50-47" in desk.view.editor.head.number_label.text()
        assert QApplication.focusWidget() is desk.other


async def test_a_call_is_written_once_and_the_receipt_leads_to_the_portal(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        call_session_id = await desk.ring(MARIA)
        desk.view.focus_notes()
        QTest.keyClicks(desk.view.editor.notes, "Wants an invoice")
        await until(lambda: desk.view.editor.autosave_label.text(), what="draft on the disk")
        await desk.talk_and_end(call_session_id)
        assert desk.view.editor.fields().notes == "Wants an invoice"
        card_key = desk.view.editor.card_key
        assert card_key is not None
        await until(lambda: desk.view.editor.outcome_box.currency, what="the portal's currencies")
        QTest.keyClicks(desk.view.editor.outcome_box.cost_field, "12,5")
        await desk.saved()
        await until(lambda: desk.view.receipt.headline.text() == "Saved. Sent to Bitrix24.", timeout=10.0)
        portal = desk.world.simulator.bitrix24
        (row,) = portal.finished_calls_of(card_key)
        assert (row.user_id, row.cost, row.cost_currency) == (7, 12.5, "RUB")
        (comment,) = portal.comments
        assert comment.comment.startswith("Wants an invoice")
        assert portal.duplicates() == []
        desk.view.receipt.link_button.click()
        (link,) = desk.opened
        assert link.startswith(desk.world.simulator.webhook_url.split("/rest/")[0] + "/crm/")
        assert desk.world.simulator.config.webhook_secret not in link


async def test_a_second_ring_never_takes_the_card_from_under_the_operators_fingers(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.ring(MARIA)
        first = desk.view.editor.card_key
        desk.view.focus_notes()
        QTest.keyClicks(desk.view.editor.notes, "about Maria ")
        desk.world.simulator.pbx.ring_in(STRANGER, employees=[ME])
        desk.world.services.poller.refresh_soon()
        await until(lambda: len(desk.world.services.wrap_up.cards) == 2, what="two cards")
        await until(lambda: len(desk.view.strip.findChildren(QWidget)) >= 2, what="both in the strip")
        QTest.keyClicks(QApplication.focusWidget() or desk.other, "and her order")
        assert desk.view.editor.card_key == first
        cards = desk.world.services.wrap_up.cards
        assert [card.draft.fields.notes for card in cards.values()] == ["about Maria and her order", ""]
        # Asked for, the other card comes, and the first one keeps its text.
        second = next(key for key in cards if key != first)
        desk.view.card_chosen.emit(second)
        assert desk.view.editor.card_key == second
        assert desk.view.editor.fields().notes == ""
        desk.view.card_chosen.emit(first)
        assert desk.view.editor.fields().notes == "about Maria and her order"


async def test_what_is_missing_is_shown_and_goes_away_when_it_is_mended(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.talk_and_end(await desk.ring(MARIA))
        box = desk.view.editor.more_box
        await until(lambda: box.user_row.user_box.count() > 1, what="the portal's users")
        assert not box.inside.isVisible()
        box.user_row.user_box.setCurrentIndex(-1)
        desk.view.save()
        await until(lambda: box.user_warning.isVisible(), what="problem shown")
        assert desk.page is desk.view.editor
        assert QApplication.focusWidget() is box.user_row.user_box
        box.user_row.user_box.setCurrentIndex(0)
        assert not box.user_warning.isVisible()
        await desk.saved()


async def test_notes_of_a_stranger_are_parked_and_delivered_after_the_choice(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        call_session_id = await desk.ring(STRANGER)
        await until(lambda: desk.view.editor.customer_box.without_radio.isVisible(), what="three ways")
        desk.view.editor.customer_box.without_radio.click()
        desk.view.editor.notes.setPlainText("Asked for prices")
        assert desk.view.editor.notes_hint.isVisible()
        await desk.talk_and_end(call_session_id)
        await desk.saved()
        await until(lambda: any(card.needs_customer for card in desk.view.waiting_cards), what="parked note")
        assert desk.world.simulator.bitrix24.comments == []
        (card,) = desk.view.waiting_cards
        somebody = desk.world.simulator.bitrix24.contacts[0]
        choice = CustomerChoice(CustomerDecision.PICKED, Customer(CustomerKind.CONTACT, somebody.entity_id, ""))
        desk.view.customer_chosen.emit(card.card_key, choice)
        await until(lambda: not desk.view.waiting_cards, what="delivered")
        (comment,) = desk.world.simulator.bitrix24.comments
        assert comment.comment.startswith("Asked for prices")
        assert desk.view.receipt.headline.text() == "Saved. Sent to Bitrix24."


async def test_a_customer_is_picked_by_searching_another_number(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.ring(STRANGER)
        box = desk.view.editor.customer_box
        await until(lambda: box.pick_radio.isVisible(), what="three ways")
        box.pick_radio.click()
        box.picker.number_field.setText(MARIA)
        box.picker.search_button.click()
        await until(lambda: box.choice.decision is CustomerDecision.PICKED, what="somebody picked")
        (card,) = desk.world.services.wrap_up.cards.values()
        assert card.draft.fields.customer == box.choice
        somebody = box.choice.customer
        assert somebody is not None
        await until(lambda: desk.view.editor.head.caller_label.text() == somebody.name, what="name shown")


async def test_with_bitrix24_down_the_card_waits_in_sight_and_goes_when_it_is_back(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        call_session_id = await desk.ring(MARIA)
        await until(lambda: desk.view.editor.customer_box.match_box.isVisible(), what="caller found")
        await desk.talk_and_end(call_session_id)
        desk.world.simulator.set_down("bitrix24", down=True)
        await desk.saved()
        await until(lambda: bool(desk.view.waiting_cards and desk.view.waiting_cards[0].reason), what="reason shown")
        assert desk.view.receipt.headline.text() == "Saved. Waiting for Bitrix24."
        assert "cannot be reached" in desk.view.receipt.reason_label.text()
        desk.world.simulator.set_down("bitrix24", down=False)
        desk.view.retry_requested.emit(desk.view.waiting_cards[0].card_key)
        await until(lambda: desk.view.receipt.headline.text() == "Saved. Sent to Bitrix24.", timeout=10.0)
        assert desk.world.simulator.bitrix24.duplicates() == []


async def test_a_portal_that_wants_an_application_pauses_the_queue_with_one_sentence(tmp_path: Path) -> None:
    async with open_desk(tmp_path, SimulatorConfig(scenario="tour", app_only=True)) as desk:
        await desk.talk_and_end(await desk.ring(MARIA))
        await desk.saved()
        await until(lambda: desk.view.waiting.paused_label.isVisible(), what="pause shown")
        assert "application" in desk.view.waiting.paused_label.text()
        assert desk.view.waiting.headline.text() == "Waiting to be sent (1)"
