"""The points budget: what it learns from replies, and that commands always find their reserve."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from app.http import PointsBudget, PointsLimits
from tests.helpers.clock import FakeClock


def limits(minute: int, *, minute_limit: int = 100, minute_reset_s: int = 60, day: int | None = None) -> PointsLimits:
    return PointsLimits(
        minute_limit=minute_limit,
        minute_remaining=minute,
        minute_reset_s=minute_reset_s,
        day_limit=None if day is None else 10_000,
        day_remaining=day,
        day_reset_s=None if day is None else 40_000,
    )


def taught(clock: FakeClock, poll_cost: int, minute: int = 100, minute_limit: int = 100) -> PointsBudget:
    """A budget that has seen enough polls to know their cost, with `minute` points left and a minute to
    go."""
    budget = PointsBudget(clock)
    for sighting in range(5, -1, -1):
        left = minute + sighting * poll_cost
        budget.observe(limits(left, minute_limit=minute_limit), clock.monotonic(), method="list.calls")
    return budget


def test_nothing_told_means_nothing_held_back() -> None:
    budget = PointsBudget(FakeClock())
    assert budget.poll_interval_s(2.0) == 2.0
    assert budget.can_spend("poll")
    assert budget.can_spend("command")
    assert budget.remaining.minute_remaining is None
    budget.observe(PointsLimits())
    assert budget.poll_interval_s(2.0) == 2.0


def test_the_cost_of_a_method_is_learned_from_what_goes_missing() -> None:
    clock = FakeClock()
    budget = PointsBudget(clock)
    for minute, method in ((100, "list.calls"), (98, "list.calls"), (93, "hold.call"), (91, "list.calls")):
        budget.observe(limits(minute), clock.monotonic(), method=method)
    assert budget.cost("list.calls") is None, "two sightings are not enough"
    budget.observe(limits(89), clock.monotonic(), method="list.calls")
    assert budget.cost("list.calls") == 2
    assert budget.cost("hold.call") is None


def test_other_consoles_spending_does_not_make_a_method_dear() -> None:
    clock = FakeClock()
    budget = PointsBudget(clock)
    left = 1000
    for foreign in (0, 0, 30, 0, 0, 7, 0):
        left -= 1 + foreign
        budget.observe(limits(left, minute_limit=1000), clock.monotonic(), method="list.calls")
    assert budget.cost("list.calls") == 1


def test_an_overtaken_reply_and_a_new_minute_teach_nothing_wrong() -> None:
    clock = FakeClock()
    budget = PointsBudget(clock)
    for minute in (100, 99, 97, 98, 96):
        budget.observe(limits(minute), clock.monotonic(), method="list.calls")
    assert budget.cost("list.calls") == 1
    assert budget.remaining.minute_remaining == 96
    clock.advance(61)
    budget.observe(limits(99), clock.monotonic(), method="list.calls")
    assert budget.remaining.minute_remaining == 99
    assert budget.cost("list.calls") == 1


def test_a_minute_that_turns_over_on_the_other_side_first_is_believed() -> None:
    clock = FakeClock()
    budget = PointsBudget(clock)
    budget.observe(limits(10, minute_reset_s=5), clock.monotonic())
    clock.advance(2)
    budget.observe(limits(99, minute_reset_s=58), clock.monotonic())
    assert budget.remaining.minute_remaining == 99


def test_free_polls_keep_their_pace() -> None:
    budget = taught(FakeClock(), poll_cost=0, minute=30)
    assert budget.remaining.poll_cost == 0
    assert budget.poll_interval_s(2.0) == 2.0
    assert budget.can_spend("poll")


def test_polls_seemingly_free_are_not_trusted_within_the_reserve() -> None:
    clock = FakeClock()
    budget = taught(clock, poll_cost=0, minute=60)
    budget.observe(limits(20), clock.monotonic(), method="list.calls")
    assert budget.remaining.poll_cost == 0
    assert not budget.can_spend("poll")
    assert budget.poll_interval_s(2.0) > 2.0


@pytest.mark.parametrize(
    ("minute", "cost", "interval_s"),
    [
        (100, 1, 2.0),
        (50, 1, 2.0),
        (40, 1, 3.0),
        (26, 1, 10.0),
        (26, 2, 20.0),
        (21, 1, 60.0),
        (20, 1, 60.0),
        (3, 1, 60.0),
    ],
)
def test_polls_are_spread_over_what_is_left_of_the_minute(minute: int, cost: int, interval_s: float) -> None:
    budget = taught(FakeClock(), poll_cost=cost, minute=minute)
    assert budget.poll_interval_s(2.0) == pytest.approx(interval_s)


def test_the_day_counts_as_well() -> None:
    clock = FakeClock()
    budget = taught(clock, poll_cost=1)
    budget.observe(limits(99, day=2_350), clock.monotonic(), method="list.calls")
    # A fifth is kept for commands, something for looks after them: nothing is left for 40 000 seconds.
    assert budget.poll_interval_s(2.0) == pytest.approx(40_000)
    assert budget.can_spend("look")
    assert not budget.can_spend("poll")
    budget = taught(clock, poll_cost=1)
    budget.observe(limits(99, day=2_750), clock.monotonic(), method="list.calls")
    # 400 points for what is left of the working day, which ends at eight in the evening, and for a tenth of the night.
    seconds = 20 * 3600 - (86_400 - 40_000) + 4 * 360
    assert budget.poll_interval_s(2.0) == pytest.approx(seconds / 400)
    assert budget.remaining.day_resets_at_monotonic == clock.monotonic() + 40_000


def test_the_reserve_is_for_commands_only() -> None:
    budget = taught(FakeClock(), poll_cost=1, minute=20)
    assert not budget.can_spend("poll")
    assert budget.can_spend("command")


def test_after_the_reset_the_full_limit_is_assumed() -> None:
    clock = FakeClock()
    budget = taught(clock, poll_cost=1, minute=0)
    assert not budget.can_spend("command")
    clock.advance(60)
    assert budget.can_spend("command")
    assert budget.can_spend("poll")
    assert budget.remaining.minute_remaining == 100


def test_a_refusal_for_want_of_points_stops_everything_until_its_reset() -> None:
    clock = FakeClock()
    budget = taught(clock, poll_cost=1)
    budget.note_exhausted("day", 3_600)
    assert not budget.can_spend("command")
    assert budget.poll_interval_s(2.0) == pytest.approx(3_600)
    clock.advance(3_601)
    assert budget.can_spend("command")


@pytest.mark.parametrize("odd", [-5, 0, 10**12])
def test_odd_figures_break_nothing(odd: int) -> None:
    clock = FakeClock()
    budget = PointsBudget(clock)
    for _ in range(5):
        budget.observe(PointsLimits(odd, odd, odd, odd, odd, odd), clock.monotonic(), method="list.calls")
        assert 2.0 <= budget.poll_interval_s(2.0) <= 86_400
        budget.can_spend("poll")


@dataclass
class Account:
    """The PBX's side: one purse for all consoles."""

    clock: FakeClock
    minute_limit: int
    day_limit: int
    spent: dict[str, dict[int, int]] = field(default_factory=lambda: {"minute": {}, "day": {}})
    lowest: dict[str, float] = field(default_factory=lambda: {"minute": 1.0, "day": 1.0})
    refused: int = 0

    def request(self, points: int) -> PointsLimits | None:
        now = int(self.clock.monotonic())
        left: dict[str, int] = {}
        for period, limit, length_s in (("minute", self.minute_limit, 60), ("day", self.day_limit, 86_400)):
            spent = self.spent[period].get(now // length_s, 0)
            if spent + points > limit:
                self.refused += 1
                return None
            self.spent[period][now // length_s] = spent + points
            left[period] = limit - spent - points
            self.lowest[period] = min(self.lowest[period], left[period] / limit)
        return PointsLimits(
            self.day_limit, left["day"], 86_400 - now % 86_400, self.minute_limit, left["minute"], 60 - now % 60
        )


def hours_of_polling(consoles: int, *, is_adaptive: bool, seconds: int = 7_200, day_limit: int = 200_000) -> Account:
    """So many consoles poll one account, each by its own budget, a second at a time."""
    clock = FakeClock()
    account = Account(clock, minute_limit=150, day_limit=day_limit)
    budgets = [PointsBudget(clock) for _ in range(consoles)]
    due_at = [clock.monotonic() + index * 0.37 for index in range(consoles)]
    for _ in range(seconds):
        clock.advance(1)
        for index, budget in enumerate(budgets):
            if clock.monotonic() < due_at[index] or (is_adaptive and not budget.can_spend("poll")):
                continue
            told = account.request(1)
            if told is not None:
                budget.observe(told, clock.monotonic(), method="list.calls")
            due_at[index] = clock.monotonic() + (budget.poll_interval_s(2.0) if is_adaptive else 2.0)
    return account


@pytest.mark.parametrize("consoles", [1, 10, 40])
def test_consoles_sharing_an_account_leave_a_fifth_for_commands(consoles: int) -> None:
    account = hours_of_polling(consoles, is_adaptive=True)
    assert account.refused == 0
    assert account.lowest["minute"] >= 0.2
    assert account.lowest["day"] >= 0.2


def test_without_the_budget_they_run_dry() -> None:
    account = hours_of_polling(40, is_adaptive=False, seconds=600)
    assert account.refused > 0
    assert account.lowest["minute"] == 0.0


def test_one_burst_of_spending_does_not_blind_the_console_for_minutes() -> None:
    clock = FakeClock()
    budget = PointsBudget(clock)
    day = 1_000_000
    for spent in (0, 1, 0, 9_990, 0):
        day -= spent
        minute = 10_000 - min(spent, 9_990)
        told = PointsLimits(
            minute_limit=10_000, minute_remaining=minute, minute_reset_s=30,
            day_limit=1_000_000, day_remaining=day, day_reset_s=80_000,
        )  # fmt: skip
        budget.observe(told, method="list.calls")
        clock.advance(31.0)
    # Taken for the pace of the day, the burst would space polls more than ten minutes apart.
    assert budget.poll_interval_s(2.0) <= 60.0
