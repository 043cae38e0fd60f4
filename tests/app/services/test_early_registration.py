"""What an earlier run registered and left behind is taken back at the start; what still has its draft is kept."""

from __future__ import annotations

from pathlib import Path

from app.domain.wrap_up import CardDraft
from app.outbox.entry import CardPhase, PlannedStep
from app.services.card_to_write import CardDefaults, card_begun, first_fields
from tests.app.domain.calls import RINGING
from tests.app.services.card_desk import CardDesk, card_desk
from tests.app.services.test_offered_cards import UNSEEN
from tests.helpers.clock import FakeClock

DEFAULTS = CardDefaults(crm_user_id=7)
STEPS = (PlannedStep("bitrix24", "register"),)


async def begin(desk: CardDesk, draft: CardDraft) -> None:
    assert await desk.store.begin(card_begun(draft, DEFAULTS), STEPS, desk.clock.now())


async def phase_of(desk: CardDesk, card_key: str) -> CardPhase:
    entry = await desk.store.card(card_key)
    assert entry is not None
    return entry.phase


async def test_a_registration_without_a_draft_is_taken_back_and_one_with_a_draft_waits_for_it(tmp_path: Path) -> None:
    clock = FakeClock()
    async with card_desk(tmp_path, clock=clock) as desk:
        desk.poll(1, RINGING)
        await desk.autosaved()
        kept = desk.card_key
        await begin(desk, desk.card.draft)
        await begin(desk, CardDraft(UNSEEN, first_fields(DEFAULTS)))
        assert await phase_of(desk, UNSEEN.card_key) is CardPhase.BEGUN
    async with card_desk(tmp_path, clock=clock) as desk:
        assert await phase_of(desk, UNSEEN.card_key) is CardPhase.ABANDONED
        assert await phase_of(desk, kept) is CardPhase.BEGUN
        assert list(desk.wrap_up.cards) == [kept]
