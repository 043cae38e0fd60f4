"""Token offices of the simulated CRMs: pairs whose refresh token is good for one use. Source: crm-notes 3 and 6.5."""

import hmac
import random
from collections.abc import Mapping
from dataclasses import dataclass

from app.simulator.clock import SimulatorClock

_KNOWN_GRANTS = frozenset({"refresh_token", "authorization_code"})


@dataclass(frozen=True)
class Application:
    """Who may ask. The secrets are made up and open nothing but this process."""

    client_id: str
    client_secret: str
    redirect_uri: str = ""
    """Has to come with every request where it is not empty."""


@dataclass(frozen=True)
class TokenPair:
    """What a good request gets."""

    access_token: str
    refresh_token: str
    expires_in_s: int


class TokenRefusalError(Exception):
    """The standard's error code: invalid_client, invalid_grant, invalid_request, PAYMENT_REQUIRED."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description


class TokenDesk:
    """The pairs of one application, by the simulated clock."""

    def __init__(
        self,
        application: Application,
        clock: SimulatorClock,
        *,
        first_refresh_token: str,
        access_ttl_s: int,
        refresh_ttl_s: int,
        seed: str,
    ) -> None:
        self.application = application
        self.is_paid = True
        """Without it every request is refused with PAYMENT_REQUIRED."""
        self.renewals = 0
        """How many pairs were given for a refresh token."""
        self._clock = clock
        self._access_ttl_s = access_ttl_s
        self._refresh_ttl_s = refresh_ttl_s
        self._dice = random.Random(f"oauth {seed}")
        self._access: dict[str, float] = {}
        self._refresh: dict[str, float] = {first_refresh_token: clock.monotonic() + refresh_ttl_s}
        self._codes: dict[str, float] = {}

    def exchange(self, params: Mapping[str, str]) -> TokenPair:
        """A new pair for a refresh token or a code; what was used is worth nothing afterwards.

        Raises TokenRefusalError.
        """
        if params.get("grant_type") not in _KNOWN_GRANTS:
            raise TokenRefusalError("invalid_request", "grant_type is not supported")
        if not self._is_known(params):
            raise TokenRefusalError("invalid_client", "Client authentication failed")
        if self.application.redirect_uri and params.get("redirect_uri") != self.application.redirect_uri:
            raise TokenRefusalError("invalid_request", "redirect_uri does not match")
        if not self.is_paid:
            raise TokenRefusalError("PAYMENT_REQUIRED", "Payment required")
        renews = params["grant_type"] == "refresh_token"
        book, name = (self._refresh, "refresh_token") if renews else (self._codes, "code")
        ends_s = book.pop(params.get(name, ""), None)
        if ends_s is None or self._clock.monotonic() >= ends_s:
            raise TokenRefusalError("invalid_grant", "Token has been revoked")
        self.renewals += renews
        return self.issue()

    def issue(self) -> TokenPair:
        """A pair out of nothing, as when the application is installed."""
        now_s = self._clock.monotonic()
        access, refresh = (f"{self._dice.getrandbits(256):064x}" for _ in range(2))
        self._access[access] = now_s + self._access_ttl_s
        self._refresh[refresh] = now_s + self._refresh_ttl_s
        return TokenPair(access, refresh, self._access_ttl_s)

    def issue_code(self, ttl_s: float) -> str:
        """A code that may be exchanged for a pair once."""
        code = f"{self._dice.getrandbits(128):032x}"
        self._codes[code] = self._clock.monotonic() + ttl_s
        return code

    def is_valid(self, access_token: str) -> bool:
        """Whether the access token opens the account now."""
        ends_s = self._access.get(access_token)
        return ends_s is not None and self._clock.monotonic() < ends_s

    def expire_access(self) -> None:
        """Every access token is over; refresh tokens stay."""
        self._access.clear()

    def revoke(self) -> None:
        """The administrator took the application away: nothing is valid any more."""
        self._access.clear()
        self._refresh.clear()

    def _is_known(self, params: Mapping[str, str]) -> bool:
        given = (params.get("client_id", ""), params.get("client_secret", ""))
        known = (self.application.client_id, self.application.client_secret)
        return all(hmac.compare_digest(one.encode(), other.encode()) for one, other in zip(given, known, strict=True))
