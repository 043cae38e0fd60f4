"""The dialog *Connect* by itself: what it shows, what it never shows, and what Enter does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QWidget

from app.bitrix24.errors import LIMIT_CODES, RIGHTS_CODES, SIGN_IN_CODES
from app.connection_check import CheckResult
from app.errors import LinkDown, OutcomeUnknown, Refused
from tests.helpers.qt import finish_deletions, show
from ui.texts.connect import bitrix24_answer, field_problem, pbx_answer, secrets_home_sentence
from ui.windows.connect_dialog import ConnectDialog
from ui.windows.connect_state import (
    AmocrmForm,
    Bitrix24Form,
    CheckState,
    ConnectField,
    ConnectForm,
    ConnectState,
    EmployeeChoice,
    SecretsHome,
    StoredSecrets,
    employee_id_of,
    employee_label,
    whole_number,
)

PEOPLE = (EmployeeChoice(2001, "Орлова Марина", "101"), EmployeeChoice(2002, "Гусев Пётр", "102"))
FORM = ConnectForm("https://callapi.example.test/v4.0", login="operator@example.test", crm_user_text="7")
STATE = ConnectState(PEOPLE, StoredSecrets(pbx_password=True, webhook=True), SecretsHome("Test", "keyring"))


@pytest.fixture
def dialog(qapp: QApplication) -> Iterator[ConnectDialog]:
    dialog = ConnectDialog()
    dialog.fill(FORM, STATE)
    show(dialog)
    dialog.activateWindow()
    assert QTest.qWaitForWindowActive(dialog)
    yield dialog
    dialog.close()
    dialog.deleteLater()
    finish_deletions()


def test_stored_secrets_are_named_as_stored_and_never_shown_back(dialog: ConnectDialog) -> None:
    for field in (dialog.pbx.password_field, dialog.pbx.key_field, dialog.bitrix24.webhook_field):
        assert field.echoMode() is QLineEdit.EchoMode.Password
        assert field.text() == ""
    assert dialog.pbx.password_field.placeholderText().startswith("stored")
    assert dialog.bitrix24.webhook_field.placeholderText().startswith("stored")
    assert not dialog.pbx.key_field.placeholderText().startswith("stored")
    filled = ConnectForm(
        password="secret1",
        key="secret2",
        bitrix24=Bitrix24Form(webhook="secret3", client_secret="secret4", refresh_token="secret5"),
        amocrm=AmocrmForm(token="secret6", client_secret="secret7", refresh_token="secret8"),
    )
    shown = repr(filled)
    assert not [f"secret{place}" for place in range(1, 9) if f"secret{place}" in shown]


def test_one_way_of_signing_in_is_shown_at_a_time(dialog: ConnectDialog) -> None:
    assert dialog.pbx.login_field.isVisible()
    assert not dialog.pbx.key_field.isVisible()
    dialog.pbx.key_radio.click()
    assert not dialog.pbx.password_field.isVisible()
    assert dialog.pbx.key_field.isVisible()
    assert dialog.form().uses_key


@pytest.mark.parametrize(
    ("field", "pressed"),
    [
        ("pbx_address", "check_pbx"),
        ("pbx_password", "check_pbx"),
        ("bitrix24_webhook", "check_bitrix24"),
        ("my_crm_user", "connect_save"),
    ],
)
def test_enter_checks_the_server_the_cursor_is_at_and_saves_elsewhere(
    dialog: ConnectDialog, field: str, pressed: str
) -> None:
    heard: list[str] = []
    dialog.check_pbx_requested.connect(lambda: heard.append("check_pbx"))
    dialog.check_bitrix24_requested.connect(lambda: heard.append("check_bitrix24"))
    dialog.save_requested.connect(lambda: heard.append("connect_save"))
    line = dialog.findChild(QLineEdit, field)
    assert isinstance(line, QLineEdit)
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert heard == [pressed]


def test_answers_stand_beside_the_button_in_words_and_with_a_glyph(dialog: ConnectDialog) -> None:
    dialog.show_state(ConnectState(PEOPLE, pbx_check=CheckState(is_running=True)))
    assert not dialog.pbx.check_button.isEnabled()
    assert dialog.pbx.answer.text() == "Checking…"
    good = CheckState(False, pbx_answer(CheckResult("signed_in", ok=True, params={"calls": 7})), True)
    bad = CheckState(False, bitrix24_answer(CheckResult("wrong_auth_type", ok=False)), False)
    dialog.show_state(ConnectState(PEOPLE, pbx_check=good, bitrix24_check=bad))
    assert dialog.pbx.check_button.isEnabled()
    assert dialog.pbx.answer.text() == "✓ Signed in, live calls visible: 7."
    assert dialog.bitrix24.answer.text().startswith("✕ Bitrix24 wants an application for registering calls")


def test_a_new_state_touches_nothing_that_was_typed(dialog: ConnectDialog) -> None:
    QTest.keyClicks(dialog.pbx.password_field, "hunter2")
    QTest.keyClicks(dialog.bitrix24.webhook_field, "https://x")
    before = dialog.form()
    focused = QApplication.focusWidget()
    dialog.show_state(ConnectState(PEOPLE, StoredSecrets(), SecretsHome("memory", "memory", "no_keyring")))
    assert dialog.form() == before
    assert before.password == "hunter2"
    assert QApplication.focusWidget() is focused


def test_sign_out_is_offered_only_while_something_is_stored(dialog: ConnectDialog) -> None:
    assert dialog.sign_out_button.isEnabled()
    dialog.show_state(ConnectState(PEOPLE))
    assert not dialog.sign_out_button.isEnabled()


def test_problems_stand_beside_their_fields(dialog: ConnectDialog) -> None:
    problems = ((ConnectField.ADDRESS, field_problem("insecure_url")), (ConnectField.WHOLE, "Nothing could be saved."))
    dialog.show_state(ConnectState(PEOPLE, problems=problems))
    assert dialog.pbx.problems[ConnectField.ADDRESS].text() == "✕ Only https:// addresses are allowed."
    assert dialog.problem_label.text() == "Nothing could be saved."
    dialog.focus_problem(ConnectField.EMPLOYEE)
    assert dialog.me.employee_field.hasFocus()


def test_an_employee_is_chosen_from_the_list_or_typed_as_a_number() -> None:
    assert employee_id_of(employee_label(PEOPLE[0]), PEOPLE) == 2001
    assert employee_id_of("Гусев Пётр", PEOPLE) == 2002
    assert employee_id_of(" 77 ", PEOPLE) == 77
    assert employee_id_of("Nobody", PEOPLE) is None
    assert [whole_number(text) for text in ("7", " 12 ", "0", "-1", "1.5", "", "٣", "9" * 19)] == [
        7, 12, None, None, None, None, None, None,
    ]  # fmt: skip


def test_the_check_fills_in_who_i_am_in_bitrix24_only_where_nothing_stands(dialog: ConnectDialog) -> None:
    dialog.suggest_crm_user(9)
    assert dialog.form().crm_user_text == "7"
    dialog.me.crm_user_field.clear()
    dialog.suggest_crm_user(9)
    assert dialog.form().crm_user_text == "9"


def test_hostile_text_stays_plain(dialog: ConnectDialog) -> None:
    hostile = "<img src='file:///etc/passwd'><b>x</b>"
    answer = CheckState(False, bitrix24_answer(CheckResult("ready", ok=True, params={"name": hostile})), True)
    dialog.show_state(ConnectState(PEOPLE, home=SecretsHome(hostile, "keyring"), bitrix24_check=answer))
    for label in dialog.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText, label.objectName()


def test_everything_has_a_name_and_every_field_a_label(dialog: ConnectDialog) -> None:
    buddies = {label.buddy() for label in dialog.findChildren(QLabel)}
    for kind in (QLineEdit, QComboBox):
        for field in dialog.findChildren(kind):
            if field.parent() not in (dialog.me.employee_field, dialog.amocrm.user_field):
                assert field.objectName()
                assert field in buddies, field.objectName()
    for button in dialog.findChildren(QAbstractButton):
        assert button.objectName()
        assert button.accessibleName() == button.text()


PBX_CODES = (
    "address_missing", "login_missing", "password_missing", "key_missing", "insecure_url", "bad_url", "dns", "connect",
    "proxy", "tls", "connect_timeout", "read_timeout", "connection_lost", "reply_undecodable", "auth_error",
    "access_token_invalid", "access_token_expired", "access_token_blocked", "ip_not_whitelisted", "component_disabled",
    "account_inactive", "forbidden", "limit_exceeded", "method_not_found", "internal_error",
)  # fmt: skip


@pytest.mark.parametrize("code", PBX_CODES)
def test_each_answer_of_the_phone_system_has_a_sentence_of_its_own_words(code: str) -> None:
    sentence = pbx_answer(CheckResult(code, ok=False, error=Refused(code)))
    assert sentence.endswith(".")
    assert len(sentence) > 12
    assert f"({code})" not in sentence


@pytest.mark.parametrize(
    "code",
    [
        *sorted(code.lower() for code in SIGN_IN_CODES | RIGHTS_CODES | LIMIT_CODES),
        "crm_user_not_found", "crm_not_installed", "portal_moved", "webhook_missing", "webhook_shape", "dns", "tls",
        "connect", "read_timeout", "too_many_requests", "sign_in_refused",
    ],
)  # fmt: skip
def test_each_answer_of_bitrix24_has_a_sentence_of_its_own_words(code: str) -> None:
    sentence = bitrix24_answer(CheckResult(code, ok=False, params={"user_id": 7}, error=Refused(code)))
    assert sentence.endswith((".", "/."))
    assert f"({code})" not in sentence


@pytest.mark.parametrize("reason", ["expired", "not_yet_valid", "wrong_host", "unknown_ca", "self_signed", "other", ""])
def test_a_bad_certificate_is_told_by_what_is_wrong_with_it(reason: str) -> None:
    sentence = pbx_answer(CheckResult("tls", ok=False, params={"reason": reason}, error=LinkDown("tls")))
    assert "certificate" in sentence or "secure connection" in sentence


def test_an_answer_nobody_foresaw_still_gets_a_sentence() -> None:
    assert "zzz" in pbx_answer(CheckResult("zzz", ok=False))
    assert bitrix24_answer(CheckResult("zzz", ok=False, error=OutcomeUnknown("zzz")))


def test_where_the_secrets_go_is_told_with_the_reason_when_it_is_nowhere() -> None:
    assert secrets_home_sentence(SecretsHome()) == ""
    assert "SecretService" in secrets_home_sentence(SecretsHome("SecretService", "keyring"))
    assert "PULT_*" in secrets_home_sentence(SecretsHome("PULT_*", "environment"))
    for reason in ("no_keyring", "backend_refused", "keyring_locked", "keyring_timeout", "keyring_failed"):
        sentence = secrets_home_sentence(SecretsHome("memory", "memory", reason))
        assert "this run only" in sentence
        assert reason not in sentence


def _long_answers() -> ConnectState:
    fields = {
        ConnectField.ADDRESS: "bad_url",
        ConnectField.LOGIN: "login_missing",
        ConnectField.PASSWORD: "password_missing",
        ConnectField.WEBHOOK: "webhook_shape",
        ConnectField.EMPLOYEE: "employee_unknown",
        ConnectField.CRM_USER: "crm_user_bad",
        ConnectField.WHOLE: "saved_not_signed_in",
    }
    pbx, bitrix24 = CheckResult("ip_not_whitelisted", ok=False), CheckResult("wrong_auth_type", ok=False)
    return ConnectState(
        PEOPLE,
        pbx_check=CheckState(False, pbx_answer(pbx), False),
        bitrix24_check=CheckState(False, bitrix24_answer(bitrix24), False),
        problems=tuple((field, field_problem(code)) for field, code in fields.items()),
    )


def _squashed(dialog: ConnectDialog) -> list[str]:
    parts = [*dialog.findChildren(QLineEdit), *dialog.findChildren(QLabel), *dialog.findChildren(QAbstractButton)]
    return [
        part.objectName()
        for part in parts
        if part.isVisible() and part.objectName() and part.height() < _wanted_height(part)
    ]


def _wanted_height(part: QWidget) -> int:
    return part.heightForWidth(part.width()) if part.hasHeightForWidth() else part.minimumSizeHint().height()


def test_long_answers_everywhere_squash_no_field_and_cut_no_answer(dialog: ConnectDialog) -> None:
    height_before, field_before = dialog.height(), dialog.pbx.login_field.height()
    dialog.show_state(_long_answers())
    QApplication.processEvents()
    assert dialog.height() > height_before, "it grows"
    assert dialog.pbx.login_field.height() == field_before
    assert _squashed(dialog) == []


def test_on_a_low_screen_the_answers_scroll_and_the_buttons_stay(dialog: ConnectDialog) -> None:
    dialog.show_state(_long_answers())
    dialog.resize(dialog.width(), 360)
    QApplication.processEvents()
    assert _squashed(dialog) == []
    assert dialog.area.verticalScrollBar().maximum() > 0
    assert dialog.rect().contains(dialog.save_button.geometry())
    dialog.focus_problem(ConnectField.CRM_USER)
    assert dialog.me.crm_user_field.visibleRegion().boundingRect().height() == dialog.me.crm_user_field.height()
    assert not dialog.me.problems[ConnectField.CRM_USER].visibleRegion().isEmpty()
