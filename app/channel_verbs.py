"""What other processes of the same user may ask of the console that owns the data folder. An allow-list, no secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app import __version__
from app.card_json import card_json
from app.errors import StorageError
from app.local_channel import ChannelError, Reply, VerbHandler
from app.outbox.exporting import card_facts

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.outbox.entry import OutboxCard

OUTBOX_LIST = "outbox_list"
OUTBOX_SHOW = "outbox_show"
OUTBOX_RETRY = "outbox_retry"
OUTBOX_PARK = "outbox_park"
OUTBOX_KEYS = "outbox_keys"
OUTBOX_EXPORT = "outbox_export"
OUTBOX_RESUME = "outbox_resume"
SHOW_WINDOW = "show_window"
CONSOLE_STATUS = "status"


def channel_verbs(services: Services) -> Mapping[str, VerbHandler]:
    """The verbs and what each does."""

    async def show_window(_params: Mapping[str, object]) -> Reply:
        services.show_requested.publish(None)
        return {"shown": True}

    async def console_status(_params: Mapping[str, object]) -> Reply:
        report = services.poller.report
        return {
            "version": __version__,
            "link": report.health.value,
            "calls": report.calls_seen,
            "unsent": services.delivery.unsent_count,
        }

    return {
        **_verbs_of_a_card(services),
        **_verbs_of_the_queue(services),
        SHOW_WINDOW: show_window,
        CONSOLE_STATUS: console_status,
    }


def _verbs_of_a_card(services: Services) -> Mapping[str, VerbHandler]:
    async def show(params: Mapping[str, object]) -> Reply:
        return {"card": await _card(services, str(params.get("key", "")))}

    async def retry(params: Mapping[str, object]) -> Reply:
        card_key = str(params.get("key", ""))
        card = await _card(services, card_key)
        if card is not None:
            await services.delivery.retry(card_key)
        return {"card": card}

    async def park(params: Mapping[str, object]) -> Reply:
        card_key = str(params.get("key", ""))
        if await _card(services, card_key) is not None:
            await services.delivery.park(card_key)
        return {"card": await _card(services, card_key)}

    return {OUTBOX_SHOW: show, OUTBOX_RETRY: retry, OUTBOX_PARK: park}


def _verbs_of_the_queue(services: Services) -> Mapping[str, VerbHandler]:
    async def listed(_params: Mapping[str, object]) -> Reply:
        return {"cards": [card_json(card) for card in await _cards(services)]}

    async def keys(_params: Mapping[str, object]) -> Reply:
        return {"keys": list(await services.delivery.card_keys())}

    async def export(params: Mapping[str, object]) -> Reply:
        wanted = params.get("keys")
        if not isinstance(wanted, list):
            raise ChannelError("bad_request")
        exported = await services.delivery.export([str(card_key) for card_key in wanted])
        return {"cards": [card_facts(card) for card in exported]}

    async def resume(_params: Mapping[str, object]) -> Reply:
        services.delivery.resume()
        return {"unsent": services.delivery.unsent_count}

    return {OUTBOX_LIST: listed, OUTBOX_KEYS: keys, OUTBOX_EXPORT: export, OUTBOX_RESUME: resume}


async def _cards(services: Services) -> tuple[OutboxCard, ...]:
    try:
        return await services.delivery.cards()
    except StorageError:
        raise ChannelError("failed") from None


async def _card(services: Services, card_key: str) -> Reply | None:
    try:
        card = await services.delivery.card(card_key)
    except StorageError:
        raise ChannelError("failed") from None
    return None if card is None else card_json(card)
