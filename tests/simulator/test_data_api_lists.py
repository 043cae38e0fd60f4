"""The Data API's lists: what is in them, paging, fields, filters, order, points and rights."""

from __future__ import annotations

import pytest

from app.simulator.config import SimulatorConfig
from app.simulator.uis_api.data_methods import DATA_METHODS
from tests.simulator.pbx_client import COLLEAGUE, LINE, ME, PbxDesk, pbx_desk

LISTS = [
    "get.account",
    "get.employees",
    "get.group_employees",
    "get.tags",
    "get.virtual_numbers",
    "get.scenarios",
    "get.media_files",
    "get.statuses",
    "get.blacklist_phone_numbers",
]
REPORTS = ["get.calls_report", "get.call_legs_report"]
DATES = {"date_from": "2026-03-02 00:00:00", "date_till": "2026-03-03 00:00:00"}


def needed(method: str) -> dict[str, object]:
    return dict(DATES) if method in REPORTS else {}


async def ids(desk: PbxDesk, method: str, **named: object) -> list[int]:
    return [row["id"] for row in await desk.data_rows(method, **named)]


async def test_the_account_says_its_time_zone_in_an_array_of_one() -> None:
    async with pbx_desk(SimulatorConfig(time_zone="Europe/Samara")) as desk:
        (account,) = await desk.data_rows("get.account")
        assert (account["app_id"], account["timezone"]) == (4321, "Europe/Samara")


async def test_an_employee_has_names_status_coach_groups_phones_and_extension() -> None:
    async with pbx_desk() as desk:
        desk.world.directory.employees[ME].other_phones = ("79265550101",)
        rows = {row["id"]: row for row in await desk.data_rows("get.employees")}
        assert len(rows) == 6
        mine = rows[ME]
        names = [mine[name] for name in ("last_name", "first_name", "patronymic", "full_name")]
        assert names == ["Орлова", "Марина", "Сергеевна", "Орлова Марина Сергеевна"]
        assert (mine["status_id"], mine["status"], mine["calls_available"]) == (1, "available", True)
        assert mine["coach"]["coach_id"] == 2004
        assert mine["groups"] == [{"group_id": 301, "group_name": "Продажи"}]
        assert [phone["phone_number"] for phone in mine["phone_numbers"]] == ["0486101", "79265550101"]
        assert mine["extension"]["extension_phone_number"] == "101"
        assert rows[2003]["coach"] is None
        assert rows[2005]["call_recording"] == "all"
        assert [phone["status"] for phone in rows[2006]["phone_numbers"]] == ["inactive"]


async def test_groups_numbers_scenarios_files_tags_and_statuses_are_those_of_the_office() -> None:
    async with pbx_desk() as desk:
        (sales, _) = await desk.data_rows("get.group_employees")
        assert [member["employee_id"] for member in sales["members"]] == [ME, COLLEAGUE]
        assert [phone["employee_phone_number"] for phone in sales["phone_numbers"]] == ["0486101", "0486102"]
        numbers = await desk.data_rows("get.virtual_numbers")
        assert [row["virtual_phone_number"] for row in numbers] == [LINE, "74959268686"]
        assert [[one["scenario_id"] for one in row["scenarios"]] for row in numbers] == [[5001], []]
        scenarios = await desk.data_rows("get.scenarios")
        assert [(row["id"], row["virtual_phone_numbers"]) for row in scenarios] == [(5001, [LINE]), (5002, [])]
        files = await desk.data_rows("get.media_files")
        assert [(row["id"], row["duration"], row["type"]) for row in files] == [
            (2561, 60, "user"),
            (2562, 4, "user"),
            (2701, 30, "system"),
        ]
        tags = await desk.data_rows("get.tags")
        assert tags[0] == {"id": 254, "name": "Целевой", "is_system": False}
        statuses = await desk.data_rows("get.statuses")
        assert [row["name"] for row in statuses][:3] == ["Доступен", "Перерыв", "Не беспокоить"]
        assert [row["id"] for row in statuses if not row["is_select_allowed"]] == [6]
        assert await desk.data_rows("get.statuses", is_deleted=True) == []


async def test_pages_follow_each_other_and_say_how_many_rows_there_are() -> None:
    async with pbx_desk() as desk:
        for offset, expected in ((0, [2001, 2002]), (2, [2003, 2004]), (5, [2006]), (6, [])):
            reply = await desk.ask_data("get.employees", limit=2, offset=offset)
            assert [row["id"] for row in reply["result"]["data"]] == expected
            assert reply["result"]["metadata"]["total_items"] == 6
        filtered = await desk.ask_data("get.employees", filter={"field": "id", "operator": ">", "value": 2004}, limit=1)
        assert filtered["result"]["metadata"]["total_items"] == 2
        assert len(filtered["result"]["data"]) == 1


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("limit", 0, "invalid_parameter_value"),
        ("limit", 10_001, "invalid_parameter_value"),
        ("limit", "10", "data_type_error"),
        ("offset", -1, "invalid_parameter_value"),
        ("offset", 100_001, "invalid_parameter_value"),
        ("fields", "id", "data_type_error"),
        ("fields", [7], "data_type_error"),
        ("fields", ["colour"], "invalid_parameter_value"),
        ("filter", [], "data_type_error"),
        ("filter", {"field": "id"}, "required_parameter_missed"),
        ("filter", {"operator": "=", "value": 1}, "required_parameter_missed"),
        ("filter", {"field": "id", "operator": "="}, "required_parameter_missed"),
        ("filter", {"field": ["id"], "operator": "=", "value": 1}, "data_type_error"),
        ("filter", {"field": "id", "operator": "~", "value": 1}, "invalid_parameter_value"),
        ("filter", {"field": "groups", "operator": "=", "value": 1}, "filter_prohibited"),
        ("filter", {"field": "colour", "operator": "=", "value": 1}, "filter_prohibited"),
        ("filter", {"filters": {}, "condition": "and"}, "data_type_error"),
        ("filter", {"filters": [], "condition": "xor"}, "invalid_parameter_value"),
        ("filter", {"filters": [7], "condition": "or"}, "data_type_error"),
        ("sort", {}, "data_type_error"),
        ("sort", [7], "data_type_error"),
        ("sort", [{"order": "asc"}], "required_parameter_missed"),
        ("sort", [{"field": "phone_numbers"}], "sort_prohibited"),
        ("sort", [{"field": "colour"}], "sort_prohibited"),
        ("sort", [{"field": "id", "order": "up"}], "invalid_parameter_value"),
    ],
)
async def test_a_wrong_common_parameter_is_refused(name: str, value: object, expected: str) -> None:
    async with pbx_desk() as desk:
        assert await desk.data_error("get.employees", **{name: value}) == (-32602, expected)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"field": "id", "operator": "=", "value": 2003}, [2003]),
        ({"field": "id", "operator": "!=", "value": 2003}, [2001, 2002, 2004, 2005, 2006]),
        ({"field": "id", "operator": ">", "value": 2005}, [2006]),
        ({"field": "id", "operator": ">=", "value": 2005}, [2005, 2006]),
        ({"field": "id", "operator": "<", "value": 2002}, [2001]),
        ({"field": "id", "operator": "<=", "value": 2002}, [2001, 2002]),
        ({"field": "id", "operator": "<", "value": "2002"}, []),
        ({"field": "id", "operator": "in", "value": [2001, 2006, 7]}, [2001, 2006]),
        ({"field": "id", "operator": "not_in", "value": [2001, 2002, 2003]}, [2004, 2005, 2006]),
        ({"field": "full_name", "operator": "like", "value": "%Петр%"}, []),
        ({"field": "full_name", "operator": "like", "value": "Г%"}, [2002]),
        ({"field": "full_name", "operator": "like", "value": "г%"}, []),
        ({"field": "full_name", "operator": "ilike", "value": "г%"}, [2002]),
        ({"field": "full_name", "operator": "like", "value": "Гусев"}, []),
        ({"field": "full_name", "operator": "not_ilike", "value": "%ов%"}, [2002]),
        ({"field": "schedule_id", "operator": "is_not_null"}, []),
        ({"field": "id", "operator": "is_not_null"}, [2001, 2002, 2003, 2004, 2005, 2006]),
        (
            {
                "condition": "or",
                "filters": [
                    {"field": "id", "operator": "=", "value": 2001},
                    {
                        "condition": "and",
                        "filters": [
                            {"field": "id", "operator": ">", "value": 2004},
                            {"field": "call_recording", "operator": "=", "value": "all"},
                        ],
                    },
                ],
            },
            [2001, 2005],
        ),
    ],
)
async def test_filters_simple_and_as_a_tree(condition: dict[str, object], expected: list[int]) -> None:
    async with pbx_desk() as desk:
        assert await ids(desk, "get.employees", filter=condition) == expected


async def test_rows_are_sorted_by_several_fields_and_empty_ones_come_last() -> None:
    async with pbx_desk() as desk:
        desk.world.directory.employees[2003].status_id = 2
        by_status = [{"field": "status_id", "order": "desc"}, {"field": "full_name", "order": "asc"}]
        assert await ids(desk, "get.employees", sort=by_status) == [2003, 2002, 2004, 2005, 2001, 2006]
        statuses = await ids(desk, "get.statuses", sort=[{"field": "name"}], limit=2)
        assert statuses == [1, 3]


async def test_only_the_fields_that_were_asked_for_are_given() -> None:
    async with pbx_desk() as desk:
        assert await desk.data_rows("get.employees", fields=["full_name", "id"], limit=1) == [
            {"id": ME, "full_name": "Орлова Марина Сергеевна"}
        ]


async def test_a_field_of_another_component_needs_that_component() -> None:
    async with pbx_desk() as desk:
        assert (await desk.data_rows("get.tags", fields=["id", "color"]))[0] == {"id": 254, "color": "#EBEBEB"}
        desk.simulator.account.switches.disabled_components = {"data_settings"}
        refused = await desk.data_error("get.tags", fields=["id", "color"])
        assert refused == (-32008, "parameter_component_disabled")
        assert await desk.data_error("get.tags", fields=["id", "name"]) == (0, "ok")


@pytest.mark.parametrize("method", [*LISTS, *REPORTS])
async def test_every_list_takes_the_common_parameters(method: str) -> None:
    async with pbx_desk() as desk:
        reply = await desk.ask_data(method, **needed(method), limit=10, offset=0, user_id=1)
        assert set(reply["result"]["metadata"]) == {"limits", "total_items"}
        assert await desk.data_error(method, **needed(method), colour="red") == (-32602, "unexpected_parameters")


async def test_an_empty_list_refuses_a_wrong_filter_as_a_full_one_does() -> None:
    async with pbx_desk() as desk:
        wrong = {"field": "colour", "operator": "=", "value": 1}
        assert await desk.data_rows("get.blacklist_phone_numbers") == []
        assert await desk.data_error("get.blacklist_phone_numbers", filter=wrong) == (-32602, "filter_prohibited")


async def test_points_of_the_data_api_are_a_purse_of_their_own_and_everything_costs_one() -> None:
    async with pbx_desk(SimulatorConfig(data_minute_limit=3, data_day_limit=10)) as desk:
        account = desk.simulator.account
        for method in ("get.account", "get.tags", "get.statuses"):
            assert await desk.data_error(method) == (0, "ok")
        assert (account.data_points.minute_spent, account.points.minute_spent) == (3, 0)
        refused = await desk.ask_data("get.tags")
        assert refused["error"]["code"] == -32029
        assert refused["error"]["data"]["metadata"]["limits"]["minute_remaining"] == 0
        assert await desk.mnemonic("list.calls") == "ok"
        desk.simulator.advance(60)
        assert await desk.data_error("get.tags", fields=["colour"]) == (-32602, "invalid_parameter_value")
        assert account.data_points.minute_spent == 0


@pytest.mark.parametrize("method", sorted(set(DATA_METHODS) - {"login.user", "logout.user"}))
async def test_a_method_can_be_forbidden_or_its_component_disabled(method: str) -> None:
    async with pbx_desk(SimulatorConfig(data_rights=frozenset({method}))) as desk:
        code = -32602 if method.startswith("delete.") else -32003
        assert await desk.data_error(method) == (code, "forbidden")
        assert await desk.mnemonic("list.calls") == "ok"
        desk.simulator.account.switches.disabled_components = {"data"}
        assert await desk.data_error(method) == (-32008, "method_component_disabled")
    async with pbx_desk() as desk:
        assert (await desk.data_error(method, **needed(method)))[1] in ("ok", "required_parameter_missed")


async def test_the_faults_of_the_account_meet_the_data_api_too() -> None:
    async with pbx_desk() as desk:
        switches = desk.simulator.account.switches
        switches.refuse_next("get.tags", "internal_error")
        assert await desk.data_error("get.tags") == (-32603, "internal_error")
        assert await desk.data_error("get.tags") == (0, "ok")
        assert await desk.data_error("hold.call") == (-32601, "method_not_found")
        switches.is_ip_whitelisted = False
        assert await desk.data_error("get.tags") == (-32003, "ip_not_whitelisted")
        switches.is_ip_whitelisted, switches.is_account_active = True, False
        assert await desk.data_error("get.tags") == (-32009, "account_inactive")
