"""What a vendor's client needs to know about its access token, and the simplest case: one that is never renewed."""

from __future__ import annotations

from typing import Protocol

from app.errors import SignInRefused
from app.logs import register_secret


class TokenSource(Protocol):
    """Gives the access token. Both methods raise SignInRefused or RightsMissing (a person has to act), LinkError or
    LimitExceeded (nothing was sent for sure: try again later), SecretsError (the keyring does not give)."""

    async def access_token(self) -> str:
        """A token that may be good; nobody asks the vendor for one that is at hand."""
        ...

    async def renewed(self, stale: str) -> str:
        """A token other than `stale`, which the vendor has just refused. Of many who ask at once one renews."""
        ...


class StaticToken:
    """A long-lived token. Nothing renews it but the administrator."""

    def __init__(self, token: str, *, refusal: str = "token_refused") -> None:
        self._token = token
        self._refusal = refusal
        register_secret(token)

    async def access_token(self) -> str:
        return self._token

    async def renewed(self, stale: str) -> str:  # noqa: ARG002  the protocol's
        """Raises SignInRefused, always."""
        raise SignInRefused(self._refusal)
