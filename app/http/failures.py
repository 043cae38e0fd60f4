"""Foreign HTTP errors mapped to our own, by one table and by what had been sent when they came.

Nothing of the foreign text is kept: it may hold the address, and a webhook's secret is part of its address.
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

from app.errors import LinkDown, LinkTimeout, OutcomeUnknown, PultError


class Phase(IntEnum):
    """How far the request had got. From SENDING on, bytes of it may have left this machine."""

    PREPARING = 0
    CONNECTING = 1
    SECURING = 2
    SENDING = 3


class Row(NamedTuple):
    """Codes for one foreign class: before anything was sent, and after. None after: it cannot come once bytes
    have left."""

    unsent: str
    sent: str | None


# By name, so that httpx need not be imported to read this. The completeness test walks the classes of the
# installed httpx.
FAILURES: dict[str, Row] = {
    "HTTPError": Row("connect", "connection_lost"),
    "RequestError": Row("connect", "connection_lost"),
    "TransportError": Row("connect", "connection_lost"),
    "TimeoutException": Row("connect_timeout", "read_timeout"),
    "ConnectTimeout": Row("connect_timeout", "read_timeout"),
    "ReadTimeout": Row("connect_timeout", "read_timeout"),
    "WriteTimeout": Row("connect_timeout", "read_timeout"),
    "PoolTimeout": Row("connect_timeout", "read_timeout"),
    "NetworkError": Row("connect", "connection_lost"),
    "ConnectError": Row("connect", "connection_lost"),
    "ReadError": Row("connect", "connection_lost"),
    "WriteError": Row("connect", "connection_lost"),
    "CloseError": Row("connect", "connection_lost"),
    "ProtocolError": Row("connect", "connection_lost"),
    # Ours: h11 refuses an illegal header or target before it gives out the first byte.
    "LocalProtocolError": Row("bad_request", None),
    "RemoteProtocolError": Row("connect", "connection_lost"),
    "ProxyError": Row("proxy", "connection_lost"),
    "UnsupportedProtocol": Row("bad_url", None),
    "InvalidURL": Row("bad_url", None),
    "DecodingError": Row("connect", "reply_undecodable"),
    "TooManyRedirects": Row("connect", "connection_lost"),
    "HTTPStatusError": Row("connect", "connection_lost"),
    "CookieConflict": Row("bad_request", "connection_lost"),
    "StreamError": Row("connect", "connection_lost"),
    "StreamConsumed": Row("connect", "connection_lost"),
    "StreamClosed": Row("connect", "connection_lost"),
    "RequestNotRead": Row("bad_request", "connection_lost"),
    "ResponseNotRead": Row("connect", "connection_lost"),
}
_ELSE = Row("connect", "connection_lost")

# X509_V_ERR_* of OpenSSL.
_CERTIFICATE_REASONS = {
    9: "not_yet_valid",
    10: "expired",
    18: "self_signed",
    19: "unknown_ca",
    20: "unknown_ca",
    21: "unknown_ca",
    62: "wrong_host",
    64: "wrong_host",
}


def failure_of(error: Exception, phase: Phase) -> PultError:
    """Our error for a foreign one that came in that phase. It carries class names and symbols only."""
    row = next((FAILURES[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in FAILURES), _ELSE)
    params: dict[str, object] = {"cause": type(error).__name__}
    if phase >= Phase.SENDING and row.sent is not None:
        return OutcomeUnknown(row.sent, params)
    causes = list(_causes(error))
    for cause in causes:
        if (
            isinstance(cause, OSError)
            and cause.errno is not None
            and not isinstance(cause, socket.gaierror | ssl.SSLError)
        ):
            params["errno"] = errno.errorcode.get(cause.errno, str(cause.errno))
    if row.unsent == "connect_timeout":
        return LinkTimeout(params=params)
    return LinkDown(_refined(row.unsent, causes, phase, params), params)


def _refined(code: str, causes: list[BaseException], phase: Phase, params: dict[str, object]) -> str:
    """Tells a name that cannot be resolved and a certificate that cannot be trusted from a plain refused
    connection."""
    if code != "connect":
        return code
    for cause in causes:
        if isinstance(cause, socket.gaierror):
            return "dns"
        if isinstance(cause, ssl.SSLCertVerificationError):
            params["reason"] = _CERTIFICATE_REASONS.get(cause.verify_code, "other")
            return "tls"
        if isinstance(cause, ssl.SSLError):
            params["reason"] = "other"
            return "tls"
    return "tls" if phase is Phase.SECURING else "connect"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what led to it, and the members of groups on the way, each once."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        cause = waiting.pop(0)
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__cause__, cause.__context__]
        if isinstance(cause, BaseExceptionGroup):
            waiting += cause.exceptions
