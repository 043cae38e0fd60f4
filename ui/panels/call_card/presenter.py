"""Between the card services and the call card: follows open cards and the outbox, sends what the operator does."""

from __future__ import annotations

import logging
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices

from app.domain.customer import CrmUser, Currency
from app.domain.wrap_up import CardFields, CardProblem, card_problems
from app.errors import PultError
from app.outbox.entry import OutboxCard
from app.secrets import BITRIX24_WEBHOOK
from app.services.open_card import CardSaved
from ui.bridge import bridge
from ui.panels.call_card.kept_notes_presenter import KeptNotesPresenter
from ui.panels.call_card.portal_address import leads_to_portal, portal_origin
from ui.panels.call_card.view import CallCardView
from ui.panels.call_card.view_state import (
    CardPanelState,
    CustomerSearch,
    EditorState,
    FieldDefaults,
    ReceiptState,
    card_to_show,
    chips_of,
    editor_state,
    receipt_state,
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
    ) -> None:
        super().__init__(view)
        self._view = view
        self._services = services
        self._scope = scope
        self._open_url = open_url
        self._shown: str | None = None
        self._known: frozenset[str] = frozenset()
        self._receipt_key: str | None = None
        self._outbox: tuple[OutboxCard, ...] = ()
        self._outbox_is_read = True
        self._problems: dict[str, tuple[CardProblem, ...]] = {}
        self._search: CustomerSearch | None = None
        self._lists = _PortalLists()
        self._ages = QTimer(self)
        self._ages.setInterval(_AGES_EVERY_MS)
        self._ages.timeout.connect(self._show)
        self._kept_notes = KeptNotesPresenter(view.kept_notes, services, scope)
        self._listen()
        self._follow_cards()
        self._read_outbox()

    def show_card(self, card_key: str) -> None:
        """Bring an open card up because the operator asks for it."""
        if card_key in self._services.wrap_up.cards:
            self._shown = card_key
            self._show()

    def _listen(self) -> None:
        view, services = self._view, self._services
        bridge(services.wrap_up.changed, lambda _: self._follow_cards(), view)
        bridge(services.delivery.changed, lambda _: self._read_outbox(), view)
        bridge(services.delivery.paused_changed, lambda _: self._show(), view)
        view.fields_edited.connect(self._edit)
        view.save_requested.connect(self._save_shown)
        view.card_chosen.connect(self.show_card)
        view.customer_search_requested.connect(lambda key, number: self._start(self._find(key, number), "search"))
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
        open_keys = tuple(self._services.wrap_up.cards)
        opened_now = [key for key in open_keys if key not in self._known]
        self._known = frozenset(open_keys)
        self._problems = {key: problems for key, problems in self._problems.items() if key in self._known}
        self._shown = card_to_show(
            open_keys,
            self._shown,
            opened_now,
            receipt_key=self._receipt_key,
            operator_is_typing=self._view.has_cursor,
        )
        if opened_now or self._lists.directory is not self._services.directory:
            self._start(self._read_lists(), "read the portal's lists")
        self._show()

    def _show(self) -> None:
        cards = self._services.wrap_up.cards
        waiting = waiting_cards(self._outbox, self._services.clock.now())
        self._view.show_state(
            CardPanelState(
                editor=self._editor_state(),
                receipt=self._receipt_state(),
                chips=chips_of(cards.values(), self._shown),
                waiting=waiting,
                queue_paused=self._services.delivery.paused,
            )
        )
        self._view.show_search(self._search)
        if bool(waiting) != self._ages.isActive():
            self._ages.start() if waiting else self._ages.stop()

    def _editor_state(self) -> EditorState | None:
        card = self._services.wrap_up.cards.get(self._shown) if self._shown is not None else None
        if card is None:
            return None
        return editor_state(
            card,
            self._defaults(),
            currencies=self._lists.currencies,
            search=self._search,
            problems=self._problems.get(card.draft.card_key, ()),
        )

    def _receipt_state(self) -> ReceiptState | None:
        if self._shown is None or self._shown != self._receipt_key:
            return None
        card = next((card for card in self._outbox if card.card_key == self._shown), None)
        return receipt_state(card, self._lists.origin) if card is not None else None

    def _defaults(self) -> FieldDefaults:
        settings = self._services.settings.bitrix24
        me = self._lists.me
        user_id = settings.user_id or (me.user_id if me else None)
        base = next((currency.code for currency in self._lists.currencies if currency.is_base), "")
        return FieldDefaults(
            crm_user_id=user_id,
            crm_user_name=me.name if me and me.user_id == user_id else "",
            base_currency=base,
            creates_unknown=settings.create_default,
        )

    def _edit(self, card_key: str, fields: CardFields) -> None:
        wrap_up = self._services.wrap_up
        if card_key not in wrap_up.cards:
            return
        wrap_up.edit(card_key, fields)
        if card_key in self._problems:
            self._problems[card_key] = card_problems(wrap_up.cards[card_key].draft)
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
            await self._load_outbox()
            if self._shown == card_key or self._shown not in wrap_up.cards:
                self._shown = card_key
        else:
            self._problems[card_key] = answer
        self._follow_cards()

    def _look_up_again(self, card_key: str) -> None:
        if card_key in self._services.wrap_up.cards:
            self._services.wrap_up.look_up_again(card_key)

    async def _find(self, card_key: str, phone_number: str) -> None:
        self._search = CustomerSearch(card_key, is_running=True)
        self._show()
        try:
            found = await self._services.screen_pop.search(phone_number)
        except PultError as error:
            self._search = CustomerSearch(card_key, error=error)
        else:
            self._search = CustomerSearch(card_key, customers=found)
        self._show()

    def _open_link(self, card_key: str) -> None:
        card = next((card for card in self._outbox if card.card_key == card_key), None)
        link = receipt_state(card, self._lists.origin).link if card is not None else ""
        if leads_to_portal(link, self._lists.origin):
            self._open_url(QUrl(link))

    def _close_receipt(self) -> None:
        self._receipt_key = None
        self._shown = None
        self._follow_cards()

    def _read_outbox(self) -> None:
        if self._outbox_is_read:
            self._outbox_is_read = False
            self._start(self._load_and_show(), "read the outbox")

    async def _load_and_show(self) -> None:
        await self._load_outbox()
        self._show()

    async def _load_outbox(self) -> None:
        # Set first: a change published while the rows are being read must be read again.
        self._outbox_is_read = True
        self._outbox = await self._services.delivery.cards()

    async def _read_lists(self) -> None:
        await self._lists.read(self._services)
        self._show()


class _PortalLists:
    """What the portal tells once: its currencies, who the webhook belongs to, where links lead."""

    def __init__(self) -> None:
        self.directory: object = None
        self.currencies: tuple[Currency, ...] = ()
        self.me: CrmUser | None = None
        self.origin = ""

    async def read(self, services: Services) -> None:
        """Read what is missing; all of it again after *Connect*. A portal that is away is asked with the next card."""
        directory = services.directory
        if directory is not self.directory:
            self.directory, self.currencies, self.me, self.origin = directory, (), None, ""
        if not self.origin:
            self.origin = await _origin_of(services)
        if directory is None:
            return
        try:
            if not self.currencies:
                self.currencies = await directory.list_currencies()
            if self.me is None:
                self.me = await directory.who_am_i()
        except PultError as error:
            _log.info("the portal's lists could not be read", extra={"code": error.code})


async def _origin_of(services: Services) -> str:
    configured = services.settings.bitrix24.portal_url
    if configured:
        return portal_origin(configured)
    try:
        return portal_origin(await services.secrets.get(BITRIX24_WEBHOOK) or "")
    except PultError as error:
        _log.info("the portal's address could not be read", extra={"code": error.code})
        return ""
