"""The operator's usual way to call somebody."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from app.account.lists import AccountLists
from app.account.port import AccountLine
from app.domain.call_start import CallStart, StartFault, StartVia, problems_of
from app.domain.calls import Direction, EmployeeId
from app.services.start_call import usual_start
from app.settings import Settings
from app.settings.declared import LineSetting

V = StartVia
LISTS = AccountLists(lines=(AccountLine("74950000001"), AccountLine("74950000002", has_scenario=True)))


def usual(lists: AccountLists | None = None, **pbx: Any) -> CallStart:
    settings = Settings()
    changed = msgspec.structs.replace(settings.pbx, **pbx)
    return usual_start("79161234567", "...12", msgspec.structs.replace(settings, pbx=changed), lists)


def test_by_default_my_phone_rings_first() -> None:
    start = usual(employee_id=2001, virtual_phone_number="74951045771")
    assert (start.via, start.employee_id) == (V.EMPLOYEE, EmployeeId(2001))
    assert (start.contact, start.dial_tail, start.line_number) == ("79161234567", "...12", "74951045771")
    assert start.direction is Direction.OUTBOUND
    assert problems_of(start, tts_max_length=1000) == ()


@pytest.mark.parametrize(
    ("via", "pbx"),
    [
        (V.SCENARIO, {"start_scenario_id": 401}),
        (V.VNUMBER, {}),
        (V.SIMPLE, {"operator_number": "79262444491"}),
    ],
)
def test_each_way_takes_what_is_its_own(via: StartVia, pbx: dict[str, Any]) -> None:
    everything: dict[str, Any] = {"employee_id": 2001, "virtual_phone_number": "74951045771", "start_via": via.value}
    start = usual(**everything, **pbx)
    assert start.via is via
    assert problems_of(start, tts_max_length=1000) == ()
    others: dict[str, Any] = {"start_scenario_id": 401, "operator_number": "79262444491"}
    assert problems_of(usual(**everything, **others), tts_max_length=1000) == ()


def test_what_the_settings_lack_is_named() -> None:
    missing = {
        V.EMPLOYEE: {"line_number", "employee_id"},
        V.SCENARIO: {"line_number", "scenario_id"},
        V.VNUMBER: {"line_number"},
        V.INFORMER: {"line_number", "contact_message"},
        V.SIMPLE: {"line_number", "operator_number"},
    }
    for via, fields in missing.items():
        problems = problems_of(usual(start_via=via.value), tts_max_length=1000)
        assert {problem.field for problem in problems} == fields
        assert {problem.reason for problem in problems} == {StartFault.MISSING}


def test_the_line_comes_from_the_settings_then_from_the_account() -> None:
    configured = (LineSetting(number="74950000009", name="Склад"),)
    assert usual(LISTS, virtual_phone_number="74951045771").line_number == "74951045771"
    assert usual(LISTS, virtual_numbers=configured).line_number == "74950000001"
    assert usual(virtual_numbers=configured).line_number == "74950000009"
    assert usual(LISTS, start_via="vnumber").line_number == "74950000002"
    assert usual().line_number == ""
