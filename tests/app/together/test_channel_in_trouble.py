"""The local channel against requests that end badly, never, or at the wrong moment."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest

from app.local_channel import ChannelError, LocalChannel, VerbHandler, call_owner, channel_address
from tests.helpers.clock import FakeClock
from tests.helpers.guards import ExpectedLog
from tests.helpers.waiting import until

fcntl: Any = pytest.importorskip("fcntl")
termios: Any = pytest.importorskip("termios")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="talks to the socket itself")


async def _echo(params: Mapping[str, object]) -> Mapping[str, object]:
    return {"said": params.get("say")}


async def _never(params: Mapping[str, object]) -> Mapping[str, object]:
    await asyncio.Event().wait()
    return {}


async def _no_json(params: Mapping[str, object]) -> Mapping[str, object]:
    return {"secret of life": object()}


@asynccontextmanager
async def _owner(data_dir: Path, **more: VerbHandler) -> AsyncIterator[LocalChannel]:
    channel = LocalChannel(data_dir, {"echo": _echo, **more}, FakeClock())
    channel.start()
    try:
        yield channel
    finally:
        await channel.aclose()


async def _ask(data_dir: Path, verb: str, **params: object) -> Mapping[str, object] | None:
    return await asyncio.to_thread(call_owner, data_dir, verb, params)


def _connected(data_dir: Path) -> socket.socket:
    stranger = socket.socket(socket.AF_UNIX)
    stranger.connect(channel_address(data_dir))
    return stranger


async def test_a_message_that_stops_half_way_holds_nobody_up(tmp_path: Path) -> None:
    async with _owner(tmp_path):
        with closing(_connected(tmp_path)) as stranger:
            stranger.sendall(struct.pack("!i", 100) + b"half")
            async with asyncio.timeout(5):
                assert await _ask(tmp_path, "echo", say=1) == {"said": 1}


async def test_a_message_that_stops_half_way_does_not_keep_the_console_from_closing(tmp_path: Path) -> None:
    async with _owner(tmp_path) as channel:
        with closing(_connected(tmp_path)) as stranger:
            stranger.sendall(struct.pack("!i", 100) + b"half")
            await until(lambda: _is_taken(stranger), what="the half message read")
            began_s = time.monotonic()
            await channel.aclose()
            assert time.monotonic() - began_s < 2.5


async def test_closing_does_not_wait_for_a_handler_that_never_returns(tmp_path: Path) -> None:
    async with _owner(tmp_path, never=_never) as channel:
        asking = asyncio.ensure_future(_ask(tmp_path, "never"))
        await until(_is_asked, what="the handler at work")
        began_s = time.monotonic()
        await channel.aclose()
        assert time.monotonic() - began_s < 2.5
        with pytest.raises(ChannelError, match="failed"):
            await asking


def _is_taken(stranger: socket.socket) -> bool:
    """Nothing that was sent waits to be read."""
    waiting = fcntl.ioctl(stranger, termios.TIOCOUTQ, struct.pack("i", 0))
    return struct.unpack("i", waiting) == (0,)


def _is_asked() -> bool:
    return any("_as_coroutine" in str(task.get_coro()) for task in asyncio.all_tasks())


@pytest.mark.parametrize(
    "request_text", [r'{"token": "\ud800", "verb": "echo"}', r'{"token": 1, "verb": "\udfff", "params": {}}', "NaN"]
)
async def test_text_that_is_no_unicode_is_refused_and_the_next_one_served(tmp_path: Path, request_text: str) -> None:
    async with _owner(tmp_path):
        await asyncio.to_thread(_send_raw, tmp_path, request_text)
        assert await _ask(tmp_path, "echo", say=2) == {"said": 2}


async def test_an_answer_that_is_no_json_fails_alone(tmp_path: Path, expected_log: ExpectedLog) -> None:
    expected_log("a verb of the local channel failed")
    async with _owner(tmp_path, no_json=_no_json):
        with pytest.raises(ChannelError, match="failed"):
            await _ask(tmp_path, "no_json")
        assert await _ask(tmp_path, "echo", say=3) == {"said": 3}


async def test_an_owner_that_hangs_up_is_a_channel_error(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir(mode=0o700)
    (tmp_path / "run" / "channel.token").write_text("0" * 32)
    with closing(socket.socket(socket.AF_UNIX)) as rude:
        rude.bind(channel_address(tmp_path))
        rude.listen(1)
        asking = asyncio.ensure_future(_ask(tmp_path, "echo", text="x" * 3000))
        accepted, _ = await asyncio.to_thread(rude.accept)
        # Unread bytes make this a reset, not an orderly end.
        accepted.close()
        with pytest.raises(ChannelError, match="failed"):
            await asking


def _send_raw(data_dir: Path, text: str) -> None:
    body = text.encode()
    with closing(_connected(data_dir)) as stranger:
        stranger.sendall(struct.pack("!i", len(body)) + body)
        stranger.settimeout(2)
        stranger.recv(4096)
