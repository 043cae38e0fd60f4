"""The access token: a permanent key, or one the PBX gave for login and password. Sends nothing by itself."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Protocol

from app.clock import Clock
from app.errors import LinkDown, OutcomeUnknown, SignInRefused
from app.logs import register_secret

RENEW_BEFORE_S = 60.0
TOKEN_LIFE_S = 3600.0
RENEWABLE_REFUSALS = frozenset({"access_token_invalid", "access_token_expired"})


@dataclass(frozen=True, slots=True)
class PermanentKey:
    """A key made in the cabinet; it is the token itself."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LoginAndPassword:
    """A user of the account."""

    login: str
    password: str = field(repr=False)


Credentials = PermanentKey | LoginAndPassword


@dataclass(frozen=True, slots=True)
class SessionToken:
    """What login.user gives: `expires_at_s` in seconds since 1970, None when it was not told."""

    token: str = field(repr=False)
    expires_at_s: float | None


class Authority(Protocol):
    """Who exchanges login and password for a token, and takes it back."""

    async def login_user(self, login: str, password: str) -> SessionToken: ...

    async def logout_user(self, token: str) -> None: ...


class UisSignIn:
    """Keeps one token. Several requests in need of one cause one login."""

    def __init__(self, credentials: Credentials, clock: Clock) -> None:
        self._credentials: Credentials | None = credentials
        self._clock = clock
        self._login_under_way = asyncio.Lock()
        self._token: str | None = None
        self._renew_at_s = 0.0
        for secret in (getattr(credentials, "token", None), getattr(credentials, "password", None)):
            if secret:
                register_secret(secret)

    @property
    def can_renew(self) -> bool:
        """A permanent key cannot: its refusals are for the administrator."""
        return isinstance(self._credentials, LoginAndPassword)

    async def token(self, authority: Authority) -> str:
        """A token that is good for at least a minute, as far as is known; logs in when there is none.

        Raises SignInRefused (wrong login or password, or signed out), LinkError when no login was possible.
        """
        async with self._login_under_way:
            match self._credentials:
                case None:
                    raise SignInRefused("signed_out")
                case PermanentKey(token):
                    return token
                case LoginAndPassword(login, password):
                    if self._token is None or self._clock.monotonic() >= self._renew_at_s:
                        self._keep(await _log_in(authority, login, password))
                    return self._token or ""

    def forget(self, token: str) -> None:
        """The PBX refused that token. A newer one, fetched meanwhile by another request, stays."""
        if self._token == token:
            self._token = None

    async def sign_out(self, authority: Authority) -> None:
        """Give a session's token back and forget the credentials: the next request raises SignInRefused."""
        token, self._token = self._token, None
        self._credentials = None
        if token is not None:
            await authority.logout_user(token)

    def _keep(self, given: SessionToken) -> None:
        register_secret(given.token)
        self._token = given.token
        left_s = TOKEN_LIFE_S
        if given.expires_at_s is not None:
            left_s = given.expires_at_s - self._clock.now().timestamp()
        if left_s <= RENEW_BEFORE_S:
            # This machine's wall clock is ahead. Believing it would mean a login before every request; the PBX
            # tells in time when the token is over.
            left_s = TOKEN_LIFE_S
        self._renew_at_s = self._clock.monotonic() + min(left_s, TOKEN_LIFE_S) - RENEW_BEFORE_S


async def _log_in(authority: Authority, login: str, password: str) -> SessionToken:
    try:
        return await authority.login_user(login, password)
    except OutcomeUnknown as error:
        cause = error.code
    # For the request that needed the token the case is clear: it was never sent.
    raise LinkDown("sign_in_unanswered", {"cause": cause})
