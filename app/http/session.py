"""One HTTP/1.1 session: total deadline, capped body, no redirects, no cookies, plain http to this machine
only.

httpx is imported on first use or by `warm_up`, off the loop: it costs 80 ms and the first paint does not need
it.
"""

from __future__ import annotations

import asyncio
import http.cookiejar
import os
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from app.addresses import address_problem
from app.background import run_on_daemon_thread
from app.clock import Clock
from app.errors import LinkDown, LinkTimeout, OutcomeUnknown, PultError
from app.http.body import CappedBody
from app.http.failures import Phase, failure_of
from app.http.lean_import import prepare_import
from app.http.upload import FileToSend, MultipartFile

if TYPE_CHECKING:
    import httpx

_JSON = "application/json; charset=UTF-8"
_CONNECTIONS = 10
_IDLE_CONNECTIONS = 4
# Shorter than what front ends usually allow: a connection the server is about to close is a reply of unknown
# outcome.
_KEEP_IDLE_S = 15.0


@dataclass(frozen=True, slots=True)
class HttpReply:
    """A whole reply. `headers` has lower-case names; of a repeated header the values are joined by a
    comma."""

    http_status: int
    headers: Mapping[str, str]
    body: bytes


class Receiver(Protocol):
    """Takes a reply piece by piece, as it comes."""

    def begin(self, http_status: int, headers: Mapping[str, str]) -> float | None:
        """The reply's head, header names in lower case; gives the seconds its body may take, None when the body is
        not wanted."""
        ...

    async def add(self, chunk: bytes) -> None:
        """The next bytes of the body, as they came over the wire. Raises PultError to end it."""
        ...


R = TypeVar("R")
Taking = Callable[["httpx.Response", asyncio.Timeout], Awaitable[R]]


class HttpSession:
    """Sends requests and gives whole replies, whatever their HTTP status.

    Raises LinkError when the request was certainly not executed (nothing of it left this machine),
    OutcomeUnknown when it may have been: deadline passed, connection lost, body over the cap. Neither names
    the address.
    """

    def __init__(self, *, user_agent: str, clock: Clock) -> None:
        self._user_agent = user_agent
        self._clock = clock
        self._http_client: httpx.AsyncClient | None = None
        self._building = asyncio.Lock()
        self._is_closed = False
        self.last_round_trip_s: float | None = None

    async def post_json(
        self,
        url: str,
        body: bytes,
        *,
        deadline_s: float,
        body_cap: int,
        headers: Mapping[str, str] | None = None,
        content_type: str = _JSON,
    ) -> HttpReply:
        """POST the body as it is. `deadline_s` covers connecting, sending and the whole reply; `body_cap` is
        in bytes, unpacked."""
        sent_headers = {"Content-Type": content_type, **(headers or {})}
        return await self._exchange("POST", url, body, sent_headers, deadline_s, partial(_whole_reply, body_cap))

    async def post_file(self, url: str, part: FileToSend, *, deadline_s: float, body_cap: int) -> HttpReply:
        """POST one file as multipart/form-data, streamed from the disk, under the same rules as `post_json`.

        Raises NotYet, too, when the file cannot be read or changes meanwhile.
        """
        async with MultipartFile(part) as multipart, aclosing(multipart.pieces()) as pieces:
            headers = {"Content-Type": multipart.content_type, "Content-Length": str(multipart.length)}
            return await self._exchange("POST", url, pieces, headers, deadline_s, partial(_whole_reply, body_cap))

    async def get(
        self, url: str, *, deadline_s: float, body_cap: int, headers: Mapping[str, str] | None = None
    ) -> HttpReply:
        """GET, under the same rules as `post_json`."""
        return await self._exchange("GET", url, None, headers or {}, deadline_s, partial(_whole_reply, body_cap))

    async def get_into(
        self, url: str, receiver: Receiver, *, head_deadline_s: float, headers: Mapping[str, str] | None = None
    ) -> None:
        """GET something large into `receiver`. `head_deadline_s` covers connecting, sending and the reply's head; what
        the body may take the receiver says."""
        await self._exchange("GET", url, None, headers or {}, head_deadline_s, partial(_pieces, receiver))

    async def warm_up(self) -> None:
        """Import httpx and read the trusted roots now, off the loop, rather than within the first request's
        deadline."""
        await self._client()

    async def aclose(self) -> None:
        """Close all connections; requests still under way end with OutcomeUnknown or LinkError. Closing twice
        is fine."""
        self._is_closed = True
        async with self._building:
            http_client, self._http_client = self._http_client, None
        if http_client is not None:
            await http_client.aclose()

    async def _exchange(
        self,
        verb: Literal["GET", "POST"],
        url: str,
        body: bytes | AsyncIterator[bytes] | None,
        headers: Mapping[str, str],
        deadline_s: float,
        take: Taking[R],
    ) -> R:
        problem = address_problem(url)
        if problem is not None:
            raise LinkDown(problem)
        progress = _Progress()
        started_at = self._clock.monotonic()
        failure: PultError
        try:
            async with asyncio.timeout(deadline_s) as limit:
                http_client = await self._client()
                request = _build(http_client, verb, url, body, headers, progress)
                reply = await _receive(http_client, request, limit, take)
        except TimeoutError:
            failure = progress.deadline_passed()
        except PultError:
            raise
        except Exception as error:  # noqa: BLE001  the border: known or not, each foreign error becomes ours
            failure = failure_of(error, progress.phase)
        else:
            self.last_round_trip_s = self._clock.monotonic() - started_at
            return reply
        finally:
            await progress.close_unfinished()
        # Outside the handler, so that the foreign error and its text do not travel along as context.
        raise failure

    async def _client(self) -> httpx.AsyncClient:
        async with self._building:
            if self._is_closed:
                raise LinkDown("closed")
            if self._http_client is None:
                build = lambda: _build_client(self._user_agent)  # noqa: E731
                self._http_client = await run_on_daemon_thread(build, name="http-warm-up")
            return self._http_client


class _Progress:
    """How far one request has got, told by httpcore's trace."""

    def __init__(self) -> None:
        self.phase = Phase.PREPARING
        self._socket: Any = None

    async def trace(self, step: str, info: Mapping[str, Any]) -> None:
        if step.endswith("connect_tcp.started"):
            self.phase = max(self.phase, Phase.CONNECTING)
        elif step.endswith("connect_tcp.complete"):
            self._socket = info["return_value"]
        elif step.endswith("start_tls.started"):
            self.phase = max(self.phase, Phase.SECURING)
        elif step.endswith("send_request_headers.started"):
            # A proxy's CONNECT is not our request yet.
            is_connect = getattr(info.get("request"), "method", b"") == b"CONNECT"
            self.phase = max(self.phase, Phase.CONNECTING if is_connect else Phase.SENDING)

    async def close_unfinished(self) -> None:
        """httpcore 1.0 forgets a socket whose TLS handshake is cancelled; it would stay open until it is
        collected."""
        if self.phase < Phase.SENDING and self._socket is not None:
            await self._socket.aclose()

    def deadline_passed(self) -> PultError:
        if self.phase >= Phase.SENDING:
            return OutcomeUnknown("read_timeout")
        return LinkTimeout(params={"phase": self.phase.name.lower()})


def _build(
    http_client: httpx.AsyncClient,
    verb: str,
    url: str,
    body: bytes | AsyncIterator[bytes] | None,
    headers: Mapping[str, str],
    progress: _Progress,
) -> httpx.Request:
    try:
        return http_client.build_request(
            verb, url, content=body, headers=dict(headers), extensions={"trace": progress.trace}
        )
    except (UnicodeError, TypeError):
        # A header outside ASCII: the error's own text would quote it, and it may be a token.
        pass
    raise LinkDown("bad_request")


async def _receive(
    http_client: httpx.AsyncClient, request: httpx.Request, limit: asyncio.Timeout, take: Taking[R]
) -> R:
    response = await http_client.send(request, stream=True)
    try:
        return await take(response, limit)
    finally:
        await response.aclose()


async def _whole_reply(body_cap: int, response: httpx.Response, _limit: asyncio.Timeout) -> HttpReply:
    headers = _headers_of(response)
    collected = CappedBody(body_cap, headers.get("content-encoding", ""))
    async for chunk in response.aiter_raw():
        collected.add(chunk)
    return HttpReply(response.status_code, headers, collected.finish())


async def _pieces(receiver: Receiver, response: httpx.Response, limit: asyncio.Timeout) -> None:
    body_s = receiver.begin(response.status_code, _headers_of(response))
    if body_s is None:
        return
    limit.reschedule(asyncio.get_running_loop().time() + body_s)
    async for chunk in response.aiter_raw():
        await receiver.add(chunk)


def _headers_of(response: httpx.Response) -> Mapping[str, str]:
    return MappingProxyType({name.lower(): value for name, value in response.headers.items()})


def _build_client(user_agent: str) -> httpx.AsyncClient:
    """Raises LinkDown when the machine's own set-up (trust store, proxy variables) cannot be used."""
    prepare_import()
    import httpx

    try:
        trust = trusted_context()
    except (OSError, ValueError) as error:
        raise LinkDown("bad_trust_store", {"cause": type(error).__name__}) from None
    try:
        http_client = httpx.AsyncClient(
            verify=trust,
            http1=True,
            http2=False,
            follow_redirects=False,
            trust_env=True,
            # One deadline per request is ours; httpx's own are per read and leave a timer each behind in Qt's
            # loop.
            timeout=httpx.Timeout(None),
            limits=httpx.Limits(
                max_connections=_CONNECTIONS,
                max_keepalive_connections=_IDLE_CONNECTIONS,
                keepalive_expiry=_KEEP_IDLE_S,
            ),
            headers={"User-Agent": user_agent, "Accept-Encoding": "identity", "Accept": "application/json, */*;q=0.5"},
            # Plain http never leaves this machine, so it must not go to a company proxy either.
            mounts={"http://": None},
        )
    except (ImportError, ValueError, httpx.InvalidURL) as error:
        raise LinkDown("proxy", {"cause": type(error).__name__}) from None
    http_client.cookies.jar.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
    return http_client


def trusted_context() -> ssl.SSLContext:
    """TLS 1.2 or newer with the system's roots (SSL_CERT_FILE and SSL_CERT_DIR honoured); certifi's where the
    system has none."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if not _has_roots(context):
        import certifi

        context.load_verify_locations(certifi.where())
    return context


def _has_roots(context: ssl.SSLContext) -> bool:
    if context.cert_store_stats()["x509_ca"] or sys.platform == "win32":
        return True
    if os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR"):
        return True
    # A folder of roots is read when needed and counts nothing before.
    folder = ssl.get_default_verify_paths().capath
    return folder is not None and any(Path(folder).iterdir())
