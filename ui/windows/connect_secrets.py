"""The secrets of *Connect* on their way into the keyring: which are there already, and storing what was typed."""

from __future__ import annotations

import logging

from app.errors import PultError
from app.secrets import (
    AMOCRM_CLIENT_SECRET,
    AMOCRM_REFRESH_TOKEN,
    AMOCRM_TOKEN,
    BITRIX24_CLIENT_SECRET,
    BITRIX24_REFRESH_TOKEN,
    BITRIX24_WEBHOOK,
    PBX_PASSWORD,
    PBX_TOKEN,
    SecretStore,
)
from ui.windows.connect_state import AmocrmForm, Bitrix24Form, ConnectForm, StoredSecrets

_log = logging.getLogger(__name__)


class ConnectSecrets:
    """Nothing typed is kept here."""

    def __init__(self, secrets: SecretStore) -> None:
        self._secrets = secrets

    async def get(self, name: str) -> str:
        """Empty when it is not there, or the keyring does not give it."""
        try:
            return await self._secrets.get(name) or ""
        except PultError as error:
            _log.info("a secret could not be read", extra={"secret_name": name, "code": error.code})
            return ""

    async def has(self, name: str) -> bool:
        return bool(await self.get(name))

    async def stored(self) -> StoredSecrets:
        """Which are kept already."""
        return StoredSecrets(
            pbx_password=await self.has(PBX_PASSWORD),
            pbx_key=await self.has(PBX_TOKEN),
            webhook=await self.has(BITRIX24_WEBHOOK),
            bitrix24_client_secret=await self.has(BITRIX24_CLIENT_SECRET),
            bitrix24_refresh_token=await self.has(BITRIX24_REFRESH_TOKEN),
            amocrm_token=await self.has(AMOCRM_TOKEN),
            amocrm_client_secret=await self.has(AMOCRM_CLIENT_SECRET),
            amocrm_refresh_token=await self.has(AMOCRM_REFRESH_TOKEN),
        )

    async def keep(self, form: ConnectForm) -> None:
        """Store what was typed. Of the PBX the other way of signing in is thrown away: a stored key would win over a
        password. Raises SecretsError."""
        if form.uses_key:
            await self._set(PBX_TOKEN, form.key)
            await self._secrets.clear(PBX_PASSWORD)
        else:
            await self._set(PBX_PASSWORD, form.password)
            await self._secrets.clear(PBX_TOKEN)
        await self._set(BITRIX24_WEBHOOK, form.bitrix24.webhook)
        await self._set(AMOCRM_TOKEN, form.amocrm.token)
        await self.keep_application(form.bitrix24)
        await self.keep_integration(form.amocrm)

    async def keep_application(self, form: Bitrix24Form) -> None:
        """Those of Bitrix24's application alone."""
        await self._set(BITRIX24_CLIENT_SECRET, form.client_secret)
        await self._set(BITRIX24_REFRESH_TOKEN, form.refresh_token)

    async def keep_integration(self, form: AmocrmForm) -> None:
        """Those of amoCRM's integration alone."""
        await self._set(AMOCRM_CLIENT_SECRET, form.client_secret)
        await self._set(AMOCRM_REFRESH_TOKEN, form.refresh_token)

    async def _set(self, name: str, value: str) -> None:
        if value:
            await self._secrets.set(name, value)
