"""The console's command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# Nothing of Qt may be imported from here: ui.qt_start has to come first.
LANGUAGES = ("en", "ru")


@dataclass(frozen=True, slots=True)
class Arguments:
    """What was asked for. A tour always plays against the built-in simulator."""

    is_demo: bool = False
    config: Path | None = None
    data_dir: Path | None = None
    language: str | None = None
    tour: Path | None = None
    theme: str = "system"
    is_verbose: bool = False


def parse_arguments(words: Sequence[str]) -> Arguments:
    """Raises SystemExit(2) with a line on stderr when the words make no sense."""
    parser = argparse.ArgumentParser(prog="python -m ui", description="Console of a call-centre operator.")
    parser.add_argument("--demo", action="store_true", help="play against a built-in simulator; nothing is kept")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings; by default in the usual place")
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="where cards, logs and the layout are kept")
    parser.add_argument("--lang", choices=LANGUAGES, help="language of the window; by default the system's")
    parser.add_argument("--tour", type=Path, metavar="DIR", help="play a scripted shift, leave pictures in DIR")
    parser.add_argument("--theme", choices=("system", "light", "dark"), default="system", help=argparse.SUPPRESS)
    parser.add_argument("--verbose", action="store_true", help="write debug lines into the log")
    parsed = parser.parse_args(words)
    return Arguments(
        is_demo=parsed.demo or parsed.tour is not None,
        config=parsed.config,
        data_dir=parsed.data_dir,
        language=parsed.lang,
        tour=parsed.tour,
        theme=parsed.theme,
        is_verbose=parsed.verbose,
    )
