"""How often a person may ask for a look at the list while points are scarce. Sends nothing."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Literal

ASKED_AN_HOUR = 12
"""Where points are scarce."""
TIGHT_AN_HOUR = 3
"""Where a look has to take what is kept for commands."""
_HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class LookRefusal:
    """Why *Refresh now* was not done. "often": the hour's share is used up; "points": what is left is kept for
    commands. `again_in_s`: seconds until it may be asked again, or until the next planned look."""

    reason: Literal["often", "points"]
    again_in_s: float


class AskedLooks:
    """A share of so many within any hour."""

    def __init__(self) -> None:
        self._asked_s: deque[float] = deque(maxlen=ASKED_AN_HOUR)

    def refusal(self, now_s: float, share: int) -> LookRefusal | None:
        """None: it may be done now, as one of `share` in an hour."""
        within = [at_s for at_s in self._asked_s if now_s - at_s < _HOUR_S]
        if len(within) < share:
            return None
        return LookRefusal("often", within[-share] + _HOUR_S - now_s)

    def note(self, now_s: float) -> None:
        """It was done."""
        self._asked_s.append(now_s)
