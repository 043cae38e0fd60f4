"""The checks of *Connect* against the real simulator: each fault of either server ends in a code of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.connection_check import (
    Bitrix24Credentials,
    CheckResult,
    ConnectionCheck,
    PbxCredentials,
    check_bitrix24,
    check_pbx,
    webhook_problem,
)
from app.secrets import BITRIX24_WEBHOOK, PBX_PASSWORD, SecretStore
from app.settings import Settings, parse_settings
from app.simulator.config import SimulatorConfig
from app.simulator.faults import BlackHole, Fault, HalfReply, HtmlPage, LoseReply, Status200Error
from app.simulator.runner import Simulator

_NO_FOLDER = Path("/nonexistent/pult-connection-check")


def _login(simulator: Simulator, *, url: str | None = None, password: str | None = None) -> PbxCredentials:
    config = simulator.config
    return PbxCredentials(url or simulator.pbx_url, config.login, password or config.password)


async def _check(simulator: Simulator, credentials: PbxCredentials | None = None) -> CheckResult:
    return await check_pbx(credentials or _login(simulator), deadline_s=2.0)


async def test_a_good_login_says_how_many_calls_are_visible_and_leaves_no_session_behind() -> None:
    async with Simulator() as simulator:
        simulator.pbx.ring_in("79161234567", employees=[simulator.config.employee_id])
        simulator.pbx.ring_in("79161234568", employees=[simulator.config.employee_id])
        result = await _check(simulator)
        assert (result.code, result.ok, result.params["calls"]) == ("signed_in", True, 2)
        assert [entry.outcome for entry in simulator.journal.entries_of("logout.user")] == ["ok"]


async def test_a_permanent_key_signs_in_and_is_not_logged_out() -> None:
    async with Simulator() as simulator:
        key = simulator.config.permanent_token
        result = await check_pbx(PbxCredentials(simulator.pbx_url, key=key, uses_key=True))
        assert (result.code, result.ok) == ("signed_in", True)
        assert simulator.journal.entries_of("logout.user") == []
        wrong = await check_pbx(PbxCredentials(simulator.pbx_url, key="no such key", uses_key=True))
        assert (wrong.code, wrong.ok) == ("access_token_invalid", False)


async def test_a_wrong_password_is_told_and_stands_in_no_part_of_the_answer() -> None:
    async with Simulator() as simulator:
        credentials = _login(simulator, password="Wrong-Horse-7")
        result = await _check(simulator, credentials)
        assert (result.code, result.ok) == ("auth_error", False)
        assert "Wrong-Horse-7" not in repr(result) + repr(credentials)


def _not_listed(simulator: Simulator) -> None:
    simulator.account.switches.is_ip_whitelisted = False


def _inactive(simulator: Simulator) -> None:
    simulator.account.switches.is_account_active = False


def _without_control(simulator: Simulator) -> None:
    simulator.account.switches.disabled_components.add("control")


@pytest.mark.parametrize(
    ("break_it", "code"),
    [
        (_not_listed, "ip_not_whitelisted"),
        (_inactive, "account_inactive"),
        (_without_control, "component_disabled"),
    ],
)
async def test_what_the_account_lacks_is_told_by_its_own_code(break_it: Callable[[Simulator], None], code: str) -> None:
    async with Simulator() as simulator:
        assert (await _check(simulator)).ok
        break_it(simulator)
        assert (await _check(simulator)).code == code


@pytest.mark.parametrize(
    ("fault", "codes"),
    [
        (LoseReply(), {"connection_lost"}),
        (HalfReply(), {"connection_lost", "reply_undecodable"}),
        (HtmlPage(), {"http_status", "reply_undecodable"}),
        (Status200Error(body=b"<html>hello</html>"), {"reply_undecodable"}),
        (BlackHole(), {"read_timeout"}),
    ],
)
@pytest.mark.parametrize("operation", ["login.user", "list.calls"])
async def test_a_broken_answer_of_the_phone_system_is_told_apart(fault: Fault, codes: set[str], operation: str) -> None:
    async with Simulator() as simulator:
        simulator.faults.add(fault, face="pbx", operation=operation, times=None)
        result = await check_pbx(_login(simulator), deadline_s=0.4)
        assert not result.ok
        assert result.code in codes
        assert result.error is not None


async def test_a_server_that_is_down_or_speaks_no_tls_is_told() -> None:
    async with Simulator() as simulator:
        plain = _login(simulator, url=simulator.pbx_url.replace("http://", "https://"))
        assert (await _check(simulator, plain)).code == "tls"
        simulator.set_down("pbx", down=True)
        assert (await _check(simulator)).code in {"connect", "connection_lost"}


async def test_another_service_at_the_address_is_not_taken_for_the_phone_system() -> None:
    async with Simulator() as simulator:
        other = _login(simulator, url=simulator.amocrm_url)
        result = await _check(simulator, other)
        assert not result.ok
        assert result.code in {"reply_undecodable", "reply_unexpected", "http_status"}


@pytest.mark.parametrize(
    ("credentials", "code"),
    [
        (PbxCredentials(""), "address_missing"),
        (PbxCredentials("http://callapi.example.test/v4.0", "login", "password"), "insecure_url"),
        (PbxCredentials("callapi.example.test", "login", "password"), "bad_url"),
        (PbxCredentials("https://callapi.example.test/v4.0"), "login_missing"),
        (PbxCredentials("https://callapi.example.test/v4.0", "login"), "password_missing"),
        (PbxCredentials("https://callapi.example.test/v4.0", "login", "password", uses_key=True), "key_missing"),
    ],
)
async def test_what_is_missing_is_told_without_asking_anybody(credentials: PbxCredentials, code: str) -> None:
    assert await check_pbx(credentials) == CheckResult(code, ok=False)


async def test_a_good_webhook_says_whom_calls_are_written_for_and_makes_nothing() -> None:
    async with Simulator() as simulator:
        result = await check_bitrix24(Bitrix24Credentials(simulator.webhook_url))
        assert (result.code, result.ok, result.params["user_id"]) == ("bitrix24_ready", True, 7)
        assert result.params["name"]
        portal = simulator.bitrix24
        assert not portal.open_calls
        assert not portal.activities
        assert not portal.leads


async def test_a_portal_that_wants_an_application_is_told_before_the_first_card() -> None:
    async with Simulator(SimulatorConfig(app_only=True)) as simulator:
        result = await check_bitrix24(Bitrix24Credentials(simulator.webhook_url))
        assert (result.code, result.ok) == ("wrong_auth_type", False)


async def test_a_bitrix24_user_who_does_not_exist_is_told_with_his_number() -> None:
    async with Simulator() as simulator:
        result = await check_bitrix24(Bitrix24Credentials(simulator.webhook_url, crm_user_id=999))
        assert (result.code, result.ok, result.params["user_id"]) == ("crm_user_not_found", False, 999)


async def test_a_wrong_webhook_is_told_and_its_secret_stands_in_no_part_of_the_answer() -> None:
    async with Simulator() as simulator:
        wrong = simulator.webhook_url.replace(simulator.config.webhook_secret, "wr0ngsecret77")
        credentials = Bitrix24Credentials(wrong)
        result = await check_bitrix24(credentials)
        assert not result.ok
        assert result.code in {"no_auth_found", "invalid_credentials"}
        assert "wr0ngsecret77" not in repr(result) + repr(credentials)


@pytest.mark.parametrize(
    ("fault", "codes"),
    [
        (HtmlPage(), {"http_status", "reply_undecodable"}),
        (LoseReply(), {"connection_lost"}),
        (Status200Error(), {"internal_server_error"}),
    ],
)
async def test_a_broken_answer_of_bitrix24_is_told_apart(fault: Fault, codes: set[str]) -> None:
    async with Simulator() as simulator:
        simulator.faults.add(fault, face="bitrix24", times=None)
        result = await check_bitrix24(Bitrix24Credentials(simulator.webhook_url))
        assert not result.ok
        assert result.code in codes


@pytest.mark.parametrize(
    ("webhook", "problem"),
    [
        ("https://portal.bitrix24.ru/rest/1/abc123def/", None),
        ("https://portal.bitrix24.ru/rest/1/abc123def", None),
        ("http://portal.bitrix24.ru/rest/1/abc123def/", "insecure_url"),
        ("https://portal.bitrix24.ru/", "webhook_shape"),
        ("https://portal.bitrix24.ru/rest/abc/def/", "webhook_shape"),
        ("https://portal.bitrix24.ru/rest/1/abc/profile.json", "webhook_shape"),
        ("https://portal.bitrix24.ru/rest/1/abc/?x=1", "webhook_shape"),
        ("portal", "webhook_shape"),
    ],
)
async def test_only_a_webhooks_address_passes_for_one(webhook: str, problem: str | None) -> None:
    assert webhook_problem(webhook) == problem
    if problem is not None:
        assert await check_bitrix24(Bitrix24Credentials(webhook)) == CheckResult(problem, ok=False)


async def test_what_is_saved_is_checked_the_same_way() -> None:
    async with Simulator() as simulator:
        values = {
            "PULT_PBX_PASSWORD": simulator.config.password,
            "PULT_BITRIX24_WEBHOOK": simulator.webhook_url,
        }
        secrets = SecretStore(_NO_FOLDER, environment=values)
        check = ConnectionCheck(_settings(simulator), secrets, SystemClock())
        assert (await check.check_pbx()).ok
        assert (await check.check_bitrix24()).ok
        assert (await check.describe_secrets()).kind == "environment"
        assert await secrets.get(PBX_PASSWORD)
        assert await secrets.get(BITRIX24_WEBHOOK)
        await secrets.aclose()


def _settings(simulator: Simulator) -> Settings:
    text = f'[pbx]\ncall_api_url = "{simulator.pbx_url}"\nlogin = "{simulator.config.login}"\n'
    return parse_settings(text.encode())
