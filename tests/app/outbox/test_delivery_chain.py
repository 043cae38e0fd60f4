"""A saved card through its whole chain against the real simulator: the good way, and every fault at every step."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.bitrix24.wire import CommentFields
from app.domain.calls import Direction
from app.outbox.entry import StepState
from app.simulator.faults import (
    BlackHole,
    DropBefore,
    Fault,
    HalfReply,
    HtmlPage,
    HttpError,
    LoseReply,
    RefuseConnection,
    ResetMidReply,
    Status200Error,
)
from tests.app.bitrix24.portal_world import CARD_KEY, MARIA_ID, STRANGER_NUMBER
from tests.app.outbox.delivery_world import delivery_world, exactly_once
from tests.helpers.waiting import until

STEPS = {
    "register": "telephony.externalCall.register",
    "finish": "telephony.externalCall.finish",
    "note": "crm.timeline.comment.add",
}
QUERY_LIMIT = b'{"error":"QUERY_LIMIT_EXCEEDED","error_description":"Too many requests"}'
OPERATION_LIMIT = (
    b'{"error":"OPERATION_TIME_LIMIT","error_description":"Method is blocked due to operation time limit.",'
    b'"time":{"operating_reset_at":1}}'
)
OVERLOAD = b'{"error":"INTERNAL_SERVER_ERROR","error_description":"Internal server error"}'
FAULTS: dict[str, Fault] = {
    "reply lost": LoseReply(),
    "closed before": DropBefore(),
    "connection refused": RefuseConnection(),
    "reset in the reply": ResetMidReply(),
    "half a reply": HalfReply(),
    "500 before": HttpError(500),
    "500 after": HttpError(500, before_effect=False),
    "504 after": HttpError(504, b"<html>Gateway Time-out</html>", before_effect=False, content_type="text/html"),
    "502 page": HtmlPage(502),
    "429": HttpError(429, OPERATION_LIMIT, content_type="application/json"),
    "429 bare": HttpError(429, b"", headers=(("retry-after", "1"),)),
    "503 rate": HttpError(503, QUERY_LIMIT, content_type="application/json"),
    "200 with an error": Status200Error(),
    "500 with a code": HttpError(500, OVERLOAD, content_type="application/json", before_effect=False),
    "page instead of an answer": HttpError(200, b"<html>hello</html>", before_effect=False),
    "never an answer": BlackHole(before_effect=True),
    "done, never an answer": BlackHole(),
}


async def test_a_card_is_registered_finished_and_noted_and_has_a_receipt(tmp_path: Path) -> None:
    async with delivery_world(tmp_path) as outbox:
        card = outbox.world.card()
        await outbox.save(card)
        assert outbox.delivery.unsent_count == 1
        await outbox.until_done(CARD_KEY)
        exactly_once(outbox.world, card)
        receipt = await outbox.delivery.receipt_of(CARD_KEY)
        assert receipt is not None
        assert receipt.is_done
        assert receipt.activity_id == str(outbox.world.portal.activities[0].activity_id)
        assert receipt.comment_id == str(outbox.world.portal.comments[0].comment_id)
        assert receipt.link == f"http://127.0.0.1:{outbox.world.server.port}/crm/contact/details/{MARIA_ID}/"
        await until(lambda: outbox.delivery.unsent_count == 0)
        assert outbox.delivery.paused is None


async def test_a_card_without_notes_has_two_steps(tmp_path: Path) -> None:
    async with delivery_world(tmp_path) as outbox:
        card = outbox.world.card(notes="  ")
        await outbox.save(card)
        await outbox.until_done(CARD_KEY)
        assert [step.name for step in (await outbox.entry(CARD_KEY)).steps] == ["register", "finish"]
        assert outbox.world.portal.comments == []


async def test_what_bitrix24_is_told_is_explicit(tmp_path: Path) -> None:
    async with delivery_world(tmp_path) as outbox:
        await outbox.save(outbox.world.card(direction=Direction.OUTBOUND))
        await outbox.until_done(CARD_KEY)
        registered = outbox.world.journal.entries_of(STEPS["register"])[0].params
        assert {name: registered[name] for name in ("TYPE", "SHOW", "CRM_CREATE", "ADD_TO_CHAT")} == {
            "TYPE": 1,
            "SHOW": 0,
            "CRM_CREATE": 0,
            "ADD_TO_CHAT": 0,
        }
        assert registered["EXTERNAL_CALL_ID"] == CARD_KEY
        written_at = str(registered["CALL_START_DATE"])
        assert written_at.endswith("+00:00")
        assert "." not in written_at
        finished = outbox.world.journal.entries_of(STEPS["finish"])[0].params
        assert (finished["DURATION"], finished["STATUS_CODE"], finished["USER_ID"]) == (95, "200", 7)
        assert not {"COST", "COST_CURRENCY", "VOTE", "FAILED_REASON", "RECORD_URL"} & set(finished)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_at_a_step_writes_the_card_exactly_once(tmp_path: Path, step: str, fault: str) -> None:
    async with delivery_world(tmp_path, write_deadline_s=0.3) as outbox:
        operation = None if fault == "connection refused" else STEPS[step]
        outbox.world.faults.add(FAULTS[fault], face="bitrix24", operation=operation)
        card = outbox.world.card()
        await outbox.save(card)
        await outbox.until_done(CARD_KEY, timeout=15.0)
        exactly_once(outbox.world, card)
        assert len({row.call_id for row in outbox.world.portal.statistics}) == 1


@pytest.mark.parametrize("step", ["finish", "note"])
async def test_without_probes_a_lost_reply_makes_a_duplicate_or_a_loss(tmp_path: Path, step: str) -> None:
    """Negative control: the same fault with the probes switched off must break the promise."""
    async with delivery_world(tmp_path, repeats_everything=True) as outbox:
        if step == "finish":
            # Only a finish that died before it removed the open call can be repeated at all.
            outbox.world.portal.finish_dies_after = "statistics"
            outbox.world.portal.finish_dies_times = 1
        else:
            outbox.world.faults.add(LoseReply(), operation=STEPS[step])
        card = outbox.world.card()
        await outbox.save(card)
        await outbox.until_done(CARD_KEY)
        with pytest.raises(AssertionError):
            exactly_once(outbox.world, card)


async def test_a_register_whose_reply_was_lost_gets_the_same_call_again(tmp_path: Path) -> None:
    async with delivery_world(tmp_path) as outbox:
        outbox.world.faults.add(LoseReply(), operation=STEPS["register"])
        await outbox.save(outbox.world.card())
        await outbox.until_done(CARD_KEY)
        effects = [entry.effects[0] for entry in outbox.world.journal.entries_of(STEPS["register"])]
        assert effects[0].startswith("register CALL_ID=")
        assert effects[1] == effects[0].replace("register", "register-again")


async def test_an_old_call_registered_twice_makes_one_customer_only(tmp_path: Path) -> None:
    async with delivery_world(tmp_path) as outbox:
        outbox.world.faults.add(LoseReply(), operation=STEPS["register"])
        card = outbox.world.card(phone_number=STRANGER_NUMBER, age=timedelta(hours=2), crm_create=True)
        await outbox.save(card)
        await outbox.until_done(CARD_KEY)
        assert len(outbox.world.portal.leads) == 1
        exactly_once(outbox.world, card)
        assert [entry.params["CRM_CREATE"] for entry in outbox.world.journal.entries_of(STEPS["register"])] == [1, 0]
        assert outbox.world.portal.comments[0].entity_type == "lead"


async def test_a_finish_that_died_before_the_statistics_is_parked_and_never_repeated(tmp_path: Path) -> None:
    async with delivery_world(tmp_path) as outbox:
        outbox.world.portal.finish_dies_after = "activity"
        await outbox.save(outbox.world.card())
        await outbox.until_parked(CARD_KEY)
        assert (await outbox.step(CARD_KEY, "finish")).reason == "finish_half_done"
        outbox.world.portal.finish_dies_after = None
        assert await outbox.delivery.retry_all() == 0
        assert (await outbox.step(CARD_KEY, "finish")).reason == "finish_half_done"
        assert outbox.world.sent(STEPS["finish"]) == 1


async def test_a_person_who_has_looked_lets_a_half_done_card_go_on_without_a_second_activity(tmp_path: Path) -> None:
    async with delivery_world(tmp_path) as outbox:
        outbox.world.portal.finish_dies_after = "activity"
        await outbox.save(outbox.world.card())
        await outbox.until_parked(CARD_KEY)
        outbox.world.portal.finish_dies_after = None
        await outbox.delivery.retry(CARD_KEY)
        await outbox.until_done(CARD_KEY)
        (activity,) = outbox.world.portal.activities
        assert len(outbox.world.portal.comments_of(CARD_KEY)) == 1
        assert outbox.world.sent(STEPS["finish"]) == 1
        receipt = await outbox.delivery.receipt_of(CARD_KEY)
        assert receipt is not None
        assert receipt.activity_id == str(activity.activity_id)


async def test_a_half_that_a_person_removed_over_there_is_written_anew(tmp_path: Path) -> None:
    async with delivery_world(tmp_path) as outbox:
        outbox.world.portal.finish_dies_after = "activity"
        card = outbox.world.card()
        await outbox.save(card)
        await outbox.until_parked(CARD_KEY)
        outbox.world.portal.finish_dies_after = None
        outbox.world.portal.crm.activities.clear()
        await outbox.delivery.retry(CARD_KEY)
        await outbox.until_done(CARD_KEY)
        exactly_once(outbox.world, card)


@pytest.mark.parametrize("dies_with", ["http_500", "database_error"])
async def test_a_finish_that_died_after_the_statistics_is_found_done(tmp_path: Path, dies_with: str) -> None:
    async with delivery_world(tmp_path) as outbox:
        outbox.world.portal.finish_dies_after = "statistics"
        outbox.world.portal.finish_dies_with = "http_500" if dies_with == "http_500" else "database_error"
        card = outbox.world.card()
        await outbox.save(card)
        await outbox.until_done(CARD_KEY)
        exactly_once(outbox.world, card)
        receipt = await outbox.delivery.receipt_of(CARD_KEY)
        assert receipt is not None
        assert receipt.activity_id == str(outbox.world.portal.activities[0].activity_id)


async def test_a_retried_finish_that_is_not_found_but_in_the_statistics_is_done(tmp_path: Path) -> None:
    """The probe answered "nothing" (as a portal that lags may), the finish itself then says not found."""
    async with delivery_world(tmp_path) as outbox:
        outbox.world.faults.add(LoseReply(), operation=STEPS["finish"])
        nothing = b'{"error":"ERROR_CORE","error_description":"Call is not found in the statistic table. Wait."}'
        outbox.world.faults.add(
            HttpError(400, nothing, content_type="application/json"), operation="telephony.externalCall.attachRecord"
        )
        outbox.world.faults.add(Status200Error(b'{"result":[],"total":0}'), operation="crm.activity.list")
        card = outbox.world.card()
        await outbox.save(card)
        await outbox.until_done(CARD_KEY)
        assert outbox.world.sent(STEPS["finish"]) == 2
        exactly_once(outbox.world, card)


async def test_a_probe_that_fails_is_tried_again_and_nothing_is_sent_meanwhile(tmp_path: Path) -> None:
    async with delivery_world(tmp_path) as outbox:
        outbox.world.faults.add(LoseReply(), operation=STEPS["finish"])
        outbox.world.faults.add(HttpError(500), operation="telephony.externalCall.attachRecord", times=3)
        card = outbox.world.card()
        await outbox.save(card)
        await outbox.until_done(CARD_KEY)
        exactly_once(outbox.world, card)
        assert outbox.world.sent(STEPS["finish"]) == 1
        assert outbox.world.sent("telephony.externalCall.attachRecord") == 4


async def test_the_comment_is_looked_for_on_all_pages_since_the_call(tmp_path: Path) -> None:
    async with delivery_world(tmp_path) as outbox:
        rule = outbox.world.faults.add(LoseReply(), operation=STEPS["note"])
        card = outbox.world.card()
        await outbox.save(card)
        # While the outcome is unknown, colleagues write 120 comments of their own.
        await outbox.world.journal.wait_for(lambda entry: entry.operation == STEPS["note"])
        assert rule.is_spent
        mine = outbox.world.portal.comments[0]
        for _ in range(120):
            await outbox.world.client.add_comment(CommentFields(MARIA_ID, "contact", "Звонила ещё раз"))
        await outbox.until_done(CARD_KEY)
        assert outbox.world.portal.comments_of(CARD_KEY) == [mine]


async def test_warnings_inside_a_success_are_kept_and_not_retried(tmp_path: Path) -> None:
    async with delivery_world(tmp_path) as outbox:
        outbox.world.portal.switches.lead_creation_error = "Lead creation is disabled for local users"
        card = outbox.world.card(phone_number=STRANGER_NUMBER, crm_create=True, notes="")
        await outbox.save(card)
        await outbox.until_done(CARD_KEY)
        receipt = await outbox.delivery.receipt_of(CARD_KEY)
        assert receipt is not None
        assert receipt.warnings == ("Lead creation is disabled for local users",)
        assert outbox.world.sent(STEPS["register"]) == 1


async def test_many_cards_go_side_by_side_and_each_in_order(tmp_path: Path) -> None:
    async with delivery_world(tmp_path) as outbox:
        cards = [outbox.world.card(card_key=f"pult-host-{order}-1", notes=f"Заметка {order}") for order in range(12)]
        for card in cards:
            await outbox.save(card)
        await outbox.until_done(*(card.card_key for card in cards))
        for card in cards:
            exactly_once(outbox.world, card)
        await until(lambda: outbox.delivery.unsent_count == 0)
        assert all(step.step_state is StepState.DONE for card in await outbox.delivery.cards() for step in card.steps)
