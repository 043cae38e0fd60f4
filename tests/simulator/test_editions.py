"""What the editions of 2017 and of 2026 of the very same v4.0 disagree on (uis-notes §0.1)."""

from __future__ import annotations

import pytest

from app.simulator.__main__ import parse_config
from app.simulator.config import SimulatorConfig
from app.simulator.pbx.directory import VirtualNumber
from app.simulator.uis_api.methods import methods_of
from tests.simulator.pbx_client import HOLD_MESSAGE, OPERATOR_NUMBER, START_ARGUMENTS, pbx_desk

TOLL_FREE = "78005553535"
NEWER: dict[str, dict[str, object]] = {
    "start.employee_call": {"virtual_phone_usage_rule": "random"},
    "start.scenario_call": {
        "virtual_phone_usage_rule": "fixed",
        "early_switching": False,
        "employee_message": HOLD_MESSAGE,
    },
    "start.vnumber_call": {"virtual_phone_usage_rule": "fixed_for_numa", "early_switching": False},
    "start.informer_call": {"virtual_phone_usage_rule": "regional_random"},
    "start.simple_call": {"virtual_phone_usage_rule": "regional_fixed_for_numa", "operator_confirmation": "1"},
}


@pytest.mark.parametrize(("method", "name"), [(method, name) for method, sent in NEWER.items() for name in sent])
async def test_a_newer_parameter_is_unexpected_in_2017(method: str, name: str) -> None:
    sent = {**START_ARGUMENTS[method], name: NEWER[method][name]}
    async with pbx_desk(SimulatorConfig(edition=2017)) as desk:
        refused = await desk.call(method, **sent)
        assert refused["error"]["data"]["mnemonic"] == "unexpected_parameters"
        assert refused["error"]["data"]["field"] == name
    async with pbx_desk() as desk:
        assert await desk.mnemonic(method, **sent) == "ok"


def test_the_editions_differ_in_the_newer_parameters_alone() -> None:
    old, new = methods_of(2017), methods_of(2026)
    assert set(old) == set(new)
    assert len(new) == 22
    added = {name: set(new[name].params) - set(old[name].params) for name in new}
    assert {name: names for name, names in added.items() if names} == {name: set(sent) for name, sent in NEWER.items()}
    assert all(set(old[name].params) <= set(new[name].params) for name in new)


@pytest.mark.parametrize("method", sorted(START_ARGUMENTS))
@pytest.mark.parametrize(("edition", "default"), [(2017, "out"), (2026, "in")])
async def test_the_direction_that_nobody_sent(method: str, edition: int, default: str) -> None:
    async with pbx_desk(SimulatorConfig(edition=edition)) as desk:
        await desk.start(method)
        assert (await desk.data("list.calls"))[0]["direction"] == default


@pytest.mark.parametrize(
    ("edition", "operator", "expected"),
    [
        (2026, OPERATOR_NUMBER, "ok"),
        (2026, {"id": 1, "phone_number": OPERATOR_NUMBER}, "data_type_error"),
        (2017, OPERATOR_NUMBER, "ok"),
        (2017, {"id": 1, "phone_number": OPERATOR_NUMBER}, "ok"),
        (2017, {"phone_number": "+79262444491"}, "invalid_parameter_value"),
        (2017, {}, "required_parameter_missed"),
        (2017, 7, "data_type_error"),
    ],
)
async def test_the_operator_is_a_string_and_in_2017_an_object_too(
    edition: int, operator: object, expected: str
) -> None:
    async with pbx_desk(SimulatorConfig(edition=edition)) as desk:
        sent = {**START_ARGUMENTS["start.simple_call"], "operator": operator}
        assert await desk.mnemonic("start.simple_call", **sent) == expected
        if expected == "ok":
            assert desk.world.calls[0].legs[0].called == OPERATOR_NUMBER


@pytest.mark.parametrize("method", sorted(START_ARGUMENTS))
@pytest.mark.parametrize(("edition", "expected"), [(2017, "virtual_phone_number_not_found"), (2026, "ok")])
async def test_an_own_number_that_is_toll_free_is_refused_in_2017_only(
    method: str, edition: int, expected: str
) -> None:
    async with pbx_desk(SimulatorConfig(edition=edition)) as desk:
        directory = desk.world.directory
        directory.virtual_numbers.append(VirtualNumber(TOLL_FREE, "Бесплатный"))
        scenario = directory.scenarios[5001]
        directory.scenarios[5001] = type(scenario)(5001, scenario.name, (TOLL_FREE,), scenario.employees)
        sent = {**START_ARGUMENTS[method], "virtual_phone_number": TOLL_FREE}
        assert await desk.mnemonic(method, **sent) == expected


async def test_a_number_that_is_switched_off_is_not_found() -> None:
    async with pbx_desk() as desk:
        desk.world.directory.virtual_numbers.append(VirtualNumber("74950000001", "Заморожен", is_active=False))
        sent = {**START_ARGUMENTS["start.employee_call"], "virtual_phone_number": "74950000001"}
        assert await desk.mnemonic("start.employee_call", **sent) == "virtual_phone_number_not_found"


def test_the_process_takes_the_edition_from_its_command_line() -> None:
    assert parse_config([]).edition == 2026
    assert parse_config(["--edition", "2017"]).edition == 2017
    with pytest.raises(SystemExit):
        parse_config(["--edition", "2020"])
