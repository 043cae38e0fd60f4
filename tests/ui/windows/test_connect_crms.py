"""*Connect* and the CRMs: Bitrix24 by a local application, amoCRM by a token or an integration, what is stored when."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import msgspec
import pytest

from app.connection_check import CheckResult
from app.errors import SignInRefused
from app.secrets import (
    AMOCRM_CLIENT_SECRET,
    AMOCRM_REFRESH_TOKEN,
    AMOCRM_TOKEN,
    BITRIX24_CLIENT_SECRET,
    BITRIX24_REFRESH_TOKEN,
    SECRET_NAMES,
)
from app.settings import Settings, load_settings, parse_settings
from tests.helpers.waiting import until
from tests.ui.windows.test_connect_presenter import Desk, open_desk
from ui.texts.connect import amocrm_answer, bitrix24_answer
from ui.windows.connect_form import form_of, form_problems, settings_with, user_id_of
from ui.windows.connect_state import AmocrmForm, Bitrix24Form, ConnectField, ConnectForm

OAUTH = '[bitrix24]\noauth_url = "{url}"\n'


def take_application(desk: Desk) -> None:
    """The fields of a local application, typed."""
    config, box = desk.simulator.config, desk.dialog.bitrix24
    box.second_radio.click()
    box.portal_field.setText(desk.simulator.bitrix24_oauth_url.removesuffix("/oauth/token/"))
    box.client_id_field.setText(config.bitrix_client_id)
    box.client_secret_field.setText(config.bitrix_client_secret)
    box.refresh_token_field.setText(config.bitrix_refresh_token)


def take_account(desk: Desk) -> None:
    """The fields of amoCRM with its long-lived token, typed."""
    box = desk.dialog.amocrm
    box.setChecked(True)
    box.account_field.setText(desk.simulator.amocrm_url)
    box.token_field.setText(desk.simulator.config.amocrm_token)


def take_integration(desk: Desk) -> None:
    config, box = desk.simulator.config, desk.dialog.amocrm
    take_account(desk)
    box.second_radio.click()
    box.client_id_field.setText(config.amocrm_client_id)
    box.client_secret_field.setText(config.amocrm_client_secret)
    box.refresh_token_field.setText(config.amocrm_refresh_token)
    box.redirect_field.setText(config.amocrm_redirect_uri)


def with_oauth_url(desk: Desk) -> None:
    """The simulator's office stands elsewhere than the vendor's."""
    settings = desk.presenter.settings
    bitrix24 = msgspec.structs.replace(settings.bitrix24, oauth_url=desk.simulator.bitrix24_oauth_url)
    desk.presenter.settings = msgspec.structs.replace(settings, bitrix24=bitrix24)


async def test_a_local_application_is_checked_and_saved_with_the_pair_that_came_back(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        with_oauth_url(desk)
        desk.type_everything()
        take_application(desk)
        desk.dialog.bitrix24.check_button.click()
        await until(
            lambda: "(user 7)" in desk.dialog.bitrix24.answer.text(), 10, what=desk.dialog.bitrix24.answer.text()
        )
        kept = await desk.secrets.get(BITRIX24_REFRESH_TOKEN)
        assert kept is not None
        assert kept != desk.simulator.config.bitrix_refresh_token, "the one typed is used up"
        desk.dialog.bitrix24.refresh_token_field.clear()
        desk.dialog.save_button.click()
        await until(lambda: not desk.dialog.isVisible(), 10, what="dialog closed")
        saved = load_settings(desk.config_file)
        assert saved.bitrix24.client_id == desk.simulator.config.bitrix_client_id
        text = desk.config_file.read_text("utf-8")
        assert desk.simulator.config.bitrix_client_secret not in text
        assert desk.services.directory is not None
        assert (await desk.services.directory.who_am_i()).user_id == 7
        assert await desk.secrets.get(BITRIX24_CLIENT_SECRET) == desk.simulator.config.bitrix_client_secret


async def test_a_used_up_refresh_token_is_told_with_what_to_do(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        with_oauth_url(desk)
        take_application(desk)
        desk.dialog.bitrix24.refresh_token_field.setText("used-up-long-ago")
        desk.dialog.bitrix24.check_button.click()
        await until(lambda: "new refresh token" in desk.dialog.bitrix24.answer.text(), 10, what="told")


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("portal_field", "portal's address"),
        ("client_id_field", "Give the ID"),
        ("client_secret_field", "Give the key"),
        ("refresh_token_field", "good for one use"),
    ],
)
async def test_what_an_application_lacks_is_told_without_asking_anybody(field: str, words: str, tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        take_application(desk)
        getattr(desk.dialog.bitrix24, field).clear()
        desk.dialog.bitrix24.check_button.click()
        await until(lambda: words in desk.dialog.bitrix24.answer.text(), 10, what=words)
        assert desk.simulator.journal.entries_of("oauth.token") == []


async def test_amocrm_is_checked_by_its_token_and_offers_its_users(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        desk.type_everything()
        take_account(desk)
        desk.dialog.amocrm.check_button.click()
        await until(lambda: desk.dialog.amocrm.answer.text() not in ("", "Checking…"), 10, what="the answer")
        assert "amoCRM answers" in desk.dialog.amocrm.answer.text()
        config = desk.simulator.config
        assert user_id_of(desk.dialog.form().amocrm.user_text) == config.amocrm_user_id
        assert desk.dialog.amocrm.user_field.count() > 0
        assert "·" in desk.dialog.form().amocrm.user_text, "by name"
        assert await desk.secrets.get(AMOCRM_TOKEN) is None, "a check of a token stores nothing"
        desk.dialog.save_button.click()
        await until(lambda: not desk.dialog.isVisible(), 10, what="dialog closed")
        saved = load_settings(desk.config_file)
        assert saved.amocrm.account_url == desk.simulator.amocrm_url
        assert saved.amocrm.user_id == config.amocrm_user_id
        assert await desk.secrets.get(AMOCRM_TOKEN) == config.amocrm_token
        assert config.amocrm_token not in desk.config_file.read_text("utf-8")
        assert desk.services.amocrm is not None


async def test_an_integration_of_amocrm_keeps_the_pair_that_came_back(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        take_integration(desk)
        desk.dialog.amocrm.check_button.click()
        await until(lambda: desk.dialog.amocrm.answer.text() not in ("", "Checking…"), 10, what="the answer")
        assert "amoCRM answers" in desk.dialog.amocrm.answer.text()
        kept = await desk.secrets.get(AMOCRM_REFRESH_TOKEN)
        assert kept is not None
        assert kept != desk.simulator.config.amocrm_refresh_token
        assert await desk.secrets.get(AMOCRM_CLIENT_SECRET) == desk.simulator.config.amocrm_client_secret


async def test_a_wrong_token_of_amocrm_is_told_and_stands_in_no_part_of_the_answer(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        take_account(desk)
        desk.dialog.amocrm.token_field.setText("wrong-token-71c9")
        desk.dialog.amocrm.check_button.click()
        await until(lambda: "does not accept the token" in desk.dialog.amocrm.answer.text(), 10, what="told")
        assert "71c9" not in desk.dialog.amocrm.answer.text()


async def test_signing_out_takes_every_secret_of_both_crms(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        for name in SECRET_NAMES:
            await desk.secrets.set(name, f"value of {name}")
        desk.dialog.sign_out_requested.emit()
        await until(lambda: desk.keyring.entries == {}, 10, what="keyring empty")


async def test_a_crm_switched_off_shows_nothing_of_itself(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        dialog = desk.dialog
        assert not dialog.amocrm.account_field.isVisible()
        dialog.amocrm.setChecked(True)
        assert dialog.amocrm.token_field.isVisible()
        assert not dialog.amocrm.refresh_token_field.isVisible()
        dialog.bitrix24.setChecked(False)
        assert not dialog.bitrix24.webhook_field.isVisible()
        dialog.bitrix24.setChecked(True)
        assert dialog.bitrix24.webhook_field.isVisible()


def test_a_token_that_ends_soon_warns_in_the_answer() -> None:
    soon = CheckResult(
        "amocrm_ready", ok=True, params={"name": "Ромашка", "user_id": 5, "expires_in_days": 9, "expires_soon": 1}
    )
    late = CheckResult("amocrm_ready", ok=True, params={"name": "Ромашка", "user_id": 5, "expires_in_days": 400})
    assert "ends in 9 days" in amocrm_answer(soon)
    assert "ends" not in amocrm_answer(late)


def test_an_expired_token_is_told_before_it_is_tried() -> None:
    claims = base64.urlsafe_b64encode(json.dumps({"exp": 1}).encode()).decode().rstrip("=")
    assert f"x.{claims}.x"
    assert "has ended" in amocrm_answer(CheckResult("amo_token_expired", ok=False, params={"expires_in_days": -1}))


@pytest.mark.parametrize("code", ["oauth_sign_in_again", "oauth_client_refused", "oauth_pair_lost"])
def test_refusals_of_the_token_office_have_words_of_their_crm(code: str) -> None:
    result = CheckResult(code, ok=False, error=SignInRefused(code))
    assert "Bitrix24" in bitrix24_answer(result)
    assert "amoCRM" in amocrm_answer(result)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (AmocrmForm(), ()),
        (AmocrmForm(is_enabled=True), ((ConnectField.ACCOUNT, "amo_address_missing"),)),
        (AmocrmForm(is_enabled=True, account_url="http://a.test"), ((ConnectField.ACCOUNT, "insecure_url"),)),
        (
            AmocrmForm(is_enabled=True, account_url="https://a.test", user_text="Анна"),
            ((ConnectField.AMOCRM_USER, "crm_user_bad"),),
        ),
        (AmocrmForm(is_enabled=True, account_url="https://a.test", user_text="Анна · 12"), ()),
        (
            AmocrmForm(is_enabled=True, account_url="https://a.test", uses_integration=True, redirect_uri="nowhere"),
            ((ConnectField.REDIRECT, "bad_url"),),
        ),
    ],
)
def test_only_what_is_wrong_with_amocrm_stops_saving(
    form: AmocrmForm, expected: tuple[tuple[ConnectField, str], ...]
) -> None:
    assert form_problems(ConnectForm("https://pbx.test", amocrm=form), ()) == expected


def test_a_portal_that_is_no_address_stops_saving() -> None:
    form = ConnectForm("https://pbx.test", bitrix24=Bitrix24Form(uses_application=True, portal_url="http://b.test"))
    assert form_problems(form, ()) == ((ConnectField.PORTAL, "insecure_url"),)


def test_what_is_set_comes_back_as_it_was() -> None:
    before = parse_settings(
        b'[bitrix24]\nportal_url = "https://b.test"\nclient_id = "local.1"\nrecording = "link"\n'
        b'[amocrm]\naccount_url = "https://a.test"\nclient_id = "i"\nredirect_uri = "https://r.test"\nuser_id = 5\n'
        b'unknown_number = "skip"\n'
    )
    assert settings_with(before, form_of(before, ()), ()) == before


def test_the_way_not_taken_leaves_the_settings() -> None:
    before = parse_settings(b'[bitrix24]\nportal_url = "https://b.test"\nclient_id = "local.1"\n')
    after = settings_with(before, ConnectForm("https://pbx.test"), ())
    assert after.bitrix24.client_id is None
    assert after.bitrix24.portal_url == "https://b.test", "links still lead there"
    off = settings_with(before, ConnectForm("https://pbx.test", bitrix24=Bitrix24Form(is_enabled=False)), ())
    assert off.bitrix24.client_id == "local.1"
    assert not off.bitrix24.enabled
    assert settings_with(Settings(), ConnectForm("https://pbx.test"), ()).amocrm.account_url is None
