"""The cap on bodies: on the wire and unpacked."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest

from app.errors import OutcomeUnknown
from app.http.body import CappedBody
from tests.app.http.loopback import Caller, Respond, answering, open_session, reply, serving

CAP = 10_000


async def body_from(respond: Respond, cap: int = CAP) -> bytes:
    async with serving(respond) as server, open_session() as http_session:
        return (await http_session.get(server.url(), deadline_s=5, body_cap=cap)).body


def chunked(body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"


@pytest.mark.parametrize("wrap", [reply, chunked])
async def test_a_body_of_exactly_the_cap_passes_and_one_byte_more_does_not(wrap: object) -> None:
    assert callable(wrap)
    assert len(await body_from(answering(wrap(b"x" * CAP)))) == CAP
    with pytest.raises(OutcomeUnknown, match="reply_too_large") as caught:
        await body_from(answering(wrap(b"x" * (CAP + 1))))
    assert caught.value.params == {"cap_bytes": CAP}


async def test_an_endless_body_is_dropped_at_the_cap() -> None:
    sent = 0

    async def pour(caller: Caller) -> None:
        nonlocal sent
        await caller.send(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            await caller.send(b"x" * 65_536)
            sent += 65_536

    with pytest.raises(OutcomeUnknown, match="reply_too_large"):
        await body_from(pour)
    assert sent < 50_000_000


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(b"x" * CAP)),
        ("deflate", zlib.compress(b"x" * CAP)),
        ("X-GZIP ", gzip.compress(b"x" * CAP)),
    ],
)
async def test_compression_nobody_asked_for_is_understood(encoding: str, packed: bytes) -> None:
    assert await body_from(answering(reply(packed, f"Content-Encoding: {encoding}"))) == b"x" * CAP


def peak_of_unpacking(bomb: bytes, unpack: object) -> int:
    assert callable(unpack)
    tracemalloc.start()
    try:
        unpack(bomb)
    except OutcomeUnknown as error:
        assert error.code == "reply_too_large"  # noqa: PT017  only the memory is of interest here
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def capped(bomb: bytes) -> bytes:
    collected = CappedBody(CAP, "gzip")
    for start in range(0, len(bomb), 4096):
        collected.add(bomb[start : start + 4096])
    return collected.finish()


def test_a_bomb_is_not_unpacked_beyond_the_cap() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < 60_000
    assert peak_of_unpacking(bomb, capped) < 1_000_000
    assert peak_of_unpacking(bomb, gzip.decompress) > 50_000_000


async def test_a_bomb_over_the_wire_is_a_reply_too_large() -> None:
    bomb = gzip.compress(b"\0" * 20_000_000)
    with pytest.raises(OutcomeUnknown, match="reply_too_large"):
        await body_from(answering(reply(bomb, "Content-Encoding: gzip")))


@pytest.mark.parametrize(
    "packed", [gzip.compress(b"x" * 900)[:-9], gzip.compress(b"x") + b"tail", b"", b"\x1f\x8b\x08" + b"\xff" * 30]
)
async def test_damaged_compression_is_undecodable(packed: bytes) -> None:
    with pytest.raises(OutcomeUnknown, match="reply_undecodable"):
        await body_from(answering(reply(packed, "Content-Encoding: gzip")))
