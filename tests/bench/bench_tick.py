"""T8: a tick of the duration column costs what is visible, however many calls there are."""

from __future__ import annotations

from dataclasses import asdict
from statistics import median

from tests.bench.findings import Finding
from tests.bench.inside import run_inside
from tests.bench.sampling import Plan, spread

GOAL = 1.3


def run(plan: Plan) -> list[Finding]:
    """Both lists in one process, a window each, in turns."""
    samples = run_inside("inside_tick", asdict(plan))
    few, many = samples["100"], samples["10000"]
    return [
        Finding(
            "T8",
            "tick of the durations, 10 000 calls",
            median(many),
            "ms",
            {"100 calls": median(few)},
            "100 calls",
            GOAL,
            spread(many),
        )
    ]
