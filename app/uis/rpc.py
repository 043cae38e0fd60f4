"""JSON-RPC 2.0 as the Call API speaks it: ids, one POST per request, errors raised, points noted. Knows no method."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from itertools import count

import msgspec

from app.clock import Clock
from app.errors import LimitExceeded, LinkDown
from app.http import HttpReply, HttpSession, PointsBudget
from app.uis.errors import refusal_of
from app.uis.wire import ReplyWire, read_reply

DEADLINE_S = 10.0
BODY_CAP = 2 * 1024 * 1024
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"

_logger = logging.getLogger(__name__)


class Correlation:
    """Ids of requests, for the vendor's support: who, which run of the program, which request, what it was.

    Never a login or a name: ids are logged on both sides.
    """

    def __init__(self, employee_id: int | None, clock: Clock) -> None:
        self._prefix = f"{employee_id or 0}-{_in_base36(int(clock.now().timestamp() * 1000))}"
        self._sequence = count(1)

    def next_id(self, action: str) -> str:
        """`employee_id-start-sequence-action`."""
        return f"{self._prefix}-{next(self._sequence)}-{action}"


class JsonRpc:
    """Sends each request once, within one deadline for everything, and believes no HTTP status where a JSON-RPC
    answer says more (uis-notes §1.1)."""

    def __init__(
        self,
        http: HttpSession,
        base_url: str,
        correlation: Correlation,
        points: PointsBudget | None = None,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._http = http
        self._base_url = base_url
        self._correlation = correlation
        self._points = points
        self._deadline_s = deadline_s
        self.is_version_deprecated = False

    async def exchange(self, method: str, params: Mapping[str, object]) -> msgspec.Raw:
        """The result's `data`. Raises LinkError, OutcomeUnknown, or the error answer as `refusal_of` has it."""
        reply = await self.post(method, params, BODY_CAP)
        return self.take(method, read_reply(reply.body, reply.http_status))

    async def post(self, method: str, params: Mapping[str, object], body_cap: int) -> HttpReply:
        """Send one request; the reply unread."""
        request = {"jsonrpc": "2.0", "method": method, "id": self._correlation.next_id(method), "params": params}
        try:
            body = msgspec.json.encode(request)
        except UnicodeEncodeError:
            # Half a surrogate pair, pasted. Raised outside: the foreign error quotes the text.
            body = b""
        if not body:
            raise LinkDown("bad_request", {"method": method})
        return await self._http.post_json(self._base_url, body, deadline_s=self._deadline_s, body_cap=body_cap)

    def take(self, method: str, reply: ReplyWire) -> msgspec.Raw:
        """Note what the reply says of points and version; give its data or raise its error."""
        if self._points is not None and reply.limits is not None:
            self._points.observe(reply.limits, method=method)
        if reply.is_version_deprecated and not self.is_version_deprecated:
            self.is_version_deprecated = True
            _logger.warning("the PBX says that this version of its interface will be switched off")
        if reply.data is not None:
            return reply.data
        assert reply.error is not None
        failure = refusal_of(reply.error, reply.limits, method)
        if isinstance(failure, LimitExceeded) and self._points is not None:
            self._points.note_exhausted(
                "day" if failure.params.get("limit_type") == "day" else "minute", failure.resets_in_s
            )
        raise failure


def _in_base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _BASE36[digit] + digits
    return digits or "0"
