"""What *New call* shows. Pure and without Qt; the words are ui.texts.new_call's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum


class Note(Enum):
    """How a line is meant: what was understood, a hint, something to mend."""

    PLAIN = "text"
    QUIET = "muted"
    GOOD = "talk"
    HELD = "held"
    ALERT = "alert"


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence under the field."""

    text: str = ""
    note: Note = Note.QUIET


@dataclass(frozen=True, slots=True)
class Choices:
    """What the account offers the details. Pairs of number and label."""

    employees: tuple[tuple[int, str], ...] = ()
    scenarios: tuple[tuple[int, str], ...] = ()
    media_files: tuple[tuple[int, str], ...] = ()
    tts_max_length: int = 1000


@dataclass(frozen=True, slots=True)
class NewCallState:
    """`understood`: how the text was read. `outcome`: what became of the last press. `lines`: number and label.
    `asked`: by the name of a part of the start, the sentence beside its field (`hinted` for those with no effect)."""

    understood: Line = Line()
    outcome: Line = Line()
    lines: tuple[tuple[str, str], ...] = ()
    line_note: str = ""
    asked: Mapping[str, str] = field(default_factory=dict)
    hinted: Mapping[str, str] = field(default_factory=dict)
    is_calling: bool = False
    lists_from: str = ""


def said_once(state: NewCallState) -> NewCallState:
    """The outcome of the last press is not said a second time where the same stands already: the number's own line
    takes its colour instead."""
    if not state.outcome.text:
        return state
    if state.outcome.text == state.understood.text:
        return replace(state, understood=state.outcome, outcome=Line())
    return replace(state, outcome=Line()) if state.outcome.text == state.line_note else state
