"""T12: how fast the resident memory grows over thousands of polls, and whether the process survives them."""

from __future__ import annotations

from statistics import linear_regression

from tests.bench.findings import Finding
from tests.bench.inside import run_inside
from tests.bench.sampling import Plan
from tests.bench.tiny_pbx import tiny_pbx

LIMIT_BYTES = 600.0
LIMIT = "allowed"
_MEGABYTE = 1024 * 1024


def run(plan: Plan) -> list[Finding]:
    """100 calls, 5 % changed by each poll; the first fifth of the polls is the console settling."""
    with tiny_pbx(calls=100, changed=0.05) as url:
        points = run_inside("inside_growth", {"url": url, "polls": plan.polls})["points"]
    settled = [(count, size) for count, size in points if count > plan.polls / 5]
    slope = linear_regression([count for count, _ in settled], [size for _, size in settled]).slope
    first, settled_at, last = points[0][1], settled[0][1], points[-1][1]
    sizes = ", ".join(f"{size / _MEGABYTE:.1f}" for size in (first, settled_at, last))
    what = f"growth per poll after the first fifth of {plan.polls} polls"
    note = f"MB at the beginning, after a fifth, at the end: {sizes}; {slope * 43_200 / _MEGABYTE:.1f} MB in 12 hours"
    return [Finding("T12", what, slope, "B", {LIMIT: LIMIT_BYTES}, LIMIT, 1.0, note=note)]
