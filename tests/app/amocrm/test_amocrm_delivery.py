"""A call written once whatever dies in between: the outbox on a real file against the simulated account."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from app.amocrm import mapping, wire
from app.amocrm.adapter import CALL, CONTACT, CRM_NAME, AmocrmHabits, plan_steps
from app.crm.port import CardToWrite, CardWriter, ProbeVerdict, RecordingState
from app.database import Database
from app.domain.customer import CustomerKind
from app.domain.wrap_up import UnknownNumberChoice
from app.errors import NotYet
from app.outbox.entry import OutboxStep, StepState
from app.outbox.pace import Pace
from app.outbox.schema import MIGRATIONS
from app.outbox.store import OutboxStore
from app.outbox.worker import OutboxWorker
from app.services.delivery import Delivery
from app.simulator.faults import DropBefore, Fault, HalfReply, HttpError, LoseReply, ResetMidReply
from tests.app.amocrm.account_world import (
    CARD_KEY,
    MARIA_ID,
    MARIA_NUMBER,
    NO_PROGRESS,
    STRANGER_NUMBER,
    USER_ID,
    AccountWorld,
    account_world,
)
from tests.app.outbox.delivery_world import RepeatingWriter
from tests.helpers.clock import FakeClock
from tests.helpers.waiting import until

QUICK = Pace(base_s=0.01, cap_s=0.05, settle_s=0.0)
CALLS, CONTACTS, NOTES, UNSORTED = "POST calls", "POST contacts", "POST contacts/notes", "POST leads/unsorted/sip"
# Every request that may have had its effect although no good answer came.
AFTER_EFFECT: list[Fault] = [
    LoseReply(),
    ResetMidReply(),
    HalfReply(),
    *(HttpError(status, before_effect=False) for status in (500, 502, 504)),
]


@dataclass
class Outbox:
    """The account and an outbox that writes to it."""

    world: AccountWorld
    store: OutboxStore
    worker: OutboxWorker
    delivery: Delivery

    async def save(self, card: CardToWrite) -> None:
        await self.store.save(card, plan_steps(card), self.world.clock.now())
        self.worker.add(card.card_key)

    async def step(self, name: str = CALL) -> OutboxStep:
        entry = await self.store.card(CARD_KEY)
        found = entry.step(name, CRM_NAME) if entry else None
        assert found is not None
        return found

    async def until_state(self, step_state: StepState, name: str = CALL) -> OutboxStep:
        """By listening to the delivery, as the window does; the first look counts too."""
        moved = asyncio.Event()
        subscription = self.delivery.changed.subscribe(lambda _card_key: moved.set())
        try:
            async with asyncio.timeout(20):
                while True:
                    moved.clear()
                    step = await self.step(name)
                    if step.step_state is step_state:
                        return step
                    await moved.wait()
        except TimeoutError:
            raise AssertionError(f"still {await self.step(name)}") from None
        finally:
            subscription.cancel()


@asynccontextmanager
async def outbox(folder: Path, *, repeats: bool = False) -> AsyncIterator[Outbox]:
    async with account_world() as world:
        database = Database(folder / "pult.db", migrations=MIGRATIONS, clock=world.clock)
        await database.open()
        store = OutboxStore(database)
        writer: CardWriter = RepeatingWriter(world.crm) if repeats else world.crm
        worker = OutboxWorker(store, [writer], world.clock, pace=QUICK, dice=random.Random(7))
        try:
            await worker.start()
            yield Outbox(world, store, worker, Delivery(store, worker, world.clock, plan_steps))
        finally:
            await worker.aclose()
            await database.aclose()


def written(world: AccountWorld) -> int:
    """How many times the card stands in the account, wherever."""
    unsorted = [row for row in world.account.unsorted if row.metadata["uniq"] == CARD_KEY]
    return len(world.account.calls_of(CARD_KEY)) + len(unsorted)


@pytest.mark.parametrize("fault", AFTER_EFFECT, ids=lambda fault: f"{fault.name}-{getattr(fault, 'status', '')}")
async def test_a_call_without_an_answer_is_written_once(tmp_path: Path, fault: Fault) -> None:
    async with outbox(tmp_path) as box:
        box.world.faults.add(fault, operation=CALLS)
        await box.save(box.world.card())
        step = await box.until_state(StepState.DONE)
        assert written(box.world) == 1
        assert step.receipt is not None
        assert step.receipt.ids["amo_note_id"] == str(box.world.account.calls[0].note_id)
        assert box.world.sent(CALLS) == 1


async def test_without_the_probe_a_lost_reply_writes_twice(tmp_path: Path) -> None:
    """Negative control: the account does not know its own `uniq`."""
    async with outbox(tmp_path, repeats=True) as box:
        box.world.faults.add(LoseReply(), operation=CALLS)
        await box.save(box.world.card())
        await box.until_state(StepState.DONE)
        assert written(box.world) == 2
        assert box.world.account.duplicates() == [CARD_KEY]


@pytest.mark.parametrize("fault", [DropBefore(), HttpError(500), HttpError(504)], ids=lambda fault: fault.name)
async def test_a_call_that_never_arrived_is_sent_again(tmp_path: Path, fault: Fault) -> None:
    async with outbox(tmp_path) as box:
        box.world.faults.add(fault, operation=CALLS)
        await box.save(box.world.card())
        await box.until_state(StepState.DONE)
        assert (written(box.world), box.world.sent(CALLS)) == (1, 2)


@pytest.mark.parametrize(
    ("linked", "times"), [("leads", 1), ("customers", 1), ("leads", 3)], ids=["lead", "customer", "contact"]
)
async def test_the_probe_finds_the_call_wherever_the_account_put_it(tmp_path: Path, linked: str, times: int) -> None:
    async with outbox(tmp_path) as box:
        for order in range(times):
            box.world.account.add_linked(linked, 500 + order, "Сделка", ("contacts", MARIA_ID))
        box.world.faults.add(LoseReply(), operation=CALLS)
        await box.save(box.world.card())
        step = await box.until_state(StepState.DONE)
        assert written(box.world) == 1
        assert step.receipt is not None
        assert step.receipt.ids["amo_entity_id"] == str(500 if times == 1 else MARIA_ID)


async def test_a_call_among_hundreds_of_others_is_found(tmp_path: Path) -> None:
    async with account_world() as world:
        card = world.card()
        await world.write(card)
        for order in range(600):
            await world.client.add_call(_other_call(world, order))
        found = await world.crm.probe(CALL, card, NO_PROGRESS)
        assert found.verdict is ProbeVerdict.DONE
        assert (await world.crm.probe(CALL, replace(card, card_key="x"), NO_PROGRESS)).verdict is ProbeVerdict.NOT_DONE


@pytest.mark.parametrize("operation", [CONTACTS, CALLS])
@pytest.mark.parametrize(
    "fault", [LoseReply(), DropBefore(), HttpError(502, before_effect=False)], ids=lambda f: f.name
)
async def test_a_new_contact_and_its_call_are_written_once(tmp_path: Path, operation: str, fault: Fault) -> None:
    async with outbox(tmp_path) as box:
        box.world.faults.add(fault, operation=operation)
        await box.save(box.world.card(phone_number=STRANGER_NUMBER, choice=UnknownNumberChoice.CREATE_CONTACT))
        await box.until_state(StepState.DONE)
        assert (await box.step(CONTACT)).step_state is StepState.DONE
        assert written(box.world) == 1
        assert len(box.world.account.contacts) == 2


async def test_without_the_look_at_the_number_a_contact_would_be_made_twice(tmp_path: Path) -> None:
    """Negative control: contacts are not compared by the account."""
    async with account_world() as world:
        card = world.card(phone_number=STRANGER_NUMBER, choice=UnknownNumberChoice.CREATE_CONTACT)
        for _ in range(2):
            await world.client.add_contact(mapping.contact_of(card))
        assert len(world.account.contacts) == 3


@pytest.mark.parametrize("fault", AFTER_EFFECT, ids=lambda fault: f"{fault.name}-{getattr(fault, 'status', '')}")
async def test_a_note_for_a_chosen_customer_is_written_once(tmp_path: Path, fault: Fault) -> None:
    async with outbox(tmp_path) as box:
        box.world.faults.add(fault, operation=NOTES)
        card = box.world.card(phone_number=STRANGER_NUMBER, choice=UnknownNumberChoice.ATTACH)
        await box.save(replace(card, second_kind=CustomerKind.CONTACT, second_id=MARIA_ID))
        await box.until_state(StepState.DONE)
        assert (written(box.world), box.world.sent(NOTES)) == (1, 1)


@pytest.mark.parametrize("fault", AFTER_EFFECT, ids=lambda fault: f"{fault.name}-{getattr(fault, 'status', '')}")
async def test_an_unsorted_call_is_written_once(tmp_path: Path, fault: Fault) -> None:
    async with outbox(tmp_path) as box:
        box.world.faults.add(fault, operation=UNSORTED)
        await box.save(box.world.card(phone_number=STRANGER_NUMBER, choice=UnknownNumberChoice.UNSORTED))
        await box.until_state(StepState.DONE)
        assert (written(box.world), box.world.sent(UNSORTED)) == (1, 1)


@pytest.mark.parametrize(
    ("choice", "contacts", "calls", "unsorted"),
    [
        (UnknownNumberChoice.CREATE_CONTACT, 2, 1, 0),
        (UnknownNumberChoice.UNSORTED, 1, 0, 1),
        (UnknownNumberChoice.SKIP, 1, 0, 0),
    ],
)
async def test_what_the_operator_decides_about_a_parked_call_is_done(
    tmp_path: Path, choice: UnknownNumberChoice, contacts: int, calls: int, unsorted: int
) -> None:
    async with outbox(tmp_path) as box:
        await box.save(box.world.card(phone_number=STRANGER_NUMBER))
        parked = await box.until_state(StepState.PARKED)
        assert parked.reason == "amo_number_unknown"
        await box.delivery.decide_unknown_number(CARD_KEY, choice)
        await box.until_state(StepState.DONE)
        account = box.world.account
        assert (len(account.contacts), len(account.calls), len(account.unsorted)) == (contacts, calls, unsorted)


async def test_a_parked_call_is_written_once_its_number_is_known(tmp_path: Path) -> None:
    async with outbox(tmp_path) as box:
        await box.save(box.world.card(phone_number=STRANGER_NUMBER))
        await box.until_state(StepState.PARKED)
        box.world.account.add_contact("CONTACT", 9, "Новый", STRANGER_NUMBER, USER_ID)
        await box.delivery.retry(CARD_KEY)
        await box.until_state(StepState.DONE)
        assert box.world.account.calls[0].entity_id == 9


@pytest.mark.parametrize(
    ("switch", "code"),
    [("subscription_ended", "amo_subscription_ended"), ("is_forbidden", "amo_address_not_allowed")],
)
async def test_what_only_a_person_can_mend_pauses_the_queue_and_loses_nothing(
    tmp_path: Path, switch: str, code: str
) -> None:
    async with outbox(tmp_path) as box:
        setattr(box.world.account.switches, switch, True)
        await box.save(box.world.card())
        await until(lambda: box.worker.paused is not None, timeout=20.0)
        assert box.worker.paused is not None
        assert box.worker.paused.code == code
        sent = len(box.world.journal.entries)
        setattr(box.world.account.switches, switch, False)
        assert len(box.world.journal.entries) == sent, "a paused queue asks nothing"
        await box.delivery.retry(CARD_KEY)
        await box.until_state(StepState.DONE)
        assert written(box.world) == 1


async def test_a_bad_field_parks_the_card_with_its_path(tmp_path: Path) -> None:
    async with outbox(tmp_path) as box:
        body = (
            b'{"title":"Bad Request","status":400,"validation-errors":[{"request_id":"x","errors":'
            b'[{"code":"NotSupportedChoice","path":"responsible_user_id","detail":"no such user"}]}]}'
        )
        box.world.faults.add(HttpError(400, body, content_type="application/problem+json"), operation=CALLS)
        await box.save(box.world.card())
        parked = await box.until_state(StepState.PARKED)
        assert parked.reason == "amo_invalid_field"
        assert parked.reason_params["path"] == "responsible_user_id"
        assert parked.reason_params["vendor_message"] == "no such user"


LINK = "https://records.example.test/a/1.mp3"
LINKS = AmocrmHabits(recording_wait_s=900.0, sends_links=True)


async def test_a_call_waits_for_the_link_of_its_recording_and_then_carries_it() -> None:
    clock = FakeClock()
    async with account_world(clock=clock) as world:
        crm, card = world.with_habits(LINKS), world.card()
        with pytest.raises(NotYet, match="recording_not_ready") as caught:
            await crm.perform(CALL, card, NO_PROGRESS)
        assert 0 < caught.value.retry_in_s <= 30.0
        assert world.journal.entries == []
        world.shelf.recording_state, world.shelf.link = RecordingState.READY, LINK
        await crm.perform(CALL, card, NO_PROGRESS)
        assert world.account.calls[0].params["link"] == LINK


async def test_after_the_set_time_a_call_goes_without_its_recording() -> None:
    clock = FakeClock()
    async with account_world(clock=clock) as world:
        crm, card = world.with_habits(LINKS), world.card()
        waited_s = (clock.now() - card.started_at).total_seconds() - 100.0
        clock.advance(900.0 - waited_s - 1.0)
        with pytest.raises(NotYet) as caught:
            await crm.perform(CALL, card, NO_PROGRESS)
        assert caught.value.retry_in_s == 1.0
        clock.advance(1.0)
        await crm.perform(CALL, card, NO_PROGRESS)
        assert "link" not in world.account.calls[0].params


@pytest.mark.parametrize(
    "habits",
    [AmocrmHabits(recording_wait_s=0.0, sends_links=True), AmocrmHabits(recording_wait_s=900.0, sends_links=False)],
)
async def test_where_no_link_is_wanted_nothing_is_waited_for(habits: AmocrmHabits) -> None:
    async with account_world() as world:
        await world.with_habits(habits).perform(CALL, world.card(), NO_PROGRESS)
        assert "link" not in world.account.calls[0].params


async def test_a_link_behind_a_login_is_never_sent() -> None:
    async with account_world() as world:
        world.shelf.recording_state, world.shelf.link = RecordingState.READY, LINK
        await world.with_habits(AmocrmHabits(recording_wait_s=900.0)).perform(CALL, world.card(), NO_PROGRESS)
        assert world.shelf.asked == 0
        assert "link" not in world.account.calls[0].params


@pytest.mark.parametrize(
    ("recording_state", "link"),
    [
        (RecordingState.NONE, ""),
        (RecordingState.READY, ""),
        (RecordingState.READY, "http://records.example.test/1.mp3"),
    ],
)
async def test_a_recording_without_a_usable_link_holds_nothing_up(recording_state: RecordingState, link: str) -> None:
    async with account_world() as world:
        world.shelf.recording_state, world.shelf.link = recording_state, link
        await world.with_habits(LINKS).perform(CALL, world.card(), NO_PROGRESS)
        assert "link" not in world.account.calls[0].params


async def test_a_call_nobody_talked_in_has_no_recording_to_wait_for() -> None:
    async with account_world() as world:
        await world.with_habits(LINKS).perform(CALL, replace(world.card(), talk_s=0), NO_PROGRESS)
        assert world.shelf.asked == 0


def _other_call(world: AccountWorld, order: int) -> wire.Call:
    return mapping.call_of(world.card(card_key=f"other-{order}", phone_number=MARIA_NUMBER), "")


@pytest.mark.parametrize("operation", [NOTES, "GET contacts/notes"])
async def test_a_customer_the_integration_may_not_see_stops_one_call_and_not_the_account(
    tmp_path: Path, operation: str
) -> None:
    async with outbox(tmp_path) as sending:
        world = sending.world
        world.faults.add(HttpError(403, b'{"title":"Forbidden","status":403}'), operation=operation, times=None)
        if operation != NOTES:
            world.faults.add(LoseReply(), operation=NOTES)
        card = replace(world.card(), second_kind=CustomerKind.CONTACT, second_id=MARIA_ID)
        await sending.save(card)
        step = await sending.until_state(StepState.PARKED)
        assert step.reason == "amo_customer_access_denied"
        assert step.waits_for_second_customer
        assert sending.delivery.paused is None
        assert step.resume_as is (StepState.PENDING if operation == NOTES else StepState.UNKNOWN)


async def test_an_account_that_is_closed_as_a_whole_pauses_whatever_was_asked(tmp_path: Path) -> None:
    async with outbox(tmp_path) as sending:
        refused = HttpError(403, b'{"title":"Forbidden","status":403}')
        sending.world.faults.add(refused, times=None)
        card = replace(sending.world.card(), second_kind=CustomerKind.CONTACT, second_id=MARIA_ID)
        await sending.save(card)
        await until(lambda: sending.delivery.paused is not None)
        assert sending.delivery.paused is not None
        assert sending.delivery.paused.code == "amo_forbidden"
