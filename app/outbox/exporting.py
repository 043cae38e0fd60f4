"""Cards as files to take away: JSON for programs, CSV for spreadsheets. All that is known of a card, and no secret.

A spreadsheet takes a cell that begins with = + - @ for a formula, and one behind a tab, a line end or a NUL too. Such
cells get an apostrophe in front, a phone number written with a plus included; JSON holds everything as it is.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path

import msgspec

from app.crm.port import CardToWrite
from app.logs import redact
from app.outbox.audit import AuditRow
from app.outbox.entry import OutboxCard, OutboxStep

FORMAT = "pult-cards"
FORMAT_VERSION = 1
# Spreadsheets of the countries this is for separate by semicolon, and guess another encoding without the mark.
_SEPARATOR = ";"
_BYTE_ORDER_MARK = "\ufeff"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")

_CARD_FIELDS = tuple(field.name for field in fields(CardToWrite))


@dataclass(frozen=True, slots=True)
class ExportedCard:
    """A card with what was done to it by hand."""

    entry: OutboxCard
    audit: tuple[AuditRow, ...] = ()


def card_facts(exported: ExportedCard) -> Mapping[str, object]:
    """One card as JSON has it: `key`, `saved_at`, `phase`, `readable`, `content` (sent from now on), `original` (as it
    was saved, null when that is the same), `steps`, `audit`."""
    entry = exported.entry
    return {
        "key": entry.card_key,
        "saved_at": entry.saved_at.isoformat(),
        "phase": entry.phase.value,
        "readable": entry.is_readable,
        "content": msgspec.to_builtins(entry.card),
        "original": None if entry.original is None else msgspec.to_builtins(entry.original),
        "steps": [_step_facts(step) for step in entry.steps],
        "audit": [{"at": row.at.isoformat(), "deed": row.deed, "params": _clean(row.params)} for row in exported.audit],
    }


def as_json(cards: Sequence[Mapping[str, object]], now: datetime) -> str:
    """The file of `card_facts`, readable by a person too."""
    document = {"format": FORMAT, "version": FORMAT_VERSION, "exported_at": now.isoformat(), "cards": list(cards)}
    return json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n"


def as_csv(cards: Sequence[Mapping[str, object]]) -> str:
    """The file of `card_facts` for a spreadsheet: a line per card; what has parts of its own is JSON in one cell."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=_SEPARATOR, lineterminator="\r\n")
    header = ("key", "saved_at", "phase", *_CARD_FIELDS[1:], "state", "steps", "original", "audit")
    writer.writerow(header)
    for card in cards:
        content = card["content"]
        told = content if isinstance(content, Mapping) else {}
        row = (
            card["key"],
            card["saved_at"],
            card["phase"],
            *(told.get(name) for name in _CARD_FIELDS[1:]),
            _state_of(card["steps"]),
            card["steps"],
            card["original"],
            card["audit"],
        )
        writer.writerow([safe_cell(value) for value in row])
    return _BYTE_ORDER_MARK + written.getvalue()


def safe_cell(value: object) -> str:
    """The text of a cell that no spreadsheet executes."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def write_private(path: Path, text: str) -> None:
    """Put the file there as a whole, the owner's alone: it holds customers' data. Raises OSError."""
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _step_facts(step: OutboxStep) -> Mapping[str, object]:
    return {
        "crm": step.crm_name,
        "name": step.name,
        "lane": step.lane,
        "requires": step.requires,
        "state": step.step_state.value,
        "attempts": step.attempts,
        "claimed_at": step.claimed_at.isoformat() if step.claimed_at else None,
        "next_try_at": step.next_try_at.isoformat() if step.next_try_at else None,
        "reason": step.reason,
        "reason_params": _clean(step.reason_params),
        "receipt": None if step.receipt is None else _clean(step.receipt.ids),
        "warnings": [] if step.receipt is None else [redact(warning) for warning in step.receipt.warnings],
    }


def _state_of(steps: object) -> str:
    """The steps in short: `bitrix24 finish parked: crm_user_not_found`, or `done`."""
    rows = [step for step in steps if isinstance(step, Mapping)] if isinstance(steps, Sequence) else []
    left = [step for step in rows if step["state"] != "done"]
    return ", ".join(f"{step['crm']} {step['name']} {step['state']}{_because(step)}" for step in left) or "done"


def _because(step: Mapping[str, object]) -> str:
    return f": {step['reason']}" if step["reason"] else ""


def _clean(facts: Mapping[str, object]) -> Mapping[str, object]:
    return {name: redact(value) if isinstance(value, str) else value for name, value in facts.items()}
