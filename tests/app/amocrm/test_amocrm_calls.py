"""A finished call as amoCRM gets it, over real HTTP: its fields, its card, its receipt."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from app.amocrm import mapping, wire
from app.amocrm.adapter import CALL, plan_steps
from app.amocrm.client import account_url_of
from app.crm.port import CardToWrite
from app.domain.calls import Direction
from app.domain.customer import CustomerKind
from app.domain.wrap_up import Disposition, UnknownNumberChoice
from app.errors import OutcomeUnknown, Refused
from app.simulator.faults import Mutate
from tests.app.amocrm.account_world import (
    CARD_KEY,
    MARIA_ID,
    MARIA_NUMBER,
    NO_PROGRESS,
    TOKEN,
    USER_ID,
    account_world,
)
from tests.helpers.clock import DEFAULT_START

CALLS = "POST calls"


async def test_a_call_arrives_with_every_field_of_the_method() -> None:
    async with account_world() as world:
        card = world.card(direction=Direction.OUTBOUND)
        receipts = await world.write(card)
        (sent,) = world.journal.entries_of(CALLS)
        items = sent.params["items"]
        assert isinstance(items, list)
        (item,) = items
        began_s = int(card.started_at.timestamp())
        assert item == {
            "direction": "outbound",
            "phone": MARIA_NUMBER,
            "duration": 95,
            "source": "Pult",
            "uniq": CARD_KEY,
            "call_status": 4,
            "call_result": "Просила перезвонить",
            "call_responsible": USER_ID,
            "responsible_user_id": USER_ID,
            "created_by": USER_ID,
            "updated_by": USER_ID,
            "created_at": began_s,
            "updated_at": began_s + 100,
            "request_id": CARD_KEY,
        }
        (note,) = world.account.calls
        assert dict(receipts[CALL].ids) == {
            "amo_note_id": str(note.note_id),
            "amo_entity_type": "contact",
            "amo_entity_id": str(MARIA_ID),
            "amo_link": f"{world.url}/contacts/detail/{MARIA_ID}",
        }
        assert (note.note_type, note.created_at) == ("call_out", began_s)


async def test_nothing_is_ever_null() -> None:
    async with account_world() as world:
        bare = replace(world.card(), second_user_id=None, ended_at=None, notes="", line_number="")
        for item in (
            mapping.call_of(bare, ""),
            mapping.note_of(bare, ""),
            mapping.contact_of(bare),
            mapping.unsorted_of(bare, "", None),
        ):
            assert b"null" not in wire.encoded(item)
        await world.write(bare)
        (note,) = world.account.calls
        assert note.created_by == 0


@pytest.mark.parametrize(
    ("disposition", "call_status"),
    [
        (Disposition.SUCCESS, 4),
        (Disposition.MISSED, 6),
        (Disposition.DECLINED, 6),
        (Disposition.CANCELLED, 6),
        (Disposition.FORBIDDEN, 6),
        (Disposition.WRONG_NUMBER, 5),
        (Disposition.BUSY, 7),
        (Disposition.DIRECTION_UNAVAILABLE, 6),
        (Disposition.DIRECTION_UNAVAILABLE_503, 6),
        (Disposition.TEMPORARILY_UNAVAILABLE, 3),
        (Disposition.NO_FUNDS, 6),
        (Disposition.BLOCKED, 6),
        (Disposition.OTHER, 6),
    ],
)
async def test_an_outcome_becomes_a_status_of_the_account(disposition: Disposition, call_status: int) -> None:
    async with account_world() as world:
        card = replace(world.card(), disposition_code=disposition.value, talk_s=0)
        assert mapping.call_of(card, "").call_status == call_status


def test_the_tables_of_outcomes_are_complete() -> None:
    assert set(mapping.CALL_STATUSES) == set(mapping.OUTCOMES) == set(Disposition)
    assert set(mapping.CALL_STATUSES.values()) <= set(range(1, 8))


async def test_an_outcome_nobody_knows_is_told_by_the_talk() -> None:
    async with account_world() as world:
        card = replace(world.card(), disposition_code="505")
        assert mapping.call_of(card, "").call_status == 4
        assert mapping.call_of(replace(card, talk_s=0), "").call_status == 6


@pytest.mark.parametrize(
    ("notes", "reason", "result"),
    [
        ("Просила <b>перезвонить</b>", "", "Просила <b>перезвонить</b>"),
        ("", "", "Номер занят"),
        ("  ", "Линия занята", "Номер занят\nЛиния занята"),
        ("Перезвонить", "Занято", "Перезвонить\nЗанято"),
        ("Было занято", "занято", "Было занято"),
    ],
)
async def test_the_result_is_what_was_typed_or_the_outcome(notes: str, reason: str, result: str) -> None:
    async with account_world() as world:
        card = replace(world.card(notes=notes), failed_reason=reason, disposition_code="486", talk_s=0)
        await world.write(card)
        (note,) = world.account.calls
        assert note.params["call_result"] == result


@pytest.mark.parametrize(
    ("linked", "entity_type", "address"),
    [("leads", "lead", "leads"), ("customers", "customer", "customers")],
)
async def test_the_receipt_leads_to_the_card_the_account_chose(linked: str, entity_type: str, address: str) -> None:
    async with account_world() as world:
        world.account.add_linked(linked, 500, "Сделка", ("contacts", MARIA_ID))
        receipt = (await world.write(world.card()))[CALL]
        assert receipt.ids["amo_entity_type"] == entity_type
        assert receipt.ids["amo_link"] == f"{world.url}/{address}/detail/500"


async def test_a_short_number_is_sent_all_the_same() -> None:
    async with account_world() as world:
        world.account.add_contact("COMPANY", 5, "ООО «Ромашка»", "123123", USER_ID)
        receipt = (await world.write(world.card(phone_number="123-123")))[CALL]
        assert (receipt.ids["amo_entity_type"], receipt.ids["amo_entity_id"]) == ("company", "5")


@pytest.mark.parametrize(
    "reply",
    [
        b'{"_total_items":1,"errors":[],"_embedded":{"calls":[{"id":1,"request_id":"0"}]}}',
        b'{"_embedded":{"calls":[{"id":1}]}}',
        b"{}",
        b"[]",
        b"null",
        b"",
        b"\xff",
        b'{"_embedded":' + b"[" * 100_000,
    ],
)
async def test_only_our_own_request_id_proves_that_the_call_was_added(reply: bytes) -> None:
    async with account_world() as world:
        world.faults.add(Mutate(change=lambda _body: reply))
        with pytest.raises(OutcomeUnknown):
            await world.crm.perform(CALL, world.card(), NO_PROGRESS)


async def test_an_account_that_says_it_added_nothing_is_believed() -> None:
    async with account_world() as world:
        said = b'{"_total_items":0,"errors":[],"_embedded":{"calls":[]}}'
        world.faults.add(Mutate(change=lambda _body: said))
        with pytest.raises(Refused, match="amo_call_refused"):
            await world.crm.perform(CALL, world.card(), NO_PROGRESS)


@pytest.mark.parametrize(
    "row",
    [
        {"id": 7, "entity_id": "11070881", "entity_type": "contact", "request_id": CARD_KEY},
        {"id": "7", "entity_id": 11070881, "entity_type": "contacts", "request_id": CARD_KEY},
    ],
)
async def test_types_of_the_reply_may_be_what_they_like(row: dict[str, object]) -> None:
    async with account_world() as world:
        body = msgspec.json.encode({"_total_items": 1, "errors": [], "_embedded": {"calls": [row]}})
        world.faults.add(Mutate(change=lambda _body: body))
        receipt = await world.crm.perform(CALL, world.card(), NO_PROGRESS)
        assert (receipt.ids["amo_note_id"], receipt.ids["amo_entity_id"]) == ("7", str(MARIA_ID))


async def test_who_has_a_number_is_compared_by_ourselves() -> None:
    async with account_world() as world:
        # Full text finds these too.
        world.account.add_contact("CONTACT", 2, f"Звонил с {MARIA_NUMBER}", "", USER_ID)
        world.account.add_contact("CONTACT", 3, "Длинный", f"+4420{MARIA_NUMBER}99", USER_ID)
        world.account.add_contact("COMPANY", 5, "ООО «Ромашка»", "8 (906) 219-50-47", 9_000_002)
        found = await world.crm.find_customers("+7 906 219-50-47")
        assert [(customer.kind, customer.crm_entity_id) for customer in found] == [
            (CustomerKind.CONTACT, MARIA_ID),
            (CustomerKind.COMPANY, 5),
        ]
        assert found[1].responsible_user_id == 9_000_002
        assert await world.crm.find_customers("+7 000 000-00-00") == ()


async def test_a_hidden_number_asks_nobody() -> None:
    async with account_world() as world:
        assert await world.crm.find_customers("anonymous") == ()
        assert world.journal.entries == []


async def test_customers_by_id_users_and_myself() -> None:
    async with account_world() as world:
        found = await world.crm.customer(CustomerKind.CONTACT, MARIA_ID)
        assert found is not None
        assert found.name == "Мария Ивановна"
        assert await world.crm.customer(CustomerKind.COMPANY, 404) is None
        world.account.add_user(9_000_002, "Пётр")
        assert [user.user_id for user in await world.crm.list_users()] == [9_000_001, 9_000_002]
        assert (await world.crm.who_am_i()).user_id == USER_ID
        assert await world.crm.list_sources() == ()
        assert await world.crm.list_currencies() == ()


async def test_users_of_a_large_account_come_in_pages() -> None:
    async with account_world() as world:
        for order in range(300):
            world.account.add_user(order + 1, f"Сотрудник {order}")
        assert len(await world.crm.list_users()) == 301


def plain_card(choice: UnknownNumberChoice) -> CardToWrite:
    return CardToWrite(
        CARD_KEY, Direction.INBOUND, MARIA_NUMBER, "", DEFAULT_START, 1, "200", None, unknown_number=choice
    )


@pytest.mark.parametrize("choice", list(UnknownNumberChoice))
def test_only_a_new_contact_is_a_step_of_its_own(choice: UnknownNumberChoice) -> None:
    names = [step.name for step in plan_steps(plain_card(choice))]
    assert names == (["contact", "call"] if choice is UnknownNumberChoice.CREATE_CONTACT else ["call"])


@pytest.mark.parametrize(
    ("address", "account"),
    [
        ("https://example.amocrm.ru", "https://example.amocrm.ru"),
        ("https://example.amocrm.ru/leads/list/?x=1", "https://example.amocrm.ru"),
        (" https://example.kommo.com:8443/ ", "https://example.kommo.com:8443"),
        ("", ""),
        ("nonsense", "nonsense"),
    ],
)
def test_any_address_of_the_account_will_do(address: str, account: str) -> None:
    assert account_url_of(address) == account


async def test_the_token_is_in_no_repr() -> None:
    async with account_world() as world:
        assert TOKEN not in repr(world.client) + repr(world.crm) + repr(vars(world.client))


async def test_times_are_whole_seconds_of_the_call() -> None:
    async with account_world() as world:
        card = replace(world.card(age=timedelta(days=3, microseconds=500)), ended_at=None)
        call = mapping.call_of(card, "")
        assert call.updated_at - call.created_at == 95
        assert isinstance(call.created_at, int)
