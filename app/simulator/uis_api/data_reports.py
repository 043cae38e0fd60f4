"""The Data API's reports on calls and legs. Times are the account's, without an offset (uis-notes §2)."""

from datetime import UTC, datetime, timedelta

from app.simulator.pbx.call import DIALLING, QUEUED, Call, Leg, LegRole
from app.simulator.pbx.recordings import talked_legs
from app.simulator.uis_api.data_query import NAMED_ONLY, NESTED, PLAIN, UNSORTED, Column, Columns, Row, page_of
from app.simulator.uis_api.invocation import Invocation, Page
from app.simulator.uis_api.refusals import ApiRefusal

TIME_FORMAT = "%Y-%m-%d %H:%M:%S"
LONGEST_INTERVAL = timedelta(days=92)
"""Three months."""
NAMED_LIST = Column(is_default=False, is_filterable=False, is_sortable=False)
CALLS: Columns = {
    "id": UNSORTED,
    **dict.fromkeys(("start_time", "finish_time", "direction", "total_duration", "talk_duration"), PLAIN),
    **dict.fromkeys(("finish_reason", "source", "is_lost", "contact_phone_number", "virtual_phone_number"), UNSORTED),
    **dict.fromkeys(("communication_id", "communication_type", "wait_duration", "is_transfer"), UNSORTED),
    **dict.fromkeys(("call_records", "wav_call_records", "full_record_file_link"), NESTED),
    **dict.fromkeys(("call_api_external_id", "scenario_id", "scenario_name"), NAMED_ONLY),
    **dict.fromkeys(("operator_phone_number", "last_talked_employee_id", "contact_full_name"), NAMED_ONLY),
    **dict.fromkeys(("tags", "employees"), NAMED_LIST),
}
LEGS: Columns = {
    "id": UNSORTED,
    "call_session_id": UNSORTED,
    **dict.fromkeys(("start_time", "connect_time", "duration", "total_duration"), PLAIN),
    **dict.fromkeys(("finish_reason", "virtual_phone_number", "calling_phone_number", "called_phone_number"), UNSORTED),
    **dict.fromkeys(("direction", "is_transfered", "is_operator", "is_coach", "is_failed", "is_talked"), UNSORTED),
    **dict.fromkeys(("employee_id", "employee_full_name", "contact_phone_number"), UNSORTED),
    "call_records": NESTED,
}
FINISH_REASONS = {
    "contact_hung_up": "subscriber_disconnects",
    "contact_disconnected": "subscriber_disconnects",
    "contact_declined": "subscriber_busy",
    "contact_timed_out": "subscriber_not_responsible",
    "no_answer": "operator_not_responsible",
    "lost_on_blind_transfer": "no_success_operator_call",
    "message_played": "success_finish",
}
"""The exchange's words -> the vendor's; everything else was ended by our side."""


def get_calls_report(invocation: Invocation) -> Page:
    """Finished calls that began between the dates, and with include_ongoing_calls the live ones too."""
    begin, end = _interval(invocation)
    calls = _reported(invocation)
    if invocation.params.get("include_ongoing_calls", False) is True:
        calls += invocation.world.calls
    return page_of(invocation, CALLS, [_call(invocation, one) for one in calls if begin <= one.started_at <= end])


def get_call_legs_report(invocation: Invocation) -> Page:
    """Legs of the finished calls, the dropped ones included, each with its own times."""
    begin, end = _interval(invocation)
    rows = [
        _leg(invocation, call, leg)
        for call in _reported(invocation)
        if begin <= call.started_at <= end
        for leg in (*call.past_legs, *call.legs)
    ]
    return page_of(invocation, LEGS, rows)


def _reported(invocation: Invocation) -> list[Call]:
    """Finished calls that have come into the reports."""
    world = invocation.world
    known_since = world.schedule.wall_now() - timedelta(seconds=world.config.report_delay_s)
    return [call for call in world.finished if call.ended_at is not None and call.ended_at <= known_since]


def _interval(invocation: Invocation) -> tuple[datetime, datetime]:
    begin, end = _moment(invocation, "date_from"), _moment(invocation, "date_till")
    if end < begin:
        raise ApiRefusal("invalid_parameters_combination", field="date_till", value=invocation.text("date_till"))
    if end - begin > LONGEST_INTERVAL:
        raise ApiRefusal("date_interval_limit_reached", field="date_till", value=invocation.text("date_till"))
    return begin, end


def _moment(invocation: Invocation, name: str) -> datetime:
    sent = invocation.text(name)
    try:
        written = datetime.strptime(f"{sent} +0000", f"{TIME_FORMAT} %z")
    except ValueError as error:
        raise ApiRefusal("invalid_parameter_value", field=name, value=sent) from error
    return written.replace(tzinfo=invocation.zone).astimezone(UTC)


def _local(invocation: Invocation, moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(invocation.zone).strftime(TIME_FORMAT)


def _seconds(begin: datetime | None, end: datetime) -> int:
    return 0 if begin is None else int((end - begin).total_seconds())


def _is_connected(leg: Leg) -> bool:
    return leg.leg_state not in (DIALLING, QUEUED)


def _call(invocation: Invocation, call: Call) -> Row:
    end = call.ended_at or invocation.world.schedule.wall_now()
    wait_end = call.talk_started_at or end
    records, is_wav = invocation.world.recordings.records_of(call), invocation.world.config.recording_kind == "wav"
    scenario = invocation.world.directory.scenario_of_number(call.virtual_number)
    legs, talked = [*call.past_legs, *call.legs], talked_legs(call)
    return {
        "id": call.call_session_id,
        "start_time": _local(invocation, call.started_at),
        "finish_time": _local(invocation, call.ended_at),
        "direction": call.direction,
        "total_duration": _seconds(call.started_at, end),
        "talk_duration": _seconds(call.talk_started_at, end),
        "wait_duration": _seconds(call.started_at, wait_end),
        "finish_reason": _finish_reason(call),
        "source": call.source,
        "is_lost": call.direction == "in" and call.ended_at is not None and not call.was_answered,
        "contact_phone_number": call.contact,
        "virtual_phone_number": call.virtual_number,
        "communication_id": call.call_session_id,
        "communication_type": "call",
        "is_transfer": len({leg.employee_id for leg in talked}) > 1,
        "call_records": [] if is_wav else records,
        "wav_call_records": records if is_wav else [],
        "full_record_file_link": None if is_wav else invocation.world.recordings.whole_link(call),
        "call_api_external_id": call.external_id,
        "scenario_id": None if scenario is None else scenario.scenario_id,
        "scenario_name": None if scenario is None else scenario.name,
        "operator_phone_number": talked[-1].called if talked else None,
        "last_talked_employee_id": talked[-1].employee_id if talked else None,
        "contact_full_name": None,
        "tags": [
            {"tag_id": tag.tag_id, "tag_name": tag.name, "tag_type": "manual", "tag_change_time": None}
            for tag in call.tags
        ],
        "employees": [
            {
                "employee_id": leg.employee_id,
                "employee_full_name": leg.employee_full_name,
                "is_answered": _is_connected(leg),
                "is_talked": leg in talked,
            }
            for leg in legs
            if leg.employee_id is not None and leg.role is not LegRole.CONTACT
        ],
    }


def _finish_reason(call: Call) -> str | None:
    if call.finish_reason is None:
        return None
    return FINISH_REASONS.get(call.finish_reason, "operator_disconnects")


def _leg(invocation: Invocation, call: Call, leg: Leg) -> Row:
    end = leg.left_at or call.ended_at or invocation.world.schedule.wall_now()
    begin = leg.began_at or call.started_at
    is_talked = leg.talk_began_at is not None
    return {
        "id": leg.leg_id + invocation.world.config.report_leg_id_shift,
        "call_session_id": call.call_session_id,
        "start_time": _local(invocation, begin),
        "connect_time": _local(invocation, leg.talk_began_at),
        "duration": _seconds(leg.talk_began_at, end),
        "total_duration": _seconds(begin, end),
        "finish_reason": _finish_reason(call),
        "virtual_phone_number": call.virtual_number,
        "calling_phone_number": leg.calling,
        "called_phone_number": leg.called,
        "direction": call.direction,
        "is_transfered": leg.role is LegRole.CONSULT,
        "is_operator": leg.is_operator,
        "is_coach": leg.role is LegRole.COACH,
        "is_failed": not is_talked,
        "is_talked": is_talked,
        "employee_id": leg.employee_id,
        "employee_full_name": leg.employee_full_name,
        "contact_phone_number": call.contact,
        "call_records": invocation.world.recordings.records_of_leg(call, leg),
    }
