"""The first paint comes before anything of the network is loaded, and Python's own import is put back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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
