"""The operator's own search for a customer, by number or by record: asks the CRM, keeps the latest answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.domain.customer import Customer, CustomerKind
from app.errors import PultError, RightsMissing
from ui.panels.call_card.view_state import CustomerSearch
from ui.tasks import TaskScope

if TYPE_CHECKING:
    from app.bootstrap import Services


class CustomerSearches:
    """`latest`: the search as it stands; `changed` is called whenever that is another one."""

    def __init__(self, services: Services, scope: TaskScope, changed: Callable[[], None]) -> None:
        self.latest: CustomerSearch | None = None
        self._services = services
        self._scope = scope
        self._changed = changed

    def by_number(self, card_key: str, phone_number: str) -> None:
        """Who has this number?"""
        self._scope.start(self._find(card_key, phone_number), name="search")

    def by_record(self, card_key: str, kind: CustomerKind, crm_entity_id: int) -> None:
        """Who is this record?"""
        self._scope.start(self._look(card_key, kind, crm_entity_id), name="look at a record")

    async def _find(self, card_key: str, phone_number: str) -> None:
        self._say(CustomerSearch(card_key, is_running=True))
        try:
            found = await self._services.screen_pop.search(phone_number)
        except PultError as error:
            self._say(CustomerSearch(card_key, error=error))
        else:
            self._say(CustomerSearch(card_key, customers=found))

    async def _look(self, card_key: str, kind: CustomerKind, crm_entity_id: int) -> None:
        record = (kind, crm_entity_id)
        self._say(CustomerSearch(card_key, is_running=True, record=record))
        try:
            found = await self._record(kind, crm_entity_id)
        except PultError as error:
            self._say(CustomerSearch(card_key, error=error, record=record))
        else:
            self._say(CustomerSearch(card_key, customers=() if found is None else (found,), record=record))

    async def _record(self, kind: CustomerKind, crm_entity_id: int) -> Customer | None:
        directory = self._services.directory
        if directory is None:
            raise RightsMissing("crm_not_connected")
        return await directory.customer(kind, crm_entity_id)

    def _say(self, search: CustomerSearch) -> None:
        self.latest = search
        self._changed()
