"""The commands of this repository: set up, demo, test, check, bench, soak, package. Standard library only.

Nothing of the product lives here: this file finds what the machine lacks, makes the virtual environments from the
hash-pinned locks and starts the right program with a display, passing on its output, exit status and signals.
"""

import os
import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Pult needs Python 3.11 or newer, and this is Python %d.%d: start run.py with a newer one."
        % sys.version_info[:2]
    )

import ctypes
import hashlib
import re
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import BinaryIO, NamedTuple

ROOT = Path(__file__).resolve().parent
WINDOWS = os.name == "nt"
LINUX = sys.platform.startswith("linux")
RUNTIME, DEVELOPMENT, CORE = "requirements.lock", "requirements-dev.lock", "requirements-core.lock"
PYTEST_CORE = ("tests/app", "tests/simulator", "tests/architecture")
SCENARIOS = "tests/scenarios"

USAGE = """usage: python3 run.py COMMAND

  demo [OPTIONS]     show Pult with a simulated PBX and CRMs; without a display, play its tour into tour/
  test [PYTEST ...]  run all tests; with pytest's own arguments, only those of the full environment
  setup              only prepare the machine and .venv
  check              format, lint, types, layers
  bench              measure start-up, updates, memory and compare with others
  soak [NAME]        run the long tests, or the named one
  package            freeze Pult into dist/pult and let the frozen program play the tour"""


class Ended(BaseException):
    """The process was asked to end by a signal other than Ctrl+C."""

    def __init__(self, signal_number: int) -> None:
        super().__init__(signal_number)
        self.signal_number = signal_number


class RunError(Exception):
    """Carries the sentence for the person and the exit status (2: something has to be installed first)."""

    def __init__(self, sentence: str, exit_status: int = 1) -> None:
        super().__init__(sentence)
        self.exit_status = exit_status


def say(sentence: str) -> None:
    print(sentence, flush=True)


# --- what the machine must have --------------------------------------------------------------------------------------


class Need(NamedTuple):
    """Something outside the virtual environment, with the packages that bring it (Debian's name, Fedora's name)."""

    name: str
    debian: str
    fedora: str


# Every one was asked for by the loader in a bare Debian 12; the rest of what Qt loads comes with them.
DRAWING = (
    Need("libGL.so.1", "libgl1", "mesa-libGL"),
    Need("libEGL.so.1", "libegl1", "mesa-libEGL"),
    Need("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon"),
    Need("libglib-2.0.so.0", "libglib2.0-0", "glib2"),
    Need("libfreetype.so.6", "libfreetype6", "freetype"),
    Need("libfontconfig.so.1", "libfontconfig1", "fontconfig"),
    Need("libdbus-1.so.3", "libdbus-1-3", "dbus-libs"),
)
X_WINDOWS = (
    Need("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11"),
    Need("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor"),
    Need("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm"),
    Need("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms"),
    Need("libxcb-shape.so.0", "libxcb-shape0", "libxcb"),
)
FONTS = Need("a font with Cyrillic letters", "fonts-dejavu-core", "dejavu-sans-fonts")
# The tests that use the window from outside, as a screen reader does.
DRIVING = (
    Need("xdotool", "xdotool", "xdotool"),
    Need("dbus-daemon", "dbus", "dbus-daemon"),
    Need("/usr/libexec/at-spi-bus-launcher", "at-spi2-core", "at-spi2-core"),
    Need("openbox", "openbox", "openbox"),
    Need("/usr/lib/python3/dist-packages/gi/__init__.py", "python3-gi", "python3-gobject"),
)
XVFB = Need("Xvfb", "xvfb", "xorg-x11-server-Xvfb")
OBJDUMP = Need("objdump", "binutils", "binutils")
VENV = Need("the venv module", "python%d.%d-venv" % sys.version_info[:2], "python3-pip")


def can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def can_install() -> bool:
    return LINUX and on_path("apt-get") and os.geteuid() == 0


def on_path(program: str) -> bool:
    return any(os.access(Path(folder, program), os.X_OK) for folder in os.get_exec_path())


def has_fonts() -> bool:
    home = Path.home()
    folders = ("/usr/share/fonts", "/usr/local/share/fonts", home / ".fonts", home / ".local/share/fonts")
    suffixes = (".ttf", ".otf", ".ttc")
    return any(name.lower().endswith(suffixes) for top in folders for _, _, names in os.walk(top) for name in names)


def has_venv() -> bool:
    # Debian cuts ensurepip out of the standard library into a package of its own.
    from importlib.util import find_spec

    return on_path("uv") or find_spec("ensurepip") is not None


def has_display() -> bool:
    return not LINUX or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def missing_needs(*, xvfb: bool = False, freezing: bool = False) -> list[Need]:
    """What a Linux machine lacks to draw windows; elsewhere Qt's wheel brings everything."""
    if not LINUX:
        return []
    missing = [need for need in DRAWING + X_WINDOWS if not can_load(need.name)]
    missing += [FONTS] if not has_fonts() else []
    missing += [XVFB] if xvfb and not on_path("Xvfb") else []
    missing += [OBJDUMP] if freezing and not on_path("objdump") else []
    return missing


def provide(missing: Sequence[Need]) -> None:
    """Installs the needs when that can be done without asking, else says the one line that does it.

    Raises:
        RunError: with exit status 2, naming what is missing.
    """
    if not missing:
        return
    names = ", ".join(need.name for need in missing)
    if on_path("apt-get"):
        packages = sorted({need.debian for need in missing})
        if can_install():
            install_with_apt(packages)
            return
        line = "sudo apt-get install --no-install-recommends " + " ".join(packages)
    elif on_path("dnf"):
        line = "sudo dnf install " + " ".join(sorted({need.fedora for need in missing}))
    else:
        raise RunError(f"This machine lacks {names}. Install them with its package manager and start again.", 2)
    raise RunError(f"This machine lacks {names}. Run this, then start again:\n\n    {line}\n", 2)


def install_with_apt(packages: Sequence[str]) -> None:
    say("Installing system packages: " + " ".join(packages))
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    output = ""
    for argv in (["apt-get", "update", "-q"], command):  # one unreachable source must not stop what the others can give
        finished = subprocess.run(
            argv, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        output += finished.stdout
        if argv is command and finished.returncode:
            say(output[-4000:])
            raise RunError("apt-get could not install what is missing; its own words are above.", 2)


# --- the virtual environments ----------------------------------------------------------------------------------------


def python_of(folder: str) -> str:
    return str(ROOT / folder / ("Scripts/python.exe" if WINDOWS else "bin/python"))


def stamp_lines(locks: Sequence[str]) -> set[str]:
    lines = {f"{lock} {hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()}" for lock in locks}
    return lines | {"python %d.%d" % sys.version_info[:2]}


def set_up(folder: str, lock: str) -> None:
    """Makes `folder` a virtual environment holding what `lock` pins; costs milliseconds when it already does."""
    stamp = ROOT / folder / "pult-set-up"
    wanted = stamp_lines([lock])
    known = set(stamp.read_text("ascii").splitlines()) if stamp.is_file() else set()
    if wanted <= known and Path(python_of(folder)).exists():
        return
    if not has_venv():
        provide([VENV])
    stamp.unlink(missing_ok=True)
    say(f"Preparing {folder} from {lock} …")
    if not (on_path("uv") and install_with_uv(folder, lock)):
        install_with_pip(folder, lock)
    # The development lock holds all of the runtime lock at the same versions (an architecture test compares them).
    locks = [DEVELOPMENT, RUNTIME] if lock == DEVELOPMENT else [lock]
    stamp.write_text("\n".join(sorted(stamp_lines(locks))) + "\n", "ascii")


def is_usable(folder: str) -> bool:
    """Whether `folder` already is an environment of this Python that pip can add to."""
    script = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
    try:
        finished = subprocess.run([python_of(folder), "-c", script], capture_output=True, text=True)
    except OSError:
        return False
    return finished.stdout.strip() == "%d.%d" % sys.version_info[:2]


def install_with_uv(folder: str, lock: str) -> bool:
    make = ["uv", "venv", "-q", "--python", sys.executable, folder]
    fill = ["uv", "pip", "install", "-q", "--require-hashes", "--no-build", "--python", python_of(folder), "-r", lock]
    environment = os.environ | {"UV_VENV_CLEAR": "1"}
    if all(subprocess.run(argv, cwd=ROOT, env=environment).returncode == 0 for argv in (make, fill)):
        return True
    say("uv could not do it; trying pip.")
    return False


def install_with_pip(folder: str, lock: str) -> None:
    if not is_usable(folder):
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(ROOT / folder)])
        if made.returncode:
            raise RunError(f"Python could not make a virtual environment in {folder}; its own words are above.", 2)
    fill = [python_of(folder), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    fill += ["--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / lock)]
    if subprocess.run(fill, cwd=ROOT).returncode:
        raise RunError(f"pip could not install what {lock} pins; its own words are above.")


# --- children and displays -------------------------------------------------------------------------------------------


def start(
    argv: Sequence[str],
    environment: dict[str, str] | None = None,
    *,
    apart: bool = False,
    output: BinaryIO | None = None,
    errors: int | None = None,
    pass_fds: Sequence[int] = (),
) -> "subprocess.Popen[bytes]":
    """Starts a program in the root folder; `apart`: the terminal's Ctrl+C reaches it only through this process."""
    return subprocess.Popen(
        argv,
        cwd=ROOT,
        env=environment,
        stdout=output,
        stderr=errors,
        pass_fds=pass_fds,
        process_group=0 if apart and not WINDOWS else None,
    )


def stop(child: "subprocess.Popen[bytes]", signal_number: int) -> None:
    """Passes a signal on and waits for the child; one that does not end is told more and more firmly."""
    for number, patience_s in (
        (signal_number, 10),
        (signal.SIGTERM, 3),
        (getattr(signal, "SIGKILL", signal.SIGTERM), 5),
    ):
        if child.poll() is not None:
            return
        child.send_signal(number)
        try:
            child.wait(patience_s)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            continue


def wait_for(child: "subprocess.Popen[bytes]", *, apart: bool = False) -> int:
    """The child's exit status; when this process is told to end, the child ends first."""
    try:
        exit_status = child.wait()
    except KeyboardInterrupt:
        if not apart or WINDOWS:  # the terminal has told it already
            try:
                child.wait(10)
            except (subprocess.TimeoutExpired, KeyboardInterrupt):
                say("Still ending …")
        stop(child, signal.SIGTERM if WINDOWS else signal.SIGINT)
        raise
    except Ended as ended:
        stop(child, ended.signal_number)
        raise
    return 128 - exit_status if exit_status < 0 else exit_status


def run(argv: Sequence[str], environment: dict[str, str] | None = None, *, apart: bool = False) -> int:
    return wait_for(start(argv, environment, apart=apart), apart=apart)


@contextmanager
def display(*, always_private: bool = False) -> Iterator[dict[str, str]]:
    """An environment in which windows can open: the person's own display, or a private Xvfb for the block."""
    environment = dict(os.environ)
    if not LINUX or (has_display() and not always_private):
        yield environment
        return
    reading, writing = os.pipe()
    argv = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1080x24", "-nolisten", "tcp", "-noreset"]
    server = start(argv, apart=True, errors=subprocess.DEVNULL, pass_fds=(writing,))
    os.close(writing)
    try:
        ready, _, _ = select.select([reading], [], [], 20)
        name = os.read(reading, 64).decode().strip() if ready else ""
        if not name:
            raise RunError("Xvfb is installed, but does not start.")
        for variable in ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
            environment.pop(variable, None)
        yield environment | {"DISPLAY": f":{name}", "PYTHONUNBUFFERED": "1"}
    finally:
        os.close(reading)
        stop(server, signal.SIGTERM)


# --- the commands ----------------------------------------------------------------------------------------------------


def prepare(lock: str, *, xvfb: bool = False, freezing: bool = False) -> None:
    provide(missing_needs(xvfb=xvfb, freezing=freezing) + ([] if has_venv() else [VENV]))
    set_up(".venv", lock)


def demo(arguments: list[str]) -> int:
    shown = has_display()
    prepare(RUNTIME, xvfb=not shown)
    argv = [python_of(".venv"), "-m", "ui", "--demo", *arguments]
    if not shown and "--tour" not in arguments:
        say("No display here: playing the tour under Xvfb; its pictures go to tour/.")
        argv += ["--tour", "tour/"]
    with display() as environment:
        return run(argv, environment, apart=True)


def setup(_arguments: list[str]) -> int:
    started_at = time.perf_counter()
    prepare(DEVELOPMENT, xvfb=True)
    say(f"Ready in {time.perf_counter() - started_at:.1f} s: .venv holds everything, `python3 run.py demo` shows Pult.")
    return 0


def check(_arguments: list[str]) -> int:
    prepare(DEVELOPMENT)
    python = python_of(".venv")
    # lint-imports has no -m form.
    layers = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    steps = {
        "format": ["-m", "ruff", "format", "--check", "."],
        "lint": ["-m", "ruff", "check", "."],
        "types": ["-m", "mypy"],
        "layers": ["-c", layers],
    }
    failed = []
    for name, argv in steps.items():
        say(f"== {name}")
        if run([python, *argv]):
            failed.append(name)
    say("Check failed: " + ", ".join(failed) + "." if failed else "Check passed: " + ", ".join(steps) + ".")
    return 1 if failed else 0


def test(arguments: list[str]) -> int:
    prepare(DEVELOPMENT, xvfb=True)
    # Without them those tests are skipped and say so: nobody should need root to run the rest.
    lacking = [need for need in DRIVING if not on_path(need.name) and not Path(need.name).is_file()]
    provide(lacking if can_install() else [])
    if arguments:
        with display(always_private=True) as environment:
            return run([python_of(".venv"), "-m", "pytest", *arguments], environment)
    set_up(".venv-core", CORE)
    if any((ROOT / ".venv-core").glob("**/site-packages/PySide6")):
        raise RunError(
            "PySide6 got into .venv-core, so it cannot show that the core runs without Qt. Delete .venv-core."
        )
    reports = ROOT / "build" / "tests"
    reports.mkdir(parents=True, exist_ok=True)
    core = [name for name in PYTEST_CORE if (ROOT / name).is_dir()]
    window = ["tests", *(f"--ignore={name}" for name in (*PYTEST_CORE, SCENARIOS))]
    parts = {
        "without Qt": ("core", ".venv-core", core),
        "of the window": ("window", ".venv", window),
        "of the whole console": ("scenarios", ".venv", [SCENARIOS]),
    }
    say("Three parts run side by side; what each of them says is in build/tests, and here when it is whole.")
    exits: dict[str, tuple[str, int]] = {}
    # They share nothing but the processor; each window opens on a display of its own.
    with ExitStack() as running:
        started = {}
        for title, (name, folder, arguments) in parts.items():
            output = running.enter_context((reports / f"{name}.txt").open("w+b"))
            screen = running.enter_context(display(always_private=True)) if folder == ".venv" else None
            argv = pytest_command(folder, name, arguments)
            started[title] = output, start(argv, screen, output=output, errors=subprocess.STDOUT)
            running.callback(stop, started[title][1], signal.SIGTERM)
        for title, (output, child) in started.items():
            exits[title] = parts[title][0], wait_for(child)
            output.seek(0)
            say(f"== tests {title}\n{output.read().decode(errors='replace')}")
    return summarise(exits)


def pytest_command(folder: str, name: str, arguments: Sequence[str]) -> list[str]:
    report = ROOT / "build" / "tests" / f"{name}.xml"
    report.unlink(missing_ok=True)
    return [python_of(folder), "-m", "pytest", f"--junitxml={report}", "-o", "junit_logging=no", *arguments]


def summarise(parts: dict[str, tuple[str, int]]) -> int:
    """Adds the parts up in words and in one closing line; the result is the exit status."""
    counts = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for title, (name, exit_status) in parts.items():
        report = ROOT / "build" / "tests" / f"{name}.xml"
        head = report.read_text("utf-8")[:1000] if report.is_file() else ""
        for key in counts:
            counts[key] += int((re.search(rf'\b{key}="(\d+)"', head) or ["", "0"])[1])
        seconds = (re.search(r'\btime="([\d.]+)"', head) or ["", "?"])[1]
        say(f"Tests {title}: {'passed' if exit_status == 0 else f'FAILED (exit status {exit_status})'} in {seconds} s.")
    failed = counts["failures"] + counts["errors"]
    passed = counts["tests"] - failed - counts["skipped"]
    say(f"Tests: {passed} passed, {failed} failed" + (f", {counts['skipped']} skipped" if counts["skipped"] else ""))
    return 1 if any(exit_status for _, exit_status in parts.values()) else 0


def measure(module: str, arguments: list[str]) -> int:
    prepare(DEVELOPMENT, xvfb=not has_display())
    with display() as environment:
        return run([python_of(".venv"), "-m", module, *arguments], environment)


def package(_arguments: list[str]) -> int:
    prepare(DEVELOPMENT, xvfb=not has_display(), freezing=True)
    python = python_of(".venv")
    freeze = ["-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    freeze += ["--distpath", "dist", "--workpath", "build/freezer"]
    exit_status = run([python, *freeze, "packaging/pult.spec"])
    if exit_status:
        return exit_status
    with display() as environment:
        return run([python, "packaging/smoke.py", "dist/pult"], environment)


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "demo": demo,
    "test": test,
    "setup": setup,
    "check": check,
    "bench": lambda arguments: measure("tests.bench", arguments),
    "soak": lambda arguments: measure("tests.soak", arguments),
    "package": package,
}


def end_by_signal(signal_number: int, _frame: FrameType | None) -> None:
    raise Ended(signal_number)


def main(arguments: list[str]) -> int:
    command = COMMANDS.get(arguments[0]) if arguments else None
    if command is None:
        say(USAGE)
        return 0 if arguments in ([], ["--help"], ["-h"]) else 2
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), end_by_signal)
    try:
        return command(arguments[1:])
    except RunError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        say("\nEnded.")
        return 130
    except Ended as ended:
        return 128 + ended.signal_number


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
