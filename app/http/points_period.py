"""One purse of points, of a minute or of a day, as the replies tell of it: what is left, until when, what went missing.

How the rest is spread over time is not decided here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

MINUTE_S = 60.0
DAY_S = 86_400.0
RESERVE = 0.2
_LARGEST_RESERVE = 0.5


@dataclass(frozen=True, slots=True)
class PointsLimits:
    """One reply's limits as told: points and seconds until the next reset. Each may be missing."""

    day_limit: int | None = None
    day_remaining: int | None = None
    day_reset_s: int | None = None
    minute_limit: int | None = None
    minute_remaining: int | None = None
    minute_reset_s: int | None = None


@dataclass(frozen=True, slots=True)
class PointsView:
    """What is left now, for the status bar. `*_at_monotonic` are readings of the clock's `monotonic`. None:
    never told."""

    minute_remaining: int | None
    minute_limit: int | None
    minute_resets_at_monotonic: float | None
    day_remaining: int | None
    day_limit: int | None
    day_resets_at_monotonic: float | None
    poll_cost: int | None


class PointsPeriod:
    """Points of one minute or one day. `gone`: what went missing since it was last set to zero, at least."""

    def __init__(self, length_s: float) -> None:
        self.length_s = length_s
        self.limit: int | None = None
        self.resets_at: float | None = None
        self.gone = 0
        self.turns = 0
        self._remaining: int | None = None

    def observe(self, limit: int | None, remaining: int | None, reset_s: int | None, at: float) -> int | None:
        """Take over what a reply says; gives the points that went missing since the reply before, None when
        that cannot be told."""
        if limit is not None:
            self.limit = max(0, limit)
        if remaining is None:
            return None
        remaining = max(0, remaining)
        before = self._remaining
        is_same_window = before is not None and self.resets_at is not None and at < self.resets_at
        resets_at = at + (self.length_s if reset_s is None else min(max(0, reset_s), self.length_s))
        if is_same_window and self.resets_at is not None and resets_at > self.resets_at + self.length_s / 2:
            # The other side's window turned over before ours was due.
            is_same_window = False
        if is_same_window and before is not None and remaining > before:
            # A reply that was overtaken by a later one: the smaller figure is the newer one.
            return None
        self._remaining, self.resets_at = remaining, resets_at
        if not is_same_window or before is None:
            self.turns += 1
            if before is not None and self.limit is not None:
                self.gone += max(0, self.limit - remaining)
            return None
        self.gone += before - remaining
        return before - remaining

    def exhaust(self, resets_in_s: float | None, at: float) -> None:
        """Nothing is left until the reset."""
        self._remaining = 0
        self.resets_at = at + (self.length_s if resets_in_s is None else max(0.0, resets_in_s))

    def remaining(self, now: float) -> int | None:
        """Points left; the full limit again once the reset has passed, until a reply tells."""
        if self._remaining is not None and self.resets_at is not None and now >= self.resets_at:
            return self.limit
        return self._remaining

    def reserve(self, now: float, needed: int = 0) -> int:
        """Points no planned poll may touch: a fifth, more where commands need more, but never more than half."""
        limit = self.remaining(now) if self.limit is None else self.limit
        if limit is None:
            return 0
        return max(math.ceil(limit * RESERVE), min(needed, math.ceil(limit * _LARGEST_RESERVE)))

    def left_s(self, now: float) -> float:
        """Seconds until the reset; the whole length when that is not known or over."""
        if self.resets_at is None or now >= self.resets_at:
            return self.length_s
        return self.resets_at - now
