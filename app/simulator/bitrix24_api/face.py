"""Bitrix24's HTTP surface: path, authorisation, limiter, JSON in and out. What a method does is not here."""

import hmac
import json
from dataclasses import dataclass

from app.simulator.bitrix24_api.lists import Listing
from app.simulator.bitrix24_api.methods import METHODS, documented_name
from app.simulator.bitrix24_api.multipart import file_part
from app.simulator.bitrix24_api.portal import BitrixPortal, Caller
from app.simulator.bitrix24_api.records import receive_upload
from app.simulator.bitrix24_api.refusals import PortalCrashError, PortalRefusalError
from app.simulator.bitrix24_api.tokens import OPERATION as TOKEN_OPERATION
from app.simulator.bitrix24_api.tokens import answer_token_request, is_token_request
from app.simulator.bitrix24_api.values import form_params, text
from app.simulator.exchange import Reply, Request

UPLOAD = "upload"
ATTACH_RECORD = "telephony.externalCall.attachRecord"
UNKNOWN = "unknown"
OPERATION_TIME_LIMIT = "OPERATION_TIME_LIMIT"
CRASH_PAGE = b"<html><head><title>500</title></head><body>Internal Server Error</body></html>"
JSON_HEADERS = (("content-type", "application/json; charset=utf-8"),)


@dataclass(frozen=True)
class _Address:
    """A path under /rest/ taken apart; the webhook parts are empty for an application's call."""

    method: str
    user_id: str = ""
    secret: str = ""


class Bitrix24Face:
    """`/rest/{user}/{secret}/{method}[.json]`, `/rest/{method}?auth=`, `/rest/upload.json` and `/oauth/token/`."""

    name = "bitrix24"

    def __init__(self, portal: BitrixPortal) -> None:
        self._portal = portal

    def operation_of(self, request: Request) -> str:
        """The method's documented spelling; ``upload`` for the second step of a recording."""
        return TOKEN_OPERATION if is_token_request(request) else _address_of(request.path).method

    def handle(self, request: Request) -> Reply:
        """Answer one request; refusals become error bodies, a crash becomes HTTP 500."""
        if is_token_request(request):
            return answer_token_request(self._portal, request)
        request.operation = self.operation_of(request)
        try:
            answer = self._answer(request)
        except PortalRefusalError as refusal:
            request.outcome = f"error:{refusal.code or refusal.description}"
            body: dict[str, object] = {"error": refusal.code, "error_description": refusal.description}
            if refusal.code == OPERATION_TIME_LIMIT:
                body["time"] = self._time(request)
            return Reply(refusal.http_status, json.dumps(body, ensure_ascii=False).encode(), JSON_HEADERS)
        except PortalCrashError:
            request.outcome = "error:http_500"
            return Reply(500, CRASH_PAGE, (("content-type", "text/html; charset=utf-8"),))
        body_out = {**_result_of(answer), "time": self._time(request)}
        return Reply(200, json.dumps(body_out, ensure_ascii=False).encode(), JSON_HEADERS)

    def _answer(self, request: Request) -> object:
        portal = self._portal
        if portal.switches.limit_rate and not portal.bucket.admit():
            raise PortalRefusalError("QUERY_LIMIT_EXCEEDED", "Too many requests", 503)
        if request.operation == UPLOAD:
            return self._upload(request)
        params = _params_of(request)
        caller = self._caller(request, params)
        request.params = _for_journal(params)
        request.request_id = _mark_of(params)
        method = METHODS.get(request.operation)
        if method is None:
            raise PortalRefusalError("ERROR_METHOD_NOT_FOUND", "Method not found!", 404)
        if portal.switches.limit_operating and portal.operating.is_blocked(request.operation):
            raise PortalRefusalError(OPERATION_TIME_LIMIT, "Method is blocked due to operation time limit.", 429)
        try:
            return method(portal, caller, params, request.effects)
        finally:
            portal.operating.charge(request.operation, request.effects)

    def _upload(self, request: Request) -> object:
        part = file_part(request.headers.get("content-type", ""), request.body)
        if part is not None:
            request.params = {"filename": part.file_name, "bytes": len(part.content)}
        token = request.query.get("token", "").removeprefix("telephony|")
        try:
            return receive_upload(self._portal, request.query.get("auth", ""), token, part, request.effects)
        finally:
            self._portal.operating.charge(ATTACH_RECORD, request.effects)

    def _caller(self, request: Request, params: dict[str, object]) -> Caller:
        address = _address_of(request.path)
        host = request.headers.get("host", "127.0.0.1")
        if address.secret:
            user = self._portal.users.get(int(address.user_id)) if address.user_id.isdigit() else None
            secret = self._portal.config.webhook_secret
            if user is None or not hmac.compare_digest(address.secret.encode(), secret.encode()):
                raise PortalRefusalError("INVALID_CREDENTIALS", "Invalid request credentials", 401)
            if not user.is_active:
                raise PortalRefusalError("user_access_error", "The user does not have access.", 403)
            return Caller(user.user_id, None, host)
        token = text(params.pop("auth", ""))
        if not token:
            raise PortalRefusalError("NO_AUTH_FOUND", "Wrong authorization data", 401)
        owner = self._portal.owner_of(token)
        if owner is None:
            raise PortalRefusalError("expired_token", "The access token provided has expired.", 401)
        return Caller(*owner, host, token)

    def _time(self, request: Request) -> dict[str, object]:
        now = self._portal.clock.now()
        operation = ATTACH_RECORD if request.operation == UPLOAD else request.operation
        operating = self._portal.operating.state_of(operation)
        written = now.astimezone(self._portal.zone).isoformat(timespec="seconds")
        return {
            "start": now.timestamp(),
            "finish": now.timestamp(),
            "duration": 0.0,
            "processing": 0,
            "date_start": written,
            "date_finish": written,
            "operating_reset_at": operating.reset_at,
            "operating": operating.used_s,
        }


def _address_of(path: str) -> _Address:
    parts = path.removeprefix("/rest/").strip("/").split("/") if path.startswith("/rest/") else []
    if len(parts) == 3:
        return _Address(documented_name(parts[2]), parts[0], parts[1])
    asked = documented_name(parts[0]) if len(parts) == 1 else ""
    # anything else may be a webhook address gone wrong, and its secret must not become an operation's name
    return _Address(asked if asked in METHODS or asked == UPLOAD else UNKNOWN)


def _params_of(request: Request) -> dict[str, object]:
    params: dict[str, object] = dict(request.query)
    body = request.body.strip()
    if not body:
        return params
    if not request.headers.get("content-type", "").startswith("application/json") and body[:1] != b"{":
        return params | form_params(body.decode("utf-8", "replace"))
    try:
        decoded = json.loads(body)
    except (ValueError, RecursionError) as error:
        request.params = {"body": f"<{len(body)} bytes, no JSON>"}
        raise PortalRefusalError("INVALID_REQUEST", "Request body is not valid JSON") from error
    return params | decoded if isinstance(decoded, dict) else params


def _for_journal(params: dict[str, object]) -> dict[str, object]:
    return {
        name: f"<{len(value)} characters>" if name.upper() == "FILE_CONTENT" and isinstance(value, str) else value
        for name, value in params.items()
    }


def _mark_of(params: dict[str, object]) -> str | None:
    return text(params.get("EXTERNAL_CALL_ID")) or text(params.get("CALL_ID")) or None


def _result_of(answer: object) -> dict[str, object]:
    if not isinstance(answer, Listing):
        return {"result": answer}
    rows: object = answer.rows if answer.under is None else {answer.under: answer.rows}
    paged: dict[str, object] = {"result": rows, "total": answer.total}
    if answer.next_start is not None:
        paged["next"] = answer.next_start
    return paged
