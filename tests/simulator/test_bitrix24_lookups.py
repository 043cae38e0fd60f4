"""Look-ups, comments, limits, authorisation and malformed requests of the simulated portal, over real HTTP."""

from __future__ import annotations

import json

import pytest

from app.simulator.bitrix24_api.lists import matches
from app.simulator.bitrix24_api.methods import METHODS
from tests.simulator.crm_client import SECRET, USER_ID, CrmWorld, ask, crm_world

ADD = "crm.timeline.comment.add"
LIST = "crm.timeline.comment.list"
SEARCH = "telephony.externalCall.searchCrmEntities"
STATISTICS = "voximplant.statistic.get"


async def finish_calls(world: CrmWorld, count: int) -> list[str]:
    call_ids = []
    for order in range(count):
        call_id = (
            await world.result(
                "telephony.externalCall.register",
                USER_ID=USER_ID,
                PHONE_NUMBER="+79062195047",
                TYPE=2,
                EXTERNAL_CALL_ID=f"pult-{order}",
            )
        )["CALL_ID"]
        await world.result("telephony.externalCall.finish", CALL_ID=call_id, USER_ID=USER_ID, DURATION=order)
        call_ids.append(str(call_id))
    return call_ids


@pytest.mark.parametrize("asked", ["+7 (906) 219-50-47", "89062195047", "9062195047"])
async def test_a_number_is_found_however_it_is_written_with_the_recommended_one_first(asked: str) -> None:
    async with crm_world() as world:
        world.portal.add_contact("lead", 55, "Заявка", "89062195047", USER_ID)
        world.portal.add_contact("COMPANY", 643, "ООО Ромашка", "+79062195047", 404)
        world.portal.add_contact("DEAL", 1, "Сделка", "+79062195047", USER_ID)
        found = await world.result(SEARCH, PHONE_NUMBER=asked)
        assert [row["CRM_ENTITY_TYPE"] for row in found] == ["CONTACT", "COMPANY", "LEAD"]
        assert found[0]["CRM_ENTITY_ID"] == 797
        assert found[0]["ASSIGNED_BY"]["USER_PHONE_INNER"] == "101"
        assert found[1]["ASSIGNED_BY"]["TIMEMAN_STATUS"] == "UNAVAILABLE"


async def test_a_search_has_nobody_or_a_refusal() -> None:
    async with crm_world() as world:
        assert await world.result(SEARCH, PHONE_NUMBER="+79990000001") == []
        assert (await world.rest(SEARCH, PHONE_NUMBER="")).body["error_description"] == "PHONE_NUMBER is empty"
        world.portal.switches.crm_installed = False
        answer = await world.rest(SEARCH, PHONE_NUMBER="+79062195047")
        assert answer.body["error_description"] == "CRM is not installed."


async def test_a_comment_is_added_again_and_again_and_listed_for_its_owner() -> None:
    async with crm_world() as world:
        fields = {"ENTITY_ID": 797, "ENTITY_TYPE": "contact", "COMMENT": "Перезвонить"}
        first, second = [await world.result(ADD, fields=fields) for _ in range(2)]
        listed = await world.rest(LIST, filter={"ENTITY_ID": "797", "ENTITY_TYPE": "contact"}, order={"ID": "DESC"})
        assert listed.body["total"] == 2
        assert [row["ID"] for row in listed.body["result"]] == [str(second), str(first)]
        assert listed.body["result"][0]["COMMENT"] == "Перезвонить"
        assert listed.body["result"][0]["AUTHOR_ID"] == str(USER_ID)
        assert world.portal.duplicates() == ["Перезвонить"]
        elsewhere = await world.result(LIST, filter={"ENTITY_ID": 1, "ENTITY_TYPE": "contact"})
        assert elsewhere == []


COMMENT = {"ENTITY_ID": 797, "ENTITY_TYPE": "contact", "COMMENT": "x"}


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({"FIELDS": COMMENT}, "100"),
        ({"fields": {"ENTITY_ID": 797, "COMMENT": "x"}}, "100"),
        ({"fields": {**COMMENT, "ENTITY_ID": 1}}, "OWNER_NOT_FOUND"),
        ({"fields": {**COMMENT, "ENTITY_TYPE": "deal"}}, "OWNER_NOT_FOUND"),
        ({"fields": {**COMMENT, "COMMENT": " "}}, "INVALID_ARG_VALUE"),
    ],
)
async def test_a_bad_comment_is_refused(params: dict[str, object], error: str) -> None:
    async with crm_world() as world:
        answer = await world.rest(ADD, params)
        assert (answer.http_status, answer.body["error"]) == (400, error)
        assert world.portal.comments == []


async def test_comments_come_in_pages_of_fifty() -> None:
    async with crm_world(limit_bitrix_rate=False) as world:
        for order in range(51):
            await world.result(ADD, fields={**COMMENT, "COMMENT": f"note {order}"})
        wanted: dict[str, object] = {"filter": {"ENTITY_ID": 797, "ENTITY_TYPE": "contact"}}
        first = (await world.rest(LIST, wanted)).body
        assert (len(first["result"]), first["next"], first["total"]) == (50, 50, 51)
        last = (await world.rest(LIST, {**wanted, "start": 50})).body
        assert [row["COMMENT"] for row in last["result"]] == ["note 50"]
        assert "next" not in last
        newest = (await world.rest(LIST, {**wanted, "order": {"CREATED": "DESC", "ID": "DESC"}})).body["result"]
        assert newest[0]["COMMENT"] == "note 50"


async def test_an_activity_is_found_by_the_call_it_came_from() -> None:
    async with crm_world() as world:
        first, _ = await finish_calls(world, 2)
        found = await world.result("crm.activity.list", filter={"ORIGIN_ID": f"VI_{first}"}, select=["ID", "ORIGIN_ID"])
        expected = {"ID": str(world.portal.activities[0].activity_id), "ORIGIN_ID": f"VI_{first}"}
        assert found == [expected]
        of_contact = {"OWNER_TYPE_ID": 3, "OWNER_ID": 797}
        listed = await world.result("crm.activity.list", filter=of_contact, order={"ID": "DESC"})
        assert [row["ID"] for row in listed] == [str(row.activity_id) for row in reversed(world.portal.activities)]


async def test_statistics_want_a_right_and_write_every_value_as_text() -> None:
    async with crm_world() as world:
        await finish_calls(world, 2)
        (row,) = await world.result(STATISTICS, FILTER={"EXTERNAL_CALL_ID": "pult-1"})
        assert (row["CALL_DURATION"], row["CALL_TYPE"], row["PORTAL_USER_ID"]) == ("1", "2", "7")
        longest = await world.result(STATISTICS, SORT="CALL_DURATION", ORDER="DESC")
        assert [row["CALL_DURATION"] for row in longest] == ["1", "0"]
        world.portal.switches.may_view_statistics = False
        answer = await world.rest(STATISTICS, FILTER={"EXTERNAL_CALL_ID": "pult-1"})
        assert (answer.http_status, answer.body["error"]) == (403, "ACCESS_DENIED")


@pytest.mark.parametrize(
    ("wanted", "passes"),
    [
        ({"N": 10}, True),
        ({"=N": "10"}, True),
        ({"!N": "10"}, False),
        ({"!=N": 9}, True),
        ({">N": 9}, True),
        ({">N": 10}, False),
        ({">=N": 10}, True),
        ({"<N": 9}, False),
        ({"<=N": 10}, True),
        ({"><N": [9, 11]}, True),
        ({"!><N": [9, 11]}, False),
        ({"N": [1, 10]}, True),
        ({"@N": [1, 2]}, False),
        ({"!@N": [1, 2]}, True),
        ({"%T": "ABC"}, True),
        ({"!%T": "abc"}, False),
        ({"?T": "xyz"}, False),
        # the portal ignores a field it does not know: everything passes
        ({"TYPO": 1}, True),
    ],
)
def test_filter_operators(wanted: dict[str, object], *, passes: bool) -> None:
    assert matches({"N": "10", "T": "an Abc"}, wanted) is passes


async def test_the_current_user_is_the_webhooks_own() -> None:
    async with crm_world() as world:
        user = await world.result("user.current")
        assert (user["ID"], user["NAME"], user["LAST_NAME"], user["UF_PHONE_INNER"]) == ("7", "Анна", "Петрова", "101")


async def test_users_are_found_by_inner_number_and_activity() -> None:
    async with crm_world() as world:
        world.portal.add_user(12, "Пётр", "112").is_active = False
        by_inner = await world.result("user.get", FILTER={"UF_PHONE_INNER": "101"})
        assert [user["ID"] for user in by_inner] == ["7"]
        active = await world.rest("user.get", FILTER={"ACTIVE": True, "USER_TYPE": "employee"})
        assert ([user["ID"] for user in active.body["result"]], active.body["total"]) == (["1", "7"], 2)


async def test_currencies_have_one_base_and_a_total_of_zero() -> None:
    async with crm_world() as world:
        answer = await world.rest("crm.currency.list")
        assert [(row["CURRENCY"], row["BASE"]) for row in answer.body["result"]] == [
            ("RUB", "Y"),
            ("USD", "N"),
            ("EUR", "N"),
            ("KZT", "N"),
        ]
        assert answer.body["total"] == 0


async def test_every_success_carries_its_time() -> None:
    async with crm_world() as world:
        time_block = (await world.rest("user.current")).body["time"]
        assert time_block["date_start"] == "2026-03-02T09:00:00+03:00"
        assert set(time_block) >= {"start", "finish", "duration", "processing", "date_finish", "operating"}


async def test_the_fifty_first_request_at_once_is_refused_and_two_a_second_drain() -> None:
    async with crm_world() as world:
        codes = [(await world.rest("user.current")).http_status for _ in range(50)]
        assert codes == [200] * 50
        refused = await world.rest("user.current")
        assert (refused.http_status, refused.body["error"]) == (503, "QUERY_LIMIT_EXCEEDED")
        world.clock.advance(1.0)
        codes = [(await world.rest("user.current")).http_status for _ in range(3)]
        assert codes == [200, 200, 503]


async def test_without_the_limiter_nothing_is_refused() -> None:
    async with crm_world(limit_bitrix_rate=False) as world:
        assert {(await world.rest("user.current")).http_status for _ in range(60)} == {200}


async def test_a_refused_request_has_no_effect() -> None:
    async with crm_world() as world:
        while world.portal.bucket.admit():
            pass
        assert (await world.rest(ADD, fields=COMMENT)).http_status == 503
        assert world.portal.comments == []


@pytest.mark.parametrize(
    ("target", "http_status", "error"),
    [
        ("/rest/7/wrong/user.current", 401, "INVALID_CREDENTIALS"),
        (f"/rest/404/{SECRET}/user.current", 401, "INVALID_CREDENTIALS"),
        ("/rest/user.current", 401, "NO_AUTH_FOUND"),
        ("/rest/user.current?auth=old", 401, "expired_token"),
        (f"/rest/7/{SECRET}/no.such.method", 404, "ERROR_METHOD_NOT_FOUND"),
        ("/rest/upload.json?auth=x&token=telephony%7Cnone", 401, "INVALID_TOKEN"),
        ("/elsewhere", 401, "NO_AUTH_FOUND"),
    ],
)
async def test_a_wrong_address_is_refused(target: str, http_status: int, error: str) -> None:
    async with crm_world() as world:
        answer = await ask(world.bitrix_port, "POST", target, b"{}")
        assert (answer.http_status, answer.body["error"]) == (http_status, error)


async def test_a_dismissed_webhook_owner_is_refused() -> None:
    async with crm_world() as world:
        world.portal.users[USER_ID].is_active = False
        answer = await world.rest("user.current")
        assert (answer.http_status, answer.body["error"]) == (403, "user_access_error")


async def test_the_webhook_secret_never_reaches_the_journal() -> None:
    async with crm_world() as world:
        await world.rest("user.current", visible="planted value")
        await ask(world.bitrix_port, "POST", f"/rest/{SECRET}", b"{}")
        await ask(world.bitrix_port, "POST", "/rest/user.current?auth=planted-token", b"{}")
        await ask(world.bitrix_port, "POST", f"/rest/{SECRET}/user.current", b"{}")
        written = repr(world.journal.entries)
        assert "planted value" in written
        assert SECRET not in written
        assert "planted-token" not in written


ODD_VALUES: list[object] = [None, True, -1, 1e308, 10**400, "", "x" * 300, "9" * 400, [], [[]], {}, {"a": {"b": 1}}]


@pytest.mark.parametrize("method", METHODS)
async def test_odd_values_never_break_a_method(method: str) -> None:
    names = [
        "CALL_ID",
        "USER_ID",
        "USER_PHONE_INNER",
        "PHONE_NUMBER",
        "TYPE",
        "CALL_START_DATE",
        "CRM_CREATE",
        "CRM_ENTITY_TYPE",
        "CRM_ENTITY_ID",
        "SHOW",
        "LINE_NUMBER",
        "EXTERNAL_CALL_ID",
        "DURATION",
        "COST",
        "STATUS_CODE",
        "VOTE",
        "ADD_TO_CHAT",
        "FILENAME",
        "FILE_CONTENT",
        "RECORD_URL",
        "FILTER",
        "filter",
        "SORT",
        "ORDER",
        "order",
        "select",
        "start",
        "fields",
    ]
    async with crm_world(limit_bitrix_rate=False) as world:
        (call_id,) = await finish_calls(world, 1)
        good = {"CALL_ID": call_id, "USER_ID": USER_ID, "PHONE_NUMBER": "+79062195047", "TYPE": 2, "FILENAME": "a.mp3"}
        for name in names:
            for value in ODD_VALUES:
                answer = await world.rest(method, {**good, name: value})
                assert answer.http_status in {200, 400}, (name, value, answer)


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000, b"[1]", b"null", b'{"a":NaN}'])
async def test_a_body_that_is_no_object_never_breaks_the_portal(body: bytes) -> None:
    async with crm_world() as world:
        answer = await ask(world.bitrix_port, "POST", f"/rest/7/{SECRET}/user.current", body)
        assert answer.http_status in {200, 400}
        assert json.loads(answer.raw)
