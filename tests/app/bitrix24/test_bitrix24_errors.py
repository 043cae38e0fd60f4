"""Every documented way Bitrix24 says no, over real HTTP, and what becomes of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from app.bitrix24 import wire
from app.bitrix24.errors import (
    DESCRIPTIONS,
    LIMIT_CODES,
    NOT_FOUND_CODES,
    RIGHTS_CODES,
    SIGN_IN_CODES,
    UNKNOWN_CODES,
    reply_error,
)
from app.errors import (
    LimitExceeded,
    NotFound,
    OutcomeUnknown,
    PultError,
    Refused,
    RightsMissing,
    SignInRefused,
)
from app.simulator.faults import HttpError
from tests.app.bitrix24.portal_world import SECRET, portal_world

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
CASES: list[tuple[int, str, str, type[PultError], str]] = [
    (503, "QUERY_LIMIT_EXCEEDED", "Too many requests", LimitExceeded, "query_limit_exceeded"),
    (429, "OPERATION_TIME_LIMIT", "blocked", LimitExceeded, "operation_time_limit"),
    (503, "OVERLOAD_LIMIT", "blocked", LimitExceeded, "overload_limit"),
    (401, "expired_token", "expired", SignInRefused, "expired_token"),
    (401, "NO_AUTH_FOUND", "Wrong authorization data", SignInRefused, "no_auth_found"),
    (401, "INVALID_CREDENTIALS", "Invalid request credentials", SignInRefused, "invalid_credentials"),
    (403, "insufficient_scope", "more rights", RightsMissing, "insufficient_scope"),
    (403, "WRONG_AUTH_TYPE", "denied", RightsMissing, "wrong_auth_type"),
    (403, "ACCESS_DENIED", "plan", RightsMissing, "access_denied"),
    (500, "PORTAL_DELETED", "deleted", RightsMissing, "portal_deleted"),
    (401, "METHOD_CONFIRM_WAITING", "waiting", RightsMissing, "method_confirm_waiting"),
    (400, "ERROR_CORE", "Call is not found (call should be registered prior to finishing", NotFound, "call_not_found"),
    # The live body had an empty code.
    (400, "", "Call is not found (call should be registered prior to finishing)", NotFound, "call_not_found"),
    (400, "ERROR_CORE", "User is not found or is not active", Refused, "crm_user_not_found"),
    (400, "ERROR_CORE", "Unsupported phone number format", Refused, "unsupported_phone_number"),
    (400, "ERROR_CORE", "CALL_START_DATE should be in the ISO-8601 format", Refused, "bad_start_date"),
    (400, "ERROR_CORE", "Unexpected database error", OutcomeUnknown, "database_error"),
    (400, "INVALID_ARGUMENT", "CALL_ID must be a string", Refused, "invalid_argument"),
    (400, "Owner was not found.", "", NotFound, "customer_not_found"),
    (400, "", "", Refused, "refused"),
    (404, "ERROR_METHOD_NOT_FOUND", "Method not found!", Refused, "error_method_not_found"),
    (500, "INTERNAL_SERVER_ERROR", "oops", OutcomeUnknown, "internal_server_error"),
    (200, "INTERNAL_SERVER_ERROR", "oops", OutcomeUnknown, "internal_server_error"),
    (500, "SOMETHING_NEW", "oops", OutcomeUnknown, "http_status"),
]


@pytest.mark.parametrize(("status", "code", "description", "kind", "our_code"), CASES)
async def test_an_error_body_is_told_apart_by_status_code_and_text(
    status: int, code: str, description: str, kind: type[PultError], our_code: str
) -> None:
    body = json.dumps({"error": code, "error_description": description}).encode()
    async with portal_world() as world:
        world.faults.add(HttpError(status, body, content_type="application/json"))
        with pytest.raises(kind) as caught:
            await world.directory.current_user()
        assert type(caught.value) is kind
        assert caught.value.code == our_code
        assert SECRET not in repr(caught.value) + str(caught.value.params) + str(caught.value.__context__)


@pytest.mark.parametrize(
    ("status", "kind", "our_code"),
    [
        (200, OutcomeUnknown, "reply_undecodable"),
        (302, RightsMissing, "portal_moved"),
        (400, Refused, "http_refused"),
        (401, SignInRefused, "sign_in_refused"),
        (403, RightsMissing, "forbidden"),
        (429, LimitExceeded, "too_many_requests"),
        (500, OutcomeUnknown, "http_status"),
        (502, OutcomeUnknown, "http_status"),
        (503, OutcomeUnknown, "http_status"),
        (504, OutcomeUnknown, "http_status"),
    ],
)
async def test_a_page_instead_of_json_is_told_by_its_status(status: int, kind: type[PultError], our_code: str) -> None:
    page = HttpError(status, b"<html><b>Bitrix24</b></html>", content_type="text/html")
    async with portal_world() as world:
        world.faults.add(page)
        with pytest.raises(kind) as caught:
            await world.directory.current_user()
        assert (type(caught.value), caught.value.code) == (kind, our_code)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"result"',
        b'"text"',
        b"\xff\xfe\x00",
        b'{"time":{}}',
        b"[" * 100_000,
        b'{"result":' + b"[" * 100_000,
    ],
)
async def test_a_reply_that_cannot_be_trusted_is_an_unknown_outcome(body: bytes) -> None:
    async with portal_world() as world:
        world.faults.add(HttpError(200, body, content_type="application/json"))
        with pytest.raises(OutcomeUnknown):
            await world.client.finish(wire.Finish(call_id="x", user_id=7, duration=0, status_code="304", add_to_chat=0))


def test_a_limit_tells_when_it_ends() -> None:
    resets_at = int(NOW.timestamp()) + 90
    envelope = wire.Envelope(error="OPERATION_TIME_LIMIT", time={"operating_reset_at": resets_at})
    error = reply_error(wire.FINISH, 429, {}, envelope, NOW)
    assert isinstance(error, LimitExceeded)
    assert error.resets_in_s == 90.0


def test_a_customer_out_of_reach_parks_the_note_and_not_the_queue() -> None:
    denied = wire.Envelope(error="ACCESS_DENIED", error_description="Access denied")
    error = reply_error(wire.COMMENT_ADD, 403, {}, denied, NOW)
    assert isinstance(error, Refused)
    assert not isinstance(error, RightsMissing)
    assert isinstance(reply_error(wire.FINISH, 403, {}, denied, NOW), RightsMissing)


def test_every_row_of_the_tables_is_tried_here() -> None:
    tried_codes = {code.upper() for _, code, *_ in CASES}
    tried_texts = [description or code for _, code, description, *_ in CASES]
    assert tried_codes >= SIGN_IN_CODES - {"INVALID_TOKEN"}
    assert tried_codes >= LIMIT_CODES
    for codes in (SIGN_IN_CODES, RIGHTS_CODES, LIMIT_CODES, UNKNOWN_CODES, frozenset(NOT_FOUND_CODES)):
        for code in codes:
            error = reply_error(wire.FINISH, 400, {}, wire.Envelope(error=code), NOW)
            assert error is not None
            assert error.code != "refused"
    for beginning, kind, our_code in DESCRIPTIONS:
        error = reply_error(wire.FINISH, 400, {}, wire.Envelope(error="", error_description=beginning), NOW)
        assert (type(error), error and error.code) == (kind, our_code)
    assert any(text.startswith("Call is not found") for text in tried_texts)
