"""The simulated inbox of unsorted calls, what belongs to a card, and the order of notes, over real HTTP."""

from __future__ import annotations

from tests.simulator.crm_client import CrmWorld, crm_world

CONTACT_ID = 11070881
METADATA = {
    "from": "+79990000001",
    "phone": "+74951112233",
    "called_at": 1_772_431_200,
    "duration": 5,
    "service_code": "pult",
    "is_call_event_needed": False,
}
PHONE = {"field_code": "PHONE", "values": [{"value": "+79990000001", "enum_code": "WORK"}]}
CALL = {"direction": "inbound", "phone": "+79062195047", "duration": 1, "source": "pult"}


async def put(world: CrmWorld, uniq: str, **more: object) -> str:
    contact = {"name": "Новый", "custom_fields_values": [PHONE]}
    item = {
        "source_uid": "pult",
        "source_name": "Pult",
        "metadata": {**METADATA, "uniq": uniq},
        "_embedded": {"contacts": [contact]},
        **more,
    }
    answer = await world.amo("POST", "leads/unsorted/sip", [item])
    assert answer.http_status == 200, answer.body
    return str(answer.body["_embedded"]["unsorted"][0]["uid"])


async def test_the_inbox_is_listed_by_category_newest_first_and_in_pages() -> None:
    async with crm_world() as world:
        world.account.switches.limit_rate = False
        assert (await world.amo("GET", "leads/unsorted")).http_status == 204
        uids = [await put(world, f"pult-{order}", pipeline_id=77) for order in range(3)]
        listed = await world.amo("GET", "leads/unsorted?filter[category][0]=sip&order[created_at]=desc&limit=2")
        rows = listed.body["_embedded"]["unsorted"]
        assert [row["uid"] for row in rows] == [uids[2], uids[1]]
        assert (rows[0]["metadata"]["uniq"], rows[0]["category"], rows[0]["pipeline_id"]) == ("pult-2", "sip", 77)
        assert "is_call_event_needed" not in rows[0]["metadata"]
        oldest = await world.amo("GET", "leads/unsorted?order[created_at]=desc&limit=2&page=2")
        assert [row["uid"] for row in oldest.body["_embedded"]["unsorted"]] == [uids[0]]
        assert (await world.amo("GET", "leads/unsorted?filter[category][0]=mail")).http_status == 204


async def test_an_accepted_call_leaves_the_inbox_and_becomes_a_contact_with_a_lead() -> None:
    async with crm_world() as world:
        uid = await put(world, "pult-1")
        contact = world.account.accept_unsorted(uid)
        assert (await world.amo("GET", "leads/unsorted")).http_status == 204
        found = await world.amo("GET", "contacts?query=9990000001&with=leads")
        (row,) = found.body["_embedded"]["contacts"]
        assert row["id"] == contact.entity_id
        assert len(row["_embedded"]["leads"]) == 1
        answer = await world.amo("POST", "calls", [{**CALL, "phone": "+79990000001"}])
        assert answer.body["_embedded"]["calls"][0]["entity_type"] == "lead"


async def test_a_card_shows_its_leads_and_customers_when_asked_and_when_it_was_made() -> None:
    async with crm_world() as world:
        owner = ("contacts", CONTACT_ID)
        world.account.add_linked("leads", 100, "Сделка", owner)
        world.account.add_linked("customers", 200, "Покупатель", owner)
        bare = (await world.amo("GET", f"contacts/{CONTACT_ID}")).body
        assert set(bare["_embedded"]) == {"tags"}
        assert bare["created_at"] == int(world.clock.now().timestamp())
        full = (await world.amo("GET", f"contacts/{CONTACT_ID}?with=leads,customers")).body
        assert (full["_embedded"]["leads"], full["_embedded"]["customers"]) == ([{"id": 100}], [{"id": 200}])


async def test_notes_come_newest_first_when_asked() -> None:
    async with crm_world() as world:
        for order in range(3):
            await world.amo("POST", "calls", [{**CALL, "uniq": f"pult-{order}"}])
        listed = await world.amo("GET", f"contacts/{CONTACT_ID}/notes?order[id]=desc&limit=2")
        assert [note["params"]["uniq"] for note in listed.body["_embedded"]["notes"]] == ["pult-2", "pult-1"]


async def test_a_new_card_never_takes_an_id_that_is_in_use() -> None:
    async with crm_world() as world:
        made = await world.amo("POST", "contacts", [{"name": "Новый", "custom_fields_values": [PHONE]}])
        assert made.body["_embedded"]["contacts"][0]["id"] != CONTACT_ID
        assert len(world.account.contacts) == 2
