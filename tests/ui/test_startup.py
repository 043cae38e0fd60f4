"""The first paint comes before anything of the network is loaded, and Python's own import is put back."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_LATE = (
    "asyncio",
    "qasync",
    "httpx",
    "httpcore",
    "keyring",
    "msgspec",
    "sqlite3",
    "ssl",
    "app.bootstrap",
    "app.services",
)

_SCRIPT = """
import builtins, os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
python_import = builtins.__import__
from ui import main
from ui.arguments import parse_arguments
painted = {}

def look(application, window):
    main_paint(application, window)
    painted["was"] = window.was_painted
    painted["modules"] = [name for name in sys.modules if name.partition(".")[0] in LATE or name in LATE]
    painted["import"] = builtins.__import__ is python_import
    raise KeyboardInterrupt

LATE = %r
main_paint = main.paint_once
main.paint_once = look
%s
code = main.main(["--data-dir", sys.argv[1]])
print(painted["was"], painted["import"], ",".join(sorted(painted["modules"])), code, sep="|")
"""


def _first_paint(tmp_path: Path, extra: str = "") -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT % (_LATE, extra), str(tmp_path)],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip().split("|")


def test_the_first_paint_needs_nothing_of_the_network(tmp_path: Path) -> None:
    assert _first_paint(tmp_path) == ["True", "True", "", "130"]


def test_a_module_loaded_too_early_would_be_noticed(tmp_path: Path) -> None:
    assert "asyncio" in _first_paint(tmp_path, "import asyncio")[2].split(",")


def _start(*words: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    return subprocess.run(
        [sys.executable, "-m", "ui", *words],
        cwd=_ROOT,
        env=environment | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("option", ["--data-dir", "--tour"])
def test_a_folder_that_is_none_is_told_in_one_sentence(tmp_path: Path, option: str) -> None:
    no_folder = tmp_path / "notes.txt"
    no_folder.write_text("not a folder")
    ended = _start(option, str(no_folder))
    assert ended.returncode == 2
    assert f"{no_folder}: this folder cannot be used." in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_layout_file_that_holds_something_else_does_not_keep_the_window_away(tmp_path: Path) -> None:
    (tmp_path / "window.ini").write_text(
        "[window]\ngeometry=wide\ncolumns=1, 2, 3\ncalls=@Variant(\ntheme=dark, light\n"
    )
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('[console]\nlanguage = "de"\n')
    ended = _start("--data-dir", str(tmp_path), "--config", str(wrong))
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert ended.stderr.startswith("console.language: ")


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_a_config_file_that_cannot_be_read_is_told_in_one_sentence(tmp_path: Path, name: str) -> None:
    ended = _start("--data-dir", str(tmp_path), "--config", str(tmp_path / name))
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "cannot be read" in ended.stderr
