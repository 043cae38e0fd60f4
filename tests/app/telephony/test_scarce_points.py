"""The poll loop where points or rights are missing: what it reports, and what a person may still ask for."""

from __future__ import annotations

import pytest

from app.domain.actions import LinkUse
from app.errors import RightsMissing
from app.simulator.config import SimulatorConfig
from app.telephony.asked_looks import ASKED_AN_HOUR, TIGHT_AN_HOUR, AskedLooks
from app.telephony.poller import LinkHealth
from tests.app.telephony.stack import PbxStack, open_stack
from tests.helpers.guards import ExpectedLog
from tests.helpers.waiting import until

SCARCE = SimulatorConfig(minute_limit=10_000, day_limit=750, weights={"list.calls": 1})


async def _scarce(stack: PbxStack) -> None:
    for _ in range(5):
        await stack.poll()
    await until(lambda: stack.poller.report.is_reduced, what="scarce points")


async def _one_more(stack: PbxStack) -> None:
    polls = len(stack.polls)
    await stack.let_pass(lambda: len(stack.polls) > polls, "the look asked for")


async def _one_more_refusal(stack: PbxStack) -> None:
    failed = stack.failed_polls
    await stack.let_pass(lambda: stack.failed_polls > failed, "the look asked for")


def _is_deprecated(stack: PbxStack) -> bool:
    return stack.poller.report.is_version_deprecated


async def test_the_report_says_which_purse_makes_polls_rare() -> None:
    async with open_stack(SCARCE, base_interval_s=2.0) as stack:
        await _scarce(stack)
        assert stack.poller.report.reduced_by == "day"
        assert stack.poller.report.interval_s > 10


async def test_refresh_now_has_a_share_an_hour_where_points_are_scarce() -> None:
    async with open_stack(SCARCE, base_interval_s=2.0) as stack:
        await _scarce(stack)
        for _ in range(ASKED_AN_HOUR):
            assert stack.poller.look_now() is None
            await _one_more(stack)
        refusal = stack.poller.look_now()
        assert refusal is not None
        assert refusal.reason == "often"
        assert 3_000 < refusal.again_in_s <= 3_600


async def test_refresh_now_is_free_where_points_suffice() -> None:
    async with open_stack() as stack:
        for _ in range(3 * ASKED_AN_HOUR):
            assert stack.poller.look_now() is None


async def test_refresh_now_takes_little_of_what_commands_need_and_says_when_it_is_refused() -> None:
    async with open_stack(SCARCE, base_interval_s=2.0) as stack:
        await _scarce(stack)
        points = stack.simulator.account.points
        points.spend(points.day_limit - points.day_spent - 120)
        assert stack.poller.look_now() is None
        await _one_more(stack)
        assert not stack.points.can_spend("look")
        # From here on each look takes what is kept for commands.
        taken = 0
        while (refusal := stack.poller.look_now()) is None:
            await _one_more(stack)
            taken += 1
        assert taken <= TIGHT_AN_HOUR
        assert refusal.reason == "often"
        assert stack.points.can_spend("command")


def test_the_share_is_of_any_hour() -> None:
    looks = AskedLooks()
    for minute in range(3):
        assert looks.refusal(minute * 60.0, 3) is None
        looks.note(minute * 60.0)
    refusal = looks.refusal(600.0, 3)
    assert refusal is not None
    assert refusal.again_in_s == pytest.approx(3_000.0)
    assert looks.refusal(600.0, 12) is None
    assert looks.refusal(3_601.0, 3) is None


async def test_without_the_component_for_the_list_only_the_base_is_there_and_polls_are_rare(
    expected_log: ExpectedLog,
) -> None:
    expected_log("the link to the PBX broke: component_disabled")
    async with open_stack(base_interval_s=2.0, start=False) as stack:
        stack.simulator.account.switches.refuse_next(
            "list.calls", "component_disabled", {"component_name": "x"}, times=1_000
        )
        stack.poller.start()
        await until(lambda: stack.poller.report.health is LinkHealth.NO_LIST, what="no list")
        assert stack.control.situation(None).link_use is LinkUse.ONLY_BASE
        assert not stack.poller.report.is_reduced
        requests = len(stack.simulator.journal.entries_of("list.calls"))
        await stack.clock.pass_time(290)
        assert len(stack.simulator.journal.entries_of("list.calls")) == requests
        stack.simulator.account.switches.refusals.clear()
        await stack.let_pass(lambda: stack.poller.report.health is LinkHealth.UP, "the list is there")
        assert stack.control.situation(None).link_use is LinkUse.OPEN


async def test_while_the_link_is_not_up_a_look_asked_for_is_never_refused(expected_log: ExpectedLog) -> None:
    expected_log("the link to the PBX broke")
    async with open_stack(SCARCE, base_interval_s=2.0) as stack:
        await _scarce(stack)
        while stack.poller.look_now() is None:
            await _one_more(stack)
        stack.simulator.account.switches.refuse_next("list.calls", "ip_not_whitelisted", times=1_000)
        await stack.clock.pass_time(2 * stack.poller.report.interval_s)
        await until(lambda: stack.failed_polls, what="the refusal")
        for _ in range(3):
            assert stack.poller.look_now() is None
            await _one_more_refusal(stack)
        stack.simulator.account.switches.refusals.clear()
        asked_s = stack.clock.monotonic()
        assert stack.poller.look_now() is None
        await stack.let_pass(lambda: stack.poller.report.health is LinkHealth.UP, "the list is there")
        assert stack.clock.monotonic() - asked_s < 3.0
        refusal = stack.poller.look_now()
        assert refusal is not None, "what was refused took nothing of the share, and gave nothing to it"


@pytest.mark.parametrize("mnemonic", ["ip_not_whitelisted", "account_inactive", "forbidden"])
async def test_missing_rights_are_told_and_asked_for_calmly(mnemonic: str, expected_log: ExpectedLog) -> None:
    expected_log("the link to the PBX broke")
    async with open_stack(base_interval_s=2.0) as stack:
        stack.simulator.account.switches.refuse_next("list.calls", mnemonic, times=1_000)
        await stack.failed_poll()
        assert isinstance(stack.poller.report.error, RightsMissing)
        failed = stack.failed_polls
        await stack.clock.pass_time(25)
        assert stack.failed_polls <= failed + 1


async def test_a_refusal_for_points_says_when_it_ends(expected_log: ExpectedLog) -> None:
    expected_log("the link to the PBX broke")
    async with open_stack(base_interval_s=2.0) as stack:
        params = {"limit_type": "minute", "limit_max_value": 10_000}
        stack.simulator.account.switches.refuse_next("list.calls", "limit_exceeded", params)
        await stack.failed_poll()
        ends_at = stack.poller.report.limit_ends_at
        assert ends_at is not None
        assert ends_at.second == 0
        assert 0 < (ends_at - stack.clock.now()).total_seconds() <= 60
        await stack.clock.pass_time(61)
        await stack.let_pass(lambda: stack.poller.report.error is None, "points again")
        assert stack.poller.report.limit_ends_at is None


async def test_an_old_version_of_the_interface_is_reported_until_another_account_is_used(
    expected_log: ExpectedLog,
) -> None:
    expected_log("will be switched off")
    async with open_stack() as stack:
        assert not _is_deprecated(stack)
        stack.simulator.account.switches.is_version_deprecated = True
        await stack.poll()
        assert _is_deprecated(stack)
        stack.poller.use(None)
        assert not _is_deprecated(stack)
