"""amoCRM's ways of saying no, mapped to ours by tables (crm-notes 6.4).

The HTTP status decides the kind; inside it the account's own code, the bad field, or a few words of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.amocrm import wire
from app.errors import LimitExceeded, NotFound, OutcomeUnknown, PultError, Refused, RightsMissing, SignInRefused

TOKEN_REFUSED = "amo_token_refused"  # noqa: S105  a code
NUMBER_UNKNOWN = "amo_number_unknown"
FORBIDDEN = "amo_forbidden"
# Who goes on asking while the account is blocked for its rate stays blocked.
BLOCKED_PAUSE_S = 900.0
_RATE_PAUSE_S = 2.0
_ADDRESS_NOT_ALLOWED = "113"
_RIGHTS_OR_SUBSCRIPTION = "244"
_RATE_WORDS = re.compile(r"exceed|too many|request rate|rate limit|per second|превы|много запросов", re.IGNORECASE)
_NOBODY_WORDS = re.compile(r"not found|не найден", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Said:
    """The parts of a problem document that matter."""

    http_status: int
    headers: Mapping[str, str]
    body: wire.Row

    @property
    def code(self) -> str:
        return wire.text_in(self.body, "code") or wire.text_in(self.body, "error_code")

    @property
    def text(self) -> str:
        return wire.text_in(self.body, "detail") or wire.text_in(self.body, "hint") or wire.text_in(self.body, "title")

    @property
    def facts(self) -> dict[str, object]:
        return {"http_status": self.http_status}


def reply_error(http_status: int, headers: Mapping[str, str], body: wire.Row | None) -> PultError | None:
    """What a reply says went wrong; None for a success. `body` None: it is no JSON object."""
    said = _Said(http_status, headers, body or {})
    by_status = BY_STATUS.get(http_status)
    if by_status is not None:
        return by_status(said)
    if http_status >= 500:
        return OutcomeUnknown("http_status", said.facts)
    if 300 <= http_status < 400:
        return RightsMissing("amo_account_moved", {"host": _host_of(headers.get("location", ""))})
    if http_status >= 400:
        return Refused("amo_refused", said.facts, vendor_code=said.code or None, vendor_message=said.text)
    return OutcomeUnknown("reply_undecodable") if body is None else None


def item_refusal(body: wire.Row) -> Refused | None:
    """Why our item was not taken although the request was: the `errors` of a call, whatever the HTTP status."""
    errors = wire.rows_in(body.get("errors"))
    if not errors:
        return None
    text = " ".join(filter(None, (wire.text_in(errors[0], "title"), wire.text_in(errors[0], "detail"))))
    if _NOBODY_WORDS.search(text):
        return NotFound(NUMBER_UNKNOWN, vendor_message=text)
    return Refused("amo_call_refused", vendor_code=wire.text_in(errors[0], "code") or None, vendor_message=text)


def _bad_request(said: _Said) -> PultError:
    problem = _field_problem(said)
    if problem is not None:
        return problem
    if said.code == _RIGHTS_OR_SUBSCRIPTION:
        return Refused("amo_rights_or_subscription", vendor_code=said.code, vendor_message=said.text)
    return item_refusal(said.body) or Refused(
        "amo_refused", said.facts, vendor_code=said.code or None, vendor_message=said.text
    )


def _field_problem(said: _Said) -> Refused | None:
    """The first bad field by its path, e.g. "params.source": a sentence can name it."""
    for item in wire.rows_in(said.body.get("validation-errors")):
        for problem in wire.rows_in(item.get("errors")):
            params = {"path": wire.text_in(problem, "path"), "problem": wire.text_in(problem, "code")}
            return Refused(
                "amo_invalid_field",
                params,
                vendor_code=params["problem"] or None,
                vendor_message=wire.text_in(problem, "detail") or said.text,
            )
    return None


def _forbidden(said: _Said) -> PultError:
    if said.code == _ADDRESS_NOT_ALLOWED:
        return RightsMissing("amo_address_not_allowed", vendor_code=said.code, vendor_message=said.text)
    if _RATE_WORDS.search(said.text):
        return LimitExceeded("amo_blocked_for_rate", resets_in_s=BLOCKED_PAUSE_S, vendor_message=said.text)
    return RightsMissing(FORBIDDEN, said.facts, vendor_code=said.code or None, vendor_message=said.text)


def _too_many(said: _Said) -> PultError:
    asked_s = _seconds_in(said.headers.get("retry-after", ""))
    return LimitExceeded("amo_too_many_requests", resets_in_s=asked_s or _RATE_PAUSE_S, vendor_message=said.text)


BY_STATUS: Mapping[int, Callable[[_Said], PultError | None]] = {
    204: lambda _said: None,
    400: _bad_request,
    401: lambda said: SignInRefused(TOKEN_REFUSED, said.facts, vendor_message=said.text),
    402: lambda said: RightsMissing("amo_subscription_ended", said.facts, vendor_message=said.text),
    403: _forbidden,
    404: lambda said: NotFound("amo_not_found", said.facts, vendor_message=said.text),
    429: _too_many,
    # A gateway gave up, or the account has "too many entities": either way it may have been done.
    500: lambda said: OutcomeUnknown("http_status", said.facts),
    502: lambda said: OutcomeUnknown("http_status", said.facts),
    504: lambda said: OutcomeUnknown("http_status", said.facts),
}


def _seconds_in(header: str) -> float | None:
    return min(float(header), 3600.0) if header.isascii() and header.isdigit() else None


def _host_of(location: str) -> str:
    try:
        return urlsplit(location).hostname or ""
    except ValueError:
        return ""
