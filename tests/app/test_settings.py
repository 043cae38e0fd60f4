"""config.toml: what is accepted, what is refused and where, and that saving loses nothing."""

from __future__ import annotations

import os
import string
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import SettingsError
from app.settings import (
    AmocrmSettings,
    Bitrix24Settings,
    ConsoleSettings,
    EmployeeSetting,
    HoldMessage,
    HoldPreset,
    LineSetting,
    MediaFileSetting,
    PbxSettings,
    ScenarioSetting,
    Settings,
    TagSetting,
    describe_settings,
    load_settings,
    parse_settings,
    save_settings,
    settings_text,
)

FULL = """
[pbx]
call_api_url = "https://callapi.comagic.ru/v4.0"
data_api_url = "https://dataapi.comagic.ru/v2.0"
recordings_url = "https://records.example.ru"
login = "operator@example.test"
employee_id = 4512345678
time_zone = "Asia/Yekaterinburg"
virtual_phone_number = "74951234567"
poll_interval_s = 5
start_via = "simple"
start_scenario_id = 31
operator_number = "79161234567"
transfer_back_after_s = 45
tts_max_length = 300
[pbx.hold_message]
type = "media"
value = "2561"
[[pbx.hold_message.presets]]
name = "Склад"
value = "Проверяю склад"
promised_s = 60
[[pbx.tags]]
id = 1
name = "VIP"
[[pbx.employees]]
id = 12
name = "Анна"
extension = "012"
[[pbx.virtual_numbers]]
number = "74957654321"
name = "Продажи"
[[pbx.scenarios]]
id = 31
name = "Дневной"
[[pbx.media_files]]
id = 2561
name = "Музыка"
[bitrix24]
user_id = 7
portal_url = "https://example.bitrix24.ru"
show_card = true
create_default = true
add_to_chat = true
enabled = false
client_id = "local.0123456789abcdef"
oauth_url = "https://oauth.bitrix24.tech/oauth/token/"
register_at = "ring"
placeholder_number = "70000000000"
source = "CALL"
recording = "link"
[amocrm]
account_url = "https://example.amocrm.ru"
client_id = "0a1b2c3d"
redirect_uri = "https://example.test/amocrm"
user_id = 9000001
unknown_number = "unsorted"
pipeline_id = 31
recording_wait_s = 600
links_open_without_login = true
[card]
wrap_up_s = 60
extend_s = 30
required = ["notes", "outcome"]
recording_wait_h = 12
recording_max_mb = 32
look_for_missed_every_s = 120
look_back_h = 48
[console]
role = "supervisor"
language = "ru"
"""


def problem_of(text: str) -> tuple[str, str, dict[str, object]]:
    with pytest.raises(SettingsError) as caught:
        parse_settings(text.encode())
    return caught.value.path, caught.value.code, dict(caught.value.params)


def test_every_key_of_the_outside_interface_is_read() -> None:
    settings = parse_settings(FULL.encode())
    assert settings.pbx.poll_interval_s == 5.0
    assert settings.pbx.hold_message == HoldMessage(
        message_type="media",
        value="2561",
        presets=(HoldPreset(name="Склад", message_type="tts", value="Проверяю склад", promised_s=60),),
    )
    assert settings.pbx.tags == (TagSetting(tag_id=1, name="VIP"),)
    assert settings.pbx.employees == (EmployeeSetting(employee_id=12, name="Анна", extension="012"),)
    assert (settings.pbx.start_via, settings.pbx.start_scenario_id) == ("simple", 31)
    assert settings.pbx.operator_number == "79161234567"
    assert (settings.pbx.transfer_back_after_s, settings.pbx.tts_max_length) == (45, 300)
    assert settings.pbx.virtual_numbers == (LineSetting(number="74957654321", name="Продажи"),)
    assert settings.pbx.scenarios == (ScenarioSetting(scenario_id=31, name="Дневной"),)
    assert settings.pbx.media_files == (MediaFileSetting(media_file_id=2561, name="Музыка"),)
    assert settings.bitrix24 == Bitrix24Settings(
        user_id=7,
        portal_url="https://example.bitrix24.ru",
        show_card=True,
        create_default=True,
        add_to_chat=True,
        enabled=False,
        client_id="local.0123456789abcdef",
        oauth_url="https://oauth.bitrix24.tech/oauth/token/",
        register_at="ring",
        placeholder_number="70000000000",
        source="CALL",
        recording="link",
    )
    assert (settings.amocrm.unknown_number, settings.amocrm.recording_wait_s) == ("unsorted", 600)
    assert (settings.card.wrap_up_s, settings.card.required) == (60, ("notes", "outcome"))
    assert settings.console == ConsoleSettings(role="supervisor", language="ru")
    assert parse_settings(settings_text(settings).encode()) == settings


def test_an_empty_file_and_no_file_mean_the_defaults(tmp_path: Path) -> None:
    assert parse_settings(b"") == load_settings(None) == load_settings(tmp_path / "config.toml") == Settings()
    defaults = Settings()
    assert defaults.pbx.call_api_url == "https://callapi.uiscom.ru/v4.0"
    assert defaults.pbx.poll_interval_s == 2.0
    assert defaults.pbx.time_zone == "Europe/Moscow"
    assert defaults.bitrix24 == Bitrix24Settings(show_card=False, create_default=False, add_to_chat=False)


@pytest.mark.parametrize(
    ("text", "path", "nearest"),
    [
        ('[pbx]\nlogn = "x"', "pbx.logn", "pbx.login"),
        ("[pbx]\npoll_interval = 3", "pbx.poll_interval", "pbx.poll_interval_s"),
        ('role = "operator"', "role", "console.role"),
        ("[bitrix]\nuser_id = 1", "bitrix", "bitrix24"),
        ('[[pbx.tags]]\nid = 1\nname = "a"\ncolour = "red"', "pbx.tags[0].colour", None),
        ("[pbx]\nqqqq = 1", "pbx.qqqq", None),
    ],
)
def test_an_unknown_key_is_named_with_the_one_probably_meant(text: str, path: str, nearest: str | None) -> None:
    assert problem_of(text) == (path, "unknown_key", {"nearest": nearest})


@pytest.mark.parametrize(
    ("text", "path", "code"),
    [
        ("[pbx]\nlogin = 3", "pbx.login", "wrong_type"),
        ('[pbx]\nemployee_id = "12"', "pbx.employee_id", "wrong_type"),
        ("[pbx]\nemployee_id = true", "pbx.employee_id", "wrong_type"),
        ("pbx = 3", "pbx", "wrong_type"),
        ("[pbx]\ntags = 3", "pbx.tags", "wrong_type"),
        ("[pbx]\ntags = [3]", "pbx.tags[0]", "wrong_type"),
        ("[pbx]\nhold_message = 'wait'", "pbx.hold_message", "wrong_type"),
        ("[bitrix24]\nshow_card = 1", "bitrix24.show_card", "wrong_type"),
        ("[pbx]\nemployee_id = 0", "pbx.employee_id", "bad_value"),
        ("[pbx]\npoll_interval_s = 0.9", "pbx.poll_interval_s", "bad_value"),
        ("[pbx]\npoll_interval_s = 61", "pbx.poll_interval_s", "bad_value"),
        ("[pbx]\npoll_interval_s = nan", "pbx.poll_interval_s", "bad_value"),
        ("[pbx]\nvirtual_phone_number = '+74951234567'", "pbx.virtual_phone_number", "bad_value"),
        ("[pbx]\ntime_zone = 'Mars/Olympus'", "pbx.time_zone", "bad_value"),
        ("[pbx]\ntime_zone = '../../etc/passwd'", "pbx.time_zone", "bad_value"),
        ("[console]\nrole = 'boss'", "console.role", "bad_value"),
        ("[console]\nlanguage = 'de'", "console.language", "bad_value"),
        ("[[pbx.employees]]\nid = 1\nname = 'A'\nextension = '01a'", "pbx.employees[0].extension", "bad_value"),
        ("[[pbx.tags]]\nid = 1\nname = ''", "pbx.tags[0].name", "bad_value"),
        ("[[pbx.tags]]\nid = 1", "pbx.tags[0].name", "missing_key"),
        ("[pbx]\ncall_api_url = 'callapi.uiscom.ru'", "pbx.call_api_url", "bad_value"),
    ],
)
def test_a_wrong_value_is_named_by_its_path(text: str, path: str, code: str) -> None:
    assert problem_of(text)[:2] == (path, code)


def test_what_would_be_right_is_told() -> None:
    assert problem_of("[pbx]\npoll_interval_s = 100")[2] == {"expected": "float", "min": 1, "max": 60}
    assert problem_of("[console]\nrole = 'boss'")[2] == {"expected": '"operator" | "supervisor"'}


URL_KEYS = [
    ("pbx", "call_api_url"),
    ("pbx", "data_api_url"),
    ("pbx", "recordings_url"),
    ("bitrix24", "oauth_url"),
    ("bitrix24", "portal_url"),
    ("amocrm", "account_url"),
]


@pytest.mark.parametrize(("table", "key"), URL_KEYS)
def test_plain_http_is_for_this_machine_only(table: str, key: str) -> None:
    assert problem_of(f'[{table}]\n{key} = "http://callapi.uiscom.ru/v4.0"')[:2] == (f"{table}.{key}", "insecure_url")
    for host in ("127.0.0.1:8080", "localhost:1", "[::1]:5", "127.3.2.1"):
        parse_settings(f'[{table}]\n{key} = "http://{host}/v4.0"'.encode())


def test_every_address_among_the_keys_is_checked() -> None:
    addresses = [doc.path for doc in describe_settings() if doc.path.endswith("_url")]
    assert addresses == [f"{table}.{key}" for table, key in URL_KEYS]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('[pbx]\npassword = "x"', "pbx.password"),
        ('[pbx]\naccess_token = "x"', "pbx.access_token"),
        ('[bitrix24]\nwebhook = "x"', "bitrix24.webhook"),
        ('[amocrm]\nclient_secret = "x"', "amocrm.client_secret"),
        ('[bitrix24]\nportal_url = "https://p.bitrix24.ru/rest/1/abcdef123/"', "bitrix24.portal_url"),
        ('[[pbx.tags]]\nid = 1\nname = "eyJhbGciOiJI.eyJzdWIiOiIx.c2ln"', "pbx.tags[0].name"),
    ],
)
@pytest.mark.skipif(os.name != "posix", reason="file modes")
@pytest.mark.parametrize("mode", [0o644, 0o600])
def test_a_secret_in_the_file_is_refused_and_not_repeated(tmp_path: Path, text: str, path: str, mode: int) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)
    file.chmod(mode)
    with pytest.raises(SettingsError) as caught:
        load_settings(file)
    assert (caught.value.path, caught.value.code) == (path, "secret_in_config")
    assert caught.value.params == {"is_world_readable": mode == 0o644}
    assert "abcdef123" not in repr(caught.value)


def test_what_is_not_toml_is_told_with_its_place() -> None:
    assert problem_of("[pbx]\nlogin = x")[1:] == ("not_toml", {"line": 2, "column": 9})
    assert problem_of("a = [" * 100_000)[1] == "not_toml"
    with pytest.raises(SettingsError, match="not_toml"):
        parse_settings(b"\xff\xfe")
    assert parse_settings(b"\xef\xbb\xbf[pbx]\r\nlogin = 'x'\r\n").pbx.login == "x"


def test_a_file_that_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="unreadable"):
        load_settings(tmp_path)
    with pytest.raises(SettingsError, match="unreadable"):
        load_settings(tmp_path / "typo.toml", must_exist=True)
    huge = tmp_path / "huge.toml"
    huge.write_bytes(b"#" * 1_000_001)
    with pytest.raises(SettingsError, match="unreadable"):
        load_settings(huge)


NAMES = st.text(min_size=1, max_size=30).filter(lambda text: "eyJ" not in text and "/rest/" not in text)
IDS = st.integers(1, 2**62)
DIGITS = st.text(string.digits, min_size=1, max_size=15)
URLS = st.sampled_from(["https://example.amocrm.ru", "https://x.bitrix24.ru/", "http://127.0.0.1:8080/v4.0"])
ANY_SETTINGS = st.builds(
    Settings,
    pbx=st.builds(
        PbxSettings,
        call_api_url=URLS,
        data_api_url=st.none() | URLS,
        recordings_url=st.none() | URLS,
        login=NAMES,
        employee_id=st.none() | IDS,
        virtual_phone_number=st.none() | DIGITS,
        poll_interval_s=st.floats(1, 60),
        hold_message=st.builds(
            HoldMessage,
            message_type=st.sampled_from(["tts", "media"]),
            value=NAMES,
            presets=st.lists(
                st.builds(HoldPreset, name=NAMES, value=NAMES, promised_s=st.none() | IDS), max_size=2
            ).map(tuple),
        ),
        tags=st.lists(st.builds(TagSetting, tag_id=IDS, name=NAMES), max_size=3).map(tuple),
        employees=st.lists(st.builds(EmployeeSetting, employee_id=IDS, name=NAMES, extension=DIGITS), max_size=3).map(
            tuple
        ),
    ),
    bitrix24=st.builds(Bitrix24Settings, user_id=st.none() | IDS, portal_url=st.none() | URLS, show_card=st.booleans()),
    amocrm=st.builds(AmocrmSettings, account_url=st.none() | URLS),
    console=st.builds(ConsoleSettings, role=st.sampled_from(["operator", "supervisor"])),
)


@given(settings=ANY_SETTINGS)
def test_whatever_is_written_reads_back_the_same(settings: Settings) -> None:
    text = settings_text(settings)
    tomllib.loads(text)
    assert parse_settings(text.encode()) == settings


def test_saving_replaces_the_file_whole_and_for_the_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "new" / "config.toml"
    settings = parse_settings(FULL.encode())
    save_settings(file, settings)
    assert load_settings(file) == settings
    assert [child.name for child in file.parent.iterdir()] == ["config.toml"]
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600
        file.chmod(0o640)
        save_settings(file, Settings())
        assert file.stat().st_mode & 0o777 == 0o640
    assert load_settings(file) == Settings()


def test_saving_goes_through_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "link.toml"
    real.write_text("")
    link.symlink_to(real)
    save_settings(link, parse_settings(FULL.encode()))
    assert link.is_symlink()
    assert load_settings(real).pbx.employee_id == 4512345678


@pytest.mark.parametrize("found", ["[pbx", "[pbx]\nunknown = 1"])
def test_a_file_that_is_not_understood_is_not_overwritten(tmp_path: Path, found: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(found)
    with pytest.raises(SettingsError):
        save_settings(file, Settings())
    assert file.read_text() == found


def test_settings_that_would_not_load_are_not_written(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    with pytest.raises(SettingsError, match="insecure_url"):
        save_settings(file, Settings(pbx=PbxSettings(call_api_url="http://callapi.uiscom.ru/v4.0")))
    assert not file.exists()


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "config.toml"
    save_settings(file, parse_settings(FULL.encode()))
    before = file.read_bytes()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        save_settings(file, Settings())
    assert file.read_bytes() == before
    assert [child.name for child in tmp_path.iterdir()] == ["config.toml"]


def test_the_reference_knows_every_key_with_a_meaning() -> None:
    docs = {doc.path: doc for doc in describe_settings()}
    assert all(doc.meaning for doc in docs.values())
    assert docs["pbx.poll_interval_s"].default == 2.0
    assert docs["pbx.tags[].id"].is_required
    assert not docs["pbx.login"].is_required
    assert docs["console.language"].type_name == '"ru" | "en" | "auto"'
    written = set(_paths(tomllib.loads(FULL), ""))
    assert written <= set(docs)
    assert set(docs) - written <= {"pbx.hold_message.presets[].type"}


def _paths(value: object, path: str) -> list[str]:
    if isinstance(value, dict):
        return [found for name, inner in value.items() for found in _paths(inner, f"{path}.{name}" if path else name)]
    if isinstance(value, list) and isinstance(value[0], dict):
        return _paths(value[0], f"{path}[]")
    return [path]
