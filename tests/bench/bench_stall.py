"""T10: the longest stall of the window's event loop while a snapshot is fetched, read, applied and painted."""

from __future__ import annotations

from statistics import median

from tests.bench.findings import Finding
from tests.bench.inside import run_inside
from tests.bench.sampling import Plan, spread
from tests.bench.tiny_pbx import tiny_pbx

FRAME_MS = 1000 / 60
FRAME = "frame at 60 Hz"


def run(plan: Plan) -> list[Finding]:
    """2 % of the calls change with each snapshot. 1 000 calls are judged by the median, 10 000 by the worst."""
    findings = []
    for count in (1_000, 10_000):
        with tiny_pbx(calls=count, changed=0.02) as url:
            found = run_inside("inside_stall", {"url": url, "snapshots": 3 * plan.rounds})
        stalls = found["stalls"]
        note = f"request to applied: {median(found['latencies']):.0f} ms"
        goals = {"median": 1.0 if count == 1_000 else None, "worst": None if count == 1_000 else 1.5}
        for kind, value in (("median", median(stalls)), ("worst", max(stalls))):
            what = f"stall per snapshot, {count:_} calls, {kind}".replace("_", " ")
            finding = Finding("T10", what, value, "ms", {FRAME: FRAME_MS}, FRAME, goals[kind], spread(stalls), note)
            findings.append(finding)
    return findings
