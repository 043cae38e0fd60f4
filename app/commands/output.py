"""How a command speaks: JSON for scripts, aligned columns for people, errors to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence

from app.commands.exits import Exit, exit_of
from app.commands.sentences import sentence_of
from app.errors import PultError


def print_json(value: object) -> None:
    """One line of JSON on stdout, Cyrillic as it is."""
    print(json.dumps(value, ensure_ascii=False, default=str), flush=True)


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns aligned with spaces; control characters from outside become spaces."""
    cells = [[_one_line(cell) for cell in row] for row in [header, *rows]]
    widths = [max(len(row[index]) for row in cells) for index in range(len(header))]
    for row in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def fail(error: PultError, *, as_json: bool) -> Exit:
    """Tell why the command ended, and with which exit code."""
    if as_json:
        print_json({"error": error_facts(error)})
    print(sentence_of(error), file=sys.stderr)
    return exit_of(error)


def error_facts(error: PultError) -> Mapping[str, object]:
    """The error for JSON: `code` and `params`."""
    return {"code": error.code, "params": dict(error.params), "path": getattr(error, "path", None)}


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
