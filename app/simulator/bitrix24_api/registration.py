"""telephony.externalCall.register, show, hide and searchCrmEntities. Source: crm-notes 1.1, 1.4, 1.5.

The portal's order of checks is authorisation, user, TYPE, date, number.
"""

from datetime import timedelta

from app.simulator.bitrix24_api.portal import BitrixPortal, Caller
from app.simulator.bitrix24_api.refusals import PortalRefusalError, core_refusal
from app.simulator.bitrix24_api.rows import CrmEntity, OpenCall, PortalUser
from app.simulator.bitrix24_api.values import Params, start_moment, stripped_number, text, whole_number

SAME_CALL_WITHIN = timedelta(minutes=30)
CALL_TYPES = frozenset({1, 2, 3, 4, 5})
OUTGOING = 1
LINE_LENGTH = 50


def check_application(portal: BitrixPortal, caller: Caller) -> None:
    """Refuse a webhook where the portal wants an application (crm-notes 3)."""
    if portal.switches.app_only and caller.app_id is None:
        raise PortalRefusalError("WRONG_AUTH_TYPE", "Current authorization type is denied for this method", 403)


def user_of(portal: BitrixPortal, params: Params) -> int:
    """USER_ID if it is not zero, else the owner of USER_PHONE_INNER, who is not told apart from "not given"."""
    user_id = whole_number(params.get("USER_ID"))
    if user_id:
        return user_id
    inner_phone = text(params.get("USER_PHONE_INNER"))
    owners = (user for user in portal.users.values() if user.is_active and user.inner_phone == inner_phone)
    owner = next(owners, None) if inner_phone else None
    if owner is None:
        raise core_refusal("USER_ID or USER_PHONE_INNER should be set")
    return owner.user_id


def active_user(portal: BitrixPortal, user_id: int) -> PortalUser:
    """The employee, or the refusal for one who is unknown or dismissed."""
    user = portal.users.get(user_id)
    if user is None or not user.is_active:
        raise core_refusal("User is not found or is not active")
    return user


def register(portal: BitrixPortal, caller: Caller, params: Params, effects: list[str]) -> object:
    """Open a call, or find the open one that is the same (within 30 minutes of its CALL_START_DATE)."""
    check_application(portal, caller)
    asked = _asked_call(portal, caller, params)
    known = _same_open_call(portal, asked)
    if known is not None:
        effects.append(f"register-again CALL_ID={known.call_id} user={known.user_id}")
        return _registered(known)
    asked.call_id = portal.fresh_call_id()
    if asked.line_number:
        portal.lines.setdefault(asked.line_number, "Y")
    _bind_customer(portal, asked, params, effects)
    if whole_number(params.get("SHOW"), 1):
        asked.shown_to.add(asked.user_id)
    portal.open_calls[asked.call_id] = asked
    effects.append(f"register CALL_ID={asked.call_id} user={asked.user_id}")
    return _registered(asked)


def show(portal: BitrixPortal, _caller: Caller, params: Params, effects: list[str]) -> object:
    """Push the card to users; false when there is no such open call."""
    return _push_card(portal, params, effects, shown=True)


def hide(portal: BitrixPortal, _caller: Caller, params: Params, effects: list[str]) -> object:
    """Take the card away from users; false when there is no such open call."""
    return _push_card(portal, params, effects, shown=False)


def search_crm_entities(portal: BitrixPortal, _caller: Caller, params: Params, _effects: list[str]) -> object:
    """Everyone with this number, the recommended one first, with the responsible employee."""
    if not portal.switches.crm_installed:
        raise core_refusal("CRM is not installed.")
    if not text(params.get("PHONE_NUMBER")):
        raise core_refusal("PHONE_NUMBER is empty")
    phone_number = stripped_number(params.get("PHONE_NUMBER"))
    return [_found(portal, entity) for entity in portal.crm.find_by_number(phone_number)]


def _asked_call(portal: BitrixPortal, caller: Caller, params: Params) -> OpenCall:
    user = active_user(portal, user_of(portal, params))
    call_type = whole_number(params.get("TYPE"))
    if call_type not in CALL_TYPES:
        raise core_refusal("Unknown TYPE")
    started_at = portal.clock.now()
    if params.get("CALL_START_DATE") not in (None, ""):
        given_at = start_moment(params["CALL_START_DATE"], portal.zone)
        if given_at is None:
            raise core_refusal("CALL_START_DATE should be in the ISO-8601 format")
        started_at = given_at
    phone_number = stripped_number(params.get("PHONE_NUMBER"))
    if not phone_number:
        raise core_refusal("Unsupported phone number format")
    return OpenCall(
        call_id="",
        external_call_id=text(params.get("EXTERNAL_CALL_ID")) or None,
        user_id=user.user_id,
        phone_number=phone_number,
        call_type=call_type,
        line_number=text(params.get("LINE_NUMBER"))[:LINE_LENGTH],
        started_at=started_at,
        app_id=caller.app_id,
        call_list_id=whole_number(params.get("CALL_LIST_ID")) or None,
        is_internal=any(phone_number == colleague.inner_phone for colleague in portal.users.values()),
    )


def _same_open_call(portal: BitrixPortal, asked: OpenCall) -> OpenCall | None:
    oldest_at = portal.clock.now() - SAME_CALL_WITHIN
    for known in portal.open_calls.values():
        if known.started_at < oldest_at:
            continue
        if asked.line_number and asked.line_number != known.line_number:
            continue
        if asked.external_call_id and asked.external_call_id != known.external_call_id:
            continue
        if _dedup_key(asked) == _dedup_key(known):
            return known
    return None


def _dedup_key(call: OpenCall) -> tuple[str | None, str, int, int]:
    return (call.app_id, call.phone_number, call.call_type, call.user_id)


def _bind_customer(portal: BitrixPortal, call: OpenCall, params: Params, effects: list[str]) -> None:
    if call.is_internal or not portal.switches.crm_installed:
        return
    customer = portal.crm.find(text(params.get("CRM_ENTITY_TYPE")), whole_number(params.get("CRM_ENTITY_ID")))
    if customer is None or customer.entity_type == "DEAL":
        customer = next(iter(portal.crm.find_by_number(call.phone_number)), None)
    if customer is None and _may_create(portal, call, params):
        if portal.switches.lead_creation_error is not None:
            call.lead_creation_error = portal.switches.lead_creation_error
            return
        customer = portal.crm.create_lead(call.phone_number, call.user_id, call.call_id)
        customer.source_id = text(params.get("CRM_SOURCE"))
        call.created_lead_id = customer.entity_id
        effects.append(f"lead ID={customer.entity_id}")
    if customer is not None:
        call.entity_type, call.entity_id = customer.entity_type, customer.entity_id


def _may_create(portal: BitrixPortal, call: OpenCall, params: Params) -> bool:
    if not whole_number(params.get("CRM_CREATE")):
        return False
    return call.call_type != OUTGOING or portal.lines.get(call.line_number, "Y") == "Y"


def _registered(call: OpenCall) -> dict[str, object]:
    created: list[object] = []
    if call.created_lead_id is not None:
        created.append({"ENTITY_TYPE": "LEAD", "ENTITY_ID": call.created_lead_id})
    answer: dict[str, object] = {
        "CALL_ID": call.call_id,
        "CRM_CREATED_LEAD": call.created_lead_id,
        "CRM_CREATED_ENTITIES": created,
        "CRM_ENTITY_TYPE": call.entity_type,
        "CRM_ENTITY_ID": call.entity_id,
    }
    if call.lead_creation_error is not None:
        answer["LEAD_CREATION_ERROR"] = call.lead_creation_error
    return answer


def _push_card(portal: BitrixPortal, params: Params, effects: list[str], *, shown: bool) -> bool:
    call = portal.open_calls.get(text(params.get("CALL_ID")))
    if call is None:
        return False
    asked = params.get("USER_ID")
    given = asked if isinstance(asked, list) else [asked]
    user_ids = {whole_number(user_id) for user_id in given if user_id is not None} or {call.user_id}
    call.shown_to = call.shown_to | user_ids if shown else call.shown_to - user_ids
    effects.append(f"{'show' if shown else 'hide'} CALL_ID={call.call_id} users={sorted(user_ids)}")
    return True


def _found(portal: BitrixPortal, entity: CrmEntity) -> dict[str, object]:
    responsible = portal.users.get(entity.responsible_user_id)
    return {
        "CRM_ENTITY_TYPE": entity.entity_type,
        "CRM_ENTITY_ID": entity.entity_id,
        "ASSIGNED_BY_ID": entity.responsible_user_id,
        "NAME": entity.name,
        "ASSIGNED_BY": {
            "ID": str(entity.responsible_user_id),
            "TIMEMAN_STATUS": responsible.timeman if responsible else "UNAVAILABLE",
            "USER_PHONE_INNER": responsible.inner_phone if responsible else None,
            "WORK_PHONE": None,
            "PERSONAL_PHONE": None,
            "PERSONAL_MOBILE": responsible.mobile_phone if responsible else None,
        },
    }
