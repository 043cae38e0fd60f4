"""One HTTP/1.1 connection seen from the server: h11 on asyncio streams. Knows no face and no world."""

import asyncio
import socket
import struct
from contextlib import suppress
from email.utils import formatdate
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote, urlsplit

import h11

from app.simulator.exchange import Reply, Request

READ_SIZE = 64 * 1024
HEAD_CAP = 64 * 1024
BODY_CAP = 64 * 1024 * 1024
NO_CONTENT = 204
SERVER_NAME = "pult-simulator"
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class BadRequestError(Exception):
    """The bytes are no HTTP request, or one that is too large."""

    def __init__(self, http_status: int, reason: str) -> None:
        super().__init__(reason)
        self.http_status = http_status


class Wire:
    """Reads requests, writes replies whole or as raw bytes, closes politely or with a reset."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._connection = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_CAP)

    async def next_request(self) -> Request | None:
        """The next request, None when the client left; raises BadRequestError."""
        try:
            head = await self._next_event()
            if not isinstance(head, h11.Request):
                return None
            return await self._read_body(head)
        except h11.RemoteProtocolError as error:
            raise BadRequestError(error.error_status_hint, str(error)) from error

    async def _read_body(self, head: h11.Request) -> Request | None:
        body = bytearray()
        while True:
            event = await self._next_event()
            if isinstance(event, h11.Data):
                body += event.data
                if len(body) > BODY_CAP:
                    raise BadRequestError(413, "body too large")
            elif isinstance(event, h11.EndOfMessage):
                return _request_of(head, bytes(body))
            else:
                return None

    async def _next_event(self) -> object:
        while True:
            event = self._connection.next_event()
            if event is not h11.NEED_DATA:
                return event
            if self._connection.they_are_waiting_for_100_continue:
                await self.send(_bytes_of(self._connection, h11.InformationalResponse(status_code=100, headers=[])))
            self._connection.receive_data(await self._reader.read(READ_SIZE))

    def encode(self, reply: Reply) -> bytes:
        """The reply's bytes; the connection then counts as answered."""
        headers = [
            (name.encode("ascii"), value.encode("latin-1"))
            for name, value in (
                *reply.headers,
                *(() if reply.http_status == NO_CONTENT else (("content-length", str(len(reply.body))),)),
                ("date", formatdate(usegmt=True)),
                ("server", SERVER_NAME),
            )
        ]
        head = h11.Response(status_code=reply.http_status, headers=headers, reason=_reason(reply.http_status).encode())
        data = _bytes_of(self._connection, head)
        if reply.body:
            data += _bytes_of(self._connection, h11.Data(data=reply.body))
        return data + _bytes_of(self._connection, h11.EndOfMessage())

    async def send(self, data: bytes) -> None:
        """Write bytes as they are."""
        self._writer.write(data)
        await self._writer.drain()

    async def wait_until_client_leaves(self) -> None:
        """Return when the client closes; whatever it still sends is dropped."""
        with suppress(ConnectionError):
            while await self._reader.read(READ_SIZE):
                pass

    def is_reusable(self) -> bool:
        """Get ready for the next request; False when the connection must close."""
        if self._connection.our_state is not h11.DONE or self._connection.their_state is not h11.DONE:
            return False
        self._connection.start_next_cycle()
        return True

    def reset(self) -> None:
        """Close with a TCP reset."""
        connected = self._writer.get_extra_info("socket")
        if connected is not None and connected.fileno() >= 0:
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        self._writer.transport.abort()

    async def close(self) -> None:
        """Close in order; what is buffered still goes out."""
        self._writer.close()
        try:
            await self._writer.wait_closed()
        except ConnectionError:
            self._writer.transport.abort()


def _request_of(head: h11.Request, body: bytes) -> Request:
    target = urlsplit(head.target.decode("ascii", "replace"))
    return Request(
        method=head.method.decode("ascii"),
        path=unquote(target.path),
        query=dict(parse_qsl(target.query, keep_blank_values=True)),
        headers={name.decode("ascii"): value.decode("latin-1") for name, value in head.headers},
        body=body,
    )


def _bytes_of(
    connection: h11.Connection,
    event: h11.InformationalResponse | h11.Response | h11.Data | h11.EndOfMessage,
) -> bytes:
    return connection.send(event) or b""


def _reason(http_status: int) -> str:
    try:
        return HTTPStatus(http_status).phrase
    except ValueError:
        return "Unknown"
