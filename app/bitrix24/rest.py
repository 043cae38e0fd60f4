"""One request to one portal: its address, token, rate, operating time and errors. What a method is for is not here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct

from app.bitrix24 import wire
from app.bitrix24.access import PortalAccess
from app.bitrix24.errors import OPERATING_LIMIT, reply_error
from app.bitrix24.operating import WINDOW_S, OperatingTime
from app.clock import Clock
from app.errors import LimitExceeded, OutcomeUnknown, PultError, SignInRefused
from app.http import FileToSend, HttpReply, HttpSession, TokenBucket, upload_deadline_s

RATE_PER_S = 2.0
# The portal's is 50 (crm-notes 4). Requests that overtake each other on the way would find it empty.
BURST = 45
READ_DEADLINE_S = 15.0
WRITE_DEADLINE_S = 30.0

_BODY_CAP = 2 * 1024 * 1024
_EXPIRED = "expired_token"


class Page(NamedTuple):
    """Rows of a list method, and where the next page starts."""

    rows: tuple[Mapping[str, object], ...]
    next_start: int | None


class PortalRest:
    """Every request raises LinkError, OutcomeUnknown, LimitExceeded, SignInRefused, RightsMissing or Refused.

    `limiter` is the portal's 2 requests a second with its burst (crm-notes 4), shared by all who ask it.
    """

    def __init__(
        self,
        http: HttpSession,
        access: PortalAccess,
        limiter: TokenBucket,
        clock: Clock,
        *,
        write_deadline_s: float = WRITE_DEADLINE_S,
    ) -> None:
        self.write_deadline_s = write_deadline_s
        self.clock = clock
        self._http = http
        self._access = access
        self._limiter = limiter
        self._operating = OperatingTime(clock)

    @property
    def portal_url(self) -> str:
        """Scheme and host of the portal."""
        return self._access.portal_url

    async def result(self, method: str, params: Struct, deadline_s: float = READ_DEADLINE_S) -> object:
        """`result` of one method."""
        return (await self._ask(method, params, deadline_s)).result

    async def write(self, method: str, params: Struct) -> object:
        """`result` of a method that changes something, with more time."""
        return await self.result(method, params, self.write_deadline_s)

    async def page(self, method: str, params: Struct) -> Page:
        """One page of a list method."""
        envelope = await self._ask(method, params, READ_DEADLINE_S)
        if not isinstance(envelope.result, list | Mapping):
            raise OutcomeUnknown("reply_unexpected")
        next_start = envelope.next if isinstance(envelope.next, int) else None
        return Page(wire.rows_in(envelope.result), next_start)

    async def upload(self, url: str, part: FileToSend) -> object:
        """`result` of sending a file to an address the portal gave out for it. The address holds a token: it is in no
        error and no log. Raises NotYet, too, when the file cannot be read."""
        await self._limiter.take()
        reply = await self._http.post_file(url, part, deadline_s=upload_deadline_s(part.size), body_cap=_BODY_CAP)
        return self._judged(wire.ATTACH_RECORD, reply).result

    async def _ask(self, method: str, params: Struct, deadline_s: float) -> wire.Envelope:
        held_s = self._operating.wait_s(method)
        if held_s > 0:
            raise LimitExceeded(OPERATING_LIMIT, resets_in_s=held_s, is_of_one_method=True)
        body = wire.encoded(params)
        token = await self._access.token()
        try:
            return await self._send(method, body, token, deadline_s)
        except SignInRefused as error:
            if token is None or error.code != _EXPIRED:
                raise
        # Refused before anything was done: the one case in which even finish may go out again.
        return await self._send(method, body, await self._access.renewed(token), deadline_s)

    async def _send(self, method: str, body: bytes, token: str | None, deadline_s: float) -> wire.Envelope:
        await self._limiter.take()
        reply = await self._http.post_json(
            self._access.address_of(method),
            body if token is None else wire.with_token(body, token),
            deadline_s=deadline_s,
            body_cap=_BODY_CAP,
        )
        return self._judged(method, reply)

    def _judged(self, method: str, reply: HttpReply) -> wire.Envelope:
        envelope = _envelope_of(reply)
        if envelope is not None:
            self._operating.note(method, envelope)
        error = reply_error(method, reply.http_status, reply.headers, envelope, self.clock.now())
        if error is not None:
            self._note_limit(method, error)
            raise error
        if envelope is None:
            raise OutcomeUnknown("reply_undecodable")
        return envelope

    def _note_limit(self, method: str, error: PultError) -> None:
        if not isinstance(error, LimitExceeded):
            return
        if error.code == OPERATING_LIMIT:
            # Of this method alone; the others go on.
            self._operating.hold(method, error.resets_in_s or WINDOW_S)
        else:
            self._limiter.note_refusal(error.resets_in_s)


def _envelope_of(reply: HttpReply) -> wire.Envelope | None:
    try:
        return wire.decoded(reply.body)
    except wire.UNDECODABLE:
        return None
