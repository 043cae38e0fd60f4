"""Small real servers on this machine whose every byte a test decides."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from app.clock import SystemClock
from app.http import HttpSession

Respond = Callable[["Caller"], Awaitable[None]]


@dataclass
class Server:
    """A running server: where it is and what it was sent."""

    port: int
    scheme: str
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"


@dataclass
class Caller:
    """One connection, after one whole request."""

    server: Server
    request: bytes
    writer: asyncio.StreamWriter

    async def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()

    async def never_answer(self) -> None:
        await self.server.closing.wait()


def reply(body: bytes = b"{}", *headers: str, status: str = "200 OK") -> bytes:
    """A well-formed reply with a length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def answering(*pieces: bytes) -> Respond:
    async def respond(caller: Caller) -> None:
        await caller.send(*pieces)

    return respond


@asynccontextmanager
async def serving(respond: Respond, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """Answers each request of each connection by `respond`, until it closes the connection."""
    server: Server

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        try:
            while not writer.is_closing() and (request := await read_request(reader)):
                server.requests.append(request)
                await respond(Caller(server, request, writer))
        except (ConnectionError, ssl.SSLError, TimeoutError):
            return
        finally:
            writer.close()

    listening = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=tls, ssl_handshake_timeout=5 if tls else None)
    server = Server(listening.sockets[0].getsockname()[1], "https" if tls else "http")
    try:
        yield server
    finally:
        server.closing.set()
        listening.close()
        await listening.wait_closed()


async def read_request(reader: asyncio.StreamReader) -> bytes:
    """Head and body; empty when the other side is gone."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return head + await reader.readexactly(int(line.partition(b":")[2]))
    return head


@asynccontextmanager
async def open_session() -> AsyncIterator[HttpSession]:
    """A session that is closed at the end of the block."""
    http_session = HttpSession(user_agent="Pult/test", clock=SystemClock())
    try:
        yield http_session
    finally:
        await http_session.aclose()
