"""The services together: a call's whole way, a second process on the same folder, connecting anew, closing in order."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from app.board import CallBoard
from app.bootstrap import Services
from app.channel_verbs import CONSOLE_STATUS, OUTBOX_LIST, SHOW_WINDOW
from app.domain.calls import CallSessionId, CallState, TagId
from app.domain.wrap_up import Disposition
from app.errors import DatabaseInUse
from app.local_channel import call_owner
from app.services.call_control import CommandPhase
from app.services.wrap_up import CardSaved, OpenCard
from app.settings.declared import HoldPreset
from app.telephony.poller import LinkHealth
from tests.helpers.services import ME, World, open_console, open_world, settings_for
from tests.helpers.waiting import until

CALLER = "79062195047"


async def _ringing(world: World) -> CallSessionId:
    call_session_id = CallSessionId(world.simulator.pbx.ring_in(CALLER, employees=[ME]))
    world.services.poller.refresh_soon()
    await until(lambda: call_session_id in world.services.board.calls, what="the call on the board")
    return call_session_id


def _state(board: CallBoard, call_session_id: CallSessionId) -> CallState | None:
    call = board.call(call_session_id)
    return call.call_state if call else None


def _only_card(world: World) -> OpenCard:
    (card,) = world.services.wrap_up.cards.values()
    return card


async def test_a_call_goes_from_ring_to_a_receipt(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        services, pbx = world.services, world.simulator.pbx
        call_session_id = await _ringing(world)
        await until(lambda: bool(services.wrap_up.cards), what="the card of the ringing call")
        pbx.answer(call_session_id, ME)
        services.poller.refresh_soon()
        await until(lambda: _state(services.board, call_session_id) is CallState.TALK, what="talk")
        assert (await services.call_control.hold(call_session_id)).phase is CommandPhase.ACCEPTED
        await until(lambda: _state(services.board, call_session_id) is CallState.HOLD, what="hold")
        card = _only_card(world)
        notes = "Перезвонить завтра"
        customer = card.draft.fields.customer
        services.wrap_up.edit(card.draft.card_key, replace(card.draft.fields, notes=notes, customer=customer))
        pbx.hang_up(call_session_id, "contact")
        services.poller.refresh_soon()
        await until(lambda: _only_card(world).draft.facts.is_finished, what="the finished card")
        assert _only_card(world).draft.disposition is Disposition.SUCCESS
        assert isinstance(await services.wrap_up.save(card.draft.card_key), CardSaved)
        await until(lambda: services.delivery.unsent_count == 0, what="delivery", timeout=10)
        receipt = await services.delivery.receipt_of(card.draft.card_key)
        assert receipt is not None
        assert receipt.is_done
        portal = world.simulator.bitrix24
        assert len(portal.finished_calls_of(card.draft.card_key)) == 1
        assert portal.duplicates() == []


async def test_another_process_asks_the_owner_and_opens_no_second_connection(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        shown: list[None] = []
        world.services.show_requested.subscribe(shown.append)
        status = await asyncio.to_thread(call_owner, tmp_path, CONSOLE_STATUS)
        assert status is not None
        assert status["unsent"] == 0
        assert await asyncio.to_thread(call_owner, tmp_path, OUTBOX_LIST) == {"cards": []}
        await asyncio.to_thread(call_owner, tmp_path, SHOW_WINDOW)
        assert shown == [None]
        with pytest.raises(DatabaseInUse):
            async with open_console(world.simulator, tmp_path):
                pass


async def test_connecting_anew_keeps_board_and_cards(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        services = world.services
        call_session_id = await _ringing(world)
        await until(lambda: bool(services.wrap_up.cards), what="the card")
        settings = settings_for(world.simulator)
        nobody = msgspec.structs.replace(settings, pbx=msgspec.structs.replace(settings.pbx, login=""))
        await services.reconnect(nobody)
        assert services.poller.report.health is LinkHealth.SIGN_IN_NEEDED
        assert call_session_id in services.board.calls
        assert services.wrap_up.cards
        await services.reconnect(settings)
        await until(lambda: services.poller.report.health is LinkHealth.UP, what="the link")


async def test_closing_leaves_no_thread_and_no_socket(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    async with open_world(tmp_path):
        assert (tmp_path / "run" / "console.sock").exists()
    await until(lambda: set(threading.enumerate()) <= before, what="the threads to end")
    assert call_owner(tmp_path, CONSOLE_STATUS) is None


async def test_a_tag_still_counting_down_is_sent_when_the_console_closes(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        pbx = world.simulator.pbx
        call_session_id = await _ringing(world)
        pbx.answer(call_session_id, ME)
        tag = next(iter(pbx.directory.tags.values()))
        async with open_console(world.simulator, tmp_path / "second") as second:
            await until(lambda: second.board.call(call_session_id) is not None, what="the call on the board")
            second.delayed_tags.put(call_session_id, TagId(tag.tag_id))
            assert pbx.call(call_session_id).tags == []
        assert pbx.call(call_session_id).tags == [tag]


async def test_the_settings_reach_holds_and_transfers(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        services = world.services
        preset = HoldPreset(name="Склад", value="Уточняю на складе", promised_s=120)
        hold_message = msgspec.structs.replace(services.settings.pbx.hold_message, presets=(preset,))
        pbx = msgspec.structs.replace(services.settings.pbx, hold_message=hold_message, transfer_back_after_s=7)
        await services.reconnect(msgspec.structs.replace(services.settings, pbx=pbx))
        (offered,) = services.hold_promises.presets
        assert (offered.name, offered.message.value, offered.promised_s) == ("Склад", "Уточняю на складе", 120)
        await until(lambda: bool(services.talk_options.options), what="the talk options")
        call_session_id = await _ringing(world)
        world.simulator.pbx.answer(call_session_id, ME)
        services.poller.refresh_soon()
        await until(lambda: _state(services.board, call_session_id) is CallState.TALK, what="talk")
        services.armed.arm(call_session_id, "102")
        await until(lambda: _back_at(services, call_session_id) is not None, what="the colleague's phone", timeout=10)
        back_at_s = _back_at(services, call_session_id)
        assert back_at_s is not None
        assert back_at_s - services.clock.monotonic() == pytest.approx(7, abs=1.5)


def _back_at(services: Services, call_session_id: CallSessionId) -> float | None:
    armed = services.armed.of(call_session_id)
    return None if armed is None else armed.back_at_monotonic_s
