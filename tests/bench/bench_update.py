"""T6: from the bytes of a list.calls reply to the painted list."""

from __future__ import annotations

from dataclasses import asdict
from statistics import median

from tests.bench.findings import Finding
from tests.bench.inside import run_inside
from tests.bench.sampling import Plan, spread

GOAL = 2.0
"""For 1 and 10 % changed; everything changed at once has no goal and is printed all the same."""

YARDSTICK = "decode+compare+repaint"


def run(plan: Plan) -> list[Finding]:
    """All cells in one console, in random order; in every sample ours and the yardstick get the same bytes."""
    findings = []
    cells = run_inside("inside_update", asdict(plan))
    for name in sorted(cells, key=_in_order):
        count, part, kind = name.split("/")
        samples = cells[name]["samples"]
        middle = {key: median(sample[key] for sample in samples) for key in samples[0]}
        ours = middle.pop("ours")
        whole = median(sum(sample.values()) - sample["ours"] for sample in samples)
        what = f"bytes to painted, {int(count):_} calls, {float(part):.0%} changed, {kind}".replace("_", " ")
        findings.append(
            Finding(
                "T6",
                what,
                ours,
                "ms",
                {YARDSTICK: whole, **middle},
                YARDSTICK,
                GOAL if float(part) <= 0.1 else None,
                spread([sample["ours"] for sample in samples]),
            )
        )
    return findings


def _in_order(name: str) -> tuple[int, float, str]:
    count, part, kind = name.split("/")
    return int(count), float(part), kind
