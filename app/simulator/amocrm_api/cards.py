"""Contacts and companies, unsorted calls, users and the account itself. Source: crm-notes 6.2, 6.5."""

from collections.abc import Mapping

from app.simulator.amocrm_api.account import AmoAccount, AmoEntity, UnsortedCall
from app.simulator.amocrm_api.calls import links, page_of, paged
from app.simulator.amocrm_api.fields import FieldRule, check_items, items_of, request_id_of
from app.simulator.amocrm_api.problems import AmoProblemError

_NEEDED_TEXT = FieldRule((str,), required=True, blank=False)
_NUMBER = FieldRule((int,), required=True)

UNSORTED_METADATA: Mapping[str, FieldRule] = {
    "uniq": _NEEDED_TEXT,
    "from": FieldRule((str, int), required=True),
    "phone": FieldRule((str, int), required=True),
    "called_at": _NUMBER,
    "duration": _NUMBER,
    "link": FieldRule((str,)),
    "service_code": _NEEDED_TEXT,
    "is_call_event_needed": FieldRule((bool,)),
}


def describe_account(account: AmoAccount, base_url: str) -> object:
    """The connection check."""
    return {
        "id": account.config.amocrm_account_id,
        "name": "Учебный аккаунт",
        "subdomain": "example",
        "current_user_id": account.config.amocrm_user_id,
        "country": "RU",
        "currency": "RUB",
        "_links": {"self": {"href": f"{base_url}/account"}},
    }


def list_users(account: AmoAccount, query: Mapping[str, str], base_url: str) -> object:
    """Users of the account; administrators only."""
    if not account.switches.is_admin:
        raise AmoProblemError(403, "User must be an administrator")
    found = paged(sorted(account.users.items()), query)
    if not found:
        return None
    users = [
        {"id": user_id, "name": name, "email": f"user{user_id}@example.test", "lang": "ru"} for user_id, name in found
    ]
    return {"_page": page_of(query), "_links": {"self": {"href": f"{base_url}/users"}}, "_embedded": {"users": users}}


def list_cards(account: AmoAccount, kind: str, query: Mapping[str, str], base_url: str) -> object:
    """Contacts or companies by full text: the query in the name or in the digits of the number; None = HTTP 204."""
    asked = query.get("query", "").casefold()
    digits = "".join(sign for sign in asked if sign.isdigit())
    rows = [
        entity
        for entity in account.entities.values()
        if entity.kind == kind
        and (asked in entity.name.casefold() or (digits != "" and digits in _digits(entity.phone)))
    ]
    found = paged(rows, query)
    if not found:
        return None
    linked = linked_kinds(query)
    cards = [card(account, entity, base_url, linked) for entity in found]
    return {"_page": page_of(query), "_links": {"self": {"href": f"{base_url}/{kind}"}}, "_embedded": {kind: cards}}


def linked_kinds(query: Mapping[str, str]) -> tuple[str, ...]:
    """What `with` asks to be shown beside each card: leads, customers."""
    asked = query.get("with", "").split(",")
    return tuple(kind for kind in ("leads", "customers") if kind in asked)


def card(account: AmoAccount, entity: AmoEntity, base_url: str, linked: tuple[str, ...] = ()) -> dict[str, object]:
    """One entity as the API writes it, with the ids of those `linked` to it."""
    phone_field = {
        "field_id": 264911,
        "field_name": "Телефон",
        "field_code": "PHONE",
        "field_type": "multitext",
        "values": [{"value": entity.phone, "enum_code": "WORK"}],
    }
    embedded: dict[str, object] = {"tags": []}
    for kind in linked:
        embedded[kind] = [{"id": one.entity_id} for one in account.linked(kind, entity)]
    return {
        "id": entity.entity_id,
        "name": entity.name,
        "responsible_user_id": entity.responsible_user_id,
        "created_at": entity.created_at,
        "updated_at": entity.created_at,
        "account_id": account.config.amocrm_account_id,
        "custom_fields_values": [phone_field] if entity.phone else None,
        "_links": links(base_url, entity),
        "_embedded": embedded,
    }


def create_contacts(account: AmoAccount, body: object, base_url: str, effects: list[str]) -> tuple[int, object]:
    """Make contacts; not idempotent."""
    items = items_of(body)
    check_items(items, {"name": FieldRule((str,)), "responsible_user_id": FieldRule((int,))})
    made: list[object] = []
    for index, item in enumerate(items):
        responsible = item.get("responsible_user_id")
        entity = AmoEntity(
            "contacts",
            account.next_id("entity"),
            str(item.get("name", "")),
            _phone_of(item.get("custom_fields_values")),
            responsible if isinstance(responsible, int) else account.config.amocrm_user_id,
            created_at=account.now_s,
        )
        account.entities[entity.kind, entity.entity_id] = entity
        effects.append(f"contact={entity.entity_id}")
        request_id = request_id_of(item, index)
        made.append({"id": entity.entity_id, "request_id": request_id, "_links": links(base_url, entity)})
    return 200, {"_links": {"self": {"href": f"{base_url}/contacts"}}, "_embedded": {"contacts": made}}


def add_unsorted(account: AmoAccount, body: object, base_url: str, effects: list[str]) -> tuple[int, object]:
    """Put calls into the inbox of unsorted leads; not idempotent."""
    items = items_of(body)
    check_items(items, {"source_uid": _NEEDED_TEXT, "source_name": _NEEDED_TEXT})
    check_items(items, UNSORTED_METADATA, inside="metadata")
    made: list[object] = []
    for index, item in enumerate(items):
        metadata = item["metadata"]
        row = UnsortedCall(
            uid=f"{account.next_id('entity'):064x}",
            source_uid=str(item["source_uid"]),
            source_name=str(item["source_name"]),
            metadata=dict(metadata) if isinstance(metadata, Mapping) else {},
            created_at=account.now_s,
            pipeline_id=_whole(item.get("pipeline_id")),
        )
        row.contact_name, row.contact_phone = _first_contact(item)
        if row.metadata.get("is_call_event_needed"):
            row.event_from, row.event_phone = row.metadata["phone"], row.metadata["from"]
        account.unsorted.append(row)
        effects.append(f"unsorted={row.uid[-8:]} uniq={row.metadata['uniq']}")
        request_id = request_id_of(item, index)
        made.append(
            {"uid": row.uid, "account_id": account.config.amocrm_account_id, "request_id": request_id, "_embedded": {}}
        )
    address = {"self": {"href": f"{base_url}/leads/unsorted/sip"}}
    return 200, {"_total_items": len(made), "_links": address, "_embedded": {"unsorted": made}}


def list_unsorted(account: AmoAccount, query: Mapping[str, str], base_url: str) -> object:
    """What waits in the inbox, by `filter[category]` and `order[created_at]`; None when nothing (HTTP 204)."""
    wanted = {
        category
        for name, value in query.items()
        if name.startswith("filter[category]")
        for category in value.split(",")
    }
    rows = account.unsorted if not wanted or "sip" in wanted else []
    if query.get("order[created_at]") == "desc":
        rows = rows[::-1]
    found = paged(rows, query)
    if not found:
        return None
    written = [_unsorted(account, row, base_url) for row in found]
    address = {"self": {"href": f"{base_url}/leads/unsorted"}}
    return {"_page": page_of(query), "_links": address, "_embedded": {"unsorted": written}}


def _unsorted(account: AmoAccount, row: UnsortedCall, base_url: str) -> dict[str, object]:
    # The wish for an event is not told back (crm-notes 6.2).
    metadata = {name: value for name, value in row.metadata.items() if name != "is_call_event_needed"}
    return {
        "uid": row.uid,
        "source_uid": row.source_uid,
        "source_name": row.source_name,
        "category": "sip",
        "pipeline_id": row.pipeline_id or 1,
        "created_at": row.created_at,
        "metadata": metadata,
        "account_id": account.config.amocrm_account_id,
        "_links": {"self": {"href": f"{base_url}/leads/unsorted/{row.uid}"}},
        "_embedded": {"leads": [], "contacts": [], "companies": []},
    }


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _first_contact(item: Mapping[str, object]) -> tuple[str, str]:
    embedded = item.get("_embedded")
    contacts = embedded.get("contacts") if isinstance(embedded, Mapping) else None
    first = contacts[0] if isinstance(contacts, list) and contacts else None
    if not isinstance(first, Mapping):
        return "", ""
    return str(first.get("name", "")), _phone_of(first.get("custom_fields_values"))


def _phone_of(custom_fields: object) -> str:
    if not isinstance(custom_fields, list):
        return ""
    for custom_field in custom_fields:
        if isinstance(custom_field, dict) and custom_field.get("field_code") == "PHONE":
            values = custom_field.get("values")
            if isinstance(values, list) and values and isinstance(values[0], dict):
                return str(values[0].get("value", ""))
    return ""


def _digits(phone: str) -> str:
    return "".join(sign for sign in phone if sign.isdigit())
