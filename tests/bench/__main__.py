"""`python -m tests.bench [NAME …]`: measure, print one table, write bench-results/. A miss is no error."""

from __future__ import annotations

import argparse
import importlib
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

import psutil

from tests.bench.children import ROOT, CannotRun
from tests.bench.findings import Finding, save, table, verdicts
from tests.bench.sampling import Plan
from tests.bench.x_watch import DisplayError

BENCHES = {
    "start": "T1, T2: process start to painted window",
    "size": "T4: resident memory",
    "idle": "T11: idle processor use",
    "update": "T6: bytes to painted",
    "tick": "T8: the ticking durations",
    "stall": "T10: stalls of the event loop",
    "click": "T9: click to result",
    "growth": "T12: memory over many polls",
}


def main() -> int:
    arguments = _arguments()
    # Ending the usual way closes the programs under measurement and their display.
    signal.signal(signal.SIGTERM, _end)
    names = arguments.names or list(BENCHES)
    thorough = Plan(rounds=7, window_s=30.0, polls=3000, seed=arguments.seed)
    quick = Plan(rounds=5, window_s=5.0, polls=600, seed=arguments.seed)
    findings: list[Finding] = []
    broken = False
    for name in names:
        began_s = time.monotonic()
        print(f"{name}: {BENCHES[name]} …", end=" ", flush=True)
        run: Callable[[Plan], list[Finding]] = importlib.import_module(f"tests.bench.bench_{name}").run
        try:
            findings += run(quick if arguments.quick else thorough)
            print(f"{time.monotonic() - began_s:.0f} s", flush=True)
        except (CannotRun, DisplayError, psutil.Error, OSError) as reason:
            broken = True
            print(f"cannot run: {reason}", flush=True)
    print()
    print(table(findings))
    print()
    print(verdicts(findings))
    if findings:
        print(f"Written to {save(findings, ROOT / 'bench-results').relative_to(ROOT)}")
    return 1 if broken else 0


def _arguments() -> argparse.Namespace:
    what = "\n".join(f"  {name:8} {meaning}" for name, meaning in BENCHES.items())
    parser = argparse.ArgumentParser(
        prog="run.py bench", epilog=f"benches:\n{what}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="all, when none is named")
    parser.add_argument("--quick", action="store_true", help="shorter windows and fewer polls; figures less steady")
    parser.add_argument("--seed", type=int, default=20260101, help="of the random order")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in BENCHES]
    if unknown:
        parser.error(f"no such bench: {', '.join(unknown)}")
    return arguments


def _end(_signal_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(143)


if __name__ == "__main__":
    sys.exit(main())
