"""Points of the Call API, which the whole account shares: what is left, what a method costs, how often one
may poll.

Limits come with the replies (`metadata.limits`); the weights were never published, so they are learned from
what goes missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.clock import Clock
from app.http.points_costs import COSTS_NEEDED, POLL_METHOD, CommandsToday, MethodCost, MethodCosts, is_command
from app.http.points_pace import AWAKE_S, BusyShare, Sharers, SpendingPace, WorstRound, weight_at, weighted_s
from app.http.points_period import DAY_S, MINUTE_S, RESERVE, PointsLimits, PointsPeriod, PointsView
from app.http.points_shares import PointsShares

__all__ = ["RESERVE", "MethodCost", "PointsBudget", "PointsLimits", "PointsOutlook", "PointsView", "PollPlan"]

RequestKind = Literal["poll", "asked", "look", "command"]
PeriodName = Literal["minute", "day"]

_PROBE_S = 60.0
_REDUCED_FROM = 1.05
_MARGIN_FOR_OTHERS = 15
_CALM = 0.8


@dataclass(frozen=True, slots=True)
class PollPlan:
    """Seconds until the next poll; `reduced_by`: the purse that made it longer than the settings say."""

    interval_s: float
    reduced_by: PeriodName | None = None


@dataclass(frozen=True, slots=True)
class PointsOutlook:
    """All that can be told of the points, for a person. Wall times are aware UTC; None: never told, or not known.

    `day_runs_out_at`: when the day is used up if everybody goes on as in the last hour; None: it lasts.
    `pace_per_hour`: what everybody together spent in the last hour. `reserve`: points of the day only commands may use.
    """

    left: PointsView
    costs: tuple[MethodCost, ...] = ()
    minute_resets_at: datetime | None = None
    day_resets_at: datetime | None = None
    day_runs_out_at: datetime | None = None
    pace_per_hour: float | None = None
    reserve: int = 0


class PointsBudget:
    """Decides whether a request may be sent and how far apart polls must be, so that 20 % of each period stay
    for commands.

    The other consoles of the account spend from the same purse. Each console sees how much is gone when its
    next poll returns, and spaces its polls so that rounds like that last until the reset. If all do so, all
    slow down alike.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._minute = PointsPeriod(MINUTE_S)
        self._day = PointsPeriod(DAY_S)
        self._costs = MethodCosts()
        self._commands = CommandsToday()
        self._shares = PointsShares(self._minute, self._day, self._costs, self._commands)
        self._spending = SpendingPace()
        self._worst = WorstRound()
        self._sharers = Sharers()
        self._busy = BusyShare()
        self._last_poll_at: float | None = None
        self._last_plan_at: float | None = None
        self._awake_until = clock.monotonic() + AWAKE_S

    def observe(self, limits: PointsLimits, at: float | None = None, *, method: str | None = None) -> None:
        """Take over the limits of a reply received at `at` (monotonic; now if not given) to a request for
        `method`."""
        at = self._clock.monotonic() if at is None else at
        gone_before = self._day.gone
        spent = self._minute.observe(limits.minute_limit, limits.minute_remaining, limits.minute_reset_s, at)
        spent_of_day = self._day.observe(limits.day_limit, limits.day_remaining, limits.day_reset_s, at)
        self._spending.note(self._day.gone - gone_before, at)
        if method is None:
            return
        seen = [points for points in (spent, spent_of_day) if points is not None]
        self._costs.note(method, max(seen, default=None), at)
        if method == POLL_METHOD:
            self._note_round(at)
        elif is_command(method):
            self._note_command(method)

    def note_exhausted(self, period: PeriodName, resets_in_s: float | None = None) -> None:
        """The other side refused with "limit exceeded": that period has nothing left until its reset."""
        (self._minute if period == "minute" else self._day).exhaust(resets_in_s, self._clock.monotonic())

    def cost(self, method: str) -> int | None:
        """Points one request of this kind takes, None until seen often enough."""
        return self._costs.of(method)

    def can_spend(self, kind: RequestKind) -> bool:
        """May such a request be sent now? Commands may use everything; a "look" at what a command has done, what
        commands do not need; a look "asked" for by a person, half of that, too; planned polls leave something for both.
        """
        now = self._clock.monotonic()
        if kind == "command":
            return self._minute.remaining(now) != 0 and self._day.remaining(now) != 0
        if self._is_poll_free(now):
            return True
        if kind == "asked":
            return self._shares.has_for_asked_look(now)
        if kind == "poll":
            spares = self._shares.for_polls(now)
        else:
            spares = self._shares.for_looks(now, is_due=self._commands.owed > 0)
        return all(spare is None or spare >= self._costs.of_poll for spare in spares)

    def poll_interval_s(self, base_s: float) -> float:
        """Seconds between polls: `base_s` where points allow it, else as far apart as makes them last until
        the reset."""
        return self.plan(base_s).interval_s

    def plan(self, base_s: float, *, is_busy: bool | None = None) -> PollPlan:
        """When to poll next. `is_busy`: whether it matters now (None: nobody can tell); where points are scarce, polls
        are several times closer then than otherwise."""
        now = self._clock.monotonic()
        self._note_time(now, is_busy)
        if self._is_poll_free(now) or self._is_probing(now):
            return PollPlan(base_s)
        minute_s, day_s = self._minute_interval_s(now), self._day_interval_s(now, is_busy)
        if self._costs.of(POLL_METHOD) == 0:
            # A purse that is counted late, perhaps. Asking it again is the only way to know.
            minute_s, day_s = min(minute_s, _PROBE_S), min(day_s, _PROBE_S)
        interval_s = max(base_s, minute_s, day_s)
        if interval_s <= base_s * _REDUCED_FROM:
            return PollPlan(interval_s)
        return PollPlan(interval_s, "minute" if minute_s >= day_s else "day")

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
            poll_cost=self.cost(POLL_METHOD),
        )

    @property
    def outlook(self) -> PointsOutlook:
        """Everything that is known, in wall time."""
        now = self._clock.monotonic()
        per_s = self._spending.per_s(now)
        return PointsOutlook(
            left=self.remaining,
            costs=self._costs.table(),
            minute_resets_at=self._wall(self._minute.resets_at, now),
            day_resets_at=self._wall(self._day.resets_at, now),
            day_runs_out_at=self._wall(self._runs_out_at(now, per_s), now),
            pace_per_hour=None if per_s is None else per_s * 3600.0,
            reserve=self._shares.of_commands(now),
        )

    def _note_round(self, at: float) -> None:
        """The reply just observed was one to a poll: a round of the account's spending ends here."""
        cost = self._costs.of_poll
        self._worst.note(self._minute.gone)
        spare = self._shares.for_polls(at)[1]
        if self._last_poll_at is not None and spare is not None and spare > 0:
            even_s = cost * self._even_s(at, spare)
            self._sharers.note(at - self._last_poll_at, max(0, self._day.gone - cost), cost / even_s, even_s)
        self._last_poll_at = at
        self._minute.gone = self._day.gone = 0
        self._commands.note_look()

    def _note_command(self, method: str) -> None:
        """The reply just observed was one to a command of ours: that is nobody's pace."""
        cost = max(1, self.cost(method) or 0)
        self._minute.gone = max(0, self._minute.gone - cost)
        self._day.gone = max(0, self._day.gone - cost)
        self._commands.note(self._day.turns)

    def _note_time(self, now: float, is_busy: bool | None) -> None:
        if self._last_plan_at is not None and is_busy is not None:
            self._busy.note(now - self._last_plan_at, is_busy=is_busy)
        self._last_plan_at = now
        if is_busy:
            self._awake_until = now + AWAKE_S

    def _minute_interval_s(self, now: float) -> float:
        """So far apart that the minute lasts; 0 when it was never told."""
        spare, cost = self._shares.for_polls(now)[0], self._costs.of_poll
        if spare is None:
            return 0.0
        left_s, per_round = self._minute.left_s(now), self._worst.points(cost)
        if per_round > cost:
            # Others are about to poll by figures as old as ours.
            spare -= (self._minute.limit or 0) // _MARGIN_FOR_OTHERS
        return left_s if spare < cost else min(left_s, per_round * left_s / spare)

    def _day_interval_s(self, now: float, is_busy: bool | None) -> float:
        """So far apart that the day lasts; 0 when it was never told."""
        spare, cost = self._shares.for_polls(now)[1], self._costs.of_poll
        if spare is None:
            return 0.0
        left_s = self._day.left_s(now)
        if spare < cost:
            return left_s
        factor = 1.0 if is_busy is None else self._busy.factor(is_busy=is_busy)
        return min(left_s, factor * self._sharers.count * cost * self._even_s(now, spare))

    def _even_s(self, now: float, spare: int) -> float:
        """Seconds between points if this console were alone and always as busy."""
        left_s = self._day.left_s(now)
        if self._day.resets_at is None:
            return left_s / spare
        is_awake = now < self._awake_until
        weight = 1.0 if is_awake else weight_at(DAY_S - left_s)
        return weighted_s(left_s, is_awake=is_awake) / (weight * spare)

    def _is_poll_free(self, now: float) -> bool:
        if self._costs.of(POLL_METHOD) != 0:
            return False
        # Near the reserve a median is not proof enough: a purse that is counted late would be emptied by
        # "free" polls.
        is_tight = any(spare is not None and spare < 1 for spare in self._shares.for_polls(now))
        return not is_tight or self._costs.is_poll_surely_free

    def _is_probing(self, now: float) -> bool:
        """While nothing is known, two polls close together tell; while all that is known says free, the next few do."""
        left, limit = self._minute.remaining(now), self._minute.limit
        if not self._costs.might_poll_be_free or (left is not None and left < _CALM * (limit or 0)):
            return False
        return all(spare is None or spare > COSTS_NEEDED for spare in self._shares.for_polls(now))

    def _runs_out_at(self, now: float, per_s: float | None) -> float | None:
        left = self._day.remaining(now)
        if left is None or not per_s or self._day.resets_at is None:
            return None
        runs_out_at = now + left / per_s
        return runs_out_at if runs_out_at < self._day.resets_at else None

    def _wall(self, monotonic_s: float | None, now: float) -> datetime | None:
        if monotonic_s is None:
            return None
        return self._clock.now() + timedelta(seconds=monotonic_s - now)
