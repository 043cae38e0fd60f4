"""`doctor`'s look at the CRMs: by webhook, token, application or integration, asked as *Connect* asks.

A refresh token is good for one use and has one owner. While a console runs, or where the new pair could not be kept,
nothing is renewed here: the look would cost the sign-in.
"""

from __future__ import annotations

from app.clock import Clock
from app.commands.finding import FAIL, OK, WARN, Finding
from app.commands.place import Place
from app.commands.sentences import sentence_of
from app.connection_check import CheckResult, ConnectionCheck
from app.errors import PultError
from app.http import HttpSession
from app.integrations import amocrm_tokens, bitrix24_tokens
from app.oauth import TokenSource, TokenSources
from app.secrets import AMOCRM_TOKEN, BITRIX24_WEBHOOK

_NOT_SET = frozenset({"webhook_missing", "portal_url_missing", "amo_token_missing"})


class CrmLook:
    """`is_console_running`: another process owns the tokens."""

    def __init__(self, place: Place, http: HttpSession, clock: Clock, *, is_console_running: bool) -> None:
        self._place = place
        self._http = http
        self._is_console_running = is_console_running
        self._check = ConnectionCheck(place.settings, place.secrets, clock)
        self._tokens = TokenSources(place.secrets)

    async def aclose(self) -> None:
        """Let renewals under way end."""
        await self._tokens.aclose()

    async def bitrix24(self) -> Finding:
        settings = self._place.settings.bitrix24
        if not settings.enabled:
            return Finding(OK, "bitrix24", "switched off in the settings")
        way = f"application {settings.client_id}" if settings.client_id else "webhook"
        try:
            tokens = None
            if settings.client_id:
                if not settings.portal_url:
                    return Finding(FAIL, "bitrix24", f"{way}: bitrix24.portal_url is missing in the settings")
                left_alone = await self._left_alone()
                if left_alone:
                    return Finding(WARN, "bitrix24", f"{way}: {left_alone}")
                tokens = await bitrix24_tokens(self._place.settings, self._place.secrets, self._http, self._tokens)
                if tokens is None and not await self._place.secrets.get(BITRIX24_WEBHOOK):
                    return Finding(FAIL, "bitrix24", f"{way}: client secret or refresh token is missing")
            result = await self._check.check_bitrix24(tokens)
        except PultError as error:
            return Finding(FAIL, "bitrix24", f"{way}: {sentence_of(error)}")
        if result.ok:
            return Finding(OK, "bitrix24", f"the {way} works as user {result.params.get('user_id')}")
        return _not_ok("bitrix24", way, result)

    async def amocrm(self) -> Finding:
        settings = self._place.settings.amocrm
        if not settings.account_url:
            return Finding(OK, "amocrm", "not set up")
        way = f"integration {settings.client_id}" if settings.client_id else "long-lived token"
        try:
            tokens: TokenSource | None = None
            if settings.client_id:
                if not settings.redirect_uri:
                    return Finding(FAIL, "amocrm", f"{way}: amocrm.redirect_uri is missing in the settings")
                left_alone = await self._left_alone()
                if left_alone:
                    return Finding(WARN, "amocrm", f"{way}: {left_alone}")
                tokens = await amocrm_tokens(self._place.settings, self._place.secrets, self._http, self._tokens)
                if tokens is None:
                    return Finding(FAIL, "amocrm", f"{way}: amocrm_client_secret is missing")
            elif not await self._place.secrets.get(AMOCRM_TOKEN):
                return Finding(WARN, "amocrm", "no token is set")
            result = await self._check.check_amocrm(tokens)
        except PultError as error:
            return Finding(FAIL, "amocrm", f"{way}: {sentence_of(error)}")
        if not result.ok:
            return _not_ok("amocrm", way, result)
        works = f"the {way} works for account {result.params.get('account_id')} as user {result.params.get('user_id')}"
        if result.params.get("expires_soon"):
            return Finding(WARN, "amocrm", f"{works}; it ends in {result.params.get('expires_in_days')} days")
        return Finding(OK, "amocrm", works)

    async def _left_alone(self) -> str:
        """Why a renewing sign-in is not tried; empty when it is."""
        if self._is_console_running:
            return "not asked, the running console renews its tokens"
        home = await self._place.secrets.describe()
        if home.kind != "keyring":
            return "not asked, a renewed refresh token could not be kept without a keyring"
        return ""


def _not_ok(code: str, way: str, result: CheckResult) -> Finding:
    if result.code in _NOT_SET:
        return Finding(WARN, code, f"no {way} is set")
    error = result.error if result.error is not None else PultError(result.code, result.params)
    return Finding(FAIL, code, f"{way}: {sentence_of(error)}")
