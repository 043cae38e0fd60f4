"""Wire to domain: the only file that knows both the vendor's words and ours. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from app.domain.calls import CallSession, CallSessionId, CallTag, Direction, EmployeeId, Leg, LegId, LegState, TagId
from app.domain.phone_number import parse_phone_number
from app.errors import plain_text
from app.telephony.port import TalkOption
from app.uis.wire import CallWire, LegWire, text_of

_TEXT_CAP = 300
_NUMBER_CAP = 64

LEG_STATES: dict[str, LegState] = {
    # The document (list.calls).
    "дозвон": LegState.DIALLING,
    "разговор": LegState.TALKING,
    "на очереди": LegState.QUEUED,
    "разъединено": LegState.ENDED,
    "разговор операторов": LegState.CONSULTING,
    "на удержании": LegState.HELD,
    "перевод вызова": LegState.TRANSFERRING,
    "отправка dtmf": LegState.SENDING_DTMF,
    "получение факса": LegState.FAX,
    "факс получен": LegState.FAX,
    "отправка факса": LegState.FAX,
    "факс отправлен": LegState.FAX,
    # The English edition, whose example contradicts its own table (uis-notes §5.4).
    "dial": LegState.DIALLING,
    "dialing": LegState.DIALLING,
    "dialling": LegState.DIALLING,
    "conversation": LegState.TALKING,
    "talking": LegState.TALKING,
    "talk": LegState.TALKING,
    "next in line": LegState.QUEUED,
    "disconnected": LegState.ENDED,
    "operators talking": LegState.CONSULTING,
    "on hold": LegState.HELD,
    "hold": LegState.HELD,
    "call transfer": LegState.TRANSFERRING,
    "sending dtmf": LegState.SENDING_DTMF,
    "receiving a fax": LegState.FAX,
    "fax received": LegState.FAX,
    "sending a fax": LegState.FAX,
    "fax sent": LegState.FAX,
}
"""By `casefold`; everything else is UNKNOWN and keeps its text."""

_DIRECTIONS = {"in": Direction.INBOUND, "out": Direction.OUTBOUND}

_TIME = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:T ?| )(\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?\s?(Z|[+-]\d{2}(?::?\d{2})?)?",
    re.ASCII | re.IGNORECASE,
)
_PLAIN_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{3}(\d{3})?)?", re.ASCII)
"""The forms the standard library reads at once; the rest goes the long way."""
_TAILED = re.compile(r"([+*#0-9]*[0-9])(\.[.*#0-9]+)", re.ASCII)


def call_session_of(wire: CallWire, zone: tzinfo) -> CallSession:
    """One entry of list.calls. `zone`: the account's, for times that name none."""
    return CallSession(
        call_session_id=CallSessionId(wire.call_session_id),
        direction=_DIRECTIONS.get((wire.direction or "").strip().lower(), Direction.UNKNOWN),
        started_at=moment_of(wire.start_time, zone),
        line_number=number_and_tail_of(wire.virtual_phone_number)[0],
        contact_number=number_and_tail_of(wire.contact_phone_number)[0],
        external_id=clean_text(wire.external_id) or None,
        tags=tuple(CallTag(TagId(tag.tag_id), clean_text(tag.tag_name)) for tag in wire.tags or ()),
        legs=tuple(_leg_of(leg) for leg in wire.legs or ()),
    )


@lru_cache(maxsize=256)
def leg_state_of(text: str) -> LegState:
    """State of one participant, in Russian or English, in any case."""
    return LEG_STATES.get(" ".join(text.split()).casefold(), LegState.UNKNOWN)


def moment_of(text: str | None, zone: tzinfo) -> datetime | None:
    """A time in any of the vendor's forms: `T` or a space between, up to nine digits of a second, a zone or none
    (uis-notes §6.1). Aware UTC; None when it cannot be read."""
    if not text:
        return None
    try:
        return _in_utc(datetime.fromisoformat(text), zone) if _PLAIN_TIME.fullmatch(text) else _odd_moment(text, zone)
    except (ValueError, OverflowError):
        return None


def number_and_tail_of(text: str | None) -> tuple[str, str]:
    """A number without its plus, and what is keyed after it: `74959268686...9.2.3.3`, each dot a second's pause."""
    if text and text.isascii() and text.isdecimal() and len(text) <= _NUMBER_CAP:
        return text, ""
    number = plain_text((text or "").strip(), _NUMBER_CAP)
    found = _TAILED.fullmatch(number)
    number, tail = (found.group(1), found.group(2)) if found else (number, "")
    return number.removeprefix("+"), tail


def dialled_number(text: str) -> str:
    """What the PBX takes for a typed number: digits only, 8… and ten digits made 7…; extensions and SIP numbers keep
    their zeros (uis-notes §6.16). Text without a digit goes as it is, for the PBX to refuse."""
    return parse_phone_number(text).digits or text.strip()


def talk_option_of(found: Mapping[str, object]) -> TalkOption:
    """One entry of list.talk_options; unknown mnemonics are shown by their name. `button_value` is an object, an empty
    one, null or missing (uis-notes §6.26)."""
    setting = found.get("button_value")
    setting = setting if isinstance(setting, dict) else {}
    return TalkOption(
        button=clean_text(text_of(found.get("button"))),
        mnemonic=clean_text(text_of(found.get("mnemonic"))),
        name=clean_text(text_of(found.get("name"))),
        value=clean_text(text_of(setting.get("value"))) or clean_text(text_of(setting.get("id"))),
    )


def _odd_moment(text: str, zone: tzinfo) -> datetime | None:
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in found.group(1, 2, 3, 4, 5, 6))
    microsecond = int((found.group(7) or "0")[:6].ljust(6, "0"))
    return _in_utc(datetime(year, month, day, hour, minute, second, microsecond, _zone_of(found.group(8))), zone)


def _in_utc(moment: datetime, zone: tzinfo) -> datetime:
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)).astimezone(UTC)


def _zone_of(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text in ("Z", "z"):
        return UTC
    sign = -1 if text[0] == "-" else 1
    minutes = int(text[-2:]) if len(text) > 3 else 0
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=minutes))


def _leg_of(wire: LegWire) -> Leg:
    called_number, dial_tail = number_and_tail_of(wire.called_phone_number)
    state_text = clean_text(wire.state)
    return Leg(
        leg_id=LegId(wire.leg_id),
        leg_state=leg_state_of(state_text),
        state_text=state_text,
        calling_number=number_and_tail_of(wire.calling_phone_number)[0],
        called_number=called_number,
        is_operator=bool(wire.is_operator),
        employee_id=EmployeeId(wire.employee_id) if wire.employee_id else None,
        employee_name=clean_text(wire.employee_full_name) or None,
        is_recorded=bool(wire.record_call_enabled),
        dial_tail=dial_tail,
    )


def clean_text(text: str | None) -> str:
    """Without control characters and direction overrides: names come from anybody who can call."""
    if not text:
        return ""
    return text.strip() if len(text) <= _TEXT_CAP and text.isprintable() else plain_text(text, _TEXT_CAP)
