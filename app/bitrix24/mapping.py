"""Bitrix24's words and ours, both ways. The only file here that speaks both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from msgspec import UNSET

from app.addresses import address_problem
from app.bitrix24 import wire
from app.crm.port import CardToWrite, StepReceipt
from app.domain.calls import Direction
from app.domain.customer import CrmSource, CrmUser, Currency, Customer, CustomerKind
from app.domain.phone_number import parse_phone_number
from app.domain.wrap_up import CallKind, Disposition
from app.errors import VENDOR_MESSAGE_CAP, Refused, plain_text

_CALL_TYPES = {
    CallKind.OUTGOING: 1,
    CallKind.INCOMING: 2,
    CallKind.INCOMING_REDIRECTED: 3,
    CallKind.CALLBACK: 4,
    CallKind.INFORMATIONAL: 5,
}

_ENTITY_TYPES = {CustomerKind.CONTACT: "CONTACT", CustomerKind.COMPANY: "COMPANY", CustomerKind.LEAD: "LEAD"}
_KINDS = {name: kind for kind, name in _ENTITY_TYPES.items()}
_OWNER_KINDS = {1: CustomerKind.LEAD, 3: CustomerKind.CONTACT, 4: CustomerKind.COMPANY}
_OWNER_TYPE_IDS = {kind: type_id for type_id, kind in _OWNER_KINDS.items()}
_CODES = frozenset(disposition.value for disposition in Disposition)
_CLOCK_SLACK_S = 86_400.0
_NOT_IN_FILE_NAMES = re.compile(r"[^A-Za-z0-9._-]")
_LONGEST_KEY = 150


def registration_of(
    card: CardToWrite, found_meanwhile: Customer | None, *, placeholder_number: str = ""
) -> wire.Registration:
    """`found_meanwhile`: who turned out to have the number although a new customer was wanted; then none is made.
    `placeholder_number`: what a hidden caller is registered under; nobody new is made for it.

    Raises Refused("number_hidden") without one, Refused("crm_user_needed").
    """
    digits = number_of(card)
    kind, crm_entity_id = card.customer_kind, card.customer_id
    if found_meanwhile is not None:
        kind, crm_entity_id = found_meanwhile.kind, found_meanwhile.crm_entity_id
    has_customer = kind is not None and crm_entity_id is not None
    return wire.Registration(
        user_id=_user_of(card),
        phone_number=digits or _given(placeholder_number),
        type=_CALL_TYPES[kind_of(card)],
        call_start_date=start_date(card.started_at),
        external_call_id=card.card_key,
        show=int(card.show_card),
        crm_create=int(card.crm_create and bool(digits) and not has_customer),
        add_to_chat=int(card.add_to_chat),
        line_number=card.line_number or UNSET,
        crm_entity_type=_ENTITY_TYPES[kind] if kind is not None and has_customer else UNSET,
        crm_entity_id=crm_entity_id if crm_entity_id is not None and has_customer else UNSET,
        crm_source=card.crm_source or UNSET,
        call_list_id=card.call_list_id or UNSET,
    )


def number_of(card: CardToWrite) -> str:
    """Digits of the customer's number; empty for a hidden caller."""
    return parse_phone_number(card.phone_number).digits


def kind_of(card: CardToWrite) -> CallKind:
    """What kind of call it was; where nobody said, the plain one of its direction."""
    if card.kind is not None:
        return card.kind
    return CallKind.OUTGOING if card.direction is Direction.OUTBOUND else CallKind.INCOMING


def _given(placeholder_number: str) -> str:
    if not placeholder_number:
        raise Refused("number_hidden")
    return placeholder_number


def finish_of(card: CardToWrite, call_id: str) -> wire.Finish:
    """DURATION, STATUS_CODE, USER_ID and ADD_TO_CHAT always; the rest when given."""
    return wire.Finish(
        call_id=call_id,
        user_id=_user_of(card),
        duration=card.talk_s,
        status_code=card.disposition_code if card.disposition_code in _CODES else Disposition.OTHER.value,
        add_to_chat=int(card.add_to_chat),
        cost=UNSET if card.cost is None else card.cost,
        cost_currency=UNSET if card.cost is None or not card.currency else card.currency,
        failed_reason=card.failed_reason or UNSET,
        vote=card.rating or UNSET,
    )


def _user_of(card: CardToWrite) -> int:
    """Raises Refused("crm_user_needed") where nobody has said for whom the call is written."""
    if card.crm_user_id is None:
        raise Refused("crm_user_needed")
    return card.crm_user_id


def start_date(started_at: datetime) -> str:
    """ISO 8601 with an offset, without microseconds and without a Z (crm-notes 9, 11)."""
    return started_at.astimezone(UTC).isoformat(timespec="seconds")


def marker_of(card_key: str) -> str:
    """The note's last line, by which it is found again."""
    return f"[{card_key}]"


def comment_of(card: CardToWrite) -> str:
    return f"{card.notes.strip()}\n\n{marker_of(card.card_key)}"


def comment_owner(kind: CustomerKind, crm_entity_id: int, comment: str) -> wire.CommentFields:
    return wire.CommentFields(crm_entity_id, kind.value, comment)


def registered(result: object) -> StepReceipt | None:
    """None when the reply names no call: nothing can be finished with it. A number is no name of a call."""
    call_id = result.get("CALL_ID") if isinstance(result, Mapping) else None
    if not isinstance(call_id, str) or not call_id:
        return None
    ids = {"call_id": call_id, **customer_ids(result)}
    lead_id = wire.number_in(result, "CRM_CREATED_LEAD")
    if lead_id is not None:
        ids["created_lead_id"] = str(lead_id)
    # A portal without leads makes a contact and a deal instead.
    created = result.get("CRM_CREATED_ENTITIES") if isinstance(result, Mapping) else None
    for row in wire.rows_in(created):
        entity_type, entity_id = wire.text_in(row, "ENTITY_TYPE").lower(), wire.number_in(row, "ENTITY_ID")
        if entity_type in ("lead", "deal", "contact", "company") and entity_id is not None:
            ids[f"created_{entity_type}_id"] = str(entity_id)
    return StepReceipt(ids, warnings_in(result, "LEAD_CREATION_ERROR"))


def finished(result: object) -> StepReceipt:
    ids = dict(customer_ids(result))
    for name, key in (("statistics_id", "ID"), ("activity_id", "CRM_ACTIVITY_ID")):
        value = wire.number_in(result, key)
        if value is not None:
            ids[name] = str(value)
    return StepReceipt(ids, warnings_in(result, "ERRORS"))


def customer_ids(result: object) -> dict[str, str]:
    """`customer_kind` and `customer_id`, when the portal tied the call to somebody."""
    kind = _KINDS.get(wire.text_in(result, "CRM_ENTITY_TYPE").upper())
    crm_entity_id = wire.number_in(result, "CRM_ENTITY_ID")
    if kind is None or crm_entity_id is None:
        return {}
    return {"customer_kind": kind.value, "customer_id": str(crm_entity_id)}


def statistics_ids(row: Mapping[str, object]) -> dict[str, str]:
    """What a found statistics row tells: its id, its activity and whose it is."""
    return dict(finished(row).ids)


def activity_ids(row: Mapping[str, object]) -> dict[str, str]:
    """What a found activity tells: its id and whose it is."""
    ids: dict[str, str] = {}
    activity_id = wire.number_in(row, "ID")
    if activity_id is not None:
        ids["activity_id"] = str(activity_id)
    kind = _OWNER_KINDS.get(wire.number_in(row, "OWNER_TYPE_ID") or 0)
    owner_id = wire.number_in(row, "OWNER_ID")
    if kind is not None and owner_id is not None:
        ids |= {"customer_kind": kind.value, "customer_id": str(owner_id)}
    return ids


def warnings_in(result: object, name: str) -> tuple[str, ...]:
    """Texts of LEAD_CREATION_ERROR (a text) or ERRORS (an object of texts, a list when PHP finds it empty)."""
    said = result.get(name) if isinstance(result, Mapping) else None
    return tuple(plain_text(text, VENDOR_MESSAGE_CAP) for text in _texts_in(said) if text.strip())


def _texts_in(said: object) -> Iterator[str]:
    """Every text of a text, a list or an object, however they are nested."""
    waiting = [said]
    while waiting:
        value = waiting.pop(0)
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            waiting = [*value.values(), *waiting]
        elif isinstance(value, list):
            waiting = [*value, *waiting]


def customers(result: object) -> tuple[Customer, ...]:
    """Matches in the portal's order; kinds we do not write to are left out."""
    found = []
    for row in wire.rows_in(result):
        kind = _KINDS.get(wire.text_in(row, "CRM_ENTITY_TYPE").upper())
        crm_entity_id = wire.number_in(row, "CRM_ENTITY_ID")
        if kind is not None and crm_entity_id is not None:
            responsible = wire.number_in(row, "ASSIGNED_BY_ID")
            found.append(Customer(kind, crm_entity_id, wire.text_in(row, "NAME"), responsible))
    return tuple(found)


def currencies(result: object) -> tuple[Currency, ...]:
    """The base currency first."""
    found = [
        Currency(code, wire.text_in(row, "FULL_NAME") or code, wire.text_in(row, "BASE") == "Y")
        for row in wire.rows_in(result)
        if (code := wire.text_in(row, "CURRENCY"))
    ]
    return tuple(sorted(found, key=lambda currency: not currency.is_base))


def sources(result: object) -> tuple[CrmSource, ...]:
    """In the portal's order; one without a name is shown by its id."""
    return tuple(
        CrmSource(source_id, wire.text_in(row, "NAME") or source_id)
        for row in wire.rows_in(result)
        if (source_id := wire.text_in(row, "STATUS_ID"))
    )


def crm_user(result: object) -> CrmUser | None:
    """NAME may be missing (crm-notes 5): then the name is empty."""
    user_id = wire.number_in(result, "ID")
    if user_id is None:
        return None
    return CrmUser(user_id, _joined(result, "NAME", "LAST_NAME"), wire.text_in(result, "UF_PHONE_INNER").strip())


def crm_users(rows: Iterable[Mapping[str, object]]) -> tuple[CrmUser, ...]:
    return tuple(user for row in rows if (user := crm_user(row)) is not None)


def entity_type_id(kind: CustomerKind) -> int:
    return _OWNER_TYPE_IDS[kind]


def customer_of_item(kind: CustomerKind, crm_entity_id: int, result: object) -> Customer | None:
    """A lead, contact or company out of crm.item.get; a lead without a person's name goes by its title. None when the
    reply holds no item of that id."""
    item = result.get("item") if isinstance(result, Mapping) else None
    if wire.number_in(item, "id") != crm_entity_id:
        return None
    title = wire.text_in(item, "title").strip()
    person = _joined(item, "name", "lastName")
    name = title if kind is CustomerKind.COMPANY else person or title
    return Customer(kind, crm_entity_id, name, wire.number_in(item, "assignedById"))


def _joined(row: object, *keys: str) -> str:
    return " ".join(part for key in keys if (part := wire.text_in(row, key).strip()))


def is_older_than_call(row: Mapping[str, object], started_at: datetime) -> bool:
    """Whether a comment was written long before the call began; False when its date cannot be read."""
    try:
        created_at = datetime.fromisoformat(wire.text_in(row, "CREATED"))
    except ValueError:
        return False
    if created_at.tzinfo is None:
        return False
    return (started_at - created_at).total_seconds() > _CLOCK_SLACK_S


def marked_comment(row: Mapping[str, object], marker: str) -> str | None:
    """The comment's id when the marker stands in it, else None."""
    return wire.text_in(row, "ID") if marker in wire.text_in(row, "COMMENT") else None


def upload_address(result: object) -> wire.UploadAddress | None:
    """Where the second step of an upload goes; None when the reply names no address or no field."""
    url, field_name = wire.text_in(result, "uploadUrl"), wire.text_in(result, "fieldName")
    return wire.UploadAddress(field_name, url) if url and field_name else None


def is_of_portal(address: wire.UploadAddress, portal_url: str) -> bool:
    """Whether a recording may go there: to the portal's own host, over https, or within this machine."""
    if address_problem(address.url) is not None:
        return False
    asked, own = urlsplit(address.url), urlsplit(portal_url)
    return asked.hostname == own.hostname and (asked.scheme == "https" or own.scheme == "http")


def record_name(card_key: str, attempt: int, suffix: str, again: str = "") -> str:
    """A name of its own for each try: the portal keeps one file of a name a month (crm-notes 1.3)."""
    key = _NOT_IN_FILE_NAMES.sub("_", card_key)[:_LONGEST_KEY]
    return f"{key}-{attempt}{again}{suffix.lower()}"


def suffix_of_link(link: str) -> str:
    """`.wav` or `.mp3`, as the link's path says; PBX links that end otherwise lead to an mp3."""
    try:
        path = urlsplit(link).path.lower()
    except ValueError:
        path = ""
    return ".wav" if path.endswith(".wav") else ".mp3"
