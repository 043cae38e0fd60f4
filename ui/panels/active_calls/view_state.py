"""What the list of calls shows: rows from calls, their order, the filter. Pure and without Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING

from app.domain.calls import CallSessionId, CallState, Direction, EmployeeId
from app.domain.phone_number import format_phone_number, parse_phone_number
from ui.models.call_row import CallRow

if TYPE_CHECKING:
    from app.domain.live_call import LiveCall

_SHORTEST_NUMBER_QUERY = 3


class Emptiness(Enum):
    """Why the list is empty."""

    NOT_EMPTY = "not_empty"
    CONNECTING = "connecting"
    SIGN_IN_NEEDED = "sign_in_needed"
    LINK_DOWN = "link_down"
    NO_LIST = "no_list"
    NOT_ALLOWED = "not_allowed"
    NO_POINTS = "no_points"
    NO_CALLS = "no_calls"
    NO_MATCH = "no_match"


@dataclass(frozen=True, slots=True)
class RowWords:
    """The translated words that rows are made of."""

    states: Mapping[CallState, str]
    number_hidden: str
    recorded: str


@dataclass(frozen=True, slots=True)
class CallFilter:
    """What the operator wants to see. `direction` and `line_number`: None is all of them."""

    text: str = ""
    direction: Direction | None = None
    line_number: str | None = None

    @property
    def is_off(self) -> bool:
        return not self.text.strip() and self.direction is None and self.line_number is None


@dataclass(frozen=True, slots=True)
class ActiveCallsState:
    """All that the panel shows. `lines`: every line number seen, with its text, for the filter."""

    rows: tuple[CallRow, ...] = ()
    total: int = 0
    lines: tuple[tuple[str, str], ...] = ()
    chosen: CallSessionId | None = None
    emptiness: Emptiness = Emptiness.CONNECTING


def row_of(call: LiveCall, *, me: EmployeeId | None, caller_name: str | None, words: RowWords) -> CallRow:
    """The row of one call. `caller_name`: as the CRM knows the number, None when it does not."""
    call_session = call.session
    number = shown_number(call_session.contact_number)
    caller = caller_name or number or words.number_hidden
    line = shown_number(call_session.line_number)
    employees = ", ".join(dict.fromkeys(leg.employee_name or "" for leg in call_session.employee_legs)).strip(", ")
    tags = ", ".join(tag.name for tag in call_session.tags)
    is_recorded = call_session.is_recorded
    is_mine = me is not None and call_session.leg_of(me) is not None
    began = call.first_seen.monotonic_s - call.duration_s(call.first_seen.monotonic_s)
    cells = (
        words.states[call.call_state], "", caller, line, employees, "", tags, words.recorded if is_recorded else "",
    )  # fmt: skip
    return CallRow(
        call_session_id=call.call_session_id,
        call_state=call.call_state,
        direction=call_session.direction,
        cells=cells,
        began_monotonic_s=began,
        is_mine=is_mine,
        is_recorded=is_recorded,
        order_key=(not is_mine, began, call.call_session_id),
        search_text="\n".join((caller, number, call_session.contact_number, employees, tags)).casefold(),
        line_number=call_session.line_number,
    )


def arrange(rows: Iterable[CallRow], call_filter: CallFilter) -> tuple[CallRow, ...]:
    """The rows that pass the filter: mine first, then by the beginning of the call."""
    if not call_filter.is_off:
        rows = _passing(rows, call_filter)
    return tuple(sorted(rows, key=_order_key))


def seen_lines(known: tuple[tuple[str, str], ...], rows: Iterable[CallRow]) -> tuple[tuple[str, str], ...]:
    """The lines for the filter: those known before stay, or the filter would change under the operator's hand."""
    numbers = {number for number, _ in known}
    fresh = {row.line_number for row in rows} - numbers - {""}
    if not fresh:
        return known
    return tuple(sorted([*known, *((number, shown_number(number)) for number in fresh)], key=lambda line: line[1]))


def emptiness_of(*, total: int, shown: int, link: Emptiness) -> Emptiness:
    """`link`: what to say when there are no calls at all (NO_CALLS when the link is up)."""
    if shown:
        return Emptiness.NOT_EMPTY
    return Emptiness.NO_MATCH if total else link


@lru_cache(maxsize=65536)
def shown_number(raw: str) -> str:
    """A number as a person reads it; empty when it is hidden or was not told."""
    return "" if parse_phone_number(raw).is_hidden else format_phone_number(raw)


def _order_key(row: CallRow) -> tuple[bool, float, int]:
    return row.order_key


def _passing(rows: Iterable[CallRow], call_filter: CallFilter) -> list[CallRow]:
    words = call_filter.text.casefold().split()
    number = _number_query(call_filter.text)
    return [
        row
        for row in rows
        if (call_filter.direction is None or row.direction is call_filter.direction)
        and (call_filter.line_number is None or row.line_number == call_filter.line_number)
        and (all(word in row.search_text for word in words) or (number is not None and number in row.search_text))
    ]


def _number_query(text: str) -> str | None:
    """Digits of a typed number ("8 (495) 12" finds 749512…); None when the text is no number."""
    if not text.strip() or not all(character in "0123456789+-() ." for character in text):
        return None
    digits = "".join(character for character in text if character.isdigit())
    if len(digits) < _SHORTEST_NUMBER_QUERY:
        return None
    return "7" + digits[1:] if digits.startswith("8") and len(digits) > _SHORTEST_NUMBER_QUERY else digits
