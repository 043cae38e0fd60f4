"""What the CRMs offer and where links lead, as the card needs it. Showing it is the editor's; asking, crm_lists'."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from app.domain.wrap_up import UnknownNumberChoice
from app.errors import PultError
from app.secrets import BITRIX24_WEBHOOK
from ui.panels.call_card.portal_address import portal_origin
from ui.panels.call_card.view_state import CrmChoices, FieldDefaults

if TYPE_CHECKING:
    from app.bootstrap import Services

_log = logging.getLogger(__name__)


class PortalLists:
    """`origin`: where links lead; empty until it has been read."""

    def __init__(self, services: Services) -> None:
        self.directory: object = None
        self.origin = ""
        self._services = services

    @property
    def defaults(self) -> FieldDefaults:
        """What a card's untouched fields start with."""
        lists, settings = self._services.crm_lists, self._services.settings.bitrix24
        user_id = settings.user_id or lists.my_user_id
        base = next((currency.code for currency in lists.currencies if currency.is_base), "")
        return FieldDefaults(
            crm_user_id=user_id,
            crm_user_name=lists.me.name if lists.me and lists.me.user_id == user_id else "",
            base_currency=base,
            creates_unknown=settings.create_default,
        )

    @property
    def choices(self) -> CrmChoices:
        """What the operator may choose from."""
        lists, amocrm = self._services.crm_lists, self._services.settings.amocrm
        default = UnknownNumberChoice(amocrm.unknown_number) if amocrm.account_url else None
        return CrmChoices(lists.currencies, lists.sources, lists.users, default)

    async def read(self) -> None:
        """Read what is missing; all of it again after *Connect*. A portal that is away is asked with the next card."""
        if self._services.directory is not self.directory:
            self.directory, self.origin = self._services.directory, ""
        if not self.origin:
            self.origin = await _origin_of(self._services)
        await self._services.crm_lists.read()


async def _origin_of(services: Services) -> str:
    configured = services.settings.bitrix24.portal_url
    if configured:
        return portal_origin(configured)
    try:
        return portal_origin(await services.secrets.get(BITRIX24_WEBHOOK) or "")
    except PultError as error:
        _log.info("the portal's address could not be read", extra={"code": error.code})
        return ""
