"""A PBX that costs next to nothing, in a process of its own: what is measured must be the console.

`python -m tests.bench.tiny_pbx --calls N --changed PART` prints its address as one JSON line and serves until ended.
It knows list.calls, hold.call and unhold.call of one call, and answers every other method with success.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench.children import PYTHON, child
from tests.bench.payloads import CallList


class TinyPbx:
    """HTTP/1.1 with keep-alive on a random loopback port."""

    def __init__(self, calls: CallList, changed: float) -> None:
        self._calls = calls
        self._changed = changed

    async def serve(self) -> None:
        """Announce the address, then serve for ever."""
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0, limit=1 << 20)
        port = server.sockets[0].getsockname()[1]
        print(json.dumps({"url": f"http://127.0.0.1:{port}/v4.0"}), flush=True)
        await server.serve_forever()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0] or 0)
                request = json.loads(await reader.readexactly(length))
                body = self._answer(request)
                head_out = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                writer.write(head_out.encode() + body)
                await writer.drain()
                if request["method"] == "list.calls":
                    self._calls.advance(self._changed)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _answer(self, request: dict[str, object]) -> bytes:
        method, request_id = request["method"], request["id"]
        if method == "list.calls":
            return self._calls.body(request_id)
        if method in ("hold.call", "unhold.call"):
            self._calls.hold_mine(is_held=method == "hold.call")
        answer = {"jsonrpc": "2.0", "id": request_id, "result": {"data": {"success": "true"}, "metadata": {}}}
        return json.dumps(answer).encode()


@contextmanager
def tiny_pbx(calls: int, changed: float) -> Iterator[str]:
    """Such a PBX for the block; gives the address of its Call API."""
    argv = [PYTHON, "-m", "tests.bench.tiny_pbx", "--calls", str(calls), "--changed", str(changed)]
    with child(argv, output=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield str(json.loads(process.stdout.readline())["url"])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=int, required=True)
    parser.add_argument("--changed", type=float, required=True)
    arguments = parser.parse_args()
    asyncio.run(TinyPbx(CallList(arguments.calls), arguments.changed).serve())


if __name__ == "__main__":
    main()
