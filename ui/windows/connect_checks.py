"""The checks of *Connect*: with what was typed, and where nothing was typed with what is stored.

An application's refresh token is good for one use: its check stores the secrets first and renews with the process's own
tokens, or the pair that comes back would be lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.connection_check import (
    AmocrmCredentials,
    Bitrix24Application,
    Bitrix24Credentials,
    CheckResult,
    PbxCredentials,
    check_amocrm,
    check_bitrix24,
    check_pbx,
)
from app.errors import PultError
from app.integrations import amocrm_tokens, bitrix24_tokens
from app.secrets import AMOCRM_TOKEN, BITRIX24_WEBHOOK, PBX_PASSWORD, PBX_TOKEN
from app.settings import Settings
from ui.windows.connect_form import settings_with, user_id_of
from ui.windows.connect_state import ConnectForm, StoredSecrets, whole_number

if TYPE_CHECKING:
    from app.bootstrap import Services
    from ui.windows.connect_secrets import ConnectSecrets


class ConnectChecks:
    """Each answers for the form given; none raises PultError."""

    def __init__(self, services: Services | None, secrets: ConnectSecrets) -> None:
        self._services = services
        self._secrets = secrets

    async def pbx(self, form: ConnectForm, settings: Settings) -> CheckResult:
        key = (form.key or await self._secrets.get(PBX_TOKEN)) if form.uses_key else ""
        password = "" if form.uses_key else form.password or await self._secrets.get(PBX_PASSWORD)
        return await check_pbx(
            PbxCredentials(
                form.call_api_url, form.login, password, key, uses_key=form.uses_key, time_zone=settings.pbx.time_zone
            )
        )

    async def bitrix24(self, form: ConnectForm, settings: Settings) -> CheckResult:
        user_id = whole_number(form.crm_user_text)
        if not form.bitrix24.uses_application:
            webhook = form.bitrix24.webhook or await self._secrets.get(BITRIX24_WEBHOOK)
            return await check_bitrix24(Bitrix24Credentials(webhook, user_id))
        try:
            await self._secrets.keep_application(form.bitrix24)
            stored = await self._secrets.stored()
            missing = _missing_of_application(form, stored)
            if missing is not None or self._services is None:
                return CheckResult(missing or "check_after_saving", ok=False)
            services = self._services
            wished = settings_with(settings, form, ())
            tokens = await bitrix24_tokens(wished, services.secrets, services.http, services.tokens)
        except PultError as error:
            return CheckResult(error.code, ok=False, params=error.params, error=error)
        if tokens is None:
            return CheckResult("refresh_token_missing", ok=False)
        return await check_bitrix24(Bitrix24Application(form.bitrix24.portal_url, tokens, user_id))

    async def amocrm(self, form: ConnectForm, settings: Settings) -> CheckResult:
        account = form.amocrm
        user_id = user_id_of(account.user_text)
        if not account.uses_integration:
            token = account.token or await self._secrets.get(AMOCRM_TOKEN)
            return await check_amocrm(AmocrmCredentials(account.account_url, token, user_id=user_id))
        try:
            await self._secrets.keep_integration(account)
            missing = _missing_of_integration(form, await self._secrets.stored())
            if missing is not None or self._services is None:
                return CheckResult(missing or "check_after_saving", ok=False)
            services = self._services
            wished = settings_with(settings, form, ())
            tokens = await amocrm_tokens(wished, services.secrets, services.http, services.tokens)
        except PultError as error:
            return CheckResult(error.code, ok=False, params=error.params, error=error)
        return await check_amocrm(AmocrmCredentials(account.account_url, tokens=tokens, user_id=user_id))


def _missing_of_application(form: ConnectForm, stored: StoredSecrets) -> str | None:
    if not form.bitrix24.portal_url:
        return "portal_url_missing"
    if not form.bitrix24.client_id:
        return "client_id_missing"
    if not stored.bitrix24_client_secret:
        return "client_secret_missing"
    return None if stored.bitrix24_refresh_token else "refresh_token_missing"


def _missing_of_integration(form: ConnectForm, stored: StoredSecrets) -> str | None:
    if not form.amocrm.account_url:
        return "amo_address_missing"
    if not form.amocrm.client_id:
        return "client_id_missing"
    if not stored.amocrm_client_secret:
        return "client_secret_missing"
    return None if stored.amocrm_refresh_token else "refresh_token_missing"
