"""Builds the vendors' adapters from settings and secrets. Where no secret is set there is no adapter, and no error."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from app.account.port import AccountPort
from app.bitrix24.access import WebhookAccess
from app.bitrix24.adapter import Bitrix24Crm, PortalHabits
from app.bitrix24.rest import BURST, RATE_PER_S, PortalRest
from app.clock import Clock
from app.crm.port import RecordingShelf
from app.errors import SecretsLocked
from app.http import HttpSession, PointsBudget, TokenBucket
from app.secrets import BITRIX24_WEBHOOK, PBX_PASSWORD, PBX_TOKEN, SecretStore
from app.settings import Settings
from app.uis.adapter import UisTelephony
from app.uis.client import UisClient
from app.uis.data_adapter import UisAccount
from app.uis.data_client import UisDataClient
from app.uis.hosts import data_api_url_of
from app.uis.rpc import Correlation
from app.uis.sign_in import Credentials, LoginAndPassword, PermanentKey, UisSignIn

_portal_rates: WeakKeyDictionary[HttpSession, dict[str, TokenBucket]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Pbx:
    """A PBX that can be asked, and the points it has left. `account`: its lists; None where it has no Data API."""

    telephony: UisTelephony
    points: PointsBudget
    account: AccountPort | None = None


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
    return Pbx(
        UisTelephony(pbx_client, zone), points, _account_of(settings, credentials, http, clock, correlation, zone)
    )


def _account_of(
    settings: Settings,
    credentials: Credentials,
    http: HttpSession,
    clock: Clock,
    correlation: Correlation,
    zone: ZoneInfo,
) -> UisAccount | None:
    """None where the brand has no Data API that is known of. The token of one API need not be valid at the other."""
    url = settings.pbx.data_api_url or data_api_url_of(settings.pbx.call_api_url)
    if url is None:
        return None
    points = PointsBudget(clock)
    data_client = UisDataClient(http, url, UisSignIn(credentials, clock), correlation, points=points)
    return UisAccount(data_client, zone, clock, points)


async def build_bitrix24(
    settings: Settings, secrets: SecretStore, http: HttpSession, clock: Clock, shelf: RecordingShelf | None = None
) -> Bitrix24Crm | None:
    """The portal of the stored webhook; links lead to `portal_url` where it is set. Raises SecretsLocked."""
    webhook = await secrets.get(BITRIX24_WEBHOOK)
    if not webhook:
        return None
    access = WebhookAccess(webhook)
    rest = PortalRest(http, access, _portal_rate(http, access.portal_url, clock), clock)
    return Bitrix24Crm(rest, habits=_portal_habits(settings), shelf=shelf)


def _portal_habits(settings: Settings) -> PortalHabits:
    bitrix24 = settings.bitrix24
    return PortalHabits(
        portal_url=bitrix24.portal_url,
        placeholder_number=bitrix24.placeholder_number or "",
        links_recordings=bitrix24.recording == "link",
    )


def _portal_rate(http: HttpSession, portal_url: str, clock: Clock) -> TokenBucket:
    """One for each portal of a session: connecting anew must not give a fresh burst to a bucket that is full there."""
    of_session = _portal_rates.setdefault(http, {})
    return of_session.setdefault(portal_url, TokenBucket(RATE_PER_S, BURST, clock))


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
