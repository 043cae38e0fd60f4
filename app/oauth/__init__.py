"""Access tokens of the CRMs: fixed ones, and pairs that are renewed with a refresh token which is good for one use."""

from app.oauth.expiry import expires_at
from app.oauth.grant import TokenGrant, TokenOffice
from app.oauth.refresher import RefreshingToken
from app.oauth.registry import TokenSources
from app.oauth.source import StaticToken, TokenSource
from app.oauth.vendors import AmocrmOffice, Bitrix24Office

__all__ = [
    "AmocrmOffice",
    "Bitrix24Office",
    "RefreshingToken",
    "StaticToken",
    "TokenGrant",
    "TokenOffice",
    "TokenSource",
    "TokenSources",
    "expires_at",
]
