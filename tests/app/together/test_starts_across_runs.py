"""The whole console starts calls, is closed and opened again: what it did not know is looked for, nothing is resent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.bootstrap import Services
from app.services.start_call import StartPhase, StartReport, usual_start
from app.simulator.config import SimulatorConfig
from app.simulator.faults import LoseReply
from app.simulator.runner import Simulator
from app.telephony.poller import LinkHealth
from tests.helpers.guards import ExpectedLog
from tests.helpers.services import open_console
from tests.helpers.waiting import until

CONTACT = "79161234567"
START = "start.employee_call"


async def start_usually(services: Services, simulator: Simulator) -> StartReport:
    await until(lambda: services.poller.report.health is LinkHealth.UP)
    wish = usual_start(CONTACT, "", services.settings, services.account.lists)
    line_number = simulator.pbx.directory.virtual_numbers[0].number
    return await services.start_calls.start(replace(wish, line_number=line_number))


async def test_a_started_call_is_mine_and_is_noted_for_redial(tmp_path: Path) -> None:
    async with Simulator(SimulatorConfig()) as simulator, open_console(simulator, tmp_path) as services:
        report = await start_usually(services, simulator)
        assert report.phase is StartPhase.ACCEPTED
        assert report.call_session_id is not None
        await until(lambda: services.start_calls.latest and services.start_calls.latest.phase is StartPhase.SEEN)
        live_call = services.board.call(report.call_session_id)
        assert live_call is not None
        assert live_call.session.leg_of(services.me) is not None
        assert services.dialled.last == CONTACT
        assert [found.times for found in await services.dialled.recent(5)] == [1]


async def test_what_one_run_did_not_know_the_next_one_finds(tmp_path: Path) -> None:
    async with Simulator(SimulatorConfig()) as simulator:
        async with open_console(simulator, tmp_path) as services:
            await until(lambda: services.poller.report.health is LinkHealth.UP)
            # Nothing may be seen before the console is closed.
            services.poller.pause()
            simulator.faults.add(LoseReply(), face="pbx", operation=START)
            report = await start_usually(services, simulator)
            assert report.phase is StartPhase.UNKNOWN
            assert services.start_calls.under_way
        async with open_console(simulator, tmp_path) as services:
            taken_up = services.start_calls.latest
            assert taken_up is not None
            assert taken_up.start == report.start
            await until(lambda: services.start_calls.latest and services.start_calls.latest.phase is StartPhase.FOUND)
            assert not services.start_calls.under_way
        async with open_console(simulator, tmp_path) as services:
            assert services.start_calls.latest is None
        assert len(simulator.journal.entries_of(START)) == 1


async def test_without_the_component_for_the_list_a_call_is_started_and_ended(
    tmp_path: Path, expected_log: ExpectedLog
) -> None:
    expected_log("the link to the PBX broke")
    async with Simulator(SimulatorConfig()) as simulator:
        simulator.account.switches.disabled_components = {"control"}
        async with open_console(simulator, tmp_path) as services:
            await until(lambda: services.poller.report.health is LinkHealth.NO_LIST)
            wish = usual_start(CONTACT, "", services.settings)
            line_number = simulator.pbx.directory.virtual_numbers[0].number
            report = await services.start_calls.start(replace(wish, line_number=line_number))
            assert report.call_session_id is not None
            assert list(services.board.calls) == [report.call_session_id]
            assert not services.wrap_up.cards, "nobody knows how it went"
            await services.call_control.end_call(report.call_session_id)
            assert not services.board.calls
            assert not simulator.pbx.calls
