"""What people type or paste to be dialled: one number and the keys after it, or why it cannot be dialled. Pure.

How the text is taken apart is dialled_text's; matching numbers that the PBX or a CRM gave, phone_number's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from app.domain.dialled_text import DialledText, read_dialled_text
from app.domain.phone_number import format_phone_number

_TYPED_CAP = 200
_TAIL_CAP = 50
_LONGEST_INTERNAL = 5
_SHORTEST_FOREIGN = 8
_LONGEST = 15
_RUSSIAN = 11
_SECOND_NUMBER_FROM = 7
_GROUP_OF_A_NUMBER = 6
_AREA_BEGINS = "3489"
"""Russian area codes: ten digits that begin so lack only their 7."""


class DialProblem(Enum):
    """Why it cannot be dialled.

    INTERNAL: a bare short number, which no way of starting takes. SEVERAL: two numbers. OWN_LINE: one of the account
    itself. BAD_TAIL: the number is fine, the keys after it are not.
    """

    EMPTY = "empty"
    INTERNAL = "internal"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NOT_A_NUMBER = "not_a_number"
    SEVERAL = "several"
    OWN_LINE = "own_line"
    BAD_TAIL = "bad_tail"


@dataclass(frozen=True, slots=True)
class Dialled:
    """`number`: digits as the PBX takes them, with a problem as far as they were read. `dial_tail`: keys after the
    answer, each dot a second. `shown`: how it was understood; with a problem, what was typed, made plain."""

    number: str
    dial_tail: str
    shown: str
    problem: DialProblem | None = None


def understand_dialled(
    typed: str, *, sip_numbers: frozenset[str] = frozenset(), own_lines: frozenset[str] = frozenset()
) -> Dialled:
    """Never raises; gives the same again for its own `shown`. `sip_numbers` of employees are taken as they are, zeros
    in front included; `own_lines` in digits."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in typed).split())[:_TYPED_CAP].strip()
    if not plain:
        return Dialled("", "", "", DialProblem.EMPTY)
    text = read_dialled_text(plain, lambda digits, has_plus: _is_complete(digits, has_plus, sip_numbers))
    if not text.groups:
        return _without_number(text, plain, sip_numbers)
    number, problem = _number_in(text, sip_numbers)
    if problem is None and number in own_lines:
        problem = DialProblem.OWN_LINE
    if problem is None and (text.is_tail_bad or len(text.tail) > _TAIL_CAP):
        problem = DialProblem.BAD_TAIL
    if problem is not None:
        return Dialled(number, "", plain, problem)
    shown = number if number in sip_numbers else _shown(number)
    return Dialled(number, text.tail, f"{shown} {text.tail}".rstrip())


def _without_number(text: DialledText, plain: str, sip_numbers: frozenset[str]) -> Dialled:
    if text.has_letters or not text.short:
        return Dialled("", "", plain, DialProblem.NOT_A_NUMBER)
    if text.short in sip_numbers:
        return Dialled(text.short, "", text.short)
    problem = DialProblem.TOO_SHORT
    if len(text.short) <= _LONGEST_INTERNAL and not text.has_plus:
        problem = DialProblem.INTERNAL
    return Dialled(text.short, "", plain, problem)


def _number_in(text: DialledText, sip_numbers: frozenset[str]) -> tuple[str, DialProblem | None]:
    digits = text.digits
    if text.has_second_number:
        return "", DialProblem.SEVERAL
    if digits in sip_numbers and not text.has_plus:
        return digits, None
    if text.has_plus:
        # People put a plus before the 8 of a Russian number, too; +8 alone is no country.
        is_russian = text.groups[0] == "8" and len(digits) == _RUSSIAN
        return _checked("7" + digits[1:] if is_russian else digits, text)
    for exit_code in ("810", "00"):
        if digits.startswith(exit_code) and len(digits) >= len(exit_code) + _SHORTEST_FOREIGN:
            return _checked(digits.removeprefix(exit_code), text)
    return _without_plus(digits, text)


def _without_plus(digits: str, text: DialledText) -> tuple[str, DialProblem | None]:
    if len(digits) == _RUSSIAN and digits[0] == "8":
        return "7" + digits[1:], None
    if len(digits) == _RUSSIAN - 1 and digits[0] in _AREA_BEGINS:
        return "7" + digits, None
    if len(digits) < _RUSSIAN:
        return digits, DialProblem.TOO_SHORT
    # 8 is the way out of a Russian network, and no country's code without a plus.
    if digits[0] == "8" or sum(len(group) >= _GROUP_OF_A_NUMBER for group in text.groups) > 1:
        return digits, _too_long(digits, text)
    return _checked(digits, text)


def _checked(digits: str, text: DialledText) -> tuple[str, DialProblem | None]:
    """With the country's code in front."""
    shortest, longest = (_RUSSIAN, _RUSSIAN) if digits[0] == "7" else (_SHORTEST_FOREIGN, _LONGEST)
    if digits[0] == "0":
        return digits, DialProblem.NOT_A_NUMBER
    if len(digits) < shortest:
        return digits, DialProblem.TOO_SHORT
    if len(digits) > longest:
        return digits, _too_long(digits, text)
    return digits, None


def _too_long(digits: str, text: DialledText) -> DialProblem:
    """Two numbers one behind the other, or one with a digit too many."""
    is_two_groups = sum(len(group) >= _GROUP_OF_A_NUMBER for group in text.groups) > 1
    first = _RUSSIAN if digits[0] in "78" else _RUSSIAN - 1
    is_two_numbers = digits[0] in "78" + _AREA_BEGINS and len(digits) - first >= _SECOND_NUMBER_FROM
    return DialProblem.SEVERAL if is_two_groups or is_two_numbers else DialProblem.TOO_LONG


def _is_complete(digits: str, has_plus: bool, sip_numbers: frozenset[str]) -> bool:
    if digits in sip_numbers:
        return True
    if has_plus:
        return len(digits) == _RUSSIAN and digits[0] == "7"
    return (len(digits) == _RUSSIAN and digits[0] in "78") or (
        len(digits) == _RUSSIAN - 1 and digits[0] in _AREA_BEGINS
    )


def _shown(number: str) -> str:
    is_russian = len(number) == _RUSSIAN and number[0] == "7"
    return format_phone_number(number) if is_russian else f"+{number}"
