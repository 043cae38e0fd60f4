"""Seconds of server time each method took within ten minutes, and the block that follows (crm-notes 4).

Ten baskets of a minute for each method. The limit is the method's, for all applications and webhooks of the portal.
"""

from collections import defaultdict
from dataclasses import dataclass

from app.simulator.clock import SimulatorClock

LIMIT_S = 480.0
BASKET_S = 60
BASKETS = 10
COST_S = 0.05
RECORD_COST_S = 1.94
"""What storing a recording took in the vendor's own example."""


@dataclass(frozen=True)
class OperatingState:
    """What `time` says of one method: seconds used, and the Unix second at which a part of them is free again."""

    used_s: float
    reset_at: int


class OperatingLedger:
    """By the simulated clock. `costs_s`: what one request of a method takes, where a test wants another figure."""

    def __init__(self, clock: SimulatorClock) -> None:
        self.costs_s: dict[str, float] = {}
        self._clock = clock
        self._baskets: dict[str, dict[int, float]] = defaultdict(dict)

    def is_blocked(self, method: str) -> bool:
        """Whether the method has used up its time."""
        return self.state_of(method).used_s >= LIMIT_S

    def charge(self, method: str, effects: list[str]) -> None:
        """One request was worked on."""
        usual_s = RECORD_COST_S if any(effect.startswith("record ") for effect in effects) else COST_S
        baskets, now = self._baskets[method], self._basket()
        baskets[now] = baskets.get(now, 0.0) + self.costs_s.get(method, usual_s)

    def state_of(self, method: str) -> OperatingState:
        """Used within the window, and when its oldest basket leaves it."""
        now = self._basket()
        kept = {basket: used_s for basket, used_s in self._baskets[method].items() if basket > now - BASKETS}
        self._baskets[method] = kept
        oldest = min(kept, default=now)
        return OperatingState(sum(kept.values()), (oldest + BASKETS) * BASKET_S)

    def _basket(self) -> int:
        return int(self._clock.now().timestamp()) // BASKET_S
