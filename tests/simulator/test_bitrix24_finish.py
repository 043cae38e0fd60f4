"""telephony.externalCall.finish over real HTTP: its order, its half-done ends, and the probes that tell them apart."""

from __future__ import annotations

from typing import Literal

import pytest

from app.simulator.faults import DropBefore, LoseReply
from tests.simulator.crm_client import USER_ID, CrmWorld, crm_world

REGISTER = "telephony.externalCall.register"
FINISH = "telephony.externalCall.finish"
ATTACH = "telephony.externalCall.attachRecord"
EXTERNAL = "pult-127.0.0.1-5001-9001"
NOT_FOUND = "Call is not found (call should be registered prior to finishing"


async def open_call(world: CrmWorld, **changes: object) -> str:
    params = {
        "USER_ID": USER_ID,
        "PHONE_NUMBER": "+79062195047",
        "TYPE": 2,
        "CALL_START_DATE": "2026-03-02T09:00:00+03:00",
        "CRM_CREATE": 0,
        "SHOW": 0,
        "EXTERNAL_CALL_ID": EXTERNAL,
        **changes,
    }
    return str((await world.result(REGISTER, params))["CALL_ID"])


async def test_the_reply_has_the_shape_of_the_vendors_example() -> None:
    async with crm_world() as world:
        call_id = await open_call(world, LINE_NUMBER="3")
        result = await world.result(
            FINISH,
            CALL_ID=call_id,
            USER_ID=USER_ID,
            DURATION=95,
            COST=12.5,
            COST_CURRENCY="RUB",
            STATUS_CODE="200",
            FAILED_REASON="",
            VOTE=5,
            ADD_TO_CHAT=0,
        )
        assert result == {
            "CALL_ID": call_id,
            "EXTERNAL_CALL_ID": EXTERNAL,
            "PORTAL_USER_ID": USER_ID,
            "PHONE_NUMBER": "79062195047",
            "PORTAL_NUMBER": "3",
            "INCOMING": "2",
            "CALL_DURATION": 95,
            "CALL_START_DATE": {},
            "CALL_STATUS": 1,
            "CALL_VOTE": 5,
            "COST": 12.5,
            "COST_CURRENCY": "RUB",
            "CALL_FAILED_CODE": "200",
            "CALL_FAILED_REASON": "",
            "REST_APP_ID": None,
            "REST_APP_NAME": None,
            "CRM_ACTIVITY_ID": world.portal.activities[0].activity_id,
            "COMMENT": None,
            "CRM_ENTITY_TYPE": "CONTACT",
            "CRM_ENTITY_ID": 797,
            "ID": world.portal.statistics[0].row_id,
        }


async def test_the_effects_come_in_the_vendors_order() -> None:
    async with crm_world() as world:
        call_id = await open_call(world)
        await world.result(FINISH, CALL_ID=call_id, USER_ID=USER_ID, DURATION=5, ADD_TO_CHAT=1)
        (entry,) = world.journal.entries_of(FINISH)
        assert [effect.split()[0] for effect in entry.effects] == ["activity", "statistics", "chat", "finish"]
        assert world.portal.open_calls == {}
        assert world.portal.duplicates() == []


async def test_a_second_finish_is_told_that_the_call_is_not_found() -> None:
    async with crm_world() as world:
        call_id = await open_call(world)
        await world.result(FINISH, CALL_ID=call_id, USER_ID=USER_ID)
        answer = await world.rest(FINISH, CALL_ID=call_id, USER_ID=USER_ID)
        assert answer.http_status == 400
        assert answer.body == {"error": "ERROR_CORE", "error_description": NOT_FOUND}
        assert len(world.portal.finished_calls_of(EXTERNAL)) == 1


@pytest.mark.parametrize(
    ("params", "error", "description"),
    [
        ({"CALL_ID": 5, "USER_ID": USER_ID}, "INVALID_ARGUMENT", "CALL_ID must be a string"),
        ({"USER_ID": USER_ID}, "INVALID_ARGUMENT", "CALL_ID must be a string"),
        ({"CALL_ID": "known"}, "ERROR_CORE", "USER_ID or USER_PHONE_INNER should be set"),
        ({"CALL_ID": "externalCall.none.1", "USER_ID": USER_ID}, "ERROR_CORE", NOT_FOUND),
        ({"CALL_ID": "known", "USER_ID": 404}, "ERROR_CORE", "User is not found or is not active"),
    ],
)
async def test_a_bad_finish_is_refused_and_writes_nothing(
    params: dict[str, object], error: str, description: str
) -> None:
    async with crm_world() as world:
        call_id = await open_call(world)
        sent = {**params, "CALL_ID": call_id} if params.get("CALL_ID") == "known" else params
        answer = await world.rest(FINISH, sent)
        assert (answer.http_status, answer.body) == (400, {"error": error, "error_description": description})
        assert (world.portal.activities, world.portal.statistics) == ([], [])
        assert call_id in world.portal.open_calls


@pytest.mark.parametrize(
    ("sent", "code", "call_status"),
    [
        ({}, "304", 0),
        ({"DURATION": 0}, "304", 0),
        ({"DURATION": 30}, "200", 1),
        # the outcome code does not decide CALL_STATUS, the duration does
        ({"DURATION": 30, "STATUS_CODE": "304"}, "304", 1),
        ({"DURATION": 0, "STATUS_CODE": "603-S"}, "603-S", 0),
    ],
)
async def test_the_status_code_has_a_default_and_never_decides_success(
    sent: dict[str, object], code: str, call_status: int
) -> None:
    async with crm_world() as world:
        call_id = await open_call(world)
        result = await world.result(FINISH, {"CALL_ID": call_id, "USER_ID": USER_ID, **sent})
        assert (result["CALL_FAILED_CODE"], result["CALL_STATUS"]) == (code, call_status)


@pytest.mark.parametrize(("vote", "kept"), [(None, None), (0, None), (1, 1), (5, 5), (6, None)])
async def test_a_vote_is_one_to_five_or_none(vote: object, kept: object) -> None:
    async with crm_world() as world:
        call_id = await open_call(world)
        result = await world.result(FINISH, CALL_ID=call_id, USER_ID=USER_ID, VOTE=vote)
        assert result["CALL_VOTE"] == kept


@pytest.mark.parametrize(("sent", "posted"), [({}, 0), ({"ADD_TO_CHAT": 0}, 0), ({"ADD_TO_CHAT": 1}, 1)])
async def test_the_chat_gets_a_message_only_when_asked(sent: dict[str, object], posted: int) -> None:
    async with crm_world() as world:
        call_id = await open_call(world)
        await world.result(FINISH, {"CALL_ID": call_id, "USER_ID": USER_ID, **sent})
        assert len(world.portal.chat_messages) == posted


async def test_a_call_without_a_customer_leaves_statistics_and_no_activity() -> None:
    async with crm_world() as world:
        call_id = await open_call(world, PHONE_NUMBER="+79990000001")
        result = await world.result(FINISH, CALL_ID=call_id, USER_ID=USER_ID)
        assert (result["CRM_ACTIVITY_ID"], world.portal.activities) == (None, [])
        assert "ERRORS" not in result
        assert len(world.portal.statistics) == 1


async def test_a_lead_made_by_the_call_goes_to_who_finished_it_and_an_older_one_stays() -> None:
    async with crm_world() as world:
        world.portal.add_user(12, "Пётр", "112")
        made = await open_call(world, PHONE_NUMBER="+79990000001", CRM_CREATE=1)
        known = await open_call(world, EXTERNAL_CALL_ID="pult-2")
        for call_id in (made, known):
            await world.result(FINISH, CALL_ID=call_id, USER_ID=12)
        assert world.portal.leads[0].responsible_user_id == 12
        assert world.portal.contacts[0].responsible_user_id == USER_ID


async def test_a_failed_activity_is_told_inside_http_200() -> None:
    async with crm_world() as world:
        world.portal.switches.activity_creation_error = "Could not create activity"
        call_id = await open_call(world)
        result = await world.result(FINISH, CALL_ID=call_id, USER_ID=USER_ID)
        assert result["ERRORS"] == {"ACTIVITY_CREATION": "Could not create activity"}
        assert result["CRM_ACTIVITY_ID"] is None
        assert (len(world.portal.activities), len(world.portal.statistics)) == (0, 1)


async def test_a_missed_call_stays_missed_until_somebody_calls_back() -> None:
    async with crm_world() as world:
        missed = await open_call(world)
        await world.result(FINISH, CALL_ID=missed, USER_ID=USER_ID, DURATION=0, STATUS_CODE="304")
        assert world.portal.missed_numbers == ["79062195047"]
        back = await open_call(world, TYPE=1, EXTERNAL_CALL_ID="pult-2")
        await world.result(FINISH, CALL_ID=back, USER_ID=USER_ID, DURATION=10, STATUS_CODE="200")
        assert world.portal.missed_numbers == []


async def test_finish_hides_the_card_of_the_finishing_user_only() -> None:
    async with crm_world() as world:
        call_id = await open_call(world)
        call = world.portal.open_calls[call_id]
        call.shown_to.update({USER_ID, 12})
        await world.result(FINISH, CALL_ID=call_id, USER_ID=USER_ID)
        assert call.shown_to == {12}


async def has_statistics(world: CrmWorld, call_id: str) -> bool:
    """The probe that creates nothing: attachRecord with FILENAME only."""
    answer = await world.rest(ATTACH, CALL_ID=call_id, FILENAME="probe.mp3")
    if answer.http_status == 200:
        return "uploadUrl" in answer.body["result"]
    assert answer.body["error_description"].startswith("Call is not found in the statistic table")
    return False


async def has_activity(world: CrmWorld, call_id: str) -> bool:
    """The only probe that sees an activity without statistics."""
    return bool(await world.result("crm.activity.list", filter={"ORIGIN_ID": f"VI_{call_id}"}))


@pytest.mark.parametrize("point", ["activity", "statistics"])
@pytest.mark.parametrize("way", ["http_500", "database_error"])
async def test_a_finish_that_dies_half_way_leaves_what_it_had_written(
    point: Literal["activity", "statistics"], way: Literal["http_500", "database_error"]
) -> None:
    async with crm_world() as world:
        call_id = await open_call(world)
        world.portal.finish_dies_after, world.portal.finish_dies_with = point, way
        answer = await world.rest(FINISH, CALL_ID=call_id, USER_ID=USER_ID, DURATION=5)
        if way == "http_500":
            assert (answer.http_status, answer.body) == (500, None)
            assert answer.content_type.startswith("text/html")
        else:
            assert (answer.http_status, answer.body["error_description"]) == (400, "Unexpected database error")
        assert await has_activity(world, call_id)
        assert await has_statistics(world, call_id) is (point == "statistics")
        assert call_id in world.portal.open_calls


@pytest.mark.parametrize("point", ["activity", "statistics"])
async def test_repeating_a_half_done_finish_blindly_writes_it_twice(point: Literal["activity", "statistics"]) -> None:
    async with crm_world() as world:
        call_id = await open_call(world)
        world.portal.finish_dies_after, world.portal.finish_dies_times = point, 1
        assert (await world.rest(FINISH, CALL_ID=call_id, USER_ID=USER_ID)).http_status == 500
        assert world.portal.duplicates() == []
        assert (await world.rest(FINISH, CALL_ID=call_id, USER_ID=USER_ID)).http_status == 200
        assert world.portal.duplicates() == [EXTERNAL]
        assert len(world.portal.activities) == 2


async def test_both_probes_say_nothing_before_finish() -> None:
    async with crm_world() as world:
        call_id = await open_call(world)
        assert not await has_statistics(world, call_id)
        assert not await has_activity(world, call_id)


async def test_a_lost_reply_has_its_effect_and_the_probes_see_it() -> None:
    async with crm_world() as world:
        call_id = await open_call(world)
        world.faults.add(LoseReply(), face="bitrix24", operation=FINISH)
        with pytest.raises(ConnectionError):
            await world.rest(FINISH, CALL_ID=call_id, USER_ID=USER_ID)
        assert await has_statistics(world, call_id)
        again = await world.rest(FINISH, CALL_ID=call_id, USER_ID=USER_ID)
        assert again.body["error_description"] == NOT_FOUND
        assert world.portal.duplicates() == []


async def test_a_request_dropped_before_its_effect_leaves_the_probes_silent() -> None:
    async with crm_world() as world:
        call_id = await open_call(world)
        world.faults.add(DropBefore(), face="bitrix24", operation=FINISH)
        with pytest.raises(ConnectionError):
            await world.rest(FINISH, CALL_ID=call_id, USER_ID=USER_ID)
        assert not await has_statistics(world, call_id)
        assert not await has_activity(world, call_id)


@pytest.mark.parametrize("planted", ["statistics", "activity", "marker", "text"])
async def test_the_history_checker_sees_each_kind_of_duplicate(planted: str) -> None:
    async with crm_world() as world:
        call_id = await open_call(world)
        await world.result(FINISH, CALL_ID=call_id, USER_ID=USER_ID)
        comment = {"ENTITY_TYPE": "contact", "ENTITY_ID": 797, "COMMENT": f"Перезвонить [{EXTERNAL}]"}
        await world.result("crm.timeline.comment.add", fields=comment)
        # an id that only begins alike is another call's
        await world.result("crm.timeline.comment.add", fields={**comment, "COMMENT": f"Другой [{EXTERNAL}2]"})
        assert world.portal.duplicates() == []
        if planted == "statistics":
            world.portal.statistics.append(world.portal.statistics[0])
        elif planted == "activity":
            world.portal.activities.append(world.portal.activities[0])
        elif planted == "marker":
            await world.result("crm.timeline.comment.add", fields={**comment, "COMMENT": f"Снова [{EXTERNAL}]"})
        else:
            await world.result("crm.timeline.comment.add", fields={**comment, "COMMENT": f"Другой [{EXTERNAL}2]"})
        expected = f"Другой [{EXTERNAL}2]" if planted == "text" else EXTERNAL
        assert world.portal.duplicates() == [expected]
