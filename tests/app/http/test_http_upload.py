"""A file sent as multipart/form-data: byte for byte, in little memory, and never half of it taken for the whole."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.errors import NotYet, OutcomeUnknown
from app.http import FileToSend, HttpReply, upload_deadline_s
from app.http.upload import MultipartFile
from tests.app.http.loopback import answering, open_session, reply, serving

MEGABYTE = 1024 * 1024


def file_of(folder: Path, size: int, name: str = "call-1.mp3") -> FileToSend:
    path = folder / f"{size}.bin"
    piece = bytes(range(256)) * 4096
    with path.open("wb") as handle:
        for start in range(0, size, len(piece)):
            handle.write(piece[: size - start])
    return FileToSend("file", name, "audio/mpeg", path, size)


@dataclass
class Sink:
    """A server that keeps nothing of what it is sent but its length."""

    port: int = 0
    length: int = 0
    head: bytes = b""

    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/rest/upload.json?auth=a&token=b"


@asynccontextmanager
async def sinking() -> AsyncIterator[Sink]:
    sink = Sink()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sink.head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.partition(b":")[2])
            for line in sink.head.lower().split(b"\r\n")
            if line.startswith(b"content-length")
        )
        while sink.length < length and (piece := await reader.read(64 * 1024)):
            sink.length += len(piece)
        writer.write(reply(b'{"result":{"FILE_ID":1}}'))
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(talk, "127.0.0.1", 0)
    sink.port = listening.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        listening.close()
        await listening.wait_closed()


async def send(url: str, part: FileToSend, *, deadline_s: float = 20.0, body_cap: int = 10_000) -> HttpReply:
    async with open_session() as session:
        return await session.post_file(url, part, deadline_s=deadline_s, body_cap=body_cap)


async def peak_of_sending(folder: Path, size: int) -> int:
    """The most memory Python held at once while the file went out, in bytes."""
    part = file_of(folder, size)
    async with sinking() as sink, open_session() as session:
        await session.warm_up()
        tracemalloc.start()
        try:
            await session.post_file(sink.url(), part, deadline_s=60.0, body_cap=10_000)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


async def test_a_file_arrives_byte_for_byte_under_its_names(tmp_path: Path) -> None:
    part = file_of(tmp_path, 700_001)
    async with serving(answering(reply(b'{"result":{"FILE_ID":1}}'))) as server:
        got = await send(server.url("/rest/upload.json"), part)
    assert got.body == b'{"result":{"FILE_ID":1}}'
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    boundary = head.partition(b"boundary=")[2].partition(b"\r\n")[0]
    assert f"content-length: {len(body)}".encode() in head.lower()
    assert b"transfer-encoding" not in head.lower()
    part_head, _, rest = body.partition(b"\r\n\r\n")
    assert part_head.startswith(b"--" + boundary + b"\r\n")
    assert b'Content-Disposition: form-data; name="file"; filename="call-1.mp3"' in part_head
    assert b"Content-Type: audio/mpeg" in part_head
    assert rest == part.path.read_bytes() + b"\r\n--" + boundary + b"--\r\n"


async def test_forty_megabytes_take_no_more_memory_than_four(tmp_path: Path) -> None:
    small, large = await peak_of_sending(tmp_path, 4 * MEGABYTE), await peak_of_sending(tmp_path, 40 * MEGABYTE)
    assert large < 8 * MEGABYTE
    assert large < small * 1.5 + MEGABYTE


async def test_a_file_read_whole_would_be_seen_by_that_measure(tmp_path: Path) -> None:
    """Negative control."""
    part = file_of(tmp_path, 40 * MEGABYTE)
    async with sinking() as sink, open_session() as session:
        await session.warm_up()
        tracemalloc.start()
        try:
            await session.post_json(sink.url(), part.path.read_bytes(), deadline_s=60.0, body_cap=10_000)
            assert tracemalloc.get_traced_memory()[1] > 40 * MEGABYTE
        finally:
            tracemalloc.stop()
    assert sink.length == 40 * MEGABYTE


async def test_the_loop_goes_on_while_a_file_is_read(tmp_path: Path) -> None:
    part = file_of(tmp_path, 8 * MEGABYTE)
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.ensure_future(count())
    async with sinking() as sink:
        await send(sink.url(), part)
    counting.cancel()
    assert turns > 50


async def test_a_file_that_grew_or_is_gone_is_not_begun(tmp_path: Path) -> None:
    part = file_of(tmp_path, 1000)
    with part.path.open("ab") as handle:
        handle.write(b"more")
    async with sinking() as sink:
        with pytest.raises(NotYet, match="file_changed"):
            await send(sink.url(), part)
        part.path.unlink()
        with pytest.raises(NotYet, match="file_not_readable"):
            await send(sink.url(), part)
        assert sink.head == b""


async def test_a_file_that_shrinks_under_way_is_not_taken_for_a_whole_one(tmp_path: Path) -> None:
    part = file_of(tmp_path, 3 * MEGABYTE)
    async with MultipartFile(part) as multipart:
        pieces = multipart.pieces()
        sent = [await anext(pieces), await anext(pieces)]
        with part.path.open("r+b") as handle:
            handle.truncate(MEGABYTE)
        with pytest.raises(NotYet, match="file_changed"):
            sent.extend([piece async for piece in pieces])
    assert sum(map(len, sent)) < multipart.length
    assert not sent[-1].endswith(b"--\r\n")


async def test_a_server_that_says_no_early_is_heard(tmp_path: Path) -> None:
    refusal = reply(b'{"error":"expired_token"}', "Connection: close", status="401 Unauthorized")
    async with serving(answering(refusal)) as server:
        assert (await send(server.url("/"), file_of(tmp_path, 1000))).http_status == 401


async def test_silence_ends_with_the_deadline_and_the_answer_is_capped(tmp_path: Path) -> None:
    part = file_of(tmp_path, 1000)
    async with serving(lambda caller: caller.never_answer()) as server:
        with pytest.raises(OutcomeUnknown, match="read_timeout"):
            await send(server.url("/"), part, deadline_s=0.3)
    async with serving(answering(reply(b"x" * 5000))) as server:
        with pytest.raises(OutcomeUnknown, match="reply_too_large"):
            await send(server.url("/"), part, body_cap=1000)


async def test_a_redirect_is_not_followed_with_a_recording(tmp_path: Path) -> None:
    moved = reply(b"", "Location: https://evil.example.test/", status="307 Temporary Redirect")
    async with serving(answering(moved)) as server:
        assert (await send(server.url("/"), file_of(tmp_path, 1000))).http_status == 307
    assert server.connections == 1


async def test_no_name_can_end_the_header_early(tmp_path: Path) -> None:
    part = file_of(tmp_path, 3, name='a"\r\nX-Evil: 1\r\n\r\n.mp3')
    async with MultipartFile(part) as multipart:
        head = await anext(multipart.pieces())
    assert head.count(b"\r\n\r\n") == 1
    assert b"\r\nX-Evil" not in head


def test_the_deadline_grows_with_the_file() -> None:
    assert upload_deadline_s(0) == 60.0
    assert upload_deadline_s(40 * MEGABYTE) == 60.0 + 640.0
