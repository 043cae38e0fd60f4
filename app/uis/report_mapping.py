"""Entries of the Data API's reports to calls that are over, and to where their recordings lie. Pure.

Entries without readable ids or times are left out: a card needs both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from app.domain.calls import CallSessionId, Direction, EmployeeId, LegId
from app.domain.reported_call import ReportedCall, ReportedLeg
from app.domain.wrap_up import CallKind, Disposition, ProposedDisposition, propose_disposition
from app.uis.data_mapping import duration_s_of
from app.uis.hosts import MediaHosts
from app.uis.mapping import moment_of, number_and_tail_of
from app.uis.wire import flag_of, text_of, whole_number_of

Entry = Mapping[str, object]

_HASH = re.compile(r"[0-9A-Za-z_-]{8,128}", re.ASCII)
_DIRECTIONS = {"in": Direction.INBOUND, "out": Direction.OUTBOUND}
_AN_HOUR = timedelta(hours=1)
_LINKS_CAP = 12
_LONGEST_CALL_S = 7 * 86_400.0
_YEARS = (2000, 2200)
"""Times outside are no call's, and arithmetic with them ends beyond the calendar."""

_D = Disposition
NOT_REACHED: Mapping[str, Disposition] = {
    **dict.fromkeys(
        (
            "subscriber_not_responsible",
            "no_success_subscriber_call",
            "timeout",
            "action_interval_exceeded",
            "communication_unavailable",
        ),
        _D.TEMPORARILY_UNAVAILABLE,
    ),
    "subscriber_busy": _D.BUSY,
    "subscriber_disconnects": _D.DECLINED,
    **dict.fromkeys(("subscriber_number_problems", "numb_not_exists", "incorrect_input"), _D.WRONG_NUMBER),
    **dict.fromkeys(
        ("operator_disconnects", "transfer_disconnects", "scenario_disconnects", "disconnect_before_call_processing"),
        _D.CANCELLED,
    ),
    **dict.fromkeys(("no_money", "not_enough_money", "limit_exceeded"), _D.NO_FUNDS),
    **dict.fromkeys(("numa_in_black_list", "numa_in_spam_list", "numa_dnd_interval"), _D.BLOCKED),
    **dict.fromkeys(
        (
            "locked_numb",
            "call_not_allowed_on_tp",
            "api_permission_denied",
            "api_ip_now_allowed",
            "component_is_inactive",
            "app_is_inactive",
            "in_call_not_allowed",
            "out_call_not_allowed",
            "out_call_not_allowed_by_status",
            "external_call_not_allowed",
            "external_call_not_allowed_by_status",
            "internal_call_not_allowed",
            "internal_call_not_allowed_by_status",
            "auto_out_calls_not_allowed_by_status",
            "phone_protocol_not_allowed_by_status",
            "too_many_identical_incoming_calls",
        ),
        _D.FORBIDDEN,
    ),
    **dict.fromkeys(
        (
            "net_lock",
            "locked_phone",
            "no_resources",
            "max_in_call_reached",
            "max_out_call_reached",
            "operator_channels_busy",
            "sip_trunk_is_locked",
            "fmc_is_disabled",
            "fmc_is_locked",
        ),
        _D.DIRECTION_UNAVAILABLE_503,
    ),
    **dict.fromkeys(
        (
            "operator_busy",
            "operator_not_responsible",
            "operator_number_problems",
            "no_success_operator_call",
            "no_operator_confirmation",
            "employee_busy",
            "employee_busy_after_call",
            "employee_inactive",
            "employee_inactive_by_schedule",
            "employee_phone_inactive",
            "employee_phone_inactive_by_schedule",
            "employee_not_exists",
            "employee_without_phones",
            "employee_status_break",
            "employee_status_do_not_disturb",
            "employee_auto_status_do_not_disturb",
            "employee_status_not_at_workplace",
            "employee_status_not_at_work",
            "employee_status_auto_out_call",
            "group_inactive_by_schedule",
            "group_phone_inactive",
            "group_without_phones",
            "phone_group_inactive_by_schedule",
            "no_operator_cdr_found",
            "sip_offline",
        ),
        _D.CANCELLED,
    ),
}
"""Why an outgoing call that nobody talked in ended -> its outcome. An incoming one is missed whatever ended it. Our own
side not being there (operator_*, employee_*, group_*) means that the customer was never rung: given up by us. Reasons
that say nothing of the customer (success_finish, call_enqueued, internal_error …) are not here: the outcome is then
guessed."""

_KINDS = {
    "callapi_informer_call": CallKind.INFORMATIONAL,
    "callback": CallKind.CALLBACK,
    "auto_back_call": CallKind.CALLBACK,
    "auto_back_call_by_lost_call": CallKind.CALLBACK,
}


def finished_calls_of(entries: Iterable[Entry], zone: tzinfo) -> tuple[ReportedCall, ...]:
    """get.calls_report: those that are over, without their legs, the first of doubles."""
    found: dict[CallSessionId, ReportedCall] = {}
    for entry in entries:
        call = _call_of(entry, zone)
        if call is not None:
            found.setdefault(call.call_session_id, call)
    return tuple(found.values())


def legs_by_call(entries: Iterable[Entry], zone: tzinfo) -> dict[CallSessionId, tuple[ReportedLeg, ...]]:
    """get.call_legs_report, by call."""
    found: dict[CallSessionId, dict[LegId, ReportedLeg]] = {}
    for entry in entries:
        call_session_id, leg = whole_number_of(entry.get("call_session_id")), _leg_of(entry, zone)
        if call_session_id is not None and call_session_id > 0 and leg is not None:
            found.setdefault(CallSessionId(call_session_id), {}).setdefault(leg.leg_id, leg)
    return {call_session_id: tuple(legs.values()) for call_session_id, legs in found.items()}


def with_legs(call: ReportedCall, legs: Mapping[CallSessionId, tuple[ReportedLeg, ...]]) -> ReportedCall:
    """The call with what the other report has of it."""
    return replace(call, legs=legs.get(call.call_session_id, ()))


def is_in_parts(entry: Entry) -> bool:
    """Whether the call has several recordings, one for each who talked."""
    return len(_texts(entry, "call_records")) > 1


def recording_links_of(entry: Entry, hosts: MediaHosts) -> tuple[str, ...]:
    """Where an entry of either report says that the recording lies, the likeliest first: the glued file's own link,
    then what can be made of the hashes, mp3 before wav (uis-notes §2). Only addresses of the brand."""
    whole = text_of(entry.get("full_record_file_link")) or ""
    candidates = [whole] if whole else []
    names = [text_of(entry.get(name)) for name in ("communication_id", "call_session_id", "id")]
    numbers = list(dict.fromkeys(name for name in names if name and name.isdigit()))
    for record in _texts(entry, "call_records"):
        candidates += _addresses(record, numbers, hosts, "talk")
    for record in _texts(entry, "wav_call_records"):
        candidates += _addresses(record, numbers, hosts, "wav")
    asked = (hosts.address_of(candidate) for candidate in candidates)
    return tuple(dict.fromkeys(link for link in asked if link is not None))[:_LINKS_CAP]


def _addresses(record: str, numbers: list[str], hosts: MediaHosts, folder: str) -> list[str]:
    """A record is told as a hash; some brands give a whole link in its place."""
    if "://" in record:
        return [record]
    if _HASH.fullmatch(record) is None or not hosts.talk_url:
        return []
    made = [f"{hosts.talk_url}/system/media/{folder}/{number}/{record}/" for number in numbers]
    if folder == "talk":
        made += [f"{hosts.file_url}/{number}/{record}" for number in numbers]
    return made


def _call_of(entry: Entry, zone: tzinfo) -> ReportedCall | None:
    call_session_id = whole_number_of(entry.get("id"))
    span = _span_of(
        text_of(entry.get("start_time")), text_of(entry.get("finish_time")), entry.get("total_duration"), zone
    )
    if call_session_id is None or call_session_id <= 0 or span is None or not text_of(entry.get("finish_time")):
        return None
    direction = _DIRECTIONS.get((text_of(entry.get("direction")) or "").strip().lower(), Direction.UNKNOWN)
    return ReportedCall(
        call_session_id=CallSessionId(call_session_id),
        direction=direction,
        phone_number=number_and_tail_of(text_of(entry.get("contact_phone_number")))[0],
        line_number=number_and_tail_of(text_of(entry.get("virtual_phone_number")))[0],
        began_at=span[0],
        ended_at=span[1],
        not_reached=_not_reached(direction, text_of(entry.get("finish_reason")) or ""),
        kind=_KINDS.get((text_of(entry.get("source")) or "").strip().lower()),
    )


def _leg_of(entry: Entry, zone: tzinfo) -> ReportedLeg | None:
    leg_id = whole_number_of(entry.get("id"))
    span = _span_of(text_of(entry.get("start_time")), None, entry.get("total_duration"), zone)
    if leg_id is None or leg_id <= 0 or span is None:
        return None
    employee_id = whole_number_of(entry.get("employee_id"))
    is_talked = flag_of(entry.get("is_talked"))
    if is_talked is None:
        is_talked = bool(text_of(entry.get("connect_time")))
    return ReportedLeg(
        leg_id=LegId(leg_id),
        employee_id=EmployeeId(employee_id) if employee_id else None,
        began_at=span[0],
        ended_at=span[1],
        talk_s=round(_lasted_s(entry.get("duration")) or 0) if is_talked else 0,
        is_talked=is_talked,
        is_coach=flag_of(entry.get("is_coach")) is True,
    )


def _not_reached(direction: Direction, finish_reason: str) -> ProposedDisposition:
    if direction is not Direction.OUTBOUND:
        return ProposedDisposition(Disposition.MISSED)
    known = NOT_REACHED.get(finish_reason.strip().lower())
    if known is not None:
        return ProposedDisposition(known)
    return propose_disposition(direction=direction, talked=False, ended_by_us=False)


def _span_of(start: str | None, finish: str | None, duration: object, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """Both ends, aware. Without a finish it is the start and the duration. In the hour that a clock shows twice the
    start is where the duration fits."""
    began_at, ended_at = moment_of(start, zone), moment_of(finish, zone)
    if began_at is None or not _YEARS[0] <= began_at.year <= _YEARS[1]:
        return None
    lasted_s = _lasted_s(duration)
    if ended_at is None or not _YEARS[0] <= ended_at.year <= _YEARS[1]:
        return began_at, began_at + timedelta(seconds=lasted_s or 0.0)
    begins, ends = _readings(began_at, zone), _readings(ended_at, zone)
    fitting = [(one, other) for one in begins for other in ends if one <= other] or [(began_at, began_at)]
    if lasted_s is None:
        return fitting[0]
    return min(fitting, key=lambda span: abs((span[1] - span[0]).total_seconds() - lasted_s))


def _lasted_s(duration: object) -> float | None:
    """Seconds; None when it was not told, or cannot be true of a call."""
    lasted_s = duration_s_of(duration)
    return lasted_s if lasted_s is not None and lasted_s <= _LONGEST_CALL_S else None


def _readings(moment: datetime, zone: tzinfo) -> tuple[datetime, ...]:
    """The moment, and an hour later too where the clock on the wall then shows the same."""
    later = moment + _AN_HOUR
    is_twice = moment.astimezone(zone).replace(tzinfo=None) == later.astimezone(zone).replace(tzinfo=None)
    return (moment, later) if is_twice else (moment,)


def _texts(entry: Entry, name: str) -> list[str]:
    listed = entry.get(name)
    if isinstance(listed, str):
        listed = [listed]
    found = (text_of(one) for one in (listed if isinstance(listed, list) else ()))
    return [one.strip() for one in found if one and one.strip()]
