"""crm.item.*, crm.status.list and user.get of the simulated portal, over real HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.crm_client import USER_ID, crm_world

ITEM, ITEMS, STATUSES = "crm.item.get", "crm.item.list", "crm.status.list"


async def test_an_item_has_camel_case_names_and_the_figure_of_its_type() -> None:
    async with crm_world() as world:
        item = (await world.result(ITEM, entityTypeId=3, id=797))["item"]
        assert (item["id"], item["name"], item["lastName"], item["title"]) == (797, "Мария", "Ивановна", None)
        assert (item["assignedById"], item["entityTypeId"], item["phone"]) == (USER_ID, 3, "+79062195047")


@pytest.mark.parametrize(
    ("asked", "code"),
    [({"entityTypeId": 3, "id": 1}, "NOT_FOUND"), ({"entityTypeId": 99, "id": 797}, "NOT_FOUND"), ({}, "NOT_FOUND")],
)
async def test_what_is_not_there_is_not_found(asked: dict[str, Any], code: str) -> None:
    async with crm_world() as world:
        answer = await world.rest(ITEM, asked)
        assert (answer.http_status, answer.body["error"]) == (400, code)


async def test_a_colleagues_customer_is_out_of_sight_where_rights_are_narrow() -> None:
    async with crm_world() as world:
        world.portal.add_contact("COMPANY", 5, "ООО Ромашка", "+79990000001", 404)
        world.portal.add_contact("COMPANY", 6, "ООО Лютик", "+79990000002", USER_ID)
        world.portal.switches.sees_all_customers = False
        answer = await world.rest(ITEM, entityTypeId=4, id=5)
        assert (answer.http_status, answer.body["error"]) == (400, "ACCESS_DENIED")
        assert [row["id"] for row in (await world.result(ITEMS, entityTypeId=4))["items"]] == [6]


async def test_items_are_filtered_ordered_selected_and_paged() -> None:
    async with crm_world() as world:
        for order in range(60):
            world.portal.add_contact("LEAD", 1000 + order, f"Лид {order}", "", USER_ID)
        first = await world.rest(ITEMS, entityTypeId=1, select=["id"], order={"id": "DESC"})
        assert (first.body["result"]["items"][0], first.body["total"], first.body["next"]) == ({"id": 1059}, 60, 50)
        wanted = {"@id": [1001, 1002]}
        assert len((await world.result(ITEMS, entityTypeId=1, filter=wanted))["items"]) == 2
        answer = await world.rest(ITEMS, entityTypeId=1, filter={"%PHONE": "1"})
        assert (answer.http_status, answer.body["error"]) == (400, "INVALID_ARG_VALUE")


async def test_a_reference_list_comes_whole_and_a_refusal_has_no_code() -> None:
    async with crm_world() as world:
        answer = await world.rest(STATUSES, filter={"ENTITY_ID": "SOURCE"}, order={"SORT": "ASC"})
        assert [row["STATUS_ID"] for row in answer.body["result"]][:2] == ["CALL", "EMAIL"]
        assert (answer.body["total"], "next" in answer.body) == (6, False)
        world.portal.switches.may_read_lists = False
        refused = await world.rest(STATUSES, filter={"ENTITY_ID": "SOURCE"})
        assert (refused.http_status, refused.body["error"]) == (400, "Access denied.")


async def test_a_user_without_a_name_has_no_name_at_all() -> None:
    async with crm_world() as world:
        world.portal.add_user(50, "", None)
        (row,) = await world.result("user.get", FILTER={"ID": 50})
        assert "NAME" not in row
        assert row["UF_PHONE_INNER"] == ""
