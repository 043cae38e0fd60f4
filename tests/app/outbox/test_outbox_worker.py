"""Pauses, parking, waiting and starting again: what the outbox does when a person or time has to help."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.customer import Customer, CustomerChoice, CustomerDecision, CustomerKind
from app.errors import NotFound, Refused, RightsMissing, SignInRefused
from app.outbox.entry import StepState
from app.outbox.pace import Pace
from app.simulator.faults import BlackHole, HoldUntilReleased, HttpError, LoseReply
from tests.app.bitrix24.portal_world import CARD_KEY, MARIA_ID, STRANGER_NUMBER, portal_world
from tests.app.outbox.delivery_world import QUICK, RepeatingWriter, delivery_world, exactly_once, open_outbox
from tests.helpers.clock import FakeClock
from tests.helpers.waiting import until

REGISTER = "telephony.externalCall.register"
FINISH = "telephony.externalCall.finish"
COMMENT = "crm.timeline.comment.add"


def refusal(code: str, status: int, description: str = "no") -> HttpError:
    body = f'{{"error":"{code}","error_description":"{description}"}}'.encode()
    return HttpError(status, body, content_type="application/json")


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("WRONG_AUTH_TYPE", 403, RightsMissing),
        ("expired_token", 401, SignInRefused),
        ("NO_AUTH_FOUND", 401, SignInRefused),
        ("insufficient_scope", 403, RightsMissing),
        ("PAYMENT_REQUIRED", 402, RightsMissing),
        ("PORTAL_DELETED", 500, RightsMissing),
    ],
)
@pytest.mark.parametrize("operation", [REGISTER, FINISH, COMMENT])
async def test_trouble_with_sign_in_or_rights_pauses_the_whole_queue_with_one_reason(
    tmp_path: Path, code: str, status: int, kind: type[Refused], operation: str
) -> None:
    async with delivery_world(tmp_path) as outbox:
        rule = outbox.world.faults.add(refusal(code, status), operation=operation, times=None)
        cards = [outbox.world.card(card_key=f"pult-host-{order}-1", notes=f"Заметка {order}") for order in range(3)]
        told: list[object] = []
        outbox.delivery.paused_changed.subscribe(told.append)
        for card in cards:
            await outbox.save(card)
        await until(lambda: outbox.delivery.paused is not None)
        why = outbox.delivery.paused
        assert isinstance(why, kind)
        assert why.code == code.lower()
        assert outbox.delivery.unsent_count == 3
        assert not any(entry.is_parked for entry in await outbox.delivery.cards())
        rule.release()
        await outbox.delivery.retry(cards[0].card_key)
        await outbox.until_done(*(card.card_key for card in cards))
        assert outbox.delivery.paused is None
        assert told[-1] is None
        for card in cards:
            exactly_once(outbox.world, card)


async def test_a_refusal_from_before_the_cause_was_mended_does_not_pause_again(tmp_path: Path) -> None:
    async with delivery_world(tmp_path) as outbox:
        late = outbox.world.faults.add(HoldUntilReleased(), operation=REGISTER)
        outbox.world.portal.switches.app_only = True
        await outbox.save(outbox.world.card())
        await late.wait_held()
        outbox.world.portal.switches.app_only = False
        outbox.delivery.resume()
        late.release()
        await outbox.until_done(CARD_KEY)
        assert outbox.delivery.paused is None
        assert [entry.outcome for entry in outbox.world.journal.entries_of(REGISTER)] == ["error:WRONG_AUTH_TYPE", "ok"]


async def test_a_portal_that_wants_an_application_pauses_instead_of_trying_on(tmp_path: Path) -> None:
    async with delivery_world(tmp_path, app_only=True) as outbox:
        await outbox.save(outbox.world.card())
        await until(lambda: outbox.delivery.paused is not None)
        assert outbox.world.sent(REGISTER) == 1
        assert (await outbox.step(CARD_KEY, "register")).step_state is StepState.PENDING


async def test_a_moved_portal_is_named_without_the_secret_path(tmp_path: Path) -> None:
    async with delivery_world(tmp_path) as outbox:
        moved = HttpError(302, b"", headers=(("location", "https://new.bitrix24.ru/rest/7/verysecret/"),))
        outbox.world.faults.add(moved, operation=REGISTER, times=None)
        await outbox.save(outbox.world.card())
        await until(lambda: outbox.delivery.paused is not None)
        assert outbox.delivery.paused is not None
        assert (outbox.delivery.paused.code, dict(outbox.delivery.paused.params)) == (
            "portal_moved",
            {"host": "new.bitrix24.ru"},
        )
        assert outbox.delivery.unsent_count == 1


async def test_without_a_connection_cards_wait_and_go_once_it_is_there(tmp_path: Path) -> None:
    async with delivery_world(tmp_path, writers=[]) as outbox:
        card = outbox.world.card()
        await outbox.save(card)
        await until(lambda: outbox.delivery.paused is not None)
        assert outbox.delivery.paused is not None
        assert outbox.delivery.paused.code == "crm_not_connected"
        outbox.worker.use_writers([outbox.world.crm])
        await outbox.until_done(CARD_KEY)
        exactly_once(outbox.world, card)
        assert outbox.delivery.paused is None


@pytest.mark.parametrize(
    ("description", "reason"),
    [
        ("Unsupported phone number format", "unsupported_phone_number"),
        ("User is not found or is not active", "crm_user_not_found"),
        ("Something nobody has seen before", "error_core"),
    ],
)
async def test_a_refused_card_is_parked_with_the_reason_and_others_go_on(
    tmp_path: Path, description: str, reason: str
) -> None:
    async with delivery_world(tmp_path) as outbox:
        outbox.world.faults.add(refusal("ERROR_CORE", 400, description), operation=REGISTER)
        card = outbox.world.card()
        await outbox.save(card)
        await outbox.until_parked(CARD_KEY)
        step = await outbox.step(CARD_KEY, "register")
        assert step.reason == reason
        assert step.reason_params["vendor_message"] == description
        other = outbox.world.card(card_key="pult-host-2-1", notes="")
        await outbox.save(other)
        await outbox.until_done(other.card_key)
        await outbox.delivery.retry(CARD_KEY)
        await outbox.until_done(CARD_KEY)
        exactly_once(outbox.world, card)


async def test_a_hidden_number_without_a_placeholder_is_parked(tmp_path: Path) -> None:
    async with delivery_world(tmp_path) as outbox:
        await outbox.save(outbox.world.card(phone_number="anonymous"))
        await outbox.until_parked(CARD_KEY)
        assert (await outbox.step(CARD_KEY, "register")).reason == "number_hidden"


async def test_notes_for_nobody_park_until_a_customer_is_chosen(tmp_path: Path) -> None:
    async with delivery_world(tmp_path) as outbox:
        await outbox.save(outbox.world.card(phone_number=STRANGER_NUMBER))
        await outbox.until_parked(CARD_KEY)
        assert (await outbox.step(CARD_KEY, "note")).reason == "customer_needed"
        assert (await outbox.step(CARD_KEY, "finish")).step_state is StepState.DONE
        with pytest.raises(Refused, match="customer_needed"):
            await outbox.delivery.choose_customer(CARD_KEY, CustomerChoice(CustomerDecision.WITHOUT))
        maria = Customer(CustomerKind.CONTACT, MARIA_ID, "Мария")
        await outbox.delivery.choose_customer(CARD_KEY, CustomerChoice(CustomerDecision.PICKED, maria))
        await outbox.until_done(CARD_KEY)
        (comment,) = outbox.world.portal.comments_of(CARD_KEY)
        assert (comment.entity_type, comment.entity_id) == ("contact", MARIA_ID)
        assert comment.comment.splitlines()[0] == "Просила перезвонить"
        with pytest.raises(NotFound):
            await outbox.delivery.choose_customer(CARD_KEY, CustomerChoice(CustomerDecision.PICKED, maria))


async def test_a_note_for_a_deleted_customer_can_be_given_to_another(tmp_path: Path) -> None:
    async with delivery_world(tmp_path) as outbox:
        outbox.world.faults.add(refusal("OWNER_NOT_FOUND", 400, "Owner was not found."), operation=COMMENT)
        await outbox.save(outbox.world.card())
        await outbox.until_parked(CARD_KEY)
        assert (await outbox.step(CARD_KEY, "note")).reason == "customer_not_found"
        maria = Customer(CustomerKind.CONTACT, MARIA_ID, "Мария")
        await outbox.delivery.choose_customer(CARD_KEY, CustomerChoice(CustomerDecision.PICKED, maria))
        await outbox.until_done(CARD_KEY)


@pytest.mark.parametrize(
    ("code", "text", "reason"),
    [
        ("OWNER_NOT_FOUND", "Owner was not found.", "customer_not_found"),
        ("ACCESS_DENIED", "Access denied.", "customer_access_denied"),
    ],
)
async def test_every_refusal_about_the_customer_is_mended_by_another_one(
    tmp_path: Path, code: str, text: str, reason: str
) -> None:
    async with delivery_world(tmp_path) as outbox:
        outbox.world.faults.add(refusal(code, 400, text), operation=COMMENT)
        await outbox.save(outbox.world.card())
        await outbox.until_parked(CARD_KEY)
        step = await outbox.step(CARD_KEY, "note")
        assert (step.reason, step.waits_for_customer) == (reason, True)
        maria = Customer(CustomerKind.CONTACT, MARIA_ID, "Мария")
        await outbox.delivery.choose_customer(CARD_KEY, CustomerChoice(CustomerDecision.PICKED, maria))
        await outbox.until_done(CARD_KEY)


async def test_a_customer_nobody_may_see_any_more_stops_one_card_and_not_the_queue(tmp_path: Path) -> None:
    """The reply to its note was lost, and then the rights to the customer: whether the note is there cannot be told."""
    async with delivery_world(tmp_path) as outbox:
        outbox.world.faults.add(LoseReply(), operation=COMMENT)
        denied = outbox.world.faults.add(
            refusal("ACCESS_DENIED", 403, "Access denied."), operation="crm.timeline.comment.list", times=None
        )
        card = outbox.world.card()
        await outbox.save(card)
        await outbox.until_parked(CARD_KEY)
        step = await outbox.step(CARD_KEY, "note")
        assert (step.reason, step.resume_as) == ("customer_access_denied", StepState.UNKNOWN)
        assert outbox.delivery.paused is None
        other = outbox.world.card(card_key="pult-host-2-1")
        await outbox.save(other)
        await outbox.until_done(other.card_key)
        denied.release()
        await outbox.delivery.retry(CARD_KEY)
        await outbox.until_done(CARD_KEY)
        exactly_once(outbox.world, card)


async def test_a_card_parked_by_the_operator_stays_until_retried(tmp_path: Path) -> None:
    async with delivery_world(tmp_path) as outbox:
        rule = outbox.world.faults.add(HoldUntilReleased(), operation=REGISTER)
        card = outbox.world.card()
        await outbox.save(card)
        await rule.wait_held()
        parking = outbox.delivery.park(CARD_KEY)
        rule.release()
        await parking
        assert (await outbox.step(CARD_KEY, "register")).step_state is StepState.DONE
        assert (await outbox.step(CARD_KEY, "finish")).reason == "parked_by_operator"
        assert outbox.world.sent(FINISH) == 0
        await outbox.delivery.retry(CARD_KEY)
        await outbox.until_done(CARD_KEY)
        exactly_once(outbox.world, card)


async def test_a_portal_that_is_down_and_back_gets_everything_in_order(tmp_path: Path) -> None:
    async with delivery_world(tmp_path) as outbox:
        outbox.world.server.set_down(down=True)
        cards = [outbox.world.card(card_key=f"pult-host-{order}-1", notes=f"Заметка {order}") for order in range(6)]
        for card in cards:
            await outbox.save(card)
        await outbox.until_step(cards[0].card_key, "register", StepState.PENDING)
        await until(lambda: outbox.world.sent(REGISTER) == 0 and outbox.delivery.unsent_count == 6)
        assert outbox.delivery.paused is None
        outbox.world.server.set_down(down=False)
        await outbox.until_done(*(card.card_key for card in cards))
        for card in cards:
            exactly_once(outbox.world, card)


async def test_waiting_grows_and_says_when_the_next_try_is(tmp_path: Path) -> None:
    clock = FakeClock()
    async with delivery_world(tmp_path, clock=clock, pace=Pace()) as outbox:
        outbox.world.server.set_down(down=True)
        await outbox.save(outbox.world.card())
        waits: list[float] = []
        for attempt in range(1, 7):
            await until(lambda: clock.sleepers > 0)
            step = await outbox.step(CARD_KEY, "register")
            while step.attempts < attempt or step.next_try_at is None:
                step = await outbox.step(CARD_KEY, "register")
            assert step.reason == "connect"
            waits.append((step.next_try_at - clock.now()).total_seconds())
            while (await outbox.step(CARD_KEY, "register")).attempts == attempt:
                await clock.pass_time(1.0)
        assert all(1.0 <= wait_s <= 300.0 for wait_s in waits)
        assert max(waits) > 6.0


async def test_a_request_that_may_still_run_is_not_repeated_before_it_can_have_ended(tmp_path: Path) -> None:
    """The answer is late, not lost: "not there yet" must not be taken for "not done"."""
    clock = FakeClock()
    async with delivery_world(tmp_path, clock=clock, pace=Pace(settle_s=65.0), write_deadline_s=0.2) as outbox:
        slow = outbox.world.faults.add(HoldUntilReleased(before_effect=True), operation=FINISH)
        card = outbox.world.card()
        await outbox.save(card)
        await outbox.until_step(CARD_KEY, "finish", StepState.UNKNOWN)
        probes = outbox.world.journal.entries_of("telephony.externalCall.attachRecord")
        while not probes:
            await clock.pass_time(1.0)
            probes = outbox.world.journal.entries_of("telephony.externalCall.attachRecord")
        assert probes[0].outcome == "error:ERROR_CORE"
        slow.release()
        await outbox.world.journal.wait_for(lambda entry: entry.operation == FINISH)
        while not (await outbox.entry(CARD_KEY)).is_done:
            await clock.pass_time(5.0)
        assert outbox.world.sent(FINISH) == 1
        exactly_once(outbox.world, card)


async def test_a_late_finish_is_doubled_without_the_waiting(tmp_path: Path) -> None:
    """Negative control of the waiting: believed at once, the probe's "not there" makes a second comment."""
    async with delivery_world(tmp_path, pace=QUICK, write_deadline_s=0.2) as outbox:
        slow = outbox.world.faults.add(HoldUntilReleased(before_effect=True), operation=COMMENT)
        card = outbox.world.card()
        await outbox.save(card)
        await outbox.until_done(CARD_KEY)
        slow.release()
        await until(lambda: outbox.world.sent(COMMENT) == 2)
        with pytest.raises(AssertionError):
            exactly_once(outbox.world, card)


@pytest.mark.parametrize("operation", [REGISTER, FINISH, COMMENT])
@pytest.mark.parametrize("before_effect", [True, False])
async def test_a_stop_in_the_middle_of_a_request_is_resolved_at_the_next_start(
    tmp_path: Path, operation: str, before_effect: bool
) -> None:
    async with portal_world() as world:
        card = world.card()
        async with open_outbox(tmp_path, world, [world.crm]) as outbox:
            rule = world.faults.add(HoldUntilReleased(before_effect=before_effect), operation=operation)
            await outbox.save(card)
            await rule.wait_held()
        rule.release()
        await world.journal.wait_for(lambda entry: entry.operation == operation)
        async with open_outbox(tmp_path, world, [world.crm]) as outbox:
            await outbox.until_done(CARD_KEY)
            exactly_once(world, card)


async def test_a_stop_in_the_middle_doubles_the_comment_without_probes(tmp_path: Path) -> None:
    """Negative control of the test above."""
    async with portal_world() as world:
        card = world.card()
        writer = RepeatingWriter(world.crm)
        async with open_outbox(tmp_path, world, [writer]) as outbox:
            rule = world.faults.add(HoldUntilReleased(), operation=COMMENT)
            await outbox.save(card)
            await rule.wait_held()
        rule.release()
        async with open_outbox(tmp_path, world, [writer]) as outbox:
            await outbox.until_done(CARD_KEY)
            assert len(world.portal.comments_of(CARD_KEY)) == 2


async def test_a_link_that_fails_during_the_probe_leaves_the_step_unknown(tmp_path: Path) -> None:
    async with delivery_world(tmp_path) as outbox:
        outbox.world.faults.add(LoseReply(), operation=FINISH)
        hole = outbox.world.faults.add(BlackHole(), operation="telephony.externalCall.attachRecord")
        card = outbox.world.card()
        await outbox.save(card)
        await hole.wait_held()
        outbox.world.server.set_down(down=True)
        await outbox.until_step(CARD_KEY, "finish", StepState.UNKNOWN)
        hole.release()
        outbox.world.server.set_down(down=False)
        await outbox.until_done(CARD_KEY)
        exactly_once(outbox.world, card)
        assert outbox.world.sent(FINISH) == 1
