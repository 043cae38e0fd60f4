"""Calls registered while they ring: once, finished by the saved card, taken back when no card is due after all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from app.crm.port import CrmCardShow
from app.domain.customer import CustomerChoice, CustomerDecision
from app.errors import PultError
from app.outbox.entry import CardPhase
from app.services.delivery import Delivery
from app.services.open_card import CardSaved
from tests.helpers.services import ME, World, open_world
from tests.helpers.waiting import until

KNOWN, STRANGER = "79062195047", "79995550142"
COLLEAGUE = 2002
REGISTER, FINISH, SHOW, HIDE = (f"telephony.externalcall.{name}" for name in ("register", "finish", "show", "hide"))


@asynccontextmanager
async def registering(folder: Path, *, at: str = "ring") -> AsyncIterator[World]:
    async with open_world(folder) as world:
        settings = world.services.settings
        bitrix24 = msgspec.structs.replace(settings.bitrix24, register_at=at, recording="off")
        await world.services.reconnect(msgspec.structs.replace(settings, bitrix24=bitrix24))
        yield world


def asked(world: World, method: str) -> int:
    return sum(entry.operation.lower() == method for entry in world.simulator.journal.entries)


async def ring(world: World, number: str, *employees: int) -> tuple[int, str]:
    """My phone rings; the call and its card."""
    call_session_id = world.simulator.pbx.ring_in(number, employees=list(employees or (ME,)))
    world.services.poller.refresh_soon()
    cards = world.services.wrap_up.cards
    await until(lambda: any(card.lookup == "done" for card in cards.values()), 10.0, what="who calls")
    (card_key,) = cards
    return call_session_id, card_key


async def ends(world: World, call_session_id: int, card_key: str) -> None:
    world.simulator.pbx.hang_up(call_session_id, "contact")

    def is_over() -> bool:
        world.services.poller.refresh_soon()
        card = world.services.wrap_up.cards.get(card_key)
        return card is None or card.draft.facts.is_finished

    await until(is_over, 10.0, what="the end of the call")


async def until_registered(delivery: Delivery, card_key: str) -> None:
    """Its call's id in the portal is on the disk."""
    moved = asyncio.Event()
    following = delivery.changed.subscribe(lambda _card_key: moved.set())
    async with asyncio.timeout(10):
        while (entry := await delivery.card(card_key)) is None or "register" not in entry.progress("bitrix24").receipts:
            await moved.wait()
            moved.clear()
    following.cancel()


async def phase_of(world: World, card_key: str) -> CardPhase | None:
    entry = await world.services.delivery.card(card_key)
    return entry.phase if entry else None


async def test_a_known_caller_is_registered_while_the_phone_rings_and_finished_once(tmp_path: Path) -> None:
    async with registering(tmp_path) as world:
        services, portal = world.services, world.simulator.bitrix24
        call_session_id, card_key = await ring(world, KNOWN)
        await until(lambda: asked(world, REGISTER) == 1, 10.0, what="registered at the first ring")
        assert services.delivery.unsent_count == 0
        assert portal.statistics == []
        world.simulator.pbx.answer(call_session_id, ME)
        services.poller.refresh_soon()
        await until(lambda: services.wrap_up.cards[card_key].trace.talk_began_at, 10.0, what="the talk")
        await ends(world, call_session_id, card_key)
        services.wrap_up.edit(card_key, replace(services.wrap_up.cards[card_key].draft.fields, notes="Счёт"))
        assert isinstance(await services.wrap_up.save(card_key), CardSaved)
        await until(lambda: len(portal.comments) == 1 and not services.delivery.unsent_count, 10.0, what="delivered")
        assert (asked(world, REGISTER), asked(world, FINISH), asked(world, HIDE)) == (1, 1, 0)
        assert len(portal.statistics) == 1
        assert portal.duplicates() == []


async def test_a_call_a_colleague_took_is_taken_back(tmp_path: Path) -> None:
    async with registering(tmp_path) as world:
        services = world.services
        call_session_id, card_key = await ring(world, KNOWN, ME, COLLEAGUE)
        await until(lambda: asked(world, REGISTER) == 1, 10.0, what="registered at the first ring")
        world.simulator.pbx.answer(call_session_id, COLLEAGUE)
        services.poller.refresh_soon()
        calls = services.board.calls
        await until(lambda: any(call.was_answered for call in calls.values()), 10.0, what="the colleague's talk")
        await ends(world, call_session_id, card_key)
        await until(lambda: asked(world, HIDE) == 1, 10.0, what="hidden")
        assert services.wrap_up.cards == {}
        assert await phase_of(world, card_key) is CardPhase.ABANDONED
        assert (asked(world, FINISH), services.delivery.unsent_count) == (0, 0)


async def test_a_caller_nobody_knows_is_registered_with_the_saved_card_that_makes_the_customer(tmp_path: Path) -> None:
    async with registering(tmp_path) as world:
        services, portal = world.services, world.simulator.bitrix24
        leads = len(portal.leads)
        call_session_id, card_key = await ring(world, STRANGER)
        await ends(world, call_session_id, card_key)
        assert asked(world, REGISTER) == 0
        fields = services.wrap_up.cards[card_key].draft.fields
        created = CustomerChoice(CustomerDecision.CREATE)
        services.wrap_up.edit(card_key, replace(fields, customer=created))
        assert isinstance(await services.wrap_up.save(card_key), CardSaved)
        await until(lambda: not services.delivery.unsent_count, 10.0, what="delivered")
        assert (asked(world, REGISTER), len(portal.leads)) == (1, leads + 1)


async def test_without_the_setting_nothing_is_sent_before_the_card_is_saved(tmp_path: Path) -> None:
    async with registering(tmp_path, at="save") as world:
        call_session_id, card_key = await ring(world, KNOWN)
        await ends(world, call_session_id, card_key)
        assert (asked(world, REGISTER), await phase_of(world, card_key)) == (0, None)


async def test_bitrix24s_own_card_is_shown_while_the_call_is_open_there(tmp_path: Path) -> None:
    async with registering(tmp_path) as world:
        services, portal = world.services, world.simulator.bitrix24
        assert await services.crm_cards.show("nobody's") is CrmCardShow.NOT_REGISTERED
        call_session_id, card_key = await ring(world, KNOWN)
        await until(lambda: asked(world, REGISTER) == 1, 10.0, what="registered at the first ring")
        await until(lambda: bool(portal.open_calls), 10.0, what="an open call")
        (open_call,) = portal.open_calls.values()
        assert (asked(world, SHOW), open_call.shown_to) == (0, set()), "nothing is shown by itself"

        await until_registered(services.delivery, card_key)
        assert await services.crm_cards.show(card_key) is CrmCardShow.SHOWN
        assert open_call.shown_to == {open_call.user_id}
        world.simulator.set_down("bitrix24", True)
        with pytest.raises(PultError):
            await services.crm_cards.show(card_key)
        world.simulator.set_down("bitrix24", False)
        kept = dict(portal.open_calls)
        portal.open_calls.clear()
        assert await services.crm_cards.show(card_key) is CrmCardShow.GONE
        portal.open_calls.update(kept)
        await ends(world, call_session_id, card_key)
        assert isinstance(await services.wrap_up.save(card_key), CardSaved)
        await until(lambda: len(portal.statistics) == 1 and not services.delivery.unsent_count, 10.0, what="delivered")
        assert await services.crm_cards.show(card_key) is CrmCardShow.FINISHED
        assert asked(world, SHOW) == 2


async def test_a_call_registered_with_its_card_has_none_to_show(tmp_path: Path) -> None:
    async with registering(tmp_path, at="save") as world:
        _, card_key = await ring(world, KNOWN)
        assert await world.services.crm_cards.show(card_key) is CrmCardShow.NOT_REGISTERED
        world.services.crm_cards.use(None)
        assert await world.services.crm_cards.show(card_key) is CrmCardShow.NOT_CONNECTED
        assert asked(world, SHOW) == 0
