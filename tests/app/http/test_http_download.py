"""Downloads to a file: capped, private, whole or not there, in the time their size deserves."""

from __future__ import annotations

import asyncio
import stat
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.background import DaemonWorker
from app.errors import NotSaved, OutcomeUnknown
from app.http import download
from app.http.download import Downloaded, FileDownloads, length_of
from tests.app.http.loopback import Caller, Respond, answering, open_session, reply, serving

BODY = bytes(range(256)) * 4096
HEADERS = b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\n"


@asynccontextmanager
async def downloads_from(respond: Respond) -> AsyncIterator[tuple[FileDownloads, str]]:
    files = DaemonWorker("files")
    async with serving(respond) as server, open_session() as http:
        try:
            yield FileDownloads(http, files), server.url("/file")
        finally:
            await files.aclose()


def chunked(*pieces: bytes) -> bytes:
    framed = b"".join(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in pieces)
    return HEADERS + b"Transfer-Encoding: chunked\r\n\r\n" + framed + b"0\r\n\r\n"


@pytest.mark.parametrize("answer", [reply(BODY), chunked(BODY[:1000], BODY[1000:])], ids=["length", "chunks"])
async def test_a_whole_file_lies_on_the_disk_for_its_owner_alone(tmp_path: Path, answer: bytes) -> None:
    part = tmp_path / "file.part"
    async with downloads_from(answering(answer)) as (downloads, url):
        came = await downloads.fetch(url, part, len(BODY))
        assert (came.http_status, came.size, came.head) == (200, len(BODY), BODY[:64])
        assert part.read_bytes() == BODY
        assert stat.S_IMODE(part.stat().st_mode) == 0o600
        assert await downloads.size_of(url, len(BODY)) == len(BODY)
        await downloads.move(part, tmp_path / "file.mp3")
        assert [path.name for path in tmp_path.iterdir()] == ["file.mp3"]


@pytest.mark.parametrize("answer", [reply(BODY), chunked(BODY)], ids=["length", "chunks"])
async def test_one_byte_over_the_cap_is_too_large_and_leaves_nothing(tmp_path: Path, answer: bytes) -> None:
    async with downloads_from(answering(answer)) as (downloads, url):
        with pytest.raises(OutcomeUnknown, match="reply_too_large"):
            await downloads.fetch(url, tmp_path / "file.part", len(BODY) - 1)
        assert list(tmp_path.iterdir()) == []


async def test_a_file_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    async def respond(caller: Caller) -> None:
        await caller.send(HEADERS + f"Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY[:600_000])
        caller.writer.close()

    async with downloads_from(respond) as (downloads, url):
        with pytest.raises(OutcomeUnknown):
            await downloads.fetch(url, tmp_path / "file.part", len(BODY))
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "302 Found", "503 Service Unavailable"])
async def test_any_other_status_makes_no_file(tmp_path: Path, status: str) -> None:
    answer = reply(b"<html>", "Location: /elsewhere", "Content-Type: text/html", status=status)
    async with downloads_from(answering(answer)) as (downloads, url):
        came = await downloads.fetch(url, tmp_path / "file.part", 100)
        assert came == Downloaded(int(status[:3]), content_type="text/html", location="/elsewhere")
        assert await downloads.size_of(url, 100) is None
        assert list(tmp_path.iterdir()) == []


async def test_a_file_that_drips_ends_when_its_size_is_worth_no_more_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "body_deadline_s", lambda _: 0.3)

    async def drip(caller: Caller) -> None:
        await caller.send(HEADERS + b"Content-Length: 1000\r\n\r\n")
        while not caller.server.closing.is_set():
            await caller.send(b"x")
            await asyncio.sleep(0.05)

    async with downloads_from(drip) as (downloads, url):
        with pytest.raises(OutcomeUnknown, match="read_timeout"):
            await downloads.fetch(url, tmp_path / "file.part", 1000)
        assert list(tmp_path.iterdir()) == []


def test_the_time_grows_with_the_size() -> None:
    assert download.body_deadline_s(64 * 1024 * 1024) > 30 * 60 > download.body_deadline_s(1024 * 1024)


async def test_a_compressed_file_is_refused_and_not_unpacked(tmp_path: Path) -> None:
    answer = reply(b"\x1f\x8b\x08\x00", "Content-Encoding: gzip")
    async with downloads_from(answering(answer)) as (downloads, url):
        with pytest.raises(OutcomeUnknown, match="reply_undecodable"):
            await downloads.fetch(url, tmp_path / "file.part", 1000)


async def test_a_large_file_is_never_held_in_memory(tmp_path: Path) -> None:
    size = 24 * 1024 * 1024

    async def respond(caller: Caller) -> None:
        await caller.send(HEADERS + f"Content-Length: {size}\r\n\r\n".encode())
        for _ in range(size // len(BODY)):
            await caller.send(BODY)

    async with downloads_from(respond) as (downloads, url):
        tracemalloc.start()
        try:
            came = await downloads.fetch(url, tmp_path / "file.part", size)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert came.size == size
        assert peak < 8 * 1024 * 1024


async def test_a_folder_that_takes_nothing_is_told_in_our_words(tmp_path: Path) -> None:
    (tmp_path / "no-folder").write_bytes(b"")
    async with downloads_from(answering(reply(BODY))) as (downloads, url):
        with pytest.raises(NotSaved, match="disk_error"):
            await downloads.fetch(url, tmp_path / "no-folder" / "file.part", len(BODY))


@pytest.mark.parametrize(
    ("written", "length"),
    [("10", 10), (" 7 ", 7), ("", None), ("-1", None), ("1e3", None), ("٣", None), ("9" * 13, None)],
)
def test_a_length_is_believed_when_it_is_one(written: str, length: int | None) -> None:
    assert length_of({"content-length": written}) == length
