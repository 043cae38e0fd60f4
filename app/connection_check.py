"""Tries the two servers out and says in a code what came of it: for *Connect* and for `doctor`. Changes nothing there.

It stands beside the bootstrap, above the integrations: it makes short-lived clients of its own, so that values can be
tried that are not saved yet.
"""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import urlsplit

from app.addresses import address_problem
from app.bitrix24.access import ApplicationAccess, PortalAccess, WebhookAccess
from app.bitrix24.client import Bitrix24Client
from app.bitrix24.directory import Bitrix24Directory
from app.bitrix24.rest import BURST, RATE_PER_S, PortalRest
from app.clock import Clock, SystemClock
from app.domain.customer import CrmUser
from app.errors import PultError, RightsMissing
from app.http import HttpSession, TokenBucket
from app.oauth import TokenSource
from app.secrets import BITRIX24_WEBHOOK, PBX_PASSWORD, PBX_TOKEN, SecretsPlace, SecretStore
from app.settings import Settings
from app.uis.client import UisClient
from app.uis.rpc import DEADLINE_S, Correlation
from app.uis.sign_in import Credentials, LoginAndPassword, PermanentKey, UisSignIn

_USER_AGENT = "Pult"
_NOTHING: Mapping[str, object] = MappingProxyType({})
_WEBHOOK_PATH = re.compile(r"/rest/\d+/\w+/?")
_TOLD_BY_NO_USER = frozenset({"insufficient_scope", "user_access_error", "access_denied"})


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`code` is "signed_in" (params: `calls`), "bitrix24_ready" (`user_id`, `name`), a missing or wrong value
    ("login_missing", "webhook_shape", …), or the code of `error`, whose facts are in `params`."""

    code: str
    ok: bool
    params: Mapping[str, object] = field(default_factory=lambda: _NOTHING)
    error: PultError | None = None


@dataclass(frozen=True, slots=True)
class PbxCredentials:
    """What to sign in with. Only the one of `uses_key` counts."""

    call_api_url: str
    login: str = ""
    password: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    uses_key: bool = False
    time_zone: str = "Europe/Moscow"


@dataclass(frozen=True, slots=True)
class Bitrix24Credentials:
    """The webhook's whole address is the secret. `crm_user_id` None: whoever the webhook belongs to."""

    webhook: str = field(repr=False)
    crm_user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Bitrix24Application:
    """A local application. `tokens` must be this process's own: a renewal makes the refresh token before worthless."""

    portal_url: str
    tokens: TokenSource = field(repr=False)
    crm_user_id: int | None = None


async def check_pbx(
    credentials: PbxCredentials, *, clock: Clock | None = None, deadline_s: float = DEADLINE_S
) -> CheckResult:
    """Sign in, read the live calls once, and sign out again, each within `deadline_s`.

    Raises nothing of PultError: that is the answer.
    """
    missing = _missing_for_pbx(credentials)
    if missing is not None:
        return CheckResult(missing, ok=False)
    used_clock = clock or SystemClock()
    async with _http_session(used_clock) as http:
        sign_in = UisSignIn(_sign_in_data(credentials), used_clock)
        client = UisClient(
            http, credentials.call_api_url, sign_in, Correlation(None, used_clock), deadline_s=deadline_s
        )
        try:
            decoded = await client.list_calls({}, zoneinfo.ZoneInfo(credentials.time_zone))
        except PultError as error:
            return _failed(error)
        finally:
            # The session opened for the check; one the PBX does not take back ends by itself within the hour.
            with suppress(PultError):
                await client.sign_out()
        return CheckResult("signed_in", ok=True, params={"calls": len(decoded.calls)})


async def check_bitrix24(
    credentials: Bitrix24Credentials | Bitrix24Application, *, clock: Clock | None = None
) -> CheckResult:
    """Ask who the webhook or the application acts for, whether it sees the CRM, and whether it may register calls;
    makes nothing. A webhook that may do everything but register gets "wrong_auth_type": an application is needed.

    Raises nothing of PultError: that is the answer.
    """
    access = _access_of(credentials)
    if isinstance(access, CheckResult):
        return access
    used_clock = clock or SystemClock()
    async with _http_session(used_clock) as http:
        rest = PortalRest(http, access, TokenBucket(RATE_PER_S, BURST, used_clock), used_clock)
        return await _check_portal(rest, credentials.crm_user_id)


async def _check_portal(rest: PortalRest, crm_user_id: int | None) -> CheckResult:
    directory = Bitrix24Directory(rest)
    try:
        owner = await _owner_of(directory, crm_user_id)
        user_id = crm_user_id or owner.user_id
        await directory.list_currencies()
        await Bitrix24Client(rest).probe_registration(user_id)
    except PultError as error:
        return _failed(error, {"user_id": crm_user_id} if crm_user_id else _NOTHING)
    name = owner.name if owner.user_id == user_id else ""
    return CheckResult("bitrix24_ready", ok=True, params={"user_id": user_id, "name": name})


def _access_of(credentials: Bitrix24Credentials | Bitrix24Application) -> PortalAccess | CheckResult:
    if isinstance(credentials, Bitrix24Application):
        if not credentials.portal_url:
            return CheckResult("portal_url_missing", ok=False)
        problem = address_problem(credentials.portal_url)
        if problem is not None:
            return CheckResult(problem, ok=False)
        return ApplicationAccess(credentials.portal_url, credentials.tokens)
    wrong = webhook_problem(credentials.webhook) if credentials.webhook else "webhook_missing"
    return WebhookAccess(credentials.webhook) if wrong is None else CheckResult(wrong, ok=False)


async def _owner_of(directory: Bitrix24Directory, crm_user_id: int | None) -> CrmUser:
    """The webhook's owner. One that may not ask about users is fine when it was said for whom calls are written."""
    try:
        return await directory.current_user()
    except RightsMissing as error:
        if crm_user_id is None or error.code not in _TOLD_BY_NO_USER:
            raise
        return CrmUser(crm_user_id, "")


def webhook_problem(webhook: str) -> str | None:
    """Why this cannot be a webhook: "insecure_url", "webhook_shape", or None when it can."""
    problem = address_problem(webhook)
    if problem == "insecure_url":
        return problem
    parts = urlsplit(webhook) if problem is None else None
    if parts is None or parts.query or parts.fragment or not _WEBHOOK_PATH.fullmatch(parts.path):
        return "webhook_shape"
    return None


class ConnectionCheck:
    """The same checks with what is saved."""

    def __init__(self, settings: Settings, secrets: SecretStore, clock: Clock) -> None:
        self._settings = settings
        self._secrets = secrets
        self._clock = clock

    async def check_pbx(self) -> CheckResult:
        """As `check_pbx`; a stored key wins over a password. Raises SecretsLocked when the keyring does not give."""
        pbx = self._settings.pbx
        key = await self._secrets.get(PBX_TOKEN) or ""
        password = "" if key else await self._secrets.get(PBX_PASSWORD) or ""
        credentials = PbxCredentials(pbx.call_api_url, pbx.login, password, key, bool(key), pbx.time_zone)
        return await check_pbx(credentials, clock=self._clock)

    async def check_bitrix24(self, tokens: TokenSource | None = None) -> CheckResult:
        """As `check_bitrix24`: of the application whose `tokens` these are, else of the webhook.

        Raises SecretsLocked when the keyring does not give.
        """
        crm_user_id = self._settings.bitrix24.user_id
        if tokens is not None:
            application = Bitrix24Application(self._settings.bitrix24.portal_url or "", tokens, crm_user_id)
            return await check_bitrix24(application, clock=self._clock)
        webhook = await self._secrets.get(BITRIX24_WEBHOOK) or ""
        return await check_bitrix24(Bitrix24Credentials(webhook, crm_user_id), clock=self._clock)

    async def describe_secrets(self) -> SecretsPlace:
        """Where the secrets are read from."""
        return await self._secrets.describe()


def _missing_for_pbx(credentials: PbxCredentials) -> str | None:
    if not credentials.call_api_url:
        return "address_missing"
    problem = address_problem(credentials.call_api_url)
    if problem is not None:
        return problem
    if credentials.uses_key:
        return None if credentials.key else "key_missing"
    if not credentials.login:
        return "login_missing"
    return None if credentials.password else "password_missing"


def _sign_in_data(credentials: PbxCredentials) -> Credentials:
    if credentials.uses_key:
        return PermanentKey(credentials.key)
    return LoginAndPassword(credentials.login, credentials.password)


def _failed(error: PultError, more: Mapping[str, object] = _NOTHING) -> CheckResult:
    # What a lost answer to the login was hides behind one code; for a check the cause is what helps.
    cause = error.params.get("cause") if error.code == "sign_in_unanswered" else None
    code = cause if isinstance(cause, str) else error.code
    return CheckResult(code, ok=False, params={**error.params, **more}, error=error)


@asynccontextmanager
async def _http_session(clock: Clock) -> AsyncIterator[HttpSession]:
    http = HttpSession(user_agent=_USER_AGENT, clock=clock)
    try:
        yield http
    finally:
        await http.aclose()
