"""The portal's leaky bucket: drains at a steady rate, overflows into QUERY_LIMIT_EXCEEDED (crm-notes 4)."""

from app.simulator.clock import SimulatorClock


class LeakyBucket:
    """Counts requests of all methods together, by the simulated clock."""

    def __init__(self, clock: SimulatorClock, *, drain_per_s: float = 2.0, burst: int = 50) -> None:
        self._clock = clock
        self._drain_per_s = drain_per_s
        self._burst = burst
        self._level = 0.0
        self._measured_at_s = clock.monotonic()

    @property
    def level(self) -> float:
        """Requests in the bucket now."""
        self._drain()
        return self._level

    def admit(self) -> bool:
        """Count one request; False when the bucket is full, and then it is not counted."""
        self._drain()
        if self._level + 1 > self._burst:
            return False
        self._level += 1
        return True

    def _drain(self) -> None:
        now_s = self._clock.monotonic()
        self._level = max(0.0, self._level - (now_s - self._measured_at_s) * self._drain_per_s)
        self._measured_at_s = now_s
