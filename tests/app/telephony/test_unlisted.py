"""An account without the component for the list of calls: what is started here stands on the board and can be ended."""

from __future__ import annotations

from pathlib import Path

from app.domain.actions import CallAction, why_not
from app.domain.calls import CallState
from app.errors import SignInRefused
from app.services.command_report import CommandPhase
from app.services.start_call import StartBlockReason, StartPhase
from app.simulator.config import SimulatorConfig
from app.simulator.faults import LoseReply
from app.telephony.unlisted import has_no_list, is_unlisted
from tests.app.services.starts import (
    CONTACT,
    OTHER_CONTACT,
    Report,
    StartDesk,
    open_desk,
    open_desk_with_data_api,
    to_me,
)
from tests.app.telephony.stack import ME
from tests.helpers.guards import ExpectedLog
from tests.helpers.waiting import until

BROKE = "the link to the PBX broke"


async def lose_the_list(desk: StartDesk) -> None:
    desk.stack.simulator.account.switches.disabled_components = {"control"}
    await desk.stack.failed_poll()
    assert has_no_list(desk.stack.poller.report)


async def test_a_started_call_stands_on_the_board_and_can_be_ended(tmp_path: Path, expected_log: ExpectedLog) -> None:
    expected_log(BROKE)
    async with open_desk(tmp_path) as desk:
        await lose_the_list(desk)
        report = await desk.starts.start(to_me())
        assert report.phase is StartPhase.ACCEPTED
        assert report.call_session_id is not None
        live_call = desk.stack.live(report.call_session_id)
        assert live_call.call_state is CallState.UNKNOWN
        assert is_unlisted(live_call.session)
        assert live_call.session.leg_of(ME) is not None
        assert live_call.session.contact_number == CONTACT
        assert why_not(CallAction.END_CALL, desk.stack.control.situation(report.call_session_id)) is None
        assert desk.phases() == [StartPhase.SENDING, StartPhase.ACCEPTED]
        ended = await desk.stack.control.end_call(report.call_session_id)
        assert ended.phase is CommandPhase.ACCEPTED
        assert not desk.stack.board.calls
        assert not desk.stack.simulator.pbx.calls


async def test_a_call_that_is_over_leaves_when_the_pbx_does_not_find_it(
    tmp_path: Path, expected_log: ExpectedLog
) -> None:
    expected_log(BROKE)
    async with open_desk(tmp_path) as desk:
        await lose_the_list(desk)
        report = await desk.starts.start(to_me())
        assert report.call_session_id is not None
        desk.stack.simulator.pbx.hang_up(report.call_session_id, ME)
        ended = await desk.stack.control.end_call(report.call_session_id)
        assert ended.phase is CommandPhase.REFUSED
        assert not desk.stack.board.calls


async def test_a_lost_end_leaves_the_call_where_it_is(tmp_path: Path, expected_log: ExpectedLog) -> None:
    expected_log(BROKE)
    async with open_desk(tmp_path) as desk:
        await lose_the_list(desk)
        report = await desk.starts.start(to_me())
        assert report.call_session_id is not None
        desk.stack.simulator.faults.add(LoseReply(), face="pbx", operation="release.call")
        ended = await desk.stack.control.end_call(report.call_session_id)
        assert ended.phase is CommandPhase.UNKNOWN
        assert list(desk.stack.board.calls) == [report.call_session_id]


async def test_once_the_list_is_back_it_decides(tmp_path: Path, expected_log: ExpectedLog) -> None:
    expected_log(BROKE)
    async with open_desk(tmp_path) as desk:
        await lose_the_list(desk)
        over = await desk.starts.start(to_me())
        live = await desk.starts.start(to_me(OTHER_CONTACT))
        assert over.call_session_id is not None
        assert len(desk.stack.board.calls) == 2
        desk.stack.simulator.pbx.hang_up(over.call_session_id, ME)
        desk.stack.simulator.account.switches.disabled_components = set()
        await desk.stack.poll()
        assert list(desk.stack.board.calls) == [live.call_session_id]
        assert not is_unlisted(next(iter(desk.stack.board.calls.values())).session)


async def test_where_there_is_a_list_only_the_list_counts(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.starts.start(to_me())
        assert not desk.stack.board.calls
        await desk.stack.poll()
        assert len(desk.stack.board.calls) == 1


async def test_a_list_that_never_was_keeps_nobody_from_calling(tmp_path: Path, expected_log: ExpectedLog) -> None:
    expected_log(BROKE)
    async with open_desk(tmp_path, polls_from_start=False) as desk:
        block = desk.starts.why_not(CONTACT)
        assert block is not None
        assert block.reason is StartBlockReason.NOT_CONNECTED
        desk.stack.simulator.account.switches.disabled_components = {"control"}
        desk.stack.poller.start()
        await until(lambda: has_no_list(desk.stack.poller.report))
        report = await desk.starts.start(to_me())
        assert report.phase is StartPhase.ACCEPTED
        assert report.call_session_id is not None
        ended = await desk.stack.control.end_call(report.call_session_id)
        assert ended.phase is CommandPhase.ACCEPTED
        assert not desk.stack.board.calls


async def test_a_lost_end_can_be_tried_again_by_hand(tmp_path: Path, expected_log: ExpectedLog) -> None:
    expected_log(BROKE)
    async with open_desk(tmp_path) as desk:
        await lose_the_list(desk)
        report = await desk.starts.start(to_me())
        assert report.call_session_id is not None
        desk.stack.simulator.faults.add(LoseReply(), face="pbx", operation="release.call")
        await desk.stack.control.end_call(report.call_session_id)
        await desk.stack.clock.pass_time(10)
        again = await desk.stack.control.end_call(report.call_session_id)
        assert again.phase is CommandPhase.REFUSED
        assert not desk.stack.board.calls


async def test_the_report_of_calls_tells_that_it_is_over(tmp_path: Path, expected_log: ExpectedLog) -> None:
    expected_log(BROKE)
    # The phones ring on: on a busy machine virtual time runs far ahead of an answer.
    async with open_desk_with_data_api(tmp_path, SimulatorConfig(dial_time_s=1e6)) as desk:
        await lose_the_list(desk)
        over = await desk.starts.start(to_me())
        live = await desk.starts.start(to_me(OTHER_CONTACT))
        assert over.call_session_id is not None
        asked = desk.stack.simulator.journal
        await desk.let_seconds_pass(lambda: len(asked.entries_of("get.calls_report")) >= 2, "the first questions")
        assert len(desk.stack.board.calls) == 2
        desk.stack.simulator.pbx.hang_up(over.call_session_id, ME)
        await desk.let_seconds_pass(lambda: len(desk.stack.board.calls) == 1, "the end of one")
        assert list(desk.stack.board.calls) == [live.call_session_id]


async def test_a_report_that_cannot_be_asked_tells_nothing(tmp_path: Path, expected_log: ExpectedLog) -> None:
    expected_log(BROKE)
    async with open_desk_with_data_api(tmp_path) as desk:
        await lose_the_list(desk)
        desk.stack.simulator.faults.add(LoseReply(), face="data", times=None)
        report = await desk.starts.start(to_me())
        assert report.call_session_id is not None
        desk.stack.simulator.pbx.hang_up(report.call_session_id, ME)
        asked = desk.stack.simulator.journal
        await desk.let_seconds_pass(lambda: len(asked.entries_of("get.calls_report")) >= 2, "two questions")
        assert list(desk.stack.board.calls) == [report.call_session_id]


async def test_the_report_is_asked_less_and_less_often(tmp_path: Path, expected_log: ExpectedLog) -> None:
    expected_log(BROKE)
    report = Report()
    async with open_desk(tmp_path, account=report) as desk:
        await lose_the_list(desk)
        started = await desk.starts.start(to_me())
        await desk.let_seconds_pass(lambda: report.asked_over, "the first question")
        for _ in range(60):
            await desk.stack.clock.pass_time(60)
        assert 10 <= report.asked_over <= 20
        assert list(desk.stack.board.calls) == [started.call_session_id]
        for _ in range(12):
            await desk.stack.clock.pass_time(3600)
        asked_in_a_shift = report.asked_over
        await desk.stack.clock.pass_time(3600)
        assert report.asked_over == asked_in_a_shift


async def test_a_report_that_refuses_is_not_asked_again(tmp_path: Path, expected_log: ExpectedLog) -> None:
    expected_log(BROKE)
    report = Report(error=SignInRefused("auth_error"))
    async with open_desk(tmp_path, account=report) as desk:
        await lose_the_list(desk)
        started = await desk.starts.start(to_me())
        await desk.let_seconds_pass(lambda: report.asked_over, "the first question")
        for _ in range(60):
            await desk.stack.clock.pass_time(60)
        assert report.asked_over == 1
        assert list(desk.stack.board.calls) == [started.call_session_id]
