"""POST /oauth2/access_token at the account's own address. Source: crm-notes 6.5."""

import json

from app.simulator.amocrm_api.account import AmoAccount
from app.simulator.exchange import Reply, Request
from app.simulator.oauth import TokenRefusalError

TOKEN_PATH = "/oauth2/access_token"  # noqa: S105  a path
OPERATION = "POST oauth2/access_token"
CODE_TTL_S = 1200.0


def is_token_request(request: Request) -> bool:
    """Whether this is for the office and not for the API."""
    return request.path.rstrip("/") == TOKEN_PATH


def answer_token_request(account: AmoAccount, request: Request) -> Reply:
    """A new pair, or a problem whose `hint` says why."""
    request.operation = OPERATION
    if request.method != "POST":
        return _problem(request, 405, "Method is not allowed")
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        return _problem(request, 400, "Request body is not a JSON object")
    params = {str(name): value for name, value in sent.items() if isinstance(value, str)}
    request.params = dict(params)
    try:
        pair = account.desk.exchange(params)
    except TokenRefusalError as refusal:
        http_status = {"invalid_client": 401, "PAYMENT_REQUIRED": 402}.get(refusal.code, 400)
        return _problem(request, http_status, refusal.description)
    request.effects.append(f"renewal {account.desk.renewals}")
    said = {
        "token_type": "Bearer",
        "expires_in": pair.expires_in_s,
        "access_token": pair.access_token,
        "refresh_token": pair.refresh_token,
    }
    return Reply(200, json.dumps(said).encode(), (("content-type", "application/json"),))


def _problem(request: Request, http_status: int, hint: str) -> Reply:
    request.outcome = f"error:{http_status}"
    body = {"hint": hint, "title": "Bad Request", "type": "https://developers.amocrm.ru/v3/errors/OAuthProblemJson"}
    return Reply(
        http_status,
        json.dumps({**body, "status": http_status, "detail": hint}).encode(),
        (("content-type", "application/problem+json"),),
    )
