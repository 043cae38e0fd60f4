"""Requests and replies as amoCRM spells them (crm-notes 6). What a reply means is mapping.py's.

A field that is not known is left out: a null is refused. Replies are read leniently: an effect was had once our
request_id came back, and an odd field must not make it look undone.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import UNSET, Struct, UnsetType

API = "/api/v4/"
CALLS = "calls"
CONTACTS, COMPANIES, LEADS, CUSTOMERS = "contacts", "companies", "leads", "customers"
UNSORTED, UNSORTED_SIP = "leads/unsorted", "leads/unsorted/sip"
ACCOUNT, USERS = "account", "users"
CALL_IN, CALL_OUT = "call_in", "call_out"
PAGE_LIMIT = 250


class Call(Struct, frozen=True, kw_only=True):
    """One item of POST calls (6.1). `created_at` and `updated_at`: Unix seconds."""

    direction: str
    phone: str
    duration: int
    source: str
    uniq: str
    call_status: int
    created_at: int
    updated_at: int
    request_id: str
    call_result: str | UnsetType = UNSET
    link: str | UnsetType = UNSET
    call_responsible: int | UnsetType = UNSET
    responsible_user_id: int | UnsetType = UNSET
    created_by: int | UnsetType = UNSET
    updated_by: int | UnsetType = UNSET


class CallNoteParams(Struct, frozen=True, kw_only=True):
    """What a call_in or call_out note holds (6.2)."""

    uniq: str
    duration: int
    source: str
    phone: str
    call_status: int
    call_result: str | UnsetType = UNSET
    link: str | UnsetType = UNSET
    call_responsible: int | UnsetType = UNSET


class CallNote(Struct, frozen=True, kw_only=True):
    """One item of POST {kind}/{id}/notes."""

    note_type: str
    params: CallNoteParams
    created_at: int
    updated_at: int
    request_id: str
    responsible_user_id: int | UnsetType = UNSET
    created_by: int | UnsetType = UNSET
    updated_by: int | UnsetType = UNSET


class PhoneValue(Struct, frozen=True):
    """One number of a card."""

    value: str
    enum_code: str = "WORK"


class PhoneField(Struct, frozen=True):
    """The standard field of numbers, the same in every account."""

    values: tuple[PhoneValue, ...]
    field_code: str = "PHONE"


class Contact(Struct, frozen=True, kw_only=True):
    """One item of POST contacts; inside an unsorted call without the fields that belong to the request."""

    name: str
    custom_fields_values: tuple[PhoneField, ...]
    request_id: str | UnsetType = UNSET
    responsible_user_id: int | UnsetType = UNSET
    created_by: int | UnsetType = UNSET


class UnsortedMetadata(Struct, frozen=True, kw_only=True, rename={"caller": "from"}):
    """`caller` is sent as `from`: the outside number; `phone` the one of ours that was called. With
    `is_call_event_needed` the account would show the two swapped (6.2), so it is never asked for."""

    uniq: str
    caller: str
    phone: str
    called_at: int
    duration: int
    service_code: str
    is_call_event_needed: bool = False
    link: str | UnsetType = UNSET


class UnsortedContacts(Struct, frozen=True):
    """Who becomes a contact when somebody accepts the call."""

    contacts: tuple[Contact, ...]


class UnsortedCall(Struct, frozen=True, kw_only=True, rename={"embedded": "_embedded"}):
    """One item of POST leads/unsorted/sip."""

    source_uid: str
    source_name: str
    created_at: int
    metadata: UnsortedMetadata
    embedded: UnsortedContacts
    request_id: str
    pipeline_id: int | UnsetType = UNSET


Item = Call | CallNote | Contact | UnsortedCall
Row = Mapping[str, object]

_encoder = msgspec.json.Encoder()
UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def encoded(item: Item) -> bytes:
    """Every POST takes an array; one item at a time, so that an answer is about that item."""
    return _encoder.encode([item])


def decoded(body: bytes) -> Row:
    """The reply's object; empty for 204, which has no body. Raises one of UNDECODABLE."""
    if not body.strip():
        return {}
    found = msgspec.json.decode(body)
    if not isinstance(found, Mapping):
        raise msgspec.DecodeError("an object was expected")
    return found


def embedded(said: object, name: str) -> tuple[Row, ...]:
    """The objects under `_embedded`.`name`."""
    inside = said.get("_embedded") if isinstance(said, Mapping) else None
    return rows_in(inside.get(name)) if isinstance(inside, Mapping) else ()


def rows_in(value: object) -> tuple[Row, ...]:
    """The objects of a list."""
    return tuple(row for row in value if isinstance(row, Mapping)) if isinstance(value, list) else ()


def text_in(row: object, name: str) -> str:
    """A scalar as text; empty for null, absent, lists and objects."""
    value = row.get(name) if isinstance(row, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def number_in(row: object, name: str) -> int | None:
    """A whole number that may have come as a text; None for anything else, and for 0."""
    written = text_in(row, name)
    return int(written) if written.isascii() and written.isdigit() and len(written) < 20 and int(written) else None
