"""A number nobody in the account has: what the operator chooses, and what each choice writes."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from app.amocrm.adapter import CALL, CONTACT, AmocrmHabits
from app.crm.port import CardProgress, CardToWrite, ProbeVerdict
from app.domain.calls import Direction
from app.domain.customer import CustomerKind
from app.domain.wrap_up import UnknownNumberChoice
from app.errors import NotFound, OutcomeUnknown, Refused
from app.simulator.faults import DropBefore, LoseReply
from tests.app.amocrm.account_world import (
    CARD_KEY,
    MARIA_ID,
    NO_PROGRESS,
    STRANGER_NUMBER,
    USER_ID,
    AccountWorld,
    account_world,
)

CREATE = UnknownNumberChoice.CREATE_CONTACT


def stranger(world: AccountWorld, choice: UnknownNumberChoice, **changes: object) -> CardToWrite:
    return replace(world.card(phone_number=STRANGER_NUMBER, choice=choice), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("shape", ["bad_request", "ok_with_errors"])
async def test_either_shape_of_the_refusal_asks_the_operator(shape: str) -> None:
    async with account_world() as world:
        world.account.switches.unknown_number_reply = shape  # type: ignore[assignment]
        with pytest.raises(NotFound, match="amo_number_unknown"):
            await world.write(stranger(world, UnknownNumberChoice.ASK))
        assert world.account.calls == []


async def test_a_skipped_call_is_done_and_says_so() -> None:
    async with account_world() as world:
        receipts = await world.write(stranger(world, UnknownNumberChoice.SKIP))
        assert dict(receipts[CALL].ids) == {"skipped": "number_unknown"}
        assert (world.account.calls, world.account.unsorted) == ([], [])


async def test_to_skip_or_to_put_into_unsorted_is_for_unknown_numbers_only() -> None:
    async with account_world() as world:
        for choice in (UnknownNumberChoice.SKIP, UnknownNumberChoice.UNSORTED, CREATE):
            await world.write(replace(world.card(choice=choice), card_key=choice.value))
        assert [note.entity_id for note in world.account.calls] == [MARIA_ID] * 3
        assert world.account.unsorted == []
        assert len(world.account.contacts) == 1


async def test_a_new_contact_gets_the_number_and_then_the_call() -> None:
    async with account_world() as world:
        receipts = await world.write(stranger(world, CREATE))
        made = next(contact for contact in world.account.contacts if contact.entity_id != MARIA_ID)
        assert (made.name, made.phone) == ("+7 999 111-22-33", f"+{STRANGER_NUMBER}")
        assert made.responsible_user_id == USER_ID
        assert receipts[CONTACT].ids["amo_contact_id"] == str(made.entity_id)
        assert receipts[CALL].ids["amo_entity_id"] == str(made.entity_id)


async def test_calls_of_one_stranger_sent_side_by_side_make_one_contact() -> None:
    """As after an outage: the missed call and the call back wait in the queue together."""
    async with account_world() as world:
        cards = [replace(stranger(world, CREATE), card_key=f"pult-host-{number}-1") for number in range(3)]
        await asyncio.gather(*(world.write(card) for card in cards))
        assert len(world.account.contacts) == 2
        assert len({note.entity_id for note in world.account.calls}) == 1
        assert len(world.account.calls) == 3


@pytest.mark.parametrize("spelling", ["8 (999) 111-22-33", "+7 999 111 22 33", "9991112233", "79991112233"])
async def test_a_number_in_any_spelling_is_not_made_twice(spelling: str) -> None:
    async with account_world() as world:
        world.account.add_contact("COMPANY", 5, "ООО «Ромашка»", spelling, USER_ID)
        receipts = await world.write(stranger(world, CREATE))
        assert receipts[CONTACT].ids["amo_entity_type"] == "company"
        assert "amo_contact_id" not in receipts[CONTACT].ids
        assert len(world.account.contacts) == 1


async def test_a_contact_whose_reply_was_lost_is_found_by_its_number() -> None:
    async with account_world() as world:
        card = stranger(world, CREATE)
        world.faults.add(LoseReply(), operation="POST contacts")
        with pytest.raises(OutcomeUnknown):
            await world.crm.perform(CONTACT, card, NO_PROGRESS)
        found = await world.crm.probe(CONTACT, card, NO_PROGRESS)
        assert found.verdict is ProbeVerdict.DONE
        assert len(world.account.contacts) == 2
        world.faults.add(DropBefore(), operation="POST contacts")
        other = replace(card, phone_number="79991112244")
        with pytest.raises(OutcomeUnknown):
            await world.crm.perform(CONTACT, other, NO_PROGRESS)
        assert (await world.crm.probe(CONTACT, other, NO_PROGRESS)).verdict is ProbeVerdict.NOT_DONE


async def test_a_contact_chosen_after_the_call_was_parked_is_made_with_the_call() -> None:
    """The chain has no step of its own for it then."""
    async with account_world() as world:
        asked = stranger(world, UnknownNumberChoice.ASK)
        with pytest.raises(NotFound):
            await world.crm.perform(CALL, asked, NO_PROGRESS)
        receipt = await world.crm.perform(CALL, replace(asked, unknown_number=CREATE), NO_PROGRESS)
        (note,) = world.account.calls
        assert receipt.ids["amo_note_id"] == str(note.note_id)
        assert len(world.account.contacts) == 2


async def test_a_crash_between_contact_and_call_makes_no_second_contact() -> None:
    async with account_world() as world:
        card = stranger(world, CREATE)
        # The first POST finds nobody, the one after the contact is lost before it has an effect.
        world.faults.add(DropBefore(), operation="POST calls", after=1)
        with pytest.raises(OutcomeUnknown):
            await world.crm.perform(CALL, card, NO_PROGRESS)
        assert (await world.crm.probe(CALL, card, NO_PROGRESS)).verdict is ProbeVerdict.NOT_DONE
        await world.crm.perform(CALL, card, NO_PROGRESS)
        assert len(world.account.contacts) == 2
        assert len(world.account.calls) == 1


async def test_a_call_goes_to_the_chosen_card_whoever_has_the_number() -> None:
    async with account_world() as world:
        world.account.add_linked("leads", 500, "Сделка", ("contacts", MARIA_ID))
        card = stranger(world, UnknownNumberChoice.ATTACH, second_kind=CustomerKind.LEAD, second_id=500)
        card = replace(card, direction=Direction.OUTBOUND)
        receipt = (await world.write(card))[CALL]
        (note,) = world.account.calls
        assert (note.kind, note.entity_id, note.note_type) == ("leads", 500, "call_out")
        assert note.params["uniq"] == CARD_KEY
        assert (note.params["call_status"], note.params["call_result"]) == (4, "Просила перезвонить")
        assert receipt.ids["amo_link"] == f"{world.url}/leads/detail/500"
        assert world.sent("POST calls") == 0


async def test_a_chosen_card_that_is_gone_or_missing_asks_again() -> None:
    async with account_world() as world:
        gone = stranger(world, UnknownNumberChoice.ATTACH, second_kind=CustomerKind.CONTACT, second_id=404)
        with pytest.raises(NotFound, match="amo_customer_not_found"):
            await world.write(gone)
        with pytest.raises(Refused, match="amo_customer_needed"):
            await world.write(stranger(world, UnknownNumberChoice.ATTACH))


@pytest.mark.parametrize("direction", [Direction.INBOUND, Direction.OUTBOUND])
async def test_an_unsorted_call_has_the_outside_number_as_its_caller(direction: Direction) -> None:
    async with account_world() as world:
        crm = world.with_habits(AmocrmHabits(pipeline_id=77))
        card = stranger(world, UnknownNumberChoice.UNSORTED, direction=direction)
        receipt = await crm.perform(CALL, card, NO_PROGRESS)
        (row,) = world.account.unsorted
        assert receipt.ids["amo_unsorted_uid"] == row.uid
        assert (row.metadata["from"], row.metadata["phone"]) == (STRANGER_NUMBER, "74951234567")
        assert row.metadata["is_call_event_needed"] is False
        assert (row.event_from, row.event_phone) == (None, None)
        assert (row.metadata["uniq"], row.metadata["duration"], row.pipeline_id) == (CARD_KEY, 95, 77)
        contact = world.account.accept_unsorted(row.uid)
        assert contact.phone == f"+{STRANGER_NUMBER}"


async def test_an_unsorted_call_whose_reply_was_lost_is_found_in_the_inbox() -> None:
    async with account_world() as world:
        card = stranger(world, UnknownNumberChoice.UNSORTED)
        for order in range(300):
            await world.crm.perform(CALL, replace(card, card_key=f"other-{order}"), NO_PROGRESS)
        world.faults.add(LoseReply(), operation="POST leads/unsorted/sip")
        with pytest.raises(OutcomeUnknown):
            await world.crm.perform(CALL, card, NO_PROGRESS)
        found = await world.crm.probe(CALL, card, NO_PROGRESS)
        assert found.verdict is ProbeVerdict.DONE
        assert found.receipt is not None
        assert found.receipt.ids["amo_unsorted_uid"] == world.account.unsorted[-1].uid
        # An old one stands on a later page.
        assert (
            await world.crm.probe(CALL, replace(card, card_key="other-0"), NO_PROGRESS)
        ).verdict is ProbeVerdict.DONE


async def test_an_unsorted_call_that_somebody_accepted_meanwhile_is_not_written_again() -> None:
    async with account_world() as world:
        card = stranger(world, UnknownNumberChoice.UNSORTED)
        world.faults.add(LoseReply(), operation="POST leads/unsorted/sip")
        with pytest.raises(OutcomeUnknown):
            await world.crm.perform(CALL, card, NO_PROGRESS)
        world.account.accept_unsorted(world.account.unsorted[0].uid)
        assert (await world.crm.probe(CALL, card, NO_PROGRESS)).verdict is ProbeVerdict.HALF_DONE
        # The operator looked and decides.
        attached = replace(
            card, unknown_number=UnknownNumberChoice.ATTACH, second_kind=CustomerKind.CONTACT, second_id=MARIA_ID
        )
        assert (await world.crm.probe(CALL, attached, NO_PROGRESS)).verdict is ProbeVerdict.NOT_DONE
        skipped = replace(card, unknown_number=UnknownNumberChoice.SKIP)
        assert (await world.crm.probe(CALL, skipped, NO_PROGRESS)).verdict is ProbeVerdict.DONE


async def test_an_unsorted_call_that_never_arrived_is_simply_sent_again() -> None:
    async with account_world() as world:
        card = stranger(world, UnknownNumberChoice.UNSORTED)
        world.faults.add(DropBefore(), operation="POST leads/unsorted/sip")
        with pytest.raises(OutcomeUnknown):
            await world.crm.perform(CALL, card, NO_PROGRESS)
        assert (await world.crm.probe(CALL, card, NO_PROGRESS)).verdict is ProbeVerdict.NOT_DONE
        await world.crm.perform(CALL, card, NO_PROGRESS)
        assert len(world.account.unsorted) == 1


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        (UnknownNumberChoice.ASK, "amo_number_hidden"),
        (UnknownNumberChoice.CREATE_CONTACT, "amo_number_hidden"),
        (UnknownNumberChoice.ATTACH, "amo_customer_needed"),
    ],
)
async def test_a_hidden_caller_waits_for_the_operator(choice: UnknownNumberChoice, code: str) -> None:
    async with account_world() as world:
        with pytest.raises(Refused, match=code):
            await world.write(replace(world.card(choice=choice), phone_number="anonymous"))
        assert world.journal.entries == []


async def test_a_hidden_caller_can_be_put_into_unsorted_or_to_a_customer() -> None:
    async with account_world() as world:
        hidden = replace(world.card(choice=UnknownNumberChoice.UNSORTED), phone_number="anonymous")
        await world.write(hidden)
        (row,) = world.account.unsorted
        assert row.metadata["from"] == "anonymous"
        chosen = replace(hidden, card_key="other", second_kind=CustomerKind.CONTACT, second_id=MARIA_ID)
        await world.write(chosen)
        assert world.account.calls[0].params["phone"] == "anonymous"


async def test_a_contact_the_account_does_not_find_by_its_number_gets_the_call_as_a_note() -> None:
    async with account_world() as world:
        card = stranger(world, CREATE)
        contact = await world.crm.perform(CONTACT, card, NO_PROGRESS)
        made = world.account.contacts[-1]
        made.phone = ""
        receipt = await world.crm.perform(CALL, card, CardProgress({CONTACT: contact}))
        (note,) = world.account.calls
        assert (note.kind, note.entity_id) == ("contacts", made.entity_id)
        assert receipt.ids["amo_note_id"] == str(note.note_id)
        # And is found there, although the number leads nowhere.
        found = await world.crm.probe(CALL, card, CardProgress({CONTACT: contact}))
        assert found.verdict is ProbeVerdict.DONE


async def test_the_step_for_a_contact_does_nothing_once_something_else_was_chosen() -> None:
    async with account_world() as world:
        receipt = await world.crm.perform(CONTACT, stranger(world, UnknownNumberChoice.UNSORTED), NO_PROGRESS)
        assert dict(receipt.ids) == {}
        assert world.journal.entries == []
