"""crm.item.get and crm.item.list: entities by the figure of their type. Source: crm-notes 5; the vendor's pages."""

from app.simulator.bitrix24_api.lists import Listing, listing
from app.simulator.bitrix24_api.portal import BitrixPortal, Caller
from app.simulator.bitrix24_api.refusals import PortalRefusalError
from app.simulator.bitrix24_api.rows import CrmEntity
from app.simulator.bitrix24_api.values import Params, inner, text, whole_number

ENTITY_TYPES = {1: "LEAD", 2: "DEAL", 3: "CONTACT", 4: "COMPANY"}
TITLED = frozenset({"LEAD", "DEAL", "COMPANY"})
NAMED = frozenset({"LEAD", "CONTACT"})


def get_item(portal: BitrixPortal, caller: Caller, params: Params, _effects: list[str]) -> object:
    """One entity under the key `item`; field names are camel-case here, unlike everywhere else."""
    entity_type = _entity_type(params)
    entity = portal.crm.find(entity_type, whole_number(params.get("id")))
    if entity is None:
        raise PortalRefusalError("NOT_FOUND", "Item not found")
    if not _may_see(portal, caller, entity):
        raise PortalRefusalError("ACCESS_DENIED", "You do not have permission to view this item")
    return {"item": _item(entity)}


def list_items(portal: BitrixPortal, caller: Caller, params: Params, _effects: list[str]) -> object:
    """Entities of one type, fifty to a page, under the key `items`; what the user may not see is left out."""
    entity_type = _entity_type(params)
    rows = [_item(entity) for entity in portal.crm.of_type(entity_type) if _may_see(portal, caller, entity)]
    _check_fields(inner(params, "filter"), "filter")
    _check_fields(inner(params, "order"), "order")
    found = listing(rows, {"FILTER": inner(params, "filter"), "ORDER": inner(params, "order"), **_start_of(params)})
    asked = params.get("select")
    if isinstance(asked, list) and asked and "*" not in asked:
        selected = [{name: row[name] for name in row if name in asked} for row in found.rows]
        found = Listing(selected, found.total, found.next_start)
    return Listing(found.rows, found.total, found.next_start, under="items")


def _entity_type(params: Params) -> str:
    entity_type = ENTITY_TYPES.get(whole_number(params.get("entityTypeId")))
    if entity_type is None:
        raise PortalRefusalError("NOT_FOUND", "SPA not found")
    return entity_type


def _may_see(portal: BitrixPortal, caller: Caller, entity: CrmEntity) -> bool:
    return portal.switches.sees_all_customers or entity.responsible_user_id == caller.user_id


def _start_of(params: Params) -> dict[str, object]:
    return {"start": params["start"]} if "start" in params else {}


def _check_fields(wanted: Params, place: str) -> None:
    known = _item(CrmEntity("LEAD", 0, "", "", 0))
    for name in wanted:
        field_name = name.lstrip("!@%<>=")
        if field_name not in known:
            raise PortalRefusalError(
                "INVALID_ARG_VALUE", f"Invalid {place}: field '{field_name}' is not allowed in {place}"
            )


def _item(entity: CrmEntity) -> dict[str, object]:
    first, _, last = entity.name.partition(" ")
    is_named = entity.entity_type in NAMED
    return {
        "id": entity.entity_id,
        "assignedById": entity.responsible_user_id,
        "opened": "Y",
        "sourceId": text(entity.source_id) or None,
        "title": entity.name if entity.entity_type in TITLED else None,
        "name": first if is_named else None,
        "lastName": (last or None) if is_named else None,
        "hasPhone": "Y" if entity.phone_number else "N",
        "phone": f"+{entity.phone_number}" if entity.phone_number else "",
        "entityTypeId": next(type_id for type_id, name in ENTITY_TYPES.items() if name == entity.entity_type),
    }
