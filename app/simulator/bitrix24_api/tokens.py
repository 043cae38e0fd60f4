"""`/oauth/token/`: the vendor's token office, which stands at an address of its own in reality. Source: crm-notes 3."""

import json
from urllib.parse import parse_qsl

from app.simulator.bitrix24_api.portal import BitrixPortal
from app.simulator.exchange import Reply, Request
from app.simulator.oauth import TokenRefusalError

TOKEN_PATH = "/oauth/token"  # noqa: S105  a path
OPERATION = "oauth.token"
JSON_HEADERS = (("content-type", "application/json; charset=utf-8"),)


def is_token_request(request: Request) -> bool:
    """Whether this is for the office and not for the portal."""
    return request.path.rstrip("/") == TOKEN_PATH


def answer_token_request(portal: BitrixPortal, request: Request) -> Reply:
    """A new pair with the portal's address, or the standard's error."""
    request.operation = OPERATION
    body = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    params = {**request.query, **body}
    request.params = dict(params)
    try:
        pair = portal.desk.exchange(params)
    except TokenRefusalError as refusal:
        request.outcome = f"error:{refusal.code}"
        return _reply(400, {"error": refusal.code, "error_description": refusal.description})
    request.effects.append(f"renewal {portal.desk.renewals}")
    host = request.headers.get("host", "127.0.0.1")
    said = {
        "access_token": pair.access_token,
        "expires": int(portal.clock.now().timestamp()) + pair.expires_in_s,
        "expires_in": pair.expires_in_s,
        "scope": "crm,telephony,user",
        "domain": host,
        "server_endpoint": f"http://{host}/rest/",
        "status": "L",
        "client_endpoint": f"http://{host}/rest/",
        "member_id": "5f4dcc3b5aa765d61d8327deb882cf99",
        "user_id": portal.config.bitrix_user_id,
        "refresh_token": pair.refresh_token,
    }
    return _reply(200, said)


def _reply(http_status: int, body: object) -> Reply:
    return Reply(http_status, json.dumps(body).encode(), JSON_HEADERS)
