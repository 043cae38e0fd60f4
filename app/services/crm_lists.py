"""What the connected CRM offers to choose from: its currencies, sources and users, and who we are to it. Read once."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from app.crm.port import CustomerDirectory
from app.domain.customer import CrmSource, CrmUser, Currency
from app.errors import PultError
from app.observe import Observable

V = TypeVar("V")

_logger = logging.getLogger(__name__)


class CrmLists:
    """`changed` publishes when something was read. An empty answer never wipes what is known."""

    def __init__(self) -> None:
        self.changed: Observable[None] = Observable()
        self.currencies: tuple[Currency, ...] = ()
        self.sources: tuple[CrmSource, ...] = ()
        self.users: tuple[CrmUser, ...] = ()
        self.me: CrmUser | None = None
        self._directory: CustomerDirectory | None = None
        self._refused: set[str] = set()

    @property
    def my_user_id(self) -> int | None:
        """The CRM's user whom the connection belongs to, once it is known."""
        return self.me.user_id if self.me else None

    def use(self, directory: CustomerDirectory | None) -> None:
        """Another CRM from now on; what the last one told is forgotten."""
        if directory is self._directory:
            return
        self._directory = directory
        self.currencies, self.sources, self.users, self.me = (), (), (), None
        self._refused.clear()
        self.changed.publish(None)

    async def read(self) -> None:
        """Ask for what is missing; a CRM that is away is asked again the next time, one that refuses is not."""
        directory = self._directory
        if directory is None:
            return
        currencies = () if self.currencies else await self._ask("currencies", directory.list_currencies)
        me = None if self.me else await self._ask("me", directory.who_am_i)
        sources = () if self.sources else await self._ask("sources", directory.list_sources)
        users = () if self.users else await self._ask("users", directory.list_users)
        if directory is not self._directory or not (currencies or me or sources or users):
            return
        self.currencies = currencies or self.currencies
        self.me = me or self.me
        self.sources = sources or self.sources
        self.users = users or self.users
        self.changed.publish(None)

    async def _ask(self, name: str, ask: Callable[[], Awaitable[V]]) -> V | None:
        if name in self._refused:
            return None
        try:
            return await ask()
        except PultError as error:
            _logger.info("a list of the CRM could not be read", extra={"list": name, "code": error.code})
            if not error.is_retryable:
                self._refused.add(name)
            return None
