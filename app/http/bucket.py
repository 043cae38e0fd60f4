"""A rate the other side enforces (Bitrix24: 2 requests a second, burst 50), kept from this side."""

from __future__ import annotations

import asyncio

from app.clock import Clock
from app.errors import LimitExceeded

_LONGEST_REST_S = 10.0


class TokenBucket:
    """`take` waits for its turn, first come first served. A cancelled waiter takes nothing, nor does one who is turned
    away."""

    def __init__(self, rate_per_s: float, burst: int, clock: Clock) -> None:
        if rate_per_s <= 0 or burst < 1:
            raise ValueError("a bucket needs a positive rate and a burst of at least 1")
        self._rate_per_s = rate_per_s
        self._burst = burst
        self._clock = clock
        self._tokens = float(burst)
        self._filled_at = clock.monotonic()
        self._shut_until = self._filled_at
        self._turn = asyncio.Lock()

    @property
    def wait_s(self) -> float:
        """Seconds until one request may go, were nobody waiting."""
        self._refill()
        missing_s = max(0.0, 1.0 - self._tokens) / self._rate_per_s
        return max(missing_s, self._shut_until - self._clock.monotonic(), 0.0)

    async def take(self) -> None:
        """Wait until one more request may be sent, and count it. Raises LimitExceeded where the other side wants a rest
        of more than some seconds: nobody should hang that long with something half done."""
        async with self._turn:
            while (wait_s := self.wait_s) > 0:
                rest_s = self._shut_until - self._clock.monotonic()
                if rest_s > _LONGEST_REST_S:
                    raise LimitExceeded("too_many_requests", resets_in_s=rest_s)
                await self._clock.sleep(wait_s)
            self._tokens -= 1.0

    def note_refusal(self, retry_after_s: float | None = None) -> None:
        """The other side said "too many": its bucket is empty, so ours is; nothing goes out before
        `retry_after_s` either."""
        self._refill()
        self._tokens = 0.0
        if retry_after_s is not None:
            self._shut_until = max(self._shut_until, self._clock.monotonic() + retry_after_s)

    def _refill(self) -> None:
        now = self._clock.monotonic()
        grown = self._tokens + (now - self._filled_at) * self._rate_per_s
        # A float's dust must not keep a whole token away, nor make the loop above sleep for nothing.
        self._tokens = min(float(self._burst), grown if abs(grown - round(grown)) > 1e-9 else float(round(grown)))
        self._filled_at = now
