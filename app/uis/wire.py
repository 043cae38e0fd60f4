"""Replies of the Call API as the vendor spells them, quirks included. Nothing of the domain, nothing of HTTP.

Decoding trusts nothing: DecodeError, UnicodeDecodeError and RecursionError all come out of msgspec on hostile bytes,
and each becomes OutcomeUnknown for a reply, or a slower and more patient reading for a single call.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated

import msgspec

from app.errors import OutcomeUnknown
from app.http import PointsLimits

DECODE_ERRORS = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_NO_RAW = msgspec.Raw(b"")
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,19}")

WireId = Annotated[int, msgspec.Meta(ge=-(2**62), le=2**62)]
"""SQLite and Qt hold no more; the vendor's ids are far smaller."""


class MessageWire(msgspec.Struct, frozen=True):
    """What the PBX plays: `type` "tts" or "media", `value` always text, a media file's id too (uis-notes §6.15)."""

    type: str
    value: str


class LegWire(msgspec.Struct, frozen=True, gc=False):
    """One participant. `called_phone_number` may carry a dialled tail."""

    leg_id: WireId
    calling_phone_number: str | None = None
    called_phone_number: str | None = None
    is_operator: bool | None = None
    employee_id: WireId | None = None
    employee_full_name: str | None = None
    record_call_enabled: bool | None = None
    state: str | None = None


class TagWire(msgspec.Struct, frozen=True, gc=False):
    """A mark on a call."""

    tag_id: WireId
    tag_name: str | None = None


class CallWire(msgspec.Struct, frozen=True, gc=False):
    """One entry of list.calls."""

    call_session_id: WireId
    direction: str | None = None
    start_time: str | None = None
    virtual_phone_number: str | None = None
    contact_phone_number: str | None = None
    external_id: str | None = None
    tags: list[TagWire] | None = None
    legs: list[LegWire] | None = None


class ErrorWire(msgspec.Struct, frozen=True):
    """The `error` member of a refusal. `code` None when it is no number; `params` as they came."""

    code: int | None
    message: str
    mnemonic: str
    field: str
    params: Mapping[str, object]


class ReplyWire(msgspec.Struct, frozen=True):
    """A JSON-RPC answer: `data` of a result (raw bytes), or an error. `limits` and `total_items` None when none were
    told."""

    data: msgspec.Raw | None
    error: ErrorWire | None
    limits: PointsLimits | None
    is_version_deprecated: bool = False
    total_items: int | None = None


class _Envelope(msgspec.Struct):
    result: msgspec.Raw = _NO_RAW
    error: msgspec.Raw = _NO_RAW
    metadata: msgspec.Raw = _NO_RAW


class _Result(msgspec.Struct):
    data: msgspec.Raw = _NO_RAW
    metadata: msgspec.Raw = _NO_RAW


_envelopes = msgspec.json.Decoder(_Envelope)
_results = msgspec.json.Decoder(_Result)
_lists = msgspec.json.Decoder(list[msgspec.Raw] | None)
_calls = msgspec.json.Decoder(CallWire, strict=False)


def read_reply(body: bytes, http_status: int, *, is_data_needed: bool = True) -> ReplyWire:
    """The answer in a body, whatever its HTTP status. A result without `data`, as the Data API's writes give it, is one
    only where none is needed. Raises OutcomeUnknown when there is no answer that can be trusted."""
    try:
        answer = _answer_in(body, is_data_needed=is_data_needed)
    except DECODE_ERRORS:
        answer = _patient_answer(body, is_data_needed=is_data_needed)
    if answer is not None:
        return answer
    if not 200 <= http_status < 300:
        raise OutcomeUnknown("http_status", {"http_status": http_status})
    raise OutcomeUnknown("reply_undecodable")


def split_calls(data: msgspec.Raw) -> list[msgspec.Raw]:
    """The entries of list.calls, each still undecoded; an empty list for `null`. Raises OutcomeUnknown."""
    try:
        return _lists.decode(data) or []
    except DECODE_ERRORS:
        pass
    raise OutcomeUnknown("reply_unexpected")


def read_call(raw: bytes | msgspec.Raw) -> CallWire | None:
    """One entry of list.calls; None when not even its id can be read."""
    try:
        return _calls.decode(raw)
    except DECODE_ERRORS:
        pass
    return _patient_call(_patient_json(bytes(raw)))


def is_success(data: msgspec.Raw) -> bool:
    """`data.success` is true: as a boolean, or spelt "true" (13 methods, uis-notes §6.2)."""
    found = _object_in(data).get("success")
    return found is True or (isinstance(found, str) and found.lower() == "true")


def read_object(data: msgspec.Raw) -> Mapping[str, object]:
    """`data` as an object. Raises OutcomeUnknown when it is none."""
    found = _object_in(data)
    if not found:
        raise OutcomeUnknown("reply_unexpected")
    return found


def read_objects(data: msgspec.Raw) -> list[Mapping[str, object]]:
    """`data` as a list of objects; entries that are none are left out. Raises OutcomeUnknown when it is no list."""
    return [found for raw in split_calls(data) if (found := _object_in(raw))]


def text_of(value: object) -> str | None:
    """A string or number as text; None for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def whole_number_of(value: object) -> int | None:
    """A number given as a number or as text; None for anything else or out of 64 bits."""
    if isinstance(value, str):
        value = int(value) if _WHOLE_NUMBER.fullmatch(value.strip()) else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 2**62:
        return None
    return value


def flag_of(value: object) -> bool | None:
    """A boolean given as such, as a number or as text; None for anything else."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return bool(value)
    if isinstance(value, str):
        return {"true": True, "1": True, "false": False, "0": False}.get(value.strip().lower())
    return None


def _patient_answer(body: bytes, *, is_data_needed: bool) -> ReplyWire | None:
    """One half of a surrogate pair in one caller's name must not hide everybody's calls."""
    found = _patient_json(body)
    if not isinstance(found, dict):
        return None
    try:
        patched = json.dumps(found, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
        return _answer_in(patched, is_data_needed=is_data_needed)
    except (ValueError, *DECODE_ERRORS):
        return None


def _answer_in(body: bytes, *, is_data_needed: bool) -> ReplyWire | None:
    """None when the body is no JSON-RPC answer: neither a result nor an error object, or both."""
    envelope = _envelopes.decode(body)
    has_result, has_error = _is_given(envelope.result), _is_given(envelope.error)
    if has_result == has_error:
        return None
    if has_error:
        return _error_answer(_object_in(envelope.error), envelope)
    result = _results.decode(envelope.result)
    metadata = _object_in(result.metadata) or _object_in(envelope.metadata)
    data = result.data if _has(result.data) or is_data_needed else msgspec.Raw(b"{}")
    if not _has(data):
        return None
    total_items = whole_number_of(metadata.get("total_items"))
    return ReplyWire(data, None, _limits_in(metadata), _is_deprecated(metadata), total_items)


def _error_answer(error: Mapping[str, object], envelope: _Envelope) -> ReplyWire | None:
    details = error.get("data")
    details = details if isinstance(details, dict) else {}
    code, mnemonic = whole_number_of(error.get("code")), details.get("mnemonic")
    if code is None and not isinstance(mnemonic, str):
        return None
    inner = details.get("metadata")
    metadata = inner if isinstance(inner, dict) else _object_in(envelope.metadata)
    params = details.get("params")
    wire = ErrorWire(
        code=code,
        message=text_of(error.get("message")) or "",
        mnemonic=mnemonic if isinstance(mnemonic, str) else "",
        field=text_of(details.get("field")) or "",
        params=params if isinstance(params, dict) else {},
    )
    return ReplyWire(None, wire, _limits_in(metadata), _is_deprecated(metadata))


def _limits_in(metadata: Mapping[str, object]) -> PointsLimits | None:
    limits = metadata.get("limits")
    if not isinstance(limits, dict) or not limits:
        return None
    return PointsLimits(
        day_limit=whole_number_of(limits.get("day_limit")),
        day_remaining=whole_number_of(limits.get("day_remaining")),
        day_reset_s=whole_number_of(limits.get("day_reset")),
        minute_limit=whole_number_of(limits.get("minute_limit")),
        minute_remaining=whole_number_of(limits.get("minute_remaining")),
        minute_reset_s=whole_number_of(limits.get("minute_reset")),
    )


def _is_deprecated(metadata: Mapping[str, object]) -> bool:
    """Both spellings are in use: `depricated` here, `deprecated` at the sister brand (uis-notes §6.3)."""
    version = metadata.get("api_version")
    if not isinstance(version, dict):
        return False
    return any(flag_of(version.get(name)) for name in ("current_version_depricated", "current_version_deprecated"))


def _has(raw: msgspec.Raw) -> bool:
    return bool(bytes(raw))


def _is_given(raw: msgspec.Raw) -> bool:
    return _has(raw) and bytes(raw).strip() != b"null"


def _object_in(raw: msgspec.Raw) -> dict[str, object]:
    """The object in these bytes, empty when there is none."""
    if not _has(raw):
        return {}
    try:
        found = msgspec.json.decode(raw)
    except DECODE_ERRORS:
        found = _patient_json(bytes(raw))
    return found if isinstance(found, dict) else {}


def _patient_json(raw: bytes) -> object:
    """What the standard library makes of it: it forgives lone surrogates and huge numbers, and here broken UTF-8."""
    try:
        return json.loads(raw.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None


def _patient_call(entry: object) -> CallWire | None:
    """Member by member; what is of a wrong type is left empty."""
    call_session_id = whole_number_of(entry.get("call_session_id")) if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or call_session_id is None:
        return None
    return CallWire(
        call_session_id=call_session_id,
        direction=text_of(entry.get("direction")),
        start_time=text_of(entry.get("start_time")),
        virtual_phone_number=text_of(entry.get("virtual_phone_number")),
        contact_phone_number=text_of(entry.get("contact_phone_number")),
        external_id=text_of(entry.get("external_id")),
        tags=[_patient_tag(tag) for tag in _objects_of(entry.get("tags"))],
        legs=[_patient_leg(place, leg) for place, leg in enumerate(_objects_of(entry.get("legs")))],
    )


def _objects_of(value: object) -> list[dict[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _patient_tag(tag: Mapping[str, object]) -> TagWire:
    return TagWire(whole_number_of(tag.get("tag_id")) or 0, text_of(tag.get("tag_name")))


def _patient_leg(place: int, leg: Mapping[str, object]) -> LegWire:
    leg_id = whole_number_of(leg.get("leg_id"))
    return LegWire(
        # A leg without an id still counts for the state of the call; below zero it meets no real one.
        leg_id=-1 - place if leg_id is None else leg_id,
        calling_phone_number=text_of(leg.get("calling_phone_number")),
        called_phone_number=text_of(leg.get("called_phone_number")),
        is_operator=flag_of(leg.get("is_operator")),
        employee_id=whole_number_of(leg.get("employee_id")),
        employee_full_name=text_of(leg.get("employee_full_name")),
        record_call_enabled=flag_of(leg.get("record_call_enabled")),
        state=text_of(leg.get("state")),
    )
