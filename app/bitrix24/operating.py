"""Seconds of server time each method has used up (crm-notes 4): over 480 s in ten minutes the portal blocks the method
for everybody, so it is held back before. The others go on. Pure arithmetic; nobody waits here."""

from __future__ import annotations

from datetime import datetime

from app.bitrix24 import wire
from app.clock import Clock

LIMIT_S = 480.0
WINDOW_S = 600.0
# One request may take a minute.
_RESERVE_S = 60.0


class OperatingTime:
    """What `time` of each reply told, by method."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held_until_s: dict[str, float] = {}

    def wait_s(self, method: str) -> float:
        """Seconds this method has to be left alone."""
        return max(0.0, self._held_until_s.get(method, 0.0) - self._clock.monotonic())

    def note(self, method: str, envelope: wire.Envelope) -> None:
        """A reply came: hold the method back when another request of it might pass the limit."""
        used_s = wire.decimal_in(envelope.time, "operating")
        if used_s is None or used_s < LIMIT_S - _RESERVE_S:
            return
        self.hold(method, until_reset_s(envelope, self._clock.now()))

    def hold(self, method: str, seconds: float) -> None:
        """Leave the method alone that long."""
        self._held_until_s[method] = self._clock.monotonic() + seconds


def until_reset_s(envelope: wire.Envelope, now: datetime) -> float:
    """Seconds from the reply until a part of the limit is free again, between 1 and the window; the whole window when
    it is not told. `now` only where the reply does not tell its own time: clocks differ."""
    resets_at = wire.decimal_in(envelope.time, "operating_reset_at")
    if resets_at is None:
        return WINDOW_S
    replied_at = wire.decimal_in(envelope.time, "finish")
    asked_s = resets_at - (now.timestamp() if replied_at is None else replied_at)
    return min(max(1.0, asked_s), WINDOW_S)
