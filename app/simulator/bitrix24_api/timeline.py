"""crm.timeline.comment.add and .list, crm.activity.list. Source: crm-notes 1.2; the vendor's pages of 2026."""

from collections.abc import Callable, Mapping

from app.simulator.bitrix24_api.lists import Listing, listing, page
from app.simulator.bitrix24_api.portal import BitrixPortal, Caller
from app.simulator.bitrix24_api.refusals import PortalRefusalError
from app.simulator.bitrix24_api.rows import CallActivity, TimelineComment
from app.simulator.bitrix24_api.values import Params, inner, text, whole_number

OWNER_TYPE_IDS = {"LEAD": 1, "DEAL": 2, "CONTACT": 3, "COMPANY": 4}
COMMENT_ORDER: Mapping[str, Callable[[TimelineComment], float]] = {
    "ID": lambda row: row.comment_id,
    "CREATED": lambda row: row.created_at.timestamp(),
    "AUTHOR_ID": lambda row: row.author_id,
}


def add_comment(portal: BitrixPortal, caller: Caller, params: Params, effects: list[str]) -> object:
    """Add a comment to an entity; not idempotent. Only the lower-case key `fields` is read."""
    fields = params.get("fields")
    if not isinstance(fields, dict) or any(name not in fields for name in ("ENTITY_ID", "ENTITY_TYPE", "COMMENT")):
        raise PortalRefusalError("100", "Could not find value for parameter {fields}")
    entity_type, entity_id = text(fields["ENTITY_TYPE"]).lower(), whole_number(fields["ENTITY_ID"])
    if portal.crm.find(entity_type, entity_id) is None:
        raise PortalRefusalError("OWNER_NOT_FOUND", "Owner was not found.")
    if not text(fields["COMMENT"]).strip():
        raise PortalRefusalError("INVALID_ARG_VALUE", "Comment message is empty")
    comment = TimelineComment(
        comment_id=portal.next_id("comment"),
        entity_type=entity_type,
        entity_id=entity_id,
        comment=text(fields["COMMENT"]),
        author_id=caller.user_id,
        created_at=portal.clock.now(),
        file_names=_file_names(fields.get("FILES")),
    )
    portal.comments.append(comment)
    effects.append(f"comment ID={comment.comment_id} {entity_type}={entity_id}")
    return comment.comment_id


def list_comments(portal: BitrixPortal, _caller: Caller, params: Params, _effects: list[str]) -> object:
    """Comments of one entity. The filter knows ENTITY_ID and ENTITY_TYPE only, and wants both."""
    wanted = inner(params, "filter", "FILTER")
    if "ENTITY_ID" not in wanted or "ENTITY_TYPE" not in wanted:
        raise PortalRefusalError("100", "Could not find value for parameter {filter}")
    owner = (text(wanted["ENTITY_TYPE"]).lower(), whole_number(wanted["ENTITY_ID"]))
    rows = [row for row in portal.comments if (row.entity_type, row.entity_id) == owner]
    for name, direction in reversed(list(inner(params, "order", "ORDER").items())):
        if name in COMMENT_ORDER:
            rows.sort(key=COMMENT_ORDER[name], reverse=text(direction).upper() == "DESC")
    return _selected(page(rows, params, lambda row: _comment(portal, row)), params)


def list_activities(portal: BitrixPortal, _caller: Caller, params: Params, _effects: list[str]) -> object:
    """Activities by any of their fields; ORIGIN_ID is `VI_<CALL_ID>` for a call."""
    origin = text(inner(params, "filter", "FILTER").get("ORIGIN_ID"))
    rows = [row for row in portal.activities if origin in {"", row.origin_id}]
    return _selected(listing((_activity(portal, row) for row in rows), params), params)


def _selected(found: Listing, params: Params) -> Listing:
    asked = params.get("select", params.get("SELECT"))
    if not isinstance(asked, list) or not asked or "*" in asked:
        return found
    rows = [{name: row[name] for name in row if name in asked} for row in found.rows]
    return Listing(rows, found.total, found.next_start)


def _comment(portal: BitrixPortal, row: TimelineComment) -> dict[str, object]:
    files = {str(order): {"id": order, "name": name} for order, name in enumerate(row.file_names, start=1)}
    return {
        "ID": str(row.comment_id),
        "ENTITY_ID": str(row.entity_id),
        "ENTITY_TYPE": row.entity_type,
        "CREATED": row.created_at.astimezone(portal.zone).isoformat(timespec="seconds"),
        "COMMENT": row.comment,
        "AUTHOR_ID": str(row.author_id),
        # PHP writes an empty map as a list
        "FILES": files or [],
    }


def _activity(portal: BitrixPortal, row: CallActivity) -> dict[str, object]:
    started = row.started_at.astimezone(portal.zone).isoformat(timespec="seconds")
    return {
        "ID": str(row.activity_id),
        "OWNER_ID": str(row.entity_id),
        "OWNER_TYPE_ID": str(OWNER_TYPE_IDS[row.entity_type]),
        "TYPE_ID": "2",
        "PROVIDER_ID": "VOXIMPLANT_CALL",
        "PROVIDER_TYPE_ID": "CALL",
        "SUBJECT": f"{row.phone_number}",
        "CREATED": row.created_at.astimezone(portal.zone).isoformat(timespec="seconds"),
        "START_TIME": started,
        "END_TIME": started,
        "COMPLETED": "Y",
        "RESPONSIBLE_ID": str(row.responsible_user_id),
        "DIRECTION": "2" if row.call_type == 1 else "1",
        "ORIGINATOR_ID": None,
        "ORIGIN_ID": row.origin_id,
        "SETTINGS": {"DURATION": row.duration_s},
    }


def _file_names(files: object) -> tuple[str, ...]:
    if not isinstance(files, list):
        return ()
    return tuple(text(pair[0]) for pair in files if isinstance(pair, list) and pair)
