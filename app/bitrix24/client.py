"""One typed method per REST method of Bitrix24, over an incoming webhook. No decisions: one request, one answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from msgspec import Struct

from app.bitrix24 import mapping, wire
from app.bitrix24.errors import reply_error
from app.clock import Clock
from app.crm.port import StepReceipt
from app.domain.customer import CrmSource, CrmUser, Currency, Customer, CustomerKind
from app.errors import LimitExceeded, NotFound, OutcomeUnknown, Refused
from app.http import HttpReply, HttpSession, TokenBucket

RATE_PER_S = 2.0
BURST = 50

_BODY_CAP = 2 * 1024 * 1024
_WRITE_DEADLINE_S = 30.0
_READ_DEADLINE_S = 15.0
_PAGES = 200
_PROBE_NAME = "probe.mp3"


class Page(NamedTuple):
    """Rows of a list method, and where the next page starts."""

    rows: tuple[Mapping[str, object], ...]
    next_start: int | None


class Bitrix24Client:
    """Every method raises LinkError, OutcomeUnknown, LimitExceeded, SignInRefused, RightsMissing or Refused.

    `webhook_url` (https://PORTAL/rest/USER/SECRET/) is a secret as a whole: it is in no error, log or repr.
    `limiter` is the portal's 2 requests a second with a burst of 50 (crm-notes 4), shared by all who ask it.
    """

    def __init__(
        self,
        http: HttpSession,
        webhook_url: str,
        limiter: TokenBucket,
        clock: Clock,
        *,
        write_deadline_s: float = _WRITE_DEADLINE_S,
    ) -> None:
        self._http = http
        self._webhook_url = webhook_url.strip().rstrip("/") + "/"
        self._limiter = limiter
        self._clock = clock
        self._write_deadline_s = write_deadline_s

    @property
    def portal_url(self) -> str:
        """Scheme and host of the portal, without the secret path."""
        return portal_url_of(self._webhook_url)

    async def register(self, params: wire.Registration) -> StepReceipt:
        """`call_id`, the customer the call was tied to, a lead that was made (crm-notes 1.1)."""
        result = await self._result(wire.REGISTER, params, self._write_deadline_s)
        receipt = mapping.registered(result)
        if receipt is None:
            raise OutcomeUnknown("reply_unexpected")
        return receipt

    async def finish(self, params: wire.Finish) -> StepReceipt:
        """`statistics_id`, `activity_id`, the customer (crm-notes 1.2). Raises NotFound("call_not_found")."""
        return mapping.finished(await self._result(wire.FINISH, params, self._write_deadline_s))

    async def is_in_statistics(self, call_id: str) -> bool:
        """Whether this call was finished, asked by attachRecord with a file name only: it creates nothing."""
        try:
            await self._result(wire.ATTACH_RECORD, wire.RecordProbe(call_id, _PROBE_NAME), _READ_DEADLINE_S)
        except NotFound as error:
            if error.code != "call_not_in_statistics":
                raise
            return False
        return True

    async def probe_registration(self, crm_user_id: int) -> None:
        """Raises RightsMissing("wrong_auth_type") where the portal wants an application for registering calls.

        A TYPE that does not exist: refused with "Unknown TYPE" when the rest is right, so nothing is created
        (crm-notes 3).
        """
        params = {"USER_ID": crm_user_id, "TYPE": 0, "PHONE_NUMBER": "0", "SHOW": 0, "CRM_CREATE": 0}
        try:
            await self._result(wire.REGISTER, wire.RawParams(params), _READ_DEADLINE_S)
        except Refused as error:
            if error.code != "unknown_type":
                raise

    async def search_crm_entities(self, phone_number: str) -> tuple[Customer, ...]:
        """Everyone with this number (digits), the recommended one first (crm-notes 1.5)."""
        result = await self._result(wire.SEARCH_CRM_ENTITIES, wire.PhoneNumberParams(phone_number), _READ_DEADLINE_S)
        return mapping.customers(result)

    async def add_comment(self, fields: wire.CommentFields) -> StepReceipt:
        """`comment_id`. Not idempotent. Raises NotFound("customer_not_found"), Refused("customer_access_denied")."""
        result = await self._result(wire.COMMENT_ADD, wire.CommentAdd(fields), self._write_deadline_s)
        return StepReceipt({"comment_id": str(result)} if isinstance(result, int | str) else {})

    async def list_comments(self, entity_type: str, entity_id: int, start: int = 0) -> Page:
        """Comments of one customer, newest first, fifty to a page."""
        return await self._page(
            wire.COMMENT_LIST,
            wire.ListParams(
                filter={"ENTITY_TYPE": entity_type, "ENTITY_ID": entity_id},
                select=("ID", "COMMENT", "CREATED"),
                order={"ID": "DESC"},
                start=start,
            ),
        )

    async def activities_of_call(self, call_id: str) -> Page:
        """CRM activities a finish of this call has made, with or without statistics (crm-notes 1.2)."""
        return await self._page(
            wire.ACTIVITY_LIST,
            wire.ListParams(
                filter={"ORIGIN_ID": f"VI_{call_id}"},
                select=("ID", "OWNER_ID", "OWNER_TYPE_ID", "ORIGIN_ID"),
                order={"ID": "DESC"},
            ),
        )

    async def current_user(self) -> CrmUser:
        """Whom the webhook acts for."""
        user = mapping.crm_user(await self._result(wire.USER_CURRENT, wire.NoParams(), _READ_DEADLINE_S))
        if user is None:
            raise OutcomeUnknown("reply_unexpected")
        return user

    async def list_currencies(self) -> tuple[Currency, ...]:
        """The portal's currencies, the base one first."""
        return mapping.currencies(await self._result(wire.CURRENCY_LIST, wire.NoParams(), _READ_DEADLINE_S))

    async def list_sources(self) -> tuple[CrmSource, ...]:
        """What CRM_SOURCE may be, in the portal's order."""
        params = wire.StatusList(filter={"ENTITY_ID": "SOURCE"}, order={"SORT": "ASC"})
        return mapping.sources(await self._result(wire.STATUS_LIST, params, _READ_DEADLINE_S))

    async def list_users(self) -> tuple[CrmUser, ...]:
        """Employees who still work here, page by page."""
        users: list[CrmUser] = []
        start = 0
        for _ in range(_PAGES):
            params = wire.UsersPage(filter={"ACTIVE": True, "USER_TYPE": "employee"}, start=start)
            page = await self._page(wire.USER_GET, params)
            users += mapping.crm_users(page.rows)
            if page.next_start is None or page.next_start <= start:
                break
            start = page.next_start
        return tuple(users)

    async def customer(self, kind: CustomerKind, crm_entity_id: int) -> Customer | None:
        """One lead, contact or company by its id; None when there is none, or none this user may see."""
        params = wire.ItemGet(mapping.entity_type_id(kind), crm_entity_id)
        try:
            result = await self._result(wire.ITEM_GET, params, _READ_DEADLINE_S)
        except Refused as error:
            if error.code not in ("not_found", "customer_access_denied"):
                raise
            return None
        return mapping.customer_of_item(kind, crm_entity_id, result)

    async def _result(self, method: str, params: Struct, deadline_s: float) -> object:
        return (await self._ask(method, params, deadline_s)).result

    async def _page(self, method: str, params: Struct) -> Page:
        envelope = await self._ask(method, params, _READ_DEADLINE_S)
        if not isinstance(envelope.result, list | Mapping):
            raise OutcomeUnknown("reply_unexpected")
        next_start = envelope.next if isinstance(envelope.next, int) else None
        return Page(wire.rows_in(envelope.result), next_start)

    async def _ask(self, method: str, params: Struct, deadline_s: float) -> wire.Envelope:
        await self._limiter.take()
        reply = await self._http.post_json(
            f"{self._webhook_url}{method}.json", wire.encoded(params), deadline_s=deadline_s, body_cap=_BODY_CAP
        )
        envelope = _envelope_of(reply)
        error = reply_error(method, reply.http_status, reply.headers, envelope, self._clock.now())
        if isinstance(error, LimitExceeded):
            self._limiter.note_refusal(error.resets_in_s)
        if error is not None:
            raise error
        if envelope is None:
            raise OutcomeUnknown("reply_undecodable")
        return envelope


def portal_url_of(webhook_url: str) -> str:
    """Scheme and host of a webhook's address; empty when it is none."""
    try:
        parts = urlsplit(webhook_url)
        host = parts.hostname
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    return f"{parts.scheme}://{host}{port}" if host and parts.scheme in ("http", "https") else ""


def _envelope_of(reply: HttpReply) -> wire.Envelope | None:
    try:
        return wire.decoded(reply.body)
    except wire.UNDECODABLE:
        return None
