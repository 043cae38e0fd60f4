"""Words of the panel *Current call*."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.domain.calls import Direction


def title_text() -> str:
    return QCoreApplication.translate("Current", "Current call")


def nothing_text(*, knows_me: bool) -> str:
    """The empty panel; where nobody said who sits here, no call will ever be "mine"."""
    if not knows_me:
        return QCoreApplication.translate("Current", "No call is chosen. Choose one in the list.")
    return QCoreApplication.translate("Current", "No call. Yours appears here by itself as soon as it rings.")


def line_text(direction: Direction, line: str) -> str:
    """Through which line the call goes; empty when the line was not told."""
    if not line:
        return ""
    if direction is Direction.OUTBOUND:
        return QCoreApplication.translate("Current", "from line {line}").format(line=line)
    return QCoreApplication.translate("Current", "to line {line}").format(line=line)


def employees_text(employees: str) -> str:
    """Who talks for the company."""
    return QCoreApplication.translate("Current", "Employee: {employees}").format(employees=employees)


def held_text(duration: str) -> str:
    """How long the caller has been waiting."""
    return QCoreApplication.translate("Current", "caller on hold {duration}").format(duration=duration)


def promise_text(reason: str, left: str) -> str:
    """Why the caller holds, and how long the promised time still runs; `left` is empty when none was promised."""
    if not left:
        return reason
    return QCoreApplication.translate("Current", "{left} left as promised · {reason}").format(reason=reason, left=left)


def promise_over_text(reason: str, over: str) -> str:
    """The promised time is over."""
    return QCoreApplication.translate("Current", "{over} longer than promised · {reason}").format(
        reason=reason, over=over
    )


def tags_text(tags: str) -> str:
    return QCoreApplication.translate("Current", "Tags: {tags}").format(tags=tags)


def recording_text() -> str:
    return QCoreApplication.translate("Current", "Recording")


def mine_text() -> str:
    return QCoreApplication.translate("Current", "my call")


def participants_text() -> str:
    return QCoreApplication.translate("Current", "Participants")


def customer_role_text() -> str:
    return QCoreApplication.translate("Current", "Customer")


def me_role_text() -> str:
    return QCoreApplication.translate("Current", "Me")


def participant_role_text() -> str:
    return QCoreApplication.translate("Current", "Participant")


def drop_this_text() -> str:
    """Label of the small button on a participant's line."""
    return QCoreApplication.translate("Current", "Drop")


def unknown_state_hint(raw_state: str) -> str:
    """A state this program does not know, in the phone system's own words."""
    return QCoreApplication.translate("Current", "The phone system says: {state}").format(state=raw_state)
