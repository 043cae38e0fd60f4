"""The machine's clock, and what a first paint must not have to import."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, timedelta

import pytest

from app.clock import Clock, SystemClock
from tests.helpers.clock import FakeClock


def test_now_is_aware_and_in_utc() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert now.utcoffset() == timedelta(0)


@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="this system has no clock that counts suspend")
def test_monotonic_counts_the_time_spent_in_suspend() -> None:
    before = time.clock_gettime(time.CLOCK_BOOTTIME)
    reading = SystemClock().monotonic()
    assert before <= reading <= time.clock_gettime(time.CLOCK_BOOTTIME)


async def test_sleep_takes_its_time_and_accepts_what_is_overdue() -> None:
    clock = SystemClock()
    started_at = clock.monotonic()
    await clock.sleep(-5)
    await clock.sleep(0.05)
    assert 0.04 <= clock.monotonic() - started_at < 2


def test_both_clocks_are_clocks() -> None:
    clocks: list[Clock] = [SystemClock(), FakeClock()]
    assert all(clock.monotonic() <= clock.monotonic() for clock in clocks)


HEAVY = ("httpx", "keyring", "asyncio", "platformdirs", "ssl", "sqlite3")


@pytest.mark.parametrize(
    "module", ["app.clock", "app.observe", "app.errors", "app.settings", "app.paths", "app.addresses"]
)
def test_modules_of_the_first_paint_import_nothing_heavy(module: str) -> None:
    assert heavy_imports_of(module) == []


def test_the_check_sees_a_heavy_import() -> None:
    assert "asyncio" in heavy_imports_of("app.background")


def test_the_http_room_comes_without_httpx() -> None:
    assert "httpx" not in heavy_imports_of("app.http")
    assert "keyring" not in heavy_imports_of("app.secrets")


def heavy_imports_of(module: str) -> list[str]:
    program = f"import sys, {module}; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30)
    return done.stdout.split()
