"""T4: resident memory of the console some polls after its start, against the bare table and other programs."""

from __future__ import annotations

import time

from tests.bench.children import private_display
from tests.bench.findings import Finding
from tests.bench.programs import CONSOLE, LINPHONE, TABLE, TWINKLE, bare_table, console, linphone, twinkle
from tests.bench.sampling import Plan, medians, rounds_of, spread
from tests.bench.tiny_pbx import tiny_pbx
from tests.bench.together import running
from tests.bench.x_watch import XWatch

_GOALS = ((TABLE, 1.7), (TWINKLE, None), (LINPHONE, None))
_SETTLE_S = 6.0
_MEGABYTE = 1024 * 1024


def run(plan: Plan) -> list[Finding]:
    """All start anew in every round and are looked at after six seconds: the console has polled 50 calls six times."""
    samples: dict[str, list[float]] = {}
    with private_display() as display, XWatch(display) as watch, tiny_pbx(calls=50, changed=0.05) as pbx_url:
        programs = [program for program in (console(pbx_url), bare_table(), linphone(), twinkle()) if program.is_there]
        dice = plan.dice()
        for counts, _ in rounds_of(("all",), max(5, plan.rounds - 2), dice):
            with running(dice.sample(programs, len(programs)), display, watch) as processes:
                time.sleep(_SETTLE_S if counts else 0)
                for name, process in processes.items() if counts else ():
                    samples.setdefault(name, []).append(process.memory_info().rss / _MEGABYTE)
    middle = medians(samples)
    findings = []
    for name, goal in _GOALS:
        what = f"resident memory, 50 calls polled, against {name}"
        if name in middle:
            baseline = {name: middle[name]}
            findings.append(Finding("T4", what, middle[CONSOLE], "MB", baseline, name, goal, spread(samples[CONSOLE])))
        else:
            findings.append(Finding("T4", what, note=f"{name} is not installed or showed no window"))
    return findings
