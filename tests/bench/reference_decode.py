"""The yardstick of an update: msgspec decodes the whole reply into structs, two dicts of them are compared. No Qt."""

from __future__ import annotations

import msgspec


class Leg(msgspec.Struct, frozen=True, gc=False):
    """One participant."""

    leg_id: int
    calling_phone_number: str | None
    called_phone_number: str | None
    is_operator: bool
    employee_id: int | None
    employee_full_name: str | None
    record_call_enabled: bool
    state: str


class Tag(msgspec.Struct, frozen=True, gc=False):
    """A mark."""

    tag_id: int
    tag_name: str


class Call(msgspec.Struct, frozen=True, gc=False):
    """One call."""

    call_session_id: int
    direction: str
    start_time: str
    virtual_phone_number: str
    contact_phone_number: str
    external_id: str | None
    tags: tuple[Tag, ...]
    legs: tuple[Leg, ...]


class _Result(msgspec.Struct, gc=False):
    data: list[Call]


class _Reply(msgspec.Struct, gc=False):
    result: _Result


_replies = msgspec.json.Decoder(_Reply)


def decode(body: bytes) -> dict[int, Call]:
    """Every call by its id."""
    return {call.call_session_id: call for call in _replies.decode(body).result.data}


def difference(before: dict[int, Call], now: dict[int, Call]) -> tuple[list[int], list[int]]:
    """Ids that are new or changed, and ids that are gone."""
    changed = [call_session_id for call_session_id, call in now.items() if before.get(call_session_id) != call]
    gone = [call_session_id for call_session_id in before if call_session_id not in now]
    return changed, gone
