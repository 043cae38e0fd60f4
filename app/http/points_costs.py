"""What each method seems to cost, and how many commands went out today. Learned from replies; decides nothing."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

POLL_METHOD = "list.calls"
_NO_COMMANDS = frozenset({"login.user", "logout.user"})
_REMEMBERED_COSTS = 9
COSTS_NEEDED = 3
_CLOSE_S = 5.0
_OWED_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class MethodCost:
    """What one request of a method takes; `points` None while it was not seen often enough. `so_far`: the least seen
    until then, for a person only; None while nothing could be told."""

    method: str
    points: int | None
    times_seen: int
    so_far: int | None = None


def is_command(method: str) -> bool:
    """Something the operator does, not a look at the account."""
    return method not in _NO_COMMANDS and not method.startswith(("list.", "get."))


class MethodCosts:
    """Points that went missing with each reply, by method."""

    def __init__(self) -> None:
        self._seen: dict[str, deque[int]] = {}
        self._close: dict[str, deque[int]] = {}
        self._times: dict[str, int] = {}
        self._last_at = float("-inf")

    def note(self, method: str, points: int | None, at: float) -> None:
        """A reply to the method; None: what went missing cannot be told."""
        self._times[method] = self._times.get(method, 0) + 1
        if points is not None:
            self._seen.setdefault(method, deque(maxlen=_REMEMBERED_COSTS)).append(points)
            if at - self._last_at <= _CLOSE_S:
                self._close.setdefault(method, deque(maxlen=_REMEMBERED_COSTS)).append(points)
        self._last_at = at

    def of(self, method: str) -> int | None:
        """Points one request takes, None until seen often enough.

        Other consoles' spending falls between our replies and only ever adds to single ones, so replies that followed
        close on another tell best, and the second smallest is nearest to the truth: the smallest may be a purse that
        was counted late.
        """
        if len(self._seen.get(method, ())) < COSTS_NEEDED:
            return None
        seen = sorted(self._close.get(method) or self._seen[method])
        if seen[len(seen) // 2] == 0:
            return 0
        return max(1, seen[0] if len(seen) < COSTS_NEEDED else seen[1])

    @property
    def of_poll(self) -> int:
        """At least 1, for whoever could not show that polls are free."""
        return max(1, self.of(POLL_METHOD) or 0)

    @property
    def of_command(self) -> int:
        """What the dearest command takes, as far as that is known; at least 1."""
        return max((1, *(self.of(method) or 0 for method in self._seen if is_command(method))))

    @property
    def is_poll_surely_free(self) -> bool:
        """Not one of the last polls has cost anything."""
        return self.of(POLL_METHOD) == 0 and not any(self._seen[POLL_METHOD])

    @property
    def might_poll_be_free(self) -> bool:
        """Too little is known, and nothing of it speaks against."""
        seen = self._seen.get(POLL_METHOD, ())
        return len(seen) < COSTS_NEEDED and not any(seen)

    def table(self) -> tuple[MethodCost, ...]:
        """Every method seen so far, by name."""
        return tuple(self._cost(method, times) for method, times in sorted(self._times.items()))

    def _cost(self, method: str, times: int) -> MethodCost:
        points = self.of(method)
        seen = self._close.get(method) or self._seen.get(method) or ()
        return MethodCost(method, points, times, min(seen, default=None) if points is None else None)


class CommandsToday:
    """Own commands of the account's day; `turn` tells one day from the next. `owed`: looks that are due, to see what
    came of the last ones."""

    def __init__(self) -> None:
        self.owed = 0
        self._turn = 0
        self._count = 0

    def note(self, turn: int) -> None:
        self._count = self.count(turn) + 1
        self._turn = turn
        self.owed = min(self.owed + 1, _OWED_AT_MOST)

    def note_look(self) -> None:
        self.owed = max(0, self.owed - 1)

    def count(self, turn: int) -> int:
        return self._count if self._turn == turn else 0
