"""How a day's points are spread over its hours, over busy and idle times, over consoles; what is kept for commands."""

from __future__ import annotations

import pytest

from app.http import PointsBudget, PointsLimits
from app.http.points_pace import BUSY_TIMES, BusyShare, Sharers, SpendingPace, WorstRound, weight_at, weighted_s
from tests.helpers.clock import FakeClock

HOUR_S = 3600.0
DAY_LIMIT = 750


class Purse:
    """The account's day as a console is told of it, from `hour` o'clock on."""

    def __init__(self, hour: float = 9.0, *, left: int = DAY_LIMIT) -> None:
        self.clock = FakeClock()
        self.budget = PointsBudget(self.clock)
        self.left = left
        self._ends_at_s = self.clock.monotonic() + (24.0 - hour) * HOUR_S

    def request(self, method: str, points: int = 1, *, by_others: int = 0) -> None:
        self.left -= points + by_others
        reset_s = int(self._ends_at_s - self.clock.monotonic())
        told = PointsLimits(DAY_LIMIT, self.left, reset_s, 150, 150, 60)
        self.budget.observe(told, self.clock.monotonic(), method=method)

    def learn(self, points: int = 1) -> None:
        for _ in range(5):
            self.request("list.calls", points)
            self.clock.advance(2.0)


@pytest.mark.parametrize(
    ("begins_h", "awake", "hours"),
    [(0, False, 12 + 1.2), (8, False, 12.4), (14, False, 6.4), (20, False, 0.4), (23, False, 0.1), (2, True, 13.9),
     (22, True, 1.1), (7.5, True, 12.9), (19.5, True, 1.35)],
)  # fmt: skip
def test_the_hours_of_the_working_day_weigh_most(begins_h: float, awake: bool, hours: float) -> None:
    weighted_h = weighted_s((24 - begins_h) * HOUR_S, is_awake=awake) / HOUR_S
    assert weighted_h == pytest.approx(hours)


def test_a_night_hour_weighs_a_tenth() -> None:
    assert weight_at(3 * HOUR_S) == pytest.approx(weight_at(12 * HOUR_S) / 10)


def test_busy_and_idle_polls_together_take_no_more_than_even_ones() -> None:
    share = BusyShare()
    polls = {True: 0.0, False: 0.0}
    for _ in range(100):
        for is_busy, seconds in ((True, 180.0), (False, 420.0)):
            share.note(seconds, is_busy=is_busy)
            polls[is_busy] += seconds / share.factor(is_busy=is_busy)
    assert polls[True] + polls[False] == pytest.approx(100 * 600.0, rel=0.1)
    assert polls[True] / 180.0 == pytest.approx(BUSY_TIMES * polls[False] / 420.0, rel=0.2)


def consoles_of_one_account(consoles: int, *, learning: bool = True) -> tuple[float, list[Sharers]]:
    """They start one after the other and poll for a while; gives how much more than lasts they spend in the end."""
    even_s, lasting_per_s, length_s = 60.0, 1.0 / 60.0, 40_000.0
    sharers = [Sharers() for _ in range(consoles)]
    polls: list[tuple[float, int]] = []
    due = [(600.0 * number, number) for number in range(consoles)]
    last = [0.0] * consoles
    while (first := min(due))[0] < length_s:
        at_s, number = first
        if at_s > 600.0 * number:
            others = sum(at > last[number] and who != number for at, who in polls)
            sharers[number].note(at_s - last[number], others, lasting_per_s, even_s)
        polls.append((at_s, number))
        last[number] = at_s
        due[number] = (at_s + even_s * (sharers[number].count if learning else 1.0), number)
    late = sum(at_s > length_s / 2 for at_s, _ in polls)
    return late / (length_s / 2 * lasting_per_s), sharers


@pytest.mark.parametrize("consoles", [1, 2, 10])
def test_consoles_that_share_an_account_learn_how_many_they_are(consoles: int) -> None:
    overspent, sharers = consoles_of_one_account(consoles)
    assert overspent < 1.6
    counts = sorted(one.count for one in sharers)
    assert counts[-1] <= 3 * counts[0]
    assert consoles_of_one_account(consoles, learning=False)[0] > 0.9 * consoles


def test_one_burst_of_others_is_nobodys_pace() -> None:
    sharers = Sharers()
    for _ in range(10):
        sharers.note(60.0, 0, 1.0 / 60.0, 60.0)
    sharers.note(60.0, 500, 1.0 / 60.0, 60.0)
    assert sharers.count < 2.0


def test_where_everybody_starts_the_minute_expects_more_than_was_seen() -> None:
    worst = WorstRound()
    worst.note(10)
    assert worst.points(1) > 10
    for _ in range(6):
        worst.note(10)
    assert worst.points(1) == 10
    worst.note(1)
    worst.note(1)
    assert worst.points(1) == 1


def test_scarce_polls_are_closer_together_while_it_matters() -> None:
    purse = Purse()
    purse.learn()
    idle, busy = (purse.budget.plan(2.0, is_busy=is_busy) for is_busy in (False, True))
    assert idle.reduced_by == busy.reduced_by == "day"
    assert idle.interval_s == pytest.approx(BUSY_TIMES * busy.interval_s, rel=0.05)


def test_at_night_polls_are_rare_unless_somebody_works() -> None:
    purse = Purse(2.0)
    purse.learn()
    working = purse.budget.plan(2.0, is_busy=False).interval_s
    purse.clock.advance(1.5 * HOUR_S)
    purse.request("list.calls")
    assert purse.budget.plan(2.0, is_busy=False).interval_s > 4 * working


def test_where_points_suffice_nothing_changes() -> None:
    clock = FakeClock()
    budget = PointsBudget(clock)
    for left in range(1_000_000, 999_990, -1):
        budget.observe(PointsLimits(1_000_000, left, 40_000, 10_000, 9_000, 30), method="list.calls")
        clock.advance(2.0)
    for is_busy in (None, True, False):
        plan = budget.plan(2.0, is_busy=is_busy)
        assert (plan.interval_s, plan.reduced_by) == (2.0, None)


def test_free_polls_are_known_after_a_few_and_cost_nothing_to_try() -> None:
    purse = Purse()
    for _ in range(4):
        purse.request("list.calls", 0)
        assert purse.budget.plan(2.0).interval_s == 2.0
        purse.clock.advance(2.0)
    assert purse.budget.cost("list.calls") == 0


def test_polls_that_cost_are_known_after_two() -> None:
    purse = Purse()
    purse.request("list.calls")
    assert purse.budget.plan(2.0).interval_s == 2.0
    purse.clock.advance(2.0)
    purse.request("list.calls")
    assert purse.budget.plan(2.0).interval_s > 20.0


def test_long_silences_between_replies_do_not_make_a_method_dear() -> None:
    purse = Purse()
    purse.learn()
    for _ in range(9):
        purse.clock.advance(1_000.0)
        purse.request("list.calls", by_others=20)
    assert purse.budget.cost("list.calls") == 1


@pytest.mark.parametrize("spread", [True, False])
def test_a_hundred_and_fifty_commands_find_their_points_at_the_end_of_the_day(spread: bool) -> None:
    purse = Purse()
    purse.learn()
    commands = 0
    if spread:
        for _ in range(75):
            purse.request("hold.call")
            purse.request("list.calls")
            commands += 1
    while purse.budget.can_spend("poll"):
        purse.request("list.calls")
    while commands < 150:
        assert purse.budget.can_spend("command"), commands
        purse.request("hold.call")
        commands += 1
        if purse.budget.can_spend("look"):
            purse.request("list.calls")
    assert purse.left >= 0


def test_without_the_reserve_they_do_not() -> None:
    purse = Purse()
    purse.learn()
    while purse.left > 0:
        purse.request("list.calls")
    assert not purse.budget.can_spend("command")


def test_looks_asked_for_never_take_more_than_half_of_what_commands_have() -> None:
    purse = Purse()
    purse.learn()
    while purse.budget.can_spend("asked"):
        purse.request("list.calls")
    assert purse.left == 75
    assert not purse.budget.can_spend("look")
    assert purse.budget.can_spend("command")


def test_dear_commands_keep_more() -> None:
    purse = Purse()
    purse.learn()
    cheap = purse.budget.outlook.reserve
    for _ in range(4):
        purse.request("hold.call", 3)
    assert purse.budget.outlook.reserve > 2 * cheap


def test_the_forecast_says_when_the_day_runs_out_and_nothing_when_it_lasts() -> None:
    purse = Purse()
    assert purse.budget.outlook.day_runs_out_at is None
    purse.learn()
    assert purse.budget.outlook.pace_per_hour is None
    for _ in range(30):
        purse.clock.advance(60.0)
        purse.request("list.calls", by_others=9)
    outlook = purse.budget.outlook
    assert outlook.pace_per_hour == pytest.approx(600, rel=0.05)
    assert outlook.day_runs_out_at is not None
    left_s = (outlook.day_runs_out_at - purse.clock.now()).total_seconds()
    assert left_s == pytest.approx(purse.left / 600 * HOUR_S, rel=0.05)
    assert outlook.day_resets_at is not None
    assert outlook.day_runs_out_at < outlook.day_resets_at
    for _ in range(200):
        purse.clock.advance(60.0)
        purse.request("list.calls", 0)
    assert purse.budget.outlook.day_runs_out_at is None


def test_the_pace_is_that_of_the_last_hour() -> None:
    pace = SpendingPace()
    assert pace.per_s(0.0) is None
    for minute in range(120):
        pace.note(10 if minute < 60 else 1, minute * 60.0)
    assert pace.per_s(120 * 60.0) == pytest.approx(1 / 60, rel=0.1)


def test_costs_are_listed_by_method() -> None:
    purse = Purse()
    purse.learn()
    purse.request("hold.call")
    table = {cost.method: (cost.points, cost.times_seen, cost.so_far) for cost in purse.budget.outlook.costs}
    assert table == {"list.calls": (1, 5, None), "hold.call": (None, 1, 1)}


def test_a_first_sighting_is_for_the_person_and_not_for_the_plan() -> None:
    purse = Purse()
    purse.request("hold.call", 3)
    assert [cost.so_far for cost in purse.budget.outlook.costs] == [None], "nothing to compare the first reply with"
    purse.request("hold.call", 3)
    purse.request("hold.call", 2)
    assert [(cost.points, cost.so_far) for cost in purse.budget.outlook.costs] == [(None, 2)]
    assert purse.budget.cost("hold.call") is None
    purse.request("hold.call", 3)
    assert [(cost.points, cost.so_far) for cost in purse.budget.outlook.costs] == [(3, None)]
