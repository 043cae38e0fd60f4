"""Whom one can call inside the company, and who of them is on a call now. Without Qt and without words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from app.domain.calls import EmployeeId, LegState
from app.domain.live_call import LiveCall

if TYPE_CHECKING:
    from app.account.lists import AccountLists
    from app.account.port import Colleague, OperatorStatus


class Presence(Enum):
    """What is known of somebody right now. AWAY: the status is no working time. STATUS: one of the account's own, of
    which only the name tells what it means. FREE: no status is known. UNKNOWN: no list of calls, and for groups."""

    FREE = "free"
    RINGING = "ringing"
    ON_CALL = "on_call"
    STATUS = "status"
    AWAY = "away"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A colleague or a group. `number`: the extension, else the first phone; `phone_numbers`: what can be dialled from
    outside. `status_name` and `status_colour` ("#rrggbb", or empty) are the phone system's own, shown as they are.
    `busy_since_s`: monotonic, `busy_for_s`: at the moment the row was made; both None for whoever is on no call.
    """

    name: str
    number: str
    group: str = ""
    presence: Presence = Presence.UNKNOWN
    employee_id: EmployeeId | None = None
    phone_numbers: tuple[str, ...] = ()
    status_name: str = ""
    status_colour: str = ""
    busy_since_s: float | None = None
    busy_for_s: float | None = None
    is_group: bool = False
    member_count: int = 0


@dataclass(frozen=True, slots=True)
class _Busy:
    presence: Presence
    since_s: float


def people_rows(
    lists: AccountLists,
    calls: Iterable[LiveCall],
    me: EmployeeId | None,
    now_monotonic_s: float,
    *,
    are_calls_known: bool = True,
) -> tuple[PersonRow, ...]:
    """Colleagues without me by name, then the groups by name; numberless ones are left out.

    `are_calls_known` False: the list of calls cannot be read, so nobody is told to be free.
    """
    busy = busy_employees(calls)
    statuses = {status.status_id: status for status in lists.statuses}
    rows: list[PersonRow] = []
    for colleague in sorted(lists.colleagues, key=lambda one: one.name.casefold()):
        number = colleague.extension or next(iter(colleague.phone_numbers), "")
        if colleague.employee_id == me or not number:
            continue
        status = None if colleague.status_id is None else statuses.get(colleague.status_id)
        rows.append(_row(colleague, number, busy.get(colleague.employee_id), status, now_monotonic_s, are_calls_known))
    groups = sorted(lists.groups, key=lambda one: one.name.casefold())
    rows += [
        PersonRow(group.name, group.number, is_group=True, member_count=len(group.members))
        for group in groups
        if group.number
    ]
    return tuple(rows)


def matching_people(rows: Sequence[PersonRow], typed: str) -> tuple[PersonRow, ...]:
    """Those in whose name, group or status every typed word begins a word, or whose number begins with what was typed.

    Names that begin so come first; nothing typed matches everybody.
    """
    words = typed.casefold().split()
    if not words:
        return tuple(rows)
    start = "".join(words)
    found = [row for row in rows if _has_words(row, words) or _has_number(row, start)]
    return tuple(sorted(found, key=lambda row: not row.name.casefold().startswith(words[0])))


def busy_employees(calls: Iterable[LiveCall]) -> dict[EmployeeId, _Busy]:
    """Who has a live leg: talking goes before ringing, and the longest one counts."""
    busy: dict[EmployeeId, _Busy] = {}
    for call in calls:
        for leg in call.session.employee_legs:
            if leg.employee_id is None:
                continue
            part = call.part_of(leg.employee_id)
            is_ringing = leg.leg_state is LegState.DIALLING
            began = call.first_seen if part is None else part.first_seen
            if part is not None and part.talk_began is not None and not is_ringing:
                began = part.talk_began
            found = _Busy(Presence.RINGING if is_ringing else Presence.ON_CALL, began.monotonic_s)
            busy[leg.employee_id] = min(found, busy.get(leg.employee_id, found), key=_weight)
    return busy


def _weight(one: _Busy) -> tuple[bool, float]:
    return (one.presence is Presence.RINGING, one.since_s)


def _row(
    colleague: Colleague,
    number: str,
    busy: _Busy | None,
    status: OperatorStatus | None,
    now_monotonic_s: float,
    are_calls_known: bool,
) -> PersonRow:
    presence = Presence.FREE if are_calls_known else Presence.UNKNOWN
    if status is not None:
        presence = Presence.STATUS if status.is_worktime else Presence.AWAY
    if busy is not None:
        presence = busy.presence
    return PersonRow(
        name=colleague.name,
        number=number,
        group=", ".join(colleague.groups),
        presence=presence,
        employee_id=colleague.employee_id,
        phone_numbers=colleague.phone_numbers,
        status_name="" if status is None else status.name,
        status_colour="" if status is None else status.colour,
        busy_since_s=None if busy is None else busy.since_s,
        busy_for_s=None if busy is None else max(0.0, now_monotonic_s - busy.since_s),
    )


def _has_words(row: PersonRow, words: Sequence[str]) -> bool:
    held = f"{row.name} {row.group} {row.status_name}".casefold().replace("-", " ").split()
    return all(any(own.startswith(word) for own in held) for word in words)


def _has_number(row: PersonRow, start: str) -> bool:
    digits = start.lstrip("+")
    return bool(digits) and any(number.startswith(digits) for number in (row.number, *row.phone_numbers) if number)
