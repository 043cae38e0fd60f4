"""The client's methods against the simulated portal: what is sent, what is understood, how fast it goes."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from decimal import Decimal

import pytest

from app.bitrix24 import mapping, wire
from app.bitrix24.access import WebhookAccess, portal_url_of
from app.bitrix24.directory import Bitrix24Directory
from app.bitrix24.rest import BURST, RATE_PER_S, PortalRest
from app.domain.customer import CustomerKind
from app.errors import LimitExceeded, NotFound, OutcomeUnknown, PultError, RightsMissing
from app.http import TokenBucket
from app.simulator.faults import HttpError, LoseReply, Mutate
from tests.app.bitrix24.portal_world import MARIA_ID, MARIA_NUMBER, SECRET, USER_ID, portal_world
from tests.helpers.clock import FakeClock


async def test_customers_come_in_the_portals_order_with_the_responsible() -> None:
    async with portal_world() as world:
        world.portal.add_contact("LEAD", 12, "Лид", MARIA_NUMBER, 1)
        world.portal.add_contact("COMPANY", 5, "ООО «Ромашка»", "8 (906) 219-50-47", 1)
        found = await world.crm.find_customers("+7 906 219-50-47")
        assert [(customer.kind, customer.crm_entity_id, customer.responsible_user_id) for customer in found] == [
            (CustomerKind.CONTACT, MARIA_ID, USER_ID),
            (CustomerKind.COMPANY, 5, 1),
            (CustomerKind.LEAD, 12, 1),
        ]
        assert await world.crm.find_customers("+7 000 000-00-00") == ()


async def test_a_hidden_number_asks_nobody() -> None:
    async with portal_world() as world:
        assert await world.crm.find_customers("anonymous") == ()
        assert world.journal.entries == []


async def test_the_base_currency_comes_first_and_i_have_a_name() -> None:
    async with portal_world() as world:
        currencies = await world.crm.list_currencies()
        assert (currencies[0].code, currencies[0].is_base) == ("RUB", True)
        assert {currency.code for currency in currencies} == {"RUB", "USD", "EUR", "KZT"}
        assert (await world.crm.who_am_i()).user_id == USER_ID


async def test_the_probe_of_a_finish_sends_a_name_and_nothing_else() -> None:
    async with portal_world() as world:
        assert not await world.client.is_in_statistics("externalCall.0.0")
        (asked,) = world.journal.entries_of(wire.ATTACH_RECORD)
        assert set(asked.params) == {"CALL_ID", "FILENAME"}
        receipt = await world.client.register(mapping.registration_of(world.card(), None))
        call_id = receipt.ids["call_id"]
        assert not await world.client.is_in_statistics(call_id)
        await world.client.finish(mapping.finish_of(world.card(), call_id))
        assert await world.client.is_in_statistics(call_id)
        assert len((await world.client.activities_of_call(call_id)).rows) == 1
        assert world.portal.records == []
        with pytest.raises(NotFound, match="call_not_found"):
            await world.client.finish(mapping.finish_of(world.card(), call_id))


async def test_money_rating_reason_and_chat_arrive_as_given() -> None:
    async with portal_world() as world:
        card = replace(
            world.card(),
            cost=Decimal("12.35"),
            currency="USD",
            rating=4,
            failed_reason="Не дождалась",
            add_to_chat=True,
            show_card=True,
            line_number="",
        )
        receipt = await world.client.register(mapping.registration_of(card, None))
        await world.client.finish(mapping.finish_of(card, receipt.ids["call_id"]))
        (row,) = world.portal.statistics
        assert (row.cost, row.cost_currency, row.vote, row.failed_reason) == (12.35, "USD", 4, "Не дождалась")
        assert world.portal.chat_messages == [(USER_ID, row.call_id)]
        (registered,) = world.journal.entries_of(wire.REGISTER)
        assert (registered.params["SHOW"], registered.params["ADD_TO_CHAT"]) == (1, 1)
        assert "LINE_NUMBER" not in registered.params
        assert b'"COST":12.35,' in wire.encoded(mapping.finish_of(card, "x"))


async def test_an_outcome_the_portal_does_not_know_is_sent_as_other() -> None:
    async with portal_world() as world:
        assert mapping.finish_of(replace(world.card(), disposition_code="505"), "x").status_code == "OTHER"


@pytest.mark.parametrize(
    "result",
    [
        b'{"result":{"CALL_ID":"c","CRM_ENTITY_ID":"797","CRM_ENTITY_TYPE":"contact","CRM_CREATED_LEAD":"5","x":[]}}',
        b'{"result":{"CALL_ID":"c","CRM_ENTITY_ID":0,"CRM_ENTITY_TYPE":"","CRM_CREATED_ENTITIES":{}}}',
        b'{"result":{"CALL_ID":"c","CRM_ENTITY_ID":null,"CRM_ENTITY_TYPE":null},"total":"1","next":"?"}',
    ],
)
async def test_php_spellings_of_numbers_and_nothing_are_understood(result: bytes) -> None:
    async with portal_world() as world:
        world.faults.add(Mutate(change=lambda _body: result))
        receipt = await world.client.register(mapping.registration_of(world.card(), None))
        assert receipt.ids["call_id"] == "c"
        assert receipt.ids.get("customer_id") in (None, "797")


async def test_a_registration_without_a_call_id_is_an_unknown_outcome() -> None:
    async with portal_world() as world:
        world.faults.add(Mutate(change=lambda _body: b'{"result":{"CALL_ID":null}}'))
        with pytest.raises(OutcomeUnknown, match="reply_unexpected"):
            await world.client.register(mapping.registration_of(world.card(), None))


async def test_a_finished_call_with_odd_fields_is_finished_all_the_same() -> None:
    async with portal_world() as world:
        world.faults.add(
            Mutate(change=lambda _body: b'{"result":{"ID":[],"CRM_ACTIVITY_ID":"x","ERRORS":{"A":"no activity"}}}'),
            operation=wire.FINISH,
        )
        receipt = await world.client.register(mapping.registration_of(world.card(), None))
        finished = await world.client.finish(mapping.finish_of(world.card(), receipt.ids["call_id"]))
        assert (dict(finished.ids), finished.warnings) == ({}, ("no activity",))


async def test_the_registration_check_creates_nothing() -> None:
    async with portal_world() as world:
        await world.client.probe_registration(USER_ID)
        assert world.portal.open_calls == {}
    async with portal_world(app_only=True) as world:
        with pytest.raises(RightsMissing, match="wrong_auth_type"):
            await world.client.probe_registration(USER_ID)


async def test_the_clients_own_rate_keeps_the_portal_from_refusing() -> None:
    clock = FakeClock()
    async with portal_world(clock=clock, limit_bitrix_rate=True) as world:
        limiter = TokenBucket(RATE_PER_S, BURST, clock)
        directory = Bitrix24Directory(PortalRest(world.http, WebhookAccess(world.webhook_url), limiter, clock))
        for _ in range(BURST):
            await directory.current_user()
        began_s = clock.monotonic()
        waiting = asyncio.ensure_future(_ask(directory, 10))
        while not waiting.done():
            await clock.pass_time(0.5)
        await waiting
        assert clock.monotonic() - began_s >= 10 / RATE_PER_S
        assert {entry.outcome for entry in world.journal.entries} == {"ok"}


async def test_without_the_rate_the_portal_refuses() -> None:
    """Negative control: the same burst unlimited."""
    clock = FakeClock()
    async with portal_world(clock=clock, limit_bitrix_rate=True) as world:
        with pytest.raises(LimitExceeded, match="query_limit_exceeded"):
            await _ask(world.directory, BURST + 10)


async def test_the_webhook_is_in_no_error_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="app")
    async with portal_world() as world:
        for fault in (LoseReply(), HttpError(500), HttpError(401), HttpError(302, headers=(("location", SECRET),))):
            world.faults.add(fault)
            with pytest.raises(PultError) as caught:
                await world.directory.current_user()
            assert SECRET not in f"{caught.value!r} {caught.value.params} {caught.value.__cause__!r}"
        assert SECRET not in repr(world.client) + repr(world.rest) + repr(vars(world.rest))
        assert SECRET not in world.client.portal_url
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    ("webhook", "portal"),
    [
        ("https://example.bitrix24.ru/rest/1/abc/", "https://example.bitrix24.ru"),
        ("https://example.bitrix24.ru:8443/rest/1/abc", "https://example.bitrix24.ru:8443"),
        ("not an address", ""),
        ("https://[broken", ""),
        ("ftp://example.test/x", ""),
    ],
)
def test_the_portals_address_is_the_webhooks_without_its_path(webhook: str, portal: str) -> None:
    assert portal_url_of(webhook) == portal


async def _ask(directory: Bitrix24Directory, times: int) -> None:
    for _ in range(times):
        await directory.current_user()


def test_an_absurdly_long_number_is_no_id() -> None:
    found = mapping.finished({"ID": "9" * 5_000, "CRM_ACTIVITY_ID": "7943"})
    assert dict(found.ids) == {"activity_id": "7943"}
