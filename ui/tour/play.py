"""Plays the steps one after another, saves a picture of each, and writes down what each showed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ui.tour.script import STEPS, Step
from ui.tour.stage import Stage, StepDiffers

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.simulator.runner import Simulator
    from ui.windows.main_window import MainWindow

REPORT_FILE = "tour.json"


async def run_tour(window: MainWindow, services: Services, simulator: Simulator, folder: Path) -> int:
    """Exit code 0 when every step showed what it promises, 1 at the first that differs."""
    _make(folder)
    stage = Stage(window, services, simulator, folder)
    reports: list[dict[str, object]] = []
    for place, step in enumerate(STEPS, 1):
        report = await _play(stage, place, step)
        reports.append(report)
        problem = report["problem"]
        _tell(f"{place:2}/{len(STEPS)}  {step.title}{f': DIFFERS: {problem}' if problem else ''}")
        if problem:
            break
    is_whole = len(reports) == len(STEPS) and not reports[-1]["problem"]
    _write_report(folder, {"ok": is_whole, "steps": reports})
    _tell(f"{'All steps showed what they promise' if is_whole else 'The tour differs'}: {folder / REPORT_FILE}")
    return 0 if is_whole else 1


async def _play(stage: Stage, place: int, step: Step) -> dict[str, object]:
    stage.shown = {}
    problem = None
    try:
        await step.act(stage)
    except StepDiffers as difference:
        problem = str(difference)
    picture = stage.take_picture(f"{place:02}-{step.name}")
    return {"step": step.name, "title": step.title, "picture": picture, "shown": stage.shown, "problem": problem}


def _make(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)


def _write_report(folder: Path, report: dict[str, object]) -> None:
    text = json.dumps(report, ensure_ascii=False, indent=1)
    (folder / REPORT_FILE).write_text(text + "\n", encoding="utf-8")


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
