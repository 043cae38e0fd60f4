"""telephony.externalCall.register over real HTTP: checks, the 30-minute rule, customers and leads."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from app.simulator.bitrix24_api.portal import BitrixPortal
from tests.simulator.crm_client import SECRET, USER_ID, CrmWorld, ask, crm_world

REGISTER = "telephony.externalCall.register"
FINISH = "telephony.externalCall.finish"
CALL: dict[str, object] = {
    "USER_ID": USER_ID,
    "PHONE_NUMBER": "+79062195047",
    "TYPE": 2,
    "CALL_START_DATE": "2026-03-02T09:00:00+03:00",
    "CRM_CREATE": 0,
    "SHOW": 0,
    "LINE_NUMBER": "74951112233",
    "EXTERNAL_CALL_ID": "pult-127.0.0.1-5001-9001",
}


async def call_id_of(world: CrmWorld, **changes: object) -> str:
    return str((await world.result(REGISTER, {**CALL, **changes}))["CALL_ID"])


async def test_a_registration_finds_the_customer_and_answers_a_call_id() -> None:
    async with crm_world() as world:
        result = await world.result(REGISTER, CALL)
        assert re.fullmatch(r"externalCall\.[0-9a-f]{32}\.\d{10}", result.pop("CALL_ID"))
        assert result == {
            "CRM_CREATED_LEAD": None,
            "CRM_CREATED_ENTITIES": [],
            "CRM_ENTITY_TYPE": "CONTACT",
            "CRM_ENTITY_ID": 797,
        }


async def test_a_registration_alone_writes_no_activity_and_no_statistics() -> None:
    async with crm_world() as world:
        await world.result(REGISTER, CALL)
        assert (world.portal.activities, world.portal.statistics) == ([], [])
        assert len(world.portal.open_calls) == 1


BROKEN: list[tuple[dict[str, object], str]] = [
    ({"USER_ID": 0}, "USER_ID or USER_PHONE_INNER should be set"),
    ({"USER_ID": 0, "USER_PHONE_INNER": "999"}, "USER_ID or USER_PHONE_INNER should be set"),
    ({"USER_ID": 404}, "User is not found or is not active"),
    ({"TYPE": 0}, "Unknown TYPE"),
    ({"TYPE": 6}, "Unknown TYPE"),
    ({"CALL_START_DATE": "2.03.2026 9:00"}, "CALL_START_DATE should be in the ISO-8601 format"),
    ({"CALL_START_DATE": "2026-03-02T25:00:00+03:00"}, "CALL_START_DATE should be in the ISO-8601 format"),
    ({"PHONE_NUMBER": "Anonymous"}, "Unsupported phone number format"),
    ({"PHONE_NUMBER": ""}, "Unsupported phone number format"),
]


@pytest.mark.parametrize(("changes", "description"), BROKEN)
async def test_a_bad_field_is_refused_with_the_vendors_words(changes: dict[str, object], description: str) -> None:
    async with crm_world() as world:
        answer = await world.rest(REGISTER, {**CALL, **changes})
        assert answer.http_status == 400
        assert answer.body == {"error": "ERROR_CORE", "error_description": description}
        assert world.portal.open_calls == {}


async def test_fields_are_checked_in_the_order_user_type_date_number() -> None:
    async with crm_world() as world:
        broken: dict[str, object] = {"USER_ID": 404, "TYPE": 0, "CALL_START_DATE": "yesterday", "PHONE_NUMBER": "?"}
        seen = []
        for mended in ("USER_ID", "TYPE", "CALL_START_DATE", "PHONE_NUMBER"):
            seen.append((await world.rest(REGISTER, broken)).body["error_description"])
            broken[mended] = CALL[mended]
        assert seen == [
            "User is not found or is not active",
            "Unknown TYPE",
            "CALL_START_DATE should be in the ISO-8601 format",
            "Unsupported phone number format",
        ]
        assert (await world.rest(REGISTER, broken)).http_status == 200


async def test_a_dismissed_user_is_refused() -> None:
    async with crm_world() as world:
        world.portal.add_user(12, "Пётр", "112").is_active = False
        assert (await world.rest(REGISTER, {**CALL, "USER_ID": 12})).http_status == 400
        world.portal.users[12].is_active = True
        assert (await world.rest(REGISTER, {**CALL, "USER_ID": 12})).http_status == 200


async def test_the_user_id_wins_over_the_inner_number() -> None:
    async with crm_world() as world:
        world.portal.add_user(12, "Пётр", "112")
        both = await call_id_of(world, USER_PHONE_INNER="112")
        inner_only = await call_id_of(world, USER_ID=0, USER_PHONE_INNER="112")
        assert world.portal.open_calls[both].user_id == USER_ID
        assert world.portal.open_calls[inner_only].user_id == 12


async def test_the_same_call_gets_the_same_call_id_within_thirty_minutes() -> None:
    async with crm_world() as world:
        first = await call_id_of(world)
        world.clock.advance(29 * 60)
        # neither the start date nor the CRM fields are keys
        again = await call_id_of(world, CALL_START_DATE="2026-03-02T09:10:00+03:00", CRM_CREATE=1)
        assert again == first
        assert [entry.effects[0].split()[0] for entry in world.journal.entries_of(REGISTER)] == [
            "register",
            "register-again",
        ]


@pytest.mark.parametrize(
    "changes",
    [
        {"PHONE_NUMBER": "+79062195048"},
        {"TYPE": 3},
        {"USER_ID": 12},
        {"LINE_NUMBER": "74951112244"},
        {"EXTERNAL_CALL_ID": "pult-127.0.0.1-5001-9002"},
    ],
)
async def test_a_difference_in_any_key_makes_another_call(changes: dict[str, object]) -> None:
    async with crm_world() as world:
        world.portal.add_user(12, "Пётр", "112")
        assert await call_id_of(world, **changes) != await call_id_of(world)


async def test_keys_that_are_not_given_are_not_compared() -> None:
    async with crm_world() as world:
        first = await call_id_of(world)
        bare = {name: value for name, value in CALL.items() if name not in {"LINE_NUMBER", "EXTERNAL_CALL_ID"}}
        assert (await world.result(REGISTER, bare))["CALL_ID"] == first


async def test_without_an_external_id_two_calls_collapse_and_the_second_finish_fails() -> None:
    async with crm_world() as world:
        bare = {name: value for name, value in CALL.items() if name != "EXTERNAL_CALL_ID"}
        first, second = [(await world.result(REGISTER, bare))["CALL_ID"] for _ in range(2)]
        assert first == second
        await world.result(FINISH, CALL_ID=first, USER_ID=USER_ID, DURATION=5)
        assert (await world.rest(FINISH, CALL_ID=second, USER_ID=USER_ID)).http_status == 400


@pytest.mark.parametrize(("age", "is_same"), [(timedelta(minutes=29), True), (timedelta(minutes=31), False)])
async def test_the_window_is_counted_from_the_start_of_the_call(age: timedelta, *, is_same: bool) -> None:
    async with crm_world() as world:
        started = (world.clock.now() - age).isoformat(timespec="seconds")
        first = await call_id_of(world, CALL_START_DATE=started)
        assert (await call_id_of(world, CALL_START_DATE=started) == first) is is_same


async def test_after_finish_the_row_is_gone_and_a_registration_is_a_new_call() -> None:
    async with crm_world() as world:
        first = await call_id_of(world)
        await world.result(FINISH, CALL_ID=first, USER_ID=USER_ID, DURATION=5)
        assert world.portal.open_calls == {}
        assert await call_id_of(world) != first


async def test_webhooks_share_one_space_and_an_application_has_its_own() -> None:
    async with crm_world() as world:
        world.portal.app_tokens["app-token"] = (USER_ID, "3")
        by_webhook = await call_id_of(world)
        answers = [
            await ask(world.bitrix_port, "POST", f"/rest/{REGISTER}.json?auth=app-token", _json(CALL)) for _ in range(2)
        ]
        by_app = [answer.body["result"]["CALL_ID"] for answer in answers]
        assert by_app[0] == by_app[1] != by_webhook


async def test_the_option_app_only_refuses_webhooks_before_anything_else() -> None:
    async with crm_world(app_only=True) as world:
        for method in (REGISTER, FINISH):
            answer = await world.rest(method, {})
            assert (answer.http_status, answer.body["error"]) == (403, "WRONG_AUTH_TYPE")
        assert (await world.rest("user.current")).http_status == 200
        world.portal.app_tokens["app-token"] = (USER_ID, "3")
        by_app = await ask(world.bitrix_port, "POST", f"/rest/{REGISTER}?auth=app-token", _json(CALL))
        assert by_app.http_status == 200


async def test_the_connection_probe_tells_an_accepted_webhook_by_unknown_type() -> None:
    async with crm_world() as world:
        answer = await world.rest(REGISTER, USER_ID=USER_ID, PHONE_NUMBER="", TYPE=0)
        assert answer.body["error_description"] == "Unknown TYPE"


async def test_an_unknown_number_makes_a_lead_only_when_asked() -> None:
    async with crm_world() as world:
        unknown = {**CALL, "PHONE_NUMBER": "+79990000001"}
        result = await world.result(REGISTER, unknown)
        assert (result["CRM_ENTITY_TYPE"], result["CRM_ENTITY_ID"]) == ("", None)
        assert world.portal.leads == []
        created = await world.result(REGISTER, {**unknown, "CRM_CREATE": 1, "EXTERNAL_CALL_ID": "pult-x-1-2"})
        (lead,) = world.portal.leads
        assert created["CRM_CREATED_LEAD"] == created["CRM_ENTITY_ID"] == lead.entity_id
        assert created["CRM_CREATED_ENTITIES"] == [{"ENTITY_TYPE": "LEAD", "ENTITY_ID": lead.entity_id}]


async def test_a_known_number_makes_no_lead() -> None:
    async with crm_world() as world:
        assert (await world.result(REGISTER, {**CALL, "CRM_CREATE": 1}))["CRM_CREATED_LEAD"] is None
        assert world.portal.leads == []


async def test_a_line_without_automatic_creation_makes_no_lead_for_outgoing_calls() -> None:
    async with crm_world() as world:
        world.portal.lines["74951112233"] = "N"
        unknown = {**CALL, "PHONE_NUMBER": "+79990000001", "CRM_CREATE": 1}
        await world.result(REGISTER, {**unknown, "TYPE": 1})
        assert world.portal.leads == []
        await world.result(REGISTER, {**unknown, "TYPE": 2})
        assert len(world.portal.leads) == 1


async def test_a_failed_lead_is_told_inside_http_200() -> None:
    async with crm_world() as world:
        world.portal.switches.lead_creation_error = "Lead creation is disabled for local users"
        result = await world.result(REGISTER, {**CALL, "PHONE_NUMBER": "+79990000001", "CRM_CREATE": 1})
        assert result["LEAD_CREATION_ERROR"] == "Lead creation is disabled for local users"
        assert (result["CRM_CREATED_LEAD"], world.portal.leads) == (None, [])
        assert result["CALL_ID"] in world.portal.open_calls


async def test_the_customer_the_operator_picked_is_taken() -> None:
    async with crm_world() as world:
        world.portal.add_contact("COMPANY", 643, "ООО Ромашка", "+79062195047", USER_ID)
        result = await world.result(REGISTER, {**CALL, "CRM_ENTITY_TYPE": "COMPANY", "CRM_ENTITY_ID": 643})
        assert (result["CRM_ENTITY_TYPE"], result["CRM_ENTITY_ID"]) == ("COMPANY", 643)


async def test_a_call_to_a_colleagues_inner_number_stays_out_of_the_crm() -> None:
    async with crm_world() as world:
        world.portal.add_user(12, "Пётр", "112")
        result = await world.result(REGISTER, {**CALL, "PHONE_NUMBER": "112", "CRM_CREATE": 1})
        assert (result["CRM_ENTITY_ID"], world.portal.leads) == (None, [])


async def test_an_unknown_line_adds_itself_cut_to_fifty_characters() -> None:
    async with crm_world() as world:
        await world.result(REGISTER, {**CALL, "LINE_NUMBER": "7" * 60})
        assert list(world.portal.lines) == ["7" * 50]


@pytest.mark.parametrize(("show", "shown"), [({}, {USER_ID}), ({"SHOW": 1}, {USER_ID}), ({"SHOW": 0}, set())])
async def test_the_vendors_card_is_shown_unless_refused(show: dict[str, object], shown: set[int]) -> None:
    async with crm_world() as world:
        bare = {name: value for name, value in CALL.items() if name != "SHOW"}
        call_id = (await world.result(REGISTER, {**bare, **show}))["CALL_ID"]
        assert world.portal.open_calls[call_id].shown_to == shown


async def test_a_card_is_shown_and_hidden_for_the_users_named() -> None:
    async with crm_world() as world:
        call_id = await call_id_of(world)
        assert await world.result("telephony.externalCall.show", CALL_ID=call_id, USER_ID=[7, 12]) is True
        assert await world.result("telephony.externalCall.hide", CALL_ID=call_id, USER_ID=12) is True
        assert world.portal.open_calls[call_id].shown_to == {7}
        assert await world.result("telephony.externalCall.hide", CALL_ID="externalCall.none.1") is False


@pytest.mark.parametrize("spelling", ["TELEPHONY.externalcall.register", "telephony.externalcall.register.json"])
async def test_method_names_are_read_in_any_case_and_journalled_as_documented(spelling: str) -> None:
    async with crm_world() as world:
        assert (await world.rest(spelling, CALL)).http_status == 200
        assert world.journal.entries[0].operation == REGISTER


async def test_a_form_body_means_the_same_as_json() -> None:
    async with crm_world() as world:
        form = b"USER_ID=7&PHONE_NUMBER=%2B79062195047&TYPE=2&EXTERNAL_CALL_ID=pult-f-1-2"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await ask(world.bitrix_port, "POST", f"/rest/7/{SECRET}/{REGISTER}", form, headers)
        call = world.portal.open_calls[answer.body["result"]["CALL_ID"]]
        assert (call.phone_number, call.external_call_id) == ("79062195047", "pult-f-1-2")


async def test_the_same_seed_gives_the_same_call_ids() -> None:
    seen = []
    for _ in range(2):
        async with crm_world() as world:
            seen.append(await call_id_of(world))
    assert seen[0] == seen[1]


async def test_without_a_zone_the_start_is_read_in_the_portals_own() -> None:
    async with crm_world() as world:
        call_id = await call_id_of(world, CALL_START_DATE="2026-03-02T09:00:00")
        assert started_at(world.portal, call_id) == "2026-03-02T06:00:00+00:00"


def started_at(portal: BitrixPortal, call_id: str) -> str:
    return portal.open_calls[call_id].started_at.isoformat()


def _json(params: dict[str, object]) -> bytes:
    return json.dumps(params).encode()
