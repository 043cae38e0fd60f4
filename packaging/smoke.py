"""Plays the frozen program's tour as on a stranger's machine: own folders, no Python, no source. Takes the folder."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TOUR_LIMIT_S = 300
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

# They come in only because the build machine has them, and would break the window on machines that do not.
UNWANTED = ("libgtk-3", "libgdk-3", "libQt6Qml", "libQt6Quick", "libQt6Pdf", "libqvnc", "libqeglfs")


def complaints(bundle: Path, tour: Path) -> list[str]:
    """What is wrong with the bundle or with the tour it played."""
    found = [f"unwanted: {path.name}" for path in bundle.rglob("*") if path.name.startswith(UNWANTED)]
    found += [f"leads nowhere: {path.name}" for path in bundle.rglob("*") if path.is_symlink() and not path.exists()]
    report = tour / "tour.json"
    if not report.is_file():
        return [*found, "the tour left no tour.json"]
    told = json.loads(report.read_text("utf-8"))
    if told["ok"] is not True:
        found.append("tour.json does not say that the tour went well")
    pictures = list(tour.glob("*.png"))
    if not pictures or len(pictures) != len(told["steps"]):
        found.append(f"{len(pictures)} pictures of {len(told['steps'])} steps")
    found += [f"not a PNG: {path.name}" for path in pictures if not path.read_bytes().startswith(PNG_SIGNATURE)]
    return found


def bare_environment(home: Path) -> dict[str, str]:
    """Nothing of the build machine's Python; fresh folders; the display as it is."""
    kept = ("DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "LANG", "PATH", "SystemRoot", "TEMP")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    folders = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    return environment | folders | {"HOME": str(home)}


def main(bundle: Path) -> int:
    program = bundle / ("pult.exe" if os.name == "nt" else "pult")
    size_mb = sum(path.stat().st_size for path in bundle.rglob("*") if path.is_file() and not path.is_symlink()) / 1e6
    print(f"{bundle}: {size_mb:.0f} MB; playing its tour …", flush=True)
    with tempfile.TemporaryDirectory(prefix="pult-smoke-", ignore_cleanup_errors=True) as folder:
        home, tour = Path(folder, "home"), Path(folder, "tour")
        home.mkdir()
        started_at_s = time.monotonic()
        played = subprocess.run(
            [program.resolve(), "--tour", tour],
            cwd=folder,
            env=bare_environment(home),
            timeout=TOUR_LIMIT_S,
            check=False,
        )
        took_s = time.monotonic() - started_at_s
        wrong = complaints(bundle, tour)
    if played.returncode:
        wrong.insert(0, f"the tour ended with exit status {played.returncode}")
    for complaint in wrong:
        print(complaint, file=sys.stderr)
    print(f"The frozen tour {'FAILED' if wrong else 'passed'} in {took_s:.1f} s.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
