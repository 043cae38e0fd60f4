"""What a bench found, as a table for a person and as JSON for a machine. Ratios are what counts, not milliseconds."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. `ratio` is ours to `against` (a key of `baselines`); `goal` its upper limit, None when there is none.

    `spread`: smallest and largest of our samples. `note`: what a reader must know, e.g. why something was skipped.
    """

    target: str
    what: str
    ours: float | None = None
    unit: str = "ms"
    baselines: Mapping[str, float] = field(default_factory=dict)
    against: str = ""
    goal: float | None = None
    spread: tuple[float, float] | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        baseline = self.baselines.get(self.against)
        return self.ours / baseline if self.ours is not None and baseline else None

    @property
    def verdict(self) -> str:
        if self.ours is None:
            return "skipped"
        if self.goal is None or self.ratio is None:
            return "-"
        return "hit" if self.ratio <= self.goal else "MISS"


_HEADS = ("target", "what", "ours", "baselines", "ratio", "goal", "")


def table(findings: Sequence[Finding]) -> str:
    """The findings as aligned columns, notes below the lines they belong to."""
    lines = [_HEADS, *(_cells(finding) for finding in findings)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADS))]
    text = []
    for position, line in enumerate(lines):
        text.append("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
        if position == 0:
            text.append("  ".join("-" * width for width in widths))
        elif findings[position - 1].note:
            text.append(" " * (widths[0] + 2) + findings[position - 1].note)
    return "\n".join(text)


def verdicts(findings: Sequence[Finding]) -> str:
    """The closing line."""
    counted = [finding.verdict for finding in findings]
    missed = [f"{finding.target} {finding.what}" for finding in findings if finding.verdict == "MISS"]
    line = f"{counted.count('hit')} hit, {len(missed)} missed, {counted.count('skipped')} skipped."
    return line + (" Missed: " + "; ".join(missed) + "." if missed else "")


def save(findings: Sequence[Finding], folder: Path) -> Path:
    """Write them as JSON into a new file of the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    report = {
        "at": now.isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} CPUs, {platform.system()} {platform.release()}",
        "findings": [asdict(finding) | {"ratio": finding.ratio, "verdict": finding.verdict} for finding in findings],
    }
    path = folder / f"{now:%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return path


def _cells(finding: Finding) -> tuple[str, ...]:
    baselines = ", ".join(f"{name} {_figure(value)}" for name, value in finding.baselines.items())
    ours = "" if finding.ours is None else f"{_figure(finding.ours)} {finding.unit}"
    ratio = "" if finding.ratio is None else f"{finding.ratio:.2f} x {finding.against}"
    goal = "" if finding.goal is None else f"<= {finding.goal:g}"
    return finding.target, finding.what, ours, baselines, ratio, goal, finding.verdict


def _figure(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"
