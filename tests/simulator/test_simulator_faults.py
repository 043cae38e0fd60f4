"""Every fault on demand, over real HTTP: what the client gets, and whether the effect was done."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable

import pytest

from app.simulator.faults import (
    FAULTS,
    BlackHole,
    Delay,
    Drip,
    DropBefore,
    Fault,
    FaultPlan,
    GzipBomb,
    HalfReply,
    HoldUntilReleased,
    HtmlPage,
    HttpError,
    HugeBody,
    LoseReply,
    Mutate,
    RawReply,
    RefuseConnection,
    ResetMidReply,
    Status200Error,
    WrongLength,
)
from tests.helpers.waiting import until
from tests.simulator.pbx_client import PbxDesk, pbx_desk


async def received(desk: PbxDesk, call: int) -> bytes | str:
    """Everything that came back on one connection for a tag.call, or the name of the connection error."""
    port = int(desk.simulator.pbx_url.split(":")[2].split("/")[0])
    params = {"access_token": desk.simulator.config.permanent_token, "call_session_id": call, "tag_id": 254}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tag.call", "params": params}).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST /v4.0 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    got = bytearray()
    try:
        writer.write(head.encode() + body)
        while piece := await reader.read(65536):
            got += piece
    except ConnectionResetError:
        return f"reset after {len(got) > 0}"
    finally:
        writer.close()
    return bytes(got)


def body_of(answer: bytes | str) -> bytes:
    assert isinstance(answer, bytes), answer
    return answer.partition(b"\r\n\r\n")[2]


def is_empty(answer: bytes | str) -> bool:
    return answer == b""


def is_reset_at_once(answer: bytes | str) -> bool:
    return answer == "reset after False"


def is_reset_midway(answer: bytes | str) -> bool:
    return answer == "reset after True"


def is_short(answer: bytes | str) -> bool:
    return isinstance(answer, bytes) and answer.startswith(b"HTTP/1.1 200") and not answer.endswith(b"}}}}")


def is_longer_than_true(answer: bytes | str) -> bool:
    assert isinstance(answer, bytes)
    (length,) = [line for line in answer.split(b"\r\n") if line.lower().startswith(b"content-length")]
    return int(length.split(b":")[1]) == len(body_of(answer)) + 10


def is_good(answer: bytes | str) -> bool:
    return bool(json.loads(body_of(answer))["result"]["data"] == {"success": "true"})


CASES: list[tuple[Fault, Callable[[bytes | str], bool], bool]] = [
    (RefuseConnection(), is_reset_at_once, False),
    (DropBefore(), is_empty, False),
    (LoseReply(), is_empty, True),
    (ResetMidReply(), is_reset_midway, True),
    (HalfReply(), is_short, True),
    (HttpError(503, b"busy"), lambda answer: body_of(answer) == b"busy", False),
    (HttpError(500, b"late", before_effect=False), lambda answer: body_of(answer) == b"late", True),
    (Delay(0.01), is_good, True),
    (Drip(bytes_per_chunk=64, pause_s=0.001), is_good, True),
    (
        Mutate(lambda body: body[:-1]),
        lambda answer: not _is_json(answer),
        True,
    ),
    (RawReply(b"SSH-2.0-x\r\n"), lambda answer: answer == b"SSH-2.0-x\r\n", True),
    (WrongLength(10), is_longer_than_true, True),
    (GzipBomb(10**6), lambda answer: len(gzip.decompress(body_of(answer))) == 10**6, True),
    (HtmlPage(502), lambda answer: b"<html>" in body_of(answer), False),
    (Status200Error(b'{"error":"X"}'), lambda answer: body_of(answer) == b'{"error":"X"}', False),
    (HugeBody(10**6), lambda answer: len(body_of(answer)) > 10**6, True),
]


def _is_json(answer: bytes | str) -> bool:
    try:
        json.loads(body_of(answer))
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(("fault", "is_as_expected", "is_done"), CASES, ids=lambda value: getattr(value, "name", ""))
async def test_a_fault_does_what_it_says_once(
    fault: Fault, is_as_expected: Callable[[bytes | str], bool], is_done: bool
) -> None:
    async with pbx_desk() as desk:
        call = desk.talk()
        rule = desk.simulator.faults.add(fault, face="pbx")
        assert is_as_expected(await received(desk, call))
        assert bool(desk.world.call(call).tags) is is_done
        assert rule.is_spent
        if not isinstance(fault, RefuseConnection):
            (journal_entry,) = desk.simulator.journal.entries_of("tag.call")
            assert journal_entry.outcome == ("ok" if fault.keeps_reply else f"fault:{fault.name}")
            assert bool(journal_entry.effects) is is_done
        desk.world.call(call).tags.clear()
        assert is_good(await received(desk, call))


def test_every_fault_has_a_case() -> None:
    elsewhere = {"HoldUntilReleased", "BlackHole"}
    assert {type(fault).__name__ for fault, _, _ in CASES} | elsewhere == set(FAULTS)


@pytest.mark.parametrize("before_effect", [True, False])
async def test_a_held_reply_waits_until_it_is_released(before_effect: bool) -> None:
    async with pbx_desk() as desk:
        call = desk.talk()
        fault = HoldUntilReleased(before_effect=before_effect)
        rule = desk.simulator.faults.add(fault, operation="tag.call")
        async with asyncio.TaskGroup() as group:
            asking = group.create_task(received(desk, call))
            await rule.wait_held()
            assert bool(desk.world.call(call).tags) is not before_effect
            assert not asking.done()
            assert await desk.data("list.calls")
            rule.release()
        assert is_good(asking.result())
        assert desk.world.call(call).tags


async def test_a_black_hole_never_answers_and_lets_go_of_a_client_that_leaves() -> None:
    async with pbx_desk() as desk:
        call = desk.talk()
        rule = desk.simulator.faults.add(BlackHole(), operation="tag.call", times=None)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await received(desk, call)
        await until(lambda: rule.held == 0)
        async with asyncio.TaskGroup() as group:
            asking = group.create_task(received(desk, call))
            await rule.wait_held()
            desk.simulator.faults.release()
        assert asking.result() == b""


async def test_closing_the_simulator_ends_what_is_held() -> None:
    async with asyncio.TaskGroup() as group, pbx_desk() as desk:
        call = desk.talk()
        rule = desk.simulator.faults.add(HoldUntilReleased(before_effect=True), operation="tag.call")
        asking = group.create_task(received(desk, call))
        await rule.wait_held()
    assert asking.done()


async def test_a_rule_meets_only_its_face_its_operation_and_its_turn() -> None:
    async with pbx_desk() as desk:
        call = desk.talk()
        desk.simulator.faults.add(Status200Error(b"{}"), face="bitrix24", times=None)
        desk.simulator.faults.add(Status200Error(b"{}"), operation="hold.call", times=None)
        desk.simulator.faults.add(HttpError(500), operation="TAG.call", after=1, times=1)
        assert is_good(await received(desk, call))
        assert body_of(await received(desk, call)) == b"Internal Server Error"
        assert await desk.mnemonic("tag.call", call_session_id=call, tag_id=254) == "duplicate_tag"


def test_chances_are_the_same_for_the_same_seed() -> None:
    def hits(seed: int) -> list[bool]:
        plan = FaultPlan(seed)
        plan.add(DropBefore(), probability=0.3, times=None)
        return [plan.pick("pbx", "x") is not None for _ in range(200)]

    assert hits(1) == hits(1)
    assert hits(1) != hits(2)
    assert 30 < sum(hits(1)) < 90


async def test_clearing_the_plan_makes_the_world_well() -> None:
    async with pbx_desk() as desk:
        call = desk.talk()
        desk.simulator.faults.add(DropBefore(), times=None)
        assert is_empty(await received(desk, call))
        desk.simulator.faults.clear()
        assert is_good(await received(desk, call))
