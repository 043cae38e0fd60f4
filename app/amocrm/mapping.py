"""amoCRM's words and ours, both ways. The only file here that speaks both."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec import UNSET, UnsetType

from app.amocrm import wire
from app.crm.port import CardToWrite, StepReceipt
from app.domain.calls import Direction
from app.domain.customer import CrmUser, Customer, CustomerKind
from app.domain.phone_number import format_phone_number, parse_phone_number
from app.domain.wrap_up import Disposition

SOURCE = "Pult"
_HIDDEN = "hidden"
_TAIL_DIGITS = 10
_RUSSIAN_DIGITS = 11

# 1 left a message, 2 call later, 3 not there, 4 talked, 5 wrong number, 6 not reached, 7 busy.
CALL_STATUSES: dict[Disposition, int] = {
    Disposition.SUCCESS: 4,
    Disposition.MISSED: 6,
    Disposition.DECLINED: 6,
    Disposition.CANCELLED: 6,
    Disposition.FORBIDDEN: 6,
    Disposition.WRONG_NUMBER: 5,
    Disposition.BUSY: 7,
    Disposition.DIRECTION_UNAVAILABLE: 6,
    Disposition.DIRECTION_UNAVAILABLE_503: 6,
    Disposition.TEMPORARILY_UNAVAILABLE: 3,
    Disposition.NO_FUNDS: 6,
    Disposition.BLOCKED: 6,
    Disposition.OTHER: 6,
}
_TALKED = 4

# What a manager reads in the feed when the operator typed nothing.
OUTCOMES: dict[Disposition, str] = {
    Disposition.SUCCESS: "Разговор состоялся",
    Disposition.MISSED: "Пропущенный звонок",
    Disposition.DECLINED: "Вызов отклонён",
    Disposition.CANCELLED: "Вызов отменён",
    Disposition.FORBIDDEN: "Звонок запрещён",
    Disposition.WRONG_NUMBER: "Неверный номер",
    Disposition.BUSY: "Номер занят",
    Disposition.DIRECTION_UNAVAILABLE: "Направление недоступно",
    Disposition.DIRECTION_UNAVAILABLE_503: "Направление недоступно",
    Disposition.TEMPORARILY_UNAVAILABLE: "Абонент временно недоступен",
    Disposition.NO_FUNDS: "Недостаточно средств",
    Disposition.BLOCKED: "Номер заблокирован",
    Disposition.OTHER: "Другой исход",
}

PLURALS = {
    "contact": wire.CONTACTS,
    "company": wire.COMPANIES,
    "lead": wire.LEADS,
    "customer": wire.CUSTOMERS,
}
_KINDS = {
    CustomerKind.CONTACT: wire.CONTACTS,
    CustomerKind.COMPANY: wire.COMPANIES,
    CustomerKind.LEAD: wire.LEADS,
}


def call_of(card: CardToWrite, link: str) -> wire.Call:
    """Every field of the method; what is not known is left out, never null."""
    user_id = _user(card)
    return wire.Call(
        direction="outbound" if card.direction is Direction.OUTBOUND else "inbound",
        phone=phone_of(card),
        duration=max(0, card.talk_s),
        source=SOURCE,
        uniq=card.card_key,
        call_status=call_status_of(card),
        call_result=result_of(card),
        link=link or UNSET,
        call_responsible=user_id,
        responsible_user_id=user_id,
        created_by=user_id,
        updated_by=user_id,
        created_at=unix_s(card.started_at),
        updated_at=unix_s(ended_at(card)),
        request_id=card.card_key,
    )


def note_of(card: CardToWrite, link: str) -> wire.CallNote:
    """The same call as a note of a customer the operator chose."""
    call = call_of(card, link)
    return wire.CallNote(
        note_type=note_type_of(card),
        params=wire.CallNoteParams(
            uniq=call.uniq,
            duration=call.duration,
            source=call.source,
            phone=call.phone,
            call_status=call.call_status,
            call_result=call.call_result,
            link=call.link,
            call_responsible=call.call_responsible,
        ),
        created_at=call.created_at,
        updated_at=call.updated_at,
        request_id=call.request_id,
        responsible_user_id=call.responsible_user_id,
        created_by=call.created_by,
        updated_by=call.updated_by,
    )


def contact_of(card: CardToWrite) -> wire.Contact:
    """A contact named after its number: nobody has asked for a name."""
    user_id = _user(card)
    return wire.Contact(
        name=format_phone_number(card.phone_number),
        custom_fields_values=_phone_field(card),
        request_id=card.card_key,
        responsible_user_id=user_id,
        created_by=user_id,
    )


def unsorted_of(card: CardToWrite, link: str, pipeline_id: int | None) -> wire.UnsortedCall:
    """The call in the inbox; whoever accepts it gets a contact with the number."""
    contact = wire.Contact(name=format_phone_number(card.phone_number), custom_fields_values=_phone_field(card))
    return wire.UnsortedCall(
        source_uid=SOURCE.lower(),
        source_name=SOURCE,
        pipeline_id=pipeline_id or UNSET,
        created_at=unix_s(card.started_at),
        metadata=wire.UnsortedMetadata(
            uniq=card.card_key,
            caller=phone_of(card),
            phone=parse_phone_number(card.line_number).digits or card.line_number or SOURCE,
            called_at=unix_s(card.started_at),
            duration=max(0, card.talk_s),
            service_code=SOURCE.lower(),
            link=link or UNSET,
        ),
        embedded=wire.UnsortedContacts((contact,)),
        request_id=card.card_key,
    )


def phone_of(card: CardToWrite) -> str:
    """Digits as they are; what a hidden caller showed instead, never empty."""
    return parse_phone_number(card.phone_number).digits or card.phone_number.strip() or _HIDDEN


def note_type_of(card: CardToWrite) -> str:
    return wire.CALL_OUT if card.direction is Direction.OUTBOUND else wire.CALL_IN


def call_status_of(card: CardToWrite) -> int:
    """Never null. What the table does not decide, the talk does."""
    disposition = _disposition(card)
    if disposition is Disposition.OTHER and card.talk_s > 0:
        return _TALKED
    return CALL_STATUSES[disposition]


def result_of(card: CardToWrite) -> str:
    """The operator's notes, else the outcome; the reason of a failure after it."""
    said = card.notes.strip() or OUTCOMES[_disposition(card)]
    reason = card.failed_reason.strip()
    return f"{said}\n{reason}" if reason and reason not in said else said


def ended_at(card: CardToWrite) -> datetime:
    """When the call was over; of an old card that does not say, after its talk."""
    return card.ended_at or card.started_at + timedelta(seconds=card.talk_s)


def unix_s(at: datetime) -> int:
    return int(at.astimezone(UTC).timestamp())


def plural_of(kind: CustomerKind) -> str:
    """The entity's name in addresses."""
    return _KINDS[kind]


def tail_of(phone: str) -> str:
    """The last ten digits, by which amoCRM takes one number for another."""
    return "".join(sign for sign in phone if sign in "0123456789")[-_TAIL_DIGITS:]


def spellings_of(phone: str) -> tuple[str, ...]:
    """What to look a number up as: the search is over texts, and cards hold +7, 8 and bare numbers alike."""
    digits = parse_phone_number(phone).digits
    if not digits:
        return ()
    tail = digits[-_TAIL_DIGITS:]
    if len(digits) == _RUSSIAN_DIGITS and digits.startswith("7"):
        return (tail, f"7{tail}", f"8{tail}", f"+7{tail}")
    return tuple(dict.fromkeys((tail, digits, f"+{digits}")))


def has_number(row: wire.Row, phone: str) -> bool:
    """Whether one of the card's own numbers is this one: a full-text hit may be about anything."""
    wanted = tail_of(phone)
    return bool(wanted) and any(tail_of(number) == wanted for number in _numbers_in(row))


def customer_of(kind: CustomerKind, row: wire.Row) -> Customer | None:
    entity_id = wire.number_in(row, "id")
    if entity_id is None:
        return None
    return Customer(kind, entity_id, wire.text_in(row, "name"), wire.number_in(row, "responsible_user_id"))


def crm_user(row: wire.Row) -> CrmUser | None:
    user_id = wire.number_in(row, "id")
    return None if user_id is None else CrmUser(user_id, wire.text_in(row, "name"))


def receipt_of(account_url: str, kind: str, entity_id: int | None, **ids: int | str | None) -> StepReceipt:
    """`amo_entity_type`, `amo_entity_id` and `amo_link`, with what else is known. `kind` in either number."""
    plural = PLURALS.get(kind, kind)
    known = {name: str(value) for name, value in ids.items() if value}
    if entity_id is not None and plural in PLURALS.values():
        singular = next(one for one, many in PLURALS.items() if many == plural)
        known |= {"amo_entity_type": singular, "amo_entity_id": str(entity_id)}
        known["amo_link"] = f"{account_url}/{plural}/detail/{entity_id}"
    return StepReceipt(known)


def added_call(said: wire.Row, request_id: str, account_url: str) -> StepReceipt | None:
    """The receipt of our call; None when our request_id is not among those that were added (crm-notes 6.1)."""
    for row in wire.embedded(said, "calls"):
        if wire.text_in(row, "request_id") == request_id:
            return receipt_of(
                account_url,
                wire.text_in(row, "entity_type"),
                wire.number_in(row, "entity_id"),
                amo_note_id=wire.number_in(row, "id"),
            )
    return None


def added_id(said: wire.Row, name: str, request_id: str) -> str | None:
    """`id` or `uid` of our item under `_embedded`.`name`; None when it is not there."""
    for row in wire.embedded(said, name):
        if wire.text_in(row, "request_id") == request_id:
            return wire.text_in(row, "uid") or wire.text_in(row, "id") or None
    return None


def is_call_note(row: wire.Row, uniq: str) -> bool:
    """Whether the note is that call."""
    return wire.text_in(row.get("params"), "uniq") == uniq


def is_unsorted_call(row: wire.Row, uniq: str) -> bool:
    return wire.text_in(row.get("metadata"), "uniq") == uniq


def was_made_since(row: wire.Row, moment: datetime) -> bool:
    """Whether a card was made after that moment; True when it does not say."""
    created_at = wire.number_in(row, "created_at")
    return created_at is None or created_at >= unix_s(moment)


def _disposition(card: CardToWrite) -> Disposition:
    try:
        return Disposition(card.disposition_code)
    except ValueError:
        return Disposition.OTHER


def _user(card: CardToWrite) -> int | UnsetType:
    return card.second_user_id or UNSET


def _phone_field(card: CardToWrite) -> tuple[wire.PhoneField, ...]:
    digits = parse_phone_number(card.phone_number).digits
    if not digits:
        return ()
    written = f"+{digits}" if len(digits) >= _RUSSIAN_DIGITS else digits
    return (wire.PhoneField((wire.PhoneValue(written),)),)


def _numbers_in(row: wire.Row) -> list[str]:
    return [
        wire.text_in(value, "value")
        for field in wire.rows_in(row.get("custom_fields_values"))
        if wire.text_in(field, "field_code") == "PHONE"
        for value in wire.rows_in(field.get("values"))
    ]
