"""The guards of tests/conftest.py see what they are there to see."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import threading
from collections.abc import Callable, Coroutine

import pytest

from tests.helpers.clock import FakeClock
from tests.helpers.coroutines import run_coroutine_test
from tests.helpers.guards import (
    ExpectedLog,
    NetworkBlocked,
    NetworkGuard,
    is_on_this_machine,
    restored_environment,
    watched_log,
    watched_threads,
)
from tests.helpers.waiting import until


async def _ends() -> None:
    await asyncio.sleep(0)


async def _leaves_a_task() -> None:
    globals()["left"] = asyncio.get_running_loop().create_task(asyncio.Event().wait())


async def _never_ends() -> None:
    await asyncio.Event().wait()


async def _fails() -> None:
    raise TimeoutError("of the test's own")


def test_a_coroutine_test_that_ends_cleanly_passes() -> None:
    run_coroutine_test(_ends(), None, 5)


@pytest.mark.parametrize(
    ("coroutine_function", "complaint"),
    [(_leaves_a_task, "left tasks running"), (_never_ends, "did not end in 0.05 s")],
)
def test_a_coroutine_test_that_leaves_something_fails(
    coroutine_function: Callable[[], Coroutine[None, None, None]], complaint: str
) -> None:
    with pytest.raises(AssertionError, match=complaint):
        run_coroutine_test(coroutine_function(), None, 0.05)


def test_a_timeout_of_the_test_itself_stays_what_it_is() -> None:
    with pytest.raises(TimeoutError, match="of the test's own"):
        run_coroutine_test(_fails(), None, 5)


def test_an_unexpected_warning_fails(expected_log: ExpectedLog) -> None:
    expected_log("architecture: something odd")
    with pytest.raises(AssertionError, match="unexpected log record: architecture: something odd"), watched_log():
        logging.getLogger("architecture").warning("something odd")


def test_an_announced_warning_passes_and_one_that_never_comes_fails(expected_log: ExpectedLog) -> None:
    expected_log("announced")
    with watched_log() as log:
        log("announced")
        logging.getLogger("architecture").error("announced")
    with pytest.raises(AssertionError, match="never came: announced"), watched_log() as log:
        log("announced")


def test_a_left_thread_fails_and_a_daemon_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.helpers.guards._THREAD_GRACE_S", 0.05)
    release = threading.Event()
    threads = [
        threading.Thread(target=release.wait, daemon=daemon, name=f"daemon {daemon}") for daemon in (True, False)
    ]
    with watched_threads():
        threads[0].start()
    with pytest.raises(AssertionError, match="daemon False"), watched_threads():
        threads[1].start()
    release.set()
    for thread in threads:
        thread.join()


def test_the_environment_is_put_back() -> None:
    with restored_environment():
        os.environ["PULT_PBX_TOKEN"] = "left by a test"
    assert "PULT_PBX_TOKEN" not in os.environ


def test_the_shell_of_the_person_does_not_reach_the_tests() -> None:
    foreign = [name for name in os.environ if name.startswith("PULT_") or name.lower().endswith("_proxy")]
    assert not foreign
    assert "DBUS_SESSION_BUS_ADDRESS" not in os.environ


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        (b"localhost", True),
        ("no.such.invalid", True),
        (None, True),
        ("10.0.0.1", False),
        ("192.0.2.1", False),
        ("fe80::1%eth0", False),
        ("callapi.uiscom.ru", False),
    ],
)
def test_only_loopback_is_this_machine(host: object, expected: bool) -> None:
    assert is_on_this_machine(host) is expected


def test_a_connection_elsewhere_is_blocked_and_told(network_guard: NetworkGuard) -> None:
    with socket.socket() as connection, pytest.raises(NetworkBlocked):
        connection.connect(("192.0.2.1", 80))
    with pytest.raises(NetworkBlocked):
        socket.getaddrinfo("callapi.uiscom.ru", 443)
    assert network_guard.take_violations() == ["socket.connect 192.0.2.1", "socket.getaddrinfo callapi.uiscom.ru"]


async def test_time_passes_in_order_and_woken_code_can_sleep_again() -> None:
    clock = FakeClock()
    started_at = clock.now()
    woken: list[tuple[str, float]] = []

    async def every(name: str, seconds: float, times: int) -> None:
        for _ in range(times):
            await clock.sleep(seconds)
            woken.append((name, (clock.now() - started_at).total_seconds()))

    async with asyncio.TaskGroup() as group:
        group.create_task(every("a", 2, 2))
        group.create_task(every("b", 3, 1))
        await clock.until_sleeping(2)
        await clock.pass_time(10)
    assert woken == [("a", 2), ("b", 3), ("a", 4)]
    assert clock.sleepers == 0


async def test_a_suspend_wakes_everybody_at_the_new_time() -> None:
    clock = FakeClock()
    before_s = clock.monotonic()

    async def sleep_once() -> float:
        await clock.sleep(2)
        return clock.monotonic() - before_s

    async with asyncio.TaskGroup() as group:
        sleeping = group.create_task(sleep_once())
        await clock.until_sleeping()
        clock.advance(3600)
    assert sleeping.result() == 3600


async def test_waiting_for_what_never_comes_fails() -> None:
    with pytest.raises(AssertionError, match="the moon"):
        await until(lambda: False, 0.02, what="the moon")
