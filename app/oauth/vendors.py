"""How Bitrix24 and amoCRM are asked for a new pair, and how each says no (crm-notes 3 and 6.5)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import msgspec

from app.errors import LimitExceeded, OutcomeUnknown, PultError, Refused, RightsMissing, SignInRefused
from app.http import HttpReply, HttpSession
from app.oauth.grant import TokenGrant

_DEADLINE_S = 30.0
_BODY_CAP = 256 * 1024
_FORM = "application/x-www-form-urlencoded"
_UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_FACTS = ("client_endpoint", "domain", "member_id", "base_domain")

SIGN_IN_AGAIN = "oauth_sign_in_again"
REFUSALS: Mapping[str, tuple[type[Refused], str]] = {
    "invalid_grant": (SignInRefused, SIGN_IN_AGAIN),
    "expired_token": (SignInRefused, SIGN_IN_AGAIN),
    "invalid_token": (SignInRefused, SIGN_IN_AGAIN),
    "invalid_client": (SignInRefused, "oauth_client_refused"),
    "unauthorized_client": (SignInRefused, "oauth_client_refused"),
    "wrong_client": (SignInRefused, "oauth_client_refused"),
    "error_oauth": (SignInRefused, "oauth_client_refused"),
    "invalid_request": (SignInRefused, "oauth_request_refused"),
    "unsupported_grant_type": (SignInRefused, "oauth_request_refused"),
    "insufficient_scope": (RightsMissing, "insufficient_scope"),
    "invalid_scope": (RightsMissing, "invalid_scope"),
    "payment_required": (RightsMissing, "payment_required"),
    "application_not_found": (RightsMissing, "oauth_client_refused"),
    "portal_deleted": (RightsMissing, "portal_deleted"),
}
"""The office's own `error`, in lower case."""


class Bitrix24Office:
    """A local application of a portal. `token_url` is the vendor's own office, the same for all portals."""

    def __init__(self, http: HttpSession, token_url: str, client_id: str, client_secret: str) -> None:
        self._http = http
        self._token_url = token_url
        self._client_id = client_id
        self._client_secret = client_secret

    async def renew(self, refresh_token: str) -> TokenGrant:
        # In the body: an address ends up in the logs of whatever stands in between.
        form = {
            "grant_type": "refresh_token",
            "client_id": self._client_id,
            "client_secret": self._client_secret,
            "refresh_token": refresh_token,
        }
        reply = await self._http.post_json(
            self._token_url,
            urlencode(form).encode("ascii"),
            deadline_s=_DEADLINE_S,
            body_cap=_BODY_CAP,
            content_type=_FORM,
        )
        return grant_in(reply, refresh_token)


class AmocrmOffice:
    """An integration of an account; the office stands at the account's own address."""

    def __init__(
        self, http: HttpSession, account_url: str, client_id: str, client_secret: str, redirect_uri: str
    ) -> None:
        self._http = http
        self._token_url = f"{account_url.rstrip('/')}/oauth2/access_token"
        self._client_id = client_id
        self._client_secret = client_secret
        self._redirect_uri = redirect_uri

    async def renew(self, refresh_token: str) -> TokenGrant:
        body = {
            "client_id": self._client_id,
            "client_secret": self._client_secret,
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
            "redirect_uri": self._redirect_uri,
        }
        reply = await self._http.post_json(
            self._token_url, msgspec.json.encode(body), deadline_s=_DEADLINE_S, body_cap=_BODY_CAP
        )
        return grant_in(reply, refresh_token)


def grant_in(reply: HttpReply, used: str) -> TokenGrant:
    """The pair of a good reply. One that names no refresh token leaves the `used` one in force.

    Raises what TokenOffice.renew raises.
    """
    said = _object_in(reply.body)
    access_token = _text(said, "access_token")
    if reply.http_status < 300 and access_token:
        facts = {name: value for name in _FACTS if (value := _text(said, name))}
        return TokenGrant(access_token, _text(said, "refresh_token") or used, facts)
    raise refusal_of(reply.http_status, said)


def refusal_of(http_status: int, said: Mapping[str, object]) -> PultError:
    """What became of a renewal that gave no pair. Only an answer that says no is believed to be one."""
    known = REFUSALS.get(_text(said, "error").lower())
    # amoCRM tells by `hint` and `detail` what the standard has a code for.
    text = _text(said, "error_description") or _text(said, "hint") or _text(said, "detail")
    if known is not None and http_status < 500:
        kind, code = known
        return kind(code, vendor_code=_text(said, "error")[:60], vendor_message=text)
    facts: dict[str, object] = {"http_status": http_status}
    if http_status == 429:
        return LimitExceeded("too_many_requests", facts, resets_in_s=60.0, vendor_message=text)
    if http_status == 402:
        return RightsMissing("payment_required", facts, vendor_message=text)
    if http_status == 403:
        return RightsMissing("oauth_forbidden", facts, vendor_message=text)
    if http_status in (400, 401) and said:
        is_client = "client" in f"{text} {_text(said, 'hint')} {_text(said, 'detail')}".lower()
        return SignInRefused("oauth_client_refused" if is_client else SIGN_IN_AGAIN, facts, vendor_message=text)
    if 400 <= http_status < 500:
        return SignInRefused("oauth_request_refused", facts, vendor_message=text)
    return OutcomeUnknown("http_status" if http_status >= 500 else "reply_unexpected", facts)


def _object_in(body: bytes) -> Mapping[str, object]:
    try:
        decoded = msgspec.json.decode(body)
    except _UNDECODABLE:
        return {}
    return decoded if isinstance(decoded, Mapping) else {}


def _text(said: Mapping[str, object], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""
