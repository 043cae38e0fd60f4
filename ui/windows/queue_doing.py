"""What the operator does to a card of the queue: asks what has to be asked, does it, and says what came of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QDialog

from app.crm.port import CardToWrite
from app.domain.customer import Customer, CustomerChoice, CustomerDecision
from app.domain.phone_number import parse_phone_number
from app.domain.wrap_up import UnknownNumberChoice
from app.errors import PultError
from ui import dialogs
from ui.panels.call_card.choose_customer_dialog import ChooseCustomerDialog
from ui.panels.call_card.view_state import CustomerSearch
from ui.texts.card import number_word
from ui.texts.crm_reasons import AMOCRM, BITRIX24, crm_error_sentence
from ui.texts.queue import (
    discard_button,
    discard_question,
    discard_title,
    done_text,
    fetching_text,
    not_fetched_text,
    player_missing_text,
)
from ui.windows.queue_customer_dialog import QueueUnknownNumberDialog
from ui.windows.queue_edit_dialog import QueueEditDialog
from ui.windows.queue_edit_state import EditState, open_fields_of, wanted_fields
from ui.windows.queue_export import export_cards
from ui.windows.queue_rows import waits_for_a_choice
from ui.windows.queue_state import QueueDeed, QueueRow, RecordingLine

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.domain.customer import CrmUser
    from app.outbox.entry import OutboxCard
    from ui.windows.queue_cards import QueueCards
    from ui.windows.queue_presenter import Confirm, OpenUrl
    from ui.windows.queue_window import QueueWindow

R = TypeVar("R")
_Asking = ChooseCustomerDialog | QueueUnknownNumberDialog
_Find = Callable[[str], Awaitable[tuple[Customer, ...]]]

_log = logging.getLogger(__name__)
_LISTS_WITHIN_S = 3.0
"""How long a dialog waits for the CRM's lists: without them numbers are typed."""


class QueueDoing:
    """`take_up` opens a draft in the card panel."""

    def __init__(
        self,
        window: QueueWindow,
        services: Services,
        cards: QueueCards,
        *,
        confirm: Confirm,
        open_url: OpenUrl,
        take_up: Callable[[str], None],
    ) -> None:
        self._window = window
        self._services = services
        self._cards = cards
        self._confirm = confirm
        self._open_url = open_url
        self._take_up = take_up
        self._is_asking = False
        self._fetching: set[str] = set()

    async def do(self, deed: QueueDeed, card_key: str | None, shown: Sequence[str]) -> None:
        """Do it to that card; `shown`: the cards in the list, for *Export*. Refusals are said, never raised."""
        row = self._cards.row(card_key)
        try:
            if deed is QueueDeed.RETRY_ALL:
                await self._services.delivery.retry_all()
                self._say_done(deed)
            elif deed is QueueDeed.EXPORT:
                now = self._services.clock.now()
                await self._one_at_a_time(
                    export_cards(self._window, self._services.delivery, shown, now, self._confirm)
                )
            elif row is not None:
                await self._do_to(deed, row)
        except PultError as error:
            _log.info("a deed of the queue was refused", extra={"deed": deed.value, "code": error.code})
            self._window.say(crm_error_sentence(error), "alert")

    async def _do_to(self, deed: QueueDeed, row: QueueRow) -> None:
        delivery, key = self._services.delivery, row.card_key
        if deed is QueueDeed.RETRY:
            await delivery.retry(key)
            self._say_done(deed)
        elif deed is QueueDeed.RESTORE:
            await delivery.restore(key)
            self._say_done(deed)
        elif deed is QueueDeed.DISCARD:
            await self._one_at_a_time(self._discard(row))
        elif deed is QueueDeed.TAKE_UP:
            self._take_up(key)
            self._say_done(deed)
        elif deed is QueueDeed.PLAY:
            await self._play(key)
        elif deed is QueueDeed.EDIT:
            await self._one_at_a_time(self._edit(row))
        elif deed is QueueDeed.CHOOSE_CUSTOMER:
            await self._one_at_a_time(self._choose_customer(row))

    async def _one_at_a_time(self, asking: Coroutine[Any, Any, None]) -> None:
        """A second dialog over the first would be about another card."""
        if self._is_asking:
            asking.close()
            return
        self._is_asking = True
        try:
            await asking
        finally:
            self._is_asking = False

    def _say_done(self, deed: QueueDeed) -> None:
        self._window.say(done_text(deed), "talk")

    async def _discard(self, row: QueueRow) -> None:
        question = discard_question(number_word(row.phone_number), row.began_at)
        if await self._confirm(
            self._window, title=discard_title(), text=question, confirm_text=discard_button()
        ) and await self._services.delivery.discard(row.card_key):
            self._say_done(QueueDeed.DISCARD)

    async def _export(self, shown: Sequence[str]) -> None:
        now = self._services.clock.now()
        await export_cards(self._window, self._services.delivery, shown, now, self._confirm)

    async def _play(self, card_key: str) -> None:
        """One that is not here yet is fetched first."""
        recordings = self._services.recordings
        recording = await recordings.recording_of(card_key)
        if recording.path is None:
            if card_key in self._fetching:
                return
            self._fetching.add(card_key)
            self._window.say(fetching_text())
            try:
                recording = await recordings.fetch_now(card_key)
            finally:
                self._fetching.discard(card_key)
        if recording.path is None:
            line = RecordingLine(recording.recording_state.value, reason=recording.reason)
            self._window.say(not_fetched_text(line), "held")
            return
        self._window.say("")
        if not self._open_url(QUrl.fromLocalFile(str(recording.path))):
            self._window.say(player_missing_text(), "alert")

    async def _edit(self, row: QueueRow) -> None:
        card = await self._services.delivery.card(row.card_key)
        if card is None:
            return
        dialog = QueueEditDialog(await self._edit_state(card), row.phone_number, self._window)
        amended: list[CardToWrite] = []
        dialog.amended.connect(amended.append)
        await _shown(dialog)
        if amended:
            await self._services.delivery.amend(row.card_key, amended[0])
            self._say_done(QueueDeed.EDIT)

    async def _edit_state(self, card: OutboxCard) -> EditState:
        parked = [step for step in card.steps if step.reason]
        return EditState(
            card=card.card,
            open_fields=open_fields_of(await self._services.delivery.amendable(card.card_key)),
            wanted=wanted_fields([step.reason or "" for step in parked], {step.crm_name for step in parked}),
            placeholder=self._services.settings.bitrix24.placeholder_number or "",
            users={BITRIX24: await self._users()},
            currencies=await self._currencies(),
        )

    async def _users(self) -> tuple[CrmUser, ...]:
        directory = self._services.directory
        return () if directory is None else await _or_nothing(directory.list_users())

    async def _currencies(self) -> tuple[str, ...]:
        directory = self._services.directory
        found = () if directory is None else await _or_nothing(directory.list_currencies())
        return tuple(currency.code for currency in found)

    async def _choose_customer(self, row: QueueRow) -> None:
        card = await self._services.delivery.card(row.card_key)
        waiting = [step.crm_name for step in card.steps if waits_for_a_choice(step)] if card is not None else []
        if card is None or not waiting:
            return
        number = parse_phone_number(card.card.phone_number)
        if waiting[0] == AMOCRM:
            await self._decide_unknown(row, number.digits, is_hidden=number.is_hidden)
        else:
            await self._pick(row, number.digits)

    async def _pick(self, row: QueueRow, digits: str) -> None:
        dialog = ChooseCustomerDialog(row.card_key, row.phone_number, digits, self._window)
        chosen: list[CustomerChoice] = []
        dialog.chosen.connect(lambda _, choice: chosen.append(choice))
        await _shown_with_search(dialog, self._find, BITRIX24)
        if chosen:
            await self._services.delivery.choose_customer(row.card_key, chosen[0])
            self._say_done(QueueDeed.CHOOSE_CUSTOMER)

    async def _decide_unknown(self, row: QueueRow, digits: str, *, is_hidden: bool) -> None:
        dialog = QueueUnknownNumberDialog(row.card_key, row.phone_number, digits, self._window, is_hidden=is_hidden)
        decided: list[tuple[UnknownNumberChoice, Customer | None]] = []
        dialog.decided.connect(lambda choice, customer: decided.append((choice, customer)))
        await _shown_with_search(dialog, self._find_second, AMOCRM)
        for choice, customer in decided:
            if customer is not None:
                picked = CustomerChoice(CustomerDecision.PICKED, customer)
                await self._services.delivery.choose_customer(row.card_key, picked, AMOCRM)
            else:
                await self._services.delivery.decide_unknown_number(row.card_key, choice)
            self._say_done(QueueDeed.CHOOSE_CUSTOMER)

    async def _find(self, phone_number: str) -> tuple[Customer, ...]:
        return await self._services.screen_pop.search(phone_number)

    async def _find_second(self, phone_number: str) -> tuple[Customer, ...]:
        directory = self._services.amocrm
        return () if directory is None else await directory.find_customers(phone_number)


async def _shown(dialog: QDialog) -> None:
    """Until it is closed; gone afterwards."""
    try:
        await dialogs.show_dialog(dialog)
    finally:
        dialog.deleteLater()


async def _or_nothing(reading: Awaitable[tuple[R, ...]]) -> tuple[R, ...]:
    """A CRM's list; empty when it is away or slow."""
    try:
        async with asyncio.timeout(_LISTS_WITHIN_S):
            return await reading
    except (PultError, TimeoutError):
        return ()


async def _search(dialog: _Asking, find: _Find, crm_name: str, asked: asyncio.Queue[tuple[str, str]]) -> None:
    """What the dialog asks for, one search after another."""
    while True:
        card_key, number = await asked.get()
        dialog.show_search(CustomerSearch(card_key, is_running=True))
        try:
            found = await find(number)
        except PultError as error:
            dialog.show_search(CustomerSearch(card_key, error=error, crm_name=crm_name))
        else:
            dialog.show_search(CustomerSearch(card_key, customers=found))


async def _shown_with_search(dialog: _Asking, find: _Find, crm_name: str) -> None:
    asked: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
    dialog.search_requested.connect(lambda card_key, number: asked.put_nowait((card_key, number)))
    searching = asyncio.ensure_future(_search(dialog, find, crm_name, asked))
    try:
        await _shown(dialog)
    finally:
        searching.cancel()
        with suppress(asyncio.CancelledError):
            await searching
