"""One row of the list of calls: what each cell says, and what the order and the filter look at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from app.domain.calls import CallSessionId, CallState, Direction


class CallColumn(IntEnum):
    """The columns, left to right."""

    STATE = 0
    DIRECTION = 1
    CALLER = 2
    LINE = 3
    EMPLOYEE = 4
    DURATION = 5
    TAGS = 6
    RECORDING = 7


@dataclass(frozen=True, slots=True)
class CallRow:
    """`cells`: the text of each column, DURATION left empty because it ticks. `order_key` sorts my calls first."""

    call_session_id: CallSessionId
    call_state: CallState
    direction: Direction
    cells: tuple[str, ...]
    began_monotonic_s: float
    is_mine: bool
    is_recorded: bool
    order_key: tuple[bool, float, int]
    search_text: str
    line_number: str
