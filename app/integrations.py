"""Builds the vendors' adapters from settings and secrets. Where no secret is set there is no adapter, and no error."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from app.account.port import AccountPort
from app.account.reports import CallReports
from app.amocrm.adapter import AmocrmCrm, AmocrmHabits
from app.amocrm.adapter import plan_steps as amocrm_steps
from app.amocrm.client import BURST as AMOCRM_BURST
from app.amocrm.client import RATE_PER_S as AMOCRM_RATE_PER_S
from app.amocrm.client import AmocrmClient, account_url_of
from app.amocrm.errors import TOKEN_REFUSED
from app.bitrix24.access import ApplicationAccess, PortalAccess, WebhookAccess
from app.bitrix24.adapter import REGISTER, Bitrix24Crm, PortalHabits
from app.bitrix24.adapter import plan_steps as bitrix24_steps
from app.bitrix24.adapter import plan_withdrawal as bitrix24_withdrawal
from app.bitrix24.rest import BURST, RATE_PER_S, PortalRest
from app.clock import Clock
from app.crm.port import CardToWrite, RecordingShelf
from app.errors import SecretsLocked
from app.http import HttpSession, PointsBudget, TokenBucket
from app.oauth import AmocrmOffice, Bitrix24Office, StaticToken, TokenSource, TokenSources
from app.outbox.entry import PlannedStep
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
from app.settings import Settings
from app.uis.adapter import UisTelephony
from app.uis.client import UisClient
from app.uis.data_adapter import UisAccount
from app.uis.data_client import UisDataClient
from app.uis.hosts import data_api_url_of, media_hosts_of
from app.uis.report_adapter import UisReports
from app.uis.rpc import Correlation
from app.uis.sign_in import Credentials, LoginAndPassword, PermanentKey, UisSignIn

_rates: WeakKeyDictionary[HttpSession, dict[str, TokenBucket]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Pbx:
    """A PBX that can be asked, and the points it has left. `account`: its lists, `reports`: calls that are over; None
    where it has no Data API."""

    telephony: UisTelephony
    points: PointsBudget
    account: AccountPort | None = None
    reports: CallReports | None = None


async def build_pbx(settings: Settings, secrets: SecretStore, http: HttpSession, clock: Clock) -> Pbx | None:
    """The PBX of the settings; a permanent key wins over login and password. None without either.

    Raises SecretsLocked when the keyring is there and does not give.
    """
    credentials = await _pbx_credentials(settings, secrets)
    if credentials is None:
        return None
    points = PointsBudget(clock)
    correlation = Correlation(settings.pbx.employee_id, clock)
    zone = ZoneInfo(settings.pbx.time_zone)
    sign_in = UisSignIn(credentials, clock)
    pbx_client = UisClient(http, settings.pbx.call_api_url, sign_in, correlation, points=points)
    account, reports = _data_api_of(settings, credentials, http, clock, correlation)
    return Pbx(UisTelephony(pbx_client, zone), points, account, reports)


def _data_api_of(
    settings: Settings, credentials: Credentials, http: HttpSession, clock: Clock, correlation: Correlation
) -> tuple[AccountPort | None, CallReports | None]:
    """None where the brand has no Data API that is known of. The token of one API need not be valid at the other."""
    pbx = settings.pbx
    url = pbx.data_api_url or data_api_url_of(pbx.call_api_url)
    if url is None:
        return None, None
    points, zone = PointsBudget(clock), ZoneInfo(pbx.time_zone)
    data_client = UisDataClient(http, url, UisSignIn(credentials, clock), correlation, points=points)
    hosts = media_hosts_of(pbx.call_api_url, pbx.recordings_url)
    return UisAccount(data_client, zone, clock, points), UisReports(data_client, zone, clock, points, hosts)


async def build_bitrix24(
    settings: Settings,
    secrets: SecretStore,
    http: HttpSession,
    clock: Clock,
    *,
    tokens: TokenSources | None = None,
    shelf: RecordingShelf | None = None,
) -> Bitrix24Crm | None:
    """The portal of the application where its settings and secrets are there, else of the stored webhook; None without
    either. Raises SecretsLocked."""
    if not settings.bitrix24.enabled:
        return None
    access = await _bitrix24_access(settings, secrets, http, tokens)
    if access is None:
        return None
    rest = PortalRest(http, access, _rate_of(http, access.portal_url, RATE_PER_S, BURST, clock), clock)
    return Bitrix24Crm(rest, habits=_portal_habits(settings), shelf=shelf)


async def bitrix24_tokens(
    settings: Settings, secrets: SecretStore, http: HttpSession, tokens: TokenSources
) -> TokenSource | None:
    """Of the local application; None where its settings or secrets are not there. `tokens` and `http` must be the
    process's own: of a refresh token there is one owner, and it goes on using that session. Raises SecretsLocked."""
    bitrix24 = settings.bitrix24
    if not bitrix24.client_id or not bitrix24.portal_url:
        return None
    client_secret = await secrets.get(BITRIX24_CLIENT_SECRET)
    if not client_secret or not await secrets.get(BITRIX24_REFRESH_TOKEN):
        return None
    office = Bitrix24Office(http, bitrix24.oauth_url, bitrix24.client_id, client_secret)
    return tokens.refreshing(BITRIX24_REFRESH_TOKEN, office)


async def _bitrix24_access(
    settings: Settings, secrets: SecretStore, http: HttpSession, tokens: TokenSources | None
) -> PortalAccess | None:
    source = None if tokens is None else await bitrix24_tokens(settings, secrets, http, tokens)
    if source is not None:
        return ApplicationAccess(settings.bitrix24.portal_url or "", source)
    webhook = await secrets.get(BITRIX24_WEBHOOK)
    return WebhookAccess(webhook) if webhook else None


def _portal_habits(settings: Settings) -> PortalHabits:
    bitrix24 = settings.bitrix24
    return PortalHabits(
        portal_url=bitrix24.portal_url,
        placeholder_number=bitrix24.placeholder_number or "",
        links_recordings=bitrix24.recording == "link",
        sends_recordings=bitrix24.recording != "off",
    )


async def build_amocrm(
    settings: Settings,
    secrets: SecretStore,
    http: HttpSession,
    clock: Clock,
    tokens: TokenSources,
    shelf: RecordingShelf | None = None,
) -> AmocrmCrm | None:
    """The account of `account_url`; None where that or its token is missing. Raises SecretsLocked."""
    source = await amocrm_tokens(settings, secrets, http, tokens)
    account_url = account_url_of(settings.amocrm.account_url or "")
    if source is None or not account_url:
        return None
    rate = _rate_of(http, account_url, AMOCRM_RATE_PER_S, AMOCRM_BURST, clock)
    habits = AmocrmHabits(
        recording_wait_s=settings.amocrm.recording_wait_s,
        sends_links=settings.amocrm.links_open_without_login,
        pipeline_id=settings.amocrm.pipeline_id,
    )
    return AmocrmCrm(AmocrmClient(http, account_url, source, rate), clock, habits=habits, shelf=shelf)


async def amocrm_tokens(
    settings: Settings, secrets: SecretStore, http: HttpSession, tokens: TokenSources
) -> TokenSource | None:
    """With a `client_id` the integration's renewing pair, else the long-lived token. Raises SecretsLocked."""
    amocrm = settings.amocrm
    if not amocrm.account_url:
        return None
    if not amocrm.client_id:
        token = await secrets.get(AMOCRM_TOKEN)
        return StaticToken(token, refusal=TOKEN_REFUSED) if token else None
    client_secret = await secrets.get(AMOCRM_CLIENT_SECRET)
    if not client_secret:
        return None
    office = AmocrmOffice(
        http, account_url_of(amocrm.account_url), amocrm.client_id, client_secret, amocrm.redirect_uri or ""
    )
    return tokens.refreshing(AMOCRM_REFRESH_TOKEN, office)


def plan_steps(settings: Settings, card: CardToWrite) -> tuple[PlannedStep, ...]:
    """What a card takes in every CRM the settings name, connected or not: what is not connected waits."""
    portal_card = replace(card, wants_recording=card.wants_recording and settings.bitrix24.recording != "off")
    steps = bitrix24_steps(portal_card) if settings.bitrix24.enabled else ()
    return steps + (amocrm_steps(card) if settings.amocrm.account_url else ())


def plan_registration(settings: Settings, card: CardToWrite) -> tuple[PlannedStep, ...]:
    """What is done at the first ring, where the settings want it."""
    at_ring = settings.bitrix24.enabled and settings.bitrix24.register_at == "ring"
    return tuple(step for step in bitrix24_steps(card) if step.name == REGISTER) if at_ring else ()


def plan_withdrawal(settings: Settings, card: CardToWrite) -> tuple[PlannedStep, ...]:
    """What is left to do for a call that was registered at the first ring and that no card is due for."""
    return bitrix24_withdrawal(card) if settings.bitrix24.enabled else ()


def _rate_of(http: HttpSession, address: str, rate_per_s: float, burst: int, clock: Clock) -> TokenBucket:
    """One for each portal or account of a session: connecting anew must not give a fresh burst to a bucket that is full
    there."""
    of_session = _rates.setdefault(http, {})
    return of_session.setdefault(address, TokenBucket(rate_per_s, burst, clock))


def pbx_host(settings: Settings) -> str:
    """The host that makes a call's number unique among several PBXs."""
    return urlsplit(settings.pbx.call_api_url).hostname or "pbx"


async def _pbx_credentials(settings: Settings, secrets: SecretStore) -> Credentials | None:
    has_login = bool(settings.pbx.login)
    # A kiosk gives its password in the environment: a keyring asked for a key might answer with a window.
    is_kiosk = has_login and secrets.is_in_environment(PBX_PASSWORD) and not secrets.is_in_environment(PBX_TOKEN)
    # Together: a keyring that hangs costs its time limit once.
    token, password = await asyncio.gather(
        _given_or_locked(secrets, None if is_kiosk else PBX_TOKEN),
        _given_or_locked(secrets, PBX_PASSWORD if has_login else None),
    )
    if isinstance(token, str) and token:
        return PermanentKey(token)
    # The environment may give a password although the keyring gives nothing.
    if isinstance(password, str) and password:
        return LoginAndPassword(settings.pbx.login, password)
    for found in (token, password):
        if isinstance(found, SecretsLocked):
            raise found
    return None


async def _given_or_locked(secrets: SecretStore, name: str | None) -> str | SecretsLocked | None:
    try:
        return None if name is None else await secrets.get(name)
    except SecretsLocked as error:
        return error
