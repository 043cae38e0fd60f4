"""One access token that renews itself: once for all who ask, the new pair on the disk before anybody uses it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from app.background import BackgroundTasks
from app.errors import LinkDown, OutcomeUnknown, PultError, SignInRefused
from app.logs import register_secret
from app.oauth.grant import TokenGrant, TokenOffice
from app.oauth.kept import KeptRefreshToken, RefreshCandidate
from app.oauth.vendors import SIGN_IN_AGAIN
from app.secrets import SecretStore, StoredWhere

_logger = logging.getLogger(__name__)
_PATIENCE_S = 2.5

NEVER_SIGNED_IN = "oauth_token_missing"
PAIR_LOST = "oauth_pair_lost"


class RefreshingToken:
    """A TokenSource over one refresh token. There must be one of it per process and secret: two renewing side by side
    make each other's pair worthless.

    The access token lives in memory only. It is renewed when the vendor refuses it, not by the clock (crm-notes 3).
    A renewal runs on when whoever asked for it is cancelled: its reply holds the only good token.
    """

    def __init__(self, office: TokenOffice, secrets: SecretStore, secret_name: str) -> None:
        self._office = office
        self._kept = KeptRefreshToken(secrets, secret_name)
        self._secret_name = secret_name
        self._access_token: str | None = None
        self._facts: Mapping[str, str] = {}
        self._renewal: asyncio.Task[str | PultError] | None = None
        self._tasks = BackgroundTasks()
        self._refused: dict[str, PultError] = {}
        self._in_doubt: set[str] = set()
        self._is_closing = False
        self.is_in_memory_only = False
        """The newest refresh token could not be stored: the next run has to sign in again."""

    @property
    def facts(self) -> Mapping[str, str]:
        """What the vendor said beside the newest pair (TokenGrant.facts); empty before the first renewal."""
        return self._facts

    def use_office(self, office: TokenOffice) -> None:
        """Ask there from now on: other settings. What was refused may be good there."""
        self._office = office
        self._access_token = None
        self._refused.clear()

    async def access_token(self) -> str:
        if self._access_token is not None:
            return self._access_token
        return await self._renewed()

    async def renewed(self, stale: str) -> str:
        if self._access_token is not None and self._access_token != stale:
            return self._access_token
        return await self._renewed()

    async def aclose(self) -> None:
        """Let a renewal under way end for a moment: its reply would be the only good token."""
        self._is_closing = True
        if self._renewal is not None:
            await asyncio.wait({self._renewal}, timeout=_PATIENCE_S)
        await self._tasks.aclose()

    async def _renewed(self) -> str:
        if self._is_closing:
            raise LinkDown("closed")
        if self._renewal is None:
            self._renewal = self._tasks.start(self._renew(), name="oauth-renewal")
        outcome = await asyncio.shield(self._renewal)
        if isinstance(outcome, PultError):
            raise outcome
        return outcome

    async def _renew(self) -> str | PultError:
        """The new access token, or why there is none: a value, since many may wait for it."""
        try:
            return await self._try_candidates()
        except PultError as error:
            return error
        finally:
            self._renewal = None

    async def _try_candidates(self) -> str:
        refusal: PultError | None = None
        office = self._office
        for candidate in await self._kept.candidates():
            if candidate.token in self._refused:
                refusal = refusal or self._refused[candidate.token]
                continue
            try:
                grant = await office.renew(candidate.token)
            except OutcomeUnknown as error:
                self._in_doubt.add(candidate.token)
                # For the request that needed the token the case is clear: it was not sent, or was refused.
                raise LinkDown("sign_in_unanswered", {"cause": error.code}) from None
            except SignInRefused as error:
                if error.code != SIGN_IN_AGAIN:
                    raise
                told = self._note_refused(candidate, error)
                refusal = refusal or told
                continue
            return await self._take(office, candidate, grant)
        raise refusal or SignInRefused(NEVER_SIGNED_IN)

    def _note_refused(self, candidate: RefreshCandidate, error: SignInRefused) -> PultError:
        """It is not asked about again until somebody gives another one."""
        was_lost = candidate.token in self._in_doubt
        told = SignInRefused(PAIR_LOST, vendor_message=error.vendor_message) if was_lost else error
        self._refused[candidate.token] = told
        return told

    async def _take(self, office: TokenOffice, used: RefreshCandidate, grant: TokenGrant) -> str:
        """First stored, then used: whatever dies from here on, the pair is not lost."""
        register_secret(grant.access_token)
        where = await self._kept.keep(used, grant.refresh_token)
        self.is_in_memory_only = where is StoredWhere.MEMORY
        if self.is_in_memory_only:
            _logger.warning("a renewed refresh token is in memory only", extra={"secret_name": self._secret_name})
        self._in_doubt.discard(used.token)
        if office is self._office:
            self._access_token, self._facts = grant.access_token, grant.facts
        return grant.access_token
