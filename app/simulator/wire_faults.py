"""Plays one fault on one connection. Which request meets which fault is decided in faults.py."""

import asyncio
import gzip

from app.simulator.exchange import Reply
from app.simulator.faults import (
    BlackHole,
    Delay,
    Drip,
    DropBefore,
    Fault,
    FaultRule,
    GzipBomb,
    HalfReply,
    HoldUntilReleased,
    HtmlPage,
    HttpError,
    HugeBody,
    LoseReply,
    Mutate,
    RawReply,
    ResetMidReply,
    Status200Error,
    WrongLength,
)
from app.simulator.wire import Wire

ZEROS = bytes(1024 * 1024)
PAGE = b"<html><head><title>%d Bad Gateway</title></head><body><center><h1>%d Bad Gateway</h1></center></body></html>"


async def wait_out(rule: FaultRule) -> None:
    """The waiting part of Delay and HoldUntilReleased."""
    if isinstance(rule.fault, Delay):
        await asyncio.sleep(rule.fault.seconds)
    elif isinstance(rule.fault, HoldUntilReleased):
        await rule.hold()


def replaced(fault: Fault, reply: Reply) -> Reply:
    """The reply after faults that only change what is said, not how it travels."""
    if isinstance(fault, HttpError):
        return Reply(fault.status, fault.body, (("content-type", fault.content_type), *fault.headers))
    if isinstance(fault, HtmlPage):
        return Reply(fault.status, PAGE % (fault.status, fault.status), (("content-type", "text/html"),))
    if isinstance(fault, Status200Error):
        return Reply(200, fault.body)
    if isinstance(fault, Mutate):
        return Reply(reply.http_status, fault.change(reply.body), reply.headers)
    if isinstance(fault, GzipBomb):
        packed = gzip.compress(bytes(fault.unpacked_size), compresslevel=6, mtime=0)
        return Reply(200, packed, (*reply.headers, ("content-encoding", "gzip")))
    if isinstance(fault, HugeBody):
        return Reply(200, b'{"jsonrpc":"2.0","id":"x","result":{"data":"' + b"x" * fault.size + b'"}}', reply.headers)
    return reply


async def play(rule: FaultRule, wire: Wire, reply: Reply) -> bool:
    """Send `reply` as the fault has it; True when the connection can be used again."""
    fault = rule.fault
    if isinstance(fault, DropBefore | LoseReply):
        await wire.close()
    elif isinstance(fault, BlackHole):
        await _stay_silent(rule, wire)
    elif isinstance(fault, ResetMidReply):
        data = wire.encode(reply)
        await wire.send(data[: len(data) // 2])
        wire.reset()
    elif isinstance(fault, HalfReply | WrongLength | RawReply):
        await wire.send(_misshapen(fault, wire, reply))
        await wire.close()
    elif isinstance(fault, Drip):
        data = wire.encode(reply)
        for start in range(0, len(data), fault.bytes_per_chunk):
            await wire.send(data[start : start + fault.bytes_per_chunk])
            await asyncio.sleep(fault.pause_s)
        return True
    else:
        await wire.send(wire.encode(replaced(fault, reply)))
        return True
    return False


def _misshapen(fault: HalfReply | WrongLength | RawReply, wire: Wire, reply: Reply) -> bytes:
    if isinstance(fault, RawReply):
        return fault.data
    data = wire.encode(reply)
    if isinstance(fault, HalfReply):
        return data[: int(len(data) * fault.fraction)]
    length = len(reply.body)
    true_header = b"content-length: %d\r\n" % length
    return data.replace(true_header, b"content-length: %d\r\n" % max(0, length + fault.delta), 1)


async def _stay_silent(rule: FaultRule, wire: Wire) -> None:
    async with asyncio.TaskGroup() as watchers:
        released = watchers.create_task(rule.hold())
        left = watchers.create_task(wire.wait_until_client_leaves())
        await asyncio.wait({released, left}, return_when=asyncio.FIRST_COMPLETED)
        released.cancel()
        left.cancel()
    await wire.close()
