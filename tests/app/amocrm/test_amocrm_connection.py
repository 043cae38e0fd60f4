"""Connecting amoCRM from settings and secrets: long-lived tokens, an integration's renewing pair, and the check."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.bootstrap import open_services
from app.clock import SystemClock
from app.connection_check import AmocrmCredentials, CheckResult, ConnectionCheck, check_amocrm
from app.crm.port import CardProgress, CardToWrite
from app.domain.calls import Direction
from app.domain.wrap_up import UnknownNumberChoice
from app.errors import SignInRefused
from app.http import HttpSession
from app.integrations import amocrm_tokens, build_amocrm, plan_steps
from app.oauth import StaticToken, TokenSources, expires_at
from app.paths import Folders
from app.secrets import AMOCRM_CLIENT_SECRET, AMOCRM_REFRESH_TOKEN, AMOCRM_TOKEN, SecretStore
from app.settings import Settings, parse_settings
from app.simulator.config import SimulatorConfig
from app.simulator.faults import HtmlPage
from app.simulator.runner import Simulator
from tests.app.oauth.office_world import DictKeyring
from tests.helpers.clock import FakeClock

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


def jwt(ends_at: datetime | None) -> str:
    """A token as the cabinet gives it; nothing here checks its signature."""
    claims = {"aud": "x", "exp": int(ends_at.timestamp())} if ends_at else {"aud": "x"}
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({}, claims)]
    return f"{parts[0]}.{parts[1]}.c2lnbmF0dXJl"


def settings_of(simulator: Simulator, *, by_integration: bool = False) -> Settings:
    lines = ["[bitrix24]", "enabled = false", "[amocrm]", f'account_url = "{simulator.amocrm_url}"']
    if by_integration:
        lines += [f'client_id = "{simulator.config.amocrm_client_id}"']
        lines += [f'redirect_uri = "{simulator.config.amocrm_redirect_uri}"']
    return parse_settings("\n".join(lines).encode())


def secrets_of(simulator: Simulator, *, by_integration: bool = False) -> dict[str, str]:
    config = simulator.config
    if by_integration:
        return {AMOCRM_CLIENT_SECRET: config.amocrm_client_secret, AMOCRM_REFRESH_TOKEN: config.amocrm_refresh_token}
    return {AMOCRM_TOKEN: config.amocrm_token}


@asynccontextmanager
async def secret_store(values: dict[str, str]) -> AsyncIterator[SecretStore]:
    secrets = SecretStore(Path("/data/amocrm"), keyring=DictKeyring(), environment={})
    try:
        for name, value in values.items():
            await secrets.set(name, value)
        yield secrets
    finally:
        await secrets.aclose()


@pytest.mark.parametrize("by_integration", [False, True])
async def test_a_card_goes_from_settings_and_secrets_to_the_account(tmp_path: Path, *, by_integration: bool) -> None:
    async with Simulator() as simulator, secret_store(secrets_of(simulator, by_integration=by_integration)) as secrets:
        simulator.amocrm.add_contact("CONTACT", 5, "Мария", "79062195047", 9_000_001)
        folders = Folders(tmp_path / "config.toml", tmp_path, tmp_path, tmp_path)
        folders.create()
        settings = settings_of(simulator, by_integration=by_integration)
        async with open_services(settings, folders, secrets) as services:
            assert services.amocrm is not None
            assert services.directory is None
            found = await services.amocrm.find_customers("79062195047")
            assert [customer.crm_entity_id for customer in found] == [5]
            crm = await build_amocrm(settings, secrets, services.http, services.clock, services.tokens)
            assert crm is not None
            card = CardToWrite("k", Direction.INBOUND, "79062195047", "", services.clock.now(), 1, "200", None)
            await crm.perform("call", card, CardProgress())
            if by_integration:
                simulator.amocrm.desk.expire_access()
                assert await services.amocrm.find_customers("79062195047")
                assert simulator.amocrm.desk.renewals >= 2
        assert len(simulator.amocrm.calls_of("k")) == 1


async def test_an_account_without_its_token_or_address_is_not_connected() -> None:
    async with Simulator() as simulator, secret_store({}) as secrets:
        http = HttpSession(user_agent="pult-tests/0", clock=SystemClock())
        tokens = TokenSources(secrets)
        try:
            for settings in (
                Settings(),
                settings_of(simulator),
                settings_of(simulator, by_integration=True),
            ):
                assert await build_amocrm(settings, secrets, http, SystemClock(), tokens) is None
        finally:
            await tokens.aclose()
            await http.aclose()


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("", ["register", "finish"]),
        ('[amocrm]\naccount_url = "https://example.amocrm.ru"', ["register", "finish", "contact", "call"]),
        ('[bitrix24]\nenabled = false\n[amocrm]\naccount_url = "https://example.amocrm.ru"', ["contact", "call"]),
        ("[bitrix24]\nenabled = false", []),
    ],
)
def test_the_settings_say_which_crms_a_card_goes_to(text: str, steps: list[str]) -> None:
    choice = UnknownNumberChoice.CREATE_CONTACT
    card = CardToWrite("k", Direction.INBOUND, "79062195047", "", NOW, 1, "200", 7, unknown_number=choice)
    assert [step.name for step in plan_steps(parse_settings(text.encode()), card)] == steps


async def test_a_good_token_says_whose_account_it_opens_and_makes_nothing() -> None:
    async with Simulator() as simulator:
        result = await check_amocrm(AmocrmCredentials(simulator.amocrm_url, simulator.config.amocrm_token))
        assert (result.code, result.ok) == ("amocrm_ready", True)
        assert result.params["user_id"] == simulator.config.amocrm_user_id
        assert result.params["user_name"] == "Оператор"
        assert result.params["account_id"] == simulator.config.amocrm_account_id
        assert "expires_in_days" not in result.params
        assert {entry.operation for entry in simulator.journal.entries} == {"GET account", "GET users"}


async def test_a_user_who_does_not_exist_is_told_where_the_users_may_be_read() -> None:
    async with Simulator() as simulator:
        credentials = AmocrmCredentials(simulator.amocrm_url, simulator.config.amocrm_token, user_id=404)
        result = await check_amocrm(credentials)
        assert (result.code, result.ok, result.params["user_id"]) == ("amo_user_not_found", False, 404)
        simulator.amocrm.switches.is_admin = False
        believed = await check_amocrm(credentials)
        assert (believed.code, believed.params["user_id"]) == ("amocrm_ready", 404)


@pytest.mark.parametrize(
    ("left", "code", "told"),
    [
        (timedelta(days=400), "amocrm_ready", {"expires_in_days": 400}),
        (timedelta(days=14, hours=1), "amocrm_ready", {"expires_in_days": 14}),
        (timedelta(days=13), "amocrm_ready", {"expires_in_days": 13, "expires_soon": 1}),
        (timedelta(hours=1), "amocrm_ready", {"expires_in_days": 0, "expires_soon": 1}),
        (timedelta(hours=-1), "amo_token_expired", {"expires_in_days": -1, "expires_soon": 1}),
    ],
)
async def test_the_end_of_a_long_lived_token_is_told_two_weeks_before(
    left: timedelta, code: str, told: dict[str, int]
) -> None:
    token = jwt(NOW + left)
    async with Simulator(SimulatorConfig(amocrm_token=token)) as simulator:
        clock = FakeClock(NOW)
        checking = asyncio.ensure_future(check_amocrm(AmocrmCredentials(simulator.amocrm_url, token), clock=clock))
        while not checking.done():
            await clock.pass_time(0.2)
            await asyncio.wait({checking}, timeout=0.01)
        result = await checking
        assert result.code == code
        assert {name: value for name, value in result.params.items() if name.startswith("expires")} == told
        assert bool(simulator.journal.entries) == result.ok
        assert token not in repr(result)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "plain",
        "a.b",
        "a.b.c",
        "..",
        "a.!!!.c",
        "a.bnVsbA.c",
        "a.W10.c",
        "a.eyJleHAiOiJ4In0.c",
        "a.eyJleHAiOjFlMzB9.c",
    ],
)
def test_a_token_that_does_not_say_when_it_ends_is_no_error(token: str) -> None:
    assert expires_at(token) is None
    assert expires_at(jwt(None)) is None
    assert expires_at(jwt(NOW)) == NOW


@pytest.mark.parametrize(
    ("credentials", "code"),
    [
        (AmocrmCredentials("", "x"), "amo_address_missing"),
        (AmocrmCredentials("http://example.amocrm.ru", "x"), "insecure_url"),
        (AmocrmCredentials("example.amocrm.ru", "x"), "bad_url"),
        (AmocrmCredentials("https://example.amocrm.ru"), "amo_token_missing"),
    ],
)
async def test_what_is_missing_is_told_without_asking_anybody(credentials: AmocrmCredentials, code: str) -> None:
    assert await check_amocrm(credentials) == CheckResult(code, ok=False)


async def test_each_fault_of_the_account_ends_in_a_code_of_its_own() -> None:
    async with Simulator() as simulator:
        good = AmocrmCredentials(simulator.amocrm_url, simulator.config.amocrm_token)
        wrong = AmocrmCredentials(simulator.amocrm_url, "wr0ng-token-77")
        refused = await check_amocrm(wrong)
        assert (refused.code, refused.ok) == ("amo_token_refused", False)
        assert "wr0ng-token-77" not in repr(refused) + repr(wrong)
        simulator.amocrm.switches.is_forbidden = True
        assert (await check_amocrm(good)).code == "amo_address_not_allowed"
        simulator.amocrm.switches.is_forbidden = False
        simulator.faults.add(HtmlPage(), face="amocrm")
        assert (await check_amocrm(good)).code == "http_status"
        simulator.set_down("amocrm", down=True)
        assert (await check_amocrm(good)).code in {"connect", "connection_lost"}


async def test_the_check_with_what_is_saved_uses_the_processs_own_tokens() -> None:
    async with Simulator() as simulator, secret_store(secrets_of(simulator, by_integration=True)) as secrets:
        http = HttpSession(user_agent="pult-tests/0", clock=SystemClock())
        settings = settings_of(simulator, by_integration=True)
        sources = TokenSources(secrets)
        try:
            tokens = await amocrm_tokens(settings, secrets, http, sources)
            check = ConnectionCheck(settings, secrets, SystemClock())
            assert (await check.check_amocrm(tokens)).code == "amocrm_ready"
            assert (await check.check_amocrm(tokens)).code == "amocrm_ready"
            assert simulator.amocrm.desk.renewals == 1
            assert (await check.check_amocrm()).code == "amo_token_missing"
            simulator.amocrm.desk.revoke()
            refused = await check.check_amocrm(tokens)
            assert refused.code == "oauth_sign_in_again"
            assert isinstance(refused.error, SignInRefused)
        finally:
            await sources.aclose()
            await http.aclose()


async def test_a_long_lived_token_that_is_saved_is_checked() -> None:
    async with Simulator() as simulator, secret_store(secrets_of(simulator)) as secrets:
        check = ConnectionCheck(settings_of(simulator), secrets, SystemClock())
        assert (await check.check_amocrm()).code == "amocrm_ready"
        assert (await check.check_amocrm(StaticToken("other"))).code == "token_refused"
