"""Who may take how much of what is left: commands everything, looks what commands do not need, polls the rest."""

from __future__ import annotations

import math

from app.http.points_costs import CommandsToday, MethodCosts
from app.http.points_period import PointsPeriod

COMMANDS_A_DAY = 150
"""So many commands always find their points, however late in the day they come."""
LOOKS_RESERVE = 0.1
"""Of the day, for looks after a command, or asked for, once planned polls have used up theirs."""
_LAST_RESERVE = 0.02
"""Of the day, for commands when they have had their reserve: more than anybody expected."""


class PointsShares:
    """Points of (minute, day) that remain for each kind of request; None where the purse was never told."""

    def __init__(self, minute: PointsPeriod, day: PointsPeriod, costs: MethodCosts, commands: CommandsToday) -> None:
        self._minute = minute
        self._day = day
        self._costs = costs
        self._commands = commands

    def for_polls(self, now: float) -> tuple[int | None, int | None]:
        """What planned polls may use."""
        minute, day = self._minute.remaining(now), self._day.remaining(now)
        return (
            None if minute is None else minute - self._minute.reserve(now),
            None if day is None else day - self.of_commands(now) - self._of_looks,
        )

    def for_looks(self, now: float, *, is_due: bool) -> tuple[int | None, int | None]:
        """The same for looks. Those that are due after commands have a third of their reserve for themselves."""
        minute, day = self._minute.remaining(now), self._day.remaining(now)
        kept = self.of_commands(now) + (0 if is_due else self._of_looks // 3)
        return (
            None if minute is None else minute - self._minute.reserve(now) // 2,
            None if day is None else day - kept,
        )

    def has_for_asked_look(self, now: float) -> bool:
        """A person who asks may go down to half of what commands have in the morning."""
        left = self._day.remaining(now)
        half = self._day.reserve(now, COMMANDS_A_DAY * self._costs.of_command) // 2
        return self._minute.remaining(now) != 0 and (left is None or left > half)

    def of_commands(self, now: float) -> int:
        """What is kept of the day for commands. Those that went out already have taken their share of it."""
        limit, of_command = self._day.limit or 0, self._costs.of_command
        left = self._day.reserve(now, COMMANDS_A_DAY * of_command) - self._commands.count(self._day.turns) * of_command
        return math.ceil(limit * _LAST_RESERVE) + max(0, left)

    @property
    def _of_looks(self) -> int:
        """What is kept for looks: never more than commands that may still come."""
        coming = max(0, COMMANDS_A_DAY - self._commands.count(self._day.turns)) * self._costs.of_poll
        return min(coming, math.ceil((self._day.limit or 0) * LOOKS_RESERVE))
