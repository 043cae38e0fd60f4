"""Words of the window *Points*, and of the banners that tell of points, rights and the version of the interface."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ui.texts.marking import QT_TRANSLATE_NOOP
from ui.texts.times import wait_text

if TYPE_CHECKING:
    from app.telephony.link_report import MethodCost
    from app.telephony.poller import LookRefusal
    from ui.windows.budget_state import BudgetState, Purse

_METHODS: dict[str, str] = {
    "list.calls": QT_TRANSLATE_NOOP("Budget", "Read the list of calls"),
    "list.talk_options": QT_TRANSLATE_NOOP("Budget", "Read the talk options"),
    "login.user": QT_TRANSLATE_NOOP("Budget", "Sign in"),
    "logout.user": QT_TRANSLATE_NOOP("Budget", "Sign out"),
    "start.employee_call": QT_TRANSLATE_NOOP("Budget", "Start a call through an employee"),
    "start.scenario_call": QT_TRANSLATE_NOOP("Budget", "Start a call through a scenario"),
    "start.vnumber_call": QT_TRANSLATE_NOOP("Budget", "Start a call through a virtual number"),
    "start.informer_call": QT_TRANSLATE_NOOP("Budget", "Start an announcement"),
    "start.simple_call": QT_TRANSLATE_NOOP("Budget", "Start a call between two numbers"),
    "hold.call": QT_TRANSLATE_NOOP("Budget", "Hold"),
    "unhold.call": QT_TRANSLATE_NOOP("Budget", "Back to the caller"),
    "make.call": QT_TRANSLATE_NOOP("Budget", "Call a colleague"),
    "transfer.talk": QT_TRANSLATE_NOOP("Budget", "Transfer"),
    "restore.talk": QT_TRANSLATE_NOOP("Budget", "Take the caller back from a colleague"),
    "tag.call": QT_TRANSLATE_NOOP("Budget", "Tag"),
    "record.call": QT_TRANSLATE_NOOP("Budget", "Recording on or off"),
    "send.dtmf": QT_TRANSLATE_NOOP("Budget", "One key of the keypad"),
    "add.coach": QT_TRANSLATE_NOOP("Budget", "Add a coach"),
    "disconnect.leg": QT_TRANSLATE_NOOP("Budget", "Drop a participant"),
    "release.call": QT_TRANSLATE_NOOP("Budget", "End a call"),
    "block.contact": QT_TRANSLATE_NOOP("Budget", "Block a caller"),
    "call.talk_option": QT_TRANSLATE_NOOP("Budget", "Use a talk option"),
}


def points_title() -> str:
    return QCoreApplication.translate("Budget", "Points")


def this_minute() -> str:
    return QCoreApplication.translate("Budget", "This minute")


def today() -> str:
    return QCoreApplication.translate("Budget", "Today")


def column_request() -> str:
    return QCoreApplication.translate("Budget", "Request")


def column_cost() -> str:
    return QCoreApplication.translate("Budget", "Points, measured")


def column_times() -> str:
    return QCoreApplication.translate("Budget", "Sent")


def account_note() -> str:
    """What points are."""
    return QCoreApplication.translate(
        "Budget",
        "Points belong to the whole account: every console and program that uses the Call API takes from the same "
        "ones. What a request costs is not published; Pult measures it.",
    )


def method_text(method: str) -> str:
    """A request in words, with the phone system's name for it."""
    words = _METHODS.get(method)
    return method if words is None else f"{QCoreApplication.translate('Budget', words)} ({method})"


def cost_text(cost: MethodCost) -> str:
    """Measured points; said in a word where they are none, seen too seldom, or not known yet."""
    if cost.points is None and cost.so_far is None:
        return QCoreApplication.translate("Budget", "not known yet")
    if cost.points is None:
        if cost.so_far == 0:
            return QCoreApplication.translate("Budget", "free so far")
        return QCoreApplication.translate("Budget", "{points} so far").format(points=cost.so_far)
    return QCoreApplication.translate("Budget", "free") if cost.points == 0 else str(cost.points)


def left_text(purse: Purse) -> str:
    """On the bar."""
    if purse.left is None:
        return QCoreApplication.translate("Budget", "never told")
    limit = "?" if purse.limit is None else str(purse.limit)
    return QCoreApplication.translate("Budget", "{left} of {limit} left").format(left=purse.left, limit=limit)


def reset_text(purse: Purse, now: datetime) -> str:
    """When the bar is full again; empty when that is not known."""
    if purse.resets_at is None:
        return ""
    return QCoreApplication.translate("Budget", "full again at {time}, in {left}").format(
        time=moment_text(purse.resets_at, now), left=wait_text((purse.resets_at - now).total_seconds())
    )


def refresh_text(state: BudgetState) -> str:
    """How often the list is read, and why not more often."""
    if state.is_without_list:
        return no_list_text()
    if state.limit_ends_at is not None and state.limit_ends_at > state.now:
        return limit_text(state.limit_ends_at, state.now)
    every = every_text(state.interval_s)
    if state.reduced_by == "minute":
        return QCoreApplication.translate(
            "Budget",
            "Reduced refresh: the list is read every {every}. This minute's points run low, and a part of them is "
            "kept for commands.",
        ).format(every=every)
    if state.reduced_by == "day":
        return QCoreApplication.translate(
            "Budget",
            "Reduced refresh: the list is read every {every}. The day's points would not last otherwise; {reserve} of "
            "them are kept for commands. During your calls it is read more often.",
        ).format(every=every, reserve=state.reserve)
    return QCoreApplication.translate("Budget", "The list is read every {every}, as set.").format(every=every)


def forecast_text(state: BudgetState) -> str:
    """Whether the day's points last; never empty."""
    if not state.day.is_told:
        return QCoreApplication.translate("Budget", "The phone system has not told how many points the day has.")
    if state.day.left == 0:
        return QCoreApplication.translate("Budget", "The day's points are used up.")
    if state.pace_per_hour is None:
        return QCoreApplication.translate(
            "Budget", "Whether the day's points last is known after half a minute of watching."
        )
    pace = f"{state.pace_per_hour:.0f}"
    if state.day_runs_out_at is None:
        return QCoreApplication.translate(
            "Budget", "Lasts until the reset at the present pace, {pace} points an hour."
        ).format(pace=pace)
    return QCoreApplication.translate(
        "Budget",
        "Used up at about {time} at the present pace, {pace} points an hour; Pult reads the list less often before "
        "that.",
    ).format(pace=pace, time=moment_text(state.day_runs_out_at, state.now))


def every_text(seconds: float) -> str:
    """An interval in words: seconds up to two minutes, then minutes."""
    if seconds < 120:
        return QCoreApplication.translate("Budget", "{seconds} s").format(seconds=f"{seconds:.0f}")
    return QCoreApplication.translate("Budget", "{minutes} min").format(minutes=f"{seconds / 60:.0f}")


def moment_text(at: datetime, now: datetime) -> str:
    """A time of day to the nearest minute, with the date when it is another day."""
    local = (at + timedelta(seconds=30)).astimezone()
    return local.strftime("%H:%M" if local.date() == now.astimezone().date() else "%d.%m. %H:%M")


def limit_text(ends_at: datetime, now: datetime) -> str:
    """The PBX has refused to list the calls for want of points."""
    return QCoreApplication.translate(
        "Budget", "The account's points are used up. The list is read again at {time}; commands work again then."
    ).format(time=ends_at.astimezone().strftime("%H:%M:%S") if ends_at > now else "0:00")


def no_list_text() -> str:
    """The account's plan has no list of calls."""
    return QCoreApplication.translate(
        "Budget",
        "The list of calls is not available, the plan lacks its component; starting and ending calls still works. "
        "The administrator orders it in the cabinet: Account, Tariffs and options.",
    )


def account_text(reason: str) -> str:
    """The account may not list its calls; `reason` is a sentence that says where to put it right."""
    return QCoreApplication.translate("Budget", "The calls cannot be listed. {reason}").format(reason=reason)


def version_text() -> str:
    """For the administrator: the PBX will switch this version of its interface off."""
    return QCoreApplication.translate(
        "Budget",
        "For the administrator: the phone system will switch off this version of its interface. Look for a newer Pult.",
    )


def dismiss_text() -> str:
    return QCoreApplication.translate("Budget", "Dismiss")


def details_text() -> str:
    return QCoreApplication.translate("Budget", "Points…")


def look_refused_text(refusal: LookRefusal) -> str:
    """Why *Refresh now* was not done."""
    left = wait_text(refusal.again_in_s)
    if refusal.reason == "often":
        return QCoreApplication.translate(
            "Budget", "Not refreshed: this hour's share is used up. Again in {left}."
        ).format(left=left)
    return QCoreApplication.translate("Budget", "Not refreshed: points are kept for commands. Next in {left}.").format(
        left=left
    )
