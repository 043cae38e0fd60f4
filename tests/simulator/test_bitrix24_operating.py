"""Server time a method may use in ten minutes, in virtual time over real HTTP."""

from __future__ import annotations

import base64

from tests.simulator.crm_client import USER_ID, CrmWorld, ask, crm_world
from tests.simulator.test_bitrix24_records import ATTACH, SOUND, finished_call, upload

CURRENT = "user.current"


async def test_each_reply_tells_what_its_method_has_used() -> None:
    async with crm_world() as world:
        world.portal.operating.costs_s[CURRENT] = 30.0
        first, second = [(await world.rest(CURRENT)).body["time"] for _ in range(2)]
        assert (first["operating"], second["operating"]) == (30.0, 60.0)
        assert second["operating_reset_at"] > second["finish"]
        other = (await world.rest("crm.currency.list")).body["time"]
        assert other["operating"] < 1


async def test_a_method_over_its_time_is_blocked_alone_until_its_oldest_minute_is_forgotten() -> None:
    async with crm_world() as world:
        world.portal.operating.costs_s[CURRENT] = 240.0
        await world.result(CURRENT)
        world.clock.advance(120)
        await world.result(CURRENT)
        refused = await world.rest(CURRENT)
        assert (refused.http_status, refused.body["error"]) == (429, "OPERATION_TIME_LIMIT")
        assert (await world.rest("crm.currency.list")).http_status == 200
        wait_s = refused.body["time"]["operating_reset_at"] - refused.body["time"]["finish"]
        assert 0 < wait_s <= 600
        world.clock.advance(wait_s - 1)
        assert (await world.rest(CURRENT)).http_status == 429
        world.clock.advance(1)
        assert (await world.rest(CURRENT)).http_status == 200


async def test_a_stored_recording_costs_and_a_question_for_an_address_hardly_does() -> None:
    async with crm_world() as world:
        call_id = await finished_call(world)
        await world.result(ATTACH, CALL_ID=call_id, FILENAME="a.mp3")
        assert world.portal.operating.state_of(ATTACH).used_s < 0.1
        content = base64.b64encode(SOUND).decode()
        await world.result(ATTACH, CALL_ID=call_id, FILENAME="a.mp3", FILE_CONTENT=content)
        assert world.portal.operating.state_of(ATTACH).used_s > 1.9


async def application_upload(world: CrmWorld, token: str) -> str:
    call_id = await finished_call(world)
    target = f"/rest/{ATTACH}?auth={token}"
    body = f'{{"CALL_ID":"{call_id}","FILENAME":"a.mp3"}}'.encode()
    answer = await ask(world.bitrix_port, "POST", target, body)
    assert answer.http_status == 200, answer.body
    return str(answer.body["result"]["uploadUrl"])


async def test_an_applications_upload_address_holds_its_token_and_dies_with_it() -> None:
    async with crm_world() as world:
        world.portal.app_tokens["app-token"] = (USER_ID, "3")
        url = await application_upload(world, "app-token")
        assert "auth=app-token" in url
        del world.portal.app_tokens["app-token"]
        refused = await upload(world, url, "a.mp3", SOUND)
        assert (refused.http_status, refused.body["error"]) == (401, "expired_token")
        world.portal.app_tokens["app-token"] = (USER_ID, "3")
        assert (await upload(world, url, "a.mp3", SOUND)).http_status == 200


async def test_an_address_with_another_token_in_it_is_refused() -> None:
    async with crm_world() as world:
        world.portal.app_tokens["app-token"] = (USER_ID, "3")
        url = await application_upload(world, "app-token")
        assert (await upload(world, url.replace("app-token", "other"), "a.mp3", SOUND)).http_status == 401


async def test_a_link_into_a_private_network_is_not_followed() -> None:
    async with crm_world() as world:
        world.portal.fetch = lambda _url: (200, SOUND)
        call_id = await finished_call(world)
        for host in ("10.0.0.5", "127.0.0.1", "localhost", "[::1]"):
            answer = await world.rest(ATTACH, CALL_ID=call_id, RECORD_URL=f"https://{host}/a.mp3")
            assert answer.body["error_description"] == "Record URL resolves to a non-public address and was blocked."
        assert world.portal.records == []


async def test_a_recording_may_get_into_the_statistics_and_not_into_the_activity() -> None:
    async with crm_world() as world:
        call_id = await finished_call(world)
        world.portal.attach_dies_times = 1
        content = base64.b64encode(SOUND).decode()
        died = await world.rest(ATTACH, CALL_ID=call_id, FILENAME="a-1.mp3", FILE_CONTENT=content)
        assert died.http_status == 500
        assert world.portal.statistics[0].record_file_id is not None
        assert world.portal.activities[0].record_file_id is None
        await world.result(ATTACH, CALL_ID=call_id, FILENAME="a-2.mp3", FILE_CONTENT=content)
        assert world.portal.activities[0].record_file_id == world.portal.statistics[0].record_file_id


async def test_a_source_and_a_call_list_are_kept_with_what_the_call_makes() -> None:
    async with crm_world() as world:
        registered = await world.result(
            "telephony.externalCall.register",
            USER_ID=USER_ID,
            PHONE_NUMBER="+79991112233",
            TYPE=2,
            CRM_CREATE=1,
            CRM_SOURCE="CALL",
            CALL_LIST_ID=12,
        )
        await world.result("telephony.externalCall.finish", CALL_ID=registered["CALL_ID"], USER_ID=USER_ID)
        assert world.portal.leads[0].source_id == "CALL"
        assert world.portal.statistics[0].call_list_id == 12
