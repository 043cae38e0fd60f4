"""Where the refresh token stands between two runs: given by the administrator, or the newest one of a chain it began.

A rotated token stands in the keyring together with the mark of the token its chain began with, in one entry, so that no
crash can part them. The environment keeps the first token for ever: while it still holds the one the chain began with,
the rotated token wins; a new value there begins a new chain.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets as random_bits
from dataclasses import dataclass, field

from app.logs import register_secret
from app.secrets import SecretStore, StoredWhere

_ROTATED = "pult1:rotated:"


@dataclass(frozen=True, slots=True)
class RefreshCandidate:
    """A refresh token that may be good, and the token its chain began with, or that one's mark."""

    token: str = field(repr=False)
    seed_mark: str = field(repr=False)


class KeptRefreshToken:
    """One refresh token of the SecretStore, under its name there."""

    def __init__(self, secrets: SecretStore, name: str) -> None:
        self._secrets = secrets
        self._name = name

    async def candidates(self) -> tuple[RefreshCandidate, ...]:
        """Those worth trying, the likeliest first; empty when nobody gave any. Raises SecretsLocked."""
        given = self._secrets.given(self._name)
        kept = await self._secrets.kept(self._name)
        rotated = _parsed(kept) if kept is not None else None
        found: list[RefreshCandidate] = []
        if rotated is not None and (given is None or _is_marked(rotated.seed_mark, given)):
            found.append(rotated)
        if given is not None:
            found.append(RefreshCandidate(given, _mark_of(given)))
        if rotated is not None and rotated not in found:
            found.append(rotated)
        if kept is not None and rotated is None and kept != given:
            found.append(RefreshCandidate(kept, _mark_of(kept)))
        for candidate in found:
            register_secret(candidate.token)
        return tuple(found)

    async def keep(self, used: RefreshCandidate, token: str) -> StoredWhere:
        """Store the token that came for `used`. MEMORY: it is lost when the program ends."""
        register_secret(token)
        return await self._secrets.set(self._name, f"{_ROTATED}{used.seed_mark}:{token}")


def _mark_of(seed: str) -> str:
    salt = random_bits.token_hex(16)
    return f"{salt}.{_keyed(salt, seed)}"


def _is_marked(mark: str, seed: str) -> bool:
    salt, _, digest = mark.partition(".")
    return hmac.compare_digest(digest.encode(), _keyed(salt, seed).encode())


def _keyed(salt: str, seed: str) -> str:
    return hmac.new(salt.encode(), seed.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _parsed(kept: str) -> RefreshCandidate | None:
    """None for a token as the administrator gave it."""
    if not kept.startswith(_ROTATED):
        return None
    mark, _, token = kept.removeprefix(_ROTATED).partition(":")
    return RefreshCandidate(token, mark) if token else None
