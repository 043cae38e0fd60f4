"""One typed method per REST method of amoCRM. No decisions: one request, one answer; only the token is renewed here."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from app.amocrm import mapping, wire
from app.amocrm.errors import FORBIDDEN, TOKEN_REFUSED, item_refusal, reply_error
from app.crm.port import StepReceipt
from app.domain.customer import CrmUser, Customer, CustomerKind
from app.errors import LimitExceeded, NotFound, OutcomeUnknown, Refused, RightsMissing, SignInRefused
from app.http import HttpReply, HttpSession, TokenBucket
from app.oauth import TokenSource

# The account allows seven arrivals within any second (crm-notes 6.4). A burst of seven at seven a second would let
# fourteen through, and the way there squeezes requests together: five, evenly spaced, stay below although one takes
# 0.4 s longer than the next.
RATE_PER_S = 5.0
BURST = 1

_BODY_CAP = 4 * 1024 * 1024
_WRITE_DEADLINE_S = 30.0
_READ_DEADLINE_S = 20.0


class Page(NamedTuple):
    """Rows of a list, and whether there are more."""

    rows: tuple[wire.Row, ...]
    has_more: bool


class AccountFacts(NamedTuple):
    """Whose account the token opens, and as whom."""

    account_id: int
    name: str
    user_id: int | None


class AmocrmClient:
    """Every method raises LinkError, OutcomeUnknown, LimitExceeded, SignInRefused, RightsMissing or Refused.

    `limiter` is the account's 7 requests a second (crm-notes 6.4), shared by all who ask it.
    """

    def __init__(
        self,
        http: HttpSession,
        account_url: str,
        tokens: TokenSource,
        limiter: TokenBucket,
        *,
        write_deadline_s: float = _WRITE_DEADLINE_S,
    ) -> None:
        self._http = http
        self._account_url = account_url_of(account_url)
        self._tokens = tokens
        self._limiter = limiter
        self._write_deadline_s = write_deadline_s

    @property
    def account_url(self) -> str:
        """Scheme and host of the account: what links start with."""
        return self._account_url

    # Writing. None of it is idempotent.

    async def add_call(self, call: wire.Call) -> StepReceipt:
        """`amo_note_id` and the card it went to. Raises NotFound("amo_number_unknown") when nobody has the number."""
        said = await self._post(wire.CALLS, call)
        receipt = mapping.added_call(said, call.request_id, self._account_url)
        if receipt is not None:
            return receipt
        refusal = item_refusal(said)
        if refusal is not None:
            raise refusal
        if not wire.embedded(said, "calls") and said.get("_total_items") == 0:
            raise Refused("amo_call_refused")
        raise OutcomeUnknown("reply_unexpected")

    async def add_note(self, plural: str, entity_id: int, note: wire.CallNote) -> StepReceipt:
        """`amo_note_id`. Raises NotFound("amo_customer_not_found"), Refused("amo_customer_access_denied")."""
        try:
            said = await self._post(f"{plural}/{entity_id}/notes", note)
        except NotFound as error:
            raise NotFound("amo_customer_not_found", error.params, vendor_message=error.vendor_message) from None
        except RightsMissing as error:
            raise await self._of_one_entity(error) from None
        note_id = mapping.added_id(said, "notes", note.request_id)
        if note_id is None:
            raise OutcomeUnknown("reply_unexpected")
        return mapping.receipt_of(self._account_url, plural, entity_id, amo_note_id=note_id)

    async def add_contact(self, contact: wire.Contact) -> int:
        """The new contact's id."""
        said = await self._post(wire.CONTACTS, contact)
        contact_id = mapping.added_id(said, wire.CONTACTS, str(contact.request_id))
        if contact_id is None or not contact_id.isdigit():
            raise OutcomeUnknown("reply_unexpected")
        return int(contact_id)

    async def add_unsorted(self, item: wire.UnsortedCall) -> str:
        """The uid in the inbox of unsorted leads."""
        said = await self._post(wire.UNSORTED_SIP, item)
        uid = mapping.added_id(said, "unsorted", item.request_id)
        if uid is None:
            raise OutcomeUnknown("reply_unexpected")
        return uid

    # Looking up.

    async def search(self, kind: CustomerKind, query: str, page: int = 1) -> Page:
        """Contacts or companies by full text, with the leads and customers that belong to them."""
        params = {"query": query, "with": "leads,customers"}
        return await self._page(mapping.plural_of(kind), mapping.plural_of(kind), params, page)

    async def card(self, kind: CustomerKind, entity_id: int) -> Customer | None:
        """One contact, company or lead; None when it is gone."""
        try:
            said = await self._get(f"{mapping.plural_of(kind)}/{entity_id}")
        except NotFound:
            return None
        return mapping.customer_of(kind, said)

    async def call_notes(self, plural: str, entity_id: int, page: int = 1) -> Page:
        """Calls among the notes of one entity, newest first. Raises NotFound when the entity is gone,
        Refused("amo_customer_access_denied")."""
        params = {
            "filter[note_type][0]": wire.CALL_IN,
            "filter[note_type][1]": wire.CALL_OUT,
            "order[id]": "desc",
        }
        try:
            return await self._page(f"{plural}/{entity_id}/notes", "notes", params, page)
        except RightsMissing as error:
            raise await self._of_one_entity(error) from None

    async def unsorted_calls(self, page: int = 1) -> Page:
        """Calls that wait in the inbox, newest first; those accepted or declined are not there any more."""
        params = {"filter[category][0]": "sip", "order[created_at]": "desc"}
        return await self._page(wire.UNSORTED, "unsorted", params, page)

    async def account(self) -> AccountFacts:
        said = await self._get(wire.ACCOUNT)
        account_id = wire.number_in(said, "id")
        if account_id is None:
            raise OutcomeUnknown("reply_unexpected")
        return AccountFacts(account_id, wire.text_in(said, "name"), wire.number_in(said, "current_user_id"))

    async def users(self) -> tuple[CrmUser, ...]:
        """Everybody in the account. Raises RightsMissing for whoever is no administrator."""
        found: list[CrmUser] = []
        page = 1
        while True:
            listed = await self._page(wire.USERS, wire.USERS, {}, page)
            found += [user for row in listed.rows if (user := mapping.crm_user(row)) is not None]
            if not listed.has_more:
                return tuple(found)
            page += 1

    async def _of_one_entity(self, error: RightsMissing) -> Refused:
        """A bare 403 at one entity is about that one, if the account itself answers. Raises what it says otherwise."""
        if error.code != FORBIDDEN:
            return error
        await self.account()
        return Refused("amo_customer_access_denied", error.params, vendor_message=error.vendor_message)

    async def _page(self, path: str, name: str, params: dict[str, str], page: int) -> Page:
        query = urlencode({**params, "limit": wire.PAGE_LIMIT, "page": page})
        rows = wire.embedded(await self._get(f"{path}?{query}"), name)
        return Page(rows, has_more=len(rows) >= wire.PAGE_LIMIT)

    async def _get(self, path: str) -> wire.Row:
        return await self._ask(path, None)

    async def _post(self, path: str, item: wire.Item) -> wire.Row:
        return await self._ask(path, wire.encoded(item))

    async def _ask(self, path: str, body: bytes | None) -> wire.Row:
        token = await self._tokens.access_token()
        reply = await self._send(path, body, token)
        if reply.http_status == 401:
            # Refused before anything was done: with a new token it is the first time.
            token = await self._tokens.renewed(token)
            reply = await self._send(path, body, token)
            if reply.http_status == 401:
                raise SignInRefused(TOKEN_REFUSED)
        said = _object_in(reply)
        error = reply_error(reply.http_status, reply.headers, said)
        if isinstance(error, LimitExceeded):
            self._limiter.note_refusal(error.resets_in_s)
        if error is not None:
            raise error
        return said or {}

    async def _send(self, path: str, body: bytes | None, token: str) -> HttpReply:
        await self._limiter.take()
        url, headers = f"{self._account_url}{wire.API}{path}", {"Authorization": f"Bearer {token}"}
        if body is None:
            return await self._http.get(url, deadline_s=_READ_DEADLINE_S, body_cap=_BODY_CAP, headers=headers)
        return await self._http.post_json(
            url, body, deadline_s=self._write_deadline_s, body_cap=_BODY_CAP, headers=headers
        )


def account_url_of(address: str) -> str:
    """Scheme and host of whatever address of the account somebody copied; as it came when it is none."""
    try:
        parts = urlsplit(address.strip())
        host = parts.hostname
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return address
    return f"{parts.scheme}://{host}{port}" if host and parts.scheme in ("http", "https") else address


def _object_in(reply: HttpReply) -> wire.Row | None:
    try:
        return wire.decoded(reply.body)
    except wire.UNDECODABLE:
        return None
