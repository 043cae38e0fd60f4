"""A process of ours ends with its own exit code, whatever its daemon threads are doing."""

from __future__ import annotations

import subprocess
import sys

import pytest

_CODE = """
import threading, time
from app.process_end import end_process
done = []
def work():
    {work}
threading.Thread(target=work, daemon=True).start()
{end}
"""


def _run(work: str, end: str) -> subprocess.CompletedProcess[str]:
    code = _CODE.format(work=work, end=end)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False)


def test_a_thread_in_the_middle_of_something_is_waited_for() -> None:
    ended = _run("time.sleep(0.3); print('finished', flush=True)", "end_process(7)")
    assert (ended.returncode, ended.stdout) == (7, "finished\n")


def test_without_the_wait_the_thread_would_have_been_cut_off() -> None:
    ended = _run("time.sleep(0.3); print('finished', flush=True)", "raise SystemExit(7)")
    assert (ended.returncode, ended.stdout) == (7, "")


@pytest.mark.parametrize("exit_code", [0, 3])
def test_a_thread_that_hangs_does_not_keep_the_process(exit_code: int) -> None:
    ended = _run("time.sleep(600)", f"print('said'); end_process({exit_code}, patience_s=0.1)")
    assert (ended.returncode, ended.stdout) == (exit_code, "said\n")
