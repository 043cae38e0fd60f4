"""Several consoles on one account: who writes which card, seen at the portal."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from app.bootstrap import Services
from app.domain.calls import CallSessionId, CallState
from app.domain.wrap_up import Disposition
from app.services.call_control import CommandPhase
from app.services.open_card import CardSaved
from app.simulator.config import SimulatorConfig
from app.simulator.runner import Simulator
from tests.helpers.services import ME, open_console
from tests.helpers.waiting import until

COLLEAGUE = 2002
CALLER = "79062195047"


@dataclass
class Floor:
    """Two operators and the world they share."""

    simulator: Simulator
    mine: Services
    theirs: Services

    async def see(self, call_session_id: CallSessionId, call_state: CallState | None) -> None:
        """Both consoles show the call in that state; None: it is over."""
        for services in (self.mine, self.theirs):
            services.poller.refresh_soon()
            shows = partial(_shows, services, call_session_id, call_state)
            await until(shows, what=f"{call_state} on the board", timeout=8)

    async def save_all(self) -> list[str]:
        """Every card that is open on either console, saved and delivered; gives their keys."""
        keys = []
        for services in (self.mine, self.theirs):
            for key in tuple(services.wrap_up.cards):
                assert isinstance(await services.wrap_up.save(key), CardSaved)
                keys.append(key)
            await until(partial(_has_delivered, services), what="delivery", timeout=10)
        return keys


def _shows(services: Services, call_session_id: CallSessionId, call_state: CallState | None) -> bool:
    call = services.board.call(call_session_id)
    return (call.call_state if call else None) is call_state


def _has_delivered(services: Services) -> bool:
    return services.delivery.unsent_count == 0


@asynccontextmanager
async def floor(folder: Path) -> AsyncIterator[Floor]:
    async with AsyncExitStack() as stack:
        simulator = await stack.enter_async_context(Simulator(SimulatorConfig(scenario="tour")))
        mine = await stack.enter_async_context(open_console(simulator, folder / "mine"))
        theirs = await stack.enter_async_context(open_console(simulator, folder / "theirs", employee_id=COLLEAGUE))
        yield Floor(simulator, mine, theirs)


async def test_a_call_handed_over_makes_a_card_for_each_part(tmp_path: Path) -> None:
    async with floor(tmp_path) as office:
        pbx, control = office.simulator.pbx, office.mine.call_control
        call_session_id = CallSessionId(pbx.ring_in(CALLER, employees=[ME]))
        await office.see(call_session_id, CallState.RINGING)
        pbx.answer(call_session_id, ME)
        await office.see(call_session_id, CallState.TALK)
        assert (await control.hold(call_session_id)).phase is CommandPhase.ACCEPTED
        await office.see(call_session_id, CallState.HOLD)
        assert (await control.begin_consult(call_session_id, "102")).phase is CommandPhase.ACCEPTED
        await office.see(call_session_id, CallState.CONSULT_RINGING)
        pbx.colleague_answers(call_session_id)
        await office.see(call_session_id, CallState.CONSULT)
        assert (await control.complete_transfer(call_session_id)).phase is CommandPhase.ACCEPTED
        await office.see(call_session_id, CallState.TALK)
        await until(lambda: all(card.draft.facts.is_finished for card in office.mine.wrap_up.cards.values()))
        assert not any(card.draft.facts.is_finished for card in office.theirs.wrap_up.cards.values())
        pbx.hang_up(call_session_id, "contact")
        await office.see(call_session_id, None)
        outcomes = [
            card.draft.disposition
            for services in (office.mine, office.theirs)
            for card in services.wrap_up.cards.values()
        ]
        assert outcomes == [Disposition.SUCCESS, Disposition.SUCCESS]
        keys = await office.save_all()
        assert len(set(keys)) == 2
        portal = office.simulator.bitrix24
        assert [len(portal.finished_calls_of(key)) for key in keys] == [1, 1]
        assert portal.duplicates() == []


@pytest.mark.parametrize("who_answers", [ME, COLLEAGUE, None])
async def test_a_group_call_makes_one_card(tmp_path: Path, who_answers: int | None) -> None:
    async with floor(tmp_path) as office:
        pbx = office.simulator.pbx
        call_session_id = CallSessionId(pbx.ring_in(CALLER, employees=[ME, COLLEAGUE]))
        await office.see(call_session_id, CallState.RINGING)
        if who_answers is not None:
            pbx.answer(call_session_id, who_answers)
            await office.see(call_session_id, CallState.TALK)
        pbx.hang_up(call_session_id, "contact")
        await office.see(call_session_id, None)
        keys = await office.save_all()
        assert len(keys) == 1
        (finished,) = office.simulator.bitrix24.finished_calls_of(keys[0])
        assert finished is not None
        has_mine = bool(await office.mine.delivery.cards())
        assert has_mine is (who_answers != COLLEAGUE)


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("end", Disposition.CANCELLED),
        ("drop my leg", Disposition.CANCELLED),
        ("drop the contact", Disposition.CANCELLED),
        ("the phone", Disposition.TEMPORARILY_UNAVAILABLE),
        ("the contact", Disposition.TEMPORARILY_UNAVAILABLE),
    ],
)
async def test_an_outgoing_call_without_an_answer_says_who_gave_up(
    tmp_path: Path, how: str, expected: Disposition
) -> None:
    async with floor(tmp_path) as office:
        pbx, control = office.simulator.pbx, office.mine.call_control
        call_session_id = CallSessionId(pbx.ring_out(ME, CALLER))
        await office.see(call_session_id, CallState.RINGING)
        session = office.mine.board.calls[call_session_id].session
        if how == "end":
            assert (await control.end_call(call_session_id)).phase is CommandPhase.ACCEPTED
        elif how.startswith("drop"):
            leg = session.contact_leg if how == "drop the contact" else session.leg_of(office.mine.me)
            assert leg is not None
            assert (await control.drop_leg(call_session_id, leg.leg_id)).phase is CommandPhase.ACCEPTED
        else:
            pbx.hang_up(call_session_id, ME if how == "the phone" else "contact")
        await office.see(call_session_id, None)
        (card,) = office.mine.wrap_up.cards.values()
        assert card.draft.disposition is expected
        assert card.draft.facts.talk_s == 0
        assert not office.theirs.wrap_up.cards
