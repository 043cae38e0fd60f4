"""What is typed where a colleague or a number is asked for: extensions as they are, others as in *New call*. No Qt."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.domain.dialling import Dialled, DialProblem, understand_dialled

_KEYS = frozenset("0123456789*#")
_LONGEST_AS_IS = 7
_NO_NUMBER = frozenset({DialProblem.EMPTY, DialProblem.NOT_A_NUMBER})


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """`number`: as it is sent, None for none; `shown`: as a person reads it. `is_as_it_is`: no telephone number, and
    nobody checks it. `left_out`: keys typed after the number, which nobody can send here. `refused`: why not."""

    number: str | None = None
    shown: str = ""
    is_as_it_is: bool = False
    left_out: str = ""
    refused: Dialled | None = None


def typed_number(typed: str, extensions: Collection[str] = ()) -> TypedNumber:
    """`extensions`: numbers of ours, taken as they are, whatever they look like."""
    plain = typed.strip()
    if plain and _KEYS.issuperset(plain) and not plain.isdigit():
        return TypedNumber(plain, plain, is_as_it_is=True)
    dialled = understand_dialled(typed, sip_numbers=frozenset(extensions))
    if dialled.problem is None:
        shown = dialled.shown.removesuffix(dialled.dial_tail).rstrip()
        return TypedNumber(dialled.number, shown, left_out=dialled.dial_tail)
    if dialled.problem in _NO_NUMBER:
        return TypedNumber()
    is_short = dialled.problem in (DialProblem.INTERNAL, DialProblem.TOO_SHORT)
    if is_short and 0 < len(dialled.number) <= _LONGEST_AS_IS:
        return TypedNumber(dialled.number, dialled.number, is_as_it_is=True)
    return TypedNumber(refused=dialled)
