"""Where the pages of each CRM begin: scheme and host, without the secret that a webhook's address carries."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from app.errors import PultError
from app.secrets import BITRIX24_WEBHOOK
from ui.panels.call_card.portal_address import portal_origin
from ui.texts.crm_reasons import AMOCRM, BITRIX24

if TYPE_CHECKING:
    from app.bootstrap import Services

_log = logging.getLogger(__name__)


class CrmOrigins:
    """`by_crm`: by the CRM's name; one whose address is not known is not among them."""

    def __init__(self, services: Services) -> None:
        self.by_crm: dict[str, str] = {}
        self._services = services

    async def read(self) -> None:
        """Read them anew, after *Connect* or when they are needed for the first time."""
        settings = self._services.settings
        portal = settings.bitrix24.portal_url or await self._webhook()
        found = {BITRIX24: portal_origin(portal), AMOCRM: portal_origin(settings.amocrm.account_url or "")}
        self.by_crm = {crm_name: origin for crm_name, origin in found.items() if origin}

    async def _webhook(self) -> str:
        try:
            return await self._services.secrets.get(BITRIX24_WEBHOOK) or ""
        except PultError as error:
            _log.info("the portal's address could not be read", extra={"code": error.code})
            return ""
