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
from datetime import timedelta
from types import MappingProxyType
from urllib.parse import urlsplit

from app.addresses import address_problem
from app.amocrm.client import BURST as AMOCRM_BURST
from app.amocrm.client import RATE_PER_S as AMOCRM_RATE_PER_S
from app.amocrm.client import AmocrmClient
from app.amocrm.errors import TOKEN_REFUSED
from app.bitrix24.access import ApplicationAccess, PortalAccess, WebhookAccess
from app.bitrix24.client import Bitrix24Client
from app.bitrix24.directory import Bitrix24Directory
from app.bitrix24.rest import BURST, RATE_PER_S, PortalRest
from app.clock import Clock, SystemClock
from app.domain.customer import CrmUser
from app.errors import PultError, RightsMissing
from app.http import HttpSession, TokenBucket
from app.oauth import StaticToken, TokenSource, expires_at
from app.secrets import AMOCRM_TOKEN, BITRIX24_WEBHOOK, PBX_PASSWORD, PBX_TOKEN, SecretsPlace, SecretStore
from app.settings import Settings
from app.uis.client import UisClient
from app.uis.rpc import DEADLINE_S, Correlation
from app.uis.sign_in import Credentials, LoginAndPassword, PermanentKey, UisSignIn

_USER_AGENT = "Pult"
_EXPIRES_SOON_DAYS = 14
_NOTHING: Mapping[str, object] = MappingProxyType({})
_WEBHOOK_PATH = re.compile(r"/rest/\d+/\w+/?")
_TOLD_BY_NO_USER = frozenset({"insufficient_scope", "user_access_error", "access_denied"})


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`code` is "signed_in" (params: `calls`), "bitrix24_ready" (`user_id`, `name`), "amocrm_ready"
    (`account_id`, `name`, `user_id`, `user_name`, and of a token that ends `expires_in_days`, with `expires_soon` in
    the last two weeks), a missing or wrong value
    ("login_missing", "webhook_shape", …), or the code of `error`, whose facts are in `params`. `users`: those of
    amoCRM, where they may be listed."""

    code: str
    ok: bool
    params: Mapping[str, object] = field(default_factory=lambda: _NOTHING)
    error: PultError | None = None
    users: tuple[CrmUser, ...] = ()


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
class AmocrmCredentials:
    """The account and a long-lived token, or the process's own `tokens` of an integration. `user_id` None: whoever the
    token belongs to."""

    account_url: str
    token: str = field(default="", repr=False)
    tokens: TokenSource | None = field(default=None, repr=False)
    user_id: int | None = None


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


async def check_amocrm(credentials: AmocrmCredentials, *, clock: Clock | None = None) -> CheckResult:
    """Ask whose account it is, and as whom; where the token may, whether `user_id` is one of its users. Makes nothing.

    Raises nothing of PultError: that is the answer.
    """
    used_clock = clock or SystemClock()
    missing = _missing_for_amocrm(credentials)
    if missing is not None:
        return CheckResult(missing, ok=False)
    ending = _days_left(credentials.token, used_clock)
    if ending.get("expires_in_days", 0) < 0:
        return CheckResult("amo_token_expired", ok=False, params=ending)
    tokens = credentials.tokens or StaticToken(credentials.token, refusal=TOKEN_REFUSED)
    async with _http_session(used_clock) as http:
        limiter = TokenBucket(AMOCRM_RATE_PER_S, AMOCRM_BURST, used_clock)
        client = AmocrmClient(http, credentials.account_url, tokens, limiter)
        try:
            facts = await client.account()
            known = await _known_users(client)
        except PultError as error:
            return _failed(error)
    user_id = credentials.user_id or facts.user_id
    if known is not None and user_id not in {user.user_id for user in known}:
        return CheckResult("amo_user_not_found", ok=False, params={"user_id": user_id})
    user_name = next((user.name for user in known or () if user.user_id == user_id), "")
    params = {"account_id": facts.account_id, "name": facts.name, "user_id": user_id, "user_name": user_name}
    return CheckResult("amocrm_ready", ok=True, params={**params, **ending}, users=known or ())


async def _known_users(client: AmocrmClient) -> tuple[CrmUser, ...] | None:
    """None for whoever is no administrator: the id is believed as it was typed."""
    try:
        return await client.users()
    except RightsMissing as error:
        if error.code != "amo_forbidden":
            raise
        return None


def _missing_for_amocrm(credentials: AmocrmCredentials) -> str | None:
    if not credentials.account_url:
        return "amo_address_missing"
    problem = address_problem(credentials.account_url)
    if problem is not None:
        return problem
    return None if credentials.token or credentials.tokens is not None else "amo_token_missing"


def _days_left(token: str, clock: Clock) -> dict[str, int]:
    """`expires_in_days` of a token that says when it ends, below 0 when it has; with `expires_soon` = 1 when somebody
    should make a new one."""
    ends_at = expires_at(token)
    if ends_at is None:
        return {}
    days = (ends_at - clock.now()) // timedelta(days=1)
    return {"expires_in_days": days, **({"expires_soon": 1} if days < _EXPIRES_SOON_DAYS else {})}


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

    async def check_amocrm(self, tokens: TokenSource | None = None) -> CheckResult:
        """As `check_amocrm`. `tokens`: the process's own for an integration (integrations.amocrm_tokens): a second one
        renewing beside it would make its pair worthless. Raises SecretsLocked when the keyring does not give."""
        amocrm = self._settings.amocrm
        token = "" if tokens is not None or amocrm.client_id else await self._secrets.get(AMOCRM_TOKEN) or ""
        credentials = AmocrmCredentials(amocrm.account_url or "", token, tokens, amocrm.user_id)
        return await check_amocrm(credentials, clock=self._clock)

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
