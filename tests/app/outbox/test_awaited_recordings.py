"""A card of which nothing but the recording is left is not unsent; it is again once something goes wrong with that."""

from __future__ import annotations

from pathlib import Path

from app.errors import LinkDown, NotYet, Refused
from app.outbox.entry import OutboxCard, StepState
from tests.app.outbox.lane_world import LaneCrm, LaneWorld, lane_card, lane_steps, lane_world
from tests.helpers.clock import FakeClock
from tests.helpers.waiting import until

KEY = lane_card(1).card_key
NOT_READY = "recording_not_ready"


def not_ready(times: int = 1) -> list[Exception]:
    return [NotYet(NOT_READY, retry_in_s=600.0) for _ in range(times)]


async def awaited(outbox: LaneWorld, crm: LaneCrm) -> OutboxCard:
    """The card once everything but its recording is sent."""
    await until(lambda: "note" in crm.steps_sent(KEY), what="the note")
    await until(lambda: outbox.worker.unsent_count == 0, what="a badge without it")
    await outbox.until_idle()
    return await outbox.entry(KEY)


def waiting_crm(*answers: Exception, times: int = 1) -> LaneCrm:
    crm = LaneCrm()
    crm.answers["record"] = [*not_ready(times), *answers]  # type: ignore[list-item]
    return crm


async def test_a_card_that_awaits_its_recording_is_not_unsent(tmp_path: Path) -> None:
    crm = waiting_crm(times=2)
    async with lane_world(tmp_path, crm, clock=FakeClock()) as outbox:
        await outbox.save(lane_card(1))
        assert outbox.worker.unsent_count == 1, "just saved"
        assert (await awaited(outbox, crm)).awaits_recording
        assert outbox.delivery.counts.unfinished == 1
        outbox.worker.wake(KEY)
        await until(lambda: not crm.answers["record"], what="the second look")
        await outbox.until_idle()
        assert outbox.worker.unsent_count == 0
        outbox.worker.wake(KEY)
        await until(lambda: outbox.delivery.counts.unfinished == 0, what="the recording")
        assert outbox.worker.unsent_count == 0


async def test_nor_at_the_next_start_connected_or_not(tmp_path: Path) -> None:
    clock = FakeClock()
    crm = waiting_crm()
    async with lane_world(tmp_path, crm, clock=clock) as outbox:
        await outbox.save(lane_card(1))
        await awaited(outbox, crm)
    async with lane_world(tmp_path, clock=clock) as outbox:
        await until(lambda: bool(outbox.delivery.pauses), what="a CRM that is not connected")
        assert (outbox.worker.unsent_count, outbox.delivery.counts.unfinished) == (0, 1)
    async with lane_world(tmp_path, crm, clock=clock) as outbox:
        await until(lambda: outbox.delivery.counts.unfinished == 0, what="the recording")


async def test_a_recording_that_is_refused_counts_again_and_goes_on_counting(tmp_path: Path) -> None:
    crm = waiting_crm(Refused("bad_file"), NotYet(NOT_READY, retry_in_s=600.0))
    async with lane_world(tmp_path, crm, clock=FakeClock()) as outbox:
        await outbox.save(lane_card(1))
        await awaited(outbox, crm)
        outbox.worker.wake(KEY)
        await outbox.until_step(KEY, "record", StepState.PARKED)
        await until(lambda: outbox.worker.unsent_count == 1, what="the badge")
        await outbox.delivery.retry(KEY)
        await until(lambda: not crm.answers["record"], what="a look after the refusal")
        await outbox.until_idle()
        assert outbox.worker.unsent_count == 1
        assert not (await outbox.entry(KEY)).awaits_recording


async def test_one_that_fails_counts_again(tmp_path: Path) -> None:
    crm, clock = waiting_crm(LinkDown("connect")), FakeClock()
    async with lane_world(tmp_path, crm, clock=clock) as outbox:
        await outbox.save(lane_card(1))
        await awaited(outbox, crm)
        outbox.worker.wake(KEY)
        await until(lambda: not crm.answers["record"], what="the failure")
        await until(lambda: outbox.worker.unsent_count == 1, what="the badge")
        assert not (await outbox.entry(KEY)).awaits_recording
        async with outbox.worker.hold(KEY):
            pass
        await clock.pass_time(60)
        await until(lambda: outbox.delivery.counts.unfinished == 0, what="the recording")


async def test_one_the_operator_leaves_alone_counts(tmp_path: Path) -> None:
    crm = waiting_crm()
    async with lane_world(tmp_path, crm, clock=FakeClock()) as outbox:
        await outbox.save(lane_card(1))
        await awaited(outbox, crm)
        await outbox.delivery.park(KEY)
        await until(lambda: outbox.worker.unsent_count == 1, what="the badge")


async def test_it_counts_while_anything_else_is_left(tmp_path: Path) -> None:
    crm = waiting_crm(times=9)
    crm.answers["note"] = [Refused("customer_needed")]
    async with lane_world(tmp_path, crm, clock=FakeClock()) as outbox:
        await outbox.save(lane_card(1))
        await until(lambda: len(crm.answers["record"]) < 9, what="the first look")
        await outbox.until_step(KEY, "note", StepState.PARKED)
        assert outbox.worker.unsent_count == 1
        assert not (await outbox.entry(KEY)).awaits_recording
    second = lane_steps("second")[:2]
    other = lane_card(2)
    async with lane_world(tmp_path, crm, clock=FakeClock()) as outbox:
        await outbox.save(other, (*lane_steps()[:3], *second))
        await until(lambda: "finish" in crm.steps_sent(other.card_key), what="the first CRM")
        assert outbox.worker.unsent_count == 2, "the other CRM has nothing yet"


async def test_a_call_that_waits_for_its_link_is_not_written_yet(tmp_path: Path) -> None:
    """Where a call cannot be changed once it is written, the call itself waits: that card is unsent."""
    crm = LaneCrm()
    crm.answers["finish"] = [NotYet(NOT_READY, retry_in_s=600.0)]
    async with lane_world(tmp_path, crm, clock=FakeClock()) as outbox:
        await outbox.save(lane_card(1), lane_steps()[:2])
        await until(lambda: not crm.answers["finish"], what="the look")
        await outbox.until_idle()
        assert outbox.worker.unsent_count == 1
        assert not (await outbox.entry(KEY)).awaits_recording


async def test_a_discarded_one_does_not_count_below_zero(tmp_path: Path) -> None:
    crm = waiting_crm(times=9)
    async with lane_world(tmp_path, crm, clock=FakeClock()) as outbox:
        await outbox.save(lane_card(1))
        await awaited(outbox, crm)
        await outbox.delivery.discard(KEY)
        assert outbox.worker.unsent_count == 0
        await until(lambda: outbox.delivery.counts.unfinished == 0, what="a card that is through")
        assert outbox.worker.unsent_count == 0
        await outbox.delivery.restore(KEY)
        await until(lambda: outbox.delivery.counts.unfinished == 1, what="the card back")
        await until(lambda: outbox.worker.unsent_count == 0, what="the look after it")
