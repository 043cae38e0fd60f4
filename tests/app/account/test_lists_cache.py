"""The lists on disk: whole or not at all, of this account only, for nobody else's eyes."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.account.cache import ListsCache
from app.account.lists import ReadLists
from app.account.port import (
    AccountLine,
    AccountMediaFile,
    AccountScenario,
    AccountTag,
    Colleague,
    EmployeeGroup,
    OperatorStatus,
)
from app.domain.calls import EmployeeId, TagId

AT = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
HOST, LOGIN = "callapi.example.test", "operator@example.test"
LISTS = ReadLists(
    time_zone="Asia/Omsk",
    colleagues=(Colleague(EmployeeId(3_000_000_001), "Орлова", "0101", ("0486101",), ("Продажи",), 3, has_coach=True),),
    groups=(EmployeeGroup(1, "Продажи", "201", (EmployeeId(1),)),),
    tags=(AccountTag(TagId(254), "Целевой"),),
    lines=(AccountLine("74951045771", "Продажи", has_scenario=True),),
    scenarios=(AccountScenario(5, "День", ("74951045771",)),),
    media_files=(AccountMediaFile(2561, "Музыка", 1.5),),
    statuses=(OperatorStatus(1, "Доступен", "#48B23D", is_worktime=True),),
    read_at={"tags": AT, "colleagues": AT},
)


def test_what_is_saved_comes_back_equal(tmp_path: Path) -> None:
    cache = ListsCache(tmp_path / "cache", HOST, LOGIN)
    assert cache.load() is None
    cache.save(LISTS)
    assert cache.load() == LISTS
    cache.save(ReadLists())
    assert cache.load() == ReadLists()
    assert [path.name for path in cache.path.parent.iterdir()] == [cache.path.name]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    cache = ListsCache(tmp_path / "cache", HOST, LOGIN)
    before = os.umask(0)
    try:
        cache.save(LISTS)
    finally:
        os.umask(before)
    assert stat.S_IMODE(cache.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(cache.path.parent.stat().st_mode) == 0o700


def test_the_name_tells_the_host_and_not_the_login(tmp_path: Path) -> None:
    name = ListsCache(tmp_path, HOST, LOGIN).path.name
    assert name.startswith(f"account-{HOST}-")
    assert "operator" not in name
    assert ListsCache(tmp_path, "../../etc", LOGIN).path.parent == tmp_path


@pytest.mark.parametrize(("host", "login"), [(HOST, "another@example.test"), ("callapi.other.test", LOGIN)])
def test_another_account_has_another_file(tmp_path: Path, host: str, login: str) -> None:
    ListsCache(tmp_path, HOST, LOGIN).save(LISTS)
    assert ListsCache(tmp_path, host, login).load() is None


def test_another_accounts_file_under_this_name_is_not_read(tmp_path: Path) -> None:
    other, mine = ListsCache(tmp_path, HOST, "another@example.test"), ListsCache(tmp_path, HOST, LOGIN)
    other.save(LISTS)
    other.path.rename(mine.path)
    assert mine.load() is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda raw: raw[:-10],
        lambda raw: b"\xff" + raw,
        lambda raw: raw.replace(b'"layout":1', b'"layout":2'),
        lambda raw: raw.replace(b'"tag_id":254', b'"tag_id":"x"'),
        lambda raw: raw.replace(b"2026-03-02T06:00:00Z", b"2026-03-02T06:00:00"),
        lambda _: b"[" * 100_000,
        lambda _: b"null",
    ],
    ids=["empty", "cut", "bytes", "layout", "types", "no zone", "nesting", "null"],
)
def test_a_damaged_file_is_no_file(tmp_path: Path, damage: object) -> None:
    cache = ListsCache(tmp_path, HOST, LOGIN)
    cache.save(LISTS)
    assert callable(damage)
    raw = cache.path.read_bytes()
    damaged = damage(raw)
    assert damaged != raw
    cache.path.write_bytes(damaged)
    assert cache.load() is None
    cache.save(LISTS)
    assert cache.load() == LISTS


def test_a_folder_in_its_place_is_no_file_and_a_failed_save_leaves_nothing(tmp_path: Path) -> None:
    cache = ListsCache(tmp_path, HOST, LOGIN)
    cache.path.mkdir()
    assert cache.load() is None
    with pytest.raises(OSError):
        cache.save(LISTS)
    assert list(tmp_path.iterdir()) == [cache.path]
