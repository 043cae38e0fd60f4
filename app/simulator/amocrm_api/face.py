"""amoCRM's HTTP surface: paths, Bearer token, limits, HAL and problem documents. What a method does is not here."""

import hmac
import json

from app.simulator.amocrm_api.account import AmoAccount, AmoEntity
from app.simulator.amocrm_api.calls import add_calls, list_notes, post_notes
from app.simulator.amocrm_api.cards import (
    add_unsorted,
    card,
    create_contacts,
    describe_account,
    linked_kinds,
    list_cards,
    list_unsorted,
    list_users,
)
from app.simulator.amocrm_api.problems import AmoProblemError
from app.simulator.amocrm_api.tokens import answer_token_request, is_token_request
from app.simulator.exchange import Reply, Request

ROOT = "/api/v4/"
HAL = (("content-type", "application/hal+json"),)
PROBLEM = (("content-type", "application/problem+json"),)
ENTITY_KINDS = frozenset({"contacts", "companies", "leads", "customers"})
CARD_KINDS = frozenset({"contacts", "companies"})
ADDRESS_NOT_ALLOWED = 113


class AmoFace:
    """`/api/v4/…` and `/oauth2/access_token` of one account."""

    name = "amocrm"

    def __init__(self, account: AmoAccount) -> None:
        self._account = account

    def operation_of(self, request: Request) -> str:
        """Method and resource without ids, such as ``POST calls`` or ``GET contacts/notes``."""
        parts = [part for part in request.path.removeprefix(ROOT).split("/") if part and not part.isdigit()]
        return f"{request.method} {'/'.join(parts)}"

    def handle(self, request: Request) -> Reply:
        """Answer one request; 204 without a body where a list is empty."""
        if is_token_request(request):
            return answer_token_request(self._account, request)
        request.operation = self.operation_of(request)
        try:
            self._admit(request)
            http_status, body = self._answer(request)
        except AmoProblemError as problem:
            request.outcome = f"error:{problem.http_status}"
            return Reply(problem.http_status, _json(problem.body()), PROBLEM)
        if body is None:
            return Reply(204, b"", ())
        if http_status >= 400:
            request.outcome = f"error:{http_status}"
        return Reply(http_status, _json(body), HAL)

    def _admit(self, request: Request) -> None:
        account, switches = self._account, self._account.switches
        if switches.limit_rate:
            if account.window.refusals >= switches.blocks_after_refusals:
                raise AmoProblemError(403, "The account is blocked for exceeding the request rate")
            if not account.window.admit():
                raise AmoProblemError(429, "Too many requests")
        given = request.headers.get("authorization", "")
        expected = f"Bearer {account.config.amocrm_token}"
        is_known = hmac.compare_digest(given.encode(), expected.encode())
        if not switches.token_is_valid or not (is_known or account.desk.is_valid(given.removeprefix("Bearer "))):
            raise AmoProblemError(401, "Token is not valid or has expired")
        if switches.is_forbidden:
            raise AmoProblemError(403, "Access from this address is not allowed", code=ADDRESS_NOT_ALLOWED)
        if switches.subscription_ended and request.method != "GET":
            raise AmoProblemError(402, "The subscription has ended")

    def _answer(self, request: Request) -> tuple[int, object]:
        if not request.path.startswith(ROOT):
            raise AmoProblemError(404, "Cannot find such a page")
        parts = request.path.removeprefix(ROOT).strip("/").split("/")
        base_url = f"http://{request.headers.get('host', '127.0.0.1')}{ROOT}".rstrip("/")
        if request.method == "GET":
            return 200, self._read(parts, request, base_url)
        if request.method == "POST":
            return self._write(parts, request, base_url)
        raise AmoProblemError(405, "Method is not allowed")

    def _read(self, parts: list[str], request: Request, base_url: str) -> object:
        account = self._account
        match parts:
            case ["account"]:
                return describe_account(account, base_url)
            case ["users"]:
                return list_users(account, request.query, base_url)
            case ["calls"] | ["leads", "unsorted", "sip"]:
                raise AmoProblemError(405, "Method is not allowed")
            case ["leads", "unsorted"]:
                return list_unsorted(account, request.query, base_url)
            case [kind] if kind in CARD_KINDS:
                return list_cards(account, kind, request.query, base_url)
            case [kind, entity_id]:
                return card(account, self._entity(kind, entity_id), base_url, linked_kinds(request.query))
            case [kind, entity_id, "notes"]:
                return list_notes(account, self._entity(kind, entity_id), request.query, base_url)
        raise AmoProblemError(404, "Cannot find such a page")

    def _write(self, parts: list[str], request: Request, base_url: str) -> tuple[int, object]:
        account = self._account
        body = _decoded(request)
        match parts:
            case ["calls"]:
                return add_calls(account, body, base_url, request.effects)
            case ["contacts"]:
                return create_contacts(account, body, base_url, request.effects)
            case ["leads", "unsorted", "sip"]:
                return add_unsorted(account, body, base_url, request.effects)
            case [kind, entity_id, "notes"]:
                return post_notes(account, self._entity(kind, entity_id), body, base_url, request.effects)
        raise AmoProblemError(404, "Cannot find such a page")

    def _entity(self, kind: str, entity_id: str) -> AmoEntity:
        known = None
        if kind in ENTITY_KINDS and entity_id.isdecimal():
            known = self._account.entities.get((kind, int(entity_id[:20])))
        if known is None:
            raise AmoProblemError(404, "Entity not found")
        return known


def _decoded(request: Request) -> object:
    try:
        body: object = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        request.params = {"body": f"<{len(request.body)} bytes, no JSON>"}
        raise AmoProblemError(400, "Request body is not valid JSON") from error
    request.params = {"items": body}
    if isinstance(body, list) and len(body) == 1 and isinstance(body[0], dict):
        mark = body[0].get("request_id")
        request.request_id = None if mark is None else str(mark)
    return body


def _json(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
