"""Which parts in a call this data folder has a card or a draft of, whatever became of it. Reads only."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from app.database import Database
from app.domain.calls import CallSessionId, EmployeeId, LegId
from app.domain.reported_call import ReportedPart, overlap
from app.domain.wrap_up import card_key_of

_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
# Between the PBX's clock and ours.
_SLACK = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class KnownPart:
    """`leg_id` as the card's key has it. What nobody can read is None: such a card counts for everybody, for ever."""

    leg_id: LegId | None
    employee_id: EmployeeId | None = None
    began_at: datetime | None = None
    ended_at: datetime | None = None


class _Facts(msgspec.Struct):
    employee_id: int | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None


class _Draft(msgspec.Struct):
    facts: _Facts


class _DraftContent(msgspec.Struct):
    draft: _Draft


class KnownParts:
    """Raises StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_calls(
        self, pbx_host: str, call_session_ids: Iterable[CallSessionId]
    ) -> Mapping[CallSessionId, tuple[KnownPart, ...]]:
        """By the keys of the cards, which any state keeps. Calls of which nothing is known are absent."""
        wanted = tuple(call_session_ids)

        def read(connection: sqlite3.Connection) -> dict[CallSessionId, tuple[KnownPart, ...]]:
            found = {one: tuple(_of_call(connection, pbx_host, one)) for one in wanted}
            return {one: parts for one, parts in found.items() if parts}

        return await self._database.run(read)


def has_card(part: ReportedPart, my_leg_ids: frozenset[LegId], known: Iterable[KnownPart], me: EmployeeId) -> bool:
    """Whether one of the known parts is this one. The list and the report of a call should name a leg alike; where a
    known leg of mine is none of mine in the report, they do not, and the times decide."""
    for one in known:
        if one.employee_id not in (None, me):
            continue
        if one.leg_id is None or one.began_at is None or one.leg_id in part.leg_ids:
            return True
        if one.leg_id not in my_leg_ids and overlap(
            (one.began_at, one.ended_at), (part.began_at, part.ended_at), _SLACK
        ):
            return True
    return False


def _of_call(connection: sqlite3.Connection, pbx_host: str, call_session_id: CallSessionId) -> Iterable[KnownPart]:
    # Keys of one call: everything from "…-session-" up to the next character after the dash.
    begin = card_key_of(pbx_host, call_session_id, LegId(0)).removesuffix("0")
    span = (begin, begin[:-1] + chr(ord(begin[-1]) + 1))
    for table, parse in (("drafts", _draft_facts), ("cards", _card_facts)):
        rows = connection.execute(
            f"SELECT card_key, content FROM {table} WHERE card_key >= ? AND card_key < ?",  # noqa: S608  our own words
            span,
        ).fetchall()
        for card_key, content in rows:
            facts = parse(content)
            leg = card_key.removeprefix(begin)
            yield KnownPart(
                leg_id=LegId(int(leg)) if leg.isascii() and leg.isdigit() else None,
                employee_id=None if facts.employee_id is None else EmployeeId(facts.employee_id),
                began_at=facts.started_at,
                ended_at=facts.ended_at,
            )


def _draft_facts(content: bytes) -> _Facts:
    try:
        return msgspec.json.decode(content, type=_DraftContent).draft.facts
    except _UNREADABLE:
        return _Facts()


def _card_facts(content: bytes) -> _Facts:
    try:
        return msgspec.json.decode(content, type=_Facts)
    except _UNREADABLE:
        return _Facts()
