"""Whom the field of *New call* offers while one types: colleagues, numbers of late. Pure and without Qt or words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from ui.panels.active_calls.view_state import shown_number
from ui.people import PersonRow, matching_people

if TYPE_CHECKING:
    from app.services.dialled_numbers import DialledNumber

_RECENT, _FREQUENT = 8, 4


class Kind(Enum):
    """Where a suggestion comes from."""

    RECENT = "recent"
    FREQUENT = "frequent"
    COLLEAGUE = "colleague"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`number`: what would be typed. `person` for a colleague; `name`: the CRM's for a number, empty when it is not
    known; `last_at` and `times` for numbers of late."""

    kind: Kind
    number: str
    name: str = ""
    person: PersonRow | None = None
    last_at: datetime | None = None
    times: int = 0


def outside_number(person: PersonRow) -> str:
    """What a call to the colleague can be started with: a phone; the extension where there is none, to say why not."""
    return next(iter(person.phone_numbers), person.number)


def suggest(
    typed: str,
    people: Sequence[PersonRow],
    recent: Sequence[DialledNumber],
    frequent: Sequence[DialledNumber],
    name_of: Callable[[str], str],
) -> tuple[Suggestion, ...]:
    """Nothing typed: the latest numbers, then those called most, then the colleagues. Typed: whoever matches, numbers
    before names when digits were typed. A number stands once. Groups cannot be called this way."""
    late = [_of_late(Kind.RECENT, one, name_of) for one in recent]
    often = [_of_late(Kind.FREQUENT, one, name_of) for one in frequent if one.times > 1]
    colleagues = [person for person in people if not person.is_group]
    if typed.strip():
        late = [one for one in (*late, *often) if _matches(one, typed)][:_RECENT]
        found = [_colleague(person) for person in matching_people(colleagues, typed)]
        return _once([*late, *found] if _digits(typed) else [*found, *late])
    return _once([*late[:_RECENT], *often[:_FREQUENT], *(_colleague(person) for person in colleagues)])


def _of_late(kind: Kind, one: DialledNumber, name_of: Callable[[str], str]) -> Suggestion:
    return Suggestion(kind, one.number, name_of(one.number), last_at=one.last_at, times=one.times)


def _colleague(person: PersonRow) -> Suggestion:
    return Suggestion(Kind.COLLEAGUE, outside_number(person), person.name, person)


def _matches(one: Suggestion, typed: str) -> bool:
    digits = _digits(typed)
    if digits:
        return digits in one.number or (digits.startswith("8") and "7" + digits[1:] in one.number)
    words = typed.casefold().split()
    held = one.name.casefold().split()
    return bool(words) and all(any(own.startswith(word) for own in held) for word in words)


def _digits(typed: str) -> str:
    """The digits of a typed number; empty when it is a name."""
    if any(character.isalpha() for character in typed):
        return ""
    return "".join(character for character in typed if character.isdigit())


def _once(found: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """A number once; a colleague known by it goes before the bare number."""
    named = {one.number for one in found if one.kind is Kind.COLLEAGUE}
    seen: set[tuple[str, str]] = set()
    kept = []
    for one in found:
        key = (one.number, one.name if one.kind is Kind.COLLEAGUE else "")
        if key in seen or (one.kind is not Kind.COLLEAGUE and one.number in named):
            continue
        seen.add(key)
        kept.append(one)
    return tuple(kept)


def spelled(one: Suggestion) -> str:
    """The number as a person reads it."""
    return shown_number(one.number) or one.number
