"""What is sent for each kind of call and caller, and what becomes of steps in every unhappy way, over real HTTP."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from app.bitrix24 import wire
from app.bitrix24.access import WebhookAccess
from app.bitrix24.adapter import PortalHabits, plan_withdrawal
from app.bitrix24.directory import Bitrix24Directory
from app.bitrix24.operating import LIMIT_S
from app.bitrix24.rest import BURST, PortalRest
from app.crm.port import CardProgress, ProbeVerdict, StepReceipt
from app.domain.calls import Direction
from app.domain.customer import CustomerKind
from app.domain.wrap_up import CallKind
from app.errors import LimitExceeded, OutcomeUnknown, PultError, Refused, RightsMissing
from app.http import TokenBucket
from app.integrations import build_bitrix24
from app.secrets import SecretStore
from app.settings import Settings
from app.simulator.faults import HttpError, LoseReply, Mutate
from tests.app.bitrix24.portal_world import MARIA_ID, STRANGER_NUMBER, USER_ID, PortalWorld, portal_world
from tests.helpers.clock import FakeClock

PLACEHOLDER = "70000000000"


async def registered(world: PortalWorld, **changed: object) -> dict[str, object]:
    """What one registration sent."""
    await world.crm.perform("register", replace(world.card(), **changed), CardProgress())  # type: ignore[arg-type]
    return dict(world.journal.entries_of(wire.REGISTER)[-1].params)


async def done_until_finish(world: PortalWorld) -> CardProgress:
    card = world.card()
    register = await world.crm.perform("register", card, CardProgress())
    finish = await world.crm.perform("finish", card, CardProgress({"register": register}))
    return CardProgress({"register": register, "finish": finish})


@pytest.mark.parametrize(
    ("kind", "call_type"),
    [
        (CallKind.OUTGOING, 1),
        (CallKind.INCOMING, 2),
        (CallKind.INCOMING_REDIRECTED, 3),
        (CallKind.CALLBACK, 4),
        (CallKind.INFORMATIONAL, 5),
    ],
)
async def test_every_kind_of_call_has_its_type(kind: CallKind, call_type: int) -> None:
    async with portal_world() as world:
        assert (await registered(world, kind=kind))["TYPE"] == call_type
        (call,) = world.portal.open_calls.values()
        assert call.call_type == call_type


@pytest.mark.parametrize(("direction", "call_type"), [(Direction.OUTBOUND, 1), (Direction.INBOUND, 2)])
async def test_a_card_of_an_older_version_goes_by_its_direction(direction: Direction, call_type: int) -> None:
    async with portal_world() as world:
        assert (await registered(world, kind=None, direction=direction))["TYPE"] == call_type


async def test_source_call_list_line_and_picked_customer_are_sent() -> None:
    async with portal_world() as world:
        world.portal.add_contact("COMPANY", 5, "ООО «Ромашка»", "", 1)
        sent = await registered(
            world, crm_source="CALL", call_list_id=12, customer_kind=CustomerKind.COMPANY, customer_id=5
        )
        assert (sent["CRM_SOURCE"], sent["CALL_LIST_ID"], sent["LINE_NUMBER"]) == ("CALL", 12, "74951234567")
        assert (sent["CRM_ENTITY_TYPE"], sent["CRM_ENTITY_ID"]) == ("COMPANY", 5)
        (call,) = world.portal.open_calls.values()
        # Maria has the number; the operator picked the company.
        assert (call.entity_type, call.entity_id) == ("COMPANY", 5)


async def test_what_nobody_said_is_not_sent_at_all() -> None:
    async with portal_world() as world:
        sent = await registered(world, line_number="")
        absent = {"CRM_SOURCE", "CALL_LIST_ID", "LINE_NUMBER", "CRM_ENTITY_TYPE", "CRM_ENTITY_ID", "USER_PHONE_INNER"}
        assert absent.isdisjoint(sent)


async def test_a_hidden_caller_goes_under_the_placeholder_and_nobody_is_made_of_it() -> None:
    async with portal_world(habits=PortalHabits(placeholder_number=PLACEHOLDER)) as world:
        sent = await registered(world, phone_number="anonymous", crm_create=True)
        assert (sent["PHONE_NUMBER"], sent["CRM_CREATE"]) == (PLACEHOLDER, 0)
        assert world.portal.leads == []
        assert (await registered(world))["PHONE_NUMBER"] != PLACEHOLDER


@pytest.mark.parametrize("number", ["anonymous", "", "скрыт"])
async def test_without_a_placeholder_a_hidden_caller_is_parked_and_nothing_is_sent(number: str) -> None:
    async with portal_world() as world:
        with pytest.raises(Refused, match="number_hidden"):
            await registered(world, phone_number=number)
        assert world.sent(wire.REGISTER) == 0


async def test_a_card_for_nobody_and_for_a_dismissed_user_have_a_fix_of_their_own() -> None:
    async with portal_world() as world:
        with pytest.raises(Refused, match="crm_user_needed"):
            await registered(world, crm_user_id=None)
        assert world.sent(wire.REGISTER) == 0
        world.portal.add_user(50, "Уволенный", "150").is_active = False
        for user_id in (50, 999):
            with pytest.raises(Refused, match="crm_user_not_found") as caught:
                await registered(world, crm_user_id=user_id)
            assert not isinstance(caught.value, RightsMissing)
        # The fix: another user.
        await registered(world, crm_user_id=USER_ID)
        assert len(world.portal.open_calls) == 1


async def test_a_user_dismissed_before_the_finish_leaves_the_call_open_for_another_one() -> None:
    async with portal_world() as world:
        user, card = world.portal.add_user(50, "Олег", "150"), replace(world.card(), crm_user_id=50)
        progress = CardProgress({"register": await world.crm.perform("register", card, CardProgress())})
        user.is_active = False
        with pytest.raises(Refused, match="crm_user_not_found"):
            await world.crm.perform("finish", card, progress)
        await world.crm.perform("finish", replace(card, crm_user_id=1), progress)
        assert [row.user_id for row in world.portal.statistics] == [1]


async def test_warnings_inside_a_success_reach_the_receipts() -> None:
    async with portal_world() as world:
        world.portal.switches.lead_creation_error = "Lead creation is disabled for local users"
        world.portal.switches.activity_creation_error = "The activity was not created"
        card = world.card(phone_number=STRANGER_NUMBER, crm_create=True)
        register = await world.crm.perform("register", card, CardProgress())
        assert register.warnings == ("Lead creation is disabled for local users",)
        maria = world.card(card_key="pult-2")
        progress = CardProgress({"register": await world.crm.perform("register", maria, CardProgress())})
        assert (await world.crm.perform("finish", maria, progress)).warnings == ("The activity was not created",)


@pytest.mark.parametrize(
    "errors",
    [b'{"A":["one","two"]}', b'["one","two"]', b'{"A":{"x":"one"},"B":{"y":["two",null,5]}}', b'[["one"],"two"]'],
)
async def test_warnings_are_found_however_they_are_nested(errors: bytes) -> None:
    async with portal_world() as world:
        progress = CardProgress({"register": await world.crm.perform("register", world.card(), CardProgress())})
        world.faults.add(Mutate(change=lambda _body: b'{"result":{"ID":1,"ERRORS":' + errors + b"}}"))
        assert (await world.crm.perform("finish", world.card(), progress)).warnings == ("one", "two")


async def test_what_a_portal_without_leads_makes_is_in_the_receipt() -> None:
    async with portal_world() as world:
        body = (
            b'{"result":{"CALL_ID":"c","CRM_CREATED_LEAD":null,"CRM_CREATED_ENTITIES":'
            b'[{"ENTITY_TYPE":"CONTACT","ENTITY_ID":"8"},{"ENTITY_TYPE":"DEAL","ENTITY_ID":9}]}}'
        )
        world.faults.add(Mutate(change=lambda _body: body))
        receipt = await world.crm.perform("register", world.card(), CardProgress())
        assert (receipt.ids["created_contact_id"], receipt.ids["created_deal_id"]) == ("8", "9")


async def test_a_lost_finish_gets_the_rest_of_its_receipt_from_the_statistics() -> None:
    async with portal_world() as world:
        card = world.card()
        progress = CardProgress({"register": await world.crm.perform("register", card, CardProgress())})
        world.faults.add(LoseReply(), operation=wire.FINISH)
        with pytest.raises(OutcomeUnknown):
            await world.crm.perform("finish", card, progress)
        found = await world.crm.probe("finish", card, progress)
        assert found.verdict is ProbeVerdict.DONE
        assert found.receipt is not None
        (row,), (activity,) = world.portal.statistics, world.portal.activities
        assert found.receipt.ids["statistics_id"] == str(row.row_id)
        assert found.receipt.ids["activity_id"] == str(activity.activity_id)
        assert found.receipt.ids["customer_id"] == str(MARIA_ID)
        assert found.receipt.ids["link"].endswith(f"/crm/contact/details/{MARIA_ID}/")


async def test_without_the_right_to_see_statistics_the_probe_works_and_asks_once() -> None:
    async with portal_world() as world:
        world.portal.switches.may_view_statistics = False
        progress = await done_until_finish(world)
        for _ in range(3):
            found = await world.crm.probe("finish", world.card(), progress)
            assert found.verdict is ProbeVerdict.DONE
            assert found.receipt is not None
            assert "activity_id" in found.receipt.ids
        assert world.sent(wire.STATISTIC_GET) == 1


async def test_statistics_that_cannot_be_read_now_do_not_spoil_the_verdict() -> None:
    async with portal_world() as world:
        progress = await done_until_finish(world)
        world.faults.add(HttpError(502), operation=wire.STATISTIC_GET)
        assert (await world.crm.probe("finish", world.card(), progress)).verdict is ProbeVerdict.DONE
        found = await world.crm.probe("finish", world.card(), progress)
        assert found.receipt is not None
        assert "statistics_id" in found.receipt.ids


async def test_a_half_done_finish_is_told_and_the_statistics_are_not_asked() -> None:
    async with portal_world() as world:
        card = world.card()
        progress = CardProgress({"register": await world.crm.perform("register", card, CardProgress())})
        world.portal.finish_dies_after, world.portal.finish_dies_times = "activity", 1
        with pytest.raises(OutcomeUnknown):
            await world.crm.perform("finish", card, progress)
        assert (await world.crm.probe("finish", card, progress)).verdict is ProbeVerdict.HALF_DONE
        assert world.sent(wire.STATISTIC_GET) == 0


async def test_the_portals_card_is_shown_and_hidden() -> None:
    async with portal_world() as world:
        progress = CardProgress({"register": await world.crm.perform("register", world.card(), CardProgress())})
        call_id = progress.receipts["register"].ids["call_id"]
        (call,) = world.portal.open_calls.values()
        assert await world.client.show(call_id, USER_ID, 1)
        assert call.shown_to == {USER_ID, 1}
        assert dict((await world.crm.perform("hide", world.card(), progress)).ids)["hidden"] == "yes"
        assert call.shown_to == {1}
        assert await world.client.hide(call_id, USER_ID, 1)
        assert call.shown_to == set()


async def test_a_call_that_is_gone_or_was_never_registered_is_as_good_as_hidden() -> None:
    async with portal_world() as world:
        progress = await done_until_finish(world)
        assert dict((await world.crm.perform("hide", world.card(), progress)).ids)["hidden"] == "no"
        assert not await world.client.show(progress.receipts["register"].ids["call_id"], USER_ID)
        sent = world.sent(wire.HIDE)
        for receipts in ({}, {"register": StepReceipt({})}):
            assert dict((await world.crm.perform("hide", world.card(), CardProgress(receipts))).ids) == {"hidden": "no"}
        assert world.sent(wire.HIDE) == sent
        assert [step.name for step in plan_withdrawal(world.card())] == ["hide"]
        assert world.crm.repeat_is_safe("hide")


async def test_a_method_close_to_its_time_is_not_sent_and_others_are() -> None:
    clock = FakeClock()
    async with portal_world(clock=clock) as world:
        world.portal.operating.costs_s[wire.USER_CURRENT] = LIMIT_S - 50
        await world.directory.current_user()
        with pytest.raises(LimitExceeded, match="operation_time_limit") as caught:
            await world.directory.current_user()
        assert world.sent(wire.USER_CURRENT) == 1
        assert caught.value.resets_in_s is not None
        await world.directory.list_currencies()
        clock.advance(caught.value.resets_in_s)
        await world.directory.current_user()


async def test_a_method_with_time_left_is_sent() -> None:
    """Negative control."""
    async with portal_world(clock=FakeClock()) as world:
        world.portal.operating.costs_s[wire.USER_CURRENT] = 40.0
        for _ in range(10):
            await world.directory.current_user()
        assert world.sent(wire.USER_CURRENT) == 10


async def test_a_blocked_method_does_not_slow_the_others_down() -> None:
    clock = FakeClock()
    async with portal_world(clock=clock) as world:
        world.portal.switches.limit_operating = True
        world.portal.operating.costs_s[wire.USER_CURRENT] = LIMIT_S
        world.portal.operating.charge(wire.USER_CURRENT, [])
        limiter = TokenBucket(1000.0, 1000, clock)
        directory = Bitrix24Directory(PortalRest(world.http, WebhookAccess(world.webhook_url), limiter, clock))
        with pytest.raises(LimitExceeded):
            await directory.current_user()
        assert limiter.wait_s == 0.0
        await directory.list_currencies()


async def test_too_many_requests_shut_the_whole_portals_bucket() -> None:
    clock = FakeClock()
    async with portal_world(clock=clock) as world:
        limiter = TokenBucket(2.0, 50, clock)
        rest = PortalRest(world.http, WebhookAccess(world.webhook_url), limiter, clock)
        body = b'{"error":"QUERY_LIMIT_EXCEEDED","error_description":"Too many requests"}'
        world.faults.add(HttpError(503, body, content_type="application/json"))
        with pytest.raises(LimitExceeded):
            await Bitrix24Directory(rest).current_user()
        assert limiter.wait_s > 0


async def test_connecting_anew_gives_no_fresh_burst() -> None:
    clock = FakeClock()
    async with portal_world(clock=clock, limit_bitrix_rate=True) as world:
        secrets = SecretStore(Path("/data/rates"), environment={"PULT_BITRIX24_WEBHOOK": world.webhook_url})
        first = await build_bitrix24(Settings(), secrets, world.http, clock)
        assert first is not None
        for _ in range(BURST):
            await first.who_am_i()
        second = await build_bitrix24(Settings(), secrets, world.http, clock)
        assert second is not None
        asking = asyncio.ensure_future(second.who_am_i())
        await clock.until_sleeping()
        await clock.pass_time(0.5)
        await asking
        assert {entry.outcome for entry in world.journal.entries} == {"ok"}
        await secrets.aclose()


async def test_a_portal_that_moved_is_told_by_its_new_host_alone() -> None:
    async with portal_world() as world:
        location = "https://new.bitrix24.ru/rest/7/secretsecret/user.current.json"
        world.faults.add(HttpError(302, headers=(("location", location),)))
        with pytest.raises(PultError, match="portal_moved") as caught:
            await world.directory.current_user()
        assert caught.value.params == {"host": "new.bitrix24.ru"}
