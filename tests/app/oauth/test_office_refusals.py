"""Every way a token office says no, by one table."""

from __future__ import annotations

import msgspec
import pytest

from app.errors import LimitExceeded, OutcomeUnknown, PultError, RightsMissing, SignInRefused
from app.http import HttpReply
from app.oauth.vendors import REFUSALS, grant_in, refusal_of


def reply(http_status: int, body: object) -> HttpReply:
    return HttpReply(http_status, {}, body if isinstance(body, bytes) else msgspec.json.encode(body))


@pytest.mark.parametrize("code", sorted(REFUSALS))
@pytest.mark.parametrize("http_status", [200, 400, 401, 403])
def test_each_code_of_the_table_is_told_by_its_own_words(code: str, http_status: int) -> None:
    kind, ours = REFUSALS[code]
    for spelling in (code, code.upper()):
        error = refusal_of(http_status, {"error": spelling, "error_description": "why"})
        assert (type(error), error.code) == (kind, ours)
        assert getattr(error, "vendor_message", "") == "why"


@pytest.mark.parametrize(
    ("http_status", "said", "kind", "code"),
    [
        (400, {"hint": "Token has been revoked", "status": 400}, SignInRefused, "oauth_sign_in_again"),
        (400, {"hint": "Cannot decrypt the refresh token"}, SignInRefused, "oauth_sign_in_again"),
        (401, {"detail": "Client authentication failed"}, SignInRefused, "oauth_client_refused"),
        (400, {}, SignInRefused, "oauth_request_refused"),
        (404, {"title": "Not Found"}, SignInRefused, "oauth_request_refused"),
        (402, {"title": "Payment Required"}, RightsMissing, "payment_required"),
        (403, {"title": "Forbidden"}, RightsMissing, "oauth_forbidden"),
        (429, {"title": "Too Many Requests"}, LimitExceeded, "too_many_requests"),
        (200, {}, OutcomeUnknown, "reply_unexpected"),
        (302, {}, OutcomeUnknown, "reply_unexpected"),
        (500, {"error": "invalid_grant"}, OutcomeUnknown, "http_status"),
        (503, {}, OutcomeUnknown, "http_status"),
    ],
)
def test_what_has_no_code_is_told_by_its_status(
    http_status: int, said: dict[str, object], kind: type[PultError], code: str
) -> None:
    error = refusal_of(http_status, said)
    assert (type(error), error.code) == (kind, code)


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"\xff", b"[" * 100_000, b'{"access_token":7}', b'{"access_token":""}']
)
def test_a_reply_that_names_no_token_may_have_made_one(body: bytes) -> None:
    with pytest.raises(OutcomeUnknown):
        grant_in(reply(200, body), "used")


def test_a_grant_without_a_refresh_token_keeps_the_old_one() -> None:
    grant = grant_in(reply(200, {"access_token": "a1", "client_endpoint": "https://portal.example.test/rest/"}), "used")
    assert (grant.access_token, grant.refresh_token) == ("a1", "used")
    assert grant.facts["client_endpoint"] == "https://portal.example.test/rest/"
    assert "a1" not in repr(grant)
    assert "used" not in repr(grant)
