"""T1, T2: from the start of the process to the painted window, seen from the X server, against others."""

from __future__ import annotations

import time
from functools import partial

from tests.bench.children import CannotRun, child, private_display
from tests.bench.findings import Finding
from tests.bench.programs import CONSOLE, LINPHONE, TABLE, TWINKLE, Program, bare_table, console, home_of
from tests.bench.programs import linphone as linphone_phone
from tests.bench.programs import twinkle as twinkle_phone
from tests.bench.sampling import Plan, interleave, medians, spread
from tests.bench.tiny_pbx import tiny_pbx
from tests.bench.x_watch import FirstPaint, XWatch

TARGETS = ("T1", "T2")
_GOALS = {TABLE: ("T1", 1.2), LINPHONE: ("T2", 0.4), TWINKLE: ("T2", 1.5)}
_TIMEOUT_S = 20.0


def run(plan: Plan) -> list[Finding]:
    """Each program starts alone, in a fresh home, on one X server without window manager."""
    with private_display() as display, XWatch(display) as watch, tiny_pbx(calls=50, changed=0.05) as pbx_url:
        programs = [console(pbx_url), bare_table(), linphone_phone(), twinkle_phone()]
        present = {program.name: program for program in programs if program.is_there}
        paints = {name: partial(_paint_ms, program, display, watch) for name, program in present.items()}
        samples = interleave(paints, plan.rounds, plan.dice())
    middle = medians(samples)
    if CONSOLE not in middle:
        raise CannotRun(f"the console showed no window within {_TIMEOUT_S:g} s")
    ours = middle[CONSOLE]
    findings = []
    for name, (target, goal) in _GOALS.items():
        what = f"start to painted window, against {name}"
        if name not in middle:
            why = "showed no window" if name in present else "is not installed"
            findings.append(Finding(target, what, note=f"{name} {why}"))
            continue
        findings.append(
            Finding(target, what, ours, "ms", {name: middle[name]}, name, goal, spread=spread(samples[CONSOLE]))
        )
    return findings


def _paint_ms(program: Program, display: str, watch: XWatch) -> float | None:
    with home_of(program, display) as (argv, environment):
        watch.forget()
        began_at = time.monotonic()
        with child(argv, environment):
            paint: FirstPaint | None = watch.first_paint(_TIMEOUT_S)
    return None if paint is None else (paint.painted_at - began_at) * 1000
