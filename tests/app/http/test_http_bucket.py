"""The token bucket against a server's own: two a second with a burst of fifty."""

from __future__ import annotations

import asyncio

import pytest

from app.http import TokenBucket
from tests.helpers.clock import FakeClock


class LeakyServer:
    """Bitrix24's side: refuses what comes too fast."""

    def __init__(self, clock: FakeClock, rate_per_s: float = 2.0, burst: int = 50) -> None:
        self._clock, self._rate_per_s, self._burst = clock, rate_per_s, burst
        self._level, self._at = 0.0, clock.monotonic()
        self.served: list[float] = []
        self.refused = 0

    def request(self) -> None:
        now = self._clock.monotonic()
        self._level = max(0.0, self._level - (now - self._at) * self._rate_per_s)
        self._at = now
        if self._level + 1 > self._burst + 1e-6:
            self.refused += 1
        else:
            self._level += 1
            self.served.append(now)


async def drain(requests: int, bucket: TokenBucket | None, clock: FakeClock, server: LeakyServer) -> None:
    async def send() -> None:
        if bucket is not None:
            await bucket.take()
        server.request()

    senders = [asyncio.create_task(send()) for _ in range(requests)]
    await clock.pass_time(requests)
    await asyncio.gather(*senders)


async def test_a_long_queue_leaves_as_fast_as_allowed_and_nothing_is_refused() -> None:
    clock = FakeClock()
    server = LeakyServer(clock)
    await drain(150, TokenBucket(2.0, 50, clock), clock, server)
    assert server.refused == 0
    assert len(server.served) == 150
    assert server.served[-1] - server.served[0] == pytest.approx(50.0, abs=0.6)


async def test_without_the_bucket_the_server_refuses() -> None:
    clock = FakeClock()
    server = LeakyServer(clock)
    await drain(150, None, clock, server)
    assert server.refused == 100


async def test_turns_are_taken_in_order_and_a_cancelled_one_costs_nothing() -> None:
    clock = FakeClock()
    bucket = TokenBucket(1.0, 1, clock)
    await bucket.take()
    order: list[str] = []

    async def waiter(name: str) -> None:
        await bucket.take()
        order.append(f"{name} at {clock.monotonic() - 1000:g}")

    first, second, third = (asyncio.create_task(waiter(name)) for name in ("first", "second", "third"))
    await clock.until_sleeping()
    second.cancel()
    await clock.pass_time(5)
    await asyncio.gather(first, third)
    assert order == ["first at 1", "third at 2"]


async def test_a_refusal_empties_the_bucket_and_shuts_it_for_the_time_told() -> None:
    clock = FakeClock()
    bucket = TokenBucket(2.0, 50, clock)
    assert bucket.wait_s == 0
    bucket.note_refusal()
    assert bucket.wait_s == pytest.approx(0.5)
    bucket.note_refusal(retry_after_s=10)
    assert bucket.wait_s == pytest.approx(10)
    taking = asyncio.create_task(bucket.take())
    await clock.pass_time(9.9)
    assert not taking.done()
    await clock.pass_time(0.1)
    await taking


@pytest.mark.parametrize(("rate_per_s", "burst"), [(0, 1), (-1, 1), (1, 0)])
def test_a_bucket_that_never_gives_is_refused(rate_per_s: float, burst: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        TokenBucket(rate_per_s, burst, FakeClock())
