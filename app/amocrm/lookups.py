"""Whose number it is, and where a call may already have been written: what is asked before anything is repeated."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime

from app.amocrm import mapping, wire
from app.amocrm.client import AmocrmClient
from app.crm.port import StepReceipt
from app.domain.customer import Customer, CustomerKind
from app.errors import NotFound

_OWNERS = (CustomerKind.CONTACT, CustomerKind.COMPANY)
# A number is in a handful of cards. Whatever brings more pages is not about the number.
_MOST_SEARCH_PAGES = 10


@dataclass(frozen=True, slots=True)
class NumberOwner:
    """A contact or company with the number, and the leads and customers that belong to it."""

    customer: Customer
    row: wire.Row

    def places(self) -> list[tuple[str, int]]:
        """Where a call with this number may have gone: each as plural and id, likely ones first."""
        owner = (mapping.plural_of(self.customer.kind), self.customer.crm_entity_id)
        linked = [
            (plural, entity_id)
            for plural in (wire.LEADS, wire.CUSTOMERS)
            for row in wire.embedded(self.row, plural)
            if (entity_id := wire.number_in(row, "id")) is not None
        ]
        return [owner, *sorted(linked, key=lambda place: -place[1])]


async def first_owner(client: AmocrmClient, phone: str) -> NumberOwner | None:
    """Somebody with this number; asks no further once one is found."""
    async with aclosing(_owners(client, phone)) as owners:
        async for owner in owners:
            return owner
    return None


async def all_owners(client: AmocrmClient, phone: str) -> tuple[NumberOwner, ...]:
    """Everybody with this number, however it is spelled there; contacts before companies."""
    found = {(owner.customer.kind, owner.customer.crm_entity_id): owner async for owner in _owners(client, phone)}
    return tuple(sorted(found.values(), key=lambda owner: _OWNERS.index(owner.customer.kind)))


async def find_call(client: AmocrmClient, uniq: str, places: list[tuple[str, int]]) -> StepReceipt | None:
    """The call among the notes of those entities. One that is gone meanwhile holds nothing."""
    for plural, entity_id in dict.fromkeys(places):
        page = 1
        while True:
            try:
                listed = await client.call_notes(plural, entity_id, page)
            except NotFound:
                break
            for row in listed.rows:
                if mapping.is_call_note(row, uniq):
                    note_id = wire.number_in(row, "id")
                    return mapping.receipt_of(client.account_url, plural, entity_id, amo_note_id=note_id)
            if not listed.has_more:
                break
            page += 1
    return None


async def find_unsorted(client: AmocrmClient, uniq: str) -> StepReceipt | None:
    """The call in the inbox, while nobody has accepted or declined it."""
    page = 1
    while True:
        listed = await client.unsorted_calls(page)
        for row in listed.rows:
            if mapping.is_unsorted_call(row, uniq):
                return mapping.receipt_of(client.account_url, "", None, amo_unsorted_uid=wire.text_in(row, "uid"))
        if not listed.has_more:
            return None
        page += 1


def came_since(owners: tuple[NumberOwner, ...], moment: datetime) -> bool:
    """Whether the number got its first owner after that moment: whoever accepts an unsorted call makes one."""
    return bool(owners) and all(mapping.was_made_since(owner.row, moment) for owner in owners)


async def _owners(client: AmocrmClient, phone: str) -> AsyncGenerator[NumberOwner, None]:
    for query in mapping.spellings_of(phone):
        for kind in _OWNERS:
            for page in range(1, _MOST_SEARCH_PAGES + 1):
                listed = await client.search(kind, query, page)
                for row in listed.rows:
                    customer = mapping.customer_of(kind, row)
                    if customer is not None and mapping.has_number(row, phone):
                        yield NumberOwner(customer, row)
                if not listed.has_more:
                    break
