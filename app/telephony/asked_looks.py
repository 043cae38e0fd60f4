"""How often a person may ask for a look at the list while points are scarce. Sends nothing."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Literal

ASKED_AN_HOUR = 12
_HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class LookRefusal:
    """Why *Refresh now* was not done. "often": the hour's share is used up; "points": what is left is kept for
    commands. `again_in_s`: seconds until it may be asked again, or until the next planned look."""

    reason: Literal["often", "points"]
    again_in_s: float


class AskedLooks:
    """A share of so many an hour, at any moment."""

    def __init__(self) -> None:
        self._asked_s: deque[float] = deque(maxlen=ASKED_AN_HOUR)

    def refusal(self, now_s: float) -> LookRefusal | None:
        """None: it may be done now."""
        if len(self._asked_s) < ASKED_AN_HOUR or now_s - self._asked_s[0] >= _HOUR_S:
            return None
        return LookRefusal("often", self._asked_s[0] + _HOUR_S - now_s)

    def note(self, now_s: float) -> None:
        """It was done."""
        self._asked_s.append(now_s)
