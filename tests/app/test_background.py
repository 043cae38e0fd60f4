"""Tasks with an owner, and the thread for blocking calls."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from functools import partial

import pytest

from app.background import BackgroundTasks, DaemonWorker, TaskCrash, run_on_daemon_thread
from tests.helpers.guards import ExpectedLog
from tests.helpers.waiting import until


async def test_a_crash_is_logged_and_published(expected_log: ExpectedLog) -> None:
    tasks = BackgroundTasks()
    crashes: list[TaskCrash] = []
    tasks.on_crash.subscribe(crashes.append)

    async def crash() -> None:
        raise LookupError("gone")

    expected_log("a background task crashed")
    tasks.start(crash(), name="poller")
    await until(lambda: crashes)
    assert crashes[0].name == "poller"
    assert isinstance(crashes[0].error, LookupError)
    assert len(tasks) == 0
    await tasks.aclose()


async def test_closing_cancels_and_waits() -> None:
    tasks = BackgroundTasks()
    ended: list[str] = []

    async def loop_for_ever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append("cleaned up")

    tasks.start(loop_for_ever(), name="loop")
    await asyncio.sleep(0)
    await tasks.aclose()
    assert ended == ["cleaned up"]
    with pytest.raises(RuntimeError):
        tasks.start(loop_for_ever(), name="late")


async def test_a_task_that_will_not_end_is_named(expected_log: ExpectedLog) -> None:
    tasks = BackgroundTasks()
    release = asyncio.Event()

    async def stubborn() -> None:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    expected_log("did not end")
    stuck = tasks.start(stubborn(), name="stubborn")
    await asyncio.sleep(0)
    await tasks.aclose(timeout_s=0.05)
    assert vars(expected_log.records[0])["task_name"] == "stubborn"
    release.set()
    await stuck


async def test_calls_are_done_one_after_another_on_one_thread() -> None:
    worker = DaemonWorker("w")
    done: list[tuple[int, int]] = []

    def note(n: int) -> None:
        done.append((n, threading.get_ident()))

    await asyncio.gather(*(worker.call(partial(note, n)) for n in range(20)))
    assert [n for n, _ in done] == list(range(20))
    assert len({thread for _, thread in done}) == 1
    assert done[0][1] != threading.get_ident()
    await worker.aclose()


async def test_an_exception_comes_through_whole() -> None:
    nothing: dict[str, str] = {}
    with pytest.raises(KeyError, match="absent"):
        await run_on_daemon_thread(lambda: nothing["absent"], name="x")


async def test_cancelled_in_line_is_not_begun_and_closing_finishes_the_line() -> None:
    worker = DaemonWorker("w")
    gate = threading.Event()
    done: list[str] = []

    def run_until_the_gate_opens() -> None:
        gate.wait(5)
        done.append("running")

    running = asyncio.create_task(worker.call(run_until_the_gate_opens))
    given_up = asyncio.create_task(worker.call(lambda: done.append("given up")))
    waiting = asyncio.create_task(worker.call(lambda: done.append("waiting")))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.sleep(0)
    closing = asyncio.create_task(worker.aclose())
    await asyncio.sleep(0)
    gate.set()
    await closing
    await asyncio.gather(running, waiting)
    assert done == ["running", "waiting"]
    with pytest.raises(RuntimeError):
        await worker.call(lambda: None)


PROGRAM = """
import asyncio, threading, time
from app.background import run_on_daemon_thread
async def main():
    try:
        async with asyncio.timeout(0.1):
            await {call}
    except TimeoutError:
        print("given up", flush=True)
asyncio.run(main())
"""


def exit_of(call: str) -> str:
    """What the program says, and whether it could end."""
    program = PROGRAM.replace("{call}", call)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        try:
            said, _ = process.communicate(timeout=2.5)
        except subprocess.TimeoutExpired:
            process.kill()
            return "hangs"
        return said.strip()


def test_a_call_that_hangs_does_not_hold_up_the_exit() -> None:
    assert exit_of('run_on_daemon_thread(lambda: time.sleep(30), name="hung")') == "given up"


def test_an_executor_would_hold_it_up() -> None:
    assert exit_of("asyncio.to_thread(time.sleep, 30)") == "hangs"
