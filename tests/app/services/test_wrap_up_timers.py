"""The time a finished card may stay open: when it begins, what it does at its end, and that no letter is lost by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.calls import CallSession, CallSessionId, LegId, LegState
from app.domain.wrap_up import RequiredField
from app.errors import StorageError
from app.outbox.entry import OutboxCard
from app.services.card_to_write import CardDefaults
from app.services.wrap_up import CardRules, CardSaved
from app.services.wrap_up_timers import QUIET_S, RETRY_S
from tests.app.domain.calls import RINGING, TALK, call_of, contact_leg, employee_leg
from tests.app.services.card_desk import CardDesk, card_desk
from tests.app.services.test_offered_cards import UNSEEN
from tests.app.services.test_wrap_up import KEY, FullDisk
from tests.helpers.clock import FakeClock
from tests.helpers.waiting import until

WRAP_UP_S = 120
RULES = CardRules(wrap_up_s=WRAP_UP_S, extend_s=60, required=(RequiredField.NOTES, RequiredField.RATING))
SECOND = call_of(contact_leg(LegState.TALKING, 20), employee_leg(LegState.TALKING, leg_id=21), call_session_id=7)
SECOND_KEY = "pult-callapi.example.test-7-21"


async def finish(desk: CardDesk, *others: CallSession) -> None:
    """My call was talked for a minute and is over now."""
    desk.poll(1, RINGING, *others)
    desk.poll(5, TALK, *others)
    desk.end(65, *others)


def left_s(desk: CardDesk, card_key: str = KEY) -> float | None:
    due_at_s = desk.wrap_up.due_at_s(card_key)
    return None if due_at_s is None else due_at_s - desk.clock.monotonic()


async def saved_card(desk: CardDesk, card_key: str = KEY) -> OutboxCard:
    await until(lambda: card_key in desk.handed_over, what="the card in the outbox")
    entry = await desk.store.card(card_key)
    assert entry is not None
    return entry


def type_notes(desk: CardDesk, notes: str, card_key: str = KEY) -> None:
    desk.wrap_up.edit(card_key, replace(desk.wrap_up.cards[card_key].draft.fields, notes=notes))


async def test_the_time_begins_when_the_call_ends_and_then_the_card_is_saved_as_it_stands(tmp_path: Path) -> None:
    async with card_desk(tmp_path, rules=RULES, defaults=CardDefaults()) as desk:
        told: list[CardSaved] = []
        desk.wrap_up.saved.subscribe(told.append)
        desk.poll(1, RINGING)
        desk.poll(5, TALK)
        assert left_s(desk) is None
        desk.end(65)
        assert left_s(desk) == WRAP_UP_S
        await desk.clock.pass_time(WRAP_UP_S - 1)
        assert (left_s(desk), desk.handed_over) == (1, [])
        await desk.clock.pass_time(1)
        # Required fields and even the CRM's user are missing: it is saved all the same, and says who saved it.
        entry = await saved_card(desk)
        assert (entry.card.is_completed_automatically, entry.card.crm_user_id, entry.card.talk_s) == (True, None, 60)
        assert [card.is_automatic for card in told] == [True]
        assert desk.wrap_up.cards == {}


async def test_without_a_time_in_the_settings_nothing_runs_out(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as desk:
        await finish(desk)
        await desk.clock.pass_time(8 * 3600)
        assert (left_s(desk), list(desk.wrap_up.cards)) == (None, [KEY])


async def test_save_card_still_insists_and_what_it_saves_is_not_marked(tmp_path: Path) -> None:
    async with card_desk(tmp_path, rules=RULES) as desk:
        await finish(desk)
        assert await desk.wrap_up.save(KEY) == desk.wrap_up.problems_of(KEY)
        desk.wrap_up.edit(KEY, replace(desk.card.draft.fields, notes="Счёт", rating=5))
        assert isinstance(await desk.wrap_up.save(KEY), CardSaved)
        assert not (await saved_card(desk)).card.is_completed_automatically
        await desk.clock.pass_time(2 * WRAP_UP_S)
        assert desk.handed_over == [KEY]


async def test_letters_of_the_last_moments_are_in_the_card(tmp_path: Path) -> None:
    async with card_desk(tmp_path, rules=RULES) as desk:
        await finish(desk)
        await desk.clock.pass_time(WRAP_UP_S - 10)
        for place in range(1, 7):
            type_notes(desk, "буквы!"[:place])
            await desk.clock.pass_time(1)
        await desk.clock.pass_time(4)
        assert (await saved_card(desk)).card.notes == "буквы!"


async def test_no_card_is_taken_from_under_the_fingers(tmp_path: Path) -> None:
    async with card_desk(tmp_path, rules=RULES) as desk:
        await finish(desk)
        await desk.clock.pass_time(WRAP_UP_S - 1)
        for place in range(1, 9):
            type_notes(desk, "на бегу…"[:place])
            await desk.clock.pass_time(1)
        assert desk.handed_over == []
        await desk.clock.pass_time(QUIET_S - 1)
        assert (await saved_card(desk)).card.notes == "на бегу…"


async def test_a_card_saved_from_what_was_autosaved_alone_would_lose_the_last_letters(tmp_path: Path) -> None:
    """Negative control of the two above: what the disk had at that moment lacks them."""
    async with card_desk(tmp_path, rules=RULES) as desk:
        await finish(desk)
        type_notes(desk, "буквы")
        await desk.clock.pass_time(WRAP_UP_S - 1)
        await until(lambda: desk.card.autosaved_at is not None)
        type_notes(desk, "буквы!")
        (kept,) = await desk.drafts.open_drafts()
        assert kept.draft.fields.notes == "буквы"
        await desk.clock.pass_time(QUIET_S)
        assert (await saved_card(desk)).card.notes == "буквы!"


async def test_extend_adds_its_seconds_each_time(tmp_path: Path) -> None:
    async with card_desk(tmp_path, rules=RULES) as desk:
        desk.poll(1, RINGING)
        assert not desk.wrap_up.extend(KEY)
        desk.poll(5, TALK)
        desk.end(65)
        await desk.clock.pass_time(100)
        told: list[str] = []
        desk.wrap_up.changed.subscribe(told.append)
        assert desk.wrap_up.extend(KEY)
        assert desk.wrap_up.extend(KEY)
        assert (left_s(desk), told) == (140, [KEY, KEY])
        await desk.clock.pass_time(139)
        assert desk.handed_over == []
        await desk.clock.pass_time(1)
        await saved_card(desk)


async def test_the_next_call_does_not_stop_the_time_of_the_last_ones_card(tmp_path: Path) -> None:
    async with card_desk(tmp_path, rules=RULES) as desk:
        await finish(desk)
        await desk.clock.pass_time(60)
        desk.poll(70, SECOND)
        assert left_s(desk, SECOND_KEY) is None
        await desk.clock.pass_time(60)
        await saved_card(desk)
        assert list(desk.wrap_up.cards) == [SECOND_KEY]


async def test_each_card_has_a_time_of_its_own(tmp_path: Path) -> None:
    async with card_desk(tmp_path, rules=RULES) as desk:
        await finish(desk, SECOND)
        await desk.clock.pass_time(50)
        desk.end(130)
        assert (left_s(desk), left_s(desk, SECOND_KEY)) == (70, 120)
        desk.wrap_up.extend(SECOND_KEY)
        await desk.clock.pass_time(70)
        await saved_card(desk)
        assert left_s(desk, SECOND_KEY) == 110


async def test_a_finished_draft_begins_anew_after_a_restart(tmp_path: Path) -> None:
    clock = FakeClock()
    async with card_desk(tmp_path, clock=clock, rules=RULES) as desk:
        await finish(desk)
        await desk.clock.pass_time(100)
    async with card_desk(tmp_path, clock=clock, rules=RULES) as desk:
        assert left_s(desk) == WRAP_UP_S
        await desk.clock.pass_time(WRAP_UP_S)
        await saved_card(desk)


async def test_later_stops_the_time_and_survives_a_restart_until_the_card_is_taken_up(tmp_path: Path) -> None:
    clock = FakeClock()
    async with card_desk(tmp_path, clock=clock, rules=RULES) as desk:
        desk.poll(1, RINGING)
        assert not desk.wrap_up.set_aside(KEY)
        desk.poll(5, TALK)
        desk.end(65)
        assert desk.wrap_up.set_aside(KEY)
        assert (left_s(desk), desk.wrap_up.set_aside_count) == (None, 1)
        await desk.clock.pass_time(10 * WRAP_UP_S)
        await desk.autosaved()
    async with card_desk(tmp_path, clock=clock, rules=RULES) as desk:
        assert desk.card.is_set_aside
        await desk.clock.pass_time(10 * WRAP_UP_S)
        assert (desk.handed_over, desk.wrap_up.set_aside_count) == ([], 1)
        desk.wrap_up.take_up(KEY)
        assert (left_s(desk), desk.wrap_up.set_aside_count) == (WRAP_UP_S, 0)
        await desk.clock.pass_time(WRAP_UP_S)
        await saved_card(desk)


async def test_cards_of_unseen_calls_have_their_time_one_after_another(tmp_path: Path) -> None:
    async with card_desk(tmp_path, rules=RULES) as desk:
        keys = [f"pult-callapi.example.test-{place}-{place}" for place in (81, 82, 83)]
        for place, key in zip((81, 82, 83), keys, strict=True):
            started_at = UNSEEN.started_at + timedelta(minutes=place)
            facts = replace(
                UNSEEN, card_key=key, call_session_id=CallSessionId(place), leg_id=LegId(place), started_at=started_at
            )
            assert desk.wrap_up.offer(facts)
        assert [left_s(desk, key) for key in keys] == [120, 240, 360]
        await desk.clock.pass_time(120)
        await saved_card(desk, keys[0])
        assert list(desk.wrap_up.cards) == keys[1:]


async def test_a_disk_that_refuses_is_tried_again_and_the_card_stays(tmp_path: Path) -> None:
    disk = FullDisk()
    async with card_desk(tmp_path, rules=RULES, connect=disk.connect) as desk:
        await finish(desk)
        await desk.autosaved()
        await desk.clock.pass_time(WRAP_UP_S - 30)
        disk.is_full = True
        await desk.clock.pass_time(31)
        await until(lambda: desk.card.save == "not_saved")
        await until(lambda: 0 < (left_s(desk) or 0) <= RETRY_S, what="the next try")
        disk.is_full = False
        await desk.clock.pass_time(RETRY_S)
        assert (await saved_card(desk)).card.is_completed_automatically


async def test_closing_saves_what_is_finished_and_keeps_what_runs_or_was_set_aside(tmp_path: Path) -> None:
    clock = FakeClock()
    async with card_desk(tmp_path, clock=clock, rules=RULES) as desk:
        await finish(desk, SECOND)
        type_notes(desk, "последняя бук")
        desk.wrap_up.offer(UNSEEN)
        desk.wrap_up.set_aside(UNSEEN.card_key)
        assert [card.card_key for card in await desk.wrap_up.complete_all()] == [KEY]
        entry = await saved_card(desk)
        assert (entry.card.notes, entry.card.is_completed_automatically) == ("последняя бук", True)
    async with card_desk(tmp_path, clock=clock, rules=RULES) as desk:
        assert list(desk.wrap_up.cards) == [SECOND_KEY, UNSEEN.card_key]
        assert not desk.wrap_up.cards[SECOND_KEY].draft.facts.is_finished


async def test_a_card_set_aside_while_another_is_written_is_not_saved_behind_the_operators_back(tmp_path: Path) -> None:
    async with card_desk(tmp_path, rules=RULES) as desk:
        await finish(desk)
        desk.wrap_up.offer(UNSEEN)
        laid_aside: list[bool] = []

        def later(card_key: str) -> None:
            if card_key == KEY and not laid_aside:
                laid_aside.append(desk.wrap_up.set_aside(UNSEEN.card_key))

        # The first news of that card: it is being written.
        desk.wrap_up.changed.subscribe(later)
        assert [card.card_key for card in await desk.wrap_up.complete_all()] == [KEY]
        assert laid_aside == [True]
        assert await desk.store.card(UNSEEN.card_key) is None
        assert desk.wrap_up.cards[UNSEEN.card_key].is_set_aside


async def test_closing_without_it_leaves_the_card_a_draft(tmp_path: Path) -> None:
    """Negative control: the card would be absent from the CRM until somebody opens the console again."""
    async with card_desk(tmp_path, rules=RULES) as desk:
        await finish(desk)
    async with card_desk(tmp_path, rules=RULES) as desk:
        assert await desk.store.card(KEY) is None
        assert list(desk.wrap_up.cards) == [KEY]


async def test_closing_on_a_full_disk_says_so_and_keeps_the_card(tmp_path: Path) -> None:
    disk = FullDisk()
    async with card_desk(tmp_path, rules=RULES, connect=disk.connect) as desk:
        await finish(desk)
        await desk.autosaved()
        disk.is_full = True
        with pytest.raises(StorageError):
            await desk.wrap_up.complete_all()
        assert (desk.card.save, desk.handed_over) == ("not_saved", [])
        disk.is_full = False
        assert len(await desk.wrap_up.complete_all()) == 1
