"""A day of points in virtual time (`run.py soak points_day` is the whole of it), with its controls."""

from __future__ import annotations

import pytest

from tests.helpers.guards import ExpectedLog
from tests.soak import __main__ as soak_command
from tests.soak import points_day
from tests.soak.points_console import Guard


@pytest.mark.time_limit(90)
@pytest.mark.parametrize("consoles", [1, 20])
async def test_a_day_of_scarce_points_refuses_no_command_and_polls_where_the_calls_are(consoles: int) -> None:
    outcome = await points_day.run(consoles, seed=1)
    assert points_day.problems_of(outcome, weight=1) == []
    assert outcome.reduced_at_noon == ["day"] * consoles
    assert outcome.polls_per_hour(busy=True) > 2 * outcome.polls_per_hour(busy=False)


@pytest.mark.time_limit(60)
async def test_without_a_reserve_the_same_day_runs_dry(expected_log: ExpectedLog) -> None:
    expected_log("the link to the PBX broke: limit_exceeded")
    outcome = await points_day.run(1, seed=1, guard=Guard.NO_RESERVE)
    assert outcome.limit_exceeded > 0
    assert outcome.commands_sent < points_day.COMMANDS
    assert points_day.problems_of(outcome, weight=1) != []


def test_the_soak_is_found_by_its_name() -> None:
    assert soak_command.soaks()[points_day.NAME] is points_day
