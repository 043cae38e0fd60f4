"""Rules for every test, without Qt: coroutine tests, nothing left running, no unexpected warning, no way out."""

from __future__ import annotations

import inspect
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from tests.helpers.coroutines import LoopFactory, run_coroutine_test
from tests.helpers.guards import (
    ExpectedLog,
    NetworkGuard,
    clean_environment,
    restored_environment,
    watched_log,
    watched_threads,
)

_COROUTINE_LIMIT_S = 30.0

_network_guard = NetworkGuard()
_home = tempfile.TemporaryDirectory(prefix="pult-tests-", ignore_cleanup_errors=True)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "time_limit(seconds): how long a coroutine test may take (default 30)")
    clean_environment(Path(_home.name))
    _network_guard.install()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A coroutine test that may take long must not meet pytest-timeout's limit first: that one ends the whole run."""
    for item in items:
        marker = item.get_closest_marker("time_limit")
        if marker and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(float(marker.args[0]) + 30))


def pytest_unconfigure() -> None:
    _home.cleanup()


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Threads end, the environment is put back, and nobody tried to leave this machine."""
    with restored_environment(), watched_threads():
        yield
    violations = _network_guard.take_violations()
    if violations:
        raise AssertionError("the test reached beyond this machine: " + ", ".join(violations))


@pytest.fixture
def network_guard() -> NetworkGuard:
    """For the tests of the guard itself."""
    return _network_guard


@pytest.fixture(autouse=True)
def expected_log(nothing_left_behind: None) -> Iterator[ExpectedLog]:
    """`expected_log("regular expression")` announces a warning or error; an unannounced one fails the test."""
    with watched_log() as log:
        yield log


@pytest.fixture(autouse=True, name="loop_factory")
def asyncio_loop_factory() -> LoopFactory | None:
    """What makes the loop of a coroutine test; None is asyncio's own. The Qt rooms override it."""
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Runs `async def test_*`; plain functions go pytest's own way."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    marker = pyfuncitem.get_closest_marker("time_limit")
    limit_s = float(marker.args[0]) if marker else _COROUTINE_LIMIT_S
    arguments = {name: pyfuncitem.funcargs[name] for name in inspect.signature(pyfuncitem.obj).parameters}
    loop_factory = cast("LoopFactory | None", pyfuncitem.funcargs["loop_factory"])
    run_coroutine_test(pyfuncitem.obj(**arguments), loop_factory, limit_s)
    return True
