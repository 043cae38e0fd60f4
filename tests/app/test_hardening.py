"""Hardening, looked at from outside: what the system says of a hardened process, and of one that is not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.hardening import HardeningReport, Outcome, harden_process

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="read from /proc")

PROGRAM = """
import json, os, sys
from pathlib import Path
{harden}
print(json.dumps({
    "core": [line.split()[4:6] for line in Path("/proc/self/limits").read_text().splitlines() if "core file"
    in line][0], "key_log": "SSLKEYLOGFILE" in os.environ,
    "dumpable": __import__("ctypes").CDLL(None).prctl(3, 0, 0, 0, 0),
}), flush=True)
{then}
"""


def run(harden: str, then: str = "", **environment: str) -> tuple[dict[str, object], int]:
    program = PROGRAM.replace("{harden}", harden).replace("{then}", then)
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, **environment},
        check=False,
    )
    facts: dict[str, object] = json.loads(done.stdout)
    return facts, done.returncode


HARDEN = "from app.hardening import harden_process; harden_process(Path(os.environ['CRASHES']))"


@LINUX
def test_a_hardened_process_cannot_be_dumped(tmp_path: Path) -> None:
    key_log = str(tmp_path / "keys")
    facts, _ = run(HARDEN, CRASHES=str(tmp_path), SSLKEYLOGFILE=key_log)
    assert facts["core"] == ["0", "0"]
    assert facts["dumpable"] == 0
    assert facts["key_log"] is False
    bare, _ = run("", SSLKEYLOGFILE=key_log)
    assert bare["dumpable"] == 1, "the check sees a process that is not hardened"
    assert bare["key_log"] is True


@LINUX
def test_a_crash_leaves_stacks_without_values(tmp_path: Path) -> None:
    crash = "def dial(number):\n    __import__('ctypes').string_at(0)\ndial('+79261234567')"
    _, code = run(HARDEN, crash, CRASHES=str(tmp_path))
    assert code < 0
    told = (tmp_path / "crash.txt").read_text()
    assert "in dial" in told
    assert "79261234567" not in told
    assert (tmp_path / "crash.txt").stat().st_mode & 0o777 == 0o600


def test_each_step_reports_what_became_of_it() -> None:
    report = HardeningReport({"a": Outcome.DONE, "b": Outcome.NOT_AVAILABLE})
    assert report.is_complete
    assert not HardeningReport({"a": Outcome.FAILED}).is_complete


@LINUX
def test_in_a_sandbox_the_portals_must_still_see_us(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls: list[object] = []
    monkeypatch.setattr("app.hardening.ctypes.CDLL", lambda *_args, **_named: calls.append("prctl"))
    monkeypatch.setattr("resource.setrlimit", lambda *_args: None)
    report = harden_process(None, {"SNAP": "/snap/pult/1", "SSLKEYLOGFILE": "/tmp/keys"})
    assert calls == []
    assert report.steps["not_dumpable"] is Outcome.NOT_AVAILABLE
    assert report.steps["crash_stacks"] is Outcome.NOT_AVAILABLE
    assert report.steps["no_tls_key_log"] is Outcome.DONE


@LINUX
def test_a_step_that_fails_is_reported_not_raised(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_args: object, **_named: object) -> None:
        raise OSError

    monkeypatch.setattr("resource.setrlimit", refuse)
    monkeypatch.setattr("app.hardening.ctypes.CDLL", refuse)
    report = harden_process(tmp_path / "absent", {})
    assert {name for name, outcome in report.steps.items() if outcome is Outcome.FAILED} == {
        "no_core_dumps",
        "not_dumpable",
        "crash_stacks",
    }
