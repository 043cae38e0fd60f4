"""The account's points: limits a minute and a day, charged for successful requests only."""

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo

from app.simulator.schedule import Schedule
from app.simulator.uis_api.refusals import ApiRefusal

FREE_METHODS = frozenset({"login.user", "logout.user", "list.calls", "list.talk_options"})


class Points:
    """Minutes are clock minutes, days end at midnight of the account's zone."""

    def __init__(
        self,
        schedule: Schedule,
        zone: tzinfo,
        *,
        minute_limit: int,
        day_limit: int,
        weights: Mapping[str, int] | None = None,
    ) -> None:
        self.minute_limit = minute_limit
        self.day_limit = day_limit
        self.weights = dict(weights or {})
        self.minute_spent = 0
        self.day_spent = 0
        self._schedule = schedule
        self._zone = zone
        self._minute = self._this_minute()

    def weight_of(self, method: str) -> int:
        """Points one success of the method costs."""
        return self.weights.get(method, 0 if method in FREE_METHODS else 1)

    def check(self, method: str) -> None:
        """Raise ApiRefusal limit_exceeded when the method cannot be afforded."""
        self._turn_page()
        weight = self.weight_of(method)
        if weight == 0:
            return
        for limit_type, spent, limit in (
            ("minute", self.minute_spent, self.minute_limit),
            ("day", self.day_spent, self.day_limit),
        ):
            if spent + weight > limit:
                params: dict[str, object] = {"limit_type": limit_type, "limit_max_value": limit}
                raise ApiRefusal("limit_exceeded", params=params)

    def charge(self, method: str) -> None:
        """A success of the method."""
        weight = self.weight_of(method)
        self.minute_spent += weight
        self.day_spent += weight

    def spend(self, points: int) -> None:
        """Somebody else on the account spends points."""
        self._turn_page()
        self.minute_spent += points
        self.day_spent += points

    def as_limits(self) -> dict[str, int]:
        """``metadata.limits`` of a reply."""
        self._turn_page()
        now = self._now()
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        return {
            "day_limit": self.day_limit,
            "day_remaining": max(0, self.day_limit - self.day_spent),
            "day_reset": int((midnight - now).total_seconds()),
            "minute_limit": self.minute_limit,
            "minute_remaining": max(0, self.minute_limit - self.minute_spent),
            "minute_reset": 60 - now.second,
        }

    def _now(self) -> datetime:
        return self._schedule.wall_now().astimezone(self._zone)

    def _this_minute(self) -> datetime:
        return self._now().replace(second=0, microsecond=0)

    def _turn_page(self) -> None:
        minute = self._this_minute()
        if minute == self._minute:
            return
        if minute.date() != self._minute.date():
            self.day_spent = 0
        self.minute_spent = 0
        self._minute = minute
