"""The simulated token offices over real HTTP: a refresh token is good for one use, an access token for a while."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from app.simulator.faults import LoseReply
from tests.simulator.crm_client import Answer, CrmWorld, ask, crm_world

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def renew(world: CrmWorld, vendor: str, refresh_token: str, **changes: str) -> Answer:
    config = world.portal.config
    if vendor == "bitrix24":
        form = {"client_id": config.bitrix_client_id, "client_secret": config.bitrix_client_secret}
        form |= {"grant_type": "refresh_token", "refresh_token": refresh_token, **changes}
        return await ask(world.bitrix_port, "POST", "/oauth/token/", urlencode(form).encode(), FORM)
    body = {"client_id": config.amocrm_client_id, "client_secret": config.amocrm_client_secret}
    body |= {"redirect_uri": config.amocrm_redirect_uri, "grant_type": "refresh_token", "refresh_token": refresh_token}
    return await ask(world.amo_port, "POST", "/oauth2/access_token", json.dumps({**body, **changes}).encode())


def seed_of(world: CrmWorld, vendor: str) -> str:
    config = world.portal.config
    return config.bitrix_refresh_token if vendor == "bitrix24" else config.amocrm_refresh_token


async def opens(world: CrmWorld, vendor: str, token: str) -> int:
    if vendor == "amocrm":
        return (await world.amo("GET", "account", token=token)).http_status
    body = json.dumps({"auth": token}).encode()
    return (await ask(world.bitrix_port, "POST", "/rest/user.current", body)).http_status


@pytest.mark.parametrize("vendor", ["bitrix24", "amocrm"])
async def test_both_tokens_change_and_the_used_one_is_worth_nothing(vendor: str) -> None:
    async with crm_world() as world:
        first = (await renew(world, vendor, seed_of(world, vendor))).body
        assert await opens(world, vendor, first["access_token"]) == 200
        assert (await renew(world, vendor, seed_of(world, vendor))).http_status == 400
        second = (await renew(world, vendor, first["refresh_token"])).body
        assert second["refresh_token"] != first["refresh_token"]
        assert await opens(world, vendor, second["access_token"]) == 200


@pytest.mark.parametrize(("vendor", "ttl_s"), [("bitrix24", 3600), ("amocrm", 86_400)])
async def test_an_access_token_ends_by_the_virtual_clock(vendor: str, ttl_s: int) -> None:
    async with crm_world() as world:
        pair = (await renew(world, vendor, seed_of(world, vendor))).body
        assert pair["expires_in"] == ttl_s
        world.clock.advance(ttl_s - 1)
        assert await opens(world, vendor, pair["access_token"]) == 200
        world.clock.advance(1)
        assert await opens(world, vendor, pair["access_token"]) == 401
        assert (await renew(world, vendor, pair["refresh_token"])).http_status == 200


@pytest.mark.parametrize("vendor", ["bitrix24", "amocrm"])
async def test_a_refresh_token_ends_too(vendor: str) -> None:
    async with crm_world() as world:
        world.clock.advance(181 * 86_400)
        assert (await renew(world, vendor, seed_of(world, vendor))).http_status == 400


@pytest.mark.parametrize("vendor", ["bitrix24", "amocrm"])
async def test_a_lost_reply_leaves_nobody_with_a_good_token(vendor: str) -> None:
    async with crm_world() as world:
        operation = "oauth.token" if vendor == "bitrix24" else "POST oauth2/access_token"
        world.faults.add(LoseReply(), operation=operation)
        with pytest.raises(ConnectionError):
            await renew(world, vendor, seed_of(world, vendor))
        assert (await renew(world, vendor, seed_of(world, vendor))).http_status == 400


@pytest.mark.parametrize("vendor", ["bitrix24", "amocrm"])
async def test_a_strange_application_is_refused_and_uses_nothing_up(vendor: str) -> None:
    async with crm_world() as world:
        refused = await renew(world, vendor, seed_of(world, vendor), client_secret="wrong")
        assert refused.http_status == (400 if vendor == "bitrix24" else 401)
        assert (await renew(world, vendor, seed_of(world, vendor), grant_type="password")).http_status == 400
        assert (await renew(world, vendor, seed_of(world, vendor))).http_status == 200


async def test_bitrix24_names_the_portal_and_the_standards_codes() -> None:
    async with crm_world() as world:
        good = (await renew(world, "bitrix24", seed_of(world, "bitrix24"))).body
        assert good["client_endpoint"] == f"http://127.0.0.1:{world.bitrix_port}/rest/"
        refused = await renew(world, "bitrix24", "nonsense")
        assert refused.body["error"] == "invalid_grant"
        world.portal.desk.is_paid = False
        unpaid = await renew(world, "bitrix24", good["refresh_token"])
        assert unpaid.body["error"] == "PAYMENT_REQUIRED"


async def test_amocrm_wants_the_redirect_address_and_takes_a_code_once() -> None:
    async with crm_world() as world:
        wrong = await renew(world, "amocrm", seed_of(world, "amocrm"), redirect_uri="https://other.example.test/")
        assert wrong.http_status == 400
        code = world.account.desk.issue_code(1200.0)
        taken = [await renew(world, "amocrm", "", grant_type="authorization_code", code=code) for _ in range(2)]
        assert [answer.http_status for answer in taken] == [200, 400]
        assert (await ask(world.amo_port, "GET", "/oauth2/access_token")).http_status == 405
        for body in (b"", b"[]", b"{", b"\xff"):
            assert (await ask(world.amo_port, "POST", "/oauth2/access_token", body)).http_status == 400


async def test_no_token_reaches_the_journal() -> None:
    async with crm_world() as world:
        for vendor in ("bitrix24", "amocrm"):
            pair = (await renew(world, vendor, seed_of(world, vendor))).body
            await opens(world, vendor, pair["access_token"])
            written = repr(world.journal.entries)
            for secret in (pair["access_token"], pair["refresh_token"], seed_of(world, vendor)):
                assert secret not in written
