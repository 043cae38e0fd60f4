"""The renewing tokens of this process: one for each refresh token, whoever asks and however often it is connected."""

from __future__ import annotations

from app.oauth.grant import TokenOffice
from app.oauth.refresher import RefreshingToken
from app.secrets import SecretStore


class TokenSources:
    """Outlives the connections made with it: a renewal under way survives *Connect*."""

    def __init__(self, secrets: SecretStore) -> None:
        self._secrets = secrets
        self._by_secret: dict[str, RefreshingToken] = {}

    def refreshing(self, secret_name: str, office: TokenOffice) -> RefreshingToken:
        """The one token source over this refresh token, asking `office` from now on."""
        found = self._by_secret.get(secret_name)
        if found is None:
            found = self._by_secret[secret_name] = RefreshingToken(office, self._secrets, secret_name)
        else:
            found.use_office(office)
        return found

    async def aclose(self) -> None:
        """Let renewals under way end."""
        for source in self._by_secret.values():
            await source.aclose()
