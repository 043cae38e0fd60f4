"""The HTTP server under the faces: who may speak to it, keep-alive, going down and coming back."""

from __future__ import annotations

import asyncio
import errno
import json
import socket

import pytest

from app.simulator.clock import VirtualClock
from app.simulator.config import SimulatorConfig
from app.simulator.runner import Simulator
from app.simulator.server import FaceServer
from tests.simulator.crm_client import ask
from tests.simulator.pbx_client import pbx_desk

FACES = ("pbx", "data", "bitrix24", "amocrm", "control")


def port_of(simulator: Simulator, face: str) -> int:
    return simulator._servers[face].port


async def exchange(port: int, text: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(text)
        return await reader.read()
    finally:
        writer.close()


@pytest.mark.parametrize("face", FACES)
async def test_a_foreign_host_or_origin_is_refused_by_every_face(face: str) -> None:
    async with pbx_desk() as desk:
        port = port_of(desk.simulator, face)
        for header in ("Host: evil.example", "Host: 127.0.0.1:1", f"Host: 127.0.0.1:{port}\r\nOrigin: null"):
            reply = await exchange(port, f"POST / HTTP/1.1\r\n{header}\r\nConnection: close\r\n\r\n".encode())
            assert reply.startswith(b"HTTP/1.1 403"), header
        for host in (f"127.0.0.1:{port}", f"localhost:{port}"):
            own = f"Host: {host}\r\nOrigin: http://{host}"
            reply = await exchange(port, f"GET /x HTTP/1.1\r\n{own}\r\nConnection: close\r\n\r\n".encode())
            assert not reply.startswith(b"HTTP/1.1 403") or face == "control"


async def test_a_refused_stranger_has_no_effect() -> None:
    async with pbx_desk() as desk:
        call = desk.talk()
        params = {"access_token": desk.simulator.config.permanent_token, "call_session_id": call}
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "release.call", "params": params}).encode()
        head = b"POST /v4.0 HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
        assert b" 403 " in await exchange(port_of(desk.simulator, "pbx"), head % len(body) + body)
        assert [live.call_session_id for live in desk.world.calls] == [call]
        assert desk.simulator.journal.entries == []


async def test_only_the_loopback_address_is_listened_on() -> None:
    async with pbx_desk() as desk:
        for face in FACES:
            server = desk.simulator._servers[face]._server
            assert server is not None
            assert [one.getsockname()[0] for one in server.sockets] == ["127.0.0.1"]


async def test_two_requests_go_over_one_connection() -> None:
    async with pbx_desk() as desk:
        port = port_of(desk.simulator, "pbx")
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request_id in (1, 2):
            body = b'{"jsonrpc":"2.0","id":%d,"method":"x"}' % request_id
            head = f"POST /v4.0 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            reply_head = await reader.readuntil(b"\r\n\r\n")
            length = next(line for line in reply_head.split(b"\r\n") if line.lower().startswith(b"content-length"))
            reply = json.loads(await reader.readexactly(int(length.split(b":")[1])))
            assert reply["id"] == request_id
        writer.close()


async def test_small_replies_do_not_wait_for_acknowledgements(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    served = FaceServer._serve

    async def watched(self: FaceServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected = writer.get_extra_info("socket")
        seen.append(connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        await served(self, reader, writer)

    monkeypatch.setattr(FaceServer, "_serve", watched)
    async with pbx_desk() as desk:
        await desk.call("list.calls")
    assert seen
    assert all(seen)


async def test_bytes_that_are_no_http_and_bodies_without_end_are_refused() -> None:
    async with pbx_desk() as desk:
        port = port_of(desk.simulator, "pbx")
        assert (await exchange(port, b"\x16\x03\x01\x02\x00\r\n\r\n")).startswith(b"HTTP/1.1 400")
        too_long = b"GET /" + b"x" * 100_000
        assert (await exchange(port, too_long)).startswith(b"HTTP/1.1 4")
        assert await desk.mnemonic("list.calls") == "ok"


async def test_a_client_that_waits_for_100_continue_gets_it() -> None:
    async with pbx_desk() as desk:
        port = port_of(desk.simulator, "pbx")
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"POST /v4.0 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nExpect: 100-continue\r\nContent-Length: 2\r\n"
        writer.write(head.encode() + b"Connection: close\r\n\r\n")
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100")
        writer.write(b"{}")
        assert (await reader.read()).startswith(b"HTTP/1.1 200")
        writer.close()


async def test_a_face_that_is_down_refuses_connections_and_comes_back_on_its_port() -> None:
    async with pbx_desk() as desk:
        port = port_of(desk.simulator, "pbx")
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /v4.0 HTTP/1.1\r\n")
        await desk.call("list.calls")
        desk.simulator.set_down("pbx", True)
        with pytest.raises(ConnectionError):
            if await reader.read() == b"":
                raise ConnectionResetError(errno.ECONNRESET, "closed")
        writer.close()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
        desk.simulator.set_down("pbx", True)
        answer = await ask(port_of(desk.simulator, "bitrix24"), "POST", "/rest/7/simulatedwebhook/user.current")
        assert answer.http_status == 200
        desk.simulator.set_down("pbx", False)
        assert port_of(desk.simulator, "pbx") == port
        assert await desk.mnemonic("list.calls") == "ok"


async def test_chosen_ports_are_used_and_a_taken_one_leaves_nothing_open() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        config = SimulatorConfig(ports={"amocrm": taken.getsockname()[1]})
        simulator = Simulator(config, VirtualClock())
        with pytest.raises(OSError, match="already in use"):
            await simulator.__aenter__()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port_of(simulator, "pbx"))
