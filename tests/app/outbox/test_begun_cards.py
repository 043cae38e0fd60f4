"""Cards that are registered at the first ring: saved, abandoned, or left behind by a run that died."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.bitrix24.adapter import plan_steps
from app.domain.calls import CallSessionId, Direction, EmployeeId, LegId
from app.domain.wrap_up import CallFacts, CardDraft
from app.errors import LinkDown, Refused
from app.outbox.drafts import Draft, DraftState, DraftStore
from app.outbox.entry import CardPhase, PlannedStep, StepState
from tests.app.outbox.lane_world import NOW, LaneCrm, LaneWorld, lane_card, lane_steps, lane_world
from tests.helpers.guards import ExpectedLog
from tests.helpers.waiting import until

KEY = lane_card(1).card_key
REGISTER = lane_steps()[:1]
HIDE = (PlannedStep("lanes", "hide", lane="hide", requires="register"),)


async def keep_draft(outbox: LaneWorld, draft_state: DraftState = DraftState.OPEN) -> None:
    facts = CallFacts(
        card_key=KEY,
        call_session_id=CallSessionId(1),
        leg_id=LegId(1),
        employee_id=EmployeeId(1),
        direction=Direction.INBOUND,
        phone_number="79990000001",
        line_number="74950000000",
        started_at=NOW,
    )
    await DraftStore(outbox.database).keep([Draft(CardDraft(facts), draft_state=draft_state)], NOW)


async def begin(outbox: LaneWorld) -> None:
    await keep_draft(outbox)
    assert await outbox.store.begin(lane_card(1), REGISTER, NOW)
    outbox.worker.add(KEY, is_saved=False)


async def test_a_begun_card_is_registered_once_and_is_not_unsent(tmp_path: Path) -> None:
    crm = LaneCrm()
    async with lane_world(tmp_path, crm) as outbox:
        await begin(outbox)
        assert outbox.worker.unsent_count == 0
        assert not await outbox.store.begin(lane_card(1), REGISTER, NOW)
        await outbox.until_step(KEY, "register", StepState.DONE)
        assert outbox.worker.unsent_count == 0
        assert (await outbox.entry(KEY)).phase is CardPhase.BEGUN
        assert await outbox.delivery.cards() == ()


@pytest.mark.parametrize("register_is_slow", [False, True])
async def test_a_begun_card_that_is_saved_gets_its_content_and_what_it_lacks(
    tmp_path: Path, register_is_slow: bool
) -> None:
    crm = LaneCrm()
    if register_is_slow:
        crm.held["register"] = asyncio.Event()
    async with lane_world(tmp_path, crm) as outbox:
        await begin(outbox)
        if register_is_slow:
            await crm.begun.wait()
        else:
            await outbox.until_step(KEY, "register", StepState.DONE)
            await outbox.until_idle()
        written = lane_card(1, notes="typed later")
        await outbox.save(written)
        assert outbox.worker.unsent_count == 1
        if register_is_slow:
            crm.held["register"].set()
        await until(lambda: outbox.worker.unsent_count == 0, what="delivery")
        assert sorted(crm.steps_sent(KEY)) == ["finish", "note", "record", "register"]
        entry = await outbox.entry(KEY)
        assert (entry.phase, entry.card, entry.is_done) == (CardPhase.SAVED, written, True)
        assert {card.notes for card in crm.contents[1:]} == {"typed later"}
        # Saved is saved: a second save changes nothing.
        assert await outbox.store.save(lane_card(1, notes="other"), lane_steps(), NOW) == entry.saved_at
        assert (await outbox.entry(KEY)).card == written


async def test_a_card_saved_while_its_registration_fails_is_delivered_when_the_link_is_back(tmp_path: Path) -> None:
    crm = LaneCrm()
    crm.answers["register"] = [LinkDown("connect") for _ in range(5)]
    async with lane_world(tmp_path, crm) as outbox:
        await begin(outbox)
        await until(lambda: len(crm.answers["register"]) < 5, what="the first try")
        await outbox.save(lane_card(1))
        await until(lambda: outbox.worker.unsent_count == 0, what="delivery")
        assert crm.steps_sent(KEY)[:2] == ["register", "finish"]


async def test_a_registration_the_crm_refused_stays_parked_with_its_reason_when_the_card_is_saved(
    tmp_path: Path,
) -> None:
    crm = LaneCrm()
    crm.answers["register"] = [Refused("crm_user_not_found")]
    async with lane_world(tmp_path, crm) as outbox:
        await begin(outbox)
        await outbox.until_step(KEY, "register", StepState.PARKED)
        await outbox.save(lane_card(1))
        await outbox.until_idle()
        step = await outbox.step(KEY, "register")
        assert (step.step_state, step.reason) == (StepState.PARKED, "crm_user_not_found")
        assert outbox.worker.unsent_count == 1


async def test_an_abandoned_card_only_hides_what_was_registered(tmp_path: Path) -> None:
    crm = LaneCrm()
    async with lane_world(tmp_path, crm) as outbox:
        await begin(outbox)
        await outbox.until_step(KEY, "register", StepState.DONE)
        assert await outbox.store.abandon(KEY, HIDE, NOW)
        outbox.worker.add(KEY, is_saved=False)
        await outbox.until_step(KEY, "hide", StepState.DONE)
        assert crm.steps_sent(KEY) == ["register", "hide"]
        assert outbox.worker.unsent_count == 0
        assert [row.deed for row in await outbox.store.audit_of(KEY)] == ["abandoned"]
        assert not await outbox.store.abandon(KEY, HIDE, NOW)


async def test_a_card_abandoned_while_it_is_being_registered_hides_it_afterwards(tmp_path: Path) -> None:
    crm = LaneCrm()
    crm.held["register"] = asyncio.Event()
    async with lane_world(tmp_path, crm) as outbox:
        await begin(outbox)
        await crm.begun.wait()
        await outbox.store.abandon(KEY, HIDE, NOW)
        outbox.worker.add(KEY, is_saved=False)
        crm.held["register"].set()
        await outbox.until_step(KEY, "hide", StepState.DONE)
        assert crm.steps_sent(KEY) == ["register", "hide"]


async def test_what_an_abandoned_card_never_registered_is_not_registered_any_more(tmp_path: Path) -> None:
    crm = LaneCrm()
    async with lane_world(tmp_path) as outbox:
        await begin(outbox)
        await outbox.store.abandon(KEY, HIDE, NOW)
    async with lane_world(tmp_path, crm) as outbox:
        outbox.worker.add(KEY, is_saved=False)
        await outbox.until_idle()
        assert crm.sent == []
        assert (await outbox.step(KEY, "register")).step_state is StepState.PENDING
        # The card may be due after all: the report of calls knows better.
        await outbox.save(lane_card(1))
        await until(lambda: outbox.worker.unsent_count == 0, what="delivery")
        assert crm.steps_sent(KEY)[:2] == ["register", "finish"]


async def test_the_draft_of_a_begun_card_is_restored_until_the_card_is_saved(tmp_path: Path) -> None:
    async with lane_world(tmp_path) as outbox:
        drafts = DraftStore(outbox.database)
        await begin(outbox)
        assert [kept.draft.card_key for kept in await drafts.open_drafts()] == [KEY]
        assert await drafts.closed_keys(NOW, timedelta(days=2)) == frozenset()
        await outbox.save(lane_card(1))
        assert await drafts.open_drafts() == ()
        assert await drafts.closed_keys(NOW, timedelta(days=2)) == {KEY}


@pytest.mark.parametrize("draft_state", [DraftState.OPEN, DraftState.KEPT])
async def test_a_begun_card_goes_on_after_a_crash_only_while_its_draft_is_there(
    tmp_path: Path, draft_state: DraftState, expected_log: ExpectedLog
) -> None:
    if draft_state is not DraftState.OPEN:
        expected_log("cards begun by an earlier run were never saved")
    crm = LaneCrm()
    async with lane_world(tmp_path) as outbox:
        await begin(outbox)
        await keep_draft(outbox, draft_state)
    async with lane_world(tmp_path, crm) as outbox:
        await outbox.until_idle()
        assert crm.steps_sent(KEY) == (["register"] if draft_state is DraftState.OPEN else [])
        assert (await outbox.entry(KEY)).phase is CardPhase.BEGUN
        assert outbox.worker.unsent_count == 0


async def test_what_is_surely_not_sent_yet_waits_for_the_operator_where_the_saved_card_says_so(tmp_path: Path) -> None:
    async with lane_world(tmp_path) as outbox:
        await begin(outbox)
        steps = [replace(step, parked_because="crm_user_needed") for step in REGISTER]
        await outbox.save(replace(lane_card(1), crm_user_id=None, is_completed_automatically=True), steps)
        step = await outbox.step(KEY, "register")
        assert (step.step_state, step.reason) == (StepState.PARKED, "crm_user_needed")
        assert [row.deed for row in await outbox.store.audit_of(KEY)] == ["completed_automatically"]


async def test_what_was_typed_since_the_first_ring_mends_what_was_parked_then(tmp_path: Path) -> None:
    crm = LaneCrm("bitrix24")
    for_nobody = replace(lane_card(1), crm_user_id=None)
    async with lane_world(tmp_path, crm) as outbox:
        await keep_draft(outbox)
        await outbox.store.begin(for_nobody, plan_steps(for_nobody)[:1], NOW)
        outbox.worker.add(KEY, is_saved=False)
        await outbox.until_idle()
        assert (await outbox.step(KEY, "register", "bitrix24")).reason == "crm_user_needed"
        await outbox.save(lane_card(1), plan_steps(lane_card(1)))
        await until(lambda: outbox.worker.unsent_count == 0, what="delivery")
        assert crm.steps_sent(KEY) == ["register", "finish"]
