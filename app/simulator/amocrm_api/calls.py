"""POST /api/v4/calls and notes of entities. Source: crm-notes 6.1, 6.2. There is no dedup by `uniq`, on purpose."""

from collections.abc import Mapping
from typing import TypeVar

from app.simulator.amocrm_api.account import CALL_NOTES, AmoAccount, AmoEntity, AmoNote
from app.simulator.amocrm_api.fields import FieldRule, Item, check_items, items_of, request_id_of
from app.simulator.amocrm_api.problems import AmoProblemError

DIRECTIONS = {"inbound": "call_in", "outbound": "call_out"}
PAGE_LIMIT = 250

_Row = TypeVar("_Row")
_TEXT = FieldRule((str,))
_NUMBER = FieldRule((int,))
_NEEDED_TEXT = FieldRule((str,), required=True, blank=False)

CALL_FIELDS: Mapping[str, FieldRule] = {
    "direction": FieldRule((str,), required=True, choices=frozenset(DIRECTIONS)),
    "duration": FieldRule((int,), required=True),
    "source": _NEEDED_TEXT,
    "phone": _NEEDED_TEXT,
    "uniq": _TEXT,
    "link": _TEXT,
    "call_result": _TEXT,
    "call_status": FieldRule((int,), choices=frozenset(range(1, 9))),
    "call_responsible": FieldRule((int, str)),
    "responsible_user_id": _NUMBER,
    "created_by": _NUMBER,
    "updated_by": _NUMBER,
    "created_at": _NUMBER,
    "updated_at": _NUMBER,
    "request_id": FieldRule((str, int)),
}

CALL_NOTE_PARAMS: Mapping[str, FieldRule] = {
    "uniq": _NEEDED_TEXT,
    "duration": FieldRule((int,), required=True),
    "source": _NEEDED_TEXT,
    "phone": _NEEDED_TEXT,
    "link": _TEXT,
    "call_result": _TEXT,
    "call_status": FieldRule((int,), choices=frozenset(range(1, 9))),
    "call_responsible": FieldRule((int, str)),
}

_CARD_PARAMS = ("uniq", "duration", "source", "link", "phone", "call_result", "call_status", "call_responsible")
_SINGULAR = {"contacts": "contact", "companies": "company", "leads": "lead", "customers": "customer"}


def add_calls(account: AmoAccount, body: object, base_url: str, effects: list[str]) -> tuple[int, object]:
    """Add each call whose number is in a card; the others come back under `errors`. HTTP code and body."""
    items = items_of(body)
    check_items(items, CALL_FIELDS)
    added: list[object] = []
    errors: list[object] = []
    for index, item in enumerate(items):
        card = account.card_for(str(item["phone"]))
        request_id = request_id_of(item, index)
        if card is None:
            errors.append({"request_id": request_id, "title": "Entity not found", "detail": "Entity not found"})
            continue
        params = {name: item[name] for name in _CARD_PARAMS if name in item}
        note = add_note(account, card, DIRECTIONS[str(item["direction"])], params, item)
        effects.append(f"call note={note.note_id} {card.kind}={card.entity_id} uniq={item.get('uniq')}")
        added.append(
            {
                "id": note.note_id,
                "entity_id": card.entity_id,
                "entity_type": _SINGULAR[card.kind],
                "account_id": account.config.amocrm_account_id,
                "request_id": request_id,
                "_embedded": {"entity": {"id": card.entity_id, "_links": links(base_url, card)}},
            }
        )
    refused = not added and account.switches.unknown_number_reply == "bad_request"
    return 400 if refused else 200, {
        "_total_items": len(added),
        "errors": errors,
        "_embedded": {"calls": added},
    }


def post_notes(
    account: AmoAccount, entity: AmoEntity, body: object, base_url: str, effects: list[str]
) -> tuple[int, object]:
    """Add notes to an entity the operator chose."""
    items = items_of(body)
    check_items(items, {"note_type": _NEEDED_TEXT})
    check_items([item for item in items if item["note_type"] in CALL_NOTES], CALL_NOTE_PARAMS, inside="params")
    added: list[object] = []
    for index, item in enumerate(items):
        params = item.get("params")
        note_params = dict(params) if isinstance(params, Mapping) else {}
        note = add_note(account, entity, str(item["note_type"]), note_params, item)
        effects.append(f"note={note.note_id} {entity.kind}={entity.entity_id} uniq={note.params.get('uniq')}")
        added.append(
            {
                "id": note.note_id,
                "entity_id": entity.entity_id,
                "request_id": request_id_of(item, index),
                "_links": {"self": {"href": f"{base_url}/{entity.kind}/{entity.entity_id}/notes/{note.note_id}"}},
            }
        )
    return 200, {"_embedded": {"notes": added}}


def list_notes(account: AmoAccount, entity: AmoEntity, query: Mapping[str, str], base_url: str) -> object:
    """Notes of one entity by `filter[note_type]`, oldest first unless `order[id]` says otherwise; None when there are
    none (HTTP 204)."""
    wanted = {
        note_type
        for name, value in query.items()
        if name.startswith("filter[note_type]")
        for note_type in value.split(",")
    }
    notes = [
        note
        for note in account.notes
        if (note.kind, note.entity_id) == (entity.kind, entity.entity_id) and (not wanted or note.note_type in wanted)
    ]
    found = paged(notes[::-1] if query.get("order[id]") == "desc" else notes, query)
    if not found:
        return None
    written = [_note(account, note, base_url) for note in found]
    return {"_page": page_of(query), "_links": links(base_url, entity), "_embedded": {"notes": written}}


def add_note(account: AmoAccount, card: AmoEntity, note_type: str, params: dict[str, object], item: Item) -> AmoNote:
    """Write one note; whose and when come from the item where it says so."""
    note = AmoNote(
        note_id=account.next_id("note"),
        kind=card.kind,
        entity_id=card.entity_id,
        note_type=note_type,
        params=params,
        responsible_user_id=_number(item, "responsible_user_id", card.responsible_user_id),
        created_by=_number(item, "created_by", 0),
        created_at=_number(item, "created_at", int(account.clock.now().timestamp())),
    )
    account.notes.append(note)
    return note


def links(base_url: str, entity: AmoEntity) -> dict[str, object]:
    """The `_links` object of an entity."""
    return {"self": {"href": f"{base_url}/{entity.kind}/{entity.entity_id}"}}


def page_of(query: Mapping[str, str]) -> int:
    """Number of the page asked for, from 1."""
    asked = query.get("page", "1")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 10 else 1


def paged(rows: list[_Row], query: Mapping[str, str]) -> list[_Row]:
    """One page of rows. Raises AmoProblemError 400 when `limit` is over 250."""
    asked = query.get("limit", str(PAGE_LIMIT))
    limit = int(asked) if asked.isdecimal() and len(asked) < 10 else 0
    if not 1 <= limit <= PAGE_LIMIT:
        raise AmoProblemError(400, "Limit should be between 1 and 250")
    start = (page_of(query) - 1) * limit
    return rows[start : start + limit]


def _note(account: AmoAccount, note: AmoNote, base_url: str) -> dict[str, object]:
    return {
        "id": note.note_id,
        "entity_id": note.entity_id,
        "created_by": note.created_by,
        "updated_by": note.created_by,
        "created_at": note.created_at,
        "updated_at": note.created_at,
        "responsible_user_id": note.responsible_user_id,
        "group_id": 0,
        "note_type": note.note_type,
        "params": note.params,
        "account_id": account.config.amocrm_account_id,
        "_links": {"self": {"href": f"{base_url}/{note.kind}/{note.entity_id}/notes/{note.note_id}"}},
    }


def _number(item: Item, name: str, default: int) -> int:
    value = item.get(name)
    return value if isinstance(value, int) else default
