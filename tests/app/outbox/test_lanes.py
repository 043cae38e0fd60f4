"""Lanes of a card: order within each, nothing in common between them but what one requires of another."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.errors import LimitExceeded, NotYet, Refused, SignInRefused
from app.outbox.entry import PlannedStep, StepState
from tests.app.outbox.lane_world import LaneCrm, LaneWorld, lane_card, lane_steps, lane_world
from tests.helpers.clock import FakeClock
from tests.helpers.waiting import until

KEY = lane_card(1).card_key


def keeps_its_order(crm: LaneCrm, card_key: str) -> bool:
    """Every step once, register before finish, finish before what requires it."""
    sent = crm.steps_sent(card_key)
    return sorted(sent) == ["finish", "note", "record", "register"] and sent[:2] == ["register", "finish"]


async def until_sent(clock: FakeClock, outbox: LaneWorld) -> None:
    async with asyncio.timeout(10):
        while outbox.worker.counts.unfinished:
            await clock.pass_time(1.0)


async def test_each_lane_keeps_its_order_and_what_is_required_comes_first(tmp_path: Path) -> None:
    crm = LaneCrm()
    async with lane_world(tmp_path, crm) as outbox:
        for number in range(30):
            await outbox.save(lane_card(number))
        await until(lambda: outbox.worker.counts.unfinished == 0, what="delivery")
        assert all(keeps_its_order(crm, lane_card(number).card_key) for number in range(30))
        assert all([(await outbox.entry(lane_card(number).card_key)).is_done for number in range(30)])


async def test_without_what_it_requires_a_lane_runs_ahead(tmp_path: Path) -> None:
    """Negative control: the same steps, nothing required."""
    crm = LaneCrm()
    crm.held["finish"] = asyncio.Event()
    careless = [PlannedStep(step.crm_name, step.name, lane=step.lane) for step in lane_steps()]
    async with lane_world(tmp_path, crm) as outbox:
        await outbox.save(lane_card(1), careless)
        await until(lambda: "note" in crm.steps_sent(KEY), what="the note")
        crm.held["finish"].set()
        await until(lambda: outbox.worker.counts.unfinished == 0, what="delivery")
        assert not keeps_its_order(crm, KEY)


async def test_in_one_lane_the_second_step_waits_for_the_first(tmp_path: Path) -> None:
    crm = LaneCrm()
    crm.held["register"] = asyncio.Event()
    async with lane_world(tmp_path, crm) as outbox:
        await outbox.save(lane_card(1))
        await crm.begun.wait()
        assert crm.steps_sent(KEY) == []
        assert (await outbox.step(KEY, "finish")).step_state is StepState.PENDING
        crm.held["register"].set()
        await until(lambda: outbox.worker.counts.unfinished == 0, what="delivery")
        assert keeps_its_order(crm, KEY)


async def test_in_lanes_of_their_own_the_same_steps_lose_their_order(tmp_path: Path) -> None:
    """Negative control of the test above."""
    crm = LaneCrm()
    crm.held["register"] = asyncio.Event()
    scattered = [PlannedStep(step.crm_name, step.name, lane=step.name) for step in lane_steps()]
    async with lane_world(tmp_path, crm) as outbox:
        await outbox.save(lane_card(1), scattered)
        await until(lambda: "finish" in crm.steps_sent(KEY), what="the finish")
        crm.held["register"].set()
        await until(lambda: outbox.worker.counts.unfinished == 0, what="delivery")
        assert not keeps_its_order(crm, KEY)


async def test_a_lane_that_waits_for_another_does_not_poll(tmp_path: Path) -> None:
    crm, clock = LaneCrm(), FakeClock()
    crm.held["finish"] = asyncio.Event()
    async with lane_world(tmp_path, crm, clock=clock) as outbox:
        await outbox.save(lane_card(1))
        await until(lambda: "register" in crm.steps_sent(KEY), what="the registration")
        moved: list[str] = []
        outbox.worker.changed.subscribe(moved.append)
        await clock.pass_time(3600)
        assert moved == []
        crm.held["finish"].set()
        await until(lambda: outbox.worker.counts.unfinished == 0, what="delivery")


async def test_a_lane_waits_for_the_person_when_what_it_requires_is_parked(tmp_path: Path) -> None:
    crm = LaneCrm()
    crm.answers["finish"] = [Refused("crm_user_not_found")]
    async with lane_world(tmp_path, crm) as outbox:
        await outbox.save(lane_card(1))
        await outbox.until_step(KEY, "finish", StepState.PARKED)
        await outbox.until_idle()
        assert crm.steps_sent(KEY) == ["register"]
        assert (await outbox.step(KEY, "note")).step_state is StepState.PENDING
        assert outbox.worker.unsent_count == 1
        await outbox.delivery.retry(KEY)
        await until(lambda: outbox.worker.counts.unfinished == 0, what="delivery")
        assert keeps_its_order(crm, KEY)


async def test_a_recording_that_is_not_there_yet_holds_up_nothing_and_shuts_no_gate(tmp_path: Path) -> None:
    crm, clock = LaneCrm(), FakeClock()
    crm.answers["record"] = [NotYet("recording_not_ready", retry_in_s=600.0) for _ in range(3)]
    async with lane_world(tmp_path, crm, clock=clock) as outbox:
        await outbox.save(lane_card(1))
        await until(lambda: "note" in crm.steps_sent(KEY), what="the note")
        await until(lambda: len(crm.answers["record"]) < 3, what="the first look")
        await outbox.until_idle()
        step = await outbox.step(KEY, "record")
        assert (step.step_state, step.reason, step.attempts) == (StepState.PENDING, "recording_not_ready", 0)
        assert step.next_try_at is not None
        assert (step.next_try_at - clock.now()).total_seconds() == pytest.approx(600, abs=10)
        assert outbox.delivery.paused is None
        assert (outbox.worker.unsent_count, outbox.worker.counts.unfinished) == (0, 1)
        crm.answers["finish"] = []
        other = lane_card(2)
        await outbox.save(other, lane_steps()[:2])
        await until(lambda: crm.steps_sent(other.card_key) == ["register", "finish"], what="another card")
        crm.answers["record"].clear()
        outbox.worker.wake(KEY)
        await until(lambda: outbox.worker.counts.unfinished == 0, what="the recording")
        assert crm.attempts[crm.sent.index((KEY, "record"))] == 1


async def test_a_recording_is_looked_for_again_by_itself(tmp_path: Path) -> None:
    crm, clock = LaneCrm(), FakeClock()
    crm.answers["record"] = [NotYet("recording_not_ready", retry_in_s=600.0)]
    async with lane_world(tmp_path, crm, clock=clock) as outbox:
        await outbox.save(lane_card(1))
        await until(lambda: not crm.answers["record"] and not outbox.worker.can_send_more, what="the first look")
        assert "record" not in crm.steps_sent(KEY)
        await clock.pass_time(590)
        assert "record" not in crm.steps_sent(KEY)
        await clock.pass_time(20)
        await until(lambda: outbox.worker.counts.unfinished == 0, what="the recording")


async def test_which_try_it_is_reaches_the_writer(tmp_path: Path) -> None:
    crm = LaneCrm()
    crm.answers["record"] = [Refused("bad_file"), NotYet("recording_not_ready"), Refused("bad_file")]
    async with lane_world(tmp_path, crm) as outbox:
        await outbox.save(lane_card(1))
        await outbox.until_step(KEY, "record", StepState.PARKED)
        await outbox.until_idle()
        await outbox.delivery.retry(KEY)
        await until(lambda: len(crm.answers["record"]) == 1, what="the second look")
        await outbox.until_idle()
        await outbox.delivery.retry(KEY)
        await outbox.until_step(KEY, "record", StepState.PARKED)
        await outbox.delivery.retry(KEY)
        await until(lambda: outbox.worker.counts.unfinished == 0, what="delivery")
        # Refused twice; the look that found no recording was no try.
        assert crm.attempts[crm.sent.index((KEY, "record"))] == 3


async def test_one_crm_that_hangs_or_refuses_leaves_the_other_alone(tmp_path: Path) -> None:
    slow, quick = LaneCrm("slow"), LaneCrm("quick")
    slow.held["register"] = asyncio.Event()
    async with lane_world(tmp_path, slow, quick) as outbox:
        for number in range(15):
            await outbox.save(lane_card(number), (*lane_steps("slow"), *lane_steps("quick")))
        await until(lambda: len(quick.sent) == 60, what="the quick one")
        assert slow.sent == []
        assert slow.most_at_once == 4
        slow.answers["register"] = [SignInRefused("expired_token") for _ in range(4)]
        told: list[object] = []
        outbox.delivery.pauses_changed.subscribe(lambda pauses: told.append({n: e.code for n, e in pauses.items()}))
        slow.held["register"].set()
        await until(lambda: bool(told), what="the pause")
        assert told == [{"slow": "expired_token"}]
        outbox.delivery.resume()
        await until(lambda: outbox.worker.counts.unfinished == 0, what="the slow one")
        assert told[-1] == {}


@pytest.mark.parametrize("is_of_one_method", [True, False])
async def test_a_method_that_is_used_up_waits_as_long_as_it_was_told_and_holds_up_no_other(
    tmp_path: Path, is_of_one_method: bool
) -> None:
    """Negative control: a limit of the whole portal stops all of its lanes."""
    crm, clock = LaneCrm(), FakeClock()
    crm.answers["record"] = [LimitExceeded("used_up", resets_in_s=500.0, is_of_one_method=is_of_one_method)]
    async with lane_world(tmp_path, crm, clock=clock) as outbox:
        await outbox.save(lane_card(1))
        await until(lambda: not crm.answers["record"], what="the refusal")
        await outbox.until_running_nothing()
        for number in range(2, 6):
            await outbox.save(lane_card(number))
        if is_of_one_method:
            await until(lambda: sum(step == "note" for _, step in crm.sent) == 5, what="the other lanes")
        await clock.pass_time(490)
        assert "record" not in {step for _, step in crm.sent}
        assert (len(crm.sent) == 15) is is_of_one_method
        step = await outbox.step(KEY, "record")
        assert (step.step_state, step.reason) == (StepState.PENDING, "used_up")
        await until_sent(clock, outbox)
        assert all(keeps_its_order(crm, lane_card(number).card_key) for number in range(1, 6))


async def test_each_crm_tells_its_own_pause(tmp_path: Path) -> None:
    first = LaneCrm("first")
    first.answers["register"] = [SignInRefused("expired_token")]
    async with lane_world(tmp_path, first) as outbox:
        await outbox.save(lane_card(1), (*lane_steps("first"), *lane_steps("second")))
        await until(lambda: len(outbox.delivery.pauses) == 2, what="both pauses")
        codes = {crm_name: error.code for crm_name, error in outbox.delivery.pauses.items()}
        assert codes == {"first": "expired_token", "second": "crm_not_connected"}
        assert outbox.delivery.paused is not None
        assert outbox.delivery.paused.code == "expired_token"


async def test_lanes_go_on_in_the_next_run(tmp_path: Path) -> None:
    crm = LaneCrm()
    crm.answers["record"] = [NotYet("recording_not_ready", retry_in_s=600.0)]
    async with lane_world(tmp_path, crm) as outbox:
        await outbox.save(lane_card(1))
        await until(lambda: "note" in crm.steps_sent(KEY) and not outbox.worker.can_send_more, what="the note")
    async with lane_world(tmp_path, crm) as outbox:
        await until(lambda: outbox.worker.counts.unfinished == 0, what="delivery")
    assert keeps_its_order(crm, KEY)
