"""How long to wait between polls beyond the interval: after failures, and so that consoles do not march in step."""

from __future__ import annotations

import random

MAX_BACKOFF_S = 10.0
"""A caller may ring while nothing is seen: longer than this nobody should wait for the next try."""
_SPREAD = 0.25


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
