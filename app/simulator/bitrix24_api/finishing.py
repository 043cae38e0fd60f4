"""telephony.externalCall.finish. Source: crm-notes 1.2.

Not one transaction: hide the card, hand over created objects, create the CRM activity, insert the statistics row,
missed call, chat message, delete the open row. It can die between any two, and a repeat starts again from the top.
"""

from typing import Literal

from app.simulator.bitrix24_api.portal import BitrixPortal, Caller
from app.simulator.bitrix24_api.refusals import PortalCrashError, PortalRefusalError, core_refusal
from app.simulator.bitrix24_api.registration import active_user, check_application, user_of
from app.simulator.bitrix24_api.rows import CallActivity, OpenCall, StatisticsRow
from app.simulator.bitrix24_api.values import Params, decimal_number, text, whole_number

INCOMING_TYPES = frozenset({2, 3})
OUTGOING = 1


def finish(portal: BitrixPortal, caller: Caller, params: Params, effects: list[str]) -> object:
    """Close an open call and answer its statistics row, shaped like the vendor's example."""
    check_application(portal, caller)
    if not isinstance(params.get("CALL_ID"), str):
        raise PortalRefusalError("INVALID_ARGUMENT", "CALL_ID must be a string")
    user_id = user_of(portal, params)
    call = portal.open_calls.get(text(params["CALL_ID"]))
    if call is None:
        # the vendor's text lacks the closing bracket
        raise core_refusal("Call is not found (call should be registered prior to finishing")
    active_user(portal, user_id)
    call.shown_to.discard(user_id)
    _hand_over_created(portal, call, user_id)
    activity = _create_activity(portal, call, user_id, params)
    if activity is not None:
        effects.append(f"activity ID={activity.activity_id} CALL_ID={call.call_id}")
        _die_if_asked(portal, "activity")
    row = _insert_statistics(portal, call, user_id, activity, params)
    effects.append(f"statistics ID={row.row_id} CALL_ID={call.call_id}")
    _die_if_asked(portal, "statistics")
    _note_missed(portal, row)
    if whole_number(params.get("ADD_TO_CHAT")):
        portal.chat_messages.append((user_id, call.call_id))
        effects.append(f"chat CALL_ID={call.call_id} user={user_id}")
    del portal.open_calls[call.call_id]
    effects.append(f"finish CALL_ID={call.call_id} user={user_id}")
    return _finished(portal, row, wanted_activity=call.entity_id is not None)


def _die_if_asked(portal: BitrixPortal, point: Literal["activity", "statistics"]) -> None:
    if not portal.take_death(point):
        return
    if portal.finish_dies_with == "database_error":
        raise core_refusal("Unexpected database error")
    raise PortalCrashError(point)


def _hand_over_created(portal: BitrixPortal, call: OpenCall, user_id: int) -> None:
    if call.created_lead_id is not None:
        lead = portal.crm.find("LEAD", call.created_lead_id)
        if lead is not None:
            lead.responsible_user_id = user_id


def _create_activity(portal: BitrixPortal, call: OpenCall, user_id: int, params: Params) -> CallActivity | None:
    if call.entity_id is None or portal.switches.activity_creation_error is not None:
        return None
    activity = CallActivity(
        activity_id=portal.next_id("activity"),
        call_id=call.call_id,
        external_call_id=call.external_call_id,
        entity_type=call.entity_type,
        entity_id=call.entity_id,
        responsible_user_id=user_id,
        phone_number=call.phone_number,
        call_type=call.call_type,
        started_at=call.started_at,
        created_at=portal.clock.now(),
        duration_s=whole_number(params.get("DURATION")),
    )
    portal.activities.append(activity)
    return activity


def _insert_statistics(
    portal: BitrixPortal, call: OpenCall, user_id: int, activity: CallActivity | None, params: Params
) -> StatisticsRow:
    duration_s = whole_number(params.get("DURATION"))
    vote = whole_number(params.get("VOTE"))
    row = StatisticsRow(
        row_id=portal.next_id("statistics"),
        call_id=call.call_id,
        external_call_id=call.external_call_id,
        user_id=user_id,
        phone_number=call.phone_number,
        line_number=call.line_number,
        call_type=call.call_type,
        duration_s=duration_s,
        started_at=call.started_at,
        vote=vote if 1 <= vote <= 5 else None,
        cost=decimal_number(params.get("COST")),
        cost_currency=text(params.get("COST_CURRENCY")),
        failed_code=text(params.get("STATUS_CODE")) or ("200" if duration_s > 0 else "304"),
        failed_reason=text(params.get("FAILED_REASON")),
        app_id=call.app_id,
        entity_type=call.entity_type,
        entity_id=call.entity_id,
        activity_id=activity.activity_id if activity else None,
        call_list_id=call.call_list_id,
    )
    portal.statistics.append(row)
    return row


def _note_missed(portal: BitrixPortal, row: StatisticsRow) -> None:
    if row.call_type in INCOMING_TYPES and row.failed_code == "304":
        portal.missed_numbers.append(row.phone_number)
    if row.call_type == OUTGOING and row.failed_code == "200":
        portal.missed_numbers = [missed for missed in portal.missed_numbers if missed != row.phone_number]


def _finished(portal: BitrixPortal, row: StatisticsRow, *, wanted_activity: bool) -> dict[str, object]:
    answer: dict[str, object] = {
        "CALL_ID": row.call_id,
        "EXTERNAL_CALL_ID": row.external_call_id,
        "PORTAL_USER_ID": row.user_id,
        "PHONE_NUMBER": row.phone_number,
        "PORTAL_NUMBER": row.line_number,
        "INCOMING": str(row.call_type),
        "CALL_DURATION": row.duration_s,
        "CALL_START_DATE": {},
        "CALL_STATUS": 1 if row.duration_s > 0 else 0,
        "CALL_VOTE": row.vote,
        "COST": row.cost,
        "COST_CURRENCY": row.cost_currency,
        "CALL_FAILED_CODE": row.failed_code,
        "CALL_FAILED_REASON": row.failed_reason,
        "REST_APP_ID": row.app_id,
        "REST_APP_NAME": None if row.app_id is None else "Pult",
        "CRM_ACTIVITY_ID": row.activity_id,
        "COMMENT": None,
        "CRM_ENTITY_TYPE": row.entity_type,
        "CRM_ENTITY_ID": row.entity_id,
        "ID": row.row_id,
    }
    if wanted_activity and portal.switches.activity_creation_error is not None:
        answer["ERRORS"] = {"ACTIVITY_CREATION": portal.switches.activity_creation_error}
    return answer
