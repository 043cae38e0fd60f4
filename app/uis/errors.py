"""The refusals of both APIs as errors of the program: by mnemonic, because a code is only a group.

`internal_error` is no refusal: the PBX failed in the middle, so nobody knows what it did.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.errors import LimitExceeded, NotFound, OutcomeUnknown, PultError, Refused, RightsMissing, SignInRefused
from app.http import PointsLimits
from app.uis.wire import ErrorWire, text_of

_PARAM_CAP = 100
_MNEMONIC = re.compile(r"[a-z][a-z0-9_]{0,63}")

KINDS: Mapping[str, type[PultError]] = {
    "access_token_blocked": SignInRefused,
    "access_token_expired": SignInRefused,
    "access_token_invalid": SignInRefused,
    "account_inactive": RightsMissing,
    "auth_error": SignInRefused,
    "batch_operations_not_supported": Refused,
    "call_session_not_found": NotFound,
    "character_encoding_not_allowed": Refused,
    "coach_not_found": NotFound,
    "component_disabled": RightsMissing,
    "contact_in_blacklist": Refused,
    "data_type_error": Refused,
    "duplicate_contact": Refused,
    "duplicate_tag": Refused,
    "employee_not_found": NotFound,
    "forbidden": RightsMissing,
    "internal_error": OutcomeUnknown,
    "invalid_parameter_value": Refused,
    "invalid_parameters_combination": Refused,
    "invalid_request": Refused,
    "invalid_state": Refused,
    "ip_not_whitelisted": RightsMissing,
    "leg_not_found": NotFound,
    "limit_exceeded": LimitExceeded,
    "media_file_not_found": NotFound,
    "method_not_found": Refused,
    "no_active_phone_number": Refused,
    "notifications_not_supported": Refused,
    "own_virtual_phone_number_not_allowed": Refused,
    "parse_error": Refused,
    "record_already_started": Refused,
    "record_already_stopped": Refused,
    "required_parameter_missed": Refused,
    "scenario_not_found": NotFound,
    "tag_not_found": NotFound,
    "talk_option_not_found": NotFound,
    "tts_text_exceeded": Refused,
    "unexpected_parameters": Refused,
    "virtual_phone_number_not_found": NotFound,
}
"""Every mnemonic of the Call API's document, and what it means to us."""

DATA_KINDS: Mapping[str, type[PultError]] = {
    "already_in_use": Refused,
    "data_limit_exceeded": Refused,
    "date_interval_limit_reached": Refused,
    "dependency_error": Refused,
    "duplicate_entity": Refused,
    "entity_not_found": NotFound,
    "filter_prohibited": Refused,
    "invalid_date_time": Refused,
    "method_component_disabled": RightsMissing,
    "parameter_component_disabled": RightsMissing,
    "sort_prohibited": Refused,
    "tariff_restrictions": RightsMissing,
}
"""What the Data API has beside them."""

_ALL_KINDS = {**KINDS, **DATA_KINDS}

_SPELLINGS = {"batch_opreations_not_supported": "batch_operations_not_supported"}

_GROUPS: Mapping[int, str] = {
    -32700: "parse_error",
    -32600: "invalid_request",
    -32601: "method_not_found",
    -32602: "invalid_parameter_value",
    -32603: "internal_error",
    -32001: "auth_error",
    -32003: "forbidden",
    -32004: "invalid_state",
    -32007: "virtual_phone_number_not_found",
    -32008: "component_disabled",
    -32009: "account_inactive",
    -32029: "limit_exceeded",
}
"""What a code stands for when the mnemonic is missing or new."""

# Facts for a sentence. `value` echoes what was sent and stays out: it may be the password.
_PARAMS = frozenset(
    {
        "limit_type",
        "limit_max_value",
        "component_name",
        "ip",
        "tts_message_max_length",
        "sent_tts_message_length",
        "media_file_id",
        "virtual_phone_number",
        "employee_id",
        "scenario_id",
        "tag_id",
        "contact",
        "contact_phone_number",
    }
)


def refusal_of(error: ErrorWire, limits: PointsLimits | None, method: str) -> PultError:
    """The error to raise for an error answer. An unknown mnemonic keeps its name and takes the meaning of its code."""
    known = _SPELLINGS.get(error.mnemonic, error.mnemonic)
    group = _GROUPS.get(error.code or 0, "refused")
    if known not in _ALL_KINDS and _MNEMONIC.fullmatch(known) is None:
        known = group
    kind = _ALL_KINDS.get(known) or KINDS.get(group, Refused)
    params = _params_of(error, method)
    if not issubclass(kind, Refused):
        return kind(known, params)
    if issubclass(kind, LimitExceeded):
        return LimitExceeded(
            known,
            params,
            resets_in_s=_resets_in_s(params.get("limit_type"), limits),
            vendor_code=error.code,
            vendor_message=error.message,
        )
    return kind(known, params, vendor_code=error.code, vendor_message=error.message)


def _params_of(error: ErrorWire, method: str) -> dict[str, object]:
    params: dict[str, object] = {"method": method}
    if error.field:
        params["field"] = error.field[:_PARAM_CAP]
    for name, value in error.params.items():
        text = text_of(value)
        if name in _PARAMS and text is not None:
            params[name] = text[:_PARAM_CAP]
    return params


def _resets_in_s(limit_type: object, limits: PointsLimits | None) -> float | None:
    """Seconds until that purse is filled again; of both when it was not said which, the later one that is empty."""
    if limits is None:
        return None
    if limit_type in ("minute", "day"):
        return limits.minute_reset_s if limit_type == "minute" else limits.day_reset_s
    return limits.day_reset_s if limits.day_remaining == 0 else limits.minute_reset_s
