"""Who is calling: looks the caller of my ringing call up in the CRM and remembers the answer. Writes nothing."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from app.background import BackgroundTasks
from app.clock import Clock
from app.crm.matching import distinct_customers
from app.crm.port import CustomerDirectory
from app.domain.customer import Customer
from app.domain.phone_number import parse_phone_number
from app.errors import LinkError, OutcomeUnknown, PultError, RightsMissing
from app.observe import Observable

_REMEMBERED_NUMBERS = 500
_FRESH_FOR_S = 900.0
_RETRY_DELAYS_S = (1.0, 3.0, 10.0)

Found = tuple[Customer, ...] | PultError


class ScreenPop:
    """`found` publishes (card_key, customers) or (card_key, error) once per look-up that was not cancelled.

    A hidden number is answered at once with nobody. Without a directory (no CRM connected) the answer is
    RightsMissing("crm_not_connected").
    """

    def __init__(self, clock: Clock, directory: CustomerDirectory | None = None) -> None:
        self.found: Observable[tuple[str, Found]] = Observable()
        self._clock = clock
        self._directory = directory
        self._known: OrderedDict[str, tuple[float, tuple[Customer, ...]]] = OrderedDict()
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._tasks = BackgroundTasks()

    def use_directory(self, directory: CustomerDirectory | None) -> None:
        """Take another CRM from now on, after *Connect*; what the last one answered is forgotten."""
        self._directory = directory
        self._known.clear()

    def customer_of(self, phone_number: str) -> tuple[Customer, ...] | None:
        """What was last known of a number, without asking anybody; None when nothing is. It does not grow old: a name
        must not go out in the middle of a long call."""
        known = self._known.get(parse_phone_number(phone_number).digits)
        return None if known is None else known[1]

    def look_up(self, card_key: str, phone_number: str) -> None:
        """Start looking for the caller of that card; a look-up already under way for it goes on."""
        if card_key not in self._asking:
            self._asking[card_key] = self._tasks.start(self._find(card_key, phone_number), name="screen-pop")

    def cancel(self, card_key: str) -> None:
        """The call is over or the card gone: nobody waits for the answer any more."""
        asking = self._asking.pop(card_key, None)
        if asking is not None:
            asking.cancel()

    async def search(self, phone_number: str) -> tuple[Customer, ...]:
        """Ask now, for a number typed by the operator. Raises PultError."""
        directory = self._directory
        if directory is None:
            raise RightsMissing("crm_not_connected")
        customers = distinct_customers(await directory.find_customers(phone_number))
        self._remember(phone_number, customers)
        return customers

    async def aclose(self) -> None:
        await self._tasks.aclose()

    async def _find(self, card_key: str, phone_number: str) -> None:
        try:
            answer = await self._answer(phone_number)
        finally:
            if self._asking.get(card_key) is asyncio.current_task():
                del self._asking[card_key]
        self.found.publish((card_key, answer))

    async def _answer(self, phone_number: str) -> Found:
        if parse_phone_number(phone_number).is_hidden:
            return ()
        known = self._known.get(parse_phone_number(phone_number).digits)
        if known is not None and self._clock.monotonic() - known[0] <= _FRESH_FOR_S:
            return known[1]
        for delay_s in (*_RETRY_DELAYS_S, None):
            try:
                return await self.search(phone_number)
            except PultError as error:
                may_pass = error.is_retryable or isinstance(error, LinkError | OutcomeUnknown)
                if delay_s is None or not may_pass:
                    return error
            await self._clock.sleep(delay_s)
        raise AssertionError("the last try returns")

    def _remember(self, phone_number: str, customers: tuple[Customer, ...]) -> None:
        digits = parse_phone_number(phone_number).digits
        self._known[digits] = (self._clock.monotonic(), customers)
        self._known.move_to_end(digits)
        while len(self._known) > _REMEMBERED_NUMBERS:
            self._known.popitem(last=False)
