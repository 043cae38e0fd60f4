"""The account's lists and those of `config.toml`: which stands first, which fills in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.account.lists import AccountLists, ListsOrigin, ReadLists, completed, lists_of
from app.account.port import AccountLine, AccountTag, Colleague
from app.domain.calls import EmployeeId, TagId
from app.settings import EmployeeSetting, PbxSettings, Settings, TagSetting, parse_settings

AT = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
CONFIG = lists_of(
    Settings(
        pbx=PbxSettings(
            employees=(EmployeeSetting(employee_id=2, name="Пётр", extension="102"),),
            tags=(TagSetting(tag_id=255, name="Жалоба!"), TagSetting(tag_id=9, name="Свой")),
        )
    )
)


def test_config_names_every_list_it_can() -> None:
    settings = parse_settings(
        """
[[pbx.tags]]
id = 1
name = "Тег"
[[pbx.employees]]
id = 2
name = "Пётр"
extension = "0102"
[[pbx.virtual_numbers]]
number = "74951045771"
name = "Продажи"
[[pbx.scenarios]]
id = 3
name = "День"
[[pbx.media_files]]
id = 4
name = "Музыка"
""".encode()
    )
    lists = lists_of(settings)
    assert lists.colleagues == (Colleague(EmployeeId(2), "Пётр", "0102"),)
    assert lists.tags == (AccountTag(TagId(1), "Тег"),)
    assert lists.lines == (AccountLine("74951045771", "Продажи"),)
    assert [(one.scenario_id, one.name) for one in lists.scenarios] == [(3, "День")]
    assert [(one.media_file_id, one.name) for one in lists.media_files] == [(4, "Музыка")]
    assert (lists.origin, lists.read_at, lists.time_zone) == (ListsOrigin.CONFIG, None, None)


def test_without_the_account_config_is_all_there_is() -> None:
    lists = completed(CONFIG, ReadLists(), ListsOrigin.CONFIG, {"tags": "forbidden"})
    assert lists.tags == CONFIG.tags
    assert lists.trouble == {"tags": "forbidden"}
    assert lists.read_at is None


def test_what_config_names_stands_first_and_keeps_its_name() -> None:
    read = ReadLists(
        tags=(AccountTag(TagId(254), "Целевой"), AccountTag(TagId(255), "Жалоба")),
        colleagues=(
            Colleague(EmployeeId(1), "Орлова", "101"),
            Colleague(EmployeeId(2), "Гусев Пётр", "999", ("0486102",), status_id=3, is_always_recorded=True),
        ),
        read_at={"tags": AT, "colleagues": AT - timedelta(minutes=5)},
    )
    lists = completed(CONFIG, read, ListsOrigin.DATA_API, {})
    assert [(tag.tag_id, tag.name) for tag in lists.tags] == [(255, "Жалоба!"), (9, "Свой"), (254, "Целевой")]
    assert lists.colleagues == (
        Colleague(EmployeeId(2), "Пётр", "102", ("0486102",), status_id=3, is_always_recorded=True),
        Colleague(EmployeeId(1), "Орлова", "101"),
    )
    assert lists.read_at == AT - timedelta(minutes=5)
    assert lists.origin is ListsOrigin.DATA_API


def test_a_list_that_was_never_read_is_configs() -> None:
    read = ReadLists(colleagues=(), read_at={"colleagues": AT})
    lists = completed(CONFIG, read, ListsOrigin.CACHE, {"tags": "forbidden"})
    assert lists.tags == CONFIG.tags
    assert lists.colleagues == CONFIG.colleagues
    assert lists.groups == ()


def test_nothing_anywhere_is_nothing() -> None:
    assert completed(AccountLists(), ReadLists(), ListsOrigin.CONFIG, {}) == AccountLists()
