"""How the points of a day are spread over its hours, over the consoles of the account, and over busy and idle times.

Pure figures; what is left in the purse and whether a request may go is the budget's.
"""

from __future__ import annotations

import math
from collections import deque

from app.http.points_period import DAY_S

WORKDAY_BEGINS_S = 8 * 3600.0
WORKDAY_ENDS_S = 20 * 3600.0
NIGHT_WEIGHT = 0.1
AWAKE_S = 3600.0
"""So long after something happened the coming hour counts as working time, whatever the clock says."""
BUSY_TIMES = 3.0
"""A busy console polls so many times as often as an idle one."""
_SHARE_REMEMBERED_S = 3600.0
_SHARE_AT_FIRST = 0.25
_SHARE_STEP_S = 900.0
_OTHERS_REMEMBERED_ROUNDS = 4.0
_BURST_FACTOR = 3.0
_BURST_POINTS = 5
_GAIN = 0.3
_ROUNDS_TO_LEARN = 4
_PULL = 0.15
_MOST_CONSOLES = 500.0
_WORST_ROUNDS = 2
_STARTING = 3
_PACE_REMEMBERED_S = 3600.0
_PACE_NEEDED_S = 30.0
_PACE_SAMPLE_S = 30.0


def weight_at(day_s: float) -> float:
    """What a second is worth, `day_s` seconds after the account's midnight: callers call by day."""
    return 1.0 if WORKDAY_BEGINS_S <= day_s < WORKDAY_ENDS_S else NIGHT_WEIGHT


def weighted_s(left_s: float, *, is_awake: bool) -> float:
    """Seconds until midnight, each by its weight."""
    begins_s = DAY_S - left_s
    worked_s = max(0.0, WORKDAY_ENDS_S - max(begins_s, WORKDAY_BEGINS_S))
    weighted = worked_s + NIGHT_WEIGHT * (left_s - worked_s)
    if is_awake:
        nights_s = min(AWAKE_S, left_s)
        if begins_s < WORKDAY_BEGINS_S:
            nights_s = min(nights_s, WORKDAY_BEGINS_S - begins_s)
        elif begins_s < WORKDAY_ENDS_S:
            nights_s = max(0.0, nights_s - (WORKDAY_ENDS_S - begins_s))
        weighted += (1.0 - NIGHT_WEIGHT) * nights_s
    return weighted


class WorstRound:
    """The minute: the largest loss of the last rounds, a round being what all spend while this console polls once."""

    def __init__(self) -> None:
        self._rounds: deque[int] = deque(maxlen=_WORST_ROUNDS)
        self._noted = 0

    def note(self, gone: int) -> None:
        self._rounds.append(gone)
        self._noted += 1

    def points(self, cost: int) -> int:
        """At least the poll's own cost. At first more than was seen: where everybody starts, it will be more."""
        worst = max((0, *self._rounds))
        return max(cost, worst if self._noted > _ROUNDS_TO_LEARN or worst <= cost else _STARTING * worst)


class BusyShare:
    """How much of the time this console has been busy lately, and what that leaves for either time."""

    def __init__(self) -> None:
        self._share = _SHARE_AT_FIRST

    def note(self, seconds: float, *, is_busy: bool) -> None:
        """So long it was busy, or was not."""
        # One long silence must not wipe out what the hours before have taught.
        weight = min(seconds, _SHARE_STEP_S) / _SHARE_REMEMBERED_S
        self._share += min(1.0, weight) * ((1.0 if is_busy else 0.0) - self._share)

    def factor(self, *, is_busy: bool) -> float:
        """What to multiply the even interval with; over busy and idle time together as much is spent as evenly."""
        busy = self._share + (1.0 - self._share) / BUSY_TIMES
        return busy if is_busy else busy * BUSY_TIMES


class Sharers:
    """How many consoles like this one the account seems to have, from what goes missing between its own polls.

    Everyone scales by what all spend together, measured against what lasts until the reset. That alone would keep a
    console that came first ahead for ever; a slight pull towards fewer brings them together.
    """

    def __init__(self) -> None:
        self.count = 1.0
        self._others = 0.0
        self._rounds = 0
        self._watched_s = 0.0

    def note(self, seconds: float, gone_by_others: int, lasting_per_s: float, even_s: float) -> None:
        """One round of `seconds`; `lasting_per_s`: points a second that last until the reset; `even_s`: the interval
        at which a console alone would spend that much."""
        if seconds <= 0 or lasting_per_s <= 0:
            return
        natural_s = max(even_s * self.count, 1.0)
        self._rounds += 1
        self._watched_s = min(self._watched_s + seconds, _OTHERS_REMEMBERED_ROUNDS * natural_s)
        expected = self._others * lasting_per_s * seconds
        # One burst of commands is nobody's pace.
        most = math.inf if self._rounds < _ROUNDS_TO_LEARN else _BURST_POINTS + _BURST_FACTOR * expected
        seen = min(gone_by_others, most) / (lasting_per_s * seconds)
        self._others += min(1.0, seconds / self._watched_s) * (seen - self._others)
        wanted = (1.0 + self._others * self.count) * self.count**-_PULL
        gain = max(_GAIN, 1.0 / self._rounds) * min(1.0, seconds / natural_s)
        self.count = min(_MOST_CONSOLES, max(1.0, self.count * (wanted / self.count) ** gain))


class SpendingPace:
    """Points that everybody together has spent in the last hour."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int]] = deque()
        self._spent = 0

    def note(self, gone: int, at: float) -> None:
        """So many went missing by `at`."""
        self._spent += gone
        if not self._samples or at - self._samples[-1][0] >= _PACE_SAMPLE_S:
            self._samples.append((at, self._spent))
        while len(self._samples) > 2 and at - self._samples[1][0] >= _PACE_REMEMBERED_S:
            self._samples.popleft()

    def per_s(self, now: float) -> float | None:
        """Points a second; None while it was watched for less than half a minute."""
        if not self._samples or now - self._samples[0][0] < _PACE_NEEDED_S:
            return None
        began_s, spent_before = self._samples[0]
        return (self._spent - spent_before) / (now - began_s)
