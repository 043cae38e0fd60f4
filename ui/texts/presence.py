"""Words of presence: who is free, on a call, away, and of one's own status."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from ui.people import PersonRow, Presence
from ui.texts.marking import QT_TRANSLATE_NOOP
from ui.texts.times import duration_text

_WORDS: dict[Presence, str] = {
    Presence.FREE: QT_TRANSLATE_NOOP("Presence", "free"),
    Presence.RINGING: QT_TRANSLATE_NOOP("Presence", "phone rings"),
    Presence.ON_CALL: QT_TRANSLATE_NOOP("Presence", "on a call"),
}
_LOOKS: dict[Presence, tuple[str, str]] = {
    Presence.FREE: ("circle-check", "talk"),
    Presence.RINGING: ("phone-incoming", "ringing"),
    Presence.ON_CALL: ("phone-call", "alert"),
    Presence.AWAY: ("moon", "held"),
    Presence.STATUS: ("circle", "muted"),
    Presence.UNKNOWN: ("circle", "muted"),
}


def presence_text(row: PersonRow) -> str:
    """Is `free` or the name of the status, `on a call for 3:12`, `phone rings`; of a group how many are in it."""
    if row.is_group:
        return QCoreApplication.translate("Presence", "group, members: {count}").format(count=row.member_count)
    if row.presence is Presence.ON_CALL and row.busy_for_s is not None:
        return QCoreApplication.translate("Presence", "on a call for {time}").format(time=duration_text(row.busy_for_s))
    if row.presence in (Presence.STATUS, Presence.AWAY):
        return row.status_name
    words = _WORDS.get(row.presence)
    return "" if words is None else QCoreApplication.translate("Presence", words)


def presence_look(row: PersonRow) -> tuple[str, str]:
    """Icon and tone that go with the words; never without them."""
    return ("users-round", "muted") if row.is_group else _LOOKS[row.presence]


def lists_text(read_at: datetime | None, now: datetime, *, is_troubled: bool = False) -> str:
    """How old the account's lists are; `read_at` None: they are those of the settings file."""
    if read_at is None:
        return QCoreApplication.translate("Presence", "Lists from the settings file")
    local = read_at.astimezone()
    is_today = local.date() == now.astimezone().date()
    text = QCoreApplication.translate("Presence", "Lists of {time}").format(
        time=local.strftime("%H:%M" if is_today else "%d.%m. %H:%M")
    )
    if is_troubled:
        return QCoreApplication.translate("Presence", "{lists}; some could not be read").format(lists=text)
    return text


def about_lists() -> str:
    """Beside the age of the lists in *About*."""
    return QCoreApplication.translate("Presence", "Account's lists")


def my_status_label() -> str:
    return QCoreApplication.translate("Presence", "My status")


def status_unknown_text() -> str:
    """In place of the name of a status that is not in the list."""
    return QCoreApplication.translate("Presence", "Status not known")


def setting_status_text(name: str) -> str:
    """While the phone system has not answered yet."""
    return QCoreApplication.translate("Presence", "{name}: setting…").format(name=name)


def status_set_text(name: str) -> str:
    return QCoreApplication.translate("Presence", "Your status is now “{name}”.").format(name=name)


def status_refused_text(name: str, reason: str) -> str:
    """`reason` is a sentence."""
    return QCoreApplication.translate("Presence", "Your status was not changed to “{name}”. {reason}").format(
        name=name, reason=reason
    )
