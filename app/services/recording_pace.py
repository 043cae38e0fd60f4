"""When a recording is looked for, how often, and for how long. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.crm.port import CardToWrite
from app.domain.calls import CallSessionId, EmployeeId
from app.services.recording_rows import RecordingRow

LOOKS_AFTER_S = (30.0, 60.0, 120.0, 300.0, 600.0, 1200.0)
"""After the call, then after each look that found nothing; hourly from there on."""
LATER_LOOKS_AFTER_S = 3600.0
LINK_TRIED_AGAIN_AFTER_S = 60.0
TOGETHER_WITHIN = timedelta(seconds=20)
"""Looks due so soon after another are done with it: one request asks for many."""
CERTAIN_AFTER_LOOKS = 4
"""So many looks in a row have to say that an address wants a login, or gives no sound, before it is believed."""
NOT_RECORDED_AFTER = timedelta(hours=2)
"""A call that the report has had for so long without a recording has none. Recordings come within the hour."""
FILE_KEPT_FOR = timedelta(days=1)
"""After the last step that needed it."""


def row_of(card: CardToWrite, now: datetime) -> RecordingRow | None:
    """The row a card begins with; None when its call is not known by its number."""
    if card.call_session_id is None:
        return None
    ended_at = card.ended_at or card.started_at + timedelta(seconds=card.talk_s)
    return RecordingRow(
        card_key=card.card_key,
        call_session_id=CallSessionId(card.call_session_id),
        employee_id=None if card.employee_id is None else EmployeeId(card.employee_id),
        began_at=card.started_at,
        ended_at=ended_at,
        wanted_at=now,
        next_look_at=max(now, ended_at + timedelta(seconds=LOOKS_AFTER_S[0])),
    )


def next_look_after(looks: int) -> timedelta:
    """Until the next look, after so many that found nothing."""
    return timedelta(seconds=LOOKS_AFTER_S[looks] if looks < len(LOOKS_AFTER_S) else LATER_LOOKS_AFTER_S)


def next_look(row: RecordingRow) -> datetime:
    """When it is due, for rows that are looked for."""
    return row.next_look_at or row.wanted_at


def is_given_up(row: RecordingRow, now: datetime, wait: timedelta) -> bool:
    """It was waited for long enough."""
    return now >= row.wanted_at + wait


def is_surely_not_recorded(row: RecordingRow, now: datetime) -> bool:
    """The report has the call, has had time, and names no recording."""
    return now >= row.ended_at + NOT_RECORDED_AFTER
