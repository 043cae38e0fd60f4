"""Every error the API can answer: code, mnemonic and message template (call-api-v4.ru, error lists)."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ErrorKind:
    """Code group and message template of one mnemonic."""

    code: int
    message: str


class _Missing:
    """Type of MISSING."""


MISSING = _Missing()
"""The value of a parameter that was not sent; null is a value."""


class ApiRefusal(Exception):
    """One error reply. `params` fill the message template and travel in ``data.params``."""

    def __init__(
        self,
        mnemonic: str,
        *,
        field: str | None = None,
        value: object = MISSING,
        params: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(mnemonic)
        self.mnemonic = mnemonic
        self.field = field
        self.value = value
        self.params = dict(params or {})
        self.request_id: str | int | None = None

    def as_error(self, own_kinds: Mapping[str, ErrorKind]) -> dict[str, object]:
        """The ``error`` object of the reply, without metadata; `own_kinds` of the method go before the common ones."""
        kind = own_kinds.get(self.mnemonic) or ERRORS[self.mnemonic]
        data: dict[str, object] = {"mnemonic": self.mnemonic}
        if self.field is not None:
            data["field"] = self.field
        if not isinstance(self.value, _Missing):
            data["value"] = self.value
        data["params"] = self.params or {"object": None}
        data["extended_helper"] = None
        return {"code": kind.code, "message": kind.message.format_map(_Blank(self.params)), "data": data}


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


INVALID_PARAMS = -32602
AUTHENTICATION = -32001

ERRORS: Mapping[str, ErrorKind] = {
    "parse_error": ErrorKind(-32700, "Invalid JSON was received by the server."),
    "invalid_request": ErrorKind(-32600, "Invalid Request The JSON sent is not a valid Request object"),
    "method_not_found": ErrorKind(-32601, "The method does not exist / is not available"),
    "internal_error": ErrorKind(-32603, "Internal error, contact the support service"),
    "access_token_expired": ErrorKind(AUTHENTICATION, "Access token has been expired"),
    "access_token_blocked": ErrorKind(AUTHENTICATION, "Access token has been blocked"),
    "access_token_invalid": ErrorKind(AUTHENTICATION, "Access token is invalid"),
    "auth_error": ErrorKind(AUTHENTICATION, "Login or password is wrong"),
    "limit_exceeded": ErrorKind(
        -32029,
        "Limit per {limit_type} has been exceeded. Value of current limit per {limit_type} is {limit_max_value}",
    ),
    "component_disabled": ErrorKind(-32008, "Component {component_name} has been disabled"),
    "ip_not_whitelisted": ErrorKind(-32003, "Your IP {ip} is not whitelisted"),
    "forbidden": ErrorKind(-32003, "Permission denied"),
    "account_inactive": ErrorKind(-32009, "Your account has been disabled, contact the support service"),
    "batch_opreations_not_supported": ErrorKind(-32099, "Batch operations not supported"),
    "notifications_not_supported": ErrorKind(-32099, "Notifications not supported"),
    "invalid_state": ErrorKind(-32004, "This method can not be called in this state"),
    "virtual_phone_number_not_found": ErrorKind(
        -32007, "Virtual phone number {virtual_phone_number} not found. It is not your virtual phone number."
    ),
    "contact_in_blacklist": ErrorKind(-32002, "The contact {contact} has been found in the blacklist"),
    "call_session_not_found": ErrorKind(INVALID_PARAMS, "Call session not found"),
    "data_type_error": ErrorKind(INVALID_PARAMS, "Data supplied is of wrong type"),
    "required_parameter_missed": ErrorKind(INVALID_PARAMS, "The required parameter has been missed"),
    "invalid_parameter_value": ErrorKind(INVALID_PARAMS, "Invalid parameter value"),
    "unexpected_parameters": ErrorKind(INVALID_PARAMS, "Unexpected method parameter(s)"),
    "tts_text_exceeded": ErrorKind(
        INVALID_PARAMS,
        "The maximum length of Text-to-Speech message is {tts_message_max_length}. "
        "The length of your message is {sent_tts_message_length}",
    ),
    "media_file_not_found": ErrorKind(INVALID_PARAMS, "The media file with id {media_file_id} not found"),
    "employee_not_found": ErrorKind(
        INVALID_PARAMS, "Employee with id {employee_id} not found. It is not your employee."
    ),
    "no_active_phone_number": ErrorKind(INVALID_PARAMS, "The phone number does not exist or inactive"),
    "own_virtual_phone_number_not_allowed": ErrorKind(
        INVALID_PARAMS, "Parameter `contact` can not contain own virtual phone number"
    ),
    "character_encoding_not_allowed": ErrorKind(INVALID_PARAMS, "The character encoding must be UTF-8"),
    "invalid_parameters_combination": ErrorKind(INVALID_PARAMS, "The combination of parameters is not permitted"),
    "scenario_not_found": ErrorKind(INVALID_PARAMS, "Scenario with id {scenario_id} not found"),
    "tag_not_found": ErrorKind(INVALID_PARAMS, "Tag with {tag_id} not found"),
    "duplicate_tag": ErrorKind(INVALID_PARAMS, "Duplicate tag"),
    "leg_not_found": ErrorKind(INVALID_PARAMS, "The call's leg not found"),
    "coach_not_found": ErrorKind(INVALID_PARAMS, "The coach not found in your settings"),
    "record_already_started": ErrorKind(INVALID_PARAMS, "The call record is already started"),
    "record_already_stopped": ErrorKind(INVALID_PARAMS, "The call record is not enabled"),
    "duplicate_contact": ErrorKind(
        INVALID_PARAMS, "The contact with phone number {contact_phone_number} already exists"
    ),
    "talk_option_not_found": ErrorKind(INVALID_PARAMS, "Talk option not found"),
}

WITHOUT_METADATA = frozenset(
    {
        "parse_error",
        "invalid_request",
        "method_not_found",
        "access_token_blocked",
        "access_token_invalid",
        "access_token_expired",
        "auth_error",
        "ip_not_whitelisted",
    }
)
"""Errors that come before the limits are looked at, so no limits come with them."""

COMMON_MNEMONICS = frozenset(
    {
        "invalid_request",
        "access_token_expired",
        "access_token_blocked",
        "access_token_invalid",
        "limit_exceeded",
        "component_disabled",
        "ip_not_whitelisted",
        "auth_error",
        "account_inactive",
        "call_session_not_found",
        "internal_error",
        "data_type_error",
        "method_not_found",
        "forbidden",
        "parse_error",
        "batch_opreations_not_supported",
        "notifications_not_supported",
        "required_parameter_missed",
        "invalid_parameter_value",
        "unexpected_parameters",
    }
)
"""What any method may answer besides its own list."""
