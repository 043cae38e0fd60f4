"""The offices of scenario files: what the demos have, how a started call lives in them, what a broken office says."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.simulator.clock import VirtualClock
from app.simulator.config import SimulatorConfig
from app.simulator.pbx.directory import PhoneBehaviour
from app.simulator.runner import Simulator
from app.simulator.scenario import ScenarioError, load_scenario
from tests.simulator.pbx_client import CALLER, ME, PbxDesk

DEMOS = ["busy", "shift", "tour"]


@pytest.mark.parametrize("demo", DEMOS)
def test_a_demo_office_has_something_in_every_list(demo: str) -> None:
    directory = load_scenario(demo).directory
    assert len({option.mnemonic for option in directory.talk_options}) >= 6
    assert len({option.button for option in directory.talk_options}) == len(directory.talk_options)
    tags = {option.value_id for option in directory.talk_options if option.mnemonic == "tag_call"}
    assert tags <= set(directory.tags)
    runs = {option.value_id for option in directory.talk_options if option.mnemonic == "run_scenario"}
    assert runs <= set(directory.scenarios)
    assert {"Доступен", "Перерыв", "Не беспокоить"} <= {status.name for status in directory.statuses.values()}
    assert len(directory.groups) >= 2
    assert len(directory.media_files) >= 4
    with_scenario = [line for line in directory.virtual_numbers if directory.scenario_of_number(line.number)]
    assert 0 < len(with_scenario) < len(directory.virtual_numbers)
    assert {employee.status_id for employee in directory.employees.values()} > {1}


async def start_mine(simulator: Simulator) -> tuple[PbxDesk, int]:
    desk = PbxDesk(simulator)
    return desk, await desk.start("start.employee_call", direction="out", external_id="mine")


@pytest.mark.parametrize("demo", ["busy", "shift"])
async def test_a_new_call_comes_alive_by_itself_in_the_demos(demo: str) -> None:
    async with Simulator(SimulatorConfig(scenario=demo), VirtualClock()) as simulator:
        desk, call = await start_mine(simulator)
        assert await desk.leg_states(call) == {"0486101": "Дозвон"}
        simulator.advance(1.6)
        assert await desk.leg_states(call) == {"0486101": "Разговор", CALLER: "Дозвон"}
        simulator.advance(2.1)
        assert await desk.leg_states(call) == {"0486101": "Разговор", CALLER: "Разговор"}


async def test_in_the_tour_nobody_answers_unless_told_or_set_for_the_number() -> None:
    async with Simulator(SimulatorConfig(scenario="tour"), VirtualClock()) as simulator:
        desk, call = await start_mine(simulator)
        simulator.advance(30)
        assert await desk.leg_states(call) == {"0486101": "Дозвон"}
        desk.world.directory.outside_phones[CALLER] = PhoneBehaviour(answers_after_s=1.0)
        desk.world.answer(call, ME)
        simulator.advance(1.1)
        assert await desk.leg_states(call) == {"0486101": "Разговор", CALLER: "Разговор"}


async def test_a_customer_of_the_shift_declines() -> None:
    async with Simulator(SimulatorConfig(scenario="shift"), VirtualClock()) as simulator:
        desk = PbxDesk(simulator)
        call = await desk.start("start.employee_call", contact="79037654321")
        simulator.advance(6)
        assert desk.world.call(call).finish_reason == "contact_declined"


OFFICE = """
[office]
contact_answers_after_s = 3
[[office.employees]]
id = 1
name = "А Б В"
extension = "11"
phone = "0486011"
other_phones = ["79161110011"]
dial_time_s = 7
status = 4
[[office.virtual_numbers]]
number = "74951045771"
name = "Линия"
is_active = false
"""


def test_an_office_file_is_read_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "office.toml"
    path.write_text(OFFICE, encoding="utf-8")
    directory = load_scenario(str(path)).directory
    employee = directory.employees[1]
    assert (employee.phones, employee.dial_time_s, employee.status_id) == (("0486011", "79161110011"), 7.0, 4)
    assert directory.contact_answers_after_s == 3.0
    assert not directory.virtual_numbers[0].is_active
    assert directory.virtual_number("74951045771") is None
    assert [status.status_id for status in directory.statuses.values()] == [1, 2, 3, 4, 5, 6]
    assert (directory.groups, directory.scenarios, directory.outside_phones) == ({}, {}, {})


@pytest.mark.parametrize(
    ("tables", "complaint"),
    [
        ("[[office.groups]]\nid = 1\nname = 'g'\nnumber = '2'\nemployees = [7]", "unknown employees"),
        ("[[office.scenarios]]\nid = 1\nname = 's'\nemployees = [7]", "unknown employees"),
        ("[[office.scenarios]]\nid = 1\nname = 's'\nemployees = 7", "an array was expected"),
        ("[[office.scenarios]]\nid = 1\nname = 's'\nemployees = []\nnumbers = [7]", "an array of strings"),
        ("[[office.statuses]]\nid = 9\nname = 'x'", "unknown status"),
        ("[[office.statuses]]\nname = 'x'", "id"),
        ("[[office.outside_phones]]\nanswers_after_s = 1", "number"),
        ("[[office.outside_phones]]\nnumber = '79'\nanswers_after_s = 'soon'", "a number was expected"),
    ],
)
def test_a_broken_office_says_what_is_wrong(tmp_path: Path, tables: str, complaint: str) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(f"{OFFICE}\n{tables}", encoding="utf-8")
    with pytest.raises(ScenarioError, match=complaint):
        load_scenario(str(path))
