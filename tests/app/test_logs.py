"""The log: no secret in any spelling, no phone number, no forged line, files for the owner only."""

from __future__ import annotations

import base64
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from app.logs import RedactingFilter, register_secret, set_up_logging
from app.redaction import Redactor
from tests.helpers.guards import ExpectedLog

SECRETS = [
    "hunter2-Zq9",
    "p\"a\\s's w/o?r&d=1",
    "пароль-Ё-1",
    "x8sK2mQ0vT7bR4nL",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "https://p.bitrix24.ru/rest/1/k3yk3yk3y/",
    "tab\tand\nline",
    "😀emoji😀",
]
SPELLINGS: dict[str, Callable[[str], str]] = {
    "raw": str,
    "quoted": lambda secret: quote(secret, safe=""),
    "form": quote_plus,
    "json": json.dumps,
    "json_utf8": lambda secret: json.dumps(secret, ensure_ascii=False),
    "repr": lambda secret: repr({"k": secret}),
    "hex": lambda secret: secret.encode().hex(),
    "basic": lambda secret: base64.b64encode(f"user:{secret}".encode()).decode(),
    "base64": lambda secret: base64.b64encode(secret.encode()).decode(),
    "base64url": lambda secret: base64.urlsafe_b64encode(b"ab" + secret.encode()).decode(),
}


@pytest.fixture
def redactor() -> Redactor:
    redactor = Redactor()
    for secret in SECRETS:
        redactor.register(secret)
    return redactor


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("secret", SECRETS)
def test_a_known_secret_is_masked_in_every_spelling(secret: str, spelling: str, redactor: Redactor) -> None:
    spelled = SPELLINGS[spelling](secret)
    text = redactor.redact(f"before {spelled} after")
    assert text.startswith("before ")
    assert text.endswith(" after")
    # A quote, a user name in front of it, a character of base64 at its end may stay; nothing longer of it
    # may.
    kept = {text[start : start + 9] for start in range(7, len(text) - 14)}
    assert not any(
        piece in spelled for piece in kept if len(piece) == 9 and "***" not in piece and "dXNlcj" not in piece
    )


@pytest.mark.parametrize("secret", SECRETS[:4])
def test_without_registration_it_would_stand_there(secret: str) -> None:
    assert secret in Redactor().redact(f"before {secret} after")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("https://p.bitrix24.ru/rest/1/abc123def/crm.x.json", "https://p.bitrix24.ru/rest/1/***/crm.x.json"),
        ("?access_token=abc&x=1", "?access_token=***&x=1"),
        ('{"access_token": "a\\"b", "method": "x"}', '{"access_token": "***", "method": "x"}'),
        ("{'password': 'qwe rty'}", "{'password': '***'}"),
        ('"{\\"password\\":\\"qwerty\\"}"', '"{\\"password\\":\\"***\\"}"'),
        ("Authorization: Bearer a.b-c", "Authorization: Bearer ***"),
        ("token eyJhbGciOi.eyJzdWIiOi.sig", "token ***"),
        ("X-Control-Token: abcdef", "X-Control-Token: ***"),
    ],
)
def test_what_looks_like_a_secret_is_masked_unregistered(text: str, clean: str) -> None:
    assert Redactor().redact(text) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("from +7 (495) 123-45-67 to 84951234567.", "from ***567 to ***567."),
        ("tel:+74951234567", "tel:***567"),
        ("to 4951234567,", "to ***567,"),
        ("89261234567-x", "***567-x"),
        ("contact_phone=79261234567", "contact_phone=***567"),
        ("+44 20 7946 0958", "***958"),
    ],
)
def test_phone_numbers_keep_three_digits(text: str, clean: str) -> None:
    assert Redactor().redact(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "call_session_id=3960098281 leg_id: 4512345678",
        '{"call_session_id": 3960098281}',
        "'leg_id': 4512345678",
        "request 12-1732175000-5-hold",
        "pult-callapi.uiscom.ru-3960098281-4512345678",
        "at 2026-11-20T10:11:12.123+00:00",
        "192.168.100.200:8080",
        "auth_error, secretary 5, took 3.14159265358979 s",
        "extension 012, employee 12345",
    ],
)
def test_ids_times_and_ordinary_words_stay_readable(text: str) -> None:
    assert Redactor().redact(text) == text


def test_too_short_a_secret_does_not_blank_out_the_log() -> None:
    redactor = Redactor()
    redactor.register("a")
    redactor.register("")
    assert redactor.redact("a man") == "a man"


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    handle = set_up_logging(tmp_path / "logs", logging.DEBUG)
    yield tmp_path / "logs" / "pult.log"
    handle.close()


def lines_of(log_file: Path, flush: Callable[[], None]) -> list[dict[str, object]]:
    flush()
    return [json.loads(line) for line in log_file.read_text(encoding="utf-8").splitlines()]


def test_records_become_json_lines_with_their_facts(tmp_path: Path) -> None:
    handle = set_up_logging(tmp_path)
    logging.getLogger("app.board").info(
        "call %s", "ended", extra={"call_session_id": 3960098281, "phone": "+74951234567"}
    )
    logging.getLogger("app.board").debug("not at this level")
    [line] = lines_of(tmp_path / "pult.log", handle.close)
    assert line["message"] == "call ended"
    assert line["level"] == "INFO"
    assert line["logger"] == "app.board"
    assert str(line["at"]).endswith("+00:00")
    assert line["call_session_id"] == 3960098281
    assert line["phone"] == "***567"


def test_secrets_stay_out_of_messages_arguments_tracebacks_and_facts(tmp_path: Path, expected_log: ExpectedLog) -> None:
    secret = "c4n4ry-In-The-Log"
    register_secret(secret)
    handle = set_up_logging(tmp_path, logging.DEBUG)
    logger = logging.getLogger("third.party")
    expected_log("third.party")
    logger.warning("raw %s", secret)
    logger.warning("%r", {"k": secret}, extra={"url": f"https://x/rest/1/{secret}/", "n": 79261234567}, stack_info=True)

    def fail() -> None:
        raise ValueError(secret) from KeyError(secret)

    try:
        fail()
    except ValueError:
        logger.exception("failed")
    handle.close()
    written = (tmp_path / "pult.log").read_text(encoding="utf-8")
    assert secret not in written
    assert "79261234567" not in written
    assert "ValueError: ***" in written
    assert written.count("\n") == 3


def test_other_handlers_get_the_record_as_it_was(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    register_secret("c4n4ry-In-The-Log")
    handle = set_up_logging(tmp_path)
    caplog.set_level(logging.INFO)
    logging.getLogger("x").info("%s", "c4n4ry-In-The-Log")
    handle.close()
    assert "c4n4ry-In-The-Log" in caplog.text, "a plain handler leaks it"
    assert caplog.records[0].args == ("c4n4ry-In-The-Log",)


def test_the_filter_cleans_any_handler() -> None:
    register_secret("c4n4ry-In-The-Log")
    record = logging.makeLogRecord({"msg": "%s", "args": ("c4n4ry-In-The-Log",)})
    assert RedactingFilter().filter(record)
    assert record.getMessage() == "***"


def test_wrong_placeholders_do_not_cost_the_record() -> None:
    record = logging.makeLogRecord({"msg": "%d and %d", "args": ("+74951234567",)})
    RedactingFilter().filter(record)
    assert record.getMessage() == "%d and %d ('***567',)"


def test_nobody_can_forge_a_line(tmp_path: Path) -> None:
    handle = set_up_logging(tmp_path)
    logging.getLogger("x").info('name\r\n{"level": "forged"}\u2028\u0085\x00\x7f')
    handle.close()
    [line] = (tmp_path / "pult.log").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["message"] == 'name\r\n{"level": "forged"}\u2028\u0085\x00\x7f'


def test_talkative_libraries_are_kept_at_warnings(log_file: Path) -> None:
    for name in ("httpx", "httpcore", "qasync", "asyncio"):
        assert not logging.getLogger(name).isEnabledFor(logging.INFO)


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_files_are_the_owners_alone_and_rotate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.logs._FILE_BYTES", 2_000)
    (tmp_path / "pult.log").touch(mode=0o644)
    handle = set_up_logging(tmp_path)
    for _ in range(200):
        logging.getLogger("x").info("y" * 200)
    handle.close()
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["pult.log", *(f"pult.log.{n}" for n in range(1, 5))]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_without_a_folder_lines_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    handle = set_up_logging(None)
    logging.getLogger("x").info("+74951234567")
    handle.close()
    assert json.loads(capsys.readouterr().err)["message"] == "***567"


def test_closing_gives_the_root_logger_back(tmp_path: Path) -> None:
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    handle = set_up_logging(tmp_path, logging.DEBUG)
    handle.close()
    handle.close()
    assert (list(root.handlers), root.level) == before
    assert "app.logs" in sys.modules
