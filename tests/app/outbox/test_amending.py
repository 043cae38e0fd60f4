"""What may be changed of a card on its way: by the pure rule, on the disk, and all the way to the CRM."""

from __future__ import annotations

import asyncio
from dataclasses import fields, replace
from pathlib import Path

import pytest

from app.bitrix24.adapter import plan_steps
from app.crm.port import CardToWrite
from app.domain.customer import Customer, CustomerChoice, CustomerDecision, CustomerKind
from app.domain.wrap_up import UnknownNumberChoice
from app.errors import NotFound, Refused
from app.outbox.amending import STEP_FIELDS, amendable_fields
from app.outbox.audit import Deed
from app.outbox.entry import CardPhase, OutboxCard, OutboxStep, PlannedStep, StepState
from app.outbox.reasons import MENDED_BY
from app.outbox.store import StepKey
from tests.app.bitrix24.portal_world import CARD_KEY
from tests.app.outbox.delivery_world import delivery_world, exactly_once
from tests.app.outbox.lane_world import NOW, LaneCrm, lane_card, lane_world
from tests.helpers.waiting import until

REGISTER_FIELDS = STEP_FIELDS["bitrix24", "register"] - {"crm_user_id"}
FINISH_FIELDS = STEP_FIELDS["bitrix24", "finish"] - {"crm_user_id"}
KEY = lane_card(1).card_key


def entry_with(**states: StepState | tuple[str, StepState]) -> OutboxCard:
    """A card whose Bitrix24 steps are in these states; a reason with what a parked step resumes as."""
    steps = []
    for name, given in states.items():
        if isinstance(given, tuple):
            steps.append(OutboxStep(name, "bitrix24", StepState.PARKED, reason=given[0], resume_as=given[1]))
        else:
            steps.append(OutboxStep(name, "bitrix24", given))
    return OutboxCard(KEY, NOW, lane_card(1), tuple(steps))


PENDING, DONE, UNKNOWN, IN_FLIGHT = StepState.PENDING, StepState.DONE, StepState.UNKNOWN, StepState.IN_FLIGHT


def test_every_field_named_is_one_of_the_card() -> None:
    known = {field.name for field in fields(CardToWrite)}
    for names in (*STEP_FIELDS.values(), *MENDED_BY.values()):
        assert names <= known
    told = frozenset().union(*STEP_FIELDS.values())
    assert all(mending <= told for mending in MENDED_BY.values())


def test_before_anything_was_sent_everything_is_open() -> None:
    open_fields = amendable_fields(entry_with(register=PENDING, finish=PENDING, note=PENDING))
    assert open_fields >= REGISTER_FIELDS | FINISH_FIELDS | {"crm_user_id", "notes"}
    assert not open_fields & {"card_key", "call_session_id", "employee_id"}


@pytest.mark.parametrize("sent", [DONE, UNKNOWN, IN_FLIGHT])
def test_what_a_step_told_or_may_have_told_is_closed(sent: StepState) -> None:
    after_register = amendable_fields(entry_with(register=sent, finish=PENDING, note=PENDING))
    assert after_register == FINISH_FIELDS | {"notes"}
    after_finish = amendable_fields(entry_with(register=DONE, finish=sent, note=PENDING))
    assert after_finish == {"notes"}
    assert amendable_fields(entry_with(register=DONE, finish=DONE, note=sent)) == frozenset()


def test_a_parked_step_opens_what_mends_it_whatever_was_sent_before() -> None:
    user = entry_with(register=DONE, finish=("crm_user_not_found", PENDING), note=PENDING)
    assert amendable_fields(user) == FINISH_FIELDS | {"crm_user_id", "notes"}
    customer = entry_with(register=DONE, finish=DONE, note=("customer_needed", PENDING))
    assert amendable_fields(customer) == {"customer_kind", "customer_id", "notes"}


def test_a_note_that_may_have_been_sent_keeps_its_customer() -> None:
    denied = entry_with(register=DONE, finish=DONE, note=("customer_access_denied", UNKNOWN))
    assert amendable_fields(denied) == frozenset()
    gone = entry_with(register=DONE, finish=DONE, note=("customer_not_found", UNKNOWN))
    assert amendable_fields(gone) == {"customer_kind", "customer_id"}


def test_notes_may_still_be_added_to_a_card_without_any() -> None:
    assert "notes" in amendable_fields(entry_with(register=DONE, finish=PENDING))


@pytest.mark.parametrize("phase", [CardPhase.BEGUN, CardPhase.ABANDONED, CardPhase.DISCARDED])
def test_only_saved_cards_are_amended(phase: CardPhase) -> None:
    assert amendable_fields(replace(entry_with(register=PENDING), phase=phase)) == frozenset()


def test_what_one_crm_has_may_be_corrected_in_the_other() -> None:
    call = OutboxStep("call", "amocrm", StepState.PARKED, reason="amo_number_unknown")
    entry = entry_with(register=DONE, finish=DONE, note=DONE)
    both = replace(entry, steps=(*entry.steps, call))
    assert amendable_fields(both) == STEP_FIELDS["amocrm", "call"]


async def test_the_saved_content_stays_and_the_audit_keeps_what_was_before(tmp_path: Path) -> None:
    async with lane_world(tmp_path, begins=False) as outbox:
        card = lane_card(1, notes="first")
        await outbox.store.save(card, plan_steps(card), NOW)
        second = replace(card, notes="second", talk_s=6)
        assert await outbox.delivery.amend(KEY, second) == {"notes", "talk_s"}
        third = replace(second, notes="third")
        await outbox.delivery.amend(KEY, third)
        entry = await outbox.entry(KEY)
        assert (entry.card, entry.original) == (third, card)
        rows = await outbox.store.audit_of(KEY)
        assert [row.deed for row in rows] == ["amended", "amended"]
        assert [row.params["changed"] for row in rows] == [
            {"talk_s": [5, 6], "notes": ["first", "second"]},
            {"notes": ["second", "third"]},
        ]


async def test_an_amendment_writes_to_no_crm_the_card_was_not_saved_for(tmp_path: Path) -> None:
    async with lane_world(tmp_path, begins=False) as outbox:
        card = lane_card(1)
        await outbox.store.save(card, plan_steps(card), NOW)
        noted = replace(card, notes="later")
        steps = (*plan_steps(noted), PlannedStep("amocrm", "call"))
        await outbox.store.amend(KEY, noted, Deed.AMENDED, NOW, steps=steps)
        names = [(step.crm_name, step.name) for step in (await outbox.entry(KEY)).steps]
        assert names == [("bitrix24", "register"), ("bitrix24", "finish"), ("bitrix24", "note")]


async def test_nothing_is_changed_when_one_field_may_not_be(tmp_path: Path) -> None:
    async with lane_world(tmp_path, begins=False) as outbox:
        card = lane_card(1, notes="first")
        await outbox.store.save(card, plan_steps(card), NOW)
        with pytest.raises(Refused, match="field_not_amendable") as caught:
            await outbox.delivery.amend(KEY, replace(card, notes="second", call_session_id=5))
        assert caught.value.params["fields"] == "call_session_id"
        assert (await outbox.entry(KEY)).card == card
        assert await outbox.store.audit_of(KEY) == ()
        with pytest.raises(NotFound):
            await outbox.store.amend("pult-none", replace(card, card_key="pult-none"), Deed.AMENDED, NOW)


async def test_what_is_under_way_is_closed_and_what_comes_after_it_is_open(tmp_path: Path) -> None:
    crm = LaneCrm("bitrix24")
    crm.held["register"] = asyncio.Event()
    card = lane_card(1)
    async with lane_world(tmp_path, crm) as outbox:
        await outbox.save(card, plan_steps(card))
        await crm.begun.wait()
        with pytest.raises(Refused, match="field_not_amendable"):
            await outbox.delivery.amend(KEY, replace(card, phone_number="79995554433"))
        await outbox.delivery.amend(KEY, replace(card, talk_s=77))
        crm.held["register"].set()
        await until(lambda: outbox.worker.unsent_count == 0, what="delivery")
        assert [(step, sent.talk_s) for (_, step), sent in zip(crm.sent, crm.contents, strict=True)] == [
            ("register", 5),
            ("finish", 77),
        ]
        assert {sent.phone_number for sent in crm.contents} == {card.phone_number}


async def test_a_change_between_the_reading_of_a_card_and_its_sending_is_sent(tmp_path: Path) -> None:
    """The claim gives the content: what was read before it may be old."""
    async with lane_world(tmp_path, begins=False) as outbox:
        card = lane_card(1)
        await outbox.store.save(card, plan_steps(card), NOW)
        read_before = await outbox.entry(KEY)
        await outbox.delivery.amend(KEY, replace(card, phone_number="79995554433"))
        claimed = await outbox.store.claim(StepKey(KEY, "bitrix24", "register"), NOW)
        assert claimed is not None
        assert (read_before.card.phone_number, claimed.card.phone_number) == (card.phone_number, "79995554433")


async def test_the_amended_content_is_what_is_sent(tmp_path: Path) -> None:
    crm = LaneCrm("bitrix24")
    crm.answers["finish"] = [Refused("crm_user_not_found")]
    card = lane_card(1)
    async with lane_world(tmp_path, crm) as outbox:
        await outbox.save(card, plan_steps(card))
        await outbox.until_step(KEY, "finish", StepState.PARKED, "bitrix24")
        await outbox.delivery.amend(KEY, replace(card, crm_user_id=8))
        await until(lambda: outbox.worker.unsent_count == 0, what="delivery")
        assert [(step, sent.crm_user_id) for (_, step), sent in zip(crm.sent, crm.contents, strict=True)] == [
            ("register", 7),
            ("finish", 8),
        ]


async def test_a_change_that_does_not_mend_leaves_the_step_parked(tmp_path: Path) -> None:
    async with lane_world(tmp_path, begins=False) as outbox:
        card = replace(lane_card(1), crm_user_id=None)
        steps = [replace(plan_steps(card)[0], parked_because="crm_user_needed"), *plan_steps(card)[1:]]
        await outbox.store.save(card, steps, NOW)
        await outbox.delivery.amend(KEY, replace(card, talk_s=9))
        assert (await outbox.step(KEY, "register", "bitrix24")).reason == "crm_user_needed"
        await outbox.delivery.amend(KEY, replace(card, talk_s=9, crm_user_id=7))
        assert (await outbox.step(KEY, "register", "bitrix24")).step_state is StepState.PENDING


async def test_choosing_for_the_other_crm_is_an_amendment_of_its_own_fields(tmp_path: Path) -> None:
    crm = LaneCrm("amocrm")
    crm.answers["call"] = [Refused("amo_number_unknown"), Refused("amo_number_unknown")]
    async with lane_world(tmp_path, crm) as outbox:
        await outbox.save(lane_card(1), [PlannedStep("amocrm", "call")])
        await outbox.until_step(KEY, "call", StepState.PARKED, "amocrm")
        assert (await outbox.step(KEY, "call", "amocrm")).waits_for_second_customer
        maria = CustomerChoice(CustomerDecision.PICKED, Customer(CustomerKind.CONTACT, 5, "Maria"))
        with pytest.raises(NotFound, match="no_parked_note"):
            await outbox.delivery.choose_customer(KEY, maria)
        await outbox.delivery.decide_unknown_number(KEY, UnknownNumberChoice.UNSORTED)
        await until(lambda: not crm.answers["call"], what="the second try")
        await outbox.until_step(KEY, "call", StepState.PARKED, "amocrm")
        await outbox.delivery.choose_customer(KEY, maria, "amocrm")
        await until(lambda: outbox.worker.unsent_count == 0, what="delivery")
        (sent,) = crm.contents
        assert (sent.unknown_number, sent.second_kind, sent.second_id, sent.customer_id) == (
            UnknownNumberChoice.ATTACH,
            CustomerKind.CONTACT,
            5,
            None,
        )
        deeds = [row.deed for row in await outbox.store.audit_of(KEY)]
        assert deeds == ["customer_chosen", "customer_chosen"]


async def test_notes_added_later_get_a_step_and_reach_the_portal(tmp_path: Path) -> None:
    async with delivery_world(tmp_path) as outbox:
        card = replace(outbox.world.card(notes=""), crm_user_id=999)
        await outbox.save(card)
        await outbox.until_parked(CARD_KEY)
        assert (await outbox.step(CARD_KEY, "register")).reason == "crm_user_not_found"
        mended = replace(card, crm_user_id=7, notes="Позже")
        await outbox.delivery.amend(CARD_KEY, mended)
        await outbox.until_done(CARD_KEY)
        exactly_once(outbox.world, mended)
