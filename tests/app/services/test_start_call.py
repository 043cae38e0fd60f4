"""Starting calls against the simulator: sent once, followed, looked for when nobody knows."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.call_start import CallStart, StartVia
from app.domain.calls import CallSessionId, EmployeeId
from app.errors import LinkDown, OutcomeUnknown, PultError, Refused, RightsMissing
from app.services import start_call
from app.services.start_call import StartBlockReason, StartPhase, StartReport
from app.simulator.config import SimulatorConfig
from app.simulator.faults import (
    DropBefore,
    Fault,
    HoldUntilReleased,
    HtmlPage,
    HttpError,
    LoseReply,
    RawReply,
    ResetMidReply,
)
from app.telephony.link_report import LinkHealth
from tests.app.services.starts import (
    CONTACT,
    LINE,
    OTHER_CONTACT,
    Report,
    StartDesk,
    next_run,
    open_desk,
    open_desk_with_data_api,
    to_me,
)
from tests.app.telephony.stack import ME
from tests.helpers.guards import ExpectedLog
from tests.helpers.waiting import until

P = StartPhase
B = StartBlockReason
START = "start.employee_call"
BY_MOBILE = CallStart(via=StartVia.SIMPLE, contact="79165550100", line_number=LINE, operator_number="79265550199")
LOST = [LoseReply(), ResetMidReply(), RawReply(data=b"HTTP/1.1 200 OK\r\n\r\n{garbage"), HtmlPage(before_effect=False)]


async def start_lost(desk: StartDesk, fault: Fault | None = None, contact: str = CONTACT) -> StartReport:
    """A start whose reply does not come."""
    desk.stack.simulator.faults.add(fault or LoseReply(), face="pbx", operation=START)
    report = await desk.starts.start(to_me(contact))
    assert report.phase is P.UNKNOWN
    assert isinstance(report.error, OutcomeUnknown)
    return report


async def test_a_start_is_accepted_and_then_seen(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        report = await desk.starts.start(to_me())
        assert (report.phase, report.error) == (P.ACCEPTED, None)
        assert report.start.external_id.startswith("pult-")
        assert list(desk.starts.under_way) == [report]
        await desk.stack.poll()
        assert desk.phases() == [P.SENDING, P.ACCEPTED, P.SEEN]
        assert not desk.starts.under_way
        latest = desk.starts.latest
        assert latest is not None
        assert latest.call_session_id == report.call_session_id is not None
        live_call = desk.stack.live(report.call_session_id)
        assert live_call.session.external_id == report.start.external_id
        assert desk.starts.is_own(live_call.session)
        assert await desk.kept() == []


async def test_every_start_has_a_mark_of_its_own(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        first = await desk.starts.start(replace(to_me(), external_id="typed by hand"))
        second = await desk.starts.start(to_me(OTHER_CONTACT))
        marks = {first.start.external_id, second.start.external_id}
        assert len(marks) == 2
        assert all(len(mark) == len("pult-") + 32 for mark in marks)


async def test_a_refused_start_says_why_and_may_be_tried_again_at_once(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        refused = await desk.starts.start(to_me(line_number="74950000000"))
        assert refused.phase is P.REFUSED
        assert isinstance(refused.error, Refused)
        assert refused.error.code == "virtual_phone_number_not_found"
        assert await desk.kept() == []
        assert (await desk.starts.start(to_me())).phase is P.ACCEPTED


async def test_what_never_left_may_be_tried_again_at_once(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        report = await desk.starts.start(replace(to_me(), employee_id=None))
        assert report.phase is P.NOT_SENT
        assert isinstance(report.error, LinkDown)
        assert desk.effects() == []
        assert desk.starts.why_not(CONTACT) is None


async def test_two_presses_start_one_call(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        first, second = await asyncio.gather(desk.starts.start(to_me()), desk.starts.start(to_me()))
        assert (first.phase, second.phase) == (P.ACCEPTED, P.NOT_SENT)
        assert second.detail["guard"] == "under_way"
        assert len(desk.effects()) == 1
        assert desk.starts.latest == first


async def test_the_same_contact_again_within_seconds_is_a_slip(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        first = await desk.starts.start(to_me())
        await desk.stack.poll()
        await _hang_up(desk, first.call_session_id)
        report = await desk.starts.start(to_me("89161234567"))
        assert (report.phase, report.detail["guard"]) == (P.NOT_SENT, "double_dial")
        assert desk.starts.why_not(OTHER_CONTACT) is None
        await desk.stack.clock.pass_time(5)
        assert desk.starts.why_not(CONTACT) is None


async def _hang_up(desk: StartDesk, call_session_id: CallSessionId | None) -> None:
    """It ends, and the board knows."""
    assert call_session_id is not None
    desk.stack.simulator.pbx.hang_up(call_session_id, 2001)
    while desk.stack.board.calls:
        await desk.stack.poll()


async def test_while_my_call_to_the_number_lives_there_is_no_second_one(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        first = await desk.starts.start(to_me())
        await desk.stack.poll()
        await desk.stack.clock.pass_time(9)
        await desk.stack.poll()
        report = await desk.starts.start(to_me("89161234567"))
        assert (report.phase, report.detail["guard"]) == (P.NOT_SENT, "already_in_a_call")
        block = desk.starts.why_not(CONTACT)
        assert block is not None
        assert block.params == {"call_session_id": first.call_session_id, "is_mine": True}
        assert desk.starts.why_not(OTHER_CONTACT) is None
        assert len(desk.effects()) == 1
        await _hang_up(desk, first.call_session_id)
        assert desk.starts.why_not(CONTACT) is None


async def test_a_call_of_mine_that_came_in_counts_too(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        desk.stack.simulator.pbx.ring_in(CONTACT, employees=[int(ME)])
        await desk.stack.poll()
        block = desk.starts.why_not(CONTACT)
        assert block is not None
        assert block.reason is B.ALREADY_IN_A_CALL


async def test_a_call_started_here_without_my_phone_counts_and_a_colleagues_does_not(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        pbx = desk.stack.simulator.pbx
        pbx.ring_in(CONTACT, employees=[2002])
        colleagues_mark = f"pult-{'0' * 32}"
        await desk.stack.telephony.start_call(
            replace(to_me(OTHER_CONTACT), employee_id=EmployeeId(2002), external_id=colleagues_mark)
        )
        await desk.stack.poll()
        assert desk.starts.why_not(CONTACT) is None
        assert desk.starts.why_not(OTHER_CONTACT) is None
        colleagues = next(one for one in desk.stack.board.calls.values() if one.session.external_id == colleagues_mark)
        assert not desk.starts.is_own(colleagues.session)
        report = await desk.starts.start(BY_MOBILE)
        await desk.stack.poll()
        await desk.stack.clock.pass_time(6)
        await desk.stack.poll()
        block = desk.starts.why_not(BY_MOBILE.contact)
        assert block is not None
        assert (block.reason, block.params["is_mine"]) == (B.ALREADY_IN_A_CALL, False)
        assert report.call_session_id is not None
        assert desk.starts.is_own(desk.stack.live(report.call_session_id).session)


async def test_calls_nobody_knows_to_live_still_keep_nobody_from_calling(
    tmp_path: Path, expected_log: ExpectedLog
) -> None:
    expected_log("the link to the PBX broke")
    async with open_desk(tmp_path) as desk:
        await desk.starts.start(to_me())
        await desk.stack.poll()
        await desk.stack.clock.pass_time(6)
        assert desk.starts.why_not(CONTACT) is not None
        desk.stack.simulator.faults.add(HttpError(status=502), operation="list.calls", times=None)
        await desk.stack.failed_poll()
        await desk.stack.clock.pass_time(3600)
        await desk.stack.let_pass(lambda: desk.stack.poller.report.health is LinkHealth.DOWN, "the list to grow old")
        assert desk.stack.board.calls
        assert desk.starts.why_not(CONTACT) is None


async def test_an_accepted_call_that_never_shows_stands_in_the_way_for_moments_only(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        report = await desk.starts.start(to_me())
        assert report.call_session_id is not None
        desk.stack.simulator.pbx.hang_up(report.call_session_id, 2001)
        assert desk.starts.why_not(CONTACT) is not None
        for _ in range(3):
            await desk.stack.poll()
        await desk.stack.clock.pass_time(5)
        assert desk.starts.why_not(CONTACT) is None
        assert not desk.starts.under_way
        assert desk.phases() == [P.SENDING, P.ACCEPTED]


@pytest.mark.parametrize("fault", LOST, ids=lambda fault: fault.name)
async def test_a_lost_start_is_found_in_the_list(tmp_path: Path, fault: Fault) -> None:
    async with open_desk(tmp_path) as desk:
        report = await start_lost(desk, fault)
        assert await desk.kept() == [report.start.external_id]
        await desk.stack.poll()
        latest = desk.starts.latest
        assert latest is not None
        assert (latest.phase, latest.detail["how"]) == (P.FOUND, "list")
        assert latest.call_session_id in desk.stack.board.calls
        assert len(desk.effects()) == 1
        await until(lambda: not desk.starts.under_way)
    async with open_desk(tmp_path) as reopened:
        assert reopened.reports == []


async def test_a_lost_start_is_found_in_the_report(tmp_path: Path) -> None:
    report_of_calls = Report()
    async with open_desk(tmp_path, account=report_of_calls) as desk:
        report = await start_lost(desk)
        started = desk.stack.simulator.pbx.calls[-1]
        desk.stack.simulator.pbx.hang_up(started.call_session_id, 2001)
        await desk.stack.poll()
        await desk.let_seconds_pass(lambda: len(report_of_calls.asked) == 1, "the first question")
        report_of_calls.known[report.start.external_id] = CallSessionId(started.call_session_id)
        await desk.let_seconds_pass(lambda: desk.phases()[-1] is P.FOUND, "the call in the report")
        assert desk.reports[-1].detail["how"] == "report"
        assert desk.reports[-1].call_session_id == started.call_session_id
        asked_for, since = report_of_calls.asked[-1]
        assert asked_for == report.start.external_id
        assert (desk.stack.clock.now() - since).total_seconds() > 3600


async def test_the_data_api_knows_a_start_that_the_list_never_showed(tmp_path: Path) -> None:
    async with open_desk_with_data_api(tmp_path) as desk:
        await start_lost(desk)
        started = desk.stack.simulator.pbx.calls[-1].call_session_id
        desk.stack.simulator.pbx.hang_up(started, 2001)
        await desk.let_seconds_pass(lambda: desk.phases()[-1] is P.FOUND, "the call in the report")
        assert (desk.reports[-1].detail["how"], desk.reports[-1].call_session_id) == ("report", started)


@pytest.mark.parametrize("error", [RightsMissing("forbidden"), LinkDown("connect"), OutcomeUnknown("read_timeout")])
async def test_a_start_that_cannot_be_found_is_a_question(tmp_path: Path, error: PultError) -> None:
    report_of_calls = Report(error=error)
    async with open_desk(tmp_path, account=report_of_calls) as desk:
        report = await start_lost(desk, DropBefore())
        began_s = desk.stack.clock.monotonic()
        await desk.let_seconds_pass(lambda: desk.starts.unresolved, "the question")
        assert len(report_of_calls.asked) == 4
        assert 55 < desk.stack.clock.monotonic() - began_s < 65
        assert desk.phases() == [P.SENDING, P.UNKNOWN, P.NEVER_KNOWN]
        block = desk.starts.why_not(CONTACT)
        assert block is not None
        assert (block.reason, block.params) == (B.UNKNOWN_BEFORE, {"sequence": report.sequence})
        assert (await desk.starts.start(to_me())).detail["guard"] == "unknown_before"
        assert desk.effects() == []
        desk.starts.settle(report.sequence)
        assert not desk.starts.unresolved
        assert desk.reports[-1].detail["settled"] is True
        assert desk.starts.why_not(CONTACT) is None
        assert (await desk.starts.start(to_me())).phase is P.ACCEPTED
    async with open_desk(tmp_path) as reopened:
        assert reopened.reports == []


async def test_without_a_report_three_looks_at_the_list_are_enough(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await start_lost(desk, DropBefore())
        for _ in range(3):
            await desk.stack.poll()
        await desk.let_seconds_pass(lambda: desk.starts.unresolved, "the question")


async def test_what_turns_up_late_answers_the_question(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        report = await start_lost(desk, DropBefore())
        for _ in range(3):
            await desk.stack.poll()
        await desk.let_seconds_pass(lambda: desk.starts.unresolved, "the question")
        await desk.stack.telephony.start_call(report.start)
        await desk.stack.poll()
        assert desk.phases()[-1] is P.FOUND
        assert not desk.starts.unresolved


async def test_an_unknown_start_of_an_earlier_run_is_looked_for_and_never_sent_again(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        report = await start_lost(desk)
        async with next_run(desk, tmp_path) as reopened:
            assert reopened.phases() == [P.UNKNOWN]
            taken_up = reopened.reports[0]
            assert taken_up.start == report.start
            assert taken_up.detail == {"from_earlier_run": True}
            assert reopened.starts.why_not(CONTACT) is not None
            await reopened.stack.poll()
            assert reopened.phases() == [P.UNKNOWN, P.FOUND]
            assert len(reopened.effects()) == 1
            await until(lambda: not reopened.starts.under_way)
            (found,) = reopened.stack.board.calls.values()
            assert reopened.starts.is_own(found.session), "it was taken up, so it is ours"


async def test_an_unknown_start_of_an_earlier_run_that_is_over_is_looked_for_in_the_report(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        report = await start_lost(desk)
        call_session_id = CallSessionId(next(iter(desk.stack.simulator.pbx.calls)).call_session_id)
        desk.stack.simulator.pbx.hang_up(call_session_id, int(ME))
        known = Report(known={report.start.external_id: call_session_id})
        async with next_run(desk, tmp_path, known) as reopened:
            await reopened.let_seconds_pass(lambda: reopened.phases()[-1:] == [P.FOUND], "the report")
            assert reopened.reports[-1].call_session_id == call_session_id
            assert len(reopened.effects()) == 1


async def test_a_look_asked_for_before_the_answer_says_nothing_of_the_start(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        old_look = desk.stack.simulator.faults.add(HoldUntilReleased(), operation="list.calls")
        desk.stack.poller.refresh_soon()
        await desk.stack.clock.pass_time(0.5)
        await old_look.wait_held()
        await desk.stack.clock.pass_time(0.5)
        looks_before = len(desk.stack.polls)
        report = await start_lost(desk, DropBefore())
        old_look.release()
        await desk.stack.let_pass(lambda: len(desk.stack.polls) == looks_before + 2, "the old look and a new one")
        followed = desk.starts._ledger.of(report.sequence)
        assert followed is not None
        assert followed.polls_since == 1


async def test_closing_while_it_is_being_sent_leaves_it_unknown_for_the_next_run(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        rule = desk.stack.simulator.faults.add(HoldUntilReleased(), face="pbx", operation=START)
        sending = asyncio.get_running_loop().create_task(desk.starts.start(to_me()))
        await rule.wait_held()
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        assert desk.phases() == [P.SENDING, P.UNKNOWN]
        desk.stack.simulator.faults.clear()
        async with next_run(desk, tmp_path) as reopened:
            await reopened.stack.poll()
            assert reopened.phases() == [P.UNKNOWN, P.FOUND]
            assert len(reopened.effects()) == 1


async def test_it_is_on_the_disk_before_it_is_sent(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        rule = desk.stack.simulator.faults.add(HoldUntilReleased(before_effect=True), face="pbx", operation=START)
        sending = asyncio.get_running_loop().create_task(desk.starts.start(to_me()))
        await rule.wait_held()
        assert await desk.kept() == [desk.reports[0].start.external_id]
        assert desk.effects() == []
        desk.stack.simulator.faults.clear()
        assert (await sending).phase is P.ACCEPTED


async def test_a_disk_that_hangs_keeps_nobody_from_calling(
    tmp_path: Path, expected_log: ExpectedLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected_log("disk_hangs")
    monkeypatch.setattr(start_call, "DISK_WITHIN_S", 0.05)
    async with open_desk(tmp_path) as desk:
        released = threading.Event()
        hanging = asyncio.get_running_loop().create_task(desk.database.run(lambda _: released.wait(20.0)))
        try:
            async with asyncio.timeout(5.0):
                report = await desk.starts.start(to_me())
        finally:
            released.set()
            await hanging
        assert report.phase is P.ACCEPTED
        assert len(desk.effects()) == 1


async def test_the_points_of_commands_are_asked_for(tmp_path: Path) -> None:
    async with open_desk(tmp_path, SimulatorConfig(minute_limit=1)) as desk:
        assert (await desk.starts.start(to_me())).phase is P.ACCEPTED
        block = desk.starts.why_not(OTHER_CONTACT)
        assert block is not None
        assert block.reason is B.LIMIT_REACHED
        assert 0 < int(str(block.params["resets_in_s"])) <= 60
        report = await desk.starts.start(to_me(OTHER_CONTACT))
        assert (report.phase, report.detail["why_not"]) == (P.NOT_SENT, block)


async def test_nobody_signed_in_starts_nothing(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        desk.starts.use(None, None)
        block = desk.starts.why_not(CONTACT)
        assert block is not None
        assert block.reason is B.SIGN_IN_NEEDED
        assert (await desk.starts.start(to_me())).phase is P.NOT_SENT


async def test_all_that_was_asked_for_reaches_the_pbx(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        wish = CallStart(via=to_me().via, contact=CONTACT, line_number=LINE, employee_id=to_me().employee_id)
        await desk.starts.start(replace(wish, dial_tail="...12"))
        params = desk.stack.simulator.journal.entries_of(START)[-1].params
        assert params["dtmf_string"] == "...12"
        assert params["external_id"] == desk.reports[0].start.external_id
