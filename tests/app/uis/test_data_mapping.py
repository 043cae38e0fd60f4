"""Entries of the Data API as accounts really give them: odd types, both spellings, what is missing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.account.port import AccountLine, AccountMediaFile, AccountScenario, Colleague, EmployeeGroup, OperatorStatus
from app.domain.calls import EmployeeId
from app.uis import data_mapping as mapping
from tests.app.telephony.stack import MOSCOW

# As the vendor's page of the method prints it, with made-up people.
EMPLOYEE = """{"id": 25, "login": "x@example.test", "last_name": "Орлова", "first_name": "Марина", "patronymic": "",
 "full_name": "Орлова Марина", "status": "available", "status_id": 3, "calls_available": true,
 "call_recording": "all", "coach": {"coach_id": 7, "coach_full_name": "Ершов", "coach_always_enabled": false},
 "groups": [{"group_id": 1, "group_name": "Продажи"}, {"group_id": 2, "group_name": null}],
 "phone_numbers": [
   {"phone_id": 1, "phone_number": "74955140578...2345", "channels_count": 1, "dial_time": 60, "status": "active"},
   {"phone_id": 2, "phone_number": "0486173", "channels_count": 1, "dial_time": 60, "status": "active"},
   {"phone_id": 3, "phone_number": "79161234567", "channels_count": 1, "dial_time": 60, "status": "inactive"},
   {"phone_id": 4, "phone_number": "0486173", "status": null}],
 "extension": {"extension_phone_number": "0101", "extension_voice_mail_enabled": true}}"""


def test_an_employee_as_the_document_prints_one() -> None:
    (colleague,) = mapping.colleagues_of([json.loads(EMPLOYEE)])
    assert colleague == Colleague(
        EmployeeId(25),
        "Орлова Марина",
        "0101",
        ("74955140578", "0486173"),
        ("Продажи",),
        3,
        is_always_recorded=True,
        has_coach=True,
    )


def test_an_employee_of_whom_little_is_told() -> None:
    entries: list[dict[str, object]] = [
        {"id": "26", "last_name": "Гусев", "first_name": None, "patronymic": "Ильич", "extension": 102, "coach": {}},
        {"id": 27, "full_name": None, "extension": None, "coach": None, "groups": None, "phone_numbers": {}},
    ]
    first, second = mapping.colleagues_of(entries)
    assert first == Colleague(EmployeeId(26), "Гусев Ильич", "102")
    assert second == Colleague(EmployeeId(27), "")


@pytest.mark.parametrize(
    ("call_recording", "is_always"), [("all", True), ("ALL", True), ("in", False), ("off", False), (None, False)]
)
def test_only_who_is_recorded_both_ways_is_always_recorded(call_recording: object, is_always: bool) -> None:
    (colleague,) = mapping.colleagues_of([{"id": 1, "call_recording": call_recording}])
    assert colleague.is_always_recorded is is_always


@pytest.mark.parametrize("spelt", ["phone_numbers", "phone_number"])
def test_members_of_a_group_in_both_spellings(spelt: str) -> None:
    """uis-notes §6.37."""
    phones = [{"employee_id": 25}, {"employee_id": "26"}, {"employee_id": 25}, {"employee_id": None}]
    (group,) = mapping.groups_of([{"id": 1, "name": "Продажи", "group_phone_number": "0201", spelt: phones}])
    assert group == EmployeeGroup(1, "Продажи", "0201", (EmployeeId(25), EmployeeId(26)))


def test_members_go_before_their_phones() -> None:
    (group,) = mapping.groups_of([{"id": 1, "members": [{"employee_id": 9}], "phone_numbers": [{"employee_id": 8}]}])
    assert group == EmployeeGroup(1, "", "", (EmployeeId(9),))


def test_lines_that_are_not_in_use_are_left_out() -> None:
    entries: list[dict[str, object]] = [
        {"virtual_phone_number": "+74951045771", "status": "active", "scenarios": [{"is_active": False}]},
        {"virtual_phone_number": "74951045772", "name": "Сайт", "scenarios": [{"is_active": False}, {}]},
        {"virtual_phone_number": 74951045773, "status": "Active", "scenarios": None},
        {"virtual_phone_number": "74951045774", "status": "manual_lock"},
        {"virtual_phone_number": None, "status": "active"},
        {"virtual_phone_number": "74951045771", "name": "снова"},
    ]
    assert mapping.lines_of(entries) == (
        AccountLine("74951045771"),
        AccountLine("74951045772", "Сайт", has_scenario=True),
        AccountLine("74951045773"),
    )


def test_scenarios_sounds_and_statuses() -> None:
    assert mapping.scenarios_of([{"id": 5, "name": "День", "virtual_phone_numbers": ["74951045771", None, {}]}]) == (
        AccountScenario(5, "День", ("74951045771",)),
    )
    assert mapping.media_files_of([{"id": 2561, "name": "Музыка", "duration": "0:01:35"}]) == (
        AccountMediaFile(2561, "Музыка", 95.0),
    )
    entries = [
        {"id": 1, "name": "Доступен", "color": "#48b23d", "is_deleted": False, "is_worktime": True},
        {"id": 2, "name": "Старый", "is_deleted": "true"},
        {"id": 3, "name": "Обед", "color": "red; background: url(x)", "is_select_allowed": False},
    ]
    assert mapping.statuses_of(entries) == (
        OperatorStatus(1, "Доступен", "#48B23D", is_selectable=True, is_worktime=True),
        OperatorStatus(3, "Обед", "", is_selectable=False, is_worktime=False),
    )


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (95, 95.0),
        (1.5, 1.5),
        ("95", 95.0),
        ("1:35", 95.0),
        ("1:00:05", 3605.0),
        (0, 0.0),
    ],
)
def test_durations_in_every_form(value: object, seconds: float) -> None:
    assert mapping.duration_s_of(value) == seconds


@pytest.mark.parametrize("value", ["", None, "long", -1, "nan", "inf", {}])
def test_what_is_no_duration_is_none(value: object) -> None:
    assert mapping.duration_s_of(value) is None


def test_names_from_outside_lose_their_control_characters() -> None:
    (tag,) = mapping.tags_of([{"id": 1, "name": "Целевой\u202e\n<b>"}])
    assert tag.name == "Целевой  <b>"


@pytest.mark.parametrize("entry_id", [None, 0, -5, "x", True, {}, 1e300])
def test_what_has_no_id_is_left_out(entry_id: object) -> None:
    assert mapping.tags_of([{"id": entry_id, "name": "x"}]) == ()


def test_a_time_goes_out_in_the_accounts_zone() -> None:
    assert mapping.time_in_zone(datetime(2026, 3, 2, 21, 30, tzinfo=UTC), MOSCOW) == "2026-03-03 00:30:00"


TEXT = st.text(max_size=8)
SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
# Two levels are as deep as any mapping looks, and much quicker to draw than a recursive strategy.
SHALLOW = SCALAR | st.lists(SCALAR, max_size=2) | st.dictionaries(TEXT, SCALAR, max_size=2)
JSON = SCALAR | st.lists(SHALLOW, max_size=2) | st.dictionaries(TEXT, SHALLOW, max_size=2)
FIELDS = st.sampled_from(
    [
        "id",
        "name",
        "full_name",
        "groups",
        "phone_numbers",
        "extension",
        "coach",
        "members",
        "scenarios",
        "color",
        "virtual_phone_number",
        "virtual_phone_numbers",
        "duration",
        "status",
        "status_id",
        "timezone",
    ]
)
MAPPINGS: list[Callable[[list[dict[str, object]]], object]] = [
    mapping.time_zone_of,
    mapping.colleagues_of,
    mapping.groups_of,
    mapping.tags_of,
    mapping.lines_of,
    mapping.scenarios_of,
    mapping.media_files_of,
    mapping.statuses_of,
]


@given(st.lists(st.dictionaries(FIELDS, JSON, max_size=4), max_size=3))
def test_no_entry_whatever_is_in_it_makes_an_error(entries: list[dict[str, object]]) -> None:
    for index, entry in enumerate(entries):
        entry.setdefault("id", index + 1)
    for made_of in MAPPINGS:
        made_of(entries)
