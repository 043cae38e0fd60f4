"""The command line of `outbox`. What its verbs do is in outbox.py, outbox_export.py and drain.py."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

VERBS = ("list", "show", "retry", "park", "export", "drain")


def add_outbox_parser(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
    run: Callable[[argparse.Namespace], int],
) -> None:
    """`outbox [VERB] [KEY]` with the options of single verbs."""
    outbox = commands.add_parser(
        "outbox",
        parents=[common],
        help="cards waiting for the CRMs, and their receipts",
        description=(
            "list: the newest cards. show KEY: each step of one card. retry KEY: try it now. park KEY: leave it alone"
            " until it is retried. export [KEY]: one card or all of them as a file. drain: deliver without a console"
            " until nothing can be delivered any more."
        ),
    )
    outbox.add_argument("verb", choices=VERBS, nargs="?", default="list")
    outbox.add_argument("key", nargs="?", help="card key, as `outbox list` prints it")
    outbox.add_argument("--csv", action="store_true", help="export: a table for spreadsheets instead of JSON")
    outbox.add_argument("--out", type=Path, metavar="FILE", help="export: write this file, readable for you alone")
    outbox.add_argument(
        "--timeout", type=float, default=0.0, metavar="S", help="drain: stop after so many seconds; 0 = no limit"
    )
    outbox.set_defaults(run=run)
