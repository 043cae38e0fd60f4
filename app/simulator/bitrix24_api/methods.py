"""The table of REST methods: documented spelling -> the function that does it. A new method is one line here."""

from collections.abc import Callable

from app.simulator.bitrix24_api.finishing import finish
from app.simulator.bitrix24_api.items import get_item, list_items
from app.simulator.bitrix24_api.lookups import current_user, get_statistics, get_users, list_currencies, list_statuses
from app.simulator.bitrix24_api.portal import BitrixPortal, Caller
from app.simulator.bitrix24_api.records import attach_record
from app.simulator.bitrix24_api.registration import hide, register, search_crm_entities, show
from app.simulator.bitrix24_api.timeline import add_comment, list_activities, list_comments
from app.simulator.bitrix24_api.values import Params, upper_keys

Method = Callable[[BitrixPortal, Caller, Params, list[str]], object]
"""Portal, who asks, decoded parameters, effects to append to -> `result`, or a Listing. Raises the refusals."""


def _any_case(method: Method) -> Method:
    return lambda portal, caller, params, effects: method(portal, caller, upper_keys(params), effects)


METHODS: dict[str, Method] = {
    "telephony.externalCall.register": _any_case(register),
    "telephony.externalCall.finish": _any_case(finish),
    "telephony.externalCall.attachRecord": _any_case(attach_record),
    "telephony.externalCall.show": _any_case(show),
    "telephony.externalCall.hide": _any_case(hide),
    "telephony.externalCall.searchCrmEntities": _any_case(search_crm_entities),
    "voximplant.statistic.get": get_statistics,
    "crm.timeline.comment.add": add_comment,
    "crm.timeline.comment.list": list_comments,
    "crm.activity.list": list_activities,
    "crm.currency.list": list_currencies,
    "crm.status.list": list_statuses,
    "crm.item.get": get_item,
    "crm.item.list": list_items,
    "user.current": current_user,
    "user.get": get_users,
}

_SPELLINGS = {name.lower(): name for name in METHODS}


def documented_name(asked: str) -> str:
    """The documented spelling of a method name in any case, `.json` allowed; an unknown one as it was asked."""
    bare = asked.removesuffix(".json")
    return _SPELLINGS.get(bare.lower(), bare)
