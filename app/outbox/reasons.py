"""Why a step waits for a person, and which fields of the card mend it. Codes only; the sentences are the faces'."""

from __future__ import annotations

from collections.abc import Mapping

PARKED_BY_OPERATOR = "parked_by_operator"
CARD_UNREADABLE = "card_unreadable"
RECEIPT_UNREADABLE = "receipt_unreadable"
RECORDING_NOT_READY = "recording_not_ready"
FINISH_HALF_DONE = "finish_half_done"
"""The CRM has a part of it for sure. *Retry* means that a person has looked there: what is there counts, what is not is
written anew."""

CUSTOMER_NEEDED = "customer_needed"
CUSTOMER_NOT_FOUND = "customer_not_found"
CUSTOMER_ACCESS_DENIED = "customer_access_denied"
CUSTOMER_REASONS = (CUSTOMER_NEEDED, CUSTOMER_NOT_FOUND, CUSTOMER_ACCESS_DENIED)
"""Why a step was parked that another choice of customer mends."""

SECOND_CUSTOMER_REASONS = (
    "amo_number_unknown",
    "amo_number_hidden",
    "amo_customer_needed",
    "amo_customer_not_found",
    "amo_customer_access_denied",
    "call_half_done",
)
"""The same in amoCRM, where the operator may also decide to do without a customer."""

CRM_USER_NEEDED = "crm_user_needed"
CRM_USER_NOT_FOUND = "crm_user_not_found"
NUMBER_HIDDEN = "number_hidden"
NUMBER_UNSUPPORTED = "unsupported_phone_number"

_CUSTOMER = frozenset({"customer_kind", "customer_id", "crm_create"})
_SECOND_CUSTOMER = frozenset({"second_kind", "second_id", "unknown_number"})
_USER = frozenset({"crm_user_id"})
_NUMBER = frozenset({"phone_number"})

MENDED_BY: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(CUSTOMER_REASONS, _CUSTOMER),
    **dict.fromkeys(SECOND_CUSTOMER_REASONS, _SECOND_CUSTOMER),
    CRM_USER_NEEDED: _USER,
    CRM_USER_NOT_FOUND: _USER,
    NUMBER_HIDDEN: _NUMBER,
    NUMBER_UNSUPPORTED: _NUMBER,
    "amo_invalid_field": frozenset({"phone_number", "second_user_id", "notes", "failed_reason"}),
}
"""For each reason the fields of CardToWrite whose change lets the step go on; a step uses only some of them."""
