"""run.py as a person meets it: what it says, starts, and how it ends. A stand-in for the window tells its story."""

from __future__ import annotations

import ast
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

import run

ROOT = Path(__file__).resolve().parents[2]

# Says how it was started, then waits to be told to end, or ends at once with the status it is asked for.
STAND_IN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.default_int_handler)
try:
    print("shown", time.time(), os.environ.get("DISPLAY"), *sys.argv[1:], flush=True)
    if "--exit" in sys.argv:
        sys.exit(int(sys.argv[sys.argv.index("--exit") + 1]))
    signal.pause()
except KeyboardInterrupt:
    print("closing", flush=True)
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that is set up, with a stand-in for the window."""
    for name in ("run.py", *(path.name for path in ROOT.glob("requirements*.lock"))):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "__main__.py").write_text(STAND_IN, "utf-8")
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    return tmp_path


def _environment(display: str | None) -> dict[str, str]:
    unseen = ("DISPLAY", "WAYLAND_DISPLAY")
    environment = {name: value for name, value in os.environ.items() if name not in unseen}
    return environment | ({"DISPLAY": display} if display else {})


def _command(checkout: Path, *arguments: str) -> list[str]:
    return [sys.executable, str(checkout / "run.py"), *arguments]


@pytest.fixture
def started(checkout: Path) -> Iterator[subprocess.Popen[str]]:
    """`demo` on a machine without a display, up to the moment its window is there."""
    process = subprocess.Popen(
        _command(checkout, "demo"),
        env=_environment(None),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def _read_until(process: subprocess.Popen[str], word: str) -> str:
    assert process.stdout is not None
    text = ""
    while not text.splitlines()[-1:] or word not in text.splitlines()[-1]:
        line = process.stdout.readline()
        assert line, f"ended without {word!r}: {text}"
        text += line
    return text


@pytest.mark.parametrize(("number", "exit_status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_demo_and_everything_it_started(
    started: subprocess.Popen[str], number: signal.Signals, exit_status: int
) -> None:
    _read_until(started, "shown")
    children = psutil.Process(started.pid).children(recursive=True)
    assert {"Xvfb"} < {child.name() for child in children}
    started.send_signal(number)
    output, _ = started.communicate(timeout=15)
    assert started.returncode == exit_status
    assert "closing" in output
    assert "Traceback" not in output
    assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]


def test_without_a_display_the_demo_is_the_tour_and_its_exit_status_is_passed_on(checkout: Path) -> None:
    finished = subprocess.run(
        _command(checkout, "demo", "--exit", "7"), env=_environment(None), capture_output=True, text=True, check=False
    )
    assert finished.returncode == 7, finished.stderr
    shown = finished.stdout.splitlines()[-1].split()
    assert shown[2].startswith(":")
    assert shown[3:] == ["--demo", "--exit", "7", "--tour", "tour/"]


def test_a_second_start_adds_less_than_a_second(checkout: Path) -> None:
    started_at = time.time()
    finished = subprocess.run(
        _command(checkout, "demo", "--exit", "0"), env=_environment(":7"), capture_output=True, text=True, check=False
    )
    _, shown_at, display, *arguments = finished.stdout.split()
    assert float(shown_at) - started_at < 1.0
    assert (display, arguments) == (":7", ["--demo", "--exit", "0"])


def test_without_a_command_the_commands_are_listed() -> None:
    finished = subprocess.run(_command(ROOT), capture_output=True, text=True, check=False)
    assert finished.returncode == 0
    assert all(f"\n  {name} " in finished.stdout for name in run.COMMANDS)
    assert subprocess.run(_command(ROOT, "dance"), capture_output=True, check=False).returncode == 2


def test_an_older_python_is_told_so_in_a_sentence() -> None:
    source = (ROOT / "run.py").read_text("utf-8")
    ast.parse(source, feature_version=(3, 7))
    pretend = f"import sys; sys.version_info = (3, 9, 2, 'final', 0); exec({source!r})"
    finished = subprocess.run([sys.executable, "-c", pretend], capture_output=True, text=True, check=False)
    assert finished.returncode == 1
    assert (
        finished.stderr == "Pult needs Python 3.11 or newer, and this is Python 3.9: start run.py with a newer one.\n"
    )


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """A Linux machine of an ordinary person, with neither libraries nor fonts; the set is what its PATH holds."""
    programs: set[str] = set()
    monkeypatch.setattr(run, "can_load", lambda _library: False)
    monkeypatch.setattr(run, "has_fonts", lambda: False)
    monkeypatch.setattr(run, "on_path", programs.__contains__)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    return programs


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("apt-get", "sudo apt-get install --no-install-recommends binutils fonts-dejavu-core libdbus-1-3 libegl1 "),
        ("dnf", "sudo dnf install binutils dbus-libs dejavu-sans-fonts fontconfig freetype glib2 "),
        ("pacman", "Install them with its package manager"),
    ],
)
def test_an_ordinary_person_gets_the_one_line_to_run(bare_machine: set[str], program: str, line: str) -> None:
    bare_machine.add(program)
    with pytest.raises(run.RunError, match="This machine lacks libGL") as caught:
        run.provide(run.missing_needs(xvfb=True, freezing=True))
    assert caught.value.exit_status == 2
    assert line in str(caught.value)


def test_a_machine_that_has_everything_is_asked_for_nothing() -> None:
    assert run.missing_needs(xvfb=True) == []
    run.provide([])


def test_qt_in_the_environment_without_qt_is_refused(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (checkout / ".venv-core/lib/python3/site-packages/PySide6").mkdir(parents=True)
    monkeypatch.setattr(run, "ROOT", checkout)
    monkeypatch.setattr(run, "prepare", lambda *_, **__: None)
    monkeypatch.setattr(run, "set_up", lambda *_: None)
    with pytest.raises(run.RunError, match="PySide6 got into"):
        run.test([])


# Ends only once all three have begun, and tells which display it was given.
MEETING = """
import os, pathlib, sys, time
here, name = pathlib.Path(sys.argv[1]), sys.argv[2]
(here / f"{name}.begun").touch()
deadline = time.monotonic() + 30
while len(list(here.glob("*.begun"))) < 3:
    if time.monotonic() > deadline:
        sys.exit("alone")
    time.sleep(0.01)
print(name, "on", os.environ.get("DISPLAY"))
sys.exit(3 if name == "window" else 0)
"""


def test_three_parts_run_side_by_side_and_each_window_has_a_display_of_its_own(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "ROOT", checkout)
    for name in ("prepare", "set_up", "provide"):
        monkeypatch.setattr(run, name, lambda *_, **__: None)
    monkeypatch.setattr(run, "pytest_command", lambda _folder, name, _: [sys.executable, "-c", MEETING, checkout, name])
    monkeypatch.setenv("DISPLAY", ":nobody")
    assert run.test([]) == 1
    said = capsys.readouterr().out.splitlines()
    displays = {line.split()[0]: line.split()[2] for line in said if " on " in line and len(line.split()) == 3}
    assert displays["core"] == ":nobody"
    assert len(set(displays.values())) == 3
    assert [line for line in said if "FAILED" in line] == ["Tests of the window: FAILED (exit status 3) in ? s."]


def _report(checkout: Path, name: str, *, tests: int, failures: int, skipped: int) -> None:
    folder = checkout / "build" / "tests"
    folder.mkdir(parents=True, exist_ok=True)
    counts = f'errors="0" failures="{failures}" skipped="{skipped}" tests="{tests}" time="1.5"'
    (folder / f"{name}.xml").write_text(f'<testsuites name="x"><testsuite name="x" {counts}/></testsuites>', "utf-8")


def test_the_last_line_adds_both_parts_up(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "ROOT", checkout)
    _report(checkout, "core", tests=5, failures=0, skipped=1)
    _report(checkout, "window", tests=7, failures=2, skipped=0)
    assert run.summarise({"without Qt": ("core", 0), "with Qt": ("window", 1)}) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "Tests: 9 passed, 2 failed, 1 skipped"
    _report(checkout, "window", tests=7, failures=0, skipped=0)
    assert run.summarise({"without Qt": ("core", 0), "with Qt": ("window", 0)}) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Tests: 11 passed, 0 failed, 1 skipped"
