"""The private channel: only allow-listed verbs of the same user, whatever else is thrown at it."""

from __future__ import annotations

import asyncio
import json
import random
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.local_channel import ChannelError, LocalChannel, call_owner, channel_address
from tests.helpers.clock import FakeClock

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="reads socket files and modes")


async def _echo(params: Mapping[str, object]) -> Mapping[str, object]:
    return {"said": params.get("say")}


async def _refuse(params: Mapping[str, object]) -> Mapping[str, object]:
    raise ChannelError("refused")


@asynccontextmanager
async def _owner(data_dir: Path, clock: FakeClock | SystemClock | None = None) -> AsyncIterator[LocalChannel]:
    channel = LocalChannel(data_dir, {"echo": _echo, "refuse": _refuse}, clock or FakeClock())
    channel.start()
    try:
        yield channel
    finally:
        await channel.aclose()


async def _ask(data_dir: Path, verb: str, **params: object) -> Mapping[str, object] | None:
    return await asyncio.to_thread(call_owner, data_dir, verb, params)


async def test_the_owner_answers_an_allowed_verb(tmp_path: Path) -> None:
    async with _owner(tmp_path):
        assert await _ask(tmp_path, "echo", say="привет") == {"said": "привет"}


async def test_nobody_listening_is_not_an_error(tmp_path: Path) -> None:
    assert await _ask(tmp_path, "echo") is None
    async with _owner(tmp_path):
        pass
    assert await _ask(tmp_path, "echo") is None


@pytest.mark.parametrize("verb", ["", "delete_everything", "refuse"])
async def test_other_verbs_are_refused(tmp_path: Path, verb: str) -> None:
    async with _owner(tmp_path):
        with pytest.raises(ChannelError, match="refused"):
            await _ask(tmp_path, verb)


async def test_a_caller_without_the_token_is_refused(tmp_path: Path) -> None:
    async with _owner(tmp_path):
        (tmp_path / "run" / "channel.token").write_text("0" * 32)
        with pytest.raises(ChannelError, match="refused"):
            await _ask(tmp_path, "echo")


async def test_folder_and_socket_are_for_the_owner_only(tmp_path: Path) -> None:
    async with _owner(tmp_path):
        address = Path(channel_address(tmp_path))
        assert address.parent.stat().st_mode & 0o777 == 0o700
        assert address.stat().st_mode & 0o777 == 0o600
        assert (tmp_path / "run" / "channel.token").stat().st_mode & 0o777 == 0o600


async def test_a_socket_left_by_a_killed_owner_is_taken_over(tmp_path: Path) -> None:
    address = Path(channel_address(tmp_path))
    address.parent.mkdir(mode=0o700)
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(address))
    stale.close()
    async with _owner(tmp_path):
        assert await _ask(tmp_path, "echo", say=1) == {"said": 1}


async def test_a_very_deep_data_folder_still_gets_an_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    deep = tmp_path / ("x" * 60) / ("y" * 60)
    deep.mkdir(parents=True)
    async with _owner(deep):
        assert await _ask(deep, "echo", say=2) == {"said": 2}


async def test_more_than_five_calls_a_second_wait(tmp_path: Path) -> None:
    clock = FakeClock()
    async with _owner(tmp_path, clock):
        for _ in range(5):
            await _ask(tmp_path, "echo")
        with pytest.raises(ChannelError, match="busy"):
            await _ask(tmp_path, "echo")
        clock.advance(1.1)
        assert await _ask(tmp_path, "echo", say=3) == {"said": 3}


async def test_garbage_ten_thousand_times_changes_nothing(tmp_path: Path) -> None:
    chance = random.Random(7)
    async with _owner(tmp_path):
        address = channel_address(tmp_path)
        await asyncio.to_thread(_throw_garbage, address, chance, 10_000)
        assert await _ask(tmp_path, "echo", say="still here") == {"said": "still here"}


async def test_an_oversized_request_is_cut_off(tmp_path: Path) -> None:
    async with _owner(tmp_path):
        with pytest.raises((ChannelError, OSError)):
            await _ask(tmp_path, "echo", say="x" * 5000)
        assert await _ask(tmp_path, "echo", say="y") == {"said": "y"}


def _throw_garbage(address: str, chance: random.Random, count: int) -> None:
    for _ in range(count):
        with socket.socket(socket.AF_UNIX) as sender:
            sender.connect(address)
            payload = chance.choice(
                [
                    chance.randbytes(chance.randrange(64)),
                    b"\x00\x00\x00\x05hello",
                    b"\x00\x00\x00\x02[]",
                    b"\x7f\xff\xff\xff",
                    json.dumps({"verb": "echo"}).encode(),
                ]
            )
            sender.sendall(payload)
