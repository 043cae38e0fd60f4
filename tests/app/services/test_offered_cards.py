"""Cards of calls this console did not see: offered once, marked, kept over restarts; what each card tells the CRM."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.calls import CallSessionId, Direction, LegId
from app.domain.customer import CustomerChoice, CustomerDecision
from app.domain.wrap_up import (
    CallFacts,
    CallKind,
    CardDraft,
    CardFields,
    Disposition,
    ProposedDisposition,
    UnknownNumberChoice,
)
from app.services.card_to_write import CardDefaults, card_to_write, first_fields
from app.services.wrap_up import CardSaved
from tests.app.domain.calls import COLLEAGUE, CONSULT, CONTACT, HOLD, ME, RINGING, STARTED_AT, TALK, TRANSFERRED, seen
from tests.app.services.card_desk import card_desk
from tests.helpers.clock import FakeClock

UNSEEN = CallFacts(
    card_key="pult-callapi.example.test-77-78",
    call_session_id=CallSessionId(77),
    leg_id=LegId(78),
    employee_id=ME,
    direction=Direction.INBOUND,
    phone_number=CONTACT,
    line_number="74951045771",
    started_at=STARTED_AT,
    talk_s=40,
    proposed=ProposedDisposition(Disposition.SUCCESS),
    ended_at=STARTED_AT + timedelta(seconds=50),
)


async def test_a_call_nobody_saw_is_offered_once_and_stays_offered_over_a_restart(tmp_path: Path) -> None:
    clock = FakeClock()
    async with card_desk(tmp_path, clock=clock) as desk:
        assert desk.wrap_up.offer(UNSEEN)
        assert not desk.wrap_up.offer(UNSEEN)
        assert (desk.card.is_offered, desk.card.draft.facts) == (True, UNSEEN)
        await desk.autosaved()
    async with card_desk(tmp_path, clock=clock) as desk:
        assert desk.card.is_offered
        assert not desk.wrap_up.offer(UNSEEN)
        assert isinstance(await desk.wrap_up.save(UNSEEN.card_key), CardSaved)
        assert not desk.wrap_up.offer(UNSEEN)
    clock.advance(20 * 24 * 3600)
    async with card_desk(tmp_path, clock=clock) as desk:
        assert not desk.wrap_up.offer(UNSEEN)


async def test_a_call_whose_card_is_open_saved_or_was_dropped_is_not_offered_again(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as desk:
        desk.poll(1, RINGING)
        facts = replace(UNSEEN, card_key=desk.card_key)
        assert not desk.wrap_up.offer(facts)
        # The same leg under another name of the PBX is the same call.
        same_part = replace(UNSEEN, call_session_id=RINGING.call_session_id, leg_id=LegId(11))
        assert not desk.wrap_up.offer(same_part)
        desk.poll(5, TRANSFERRED)
        desk.end(60)
        assert desk.wrap_up.cards == {}
        assert not desk.wrap_up.offer(facts)


async def test_only_a_call_that_is_over_can_be_offered(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as desk:
        with pytest.raises(ValueError, match="over"):
            desk.wrap_up.offer(replace(UNSEEN, talk_s=None))


async def test_the_end_of_my_part_is_told(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as desk:
        desk.poll(1, RINGING)
        desk.poll(5, TALK)
        desk.end(65)
        assert desk.card.draft.facts.ended_at == seen(65).at


async def test_a_call_that_came_through_a_colleague_says_so(tmp_path: Path) -> None:
    async with card_desk(tmp_path, me=COLLEAGUE) as desk:
        desk.poll(1, RINGING)
        for at_s, session in ((5, TALK), (20, HOLD), (25, CONSULT), (35, TRANSFERRED)):
            desk.poll(at_s, session)
        assert desk.card.draft.facts.kind is CallKind.INCOMING_REDIRECTED


async def test_a_call_that_rang_for_me_first_is_a_plain_one(tmp_path: Path) -> None:
    async with card_desk(tmp_path) as desk:
        desk.poll(1, RINGING)
        assert desk.card.draft.facts.kind is None


DEFAULTS = CardDefaults(
    crm_user_id=7,
    records=True,
    second_user_id=12,
    unknown_number=UnknownNumberChoice.UNSORTED,
    crm_source="CALL",
)


@pytest.mark.parametrize(
    ("direction", "kind", "written"),
    [
        (Direction.INBOUND, None, CallKind.INCOMING),
        (Direction.OUTBOUND, None, CallKind.OUTGOING),
        (Direction.UNKNOWN, None, None),
        (Direction.OUTBOUND, CallKind.CALLBACK, CallKind.CALLBACK),
    ],
)
def test_the_kind_written_is_the_one_seen_else_the_plain_one(
    direction: Direction, kind: CallKind | None, written: CallKind | None
) -> None:
    draft = CardDraft(replace(UNSEEN, direction=direction, kind=kind), first_fields(DEFAULTS))
    assert card_to_write(draft, DEFAULTS).kind is written


def test_a_card_carries_what_its_recording_and_the_second_crm_need() -> None:
    card = card_to_write(CardDraft(UNSEEN, first_fields(DEFAULTS)), DEFAULTS)
    assert (card.call_session_id, card.employee_id, card.ended_at) == (77, ME, UNSEEN.ended_at)
    assert (card.wants_recording, card.second_user_id) == (True, 12)
    assert card.unknown_number is UnknownNumberChoice.UNSORTED
    assert card.crm_source == ""
    chosen = replace(
        first_fields(DEFAULTS),
        unknown_number=UnknownNumberChoice.SKIP,
        customer=CustomerChoice(CustomerDecision.CREATE),
    )
    card = card_to_write(CardDraft(UNSEEN, chosen), DEFAULTS)
    assert (card.crm_source, card.unknown_number) == ("CALL", UnknownNumberChoice.SKIP)
    missed = card_to_write(CardDraft(replace(UNSEEN, talk_s=0), first_fields(DEFAULTS)), DEFAULTS)
    assert not missed.wants_recording


def test_a_card_without_a_user_is_written_only_when_nobody_pressed_save() -> None:
    draft = CardDraft(UNSEEN, CardFields())
    with pytest.raises(ValueError, match="not complete"):
        card_to_write(draft, CardDefaults())
    card = card_to_write(draft, CardDefaults(), is_automatic=True)
    assert (card.crm_user_id, card.is_completed_automatically) == (None, True)
