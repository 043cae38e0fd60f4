"""Words of the bottom line and of the banners."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.errors import PultError, RightsMissing
from ui.errors import text_of
from ui.panels.status_line.report_trouble import ReportTrouble
from ui.panels.status_line.view_state import LinkLight, PointsLeft, StatusLineState
from ui.texts.budget import every_text
from ui.texts.crm_reasons import crm_error_sentence, crm_word
from ui.texts.marking import QT_TRANSLATE_NOOP
from ui.texts.times import age_text

_LINKS: dict[LinkLight, str] = {
    LinkLight.STARTING: QT_TRANSLATE_NOOP("Status", "Connecting"),
    LinkLight.UP: QT_TRANSLATE_NOOP("Status", "Connected"),
    LinkLight.TROUBLE: QT_TRANSLATE_NOOP("Status", "No answer"),
    LinkLight.DOWN: QT_TRANSLATE_NOOP("Status", "No connection"),
    LinkLight.SIGN_IN_NEEDED: QT_TRANSLATE_NOOP("Status", "Not signed in"),
    LinkLight.NO_LIST: QT_TRANSLATE_NOOP("Status", "Calls are not listed"),
    LinkLight.NO_POINTS: QT_TRANSLATE_NOOP("Status", "Points used up"),
    LinkLight.NOT_ALLOWED: QT_TRANSLATE_NOOP("Status", "Not allowed"),
}


def link_text(link: LinkLight) -> str:
    """The word beside the link light."""
    return QCoreApplication.translate("Status", _LINKS[link])


def seen_text(seconds: float | None) -> str:
    """How old the data is; empty before there is any."""
    if seconds is None:
        return ""
    return QCoreApplication.translate("Status", "seen {age} ago").format(age=age_text(seconds))


def points_text(state: StatusLineState) -> str:
    """What is left of the account's points, and that fewer polls are made to spare them."""
    parts = [_points_left(state.points)] if state.points.is_told else []
    if state.reduced_to_s is not None:
        parts.append(
            QCoreApplication.translate("Status", "reduced refresh: every {every}").format(
                every=every_text(state.reduced_to_s)
            )
        )
    return " · ".join(parts)


def points_hint() -> str:
    """What the figures mean, and what a click does."""
    return QCoreApplication.translate(
        "Status",
        "Points of the whole account. When they run low the list is read less often, so that commands still work. "
        "Click for what each request takes and when they are there again.",
    )


def unsent_text(count: int, set_aside: int = 0) -> str:
    """How many cards wait to be sent, and how many to be written; empty for none."""
    parts = []
    if count:
        parts.append(QCoreApplication.translate("Status", "Cards waiting: {count}").format(count=count))
    if set_aside:
        parts.append(QCoreApplication.translate("Status", "set aside: {count}").format(count=set_aside))
    return " · ".join(parts)


def unsent_hint(key: str) -> str:
    """What a click on that figure does."""
    return QCoreApplication.translate(
        "Status", "Cards that are not in the CRMs yet. Click for the queue ({key})."
    ).format(key=key)


def keyring_text(kind: str, reason: str | None) -> str:
    """Empty when a keyring holds the secrets; else where they are. `kind` and `reason` as `app.secrets` gives them."""
    if kind == "keyring":
        return ""
    if kind == "environment":
        return QCoreApplication.translate("Status", "Sign-in data from the environment")
    if reason in ("keyring_locked", "keyring_timeout"):
        return QCoreApplication.translate("Status", "Keyring locked: sign-in data for this run only")
    return QCoreApplication.translate("Status", "No keyring: sign-in data for this run only")


def pbx_down_text(age: str) -> str:
    """Banner while the PBX does not answer. `age` empty: nothing was ever seen."""
    if not age:
        return QCoreApplication.translate("Status", "The phone system does not answer. Pult keeps trying.")
    return QCoreApplication.translate(
        "Status", "The phone system does not answer: what you see is {age} old. Calls go on; Pult keeps trying."
    ).format(age=age)


def sign_in_banner_text(reason: str) -> str:
    """Banner when the PBX does not let us in; `reason` is a sentence or empty."""
    text = QCoreApplication.translate("Status", "Not signed in to the phone system.")
    return f"{text} {reason}".strip()


def delivery_banner_text(crm_name: str, error: PultError, count: int) -> str:
    """Banner while a CRM gets nothing at all, with why and what to do."""
    return QCoreApplication.translate(
        "Status", "{crm} takes no cards: {reason} Cards waiting: {count}; they are safe on this computer."
    ).format(crm=crm_word(crm_name), reason=crm_error_sentence(error, crm_name), count=count)


def not_saved_text(reason: str) -> str:
    """Banner while something typed is in the window only; `reason` is a sentence."""
    return QCoreApplication.translate(
        "Status", "Not saved: {reason} What you typed stands in the window; leave it open and save again."
    ).format(reason=reason)


def reports_text(trouble: ReportTrouble) -> str:
    """For the administrator: what is not found, why, and where to put it right."""
    if trouble.no_recordings and trouble.no_unseen_calls:
        lost = QCoreApplication.translate("Status", "recordings and calls nobody saw here are not found.")
    elif trouble.no_recordings:
        lost = QCoreApplication.translate("Status", "recordings are not fetched.")
    else:
        lost = QCoreApplication.translate("Status", "calls nobody saw here are not found.")
    if isinstance(trouble.error, RightsMissing) and trouble.error.code == "forbidden":
        reason = QCoreApplication.translate(
            "Status",
            "The phone system's user may not read its reports. Give the right to the Data API's reports in the"
            " cabinet: Account, Users.",
        )
    elif trouble.error.code == "disk_full":
        reason = QCoreApplication.translate("Status", "The disk is full. Free some space; it goes on by itself.")
    else:
        reason = text_of(trouble.error)
    return QCoreApplication.translate("Status", "For the administrator: {lost} {reason}").format(
        lost=lost, reason=reason
    )


def connect_text() -> str:
    return QCoreApplication.translate("Status", "Connect…")


def resume_text() -> str:
    return QCoreApplication.translate("Status", "Resume")


def retry_text() -> str:
    return QCoreApplication.translate("Status", "Retry")


def demo_text() -> str:
    """Mark of a window that plays against the built-in simulator."""
    return QCoreApplication.translate("Status", "DEMO: invented calls, nothing leaves this computer")


def no_such_call_text() -> str:
    """For the keys that lead to a call when there is none of that kind."""
    return QCoreApplication.translate("Status", "There is no such call now.")


def _points_left(points: PointsLeft) -> str:
    parts = []
    if points.minute_remaining is not None:
        parts.append(
            QCoreApplication.translate("Status", "{left}/{limit} per minute").format(
                left=points.minute_remaining, limit="?" if points.minute_limit is None else points.minute_limit
            )
        )
    if points.day_remaining is not None:
        parts.append(
            QCoreApplication.translate("Status", "{left}/{limit} today").format(
                left=points.day_remaining, limit="?" if points.day_limit is None else points.day_limit
            )
        )
    return " · ".join(parts)
