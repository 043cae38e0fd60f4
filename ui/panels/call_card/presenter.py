"""Between the card services and the call card: follows open cards and the outbox, sends what the operator does."""

from __future__ import annotations

import logging
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices

from app.domain.wrap_up import CardFields, CardProblem
from app.errors import PultError
from app.services.open_card import CardSaved, OpenCard
from ui.bridge import bridge
from ui.panels.call_card.card_time import CardTimes, Say
from ui.panels.call_card.crm_card import CrmCardPresenter
from ui.panels.call_card.customer_search import CustomerSearches
from ui.panels.call_card.kept_notes_presenter import KeptNotesPresenter
from ui.panels.call_card.portal_address import leads_to_portal
from ui.panels.call_card.portal_lists import PortalLists
from ui.panels.call_card.saved_cards import SavedCards
from ui.panels.call_card.view import CallCardView
from ui.panels.call_card.view_state import (
    CardPanelState,
    EditorState,
    ReceiptState,
    card_for_notes,
    card_to_show,
    chips_of,
    editor_state,
    my_call_card,
    receipt_state,
    set_aside_cards,
    waiting_cards,
)
from ui.tasks import TaskScope

if TYPE_CHECKING:
    from app.bootstrap import Services

_log = logging.getLogger(__name__)
_AGES_EVERY_MS = 15_000


class OpenUrl(Protocol):
    """`QDesktopServices.openUrl`."""

    def __call__(self, url: QUrl, /) -> bool: ...


class CallCardPresenter(QObject):
    """Made after the first paint; lives as long as the view."""

    def __init__(
        self,
        view: CallCardView,
        services: Services,
        scope: TaskScope,
        *,
        open_url: OpenUrl = QDesktopServices.openUrl,
        say: Say = lambda _text, _tone: None,
    ) -> None:
        """`say`: a line for the bottom of the window, and its tone."""
        super().__init__(view)
        self._view = view
        self._services = services
        self._scope = scope
        self._open_url = open_url
        self._shown: str | None = None
        self._chosen: str | None = None
        self._me = services.me
        self._known: frozenset[str] = frozenset()
        self._receipt_key: str | None = None
        self._saved = SavedCards(services.delivery, scope, self._show)
        self._problems: dict[str, tuple[CardProblem, ...]] = {}
        self._search = CustomerSearches(services, scope, self._show)
        self._lists = PortalLists(services)
        self._times = CardTimes(view, services, say, completed=self._show_completed, taken_up=self.show_card)
        self._crm_card = CrmCardPresenter(view, services, scope, say, lambda: self._shown)
        self._ages = QTimer(self)
        self._ages.setInterval(_AGES_EVERY_MS)
        self._ages.timeout.connect(self._show)
        self._kept_notes = KeptNotesPresenter(view.kept_notes, services, scope)
        self._listen()
        self._follow_cards()
        self._saved.read_soon()

    def show_card(self, card_key: str) -> None:
        """Bring an open card up because the operator asks for it; one set aside is taken up."""
        if card_key in self._services.wrap_up.cards:
            self._services.wrap_up.take_up(card_key)
            self._shown = self._chosen = card_key
            self._show()

    @property
    def _cards(self) -> dict[str, OpenCard]:
        """What the panel offers: cards set aside are out of sight."""
        return {key: card for key, card in self._services.wrap_up.cards.items() if not card.is_set_aside}

    def _listen(self) -> None:
        view, services = self._view, self._services
        bridge(services.wrap_up.changed, lambda _: self._follow_cards(), view)
        bridge(services.delivery.changed, lambda _: self._saved.read_soon(), view)
        bridge(services.delivery.paused_changed, lambda _: self._show(), view)
        bridge(services.board.changes, lambda _: self._follow_my_calls(), view)
        bridge(services.poller.polls_done, lambda _: self._follow_my_calls(), view)
        view.notes_requested.connect(self._go_to_notes)
        view.fields_edited.connect(self._edit)
        view.save_requested.connect(self._save_shown)
        view.card_chosen.connect(self.show_card)
        view.customer_search_requested.connect(self._search.by_number)
        view.record_requested.connect(self._search.by_record)
        bridge(services.crm_lists.changed, lambda _: self._show(), view)
        view.retry_requested.connect(lambda key: self._start(services.delivery.retry(key), "retry card"))
        view.customer_chosen.connect(
            lambda key, choice: self._start(services.delivery.choose_customer(key, choice), "choose customer")
        )
        view.look_up_requested.connect(self._look_up_again)
        view.portal_link_requested.connect(self._open_link)
        view.receipt_closed.connect(self._close_receipt)

    def _start(self, coroutine: Coroutine[Any, Any, None], name: str) -> None:
        self._scope.start(coroutine, name=name)

    def _follow_cards(self) -> None:
        cards = self._cards
        # One that is offered waits in the strip: nobody is to lose what he looks at for a call that is long over.
        opened_now = [key for key, card in cards.items() if key not in self._known and not card.is_offered]
        has_new = not self._known.issuperset(cards)
        self._known = frozenset(cards)
        self._problems = {key: problems for key, problems in self._problems.items() if key in self._known}
        self._choose_card(opened_now)
        if has_new or self._lists.directory is not self._services.directory:
            self._start(self._read_lists(), "read the portal's lists")
        self._show()

    def _follow_my_calls(self) -> None:
        """My call may have begun to ring or to talk, or I have been named in *Connect*."""
        shown, me = self._shown, self._me
        self._me = self._services.me
        self._choose_card(())
        if (self._shown, self._me) != (shown, me):
            self._show()

    def _choose_card(self, opened_now: Sequence[str]) -> None:
        cards, shown = self._cards, self._shown
        self._shown = card_to_show(
            tuple(cards),
            shown,
            opened_now,
            receipt_key=self._receipt_key,
            operator_is_typing=self._view.has_cursor,
            my_call_key=my_call_card(cards.values(), shown),
            is_chosen=shown is not None and shown == self._chosen,
        )
        if self._shown != shown:
            self._chosen = None
            if self._view.has_cursor:
                # The operator saved a card and types on: it must not land in the card that takes its place.
                self._view.let_go_of_cursor()

    def _go_to_notes(self) -> None:
        card_key = card_for_notes(self._cards.values(), self._shown)
        if card_key is not None and card_key != self._shown:
            self.show_card(card_key)

    def _show(self) -> None:
        waiting = waiting_cards(self._saved.cards, self._services.clock.now())
        self._view.show_state(
            CardPanelState(
                editor=self._editor_state(),
                receipt=self._receipt_state(),
                chips=chips_of(self._cards.values(), self._shown),
                waiting=waiting,
                set_aside=set_aside_cards(self._services.wrap_up.cards.values()),
                search=self._search.latest,
                queue_paused=self._services.delivery.paused,
                knows_me=self._services.me is not None,
            )
        )
        if bool(waiting) != self._ages.isActive():
            self._ages.start() if waiting else self._ages.stop()

    def _editor_state(self) -> EditorState | None:
        card = self._cards.get(self._shown) if self._shown is not None else None
        if card is None:
            return None
        return editor_state(
            card,
            self._lists.defaults,
            choices=self._lists.choices,
            search=self._search.latest,
            problems=self._problems.get(card.draft.card_key, ()),
            card_time=self._times.of(card.draft.card_key),
        )

    def _receipt_state(self) -> ReceiptState | None:
        if self._shown is None or self._shown != self._receipt_key:
            return None
        card = self._saved.card(self._shown)
        return receipt_state(card, self._lists.origin) if card is not None else None

    def _edit(self, card_key: str, fields: CardFields) -> None:
        wrap_up = self._services.wrap_up
        if card_key not in wrap_up.cards:
            return
        wrap_up.edit(card_key, fields)
        if card_key in self._problems:
            self._problems[card_key] = wrap_up.problems_of(card_key)
            self._show()

    def _save_shown(self, card_key: str) -> None:
        """Untouched fields show defaults; what is saved is what is on the screen. Taken at once: in the next turn of
        the loop another card may be on show."""
        if card_key not in self._services.wrap_up.cards or card_key != self._view.editor.card_key:
            return
        self._services.wrap_up.edit(card_key, self._view.editor.fields())
        self._start(self._save(card_key), "save card")

    async def _save(self, card_key: str) -> None:
        wrap_up = self._services.wrap_up
        if card_key not in wrap_up.cards:
            return
        try:
            answer = await wrap_up.save(card_key)
        except PultError as error:
            _log.warning("a card was not saved", extra={"code": error.code})
            self._show()
            return
        if isinstance(answer, CardSaved):
            self._problems.pop(card_key, None)
            self._receipt_key = card_key
            await self._saved.read()
            if self._shown == card_key or self._shown not in wrap_up.cards:
                self._shown = card_key
        else:
            self._problems[card_key] = answer
        self._follow_cards()

    def _show_completed(self, card_key: str) -> None:
        """The time of the card on show was over: what becomes of it takes its place."""
        if self._shown == card_key:
            self._receipt_key = card_key
            self._saved.read_soon()

    def _look_up_again(self, card_key: str) -> None:
        if card_key in self._services.wrap_up.cards:
            self._services.wrap_up.look_up_again(card_key)

    def _open_link(self, card_key: str) -> None:
        card = self._saved.card(card_key)
        link = receipt_state(card, self._lists.origin).link if card is not None else ""
        if leads_to_portal(link, self._lists.origin):
            self._open_url(QUrl(link))

    def _close_receipt(self) -> None:
        self._receipt_key = None
        self._shown = None
        self._follow_cards()

    async def _read_lists(self) -> None:
        await self._lists.read()
        self._show()
