"""What is odd in the lists is told once; what starts up loads no HTTP."""

from __future__ import annotations

import json
import subprocess
import sys

from app.simulator.faults import Mutate
from tests.app.telephony.stack import ME, open_stack
from tests.helpers.guards import ExpectedLog


async def test_an_unknown_state_and_a_broken_entry_are_told_once(expected_log: ExpectedLog) -> None:
    expected_log("unknown state of a participant: Левитация")
    expected_log("without a readable id")
    polls = 0

    def spoil(body: bytes) -> bytes:
        nonlocal polls
        polls += 1
        reply = json.loads(body.replace("Дозвон".encode(), "Левитация".encode()))
        reply["result"]["data"].append(None)
        # Other bytes each time, so that the entry is read anew.
        reply["result"]["data"][0]["external_id"] = str(polls)
        return json.dumps(reply).encode()

    async with open_stack(start=False) as stack:
        stack.simulator.pbx.ring_in("79161234567", employees=[ME])
        stack.simulator.faults.add(Mutate(spoil), operation="list.calls", times=None)
        for _ in range(5):
            assert len((await stack.telephony.list_calls()).calls) == 1
    assert len(expected_log.records) == 2


async def test_ever_new_oddities_do_not_fill_the_log(expected_log: ExpectedLog) -> None:
    expected_log("unknown state")

    def spoil(body: bytes) -> bytes:
        call = json.loads(body)["result"]["data"][0]
        legs = [{**call["legs"][0], "state": f"state {number}"} for number in range(1000)]
        return json.dumps({"result": {"data": [{**call, "legs": legs}]}}).encode()

    async with open_stack(start=False) as stack:
        stack.simulator.pbx.ring_in("79161234567", employees=[ME])
        stack.simulator.faults.add(Mutate(spoil), operation="list.calls")
        await stack.telephony.list_calls()
    assert len(expected_log.records) == 200


def test_the_pbx_side_loads_no_httpx_until_it_is_used() -> None:
    program = "import sys, app.uis.adapter, app.services.call_control; print('httpx' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30)
    assert shown.stdout.strip() == "False"
