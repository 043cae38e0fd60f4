"""Points of the Call API, which the whole account shares: what is left, what a method costs, how often one
may poll.

Limits come with the replies (`metadata.limits`); the weights were never published, so they are learned from
what goes missing.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Literal

from app.clock import Clock

PollOrCommand = Literal["poll", "command"]

RESERVE = 0.2
_POLL_METHOD = "list.calls"
_REMEMBERED_COSTS = 9
_COSTS_NEEDED = 3
_MINUTE_S = 60.0
_REMEMBERED_ROUNDS = 2
_REMEMBERED_ROUNDS_OF_DAY = 5


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


class _Period:
    """Points of one minute or one day."""

    def __init__(self, length_s: float) -> None:
        self._length_s = length_s
        self.limit: int | None = None
        self._remaining: int | None = None
        self.resets_at: float | None = None
        self._gone_since_poll = 0
        self._between_polls: deque[int] = deque(
            maxlen=_REMEMBERED_ROUNDS if length_s <= _MINUTE_S else _REMEMBERED_ROUNDS_OF_DAY
        )

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
        resets_at = at + (self._length_s if reset_s is None else min(max(0, reset_s), self._length_s))
        if is_same_window and self.resets_at is not None and resets_at > self.resets_at + self._length_s / 2:
            # The other side's window turned over before ours was due.
            is_same_window = False
        if is_same_window and before is not None and remaining > before:
            # A reply that was overtaken by a later one: the smaller figure is the newer one.
            return None
        self._remaining, self.resets_at = remaining, resets_at
        if not is_same_window or before is None:
            if before is not None and self.limit is not None:
                self._gone_since_poll += max(0, self.limit - remaining)
            return None
        self._gone_since_poll += before - remaining
        return before - remaining

    def note_poll(self) -> None:
        """The reply just observed was one to a poll: a round of the account's spending ends here."""
        self._between_polls.append(self._gone_since_poll)
        self._gone_since_poll = 0

    def spent_per_round(self, cost: int) -> int:
        """Points that everybody together spends while this console polls once; at least the poll's own cost.

        For the minute the worst round counts, and is forgotten within the minute. For the day the usual one: a burst
        of somebody's commands, taken for the pace of a whole day, would leave the console blind for minutes.
        """
        rounds = sorted(self._between_polls)
        if not rounds:
            return cost
        return max(cost, rounds[-1] if self._length_s <= _MINUTE_S else rounds[len(rounds) // 2])

    def exhaust(self, resets_in_s: float | None, at: float) -> None:
        self._remaining = 0
        self.resets_at = at + (self._length_s if resets_in_s is None else max(0.0, resets_in_s))

    def remaining(self, now: float) -> int | None:
        """Points left; the full limit again once the reset has passed, until a reply tells."""
        if self._remaining is not None and self.resets_at is not None and now >= self.resets_at:
            return self.limit
        return self._remaining

    def spare(self, now: float) -> int | None:
        """Points left above the reserve that is kept for commands."""
        remaining = self.remaining(now)
        if remaining is None:
            return None
        limit = remaining if self.limit is None else self.limit
        return remaining - math.ceil(limit * RESERVE)

    def left_s(self, now: float) -> float:
        if self.resets_at is None or now >= self.resets_at:
            return self._length_s
        return self.resets_at - now


class PointsBudget:
    """Decides whether a request may be sent and how far apart polls must be, so that 20 % of each period stay
    for commands.

    The other consoles of the account spend from the same purse. Each console sees how much is gone when its
    next poll returns, and spaces its polls so that rounds like that last until the reset. If all do so, all
    slow down alike.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._minute = _Period(_MINUTE_S)
        self._day = _Period(86_400.0)
        self._costs: dict[str, deque[int]] = {}

    def observe(self, limits: PointsLimits, at: float | None = None, *, method: str | None = None) -> None:
        """Take over the limits of a reply received at `at` (monotonic; now if not given) to a request for
        `method`."""
        at = self._clock.monotonic() if at is None else at
        spent = self._minute.observe(limits.minute_limit, limits.minute_remaining, limits.minute_reset_s, at)
        spent_of_day = self._day.observe(limits.day_limit, limits.day_remaining, limits.day_reset_s, at)
        seen = [points for points in (spent, spent_of_day) if points is not None]
        if method == _POLL_METHOD:
            for period in self._periods:
                period.note_poll()
        if method is not None and seen:
            self._costs.setdefault(method, deque(maxlen=_REMEMBERED_COSTS)).append(max(seen))

    def note_exhausted(self, period: Literal["minute", "day"], resets_in_s: float | None = None) -> None:
        """The other side refused with "limit exceeded": that period has nothing left until its reset."""
        (self._minute if period == "minute" else self._day).exhaust(resets_in_s, self._clock.monotonic())

    def cost(self, method: str) -> int | None:
        """Points one request of this kind takes, None until seen often enough.

        The median of the last sightings: other consoles' spending falls between our replies and only ever
        adds to single ones.
        """
        seen = self._costs.get(method, ())
        return sorted(seen)[len(seen) // 2] if len(seen) >= _COSTS_NEEDED else None

    def can_spend(self, kind: PollOrCommand) -> bool:
        """May such a request be sent now? Commands may use everything, polls only what lies above the
        reserve."""
        now = self._clock.monotonic()
        if kind == "command":
            return all(period.remaining(now) != 0 for period in self._periods)
        if self._is_poll_free():
            return True
        cost = self._poll_cost()
        return all((spare := period.spare(now)) is None or spare >= cost for period in self._periods)

    def poll_interval_s(self, base_s: float) -> float:
        """Seconds between polls: `base_s` where points allow it, else as far apart as makes them last until
        the reset."""
        if self._is_poll_free():
            return base_s
        now = self._clock.monotonic()
        cost = self._poll_cost()
        interval_s = base_s
        for period in self._periods:
            spare = period.spare(now)
            if spare is None:
                continue
            left_s = period.left_s(now)
            per_round = period.spent_per_round(cost)
            interval_s = max(interval_s, left_s if spare < cost else min(left_s, per_round * left_s / spare))
        return interval_s

    @property
    def remaining(self) -> PointsView:
        """What is left now."""
        now = self._clock.monotonic()
        return PointsView(
            minute_remaining=self._minute.remaining(now),
            minute_limit=self._minute.limit,
            minute_resets_at_monotonic=self._minute.resets_at,
            day_remaining=self._day.remaining(now),
            day_limit=self._day.limit,
            day_resets_at_monotonic=self._day.resets_at,
            poll_cost=self.cost(_POLL_METHOD),
        )

    @property
    def _periods(self) -> tuple[_Period, _Period]:
        return self._minute, self._day

    def _poll_cost(self) -> int:
        """At least 1: whoever gets here could not show that polls are free."""
        return max(1, self.cost(_POLL_METHOD) or 0)

    def _is_poll_free(self) -> bool:
        if self.cost(_POLL_METHOD) != 0:
            return False
        # Near the reserve a median is not proof enough: a purse that is counted late would be emptied by
        # "free" polls.
        now = self._clock.monotonic()
        is_tight = any((spare := period.spare(now)) is not None and spare < 1 for period in self._periods)
        return not is_tight or not any(self._costs[_POLL_METHOD])
