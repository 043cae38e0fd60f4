"""T11: processor time of a console nobody touches, polling 50 calls once a second, against other programs idling."""

from __future__ import annotations

import time

import psutil

from tests.bench.children import private_display
from tests.bench.findings import Finding
from tests.bench.programs import CONSOLE, LINPHONE, TABLE, TWINKLE, bare_table, console, linphone, twinkle
from tests.bench.sampling import Plan, medians, spread
from tests.bench.tiny_pbx import tiny_pbx
from tests.bench.together import running
from tests.bench.x_watch import XWatch

_GOALS = ((LINPHONE, 3.0), (TWINKLE, None), (TABLE, None))
_SETTLE_S = 8.0
_WINDOWS = 5


def run(plan: Plan) -> list[Finding]:
    """All run at the same time, so that every window of time is the same for each."""
    with private_display() as display, XWatch(display) as watch, tiny_pbx(calls=50, changed=0.05) as pbx_url:
        programs = [program for program in (console(pbx_url), bare_table(), linphone(), twinkle()) if program.is_there]
        with running(programs, display, watch) as processes:
            time.sleep(_SETTLE_S)
            samples: dict[str, list[float]] = {name: [] for name in processes}
            for _ in range(_WINDOWS):
                for name, percent in _observe(processes, plan.window_s).items():
                    samples[name].append(percent)
    middle = medians(samples)
    findings = []
    for name, goal in _GOALS:
        what = f"idle processor use, 50 calls at 1 Hz, {plan.window_s:g} s windows, against {name}"
        if name in middle:
            baseline = {name: middle[name]}
            findings.append(Finding("T11", what, middle[CONSOLE], "%", baseline, name, goal, spread(samples[CONSOLE])))
        else:
            findings.append(Finding("T11", what, note=f"{name} is not installed or showed no window"))
    return findings


def _observe(processes: dict[str, psutil.Process], window_s: float) -> dict[str, float]:
    """Percent of one processor each used during the window."""
    before = {name: _used_s(process) for name, process in processes.items()}
    began_s = time.monotonic()
    time.sleep(window_s)
    took_s = time.monotonic() - began_s
    return {name: (_used_s(process) - before[name]) * 100 / took_s for name, process in processes.items()}


def _used_s(process: psutil.Process) -> float:
    """User and system time of the process, in the kernel's steps of 10 ms."""
    times = process.cpu_times()
    return float(times.user + times.system)
