"""Reading a pasted text piece by piece: the digits of its number, the keys behind it, whether there is a second number.

What the digits mean is dialling's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

PAUSE = "..."
"""Seconds before the first key when nothing else is said: whoever answers has to finish the greeting."""
_COMMA_PAUSE = ".."
_NUMBER_FROM = 6
_SPACED_TAIL_FROM = 7
_SECOND_NUMBER_FROM = 7
_EXTENSION_UP_TO = 9
_UNMARKED_TAIL_FROM = 11

_SCHEME = re.compile(r"\s*(?:tel|callto|phone|sips?):(?://)?", re.IGNORECASE)
_TOKEN = re.compile(r"(?P<digits>[0-9]+)|(?P<dots>\.+)|(?P<space>[\s()_-]+)|(?P<word>[^\W\d_]+)|(?P<sign>.)", re.DOTALL)
_TAIL_WORD = re.compile(r"доб|добав\w*|вн|внутр\w*|тон\w*|ext|extn|extension|isub|postd|x|х|p|w")
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")


@dataclass(slots=True)
class DialledText:
    """`groups`: the number's digits as they stood together. `tail`: keys with pauses. `has_letters`: other words than
    those before an extension. `short`: digits that were too few to be the number."""

    groups: list[str] = field(default_factory=list)
    has_plus: bool = False
    tail: str = ""
    is_tail_bad: bool = False
    has_second_number: bool = False
    has_letters: bool = False
    short: str = ""

    @property
    def digits(self) -> str:
        return "".join(self.groups)


def read_dialled_text(typed: str, is_complete: Callable[[str, bool], bool]) -> DialledText:
    """Take the text apart. `is_complete`: are these digits (after a plus or not) a whole number, so that a single dot
    behind them begins the keys? Never raises."""
    reader = _Reader(is_complete)
    for found in _TOKEN.finditer(_plain_signs(typed)):
        reader.take(found.lastgroup or "", found.group())
    return reader.finish()


def _plain_signs(typed: str) -> str:
    """Links undone; full-width and foreign digits, dashes and ligatures made plain; lower case."""
    scheme = _SCHEME.match(typed)
    if scheme:
        typed = unquote(typed[scheme.end() :]).partition("@")[0]
    text = unicodedata.normalize("NFKC", typed.replace("№", " ")).translate(_DASHES).lower()
    return "".join(str(unicodedata.decimal(sign, sign)) if sign.isdecimal() else sign for sign in text)


class _Reader:
    """Looks for the number, then for its tail; after other words, only for a second number."""

    def __init__(self, is_complete: Callable[[str, bool], bool]) -> None:
        self._is_complete = is_complete
        self._text = DialledText()
        self._step: Callable[[str, str], None] = self._in_number
        self._before = ""
        self._has_dots_between = False
        self._keys = ""
        self._is_extension = False
        self._is_word_tail = False
        self._run = ""

    def take(self, kind: str, part: str) -> None:
        self._step(kind, part)
        self._before = kind

    def finish(self) -> DialledText:
        if len(self._text.digits) < _NUMBER_FROM:
            self._drop_short()
        keys = self._keys.rstrip(".")
        self._text.tail = keys if keys.strip(".") else ""
        if self._is_word_tail and not self._text.tail:
            self._text.is_tail_bad = True
        return self._text

    def _in_number(self, kind: str, part: str) -> None:
        is_long_enough = len(self._text.digits) >= _NUMBER_FROM
        if kind == "digits":
            self._text.groups.append(part)
        elif kind == "dots":
            self._dots_in_number(part)
        elif kind == "word" or part in (",", ";"):
            self._end_number(part) if is_long_enough else self._restart(kind, part)
        elif part == "+":
            self._plus_in_number()
        elif part in ("#", "*"):
            self._begin_tail(PAUSE + part.replace("#", ""), is_extension=True)
        elif part == "/" and self._is_complete(self._text.digits, self._text.has_plus):
            self._step = self._after_number

    def _dots_in_number(self, part: str) -> None:
        digits = self._text.digits
        is_tail = (
            (len(part) > 1 and len(digits) >= _NUMBER_FROM)
            or (self._before == "space" and len(digits) >= _SPACED_TAIL_FROM)
            or (not self._has_dots_between and len(digits) >= _UNMARKED_TAIL_FROM)
            or self._is_complete(digits, self._text.has_plus)
        )
        if is_tail:
            self._begin_tail(part, is_extension=False)
        elif digits:
            self._has_dots_between = True

    def _plus_in_number(self) -> None:
        if len(self._text.digits) >= _SECOND_NUMBER_FROM:
            self._step = self._after_number
            return
        self._drop_short()
        self._text.has_plus = True

    def _restart(self, kind: str, part: str) -> None:
        """What came so far was no number."""
        self._drop_short()
        self._text.has_plus = False
        if kind == "word" and not _TAIL_WORD.fullmatch(part):
            self._text.has_letters = True

    def _drop_short(self) -> None:
        self._text.short += self._text.digits
        self._text.groups.clear()
        self._has_dots_between = False

    def _end_number(self, part: str) -> None:
        if part == ",":
            self._begin_tail(_COMMA_PAUSE, is_extension=True)
        elif part == ";":
            self._begin_tail(PAUSE, is_extension=True)
        else:
            self._after_number("word", part)

    def _begin_tail(self, keys: str, *, is_extension: bool) -> None:
        if len(self._text.digits) < _NUMBER_FROM:
            self._text.has_letters = True
            return
        self._keys = keys
        self._is_extension = is_extension
        self._step = self._in_tail

    def _after_number(self, kind: str, part: str) -> None:
        """Words have come: an extension may still follow, or another number."""
        self._step = self._after_number
        if kind == "word":
            self._run = ""
            if _TAIL_WORD.fullmatch(part):
                self._is_word_tail = part not in ("p", "w")
                self._begin_tail(PAUSE, is_extension=True)
        else:
            self._count_second_number(kind, part)

    def _in_tail(self, kind: str, part: str) -> None:
        has_keys = bool(self._keys.strip("."))
        if kind == "digits":
            self._count_second_number(kind, part)
            self._keys = self._at_least_pause() + part
        elif kind == "dots":
            # Right behind an extension's word a dot belongs to the abbreviation.
            if has_keys or not self._is_extension:
                self._keys += part
        elif part in ("*", "#"):
            self._keys = self._at_least_pause() + part
        elif part in (",", ";"):
            self._run = ""
            self._keys += _COMMA_PAUSE
        elif part == "+":
            self._text.has_second_number = True
        elif kind == "word":
            self._word_in_tail(part, has_keys=has_keys)

    def _word_in_tail(self, part: str, *, has_keys: bool) -> None:
        self._run = ""
        if _TAIL_WORD.fullmatch(part) and not has_keys:
            self._is_word_tail = part not in ("p", "w")
            self._keys = PAUSE
        elif has_keys or self._is_word_tail:
            self._step = self._after_tail
        else:
            self._keys = ""
            self._step = self._after_number

    def _after_tail(self, kind: str, part: str) -> None:
        """Digits after words after the keys: which of them were meant?"""
        if kind == "digits":
            self._text.is_tail_bad = True
        self._count_second_number(kind, part)

    def _at_least_pause(self) -> str:
        is_first = not self._keys.strip(".")
        return self._keys.ljust(len(PAUSE), ".") if is_first and self._is_extension else self._keys

    def _count_second_number(self, kind: str, part: str) -> None:
        if kind == "digits":
            self._run += part
        limit = _EXTENSION_UP_TO if self._step == self._in_tail else _SECOND_NUMBER_FROM - 1
        is_free_tail = self._step == self._in_tail and not self._is_extension
        if len(self._run) > limit and not is_free_tail:
            self._text.has_second_number = True
