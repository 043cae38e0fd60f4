"""What the portal is asked about users, sources and customers, over real HTTP."""

from __future__ import annotations

import pytest

from app.bitrix24 import wire
from app.crm.matching import user_of_inner_number
from app.domain.customer import Customer, CustomerKind
from app.errors import OutcomeUnknown, RightsMissing
from app.simulator.faults import HttpError, Status200Error
from tests.app.bitrix24.portal_world import MARIA_ID, USER_ID, portal_world


async def test_all_employees_are_read_page_by_page() -> None:
    async with portal_world() as world:
        for order in range(120):
            world.portal.add_user(1000 + order, f"Оператор {order}", str(200 + order))
        world.portal.add_user(5000, "Уволенный", "900").is_active = False
        world.portal.add_user(5001, "Гость", "901").user_type = "extranet"
        users = await world.crm.list_users()
        assert [user.user_id for user in users] == [1, USER_ID, *range(1000, 1120)]
        assert [entry.params["start"] for entry in world.journal.entries_of(wire.USER_GET)] == [0, 50, 100]


async def test_a_user_may_have_no_name_and_no_extension() -> None:
    async with portal_world() as world:
        world.portal.add_user(50, "", None)
        user = next(user for user in await world.crm.list_users() if user.user_id == 50)
        assert (user.name, user.inner_number) == ("", "")


async def test_an_empty_or_failed_answer_keeps_the_last_good_list_of_users() -> None:
    async with portal_world() as world:
        good = await world.crm.list_users()
        world.faults.add(Status200Error(body=b'{"result":[],"total":0}'), operation=wire.USER_GET)
        assert await world.crm.list_users() == good
        world.faults.add(HttpError(502), operation=wire.USER_GET)
        assert await world.crm.list_users() == good
        world.portal.add_user(50, "Новая Оператор", "150")
        assert len(await world.crm.list_users()) == len(good) + 1


async def test_without_a_good_list_a_failure_is_told() -> None:
    """Negative control: nothing is made up."""
    async with portal_world() as world:
        world.faults.add(HttpError(502), operation=wire.USER_GET)
        with pytest.raises(OutcomeUnknown):
            await world.crm.list_users()


async def test_an_extension_belongs_to_one_user_or_to_nobody() -> None:
    async with portal_world() as world:
        world.portal.add_user(50, "Анна", "101")
        world.portal.add_user(51, "Олег", "102")
        world.portal.add_user(52, "Двойник", "102")
        users = await world.crm.list_users()
        found = user_of_inner_number(users, "101")
        assert found is not None
        assert found.user_id == 50
        assert user_of_inner_number(users, "102") is None
        # Users without an extension are not the owners of an empty one.
        assert user_of_inner_number(users, " ") is None


async def test_sources_come_in_the_portals_order() -> None:
    async with portal_world() as world:
        sources = await world.crm.list_sources()
        assert [source.source_id for source in sources][:2] == ["CALL", "EMAIL"]
        assert sources[0].name == "Звонок"
        world.portal.switches.may_read_lists = False
        with pytest.raises(RightsMissing, match="access_denied"):
            await world.crm.list_sources()


async def test_a_customer_is_found_by_kind_and_id() -> None:
    async with portal_world() as world:
        world.portal.add_contact("COMPANY", 5, "ООО «Ромашка»", "", 1)
        world.portal.add_contact("LEAD", 6, "Заявка", "", 1)
        assert await world.crm.customer(CustomerKind.CONTACT, MARIA_ID) == Customer(
            CustomerKind.CONTACT, MARIA_ID, "Мария Ивановна", USER_ID
        )
        assert await world.crm.customer(CustomerKind.COMPANY, 5) == Customer(
            CustomerKind.COMPANY, 5, "ООО «Ромашка»", 1
        )
        lead = await world.crm.customer(CustomerKind.LEAD, 6)
        assert lead is not None
        assert lead.name == "Заявка"


async def test_a_customer_who_is_not_there_or_out_of_sight_is_nobody() -> None:
    async with portal_world() as world:
        assert await world.crm.customer(CustomerKind.LEAD, MARIA_ID) is None
        world.portal.add_contact("COMPANY", 5, "ООО «Ромашка»", "", 1)
        world.portal.switches.sees_all_customers = False
        assert await world.crm.customer(CustomerKind.COMPANY, 5) is None
        assert await world.crm.customer(CustomerKind.CONTACT, MARIA_ID) is not None
