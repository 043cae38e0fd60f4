"""How long to wait between polls beyond the interval: after failures, and so that consoles do not march in step; and
when fresh data matters more than otherwise."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

from app.clock import Clock
from app.domain.calls import EmployeeId
from app.domain.live_call import LiveCall

MAX_BACKOFF_S = 10.0
"""A caller may ring while nothing is seen: longer than this nobody should wait for the next try."""
_SPREAD = 0.25
_ATTENTION_S = 60.0


class Attention:
    """Fresh data matters while `is_busy` says so, and for a minute after somebody asked for it or did something."""

    def __init__(self, clock: Clock, is_busy: Callable[[], bool] | None) -> None:
        self._clock = clock
        self._is_busy = is_busy
        self._until_s = float("-inf")

    def note(self) -> None:
        """Somebody asks, or has done something."""
        self._until_s = self._clock.monotonic() + _ATTENTION_S

    def is_due(self) -> bool | None:
        """None: nobody can tell."""
        if self._is_busy is None:
            return None
        return self._clock.monotonic() < self._until_s or self._is_busy()


class PollPace:
    """Waits with chance in them; `dice` makes them repeatable."""

    def __init__(self, base_interval_s: float, dice: random.Random | None = None) -> None:
        self._base_interval_s = base_interval_s
        self._dice = dice or random.Random()  # noqa: S311  jitter, not a secret

    def spread_s(self, seconds: float) -> float:
        """Where points are scarce, all consoles of an account wait for the same moment: none sooner, some later."""
        return seconds + self._dice.uniform(0.0, min(_SPREAD * seconds, self._base_interval_s))

    def backoff_s(self, failed_in_row: int) -> float:
        """Seconds to wait after that many failed polls in a row."""
        longest_s = min(MAX_BACKOFF_S, self._base_interval_s * 2.0 ** min(failed_in_row - 1, 10))
        return longest_s * self._dice.uniform(0.5, 1.0)


def is_call_going_on(calls: Iterable[LiveCall], me: EmployeeId | None) -> bool:
    """A live call of mine; anybody's, where nobody sits here."""
    return any(me is None or call.session.leg_of(me) is not None for call in calls)
