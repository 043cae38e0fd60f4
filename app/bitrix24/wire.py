"""Parameters and replies as Bitrix24 spells them (crm-notes 1). What a reply means is mapping.py's.

Replies are read leniently: an effect was had once HTTP 200 came, and an odd field must not make it look undone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import msgspec
from msgspec import UNSET, Struct, UnsetType

REGISTER = "telephony.externalCall.register"
FINISH = "telephony.externalCall.finish"
ATTACH_RECORD = "telephony.externalCall.attachRecord"
SHOW = "telephony.externalCall.show"
HIDE = "telephony.externalCall.hide"
SEARCH_CRM_ENTITIES = "telephony.externalCall.searchCrmEntities"
COMMENT_ADD = "crm.timeline.comment.add"
COMMENT_LIST = "crm.timeline.comment.list"
ACTIVITY_LIST = "crm.activity.list"
USER_CURRENT = "user.current"
USER_GET = "user.get"
STATUS_LIST = "crm.status.list"
ITEM_GET = "crm.item.get"
STATISTIC_GET = "voximplant.statistic.get"
CURRENCY_LIST = "crm.currency.list"


class Registration(Struct, frozen=True, kw_only=True, rename="upper"):
    """telephony.externalCall.register (1.1). SHOW, CRM_CREATE and ADD_TO_CHAT always, so that no default matters."""

    user_id: int
    phone_number: str
    type: int
    call_start_date: str
    external_call_id: str
    show: int
    crm_create: int
    add_to_chat: int
    line_number: str | UnsetType = UNSET
    crm_entity_type: str | UnsetType = UNSET
    crm_entity_id: int | UnsetType = UNSET
    crm_source: str | UnsetType = UNSET
    call_list_id: int | UnsetType = UNSET


class Finish(Struct, frozen=True, kw_only=True, rename="upper"):
    """telephony.externalCall.finish (1.2). `duration` is talk seconds; RECORD_URL is never sent."""

    call_id: str
    user_id: int
    duration: int
    status_code: str
    add_to_chat: int
    cost: Decimal | UnsetType = UNSET
    cost_currency: str | UnsetType = UNSET
    failed_reason: str | UnsetType = UNSET
    vote: int | UnsetType = UNSET


class PushedCard(Struct, frozen=True, rename="upper"):
    """telephony.externalCall.show and hide (1.4): Bitrix24's own card in these users' clients."""

    call_id: str
    user_id: tuple[int, ...]


class RecordName(Struct, frozen=True, rename="upper"):
    """telephony.externalCall.attachRecord with a name and nothing else (1.3): an absent FILE_CONTENT and an absent
    RECORD_URL are what makes it create nothing and give out an address to upload to."""

    call_id: str
    filename: str


class RecordContent(Struct, frozen=True, rename="upper"):
    """The same with the file itself; bytes are encoded as base64."""

    call_id: str
    filename: str
    file_content: bytes


class RecordLink(Struct, frozen=True, rename="upper"):
    """The same by link. RECORD_URL means this mode even when it is empty, so it is in no other."""

    call_id: str
    filename: str
    record_url: str


@dataclass(frozen=True, slots=True)
class UploadAddress:
    """Where the second step of an upload goes. The address holds a token, so it is never shown or written down."""

    field_name: str
    url: str = field(repr=False)


class RawParams(Struct, frozen=True):
    """Parameters given one by one: for a request that is meant to be refused."""

    params: Mapping[str, object]


class PhoneNumberParams(Struct, frozen=True, rename="upper"):
    """telephony.externalCall.searchCrmEntities (1.5)."""

    phone_number: str


class CommentFields(Struct, frozen=True, rename="upper"):
    """One timeline comment."""

    entity_id: int
    entity_type: str
    comment: str


class CommentAdd(Struct, frozen=True):
    """crm.timeline.comment.add: the key `fields` is lower-case."""

    fields: CommentFields


class ListParams(Struct, frozen=True):
    """crm.*.list: newest first, a page from `start` on."""

    filter: Mapping[str, object]
    select: tuple[str, ...]
    order: Mapping[str, str]
    start: int = 0


class StatisticsPage(Struct, frozen=True):
    """voximplant.statistic.get (1.6)."""

    filter: Mapping[str, object] = msgspec.field(name="FILTER")
    sort: str = msgspec.field(name="SORT", default="ID")
    order: str = msgspec.field(name="ORDER", default="DESC")


class UsersPage(Struct, frozen=True):
    """user.get: employees who still work here, a page from `start` on."""

    filter: Mapping[str, object] = msgspec.field(name="FILTER")
    sort: str = "ID"
    order: str = "ASC"
    start: int = 0


class StatusList(Struct, frozen=True):
    """crm.status.list: one reference list, whole; it knows no pages and no `select`."""

    filter: Mapping[str, object]
    order: Mapping[str, str]


class ItemGet(Struct, frozen=True, rename="camel"):
    """crm.item.get: one entity by its type's figure and its id."""

    entity_type_id: int
    id: int


class NoParams(Struct, frozen=True):
    """Methods that take nothing."""


class Envelope(Struct):
    """Every reply: `result` or `error` with `error_description`; lists add `next`; `time` tells the limits."""

    result: object = UNSET
    error: object = UNSET
    error_description: object = ""
    next: object = None
    time: object = None

    @property
    def has_result(self) -> bool:
        return not isinstance(self.result, UnsetType)

    @property
    def has_error(self) -> bool:
        return not isinstance(self.error, UnsetType)


_encoder = msgspec.json.Encoder(decimal_format="number")
_envelope_decoder = msgspec.json.Decoder(Envelope)

UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def encoded(params: Struct) -> bytes:
    return _encoder.encode(params.params if isinstance(params, RawParams) else params)


def with_token(body: bytes, token: str) -> bytes:
    """The body of an application's request: the same object with `auth` in front."""
    auth = b'{"auth":' + _encoder.encode(token)
    return auth + (b"}" if body == b"{}" else b"," + body[1:])


def decoded(body: bytes) -> Envelope:
    """Raises one of UNDECODABLE."""
    return _envelope_decoder.decode(body)


def text_in(row: object, name: str) -> str:
    """A scalar as text; empty for null, absent, lists and objects: PHP sends numbers and texts for each other."""
    value = row.get(name) if isinstance(row, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def number_in(row: object, name: str) -> int | None:
    """A whole number that may have come as a text; None for anything else, and for 0, which is PHP's "none"."""
    written = text_in(row, name)
    # An absurdly long one would make int() raise: it is nobody's id.
    return int(written) if written.isascii() and written.isdigit() and len(written) < 20 and int(written) else None


def decimal_in(row: object, name: str) -> float | None:
    """A number, whole or not, that may have come as a text; None for anything else."""
    try:
        value = float(text_in(row, name))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def rows_in(value: object) -> tuple[Mapping[str, object], ...]:
    """The objects of a list; of an object of objects (PHP's sparse list) its values."""
    if isinstance(value, Mapping):
        value = list(value.values())
    return tuple(row for row in value if isinstance(row, Mapping)) if isinstance(value, list) else ()
