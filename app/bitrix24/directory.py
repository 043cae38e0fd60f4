"""Reading the portal's customers, users and lists: one typed method per remote operation, no decisions."""

from __future__ import annotations

from app.bitrix24 import mapping, wire
from app.bitrix24.rest import PortalRest
from app.domain.customer import CrmSource, CrmUser, Currency, Customer, CustomerKind
from app.errors import OutcomeUnknown, Refused

_PAGES = 200


class Bitrix24Directory:
    """Every method raises what PortalRest raises."""

    def __init__(self, rest: PortalRest) -> None:
        self._rest = rest

    async def search_crm_entities(self, phone_number: str) -> tuple[Customer, ...]:
        """Everyone with this number (digits), the recommended one first (crm-notes 1.5)."""
        return mapping.customers(
            await self._rest.result(wire.SEARCH_CRM_ENTITIES, wire.PhoneNumberParams(phone_number))
        )

    async def customer(self, kind: CustomerKind, crm_entity_id: int) -> Customer | None:
        """One lead, contact or company by its id; None when there is none, or none this user may see."""
        params = wire.ItemGet(mapping.entity_type_id(kind), crm_entity_id)
        try:
            result = await self._rest.result(wire.ITEM_GET, params)
        except Refused as error:
            if error.code not in ("not_found", "customer_access_denied"):
                raise
            return None
        return mapping.customer_of_item(kind, crm_entity_id, result)

    async def current_user(self) -> CrmUser:
        """Whom the webhook or the application acts for."""
        user = mapping.crm_user(await self._rest.result(wire.USER_CURRENT, wire.NoParams()))
        if user is None:
            raise OutcomeUnknown("reply_unexpected")
        return user

    async def list_users(self) -> tuple[CrmUser, ...]:
        """Employees who still work here, page by page."""
        users: list[CrmUser] = []
        start = 0
        for _ in range(_PAGES):
            params = wire.UsersPage(filter={"ACTIVE": True, "USER_TYPE": "employee"}, start=start)
            page = await self._rest.page(wire.USER_GET, params)
            users += mapping.crm_users(page.rows)
            if page.next_start is None or page.next_start <= start:
                break
            start = page.next_start
        return tuple(users)

    async def list_currencies(self) -> tuple[Currency, ...]:
        """The portal's currencies, the base one first."""
        return mapping.currencies(await self._rest.result(wire.CURRENCY_LIST, wire.NoParams()))

    async def list_sources(self) -> tuple[CrmSource, ...]:
        """What CRM_SOURCE may be, in the portal's order."""
        params = wire.StatusList(filter={"ENTITY_ID": "SOURCE"}, order={"SORT": "ASC"})
        return mapping.sources(await self._rest.result(wire.STATUS_LIST, params))
