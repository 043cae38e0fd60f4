"""Collects the window's words into resources/i18n/*.ts and compiles them into one .qm. Run it after any text changed.

`--check` writes nothing: it exits 1 when a word is missing, unfinished, or when the .qm is not what the .ts files give.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "i18n"
COMPILED = FOLDER / "pult_ru.qm"
ROOMS = {
    "pult_ru_card.ts": (
        "ui/panels/call_card/",
        "ui/texts/closing.py",
        "ui/windows/connect_",
        "ui/texts/card.py",
        "ui/texts/connect.py",
    ),
    "pult_ru_new_call.ts": ("ui/panels/new_call/", "ui/texts/new_call.py", "ui/texts/presence.py"),
    "pult_ru_errors.ts": ("ui/texts/errors.py", "ui/texts/vendor_errors.py", "ui/texts/crm_reasons.py"),
    "pult_ru_queue.ts": ("ui/windows/queue_", "ui/models/queue_list.py", "ui/texts/queue"),
    "pult_ru_budget.ts": ("ui/windows/budget_", "ui/texts/budget.py"),
}
"""Where the words of each file stand; the rest of the window is the console's."""
CONSOLE = "pult_ru_console.ts"


@dataclass(frozen=True)
class Message:
    """One entry of a .ts file. `is_finished` is False while nobody has translated it."""

    context: str
    source: str
    translation: str
    is_finished: bool


def sources_of(name: str) -> list[Path]:
    """The Python files whose words are in that .ts file."""
    files = sorted(path for path in (ROOT / "ui").rglob("*.py"))
    if name in ROOMS:
        return [path for path in files if path.relative_to(ROOT).as_posix().startswith(ROOMS[name])]
    elsewhere = tuple(place for places in ROOMS.values() for place in places)
    return [path for path in files if not path.relative_to(ROOT).as_posix().startswith(elsewhere)]


def read_messages(ts_file: Path) -> Iterator[Message]:
    """Every entry that is still used."""
    for context in ET.parse(ts_file).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            kind = "" if translation is None else translation.get("type", "")
            if kind in ("obsolete", "vanished"):
                continue
            text = "" if translation is None else translation.text or ""
            yield Message(context.findtext("name", ""), message.findtext("source", ""), text, kind != "unfinished")


def update(ts_file: Path, target: Path) -> None:
    """Write `ts_file` with the words of today's sources to `target`; translations already there stay."""
    if ts_file != target and ts_file.exists():
        shutil.copy(ts_file, target)
    sources = [str(path) for path in sources_of(ts_file.name)]
    options = ["-locations", "none", "-no-obsolete", "-source-language", "en", "-target-language", "ru"]
    _run("lupdate", *sources, *options, "-ts", str(target))


def compile_into(qm_file: Path, ts_files: Iterable[Path]) -> None:
    """One .qm of several .ts files."""
    _run("lrelease", *(str(path) for path in ts_files), "-qm", str(qm_file))


def problems() -> list[str]:
    """What keeps the translations from being whole, a line each."""
    found: list[str] = []
    ts_files = sorted(FOLDER.glob("pult_ru_*.ts"))
    with tempfile.TemporaryDirectory() as name:
        for ts_file in ts_files:
            fresh = Path(name) / ts_file.name
            update(ts_file, fresh)
            found += _problems_of(ts_file, fresh)
        compiled = Path(name) / COMPILED.name
        compile_into(compiled, ts_files)
        if not COMPILED.exists() or compiled.read_bytes() != COMPILED.read_bytes():
            found.append(f"{COMPILED.name} is not what the .ts files give")
    return found


def _problems_of(ts_file: Path, fresh: Path) -> list[str]:
    known = {(message.context, message.source) for message in read_messages(ts_file)}
    today = {(message.context, message.source) for message in read_messages(fresh)}
    found = [f"{ts_file.name}: not collected: {context}: {source}" for context, source in sorted(today - known)]
    found += [f"{ts_file.name}: not used any more: {context}: {source}" for context, source in sorted(known - today)]
    for message in read_messages(ts_file):
        if not message.is_finished or not message.translation:
            found.append(f"{ts_file.name}: not translated: {message.context}: {message.source}")
    return found


def _run(tool: str, *arguments: str) -> None:
    program = Path(sys.executable).parent / f"pyside6-{tool}"
    done = subprocess.run([str(program), *arguments], capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(f"{tool} failed: {done.stderr or done.stdout}")


def main() -> int:
    """Exit code 0 when everything is translated and compiled."""
    parser = argparse.ArgumentParser(description="Collect and compile the translations of the window.")
    parser.add_argument("--check", action="store_true", help="only look")
    if not parser.parse_args().check:
        ts_files = [FOLDER / name for name in (CONSOLE, *ROOMS) if sources_of(name)]
        for ts_file in ts_files:
            update(ts_file, ts_file)
        compile_into(COMPILED, sorted(ts_files))
    found = problems()
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
