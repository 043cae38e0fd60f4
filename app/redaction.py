"""Takes secrets and customers' numbers out of text that is about to be written down. Knows no file and no
logger."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Callable
from urllib.parse import quote, quote_plus

MASK = "***"
# Shorter ones would blank out ordinary words; the patterns below still catch them where they stand as a
# secret.
_SHORTEST_SECRET = 4

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # A Bitrix24 webhook: /rest/<user>/<secret>/
    (re.compile(r"(/rest/\d+/)[^/\s\"'?#]+"), rf"\1{MASK}"),
    # An address a recording may be uploaded to: it holds an access token.
    (re.compile(r"(/rest/upload[^?\s\"']*\?)[^\s\"']+"), rf"\1{MASK}"),
    (re.compile(r"\beyJ[\w-]{6,}\.[\w-]{4,}(?:\.[\w-]*)?"), MASK),
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]+", re.IGNORECASE), rf"\1 {MASK}"),
    # name=value, "name": "value", 'name': 'value' and their escaped forms.
    (
        re.compile(
            r"((?:access_token|refresh_token|client_secret|password|passwd|secret|api_key|control[_-]token|auth)\b"
            r"\\?[\"']?\s*[=:]\s*)"
            r"(?:(\\[\"'])(?:(?!\\[\"']).)*|([\"'])(?:\\.|[^\"'\\])*|[^\s&;,\"')}\]]+)",
            re.IGNORECASE,
        ),
        rf"\1\2\3{MASK}",
    ),
)
# Ids are named so that they stay readable: `call_session_id=3960098281`, "leg_id": 4512345678.
_NAMED_ID = re.compile(r"(?<![a-z0-9_])[a-z0-9_]*id\\?[\"']?\s*[=:]\s*\\?[\"']?\d+", re.IGNORECASE)
# A phone number: a plus and at least 7 digits, ten and more digits with the usual punctuation between, or
# eleven in a row from 7 or 8.
_PHONE = re.compile(
    r"\+\d(?:[\s().-]{0,2}\d){6,14}"
    r"|(?<![\w.+-])\d(?:[\s()-]{0,2}\d){9,14}(?![\w-]|\.\d)"
    r"|(?<!\d)[78]\d{10}(?!\d)"
)
_NAMED_ID_OR_PHONE = re.compile(f"(?P<named>{_NAMED_ID.pattern})|(?P<phone>{_PHONE.pattern})", re.IGNORECASE)


class Redactor:
    """Replaces known secrets, in each spelling they may take, and what looks like one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spellings: dict[str, None] = {}
        self._known: re.Pattern[str] | None = None

    def register(self, secret: str) -> None:
        """From now on this value is never written down: raw, URL-encoded, base64, hex, JSON-escaped. Safe
        from any thread."""
        if len(secret) < _SHORTEST_SECRET:
            return
        with self._lock:
            if secret in self._spellings:
                return
            self._spellings.update(dict.fromkeys(_spellings(secret)))
            longest_first = sorted(self._spellings, key=len, reverse=True)
            self._known = re.compile("|".join(re.escape(spelling) for spelling in longest_first))

    def redact(self, text: str) -> str:
        """The text without secrets and with phone numbers cut to their last three digits."""
        known = self._known
        if known is not None:
            text = known.sub(MASK, text)
        for pattern, replacement in _PATTERNS:
            text = pattern.sub(replacement, text)
        return _NAMED_ID_OR_PHONE.sub(_masked_phone, text)


def _masked_phone(found: re.Match[str]) -> str:
    if found["phone"] is None:
        return found[0]
    digits = re.sub(r"\D", "", found[0])
    return f"{MASK}{digits[-3:]}"


def _spellings(secret: str) -> set[str]:
    raw = secret.encode("utf-8", "surrogatepass")
    found = {secret, quote(secret, safe="", errors="replace"), quote(secret, errors="replace"), raw.hex()}
    found |= {
        quote_plus(secret, errors="replace"),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
    }
    found |= {repr(secret)[1:-1], ascii(secret)[1:-1], repr(raw)[2:-1]}
    found |= {spelling for encode in (base64.b64encode, base64.urlsafe_b64encode) for spelling in _base64(raw, encode)}
    return {spelling for spelling in found if len(spelling) >= _SHORTEST_SECRET}


def _base64(raw: bytes, encode: Callable[[bytes], bytes]) -> set[str]:
    """The middle part that base64 gives the secret inside a longer text, for each of the three places it can
    start at."""
    found = set()
    for lead in range(3):
        coded = encode(b"\0" * lead + raw).decode("ascii").rstrip("=")
        head = (0, 2, 3)[lead]
        tail = 1 if (lead + len(raw)) % 3 else 0
        piece = coded[head : len(coded) - tail]
        if len(piece) >= _SHORTEST_SECRET + 2:
            found.add(piece)
    return found
