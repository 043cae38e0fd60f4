"""Looking at the PBX: many consoles that start in the same second, and one that trips over its own feet."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from app.board import CallBoard
from app.http import HttpSession, PointsBudget
from app.simulator.config import SimulatorConfig
from app.simulator.runner import Simulator
from app.telephony.poller import LinkHealth, Poller
from app.uis.adapter import open_uis_telephony
from app.uis.sign_in import PermanentKey
from tests.app.telephony.stack import MOSCOW, open_stack
from tests.helpers.clock import FakeClock
from tests.helpers.guards import ExpectedLog
from tests.helpers.waiting import until

CONSOLES = 12
FEW = SimulatorConfig(minute_limit=CONSOLES, weights={"list.calls": 1})
MANY = SimulatorConfig()


class SameDice(random.Random):
    """What all consoles in step would throw."""

    def uniform(self, a: float, b: float) -> float:
        return a


@asynccontextmanager
async def consoles(config: SimulatorConfig, dice: type[random.Random]) -> AsyncIterator[tuple[FakeClock, list[float]]]:
    """Their clock, and the moments of their looks so far."""
    clock = FakeClock()
    looks: list[float] = []
    async with AsyncExitStack() as stack:
        simulator = await stack.enter_async_context(Simulator(config, clock))
        http = HttpSession(user_agent="pult-tests", clock=clock)
        stack.push_async_callback(http.aclose)
        for number in range(CONSOLES):
            points = PointsBudget(clock)
            telephony = open_uis_telephony(
                http,
                clock,
                base_url=simulator.pbx_url,
                credentials=PermanentKey(simulator.config.permanent_token),
                employee_id=2001 + number,
                zone=MOSCOW,
                points=points,
            )
            poller = Poller(
                CallBoard(), clock, base_interval_s=2.0, telephony=telephony, points=points, dice=dice(number)
            )
            poller.polls_done.subscribe(lambda asked: looks.append(asked.monotonic_s))
            stack.push_async_callback(poller.aclose)
            poller.start()
        yield clock, looks


async def _rounds(clock: FakeClock, looks: list[float], rounds: int) -> None:
    """So many looks of every console."""
    while len(looks) < rounds * CONSOLES:
        before = len(looks)
        await clock.until_sleeping(CONSOLES if before % CONSOLES == 0 else 1)
        await clock.pass_time(0.25)
        await until(lambda: clock.sleepers >= CONSOLES, what="every console asleep")


async def test_the_first_look_waits_for_nothing() -> None:
    async with consoles(FEW, random.Random) as (clock, looks):
        await until(lambda: len(looks) == CONSOLES, what="the first look of each")
        assert set(looks) == {clock.monotonic()}


@pytest.mark.parametrize(("dice", "are_spread"), [(random.Random, True), (SameDice, False)])
async def test_consoles_that_wait_for_the_same_reset_do_not_come_back_at_once(
    dice: type[random.Random], are_spread: bool, expected_log: ExpectedLog
) -> None:
    expected_log("the link to the PBX broke: limit_exceeded")
    async with consoles(FEW, dice) as (clock, looks):
        await until(lambda: len(looks) == CONSOLES, what="the first look of each")
        began_s = clock.monotonic()
        await _rounds(clock, looks, 2)
        back = looks[CONSOLES:]
        assert (len(set(back)) > CONSOLES / 2) is are_spread
        assert min(back) >= began_s + 60
        assert max(back) <= began_s + 63


async def test_where_points_suffice_nobody_waits_longer_than_the_settings_say() -> None:
    async with consoles(MANY, random.Random) as (clock, looks):
        await until(lambda: len(looks) == CONSOLES, what="the first look of each")
        began_s = clock.monotonic()
        await _rounds(clock, looks, 3)
        assert max(looks) - began_s == pytest.approx(4.0, abs=0.6)


async def test_a_mistake_of_ours_in_one_look_does_not_end_all_looking(
    monkeypatch: pytest.MonkeyPatch, expected_log: ExpectedLog
) -> None:
    expected_log("a background task crashed")
    expected_log("the link to the PBX broke")
    async with open_stack() as stack:
        with monkeypatch.context() as patched:
            patched.setattr("app.telephony.diff.SnapshotTracker.events_of", lambda *_: 1 / 0)
            stack.poller.refresh_soon()
            await stack.clock.pass_time(0.25)
            await until(lambda: stack.poller.report.error is not None, what="the broken look told")
        await stack.poll()
        assert [link.health for link in stack.links[-2:]] == [LinkHealth.TROUBLE, LinkHealth.UP]
