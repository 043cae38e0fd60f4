"""From the bytes of a reply to the painted list, in the real console. See bench_update."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from datetime import UTC
from itertools import pairwise, product

from app.clock import SystemClock
from app.http import HttpReply, HttpSession
from app.telephony.poller import LinkHealth
from app.uis.adapter import open_uis_telephony
from app.uis.sign_in import PermanentKey
from tests.bench import reference_decode
from tests.bench.console import Console, open_console, run_console, turn
from tests.bench.painting import PaintCount
from tests.bench.payloads import MY_EMPLOYEE_ID, CallList
from tests.bench.sampling import Plan

COUNTS = (50, 1_000, 10_000)
PARTS = (0.01, 0.1, 1.0)
_FILTER = "иванова"
_URL = "http://127.0.0.1:9/v4.0"


class BytesSession(HttpSession):
    """The network left out: the reply is there as soon as it is asked for, and the clock starts."""

    def __init__(self) -> None:
        super().__init__(user_agent="bench", clock=SystemClock())
        self.body = b""
        self.handed_over_s = 0.0

    async def post_json(
        self,
        url: str,
        body: bytes,
        *,
        deadline_s: float,
        body_cap: int,
        headers: Mapping[str, str] | None = None,
        content_type: str = "",
    ) -> HttpReply:
        await asyncio.sleep(0)
        self.handed_over_s = time.perf_counter()
        return HttpReply(200, {}, self.body)


class Cell:
    """One list size and one part changed: the console is fed snapshot after snapshot of the same calls."""

    def __init__(self, console: Console, count: int, part: float) -> None:
        self._console = console
        self._calls = CallList(count)
        self._part = part
        self._session = BytesSession()
        self._telephony = open_uis_telephony(
            self._session,
            SystemClock(),
            base_url=_URL,
            credentials=PermanentKey("bench-token"),
            employee_id=MY_EMPLOYEE_ID,
            zone=UTC,
        )
        self._before: dict[int, reference_decode.Call] = {}
        self._viewport = console.window.active_calls.table.viewport()
        self._paints = PaintCount(self._viewport)

    async def prepare(self) -> None:
        """Fill the list with these calls; those of the cell before take two snapshots to end."""
        poller = self._console.services.poller
        self._session.body = self._calls.body()
        poller.use(self._telephony)
        for _ in range(3):
            await self._console.poll()
        await _quiet(self._paints)
        if poller.report.health is not LinkHealth.UP:
            raise RuntimeError(f"the link is {poller.report.health}")
        self._before = reference_decode.decode(self._session.body)

    async def measure(self) -> dict[str, float]:
        """One second later: ours from the bytes to the painted list, then each part of the yardstick, in ms."""
        self._calls.advance(self._part)
        self._session.body = self._calls.body()
        await self._console.poll()
        ended_s = await _quiet(self._paints)
        ours_s = ended_s - self._session.handed_over_s
        marks = [time.perf_counter()]
        now = reference_decode.decode(self._session.body)
        marks.append(time.perf_counter())
        reference_decode.difference(self._before, now)
        self._before = now
        marks.append(time.perf_counter())
        self._viewport.repaint()
        marks.append(time.perf_counter())
        decode_s, compare_s, repaint_s = (end - begin for begin, end in pairwise(marks))
        return {
            "ours": ours_s * 1000,
            "decode": decode_s * 1000,
            "compare": compare_s * 1000,
            "repaint": repaint_s * 1000,
        }


async def _quiet(paints: PaintCount) -> float:
    """Wait until two turns of the loop in a row have painted nothing; gives the moment the work was done."""
    ended_s, painted, quiet_turns = time.perf_counter(), -1, 0
    while quiet_turns < 2:
        await turn()
        if paints.count == painted:
            quiet_turns += 1
        else:
            painted, quiet_turns, ended_s = paints.count, 0, time.perf_counter()
    return ended_s


async def bench() -> dict[str, object]:
    plan = Plan(**json.loads(sys.argv[1]))
    found: dict[str, object] = {}
    cells = list(product(COUNTS, PARTS, (False, True)))
    plan.dice().shuffle(cells)
    async with open_console(None) as console:
        for count, part, is_filtered in cells:
            console.window.active_calls.filter_field.setText(_FILTER if is_filtered else "")
            cell = Cell(console, count, part)
            await cell.prepare()
            rows = [await cell.measure() for _ in range(plan.rounds + 1)][1:]
            name = f"{count}/{part:g}/{'filtered' if is_filtered else 'sorted'}"
            shown = len(console.window.active_calls.model.rows)
            found[name] = {"samples": rows, "shown": shown}
    return found


def main() -> None:
    run_console(bench)
