"""Every mnemonic of the document has its meaning; unknown ones fall back on their code."""

from __future__ import annotations

import pytest

from app.errors import LimitExceeded, NotFound, OutcomeUnknown, PultError, Refused, RightsMissing, SignInRefused
from app.http import PointsLimits
from app.uis.errors import DATA_KINDS, KINDS, refusal_of
from app.uis.wire import ErrorWire

# The document's lists: common to all methods, then of single methods.
DOCUMENTED = {
    "invalid_request": -32600,
    "access_token_expired": -32001,
    "access_token_blocked": -32001,
    "access_token_invalid": -32001,
    "limit_exceeded": -32029,
    "component_disabled": -32008,
    "ip_not_whitelisted": -32003,
    "auth_error": -32001,
    "account_inactive": -32009,
    "call_session_not_found": -32602,
    "internal_error": -32603,
    "data_type_error": -32602,
    "method_not_found": -32601,
    "forbidden": -32003,
    "parse_error": -32700,
    "batch_opreations_not_supported": -32099,
    "notifications_not_supported": -32099,
    "required_parameter_missed": -32602,
    "invalid_parameter_value": -32602,
    "unexpected_parameters": -32602,
    "tts_text_exceeded": -32602,
    "media_file_not_found": -32602,
    "virtual_phone_number_not_found": -32007,
    "employee_not_found": -32602,
    "no_active_phone_number": -32602,
    "own_virtual_phone_number_not_allowed": -32602,
    "contact_in_blacklist": -32002,
    "character_encoding_not_allowed": -32602,
    "invalid_parameters_combination": -32602,
    "scenario_not_found": -32602,
    "invalid_state": -32004,
    "tag_not_found": -32602,
    "duplicate_tag": -32602,
    "leg_not_found": -32602,
    "coach_not_found": -32602,
    "record_already_started": -32602,
    "record_already_stopped": -32602,
    "duplicate_contact": -32602,
    "talk_option_not_found": -32602,
}
# What the Data API has beside the common list (uis-notes §2).
DOCUMENTED_OF_DATA = {
    "method_component_disabled": (-32008, RightsMissing),
    "parameter_component_disabled": (-32008, RightsMissing),
    "sort_prohibited": (-32602, Refused),
    "filter_prohibited": (-32602, Refused),
    "date_interval_limit_reached": (-32602, Refused),
    "entity_not_found": (-32602, NotFound),
    "dependency_error": (-32602, Refused),
    "duplicate_entity": (-32602, Refused),
    "data_limit_exceeded": (-32602, Refused),
    "tariff_restrictions": (-32602, RightsMissing),
    "already_in_use": (-32602, Refused),
    "invalid_date_time": (-32602, Refused),
}
LIMITS = PointsLimits(day_limit=750, day_remaining=0, day_reset_s=3000, minute_limit=150, minute_reset_s=52)


def wire(mnemonic: str, code: int | None = -32602, **params: object) -> ErrorWire:
    return ErrorWire(code=code, message="as the vendor says", mnemonic=mnemonic, field="to", params=params)


def test_the_table_is_complete_and_has_nothing_else() -> None:
    spelt = {"batch_operations_not_supported" if "opreations" in name else name for name in DOCUMENTED}
    assert set(KINDS) == spelt


def test_the_table_of_the_data_api_is_complete_and_names_nothing_twice() -> None:
    assert set(DATA_KINDS) == set(DOCUMENTED_OF_DATA)
    assert not set(DATA_KINDS) & set(KINDS)


@pytest.mark.parametrize("mnemonic", DOCUMENTED_OF_DATA)
def test_a_mnemonic_of_the_data_api_decides_too(mnemonic: str) -> None:
    code, kind = DOCUMENTED_OF_DATA[mnemonic]
    for vendor_code in (code, 0):
        failure = refusal_of(wire(mnemonic, vendor_code), None, "get.tags")
        assert (type(failure), failure.code) == (kind, mnemonic)


@pytest.mark.parametrize(("mnemonic", "code"), DOCUMENTED.items())
def test_the_mnemonic_decides_whatever_the_code(mnemonic: str, code: int) -> None:
    right, wrong = refusal_of(wire(mnemonic, code), None, "hold.call"), refusal_of(wire(mnemonic, 0), None, "hold.call")
    assert type(right) is type(wrong) is KINDS[right.code]
    assert right.code == mnemonic.replace("opreations", "operations")
    assert right.params["method"] == "hold.call"
    assert right.params["field"] == "to"


def test_both_spellings_of_the_batch_error_are_one() -> None:
    codes = {
        refusal_of(wire(f"batch_{word}_not_supported", -32099), None, "m").code for word in ("opreations", "operations")
    }
    assert codes == {"batch_operations_not_supported"}


@pytest.mark.parametrize(
    ("code", "kind", "name"),
    [
        (-32001, SignInRefused, "auth_error"),
        (-32003, RightsMissing, "forbidden"),
        (-32004, Refused, "invalid_state"),
        (-32007, NotFound, "virtual_phone_number_not_found"),
        (-32029, LimitExceeded, "limit_exceeded"),
        (-32603, OutcomeUnknown, "internal_error"),
        (-32002, Refused, "refused"),
        (None, Refused, "refused"),
    ],
)
def test_without_a_mnemonic_the_code_decides(code: int | None, kind: type[PultError], name: str) -> None:
    failure = refusal_of(wire("", code), None, "m")
    assert (type(failure), failure.code) == (kind, name)


def test_a_new_mnemonic_keeps_its_name_and_takes_the_meaning_of_its_code() -> None:
    failure = refusal_of(wire("too_many_sign_ins", -32001), None, "m")
    assert (type(failure), failure.code) == (SignInRefused, "too_many_sign_ins")


@pytest.mark.parametrize("mnemonic", ["<b>", "Auth error", "x" * 65, "a\nb"])
def test_what_is_no_mnemonic_never_becomes_a_code(mnemonic: str) -> None:
    assert refusal_of(wire(mnemonic, -32004), None, "m").code == "invalid_state"


def test_facts_for_the_sentence_come_along_and_what_was_sent_does_not() -> None:
    failure = refusal_of(wire("component_disabled", component_name="Call API", password="x", object=None), None, "m")
    assert dict(failure.params) == {"method": "m", "field": "to", "component_name": "Call API"}
    assert isinstance(failure, Refused)
    assert (failure.vendor_code, failure.vendor_message) == (-32602, "as the vendor says")


@pytest.mark.parametrize(
    ("limit_type", "limits", "resets_in_s"),
    [("minute", LIMITS, 52), ("day", LIMITS, 3000), ("week", LIMITS, 3000), (None, None, None), ("day", None, None)],
)
def test_a_limit_says_when_it_resets(
    limit_type: str | None, limits: PointsLimits | None, resets_in_s: int | None
) -> None:
    params = {} if limit_type is None else {"limit_type": limit_type}
    failure = refusal_of(wire("limit_exceeded", -32029, **params), limits, "m")
    assert isinstance(failure, LimitExceeded)
    assert failure.resets_in_s == resets_in_s
