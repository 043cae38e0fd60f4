"""A whole list.calls reply read at once: split, decoded call by call, mapped. Pure: may run on a thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo

from app.domain.calls import CallSession, LegState
from app.uis.mapping import call_session_of
from app.uis.wire import ReplyWire, read_call, read_reply, split_calls

Cache = Mapping[bytes, CallSession]
"""Bytes of an entry -> the call made of them, from the reply before."""


_SHAPE = 16


@dataclass(frozen=True, slots=True)
class DecodedCalls:
    """`cache` goes into the next reading. `skipped`: first bytes of entries without a readable id.
    `unknown_states`: state texts that were met in entries that are new or changed."""

    calls: tuple[CallSession, ...]
    cache: Cache
    reply: ReplyWire
    skipped: tuple[bytes, ...] = ()
    unknown_states: frozenset[str] = frozenset()


def decode_calls(body: bytes, cache: Cache, zone: tzinfo = UTC, http_status: int = 200) -> DecodedCalls:
    """Every call of the reply; one whose bytes did not change is the very same object as in `cache`.

    An error answer gives no calls and has `reply.error`. Raises OutcomeUnknown when the reply cannot be read.
    """
    reply = read_reply(body, http_status)
    if reply.data is None:
        return DecodedCalls((), cache, reply)
    calls: dict[bytes, CallSession] = {}
    skipped: list[bytes] = []
    unknown_states: set[str] = set()
    for raw in split_calls(reply.data):
        entry = bytes(raw)
        call_session = cache.get(entry)
        if call_session is None:
            wire = read_call(entry)
            if wire is None:
                skipped.append(entry[:_SHAPE])
                continue
            call_session = call_session_of(wire, zone)
            unknown_states.update(leg.state_text for leg in call_session.legs if leg.leg_state is LegState.UNKNOWN)
        calls[entry] = call_session
    return DecodedCalls(tuple(calls.values()), calls, reply, tuple(skipped), frozenset(unknown_states))
