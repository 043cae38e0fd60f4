"""T9: from the click on a command to the PBX's answer in the console."""

from __future__ import annotations

from functools import partial
from statistics import median

from tests.bench.findings import Finding
from tests.bench.inside import run_inside
from tests.bench.sampling import Plan, interleave, medians, spread
from tests.bench.tiny_pbx import tiny_pbx

GOAL = 2.0
CLICKS, WARM_UP = 16, 4
CONSOLE, PLAIN = "console", "asyncio + httpx"


def run(plan: Plan) -> list[Finding]:
    """Both talk to the same server, as processes of their own, in turns; a sample is the median of a dozen clicks."""
    with tiny_pbx(calls=50, changed=0.05) as url:
        variants = {
            CONSOLE: partial(_clicks_ms, "inside_click", url, has_window=True),
            PLAIN: partial(_clicks_ms, "reference_click", url, has_window=False),
        }
        samples = interleave(variants, max(5, plan.rounds - 2), plan.dice())
    middle = medians(samples)
    return [
        Finding(
            "T9",
            "click on Hold or Retrieve to the answer",
            middle[CONSOLE],
            "ms",
            {PLAIN: middle[PLAIN]},
            PLAIN,
            GOAL,
            spread(samples[CONSOLE]),
        )
    ]


def _clicks_ms(module: str, url: str, *, has_window: bool) -> float:
    samples: list[float] = run_inside(module, {"url": url, "clicks": CLICKS}, has_window=has_window)["samples"]
    return median(samples[WARM_UP:])
