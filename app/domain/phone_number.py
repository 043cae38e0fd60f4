"""Phone numbers as the PBX and the CRM give them, brought to one key for matching and one form for the eye."""

from __future__ import annotations

from dataclasses import dataclass

HIDDEN_WORDS = frozenset({"anonymous", "unknown", "private", "restricted", "hidden", "unavailable"})
_INTERNAL_DIGITS = 5


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """`raw` as it came, never replaced; `digits` for matching: 7… for Russian numbers, empty when hidden."""

    raw: str
    digits: str

    @property
    def is_hidden(self) -> bool:
        return not self.digits

    @property
    def is_internal(self) -> bool:
        return 0 < len(self.digits) <= _INTERNAL_DIGITS


def parse_phone_number(raw: str) -> PhoneNumber:
    """Digits of a number: 8XXXXXXXXXX becomes 7…, ten digits get a 7, `доб.`/`ext` tails and PBX dot tails are cut."""
    text = raw.strip()
    if text.lower() in HIDDEN_WORDS:
        return PhoneNumber(raw, "")
    for mark in ("...", "доб", "ext", "x", ";", ","):
        text = text.lower().partition(mark)[0]
    digits = "".join(ch for ch in text if ch in "0123456789")
    has_plus = text.lstrip().startswith("+")
    if not has_plus and len(digits) == 11 and digits.startswith("8"):
        digits = "7" + digits[1:]
    elif not has_plus and len(digits) == 10 and digits[0] in "3489":
        digits = "7" + digits
    return PhoneNumber(raw, digits)


def format_phone_number(raw: str) -> str:
    """The form a person reads: +7 495 123-45-67, +digits for other full numbers, otherwise as it came."""
    digits = parse_phone_number(raw).digits
    if len(digits) == 11 and digits.startswith("7"):
        return f"+7 {digits[1:4]} {digits[4:7]}-{digits[7:9]}-{digits[9:]}"
    if len(digits) >= 11:
        return f"+{digits}"
    return raw
