"""Bitrix24's ways of saying no, mapped to ours by one table (crm-notes 4).

HTTP status and `error` code decide together; where the code is empty or ERROR_CORE, the text does, by its beginning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import urlsplit

from app.bitrix24 import wire
from app.bitrix24.operating import until_reset_s
from app.errors import (
    LimitExceeded,
    NotFound,
    OutcomeUnknown,
    PultError,
    Refused,
    RightsMissing,
    SignInRefused,
)

OPERATING_LIMIT = "operation_time_limit"
_OVERLOAD_PAUSE_S = 300.0
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,60}")

SIGN_IN_CODES = frozenset({"EXPIRED_TOKEN", "NO_AUTH_FOUND", "INVALID_TOKEN", "INVALID_CREDENTIALS"})
RIGHTS_CODES = frozenset(
    {
        "WRONG_AUTH_TYPE",
        "INSUFFICIENT_SCOPE",
        "INVALID_SCOPE",
        "USER_ACCESS_ERROR",
        "ACCESS_DENIED",
        "PAYMENT_REQUIRED",
        "PORTAL_DELETED",
        "WRONG_LICENSE",
        "METHOD_CONFIRM_WAITING",
        "ALLOWED_ONLY_INTRANET_USER",
    }
)
LIMIT_CODES = frozenset({"QUERY_LIMIT_EXCEEDED", "OPERATION_TIME_LIMIT", "OVERLOAD_LIMIT"})
NOT_FOUND_CODES = {"OWNER_NOT_FOUND": "customer_not_found", "NOT_FOUND": "not_found"}
UNKNOWN_CODES = frozenset({"INTERNAL_SERVER_ERROR", "ERROR_UNEXPECTED_ANSWER", "ERROR_UNEXPECTED"})

DESCRIPTIONS: tuple[tuple[str, type[PultError], str], ...] = (
    ("Call is not found in the statistic table", NotFound, "call_not_in_statistics"),
    # The live text lacks the closing bracket, so it is matched by its beginning.
    ("Call is not found", NotFound, "call_not_found"),
    ("User is not found or is not active", Refused, "crm_user_not_found"),
    ("USER_ID or USER_PHONE_INNER should be set", Refused, "crm_user_not_found"),
    ("Unknown TYPE", Refused, "unknown_type"),
    ("CALL_START_DATE should be", Refused, "bad_start_date"),
    ("Unsupported phone number format", Refused, "unsupported_phone_number"),
    ("PHONE_NUMBER is empty", Refused, "unsupported_phone_number"),
    ("CRM is not installed", Refused, "crm_not_installed"),
    ("A file with this name already exists", Refused, "file_name_taken"),
    ("File with this name already exists", Refused, "file_name_taken"),
    ("Wrong file extension", Refused, "recording_wrong_format"),
    ("File content is empty", Refused, "recording_empty"),
    ("Server returns HTTP error code", Refused, "recording_link_not_fetched"),
    ("Record URL resolves to a non-public address", Refused, "recording_link_not_fetched"),
    ("Owner was not found", NotFound, "customer_not_found"),
    # crm.status.list and its like say it without a code.
    ("Access denied", RightsMissing, "access_denied"),
    # It may come after the activity, or even the statistics row, is there (1.2).
    ("Unexpected database error", OutcomeUnknown, "database_error"),
)


def reply_error(
    method: str, http_status: int, headers: Mapping[str, str], envelope: wire.Envelope | None, now: datetime
) -> PultError | None:
    """What a reply says went wrong; None for a success. `envelope` None: the body is not JSON."""
    if 300 <= http_status < 400:
        return RightsMissing("portal_moved", {"host": _host_of(headers.get("location", ""))})
    if envelope is None:
        return _bodiless(http_status, headers)
    if http_status < 400 and envelope.has_result:
        return None
    if http_status < 400 and not envelope.has_error:
        return OutcomeUnknown("reply_unexpected")
    return _said(method, http_status, envelope, now) or _bodiless(http_status, headers)


def _said(method: str, http_status: int, envelope: wire.Envelope, now: datetime) -> PultError | None:
    """The error by its code, then by its text; None when neither tells anything and the status has to."""
    said_code = envelope.error if isinstance(envelope.error, str) else ""
    description = envelope.error_description if isinstance(envelope.error_description, str) else ""
    code = said_code.upper()
    if code == "ACCESS_DENIED" and method in (wire.COMMENT_ADD, wire.COMMENT_LIST, wire.ITEM_GET):
        # About this one customer, not about the account.
        return Refused("customer_access_denied", vendor_code=code, vendor_message=description)
    by_code = _BY_CODE.get(_group_of(code))
    if by_code is not None:
        return by_code(code, description, envelope, now)
    # A few crm.* methods put the human text into `error`.
    for beginning, kind, our_code in DESCRIPTIONS:
        if description.startswith(beginning) or said_code.startswith(beginning):
            if issubclass(kind, Refused):
                return kind(our_code, vendor_code=said_code or None, vendor_message=description or said_code)
            return kind(our_code, {"is_over": True})
    if http_status >= 500 or (http_status in (401, 403, 429) and not said_code):
        return None
    our_code = code.lower() if _CODE.fullmatch(code) else "refused"
    return Refused(our_code, vendor_code=said_code[:60] or None, vendor_message=description or said_code)


def _group_of(code: str) -> str:
    for group, codes in (
        ("sign_in", SIGN_IN_CODES),
        ("rights", RIGHTS_CODES),
        ("limit", LIMIT_CODES),
        ("not_found", NOT_FOUND_CODES),
        ("unknown", UNKNOWN_CODES),
    ):
        if code in codes:
            return group
    return ""


def _limit(code: str, description: str, envelope: wire.Envelope, now: datetime) -> PultError:
    resets_in_s: float | None = None
    if code == "OVERLOAD_LIMIT":
        resets_in_s = _OVERLOAD_PAUSE_S
    elif code == "OPERATION_TIME_LIMIT":
        resets_in_s = until_reset_s(envelope, now)
    return LimitExceeded(
        code.lower(),
        resets_in_s=resets_in_s,
        is_of_one_method=code == "OPERATION_TIME_LIMIT",
        vendor_code=code,
        vendor_message=description,
    )


_BY_CODE: dict[str, Callable[[str, str, wire.Envelope, datetime], PultError]] = {
    "sign_in": lambda code, text, _envelope, _now: SignInRefused(code.lower(), vendor_code=code, vendor_message=text),
    "rights": lambda code, text, _envelope, _now: RightsMissing(code.lower(), vendor_code=code, vendor_message=text),
    "limit": _limit,
    "not_found": lambda code, text, _envelope, _now: NotFound(
        NOT_FOUND_CODES[code], vendor_code=code, vendor_message=text
    ),
    "unknown": lambda code, _text, _envelope, _now: OutcomeUnknown(code.lower(), {"is_over": True}),
}


def _bodiless(http_status: int, headers: Mapping[str, str]) -> PultError:
    """The status alone: pages of gateways and proxies."""
    facts: dict[str, object] = {"http_status": http_status}
    if http_status == 429:
        return LimitExceeded("too_many_requests", facts, resets_in_s=_seconds_in(headers.get("retry-after", "")))
    if http_status == 401:
        return SignInRefused("sign_in_refused", facts)
    if http_status == 403:
        return RightsMissing("forbidden", facts)
    if 400 <= http_status < 500:
        return Refused("http_refused", facts)
    if http_status == 500:
        # The script itself ended; behind a 502 or 504 it may still run.
        facts["is_over"] = True
    return OutcomeUnknown("http_status" if http_status >= 500 else "reply_undecodable", facts)


def _seconds_in(header: str) -> float | None:
    return min(float(header), 3600.0) if header.isascii() and header.isdigit() else None


def _host_of(location: str) -> str:
    # The path of the new address holds the webhook's secret.
    try:
        return urlsplit(location).hostname or ""
    except ValueError:
        return ""
