"""My call, my card: opened at the first ring, followed to the end, autosaved, restored after a crash, saved once."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.calls import CallSession, Direction, EmployeeId, LegState
from app.domain.customer import CustomerChoice, CustomerDecision
from app.domain.wrap_up import CardFields, CardProblem, Disposition
from app.errors import StorageError
from app.services.card_to_write import CardDefaults
from app.services.wrap_up import CardSaved
from tests.app.bitrix24.portal_world import MARIA_ID, portal_world
from tests.app.domain.calls import (
    COLLEAGUE,
    CONSULT,
    CONTACT,
    HOLD,
    ME,
    RINGING,
    STARTED_AT,
    TALK,
    TRANSFERRED,
    call_of,
    contact_leg,
    employee_leg,
    seen,
)
from tests.app.services.card_desk import CardDesk, card_desk
from tests.helpers.clock import FakeClock
from tests.helpers.guards import ExpectedLog
from tests.helpers.waiting import until

KEY = "pult-callapi.example.test-3960098281-11"
MINE_AND_COLLEAGUES_RING = call_of(
    contact_leg(LegState.TALKING),
    employee_leg(LegState.DIALLING),
    employee_leg(LegState.DIALLING, COLLEAGUE, 12),
)


async def test_a_card_opens_at_the_first_ring_and_waits_for_the_end_of_the_call(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as desk:
        told: list[str] = []
        desk.wrap_up.changed.subscribe(told.append)
        desk.poll(1, RINGING)
        assert told == [KEY]
        facts = desk.card.draft.facts
        assert (facts.card_key, facts.phone_number, facts.started_at) == (KEY, CONTACT, STARTED_AT)
        assert not facts.is_finished
        assert await desk.wrap_up.save(KEY) == (CardProblem.CALL_STILL_RUNS,)


async def test_talk_counts_from_the_first_talk_to_the_first_look_without_it_holds_included(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as desk:
        desk.poll(1, RINGING)
        desk.poll(5, TALK)
        desk.poll(20, HOLD)
        desk.poll(40, TALK)
        desk.poll(63, TALK)
        desk.end(65)
        facts = desk.card.draft.facts
        assert facts.talk_s == 60
        assert facts.proposed is not None
        assert (facts.proposed.disposition, facts.proposed.is_guess) == (Disposition.SUCCESS, False)


async def test_my_part_of_a_transferred_call_gets_its_card_when_i_leave(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as desk:
        desk.poll(1, RINGING)
        desk.poll(5, TALK)
        desk.poll(20, HOLD)
        desk.poll(25, CONSULT)
        desk.poll(35, TRANSFERRED)
        assert not desk.card.draft.facts.is_finished
        desk.poll(37, TRANSFERRED)
        assert desk.card.draft.facts.talk_s == 30
        desk.end(100)
        assert desk.card.draft.facts.talk_s == 30


async def test_the_colleague_who_took_the_call_over_gets_a_card_of_their_own(tmp_path: Path) -> None:
    async with card_desk(tmp_path, me=COLLEAGUE) as desk:
        for at_s, session in ((20, HOLD), (25, CONSULT), (35, TRANSFERRED)):
            desk.poll(at_s, session)
        assert desk.card_key == KEY.removesuffix("11") + "12"
        # The talk with me while the caller was held is not theirs.
        desk.end(95)
        assert desk.card.draft.facts.talk_s == 60


@pytest.mark.parametrize(
    ("direction", "ended_by_us", "disposition", "is_guess"),
    [
        (Direction.INBOUND, False, Disposition.MISSED, False),
        (Direction.UNKNOWN, False, Disposition.MISSED, False),
        (Direction.OUTBOUND, True, Disposition.CANCELLED, False),
        (Direction.OUTBOUND, False, Disposition.TEMPORARILY_UNAVAILABLE, True),
    ],
)
async def test_a_call_nobody_answered_gets_the_outcome_the_list_can_tell(
    tmp_path: Path, direction: Direction, ended_by_us: bool, disposition: Disposition, is_guess: bool
) -> None:
    async with card_desk(tmp_path) as desk:
        ringing = replace(RINGING, direction=direction)
        desk.poll(1, ringing)
        if ended_by_us:
            desk.ended_by_us.add(ringing.call_session_id)
        desk.end(20)
        facts = desk.card.draft.facts
        assert facts.talk_s == 0
        assert facts.proposed is not None
        assert (facts.proposed.disposition, facts.proposed.is_guess) == (disposition, is_guess)


async def test_when_a_colleague_answers_a_group_call_my_console_leaves_no_card(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as desk:
        desk.poll(1, MINE_AND_COLLEAGUES_RING)
        assert len(desk.wrap_up.cards) == 1
        desk.poll(5, TRANSFERRED)
        desk.poll(7, TRANSFERRED)
        assert not desk.card.draft.facts.is_finished
        desk.end(60)
        assert desk.wrap_up.cards == {}
        assert await desk.wrap_up.kept_drafts() == ()


async def test_notes_typed_for_a_call_a_colleague_took_stay_among_the_drafts(tmp_path: Path) -> None:
    clock = FakeClock()
    async with card_desk(tmp_path, clock=clock) as desk:
        desk.poll(1, MINE_AND_COLLEAGUES_RING)
        desk.wrap_up.edit(KEY, replace(desk.card.draft.fields, notes="Уже звонила утром"))
        desk.poll(5, TRANSFERRED)
        desk.end(60)
        assert desk.wrap_up.cards == {}
    async with card_desk(tmp_path, clock=clock) as desk:
        assert desk.wrap_up.cards == {}
        (kept,) = await desk.wrap_up.kept_drafts()
        assert kept.fields.notes == "Уже звонила утром"


@pytest.mark.parametrize(("me", "writes"), [(ME, True), (COLLEAGUE, False)])
async def test_a_missed_group_call_is_one_card_by_the_smallest_leg(
    tmp_path: Path, me: EmployeeId, writes: bool
) -> None:
    async with card_desk(tmp_path, me=me) as desk:
        desk.poll(1, MINE_AND_COLLEAGUES_RING)
        assert len(desk.wrap_up.cards) == 1
        desk.end(30)
        assert bool(desk.wrap_up.cards) is writes


async def test_the_smallest_leg_counts_even_when_it_stopped_ringing_earlier(tmp_path: Path) -> None:
    only_colleague = call_of(contact_leg(LegState.TALKING), employee_leg(LegState.DIALLING, COLLEAGUE, 12))
    async with card_desk(tmp_path, me=COLLEAGUE) as desk:
        desk.poll(1, MINE_AND_COLLEAGUES_RING)
        desk.poll(10, only_colleague)
        desk.poll(12, only_colleague)
        desk.end(30)
        assert desk.wrap_up.cards == {}


async def test_coaching_and_watching_make_no_card(tmp_path: Path) -> None:
    coached = call_of(
        contact_leg(LegState.TALKING),
        employee_leg(LegState.TALKING),
        employee_leg(LegState.TALKING, COLLEAGUE, 12),
    )
    async with card_desk(tmp_path, me=COLLEAGUE) as desk:
        desk.poll(5, TALK)
        desk.poll(9, coached)
        desk.end(30)
        assert desk.wrap_up.cards == {}


async def test_a_supervisor_without_an_employee_has_no_cards(tmp_path: Path) -> None:
    async with card_desk(tmp_path, me=None) as desk:
        desk.poll(1, TALK)
        desk.end(9)
        assert desk.wrap_up.cards == {}


async def test_a_failed_poll_ends_nothing_and_one_absence_neither(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as desk:
        desk.poll(1, TALK)
        desk.poll(3)
        assert not desk.card.draft.facts.is_finished
        desk.poll(5, TALK)
        desk.poll(7)
        assert not desk.card.draft.facts.is_finished


async def test_the_caller_is_looked_up_at_the_first_ring_and_proposed(tmp_path: Path) -> None:
    clock = FakeClock()
    async with portal_world(clock=clock) as world:
        world.portal.add_contact("CONTACT", MARIA_ID, "Мария Ивановна", CONTACT, 7)
        async with card_desk(tmp_path, clock=clock, directory=world.crm) as desk:
            desk.poll(1, RINGING)
            assert desk.card.lookup == "pending"
            await until(lambda: desk.card.lookup == "done")
            assert [customer.name for customer in desk.card.matches] == ["Мария Ивановна"]
            assert desk.card.draft.fields.customer.decision is CustomerDecision.FOUND
            assert desk.screen_pop.customer_of(CONTACT) == desk.card.matches
            # An edit made before the answer was seen does not undo it.
            desk.wrap_up.edit(KEY, CardFields(notes="…"))
            assert desk.card.draft.fields.customer.customer == desk.card.matches[0]


@pytest.mark.parametrize("creates", [True, False])
async def test_an_unknown_number_is_created_by_itself_only_where_the_settings_say_so(
    tmp_path: Path, creates: bool
) -> None:
    clock = FakeClock()
    async with portal_world(clock=clock) as world:
        defaults = CardDefaults(crm_user_id=7, create_unknown=creates)
        async with card_desk(tmp_path, clock=clock, directory=world.crm, defaults=defaults) as desk:
            desk.poll(1, RINGING)
            await until(lambda: desk.card.lookup == "done")
            wanted = CustomerDecision.CREATE if creates else CustomerDecision.UNDECIDED
            assert desk.card.draft.fields.customer.decision is wanted


@pytest.mark.parametrize(("creates", "number"), [(True, CONTACT), (False, CONTACT), (True, "anonymous")])
async def test_a_stranger_who_called_while_the_crm_was_away_is_created_as_the_settings_say(
    tmp_path: Path, creates: bool, number: str
) -> None:
    """Whether anybody has the number is asked again before the call is registered."""
    clock = FakeClock()
    async with portal_world(clock=clock) as world:
        world.server.set_down(down=True)
        defaults = CardDefaults(crm_user_id=7, create_unknown=creates)
        async with card_desk(tmp_path, clock=clock, directory=world.crm, defaults=defaults) as desk:
            desk.poll(1, replace(RINGING, contact_number=number))
            while desk.card.lookup == "pending":
                await clock.pass_time(1.0)
            desk.end(9)
            assert isinstance(await desk.wrap_up.save(KEY), CardSaved)
            entry = await desk.store.card(KEY)
            assert entry is not None
            assert entry.card.crm_create is (creates and number == CONTACT)


async def test_a_hidden_number_is_nobody_and_never_created(tmp_path: Path) -> None:
    defaults = CardDefaults(crm_user_id=7, create_unknown=True)
    async with card_desk(tmp_path, defaults=defaults) as desk:
        desk.poll(1, replace(RINGING, contact_number="anonymous"))
        await until(lambda: desk.card.lookup == "done")
        assert desk.card.matches == ()
        assert desk.card.draft.fields.customer.decision is CustomerDecision.UNDECIDED


async def test_typing_is_on_the_disk_within_a_second_and_back_after_a_crash(tmp_path: Path) -> None:
    clock = FakeClock()
    copy = tmp_path / "after the crash"
    copy.mkdir()
    async with card_desk(tmp_path, clock=clock) as desk:
        desk.poll(1, RINGING)
        desk.poll(5, TALK)
        await desk.autosaved()
        desk.wrap_up.edit(KEY, replace(desk.card.draft.fields, notes="Договор № 5", cost=Decimal("10.50")))
        await desk.autosaved()
        # What a killed process leaves: the file and its log as they are now.
        for part in tmp_path.glob("pult.db*"):
            (copy / part.name).write_bytes(part.read_bytes())
    async with card_desk(copy, clock=clock) as desk:
        assert desk.card.draft.fields.notes == "Договор № 5"
        assert desk.card.draft.fields.cost == Decimal("10.50")
        assert not desk.card.draft.facts.is_finished


async def test_the_draft_is_told_saved_when_typing_reached_the_disk_and_not_while_only_the_call_goes_on(
    tmp_path: Path,
) -> None:
    async with card_desk(tmp_path) as desk:
        desk.poll(1, RINGING)
        desk.poll(5, TALK)
        await desk.autosaved()
        assert desk.card.autosaved_at is None
        desk.wrap_up.edit(KEY, replace(desk.card.draft.fields, notes="Договор № 5"))
        await desk.clock.pass_time(1.0)
        await until(lambda: desk.card.autosaved_at is not None)
        typed_at = desk.card.autosaved_at
        told: list[str] = []
        desk.wrap_up.changed.subscribe(told.append)
        for at_s in (20, 35, 50):
            desk.poll(at_s, TALK)
            await desk.clock.pass_time(15.0)
        async with asyncio.timeout(5.0):
            while (await desk.drafts.open_drafts())[0].trace.last_seen_at != seen(50).at:
                await desk.clock.pass_time(1.0)
        assert (desk.card.autosaved_at, told) == (typed_at, [])
        desk.wrap_up.edit(KEY, replace(desk.card.draft.fields, notes="Договор № 6"))
        await desk.clock.pass_time(1.0)
        await until(lambda: desk.card.autosaved_at != typed_at)


async def test_typing_without_autosave_is_lost_in_a_crash(tmp_path: Path) -> None:
    """Negative control of the test above: copied before the half second is over, the text is not there."""
    clock = FakeClock()
    copy = tmp_path / "after the crash"
    copy.mkdir()
    async with card_desk(tmp_path, clock=clock) as desk:
        desk.poll(1, RINGING)
        await desk.autosaved()
        desk.wrap_up.edit(KEY, replace(desk.card.draft.fields, notes="Договор № 5"))
        for part in tmp_path.glob("pult.db*"):
            (copy / part.name).write_bytes(part.read_bytes())
    async with card_desk(copy, clock=clock) as desk:
        assert desk.card.draft.fields.notes == ""


async def test_closing_the_console_keeps_the_last_letter(tmp_path: Path) -> None:
    clock = FakeClock()
    async with card_desk(tmp_path, clock=clock) as desk:
        desk.poll(1, RINGING)
        desk.wrap_up.edit(KEY, replace(desk.card.draft.fields, notes="последняя бук"))
    async with card_desk(tmp_path, clock=clock) as desk:
        assert desk.card.draft.fields.notes == "последняя бук"


async def test_a_call_that_went_on_over_a_restart_counts_its_whole_talk(tmp_path: Path) -> None:
    clock = FakeClock(STARTED_AT)
    async with card_desk(tmp_path, clock=clock) as desk:
        desk.poll(1, RINGING)
        desk.poll(10, TALK)
    async with card_desk(tmp_path, clock=clock) as desk:
        desk.poll(50, TALK)
        desk.poll(68, TALK)
        desk.end(70)
        facts = desk.card.draft.facts
        assert facts.talk_s == 60
        assert facts.proposed is not None
        assert not facts.proposed.is_guess


async def test_a_call_that_ended_while_the_console_was_gone_is_finished_as_seen_and_marked(tmp_path: Path) -> None:
    clock = FakeClock(STARTED_AT)
    async with card_desk(tmp_path, clock=clock) as desk:
        desk.poll(1, RINGING)
        desk.poll(10, TALK)
        desk.poll(40, TALK)
    async with card_desk(tmp_path, clock=clock) as desk:
        desk.poll(500)
        assert not desk.card.draft.facts.is_finished
        desk.poll(502)
        facts = desk.card.draft.facts
        assert facts.talk_s == 30
        assert facts.proposed is not None
        assert (facts.proposed.disposition, facts.proposed.is_guess) == (Disposition.SUCCESS, True)


async def test_a_draft_of_yesterday_needs_no_pbx_to_be_finished(tmp_path: Path) -> None:
    clock = FakeClock(STARTED_AT)
    async with card_desk(tmp_path, clock=clock) as desk:
        desk.poll(1, RINGING)
    clock.advance(24 * 3600)
    async with card_desk(tmp_path, clock=clock) as desk:
        facts = desk.card.draft.facts
        assert facts.talk_s == 0
        assert facts.proposed is not None
        assert facts.proposed.is_guess


async def test_saving_is_one_commit_that_closes_the_draft_and_survives(tmp_path: Path) -> None:
    clock = FakeClock()
    async with card_desk(tmp_path, clock=clock) as desk:
        await finished(desk)
        desk.wrap_up.edit(KEY, replace(desk.card.draft.fields, notes="Перезвонить"))
        saved = await desk.wrap_up.save(KEY)
        assert isinstance(saved, CardSaved)
        assert desk.wrap_up.cards == {}
        assert desk.handed_over == [KEY]
        assert await desk.wrap_up.save(KEY) == saved
        assert desk.handed_over == [KEY]
    async with card_desk(tmp_path, clock=clock) as desk:
        assert desk.wrap_up.cards == {}
        entry = await desk.store.card(KEY)
        assert entry is not None
        assert (entry.card.notes, entry.card.talk_s, entry.card.disposition_code) == ("Перезвонить", 60, "200")
        assert [step.name for step in entry.steps] == ["register", "finish", "note"]
        # The same call seen again, as after a restart in its last seconds, opens no second card.
        desk.poll(66, TALK)
        assert desk.wrap_up.cards == {}


async def test_notes_wanted_without_a_customer_are_parked_from_the_start(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as desk:
        await finished(desk)
        fields = CardFields(notes="…", crm_user_id=7, customer=CustomerChoice(CustomerDecision.WITHOUT))
        desk.wrap_up.edit(KEY, fields)
        await desk.wrap_up.save(KEY)
        entry = await desk.store.card(KEY)
        assert entry is not None
        assert [step.reason for step in entry.steps] == [None, None, "customer_needed"]


async def test_what_is_missing_is_told_and_nothing_is_saved(tmp_path: Path) -> None:
    async with card_desk(tmp_path, defaults=CardDefaults()) as desk:
        await finished(desk)
        desk.wrap_up.edit(KEY, CardFields(cost=Decimal(5), rating=9))
        assert await desk.wrap_up.save(KEY) == (
            CardProblem.NO_CRM_USER,
            CardProblem.COST_WITHOUT_CURRENCY,
            CardProblem.RATING_OUT_OF_RANGE,
        )
        assert await desk.store.card(KEY) is None


async def test_a_disk_that_refuses_says_not_saved_and_keeps_the_draft(tmp_path: Path) -> None:
    disk = FullDisk()
    async with card_desk(tmp_path, connect=disk.connect) as desk:
        await finished(desk)
        disk.is_full = True
        with pytest.raises(StorageError):
            await desk.wrap_up.save(KEY)
        assert (desk.card.save, desk.handed_over) == ("not_saved", [])
        assert desk.card.save_error is not None
        disk.is_full = False
        assert isinstance(await desk.wrap_up.save(KEY), CardSaved)


async def test_autosave_that_fails_is_shown_and_tried_again(tmp_path: Path, expected_log: ExpectedLog) -> None:
    expected_log("drafts could not be written")
    disk = FullDisk()
    async with card_desk(tmp_path, connect=disk.connect) as desk:
        desk.poll(1, RINGING)
        await desk.autosaved()
        disk.is_full = True
        desk.wrap_up.edit(KEY, replace(desk.card.draft.fields, notes="важно"))
        await desk.clock.pass_time(1.0)
        await until(lambda: desk.card.save_error is not None)
        disk.is_full = False
        await desk.clock.pass_time(3.0)
        await until(lambda: desk.card.save_error is None)


async def test_two_calls_have_two_cards_oldest_first(tmp_path: Path) -> None:
    second = call_of(contact_leg(LegState.TALKING, 20), employee_leg(LegState.DIALLING, leg_id=21), call_session_id=7)
    async with card_desk(tmp_path) as desk:
        desk.poll(1, HOLD)
        desk.poll(3, HOLD, second)
        assert list(desk.wrap_up.cards) == [KEY, "pult-callapi.example.test-7-21"]


class FullDisk:
    """A connection that cannot write any more once `is_full`."""

    def __init__(self) -> None:
        self.is_full = False

    def connect(self, path: Path) -> sqlite3.Connection:
        # A prepared statement is not asked about again, so none is kept.
        connection = sqlite3.connect(path, isolation_level=None, cached_statements=0)
        connection.set_authorizer(self._allow)
        return connection

    def _allow(self, action: int, *_about: object) -> int:
        writes = action in (sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE)
        return sqlite3.SQLITE_DENY if self.is_full and writes else sqlite3.SQLITE_OK


async def finished(desk: CardDesk) -> None:
    """My call was talked for a minute and is over."""
    session: CallSession = TALK
    desk.poll(1, RINGING)
    desk.poll(5, session)
    desk.poll(63, session)
    desk.end(65)
    assert desk.card.draft.facts.talk_s == 60
    assert seen(0).at == STARTED_AT
