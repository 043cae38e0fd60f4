"""The portal's lists and addresses as the card needs them. Showing them is the editor's."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from app.domain.customer import CrmUser, Currency
from app.errors import PultError
from app.secrets import BITRIX24_WEBHOOK
from ui.panels.call_card.portal_address import portal_origin
from ui.panels.call_card.view_state import FieldDefaults

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.settings.declared import Bitrix24Settings

_log = logging.getLogger(__name__)


class PortalLists:
    """What the portal tells once: its currencies, who the webhook belongs to, where links lead."""

    def __init__(self) -> None:
        self.directory: object = None
        self.currencies: tuple[Currency, ...] = ()
        self.me: CrmUser | None = None
        self.origin = ""

    def defaults(self, settings: Bitrix24Settings) -> FieldDefaults:
        """What a card's untouched fields start with."""
        user_id = settings.user_id or (self.me.user_id if self.me else None)
        base = next((currency.code for currency in self.currencies if currency.is_base), "")
        return FieldDefaults(
            crm_user_id=user_id,
            crm_user_name=self.me.name if self.me and self.me.user_id == user_id else "",
            base_currency=base,
            creates_unknown=settings.create_default,
        )

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
