"""What a token office gives for a refresh token. How each vendor is asked for it is vendors.py's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class TokenGrant:
    """A new pair: the old refresh token is worth nothing from the moment the office made it. `facts`: what the vendor
    said beside it and is no secret, e.g. Bitrix24's `client_endpoint`."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    facts: Mapping[str, str] = field(default_factory=lambda: _NOTHING)


class TokenOffice(Protocol):
    """Where one application's tokens are renewed."""

    async def renew(self, refresh_token: str) -> TokenGrant:
        """Not idempotent. Raises SignInRefused for a refresh token that is used up, too old or not this application's,
        and for an application the office does not know; RightsMissing, LimitExceeded; LinkError when nothing was sent;
        OutcomeUnknown when the pair may have been made and its reply was lost."""
        ...
