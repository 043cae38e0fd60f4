"""The simulated amoCRM account over real HTTP: calls, notes, unknown numbers, limits, refusals."""

from __future__ import annotations

import pytest

from app.simulator.faults import LoseReply
from tests.simulator.crm_client import CrmWorld, ask, crm_world

CONTACT_ID = 11070881
CALL: dict[str, object] = {
    "direction": "inbound",
    "phone": "+7 906 219-50-47",
    "duration": 10,
    "source": "pult",
    "uniq": "pult-1",
    "request_id": "ours-1",
}
NOTES = f"contacts/{CONTACT_ID}/notes"


async def added_call(world: CrmWorld, **changes: object) -> object:
    answer = await world.amo("POST", "calls", [{**CALL, **changes}])
    assert answer.http_status == 200, answer.body
    (written,) = answer.body["_embedded"]["calls"]
    return written


async def test_a_call_lands_in_the_card_of_its_number_and_echoes_our_request_id() -> None:
    async with crm_world() as world:
        answer = await world.amo("POST", "calls", [CALL])
        assert answer.content_type == "application/hal+json"
        (written,) = answer.body["_embedded"]["calls"]
        (note,) = world.account.calls
        assert (answer.body["_total_items"], answer.body["errors"]) == (1, [])
        assert written["id"] == note.note_id
        assert (written["entity_id"], written["entity_type"]) == (CONTACT_ID, "contact")
        assert written["request_id"] == "ours-1"
        assert written["account_id"] == world.account.config.amocrm_account_id
        assert written["_embedded"]["entity"]["_links"]["self"]["href"].endswith(f"/api/v4/contacts/{CONTACT_ID}")


async def test_without_a_request_id_the_index_comes_back() -> None:
    async with crm_world() as world:
        bare = {name: value for name, value in CALL.items() if name != "request_id"}
        answer = await world.amo("POST", "calls", [bare, bare])
        assert [written["request_id"] for written in answer.body["_embedded"]["calls"]] == ["0", "1"]


async def test_every_field_of_the_call_is_kept_in_the_note() -> None:
    async with crm_world() as world:
        await added_call(
            world,
            direction="outbound",
            link="https://records.example.test/a.mp3",
            call_result="Успешный разговор",
            call_status=4,
            call_responsible=9_000_001,
            responsible_user_id=9_000_001,
            created_by=9_000_001,
            created_at=1_772_431_200,
            updated_at=1_772_431_200,
        )
        listed = await world.amo("GET", NOTES)
        (note,) = listed.body["_embedded"]["notes"]
        assert (note["note_type"], note["created_at"], note["created_by"]) == ("call_out", 1_772_431_200, 9_000_001)
        assert note["params"]["call_result"] == "Успешный разговор"
        assert note["params"]["uniq"] == "pult-1"


@pytest.mark.parametrize(
    ("leads", "customers", "kind"),
    [
        ([True], 0, "lead"),
        ([True, False], 0, "lead"),
        ([True, True], 0, "contact"),
        ([False], 0, "contact"),
        ([], 1, "customer"),
        ([], 2, "contact"),
        ([True], 1, "contact"),
    ],
)
async def test_the_card_is_the_only_lead_the_only_customer_or_the_contact(
    leads: list[bool], customers: int, kind: str
) -> None:
    async with crm_world() as world:
        owner = ("contacts", CONTACT_ID)
        for order, is_active in enumerate(leads):
            world.account.add_linked("leads", 100 + order, "Сделка", owner, is_active=is_active)
        for order in range(customers):
            world.account.add_linked("customers", 200 + order, "Покупатель", owner)
        written = await added_call(world)
        assert isinstance(written, dict)
        assert written["entity_type"] == kind


async def test_numbers_are_compared_by_their_last_ten_digits() -> None:
    async with crm_world() as world:
        await added_call(world, phone="8 (906) 219-50-47")
        assert (await world.amo("POST", "calls", [{**CALL, "phone": "123123"}])).http_status == 400


async def test_an_unknown_number_is_not_added_in_either_shape_of_the_reply() -> None:
    async with crm_world() as world:
        unknown = {**CALL, "phone": "+79990000001"}
        refused = await world.amo("POST", "calls", [unknown])
        world.account.switches.unknown_number_reply = "ok_with_errors"
        agreed = await world.amo("POST", "calls", [unknown])
        assert (refused.http_status, agreed.http_status) == (400, 200)
        for answer in (refused, agreed):
            assert (answer.body["_total_items"], answer.body["_embedded"]["calls"]) == (0, [])
            assert answer.body["errors"][0]["title"] == "Entity not found"
            assert answer.body["errors"][0]["request_id"] == "ours-1"
        assert world.account.calls == []


async def test_of_several_calls_only_those_with_a_card_are_added() -> None:
    async with crm_world() as world:
        unknown = {**CALL, "phone": "+79990000001", "request_id": "ours-2"}
        answer = await world.amo("POST", "calls", [unknown, CALL])
        assert answer.http_status == 200
        assert [written["request_id"] for written in answer.body["_embedded"]["calls"]] == ["ours-1"]
        assert [error["request_id"] for error in answer.body["errors"]] == ["ours-2"]


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"link": None}, "NotNullable", "link"),
        ({"phone": None}, "NotNullable", "phone"),
        ({"direction": ...}, "FieldMissing", "direction"),
        ({"phone": ...}, "FieldMissing", "phone"),
        ({"duration": ...}, "FieldMissing", "duration"),
        ({"source": ...}, "FieldMissing", "source"),
        ({"source": " "}, "NotBlank", "source"),
        ({"direction": "in"}, "NotSupportedChoice", "direction"),
        ({"call_status": 9}, "NotSupportedChoice", "call_status"),
        ({"duration": "10"}, "InvalidType", "duration"),
        ({"duration": True}, "InvalidType", "duration"),
        ({"created_at": 1772431200.5}, "InvalidType", "created_at"),
    ],
)
async def test_a_bad_field_is_named_by_its_path_and_nothing_is_written(
    changes: dict[str, object], code: str, path: str
) -> None:
    async with crm_world() as world:
        broken = {name: value for name, value in {**CALL, **changes}.items() if value is not ...}
        answer = await world.amo("POST", "calls", [{**CALL, "request_id": "fine"}, broken])
        assert (answer.http_status, answer.content_type) == (400, "application/problem+json")
        (item,) = answer.body["validation-errors"]
        assert item["request_id"] == "ours-1"
        assert [(error["code"], error["path"]) for error in item["errors"]] == [(code, path)]
        assert world.account.calls == []


@pytest.mark.parametrize("responsible", [9_000_001, "Анна Петрова"])
async def test_call_responsible_is_a_user_id_or_a_name(responsible: object) -> None:
    async with crm_world() as world:
        await added_call(world, call_responsible=responsible)
        assert world.account.calls[0].params["call_responsible"] == responsible


async def test_the_same_uniq_twice_is_two_notes() -> None:
    async with crm_world() as world:
        await added_call(world)
        assert world.account.duplicates() == []
        await added_call(world)
        assert len(world.account.calls_of("pult-1")) == 2
        assert world.account.duplicates() == ["pult-1"]


async def test_a_call_whose_reply_was_lost_is_found_among_the_notes_of_its_card() -> None:
    async with crm_world() as world:
        empty = await world.amo("GET", f"{NOTES}?filter[note_type]=call_in")
        assert (empty.http_status, empty.raw) == (204, b"")
        world.faults.add(LoseReply(), face="amocrm", operation="POST calls")
        with pytest.raises(ConnectionError):
            await world.amo("POST", "calls", [CALL])
        found = await world.amo("GET", f"{NOTES}?filter[note_type]=call_in")
        assert [note["params"]["uniq"] for note in found.body["_embedded"]["notes"]] == ["pult-1"]
        assert (await world.amo("GET", f"{NOTES}?filter[note_type]=call_out")).http_status == 204


async def test_notes_come_in_pages() -> None:
    async with crm_world() as world:
        await world.amo("POST", "calls", [{**CALL, "uniq": f"pult-{order}"} for order in range(3)])
        second = await world.amo("GET", f"{NOTES}?limit=2&page=2")
        assert [note["params"]["uniq"] for note in second.body["_embedded"]["notes"]] == ["pult-2"]
        assert (await world.amo("GET", f"{NOTES}?limit=251")).http_status == 400


async def test_a_call_note_can_be_put_into_a_chosen_card() -> None:
    async with crm_world() as world:
        world.account.add_linked("leads", 100, "Сделка", ("contacts", CONTACT_ID))
        params = {"uniq": "pult-2", "duration": 5, "source": "pult", "phone": "+79990000001"}
        answer = await world.amo("POST", "leads/100/notes", [{"note_type": "call_in", "params": params}])
        (note,) = world.account.calls
        assert answer.body["_embedded"]["notes"][0]["id"] == note.note_id
        assert (note.kind, note.entity_id) == ("leads", 100)
        broken = {"note_type": "call_in", "params": {**params, "source": ""}}
        refused = await world.amo("POST", "leads/100/notes", [broken])
        assert refused.body["validation-errors"][0]["errors"][0]["path"] == "params.source"
        assert (await world.amo("POST", "leads/404/notes", [broken])).http_status == 404


async def test_an_unknown_caller_can_become_a_contact_and_then_take_the_call() -> None:
    async with crm_world() as world:
        phone = {"field_code": "PHONE", "values": [{"value": "+79990000001", "enum_code": "WORK"}]}
        contact = {"name": "Новый", "custom_fields_values": [phone], "request_id": "c"}
        made = (await world.amo("POST", "contacts", [contact])).body["_embedded"]["contacts"][0]
        assert made["request_id"] == "c"
        await added_call(world, phone="+79990000001")
        assert world.account.calls[0].entity_id == made["id"]
        found = await world.amo("GET", "contacts?query=9990000001&with=leads")
        assert [card["id"] for card in found.body["_embedded"]["contacts"]] == [made["id"]]
        assert (await world.amo("GET", "contacts?query=nobody")).http_status == 204


METADATA = {
    "uniq": "pult-3",
    "from": "+79990000001",
    "phone": "+74951112233",
    "called_at": 1_772_431_200,
    "duration": 5,
    "service_code": "pult",
}


@pytest.mark.parametrize(("wanted", "shown"), [(False, (None, None)), (True, (METADATA["phone"], METADATA["from"]))])
async def test_an_unsorted_call_event_shows_its_numbers_swapped(*, wanted: bool, shown: tuple[object, object]) -> None:
    async with crm_world() as world:
        item = {
            "source_uid": "pult",
            "source_name": "Pult",
            "metadata": {**METADATA, "is_call_event_needed": wanted},
            "request_id": "u",
        }
        answer = await world.amo("POST", "leads/unsorted/sip", [item])
        (row,) = world.account.unsorted
        assert answer.body["_embedded"]["unsorted"][0]["uid"] == row.uid
        assert (row.event_from, row.event_phone) == shown
        await world.amo("POST", "leads/unsorted/sip", [item])
        assert world.account.duplicates() == ["pult-3"]
        refused = await world.amo("POST", "leads/unsorted/sip", [{**item, "metadata": {}}])
        assert refused.http_status == 400


async def test_the_account_answers_a_connection_check() -> None:
    async with crm_world() as world:
        answer = await world.amo("GET", "account")
        assert answer.body["id"] == world.account.config.amocrm_account_id
        assert answer.body["current_user_id"] == world.account.config.amocrm_user_id


async def test_only_an_administrator_sees_the_users() -> None:
    async with crm_world() as world:
        world.account.add_user(9_000_002, "Пётр")
        answer = await world.amo("GET", "users")
        assert [user["id"] for user in answer.body["_embedded"]["users"]] == [9_000_001, 9_000_002]
        world.account.switches.is_admin = False
        assert (await world.amo("GET", "users")).http_status == 403


@pytest.mark.parametrize(
    ("method", "path", "http_status"),
    [
        ("GET", "calls", 405),
        ("GET", "leads/unsorted/sip", 405),
        ("DELETE", "calls", 405),
        ("GET", "nowhere", 404),
        ("POST", "nowhere", 404),
        ("GET", "contacts/404", 404),
        ("GET", f"contacts/{CONTACT_ID}", 200),
    ],
)
async def test_paths_and_methods_that_are_not_there(method: str, path: str, http_status: int) -> None:
    async with crm_world() as world:
        assert (await world.amo(method, path, [{}])).http_status == http_status


async def test_a_wrong_token_is_refused_and_never_journalled() -> None:
    async with crm_world() as world:
        assert (await world.amo("GET", "account", token="planted-wrong-token")).http_status == 401
        world.account.switches.token_is_valid = False
        assert (await world.amo("GET", "account")).http_status == 401
        written = repr(world.journal.entries)
        assert "GET account" in written
        assert "planted" not in written


async def test_an_ended_subscription_blocks_writes_only() -> None:
    async with crm_world() as world:
        world.account.switches.subscription_ended = True
        assert (await world.amo("POST", "calls", [CALL])).http_status == 402
        assert (await world.amo("GET", "account")).http_status == 200
        assert world.account.calls == []


async def test_a_forbidden_address_is_told_by_code_113() -> None:
    async with crm_world() as world:
        world.account.switches.is_forbidden = True
        answer = await world.amo("GET", "account")
        assert (answer.http_status, answer.body["code"]) == (403, 113)


async def test_the_eighth_request_of_a_second_is_refused_and_too_many_refusals_block() -> None:
    async with crm_world() as world:
        codes = [(await world.amo("GET", "account")).http_status for _ in range(8)]
        assert codes == [200] * 7 + [429]
        world.clock.advance(1.0)
        assert (await world.amo("GET", "account")).http_status == 200
        for _ in range(40):
            await world.amo("GET", "account")
        world.clock.advance(60.0)
        assert (await world.amo("GET", "account")).http_status == 403
        world.account.unblock()
        assert (await world.amo("GET", "account")).http_status == 200


async def test_without_the_limit_nothing_is_refused() -> None:
    async with crm_world() as world:
        world.account.switches.limit_rate = False
        assert {(await world.amo("GET", "account")).http_status for _ in range(30)} == {200}


@pytest.mark.parametrize("body", [b"", b"{", b"{}", b"[]", b"[1]", b"null", b"[" * 100_000, b"\xff"])
async def test_a_body_that_is_no_array_of_objects_is_a_problem(body: bytes) -> None:
    async with crm_world() as world:
        headers = {"Authorization": f"Bearer {world.account.config.amocrm_token}"}
        answer = await ask(world.amo_port, "POST", "/api/v4/calls", body, headers)
        assert (answer.http_status, answer.content_type) == (400, "application/problem+json")


ODD_VALUES: list[object] = [True, -1, 1e308, "", "9" * 400, [], [[]], {}, {"a": {"b": 1}}]


@pytest.mark.parametrize("path", ["calls", "contacts", "leads/unsorted/sip", NOTES])
async def test_odd_values_never_break_the_account(path: str) -> None:
    async with crm_world() as world:
        world.account.switches.limit_rate = False
        good = {**CALL, "source_uid": "pult", "source_name": "Pult", "note_type": "call_in", "metadata": METADATA}
        names = [*good, "call_status", "call_responsible", "params", "custom_fields_values", "name", "created_at"]
        for name in names:
            for value in ODD_VALUES:
                answer = await world.amo("POST", path, [{**good, name: value}])
                assert answer.http_status in {200, 400}, (name, value, answer)
