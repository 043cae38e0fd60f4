"""Who we are to the portal: an incoming webhook, or an application with tokens that are renewed (crm-notes 3).

How tokens are renewed and kept is oauth's.
"""

from __future__ import annotations

from typing import Protocol
from urllib.parse import urlsplit

from app.oauth import TokenSource


class PortalAccess(Protocol):
    """Where a method is asked, and with which token in the body; None: the address itself says who asks. Getting a
    token raises what a TokenSource raises; nothing was asked of the portal then."""

    @property
    def portal_url(self) -> str: ...

    def address_of(self, method: str) -> str: ...

    async def token(self) -> str | None: ...

    async def renewed(self, stale: str, /) -> str: ...


class WebhookAccess:
    """`webhook_url` (https://PORTAL/rest/USER/SECRET/) is a secret as a whole: it is in no error, log or repr."""

    def __init__(self, webhook_url: str) -> None:
        self._webhook_url = webhook_url.strip().rstrip("/") + "/"

    @property
    def portal_url(self) -> str:
        """Scheme and host of the portal, without the secret path."""
        return portal_url_of(self._webhook_url)

    def address_of(self, method: str) -> str:
        return f"{self._webhook_url}{method}.json"

    async def token(self) -> None:
        return None

    async def renewed(self, _stale: str, /) -> str:
        raise LookupError("a webhook has no token")


class ApplicationAccess:
    """A local application of the portal: its token travels in the body of each request."""

    def __init__(self, portal_url: str, tokens: TokenSource) -> None:
        self._portal_url = portal_url_of(portal_url.strip())
        self._tokens = tokens

    @property
    def portal_url(self) -> str:
        return self._portal_url

    def address_of(self, method: str) -> str:
        return f"{self._portal_url}/rest/{method}"

    async def token(self) -> str | None:
        return await self._tokens.access_token()

    async def renewed(self, stale: str, /) -> str:
        return await self._tokens.renewed(stale)


def portal_url_of(address: str) -> str:
    """Scheme and host of an address on the portal; empty when it is none."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    return f"{parts.scheme}://{host}{port}" if host and parts.scheme in ("http", "https") else ""
