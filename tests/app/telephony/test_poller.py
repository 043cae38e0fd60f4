"""The poll loop against the simulator: fresh data, honest reports, no request too many."""

from __future__ import annotations

import json
import logging
from functools import partial

import pytest

from app.domain.calls import CallSessionId
from app.errors import LimitExceeded, SignInRefused
from app.http import PointsBudget
from app.simulator.config import SimulatorConfig
from app.simulator.faults import (
    DropBefore,
    Fault,
    HalfReply,
    HoldUntilReleased,
    HtmlPage,
    HttpError,
    LoseReply,
    Mutate,
    ResetMidReply,
    Status200Error,
    WrongLength,
)
from app.telephony.poller import LinkHealth, Poller
from app.uis.adapter import UisTelephony, open_uis_telephony
from app.uis.sign_in import LoginAndPassword
from tests.app.telephony.stack import CONTACT, ME, MOSCOW, PbxStack, open_stack
from tests.helpers.clock import FakeClock
from tests.helpers.guards import ExpectedLog
from tests.helpers.waiting import until

BROKE = "the link to the PBX broke"


class RecordingClock(FakeClock):
    """Remembers what it was asked to sleep."""

    def __init__(self) -> None:
        super().__init__()
        self.sleeps: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        await super().sleep(seconds)

    async def skip_to_next(self) -> None:
        """Wait until the loop sleeps, then move to the moment it wakes."""
        await self.until_sleeping()
        due_s = self._next_due_at_s()
        assert due_s is not None
        await self.pass_time(due_s - self.monotonic())


async def test_a_poll_shows_the_calls_and_how_fresh_they_are() -> None:
    async with open_stack() as stack:
        call_session_id = await stack.talking_call()
        report = stack.poller.report
        assert report.health is LinkHealth.UP
        assert report.calls_seen == 1
        assert report.last_success == stack.polls[-1]
        assert report.points is not None
        assert report.points.minute_remaining == 10_000
        assert stack.live(call_session_id).session.contact_number == CONTACT


async def test_a_call_has_ended_after_two_polls_without_it() -> None:
    async with open_stack() as stack:
        call_session_id = await stack.talking_call()
        stack.simulator.pbx.hang_up(call_session_id, "contact")
        await stack.poll()
        assert stack.live(call_session_id).ended is None
        assert stack.poller.missing == {call_session_id}
        await stack.poll()
        assert stack.board.call(call_session_id) is None
        assert [ended.call_session_id for change in stack.changes for ended in change.ended] == [call_session_id]


@pytest.mark.parametrize(
    "fault",
    [
        DropBefore(),
        LoseReply(),
        ResetMidReply(),
        HalfReply(),
        WrongLength(),
        HttpError(500),
        HttpError(429),
        HttpError(204, b""),
        HtmlPage(),
        Status200Error(),
        Mutate(lambda _: b""),
        Mutate(lambda _: b"[]"),
        Mutate(lambda _: b'{"jsonrpc":"2.0","id":"x","result":null}'),
        Mutate(lambda _: b'{"jsonrpc":"2.0","id":"x","result":{}}'),
        Mutate(lambda _: b'{"jsonrpc":"2.0","id":"x","result":{"data":{}}}'),
        Mutate(lambda _: b'{"jsonrpc":"2.0","id":"x","result":{"data":"[]"}}'),
        Mutate(lambda body: body[:-1]),
        Mutate(lambda _: b"[" * 100_000),
    ],
    ids=lambda fault: f"{fault.name}",
)
async def test_failed_polls_end_no_call(fault: Fault, expected_log: ExpectedLog) -> None:
    expected_log(BROKE)
    async with open_stack() as stack:
        call_session_id = await stack.talking_call()
        stack.simulator.pbx.hang_up(call_session_id, "contact")
        rule = stack.simulator.faults.add(fault, operation="list.calls", times=None)
        for _ in range(4):
            await stack.failed_poll()
        assert stack.board.call(call_session_id) is not None
        assert stack.poller.missing == frozenset()
        assert stack.poller.report.polls_failed_in_row == 4
        rule.release()
        for _ in range(2):
            await stack.poll()
        assert stack.board.call(call_session_id) is None
        assert stack.poller.report.health is LinkHealth.UP


async def test_an_empty_list_spelt_null_is_an_empty_list() -> None:
    async with open_stack() as stack:
        call_session_id = await stack.talking_call()
        stack.simulator.faults.add(
            Mutate(lambda _: b'{"jsonrpc":"2.0","id":"x","result":{"data":null,"metadata":null}}'),
            operation="list.calls",
            times=None,
        )
        await stack.poll()
        await stack.poll()
        assert stack.board.call(call_session_id) is None


async def test_one_request_is_in_flight_and_a_refresh_follows_it() -> None:
    async with open_stack() as stack:
        held = stack.simulator.faults.add(HoldUntilReleased(), operation="list.calls")
        stack.simulator.journal.clear()
        await stack.clock.pass_time(1)
        stack.poller.refresh_soon()
        await held.wait_held()
        for _ in range(10):
            stack.poller.refresh_soon()
        await stack.clock.pass_time(5)
        assert held.held == 1
        assert len(stack.simulator.journal.entries_of("list.calls")) == 1
        held.release()
        await until(lambda: len(stack.simulator.journal.entries_of("list.calls")) == 2)
        await stack.clock.pass_time(5)
        await stack.clock.until_sleeping()
        assert len(stack.simulator.journal.entries_of("list.calls")) == 2


async def test_refreshes_close_together_make_one_poll() -> None:
    async with open_stack() as stack:
        await stack.clock.pass_time(1)
        polls_before = len(stack.polls)
        for _ in range(20):
            stack.poller.refresh_soon()
        await until(lambda: len(stack.polls) == polls_before + 1)
        stack.poller.refresh_soon()
        await stack.clock.pass_time(0.1)
        assert len(stack.polls) == polls_before + 1
        await stack.clock.pass_time(0.1)
        await until(lambda: len(stack.polls) == polls_before + 2)


async def test_the_link_breaks_and_recovers_with_one_word_each(
    expected_log: ExpectedLog, caplog: pytest.LogCaptureFixture
) -> None:
    expected_log(BROKE)
    caplog.set_level(logging.INFO, "app.telephony.poller")
    async with open_stack() as stack:
        stack.simulator.set_down("pbx", True)
        for _ in range(3):
            await stack.failed_poll()
        stack.simulator.set_down("pbx", False)
        await stack.poll()
        await stack.poll()
    said = [record.message for record in caplog.records if record.name == "app.telephony.poller"]
    assert said == ["the link to the PBX broke: connect", "the link to the PBX is back"]


async def test_failing_polls_back_off_with_jitter_up_to_ten_seconds(expected_log: ExpectedLog) -> None:
    expected_log(BROKE)
    clock = RecordingClock()
    async with open_stack(base_interval_s=2.0, clock=clock, start=False) as stack:
        stack.simulator.set_down("pbx", True)
        stack.poller.start()
        for failures in range(1, 9):
            await until(partial(_has_links, stack, failures))
            await clock.skip_to_next()
        longest = [min(10.0, 2.0 * 2**n) for n in range(8)]
        assert all(most / 2 <= waited <= most for waited, most in zip(clock.sleeps, longest, strict=False))
        assert clock.sleeps[:8] != longest
        assert {link.health for link in stack.links} == {LinkHealth.DOWN}


async def test_data_that_grows_old_while_polls_fail_is_told_in_time(expected_log: ExpectedLog) -> None:
    expected_log(BROKE)
    clock = RecordingClock()
    async with open_stack(base_interval_s=10.0, clock=clock) as stack:
        stack.simulator.set_down("pbx", True)
        await clock.skip_to_next()
        await until(lambda: stack.poller.report.error is not None)
        while _health(stack) is LinkHealth.TROUBLE:
            await clock.skip_to_next()
        last_success = stack.poller.report.last_success
        assert last_success is not None
        assert [link.health for link in stack.links][-2:] == [LinkHealth.TROUBLE, LinkHealth.DOWN]
        assert clock.monotonic() - last_success.monotonic_s == pytest.approx(30.0)


async def test_refused_sign_in_stops_until_somebody_says_go_on(expected_log: ExpectedLog) -> None:
    expected_log(BROKE)
    async with open_stack() as stack:
        wrong = _telephony(stack, LoginAndPassword(stack.simulator.config.login, "wrong"))
        stack.poller.use(wrong)
        await stack.clock.pass_time(0.25)
        await until(lambda: stack.poller.report.health is LinkHealth.SIGN_IN_NEEDED)
        assert isinstance(stack.poller.report.error, SignInRefused)
        assert stack.poller.report.error.code == "auth_error"
        logins = len(stack.simulator.journal.entries_of("login.user"))
        await stack.clock.pass_time(3600)
        stack.poller.refresh_soon()
        await stack.clock.pass_time(1)
        assert len(stack.simulator.journal.entries_of("login.user")) == logins
        stack.poller.resume()
        await stack.clock.pass_time(0.25)
        await until(lambda: len(stack.simulator.journal.entries_of("login.user")) == logins + 1)
        await until(lambda: stack.poller.report.health is LinkHealth.SIGN_IN_NEEDED)


async def test_nobody_signed_in_sends_nothing_and_a_new_account_starts_at_once() -> None:
    async with open_stack() as stack:
        call_session_id = await stack.talking_call()
        stack.poller.use(None)
        assert stack.poller.report.health is LinkHealth.SIGN_IN_NEEDED
        requests = len(stack.simulator.journal.entries)
        await stack.clock.pass_time(60)
        assert len(stack.simulator.journal.entries) == requests
        assert stack.board.call(call_session_id) is not None
        stack.poller.use(stack.telephony, stack.points)
        await until(lambda: stack.poller.report.health is LinkHealth.UP)
        assert stack.board.call(call_session_id) is not None


async def test_a_reply_of_the_account_before_is_not_believed() -> None:
    async with open_stack() as stack:
        held = stack.simulator.faults.add(HoldUntilReleased(), operation="list.calls")
        stack.simulator.pbx.ring_in(CONTACT, employees=[ME])
        await stack.clock.pass_time(1)
        stack.poller.refresh_soon()
        await held.wait_held()
        stack.poller.use(None)
        polls = len(stack.polls)
        held.release()
        await until(lambda: stack.simulator.journal.entries_of("list.calls")[-1].outcome == "ok")
        await stack.clock.pass_time(5)
        assert not stack.board.calls
        assert len(stack.polls) == polls


async def test_a_pause_lasts_until_resumed() -> None:
    async with open_stack(base_interval_s=1.0) as stack:
        stack.poller.pause()
        await stack.clock.pass_time(3)
        await stack.clock.pass_time(3)
        requests = len(stack.simulator.journal.entries)
        await stack.clock.pass_time(30)
        assert len(stack.simulator.journal.entries) == requests
        stack.poller.resume()
        await until(lambda: len(stack.simulator.journal.entries) > requests)


async def test_an_exhausted_limit_is_waited_out(expected_log: ExpectedLog) -> None:
    expected_log(BROKE)
    clock = RecordingClock()
    async with open_stack(base_interval_s=2.0, clock=clock) as stack:
        params = {"limit_type": "minute", "limit_max_value": 10_000}
        stack.simulator.account.switches.refuse_next("list.calls", "limit_exceeded", params)
        clock.sleeps.clear()
        await clock.skip_to_next()
        await until(lambda: isinstance(stack.poller.report.error, LimitExceeded))
        await clock.until_sleeping()
        resets_in_s = 60 - clock.now().second
        assert clock.monotonic() + resets_in_s == pytest.approx(stack.polls[-1].monotonic_s + 60)
        while stack.poller.report.error is not None:
            await clock.skip_to_next()
            await until(lambda: clock.sleepers > 0 or stack.poller.report.error is None)
        # Until the minute is over, and a little more, so that not all consoles come back at once.
        assert 59 <= stack.polls[-1].monotonic_s - stack.polls[-2].monotonic_s <= 63


async def _poll_for(stack: PbxStack, clock: RecordingClock, seconds: float) -> None:
    end_s = clock.monotonic() + seconds
    while clock.monotonic() < end_s:
        links = len(stack.links)
        await clock.skip_to_next()
        await until(partial(_has_links, stack, links + 1))


@pytest.mark.time_limit(60)
async def test_points_last_and_a_fifth_stays_for_commands() -> None:
    clock = RecordingClock()
    config = SimulatorConfig(minute_limit=20, day_limit=750, weights={"list.calls": 1})
    async with open_stack(config, base_interval_s=2.0, clock=clock) as stack:
        await _poll_for(stack, clock, 3600)
        points = stack.simulator.account.points
        assert stack.poller.report.health is LinkHealth.UP
        assert stack.poller.report.is_reduced
        assert points.day_limit - points.day_spent >= 150
        assert all(link.points is None or (link.points.minute_remaining or 0) >= 3 for link in stack.links)
        assert not [entry for entry in stack.simulator.journal.entries if "limit" in entry.outcome]


@pytest.mark.time_limit(60)
async def test_without_the_limits_the_points_run_out(expected_log: ExpectedLog) -> None:
    """Negative control of the test above: a poller that ignores what the replies say."""
    expected_log(BROKE)
    clock = RecordingClock()
    config = SimulatorConfig(minute_limit=20, day_limit=750, weights={"list.calls": 1})
    async with open_stack(config, base_interval_s=2.0, clock=clock, start=False) as stack:
        blind = Poller(stack.board, clock, base_interval_s=2.0, telephony=stack.telephony, points=PointsBudget(clock))
        blind.link.subscribe(stack.links.append)
        blind.start()
        await until(lambda: stack.links)
        await _poll_for(stack, clock, 600)
        await blind.aclose()
        assert [entry for entry in stack.simulator.journal.entries if "limit" in entry.outcome]


async def test_broken_entries_do_not_hide_the_others(expected_log: ExpectedLog) -> None:
    expected_log("without a readable id")

    def spoil(body: bytes) -> bytes:
        reply = json.loads(body)
        good = reply["result"]["data"][0]
        as_text = {**good, "call_session_id": str(good["call_session_id"] + 1), "tags": None, "legs": None}
        odd = {**good, "call_session_id": good["call_session_id"] + 2, "contact_phone_number": 79161234568, "new": [1]}
        entries = [None, 17, "call", [], {}, {"call_session_id": "x"}, {"call_session_id": None}, as_text, odd, good]
        reply["result"]["data"] = entries
        return json.dumps(reply).encode()

    async with open_stack() as stack:
        call_session_id = await stack.talking_call()
        stack.simulator.faults.add(Mutate(spoil), operation="list.calls", times=2)
        await stack.poll()
        await stack.poll()
        assert set(stack.board.calls) == {call_session_id, call_session_id + 1, call_session_id + 2}
        assert stack.live(call_session_id + 2).session.contact_number == "79161234568"
        assert stack.live(CallSessionId(call_session_id + 1)).session.legs == ()


def _has_links(stack: PbxStack, count: int) -> bool:
    return len(stack.links) >= count


def _health(stack: PbxStack) -> LinkHealth:
    return stack.poller.report.health


def _telephony(stack: PbxStack, credentials: LoginAndPassword) -> UisTelephony:
    rpc = stack.client._rpc
    return open_uis_telephony(
        rpc._http,
        stack.clock,
        base_url=stack.simulator.pbx_url,
        credentials=credentials,
        employee_id=ME,
        zone=MOSCOW,
        points=stack.points,
    )
