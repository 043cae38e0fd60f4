"""The Data API's reports on calls and legs, tags on calls that are over, the employee's status, the blacklist."""

from __future__ import annotations

from typing import Any

import pytest

from app.simulator.config import SimulatorConfig
from tests.simulator.pbx_client import CALLER, COLLEAGUE, LINE, ME, RECORDED, PbxDesk, pbx_desk

DATES = {"date_from": "2026-03-02 00:00:00", "date_till": "2026-03-03 00:00:00"}
NAMED = ["id", "call_api_external_id", "employees", "tags", "scenario_id"]


async def calls(desk: PbxDesk, **named: object) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = await desk.data_rows("get.calls_report", **DATES, **named)
    return rows


async def test_a_finished_call_is_reported_with_times_of_the_accounts_zone() -> None:
    async with pbx_desk() as desk:
        call = desk.world.ring_in(CALLER, employees=[ME])
        desk.simulator.advance(5)
        desk.world.answer(call, ME)
        desk.simulator.advance(60)
        desk.world.hang_up(call, "contact")
        (row,) = await calls(desk)
        assert row["id"] == row["communication_id"] == call
        assert (row["start_time"], row["finish_time"]) == ("2026-03-02 09:00:00", "2026-03-02 09:01:05")
        assert (row["wait_duration"], row["talk_duration"], row["total_duration"]) == (5, 60, 65)
        assert (row["direction"], row["source"], row["is_lost"]) == ("in", "va", False)
        assert (row["contact_phone_number"], row["virtual_phone_number"]) == (CALLER, LINE)
        assert row["finish_reason"] == "subscriber_disconnects"
        assert not {"employees", "tags", "call_api_external_id", "scenario_id", "contact_full_name"} & set(row)


async def test_employees_tags_and_external_marks_come_only_when_they_are_named() -> None:
    async with pbx_desk() as desk:
        call = await desk.start("start.employee_call", external_id="order 7")
        desk.world.answer(call, ME)
        desk.world.contact_answers(call)
        await desk.data("tag.call", call_session_id=call, tag_id=254)
        desk.world.hang_up(call, ME)
        (row,) = await calls(desk, fields=NAMED)
        assert set(row) == set(NAMED)
        assert (row["call_api_external_id"], row["scenario_id"]) == ("order 7", 5001)
        assert [tag["tag_id"] for tag in row["tags"]] == [254]
        assert [(one["employee_id"], one["is_talked"]) for one in row["employees"]] == [(ME, True)]


async def test_a_started_call_is_found_by_its_external_mark_live_or_over() -> None:
    async with pbx_desk() as desk:
        call = await desk.start("start.employee_call", external_id="order 7")
        await desk.start("start.employee_call", external_id="order 8")
        by_mark = {"field": "call_api_external_id", "operator": "=", "value": "order 7"}
        assert await calls(desk, filter=by_mark) == []
        found = await calls(desk, filter=by_mark, include_ongoing_calls=True, fields=["id", "finish_time", "source"])
        assert found == [{"id": call, "finish_time": None, "source": "callapi"}]
        await desk.data("release.call", call_session_id=call)
        (over,) = await calls(desk, filter=by_mark)
        assert (over["id"], over["finish_reason"]) == (call, "operator_disconnects")


@pytest.mark.parametrize(
    ("ends", "reason", "is_lost"),
    [("contact", "subscriber_disconnects", True), (ME, "operator_not_responsible", True)],
)
async def test_a_call_nobody_answered_is_lost(ends: str | int, reason: str, is_lost: bool) -> None:
    async with pbx_desk() as desk:
        call = desk.world.ring_in(CALLER, employees=[ME])
        assert [row["is_lost"] for row in await calls(desk, include_ongoing_calls=True)] == [False]
        desk.world.hang_up(call, ends)
        (row,) = await calls(desk)
        assert (row["finish_reason"], row["is_lost"], row["talk_duration"]) == (reason, is_lost, 0)


async def test_a_transfer_names_both_employees_and_those_who_only_rang() -> None:
    async with pbx_desk() as desk:
        call = desk.world.ring_in(CALLER, employees=[ME, 2003])
        desk.world.answer(call, ME)
        message = {"type": "tts", "value": "x"}
        await desk.data("hold.call", call_session_id=call, contact_message=message)
        await desk.data("make.call", call_session_id=call, to="102")
        desk.world.colleague_answers(call)
        await desk.data("transfer.talk", call_session_id=call)
        desk.world.hang_up(call, "contact")
        (row,) = await calls(desk, fields=["is_transfer", "employees", "last_talked_employee_id"])
        assert (row["is_transfer"], row["last_talked_employee_id"]) == (True, COLLEAGUE)
        talked = {one["employee_id"]: (one["is_answered"], one["is_talked"]) for one in row["employees"]}
        assert talked == {ME: (True, True), COLLEAGUE: (True, True), 2003: (False, False)}
        legs = await desk.data_rows("get.call_legs_report", **DATES)
        shown = {leg["called_phone_number"]: (leg["is_talked"], leg["is_operator"], leg["is_coach"]) for leg in legs}
        assert shown == {
            LINE: (True, False, False),
            "0486101": (True, True, False),
            "0486102": (True, True, False),
            "79265550103": (False, True, False),
        }
        assert {leg["call_session_id"] for leg in legs} == {call}


async def test_a_recorded_call_has_a_link_once_it_is_over() -> None:
    async with pbx_desk() as desk:
        call = desk.talk(employee_id=RECORDED)
        (live,) = await calls(desk, include_ongoing_calls=True)
        assert (live["call_records"], live["full_record_file_link"]) == ([], None)
        desk.world.hang_up(call, "contact")
        (row,) = await calls(desk)
        assert (row["call_records"], row["full_record_file_link"]) == ([], None)
        desk.simulator.advance(desk.simulator.config.recording_ready_after_s)
        (row,) = await calls(desk)
        assert row["full_record_file_link"].endswith(f"/{call}/{row['call_records'][0]}")
        assert row["full_record_file_link"].startswith(f"{desk.simulator.media_url}/")


@pytest.mark.parametrize("method", ["get.calls_report", "get.call_legs_report"])
@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        ("2026-01-01 00:00:00", "2026-04-01 00:00:00", "ok"),
        ("2026-01-01 00:00:00", "2026-04-05 00:00:00", "date_interval_limit_reached"),
        ("2026-03-02 00:00:00", "2026-03-01 00:00:00", "invalid_parameters_combination"),
        ("2026-03-02", "2026-03-03 00:00:00", "invalid_parameter_value"),
        ("2026-03-02T00:00:00", "2026-03-03 00:00:00", "invalid_parameter_value"),
        ("2026-03-02 00:00:00", "2026-03-32 00:00:00", "invalid_parameter_value"),
        ("2026-03-02 00:00:00", 7, "data_type_error"),
        ("2026-03-02 00:00:00", None, "required_parameter_missed"),
    ],
)
async def test_the_dates_of_a_report(method: str, begin: str, end: object, expected: str) -> None:
    async with pbx_desk() as desk:
        sent = {"date_from": begin, "date_till": end}
        if end is None:
            del sent["date_till"]
        assert (await desk.data_error(method, **sent))[1] == expected


async def test_only_calls_that_began_between_the_dates_are_reported() -> None:
    async with pbx_desk() as desk:
        desk.world.hang_up(desk.talk(), "contact")
        for begin, end, expected in (
            ("2026-03-02 08:59:59", "2026-03-02 09:00:00", 1),
            ("2026-03-02 09:00:00", "2026-03-02 10:00:00", 1),
            ("2026-03-02 09:00:01", "2026-03-02 10:00:00", 0),
            ("2026-03-02 06:00:00", "2026-03-02 06:30:00", 0),
        ):
            rows = await desk.data_rows("get.calls_report", date_from=begin, date_till=end)
            assert len(rows) == expected, (begin, end)


async def test_reports_are_sorted_by_time_and_not_by_id() -> None:
    async with pbx_desk() as desk:
        for _ in range(3):
            desk.simulator.advance(1)
            desk.world.hang_up(desk.talk(), "contact")
        newest_first = await calls(desk, sort=[{"field": "start_time", "order": "desc"}])
        assert [row["start_time"][-2:] for row in newest_first] == ["03", "02", "01"]
        by_id = await desk.data_error("get.calls_report", **DATES, sort=[{"field": "id"}])
        assert by_id == (-32602, "sort_prohibited")
        wanted = newest_first[1]["id"]
        assert [row["id"] for row in await calls(desk, filter={"field": "id", "operator": "=", "value": wanted})] == [
            wanted
        ]


async def test_a_call_that_is_over_is_tagged_and_untagged() -> None:
    async with pbx_desk() as desk:
        call = await desk.start("start.employee_call", external_id="order 7")
        await desk.data("release.call", call_session_id=call)
        tagging: dict[str, object] = {"communication_id": call, "communication_type": "call", "tag_id": 255}
        assert await desk.data_rows("set.tag_communications", **tagging) == {}
        assert [tag["tag_id"] for tag in (await calls(desk, fields=["tags"]))[0]["tags"]] == [255]
        assert await desk.data_error("set.tag_communications", **tagging) == (-32602, "duplicate_entity")
        by_mark = {"communication_ext_id": "order 7", "communication_type": "call", "tag_id": 255}
        assert await desk.data_rows("unset.tag_communications", **by_mark) == {}
        assert desk.world.call(call).tags == []
        assert await desk.data_error("unset.tag_communications", **tagging) == (-32602, "entity_not_found")


@pytest.mark.parametrize("method", ["set.tag_communications", "unset.tag_communications"])
@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"communication_id": 77}, "entity_not_found"),
        ({"tag_id": 999}, "entity_not_found"),
        ({"communication_type": "chat"}, "entity_not_found"),
        ({"communication_type": "letter"}, "invalid_parameter_value"),
        ({"communication_id": None}, "required_parameter_missed"),
        ({"tag_id": "255"}, "data_type_error"),
    ],
)
async def test_wrong_tagging_is_refused(method: str, changed: dict[str, object], expected: str) -> None:
    async with pbx_desk() as desk:
        call = desk.talk()
        sent = {"communication_id": call, "communication_type": "call", "tag_id": 255, **changed}
        refused = await desk.data_error(method, **{name: value for name, value in sent.items() if value is not None})
        assert refused == (-32602, expected)
        assert desk.world.call(call).tags == []


async def test_an_employees_status_is_changed_where_that_is_allowed() -> None:
    async with pbx_desk() as desk:
        assert await desk.data_rows("update.employees", id=ME, status_id=2) == {"id": ME}
        (mine,) = await desk.data_rows("get.employees", filter={"field": "id", "operator": "=", "value": ME})
        assert (mine["status_id"], mine["status"], mine["calls_available"]) == (2, "break", False)
        assert await desk.data_error("update.employees", id=7, status_id=2) == (-32602, "entity_not_found")
        for status_id in (6, 99):
            refused = await desk.data_error("update.employees", id=ME, status_id=status_id)
            assert refused == (-32602, "invalid_parameter_value")
        assert await desk.data_error("update.employees", id=ME, status_id="3") == (-32602, "data_type_error")
        assert desk.world.directory.employees[ME].status_id == 2
        assert await desk.data_rows("update.employees", id=RECORDED, call_recording="off") == {"id": RECORDED}
        assert desk.world.directory.employees[RECORDED].call_recording == "off"
    async with pbx_desk(SimulatorConfig(data_rights=frozenset({"update.employees"}))) as desk:
        assert await desk.data_error("update.employees", id=ME, status_id=2) == (-32003, "forbidden")
        assert desk.world.directory.employees[ME].status_id == 1


async def test_the_blacklist_grows_from_both_apis_and_shrinks_by_the_lines_id() -> None:
    async with pbx_desk() as desk:
        call = desk.talk()
        await desk.data("block.contact", call_session_id=call)
        added = await desk.data_rows("create.phone_number_to_blacklist", phone_number="79161112233", add_comment="спам")
        first, second = await desk.data_rows("get.blacklist_phone_numbers")
        assert (first["phone_number"], first["add_user_name"]) == (CALLER, "operator@example.test")
        assert second["id"] == added["id"]
        assert (second["add_comment"], second["add_date_time"]) == ("спам", "2026-03-02 09:00:00")
        again = await desk.data_error("create.phone_number_to_blacklist", phone_number=CALLER)
        assert again == (-32602, "duplicate_entity")
        with_plus = await desk.data_error("create.phone_number_to_blacklist", phone_number="+79161112234")
        assert with_plus == (-32602, "invalid_parameter_value")
        await desk.data_rows("delete.phone_number_from_blacklist", id=first["id"])
        gone = await desk.data_error("delete.phone_number_from_blacklist", id=first["id"])
        assert gone == (-32602, "entity_not_found")
        assert [row["id"] for row in await desk.data_rows("get.blacklist_phone_numbers")] == [second["id"]]
