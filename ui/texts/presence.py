"""Words of presence: who is free, on a call, away, and of one's own status."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ui.people import PersonRow, Presence
from ui.texts.marking import QT_TRANSLATE_NOOP
from ui.texts.times import duration_text

_WORDS: dict[Presence, str] = {
    Presence.FREE: QT_TRANSLATE_NOOP("Presence", "free"),
    Presence.RINGING: QT_TRANSLATE_NOOP("Presence", "phone rings"),
    Presence.ON_CALL: QT_TRANSLATE_NOOP("Presence", "on a call"),
    Presence.AWAY: QT_TRANSLATE_NOOP("Presence", "away"),
}
_LOOKS: dict[Presence, tuple[str, str]] = {
    Presence.FREE: ("circle-check", "talk"),
    Presence.RINGING: ("phone-incoming", "ringing"),
    Presence.ON_CALL: ("phone-call", "alert"),
    Presence.AWAY: ("moon", "held"),
    Presence.UNKNOWN: ("circle", "muted"),
}


def presence_text(row: PersonRow) -> str:
    """Is `free` or the name of the status, `on a call for 3:12`, `phone rings`; of a group how many are in it."""
    if row.is_group:
        return QCoreApplication.translate("Presence", "group of %n", None, row.member_count) if row.member_count else ""
    if row.presence is Presence.ON_CALL and row.busy_for_s is not None:
        return QCoreApplication.translate("Presence", "on a call for {time}").format(time=duration_text(row.busy_for_s))
    if row.presence in (Presence.FREE, Presence.AWAY) and row.status_name:
        return row.status_name
    words = _WORDS.get(row.presence)
    return "" if words is None else QCoreApplication.translate("Presence", words)


def presence_look(row: PersonRow) -> tuple[str, str]:
    """Icon and tone that go with the words; never without them."""
    return ("users-round", "muted") if row.is_group else _LOOKS[row.presence]
