"""Entries of the Data API to the account's lists. Entries without a readable id are left out, doubles too. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, tzinfo
from typing import TypeVar

from app.account.port import (
    AccountLine,
    AccountMediaFile,
    AccountScenario,
    AccountTag,
    Colleague,
    EmployeeGroup,
    OperatorStatus,
)
from app.domain.calls import CallSessionId, EmployeeId, TagId
from app.uis.mapping import clean_text, number_and_tail_of
from app.uis.wire import flag_of, text_of, whole_number_of

Entry = Mapping[str, object]
T = TypeVar("T")

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_CLOCK_TIME = re.compile(r"(?:(\d+):)?(\d+):(\d+)", re.ASCII)


def time_zone_of(entries: Iterable[Entry]) -> str | None:
    """The zone of get.account."""
    return next((zone for entry in entries if (zone := _text(entry, "timezone"))), None)


def colleagues_of(entries: Iterable[Entry]) -> tuple[Colleague, ...]:
    """get.employees."""
    return _each(entries, _colleague_of)


def groups_of(entries: Iterable[Entry]) -> tuple[EmployeeGroup, ...]:
    """get.group_employees."""
    return _each(entries, _group_of)


def tags_of(entries: Iterable[Entry]) -> tuple[AccountTag, ...]:
    """get.tags."""
    return _each(entries, lambda tag_id, entry: AccountTag(TagId(tag_id), _text(entry, "name")))


def lines_of(entries: Iterable[Entry]) -> tuple[AccountLine, ...]:
    """get.virtual_numbers: those in use. A scenario counts while one of them is on."""
    lines: dict[str, AccountLine] = {}
    for entry in entries:
        number = number_and_tail_of(text_of(entry.get("virtual_phone_number")))[0]
        if not number or (_text(entry, "status") or "active").lower() != "active":
            continue
        has_scenario = any(flag_of(one.get("is_active")) is not False for one in _objects(entry, "scenarios"))
        lines.setdefault(number, AccountLine(number, _text(entry, "name"), has_scenario))
    return tuple(lines.values())


def scenarios_of(entries: Iterable[Entry]) -> tuple[AccountScenario, ...]:
    """get.scenarios."""
    return _each(entries, _scenario_of)


def media_files_of(entries: Iterable[Entry]) -> tuple[AccountMediaFile, ...]:
    """get.media_files."""
    return _each(
        entries,
        lambda media_file_id, entry: AccountMediaFile(
            media_file_id, _text(entry, "name"), duration_s_of(entry.get("duration"))
        ),
    )


def statuses_of(entries: Iterable[Entry]) -> tuple[OperatorStatus, ...]:
    """get.statuses, without those that were deleted."""
    return _each((entry for entry in entries if not flag_of(entry.get("is_deleted"))), _status_of)


def employee_status_of(entries: Iterable[Entry], employee_id: EmployeeId) -> int | None:
    """One employee's status; others in the reply do not count."""
    mine = (entry for entry in entries if whole_number_of(entry.get("id")) == employee_id)
    return next((_id_of(entry.get("status_id")) for entry in mine), None)


def started_call_of(entries: Iterable[Entry], external_id: str) -> CallSessionId | None:
    """The call with exactly that mark: a reply that ignored the filter must not hand over somebody else's."""
    for entry in entries:
        call_session_id = _id_of(entry.get("id"))
        if call_session_id is not None and text_of(entry.get("call_api_external_id")) == external_id:
            return CallSessionId(call_session_id)
    return None


def time_in_zone(moment: datetime, zone: tzinfo) -> str:
    """A time as the reports take it: without a zone, in the account's."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def duration_s_of(value: object) -> float | None:
    """Seconds given as a number, as text, or as `h:mm:ss` (uis-notes §1)."""
    text = (text_of(value) or "").strip()
    found = _CLOCK_TIME.fullmatch(text)
    if found is not None:
        return float(int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3]))
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None


def _colleague_of(employee_id: int, entry: Entry) -> Colleague:
    parts = (_text(entry, name) for name in ("last_name", "first_name", "patronymic"))
    extension = entry.get("extension")
    extension = extension.get("extension_phone_number") if isinstance(extension, dict) else extension
    coach = entry.get("coach")
    return Colleague(
        employee_id=EmployeeId(employee_id),
        name=_text(entry, "full_name") or " ".join(part for part in parts if part),
        extension=number_and_tail_of(text_of(extension))[0],
        phone_numbers=_phone_numbers_of(entry),
        groups=tuple(name for group in _objects(entry, "groups") if (name := _text(group, "group_name"))),
        status_id=_id_of(entry.get("status_id")),
        # "in" and "out" record one direction only, and the other may be stopped: that is learned when the PBX forbids.
        is_always_recorded=_text(entry, "call_recording").lower() == "all",
        has_coach=isinstance(coach, dict) and _id_of(coach.get("coach_id")) is not None,
    )


def _phone_numbers_of(entry: Entry) -> tuple[str, ...]:
    """By priority, as they come; what is keyed after the answer is not part of the number (uis-notes §2)."""
    numbers = (
        number_and_tail_of(text_of(phone.get("phone_number")))[0]
        for phone in _objects(entry, "phone_numbers")
        if _text(phone, "status").lower() != "inactive"
    )
    return tuple(dict.fromkeys(number for number in numbers if number))


def _group_of(group_id: int, entry: Entry) -> EmployeeGroup:
    # The shape in the document says `phone_number`, its table `phone_numbers` (uis-notes §6.37).
    listed = _objects(entry, "members") or _objects(entry, "phone_numbers") or _objects(entry, "phone_number")
    members = (_id_of(member.get("employee_id")) for member in listed)
    return EmployeeGroup(
        group_id=group_id,
        name=_text(entry, "name"),
        number=number_and_tail_of(text_of(entry.get("group_phone_number")))[0],
        members=tuple(dict.fromkeys(EmployeeId(member) for member in members if member is not None)),
    )


def _scenario_of(scenario_id: int, entry: Entry) -> AccountScenario:
    listed = entry.get("virtual_phone_numbers")
    numbers = (number_and_tail_of(text_of(number))[0] for number in (listed if isinstance(listed, list) else ()))
    return AccountScenario(scenario_id, _text(entry, "name"), tuple(number for number in numbers if number))


def _status_of(status_id: int, entry: Entry) -> OperatorStatus:
    colour = _text(entry, "color")
    return OperatorStatus(
        status_id=status_id,
        name=_text(entry, "name"),
        colour=colour.upper() if _COLOUR.fullmatch(colour) else "",
        is_selectable=flag_of(entry.get("is_select_allowed")) is not False,
        is_worktime=flag_of(entry.get("is_worktime")) is True,
    )


def _each(entries: Iterable[Entry], made_of: Callable[[int, Entry], T]) -> tuple[T, ...]:
    """By id, the first of doubles: a list that changes between two pages shows some entries twice."""
    found: dict[int, T] = {}
    for entry in entries:
        entry_id = _id_of(entry.get("id"))
        if entry_id is not None and entry_id not in found:
            found[entry_id] = made_of(entry_id, entry)
    return tuple(found.values())


def _id_of(value: object) -> int | None:
    number = whole_number_of(value)
    return number if number is not None and number > 0 else None


def _text(entry: Entry, name: str) -> str:
    return clean_text(text_of(entry.get(name)))


def _objects(entry: Entry, name: str) -> list[dict[str, object]]:
    listed = entry.get(name)
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
