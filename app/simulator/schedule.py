"""Future changes of the world, kept on a heap and carried out when somebody looks. Nothing ticks by itself."""

import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.simulator.clock import SimulatorClock


@dataclass(order=True, slots=True)
class Planned:
    """One change, due at `due_s` of the clock's monotonic time."""

    due_s: float
    order: int
    action: Callable[[], None] = field(compare=False)
    is_cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        """Never carry it out."""
        self.is_cancelled = True


class Schedule:
    """While a planned change runs, `now_s` and `wall_now` are its own due moment, however late it is carried out."""

    def __init__(self, clock: SimulatorClock) -> None:
        self._clock = clock
        self._wall_start = clock.now()
        self._start_s = clock.monotonic()
        self._moment_s: float | None = None
        self._order = 0
        self._heap: list[Planned] = []

    def now_s(self) -> float:
        """Monotonic seconds as the world has them."""
        return self._clock.monotonic() if self._moment_s is None else self._moment_s

    def wall_now(self) -> datetime:
        """Aware UTC time as the world has it."""
        return self._wall_start + timedelta(seconds=self.now_s() - self._start_s)

    def elapsed_s(self) -> float:
        """Seconds since the world began."""
        return self.now_s() - self._start_s

    def after(self, delay_s: float, action: Callable[[], None]) -> Planned:
        """Plan `action` `delay_s` from the world's now."""
        self._order += 1
        planned = Planned(self.now_s() + max(0.0, delay_s), self._order, action)
        heapq.heappush(self._heap, planned)
        return planned

    @contextmanager
    def as_of(self, seconds_ago: float) -> Iterator[None]:
        """What is planned inside is planned as if it were `seconds_ago` earlier; `catch_up` then lives it through."""
        outer_s = self._moment_s
        self._moment_s = self.now_s() - seconds_ago
        try:
            yield
        finally:
            self._moment_s = outer_s

    def catch_up(self) -> None:
        """Carry out everything due by now, in order; what the changes plan themselves counts too."""
        if self._moment_s is not None:
            return
        now_s = self._clock.monotonic()
        while self._heap and self._heap[0].due_s <= now_s:
            planned = heapq.heappop(self._heap)
            if planned.is_cancelled:
                continue
            self._moment_s = planned.due_s
            try:
                planned.action()
            finally:
                self._moment_s = None
