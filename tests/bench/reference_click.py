"""The yardstick of a command: the same requests by plain asyncio and httpx, without window or product."""

from __future__ import annotations

import asyncio
import json
import sys
import time

import httpx

from tests.bench.inside import answer
from tests.bench.payloads import MY_CALL_ID

PAUSE_S = 0.3
"""Between two commands, here and in the console alike: a processor that rests is slower than one kept warm."""


def command_body(method: str, number: int) -> bytes:
    """What the console sends for it."""
    params: dict[str, object] = {"access_token": "bench-token", "call_session_id": MY_CALL_ID}
    if method == "hold.call":
        params["message"] = {"type": "tts", "value": "Пожалуйста, оставайтесь на линии."}
    request = {"jsonrpc": "2.0", "id": f"101-bench-{number}-{method}", "method": method, "params": params}
    return json.dumps(request, ensure_ascii=False).encode()


async def bench() -> dict[str, object]:
    arguments = json.loads(sys.argv[1])
    samples = []
    async with httpx.AsyncClient() as http_client:
        for number in range(arguments["clicks"]):
            method = "unhold.call" if number % 2 else "hold.call"
            began_s = time.perf_counter()
            reply = await http_client.post(
                arguments["url"], content=command_body(method, number), headers={"Content-Type": "application/json"}
            )
            success = json.loads(reply.content)["result"]["data"]["success"]
            samples.append((time.perf_counter() - began_s) * 1000)
            if success != "true":
                raise RuntimeError(f"refused: {reply.text}")
            await asyncio.sleep(PAUSE_S)
    return {"samples": samples}


if __name__ == "__main__":
    answer(asyncio.run(bench()))
