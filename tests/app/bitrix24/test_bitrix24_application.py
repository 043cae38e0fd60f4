"""Bitrix24 by a local application: which of the two ways in is taken, and what an expired token does to a step."""

from __future__ import annotations

import asyncio

import pytest

from app.bitrix24 import wire
from app.clock import SystemClock
from app.connection_check import Bitrix24Application, ConnectionCheck, check_bitrix24
from app.crm.port import CardProgress
from app.errors import LinkError, RightsMissing, SignInRefused
from app.integrations import bitrix24_tokens, build_bitrix24
from app.settings import Settings, parse_settings
from app.simulator.faults import HttpError, LoseReply
from tests.app.bitrix24.application_world import OFFICE, REFRESH_TOKEN, ApplicationWorld, application_world


async def finish_one(world: ApplicationWorld) -> None:
    card = world.card()
    registered = await world.crm.perform("register", card, CardProgress())
    await world.crm.perform("finish", card, CardProgress({"register": registered}))


async def test_an_application_writes_where_a_webhook_may_not() -> None:
    async with application_world() as world:
        await finish_one(world)
        (row,) = world.simulator.bitrix24.statistics
        assert row.app_id == world.simulator.config.bitrix_client_id
        assert world.asked(OFFICE) == 1
        (asked, *_) = world.simulator.journal.entries_of(wire.REGISTER)
        assert "auth" not in asked.params


async def test_the_same_portal_refuses_a_webhook() -> None:
    """Negative control."""
    async with application_world() as world:
        secrets = {"PULT_BITRIX24_WEBHOOK": world.simulator.webhook_url}
        async with application_world(environment=secrets) as other:
            assert other.simulator.config.app_only
            webhook = await build_bitrix24(Settings(), other.secrets, other.http, SystemClock(), tokens=other.tokens)
            assert webhook is not None
            with pytest.raises(RightsMissing, match="wrong_auth_type"):
                await webhook.perform("register", world.card(), CardProgress())


async def test_an_expired_token_is_renewed_once_and_the_request_repeated_once() -> None:
    async with application_world() as world:
        card = world.card()
        registered = await world.crm.perform("register", card, CardProgress())
        world.simulator.bitrix24.desk.expire_access()
        await world.crm.perform("finish", card, CardProgress({"register": registered}))
        assert world.asked(wire.FINISH) == 2
        assert len(world.simulator.bitrix24.statistics) == 1
        assert world.simulator.bitrix24.duplicates() == []
        assert world.asked(OFFICE) == 2


async def test_many_requests_with_an_expired_token_renew_it_once() -> None:
    async with application_world() as world:
        await world.crm.who_am_i()
        world.simulator.bitrix24.desk.expire_access()
        await asyncio.gather(*(world.crm.list_currencies() for _ in range(8)))
        assert world.asked(OFFICE) == 2


async def test_a_token_that_is_refused_again_is_told_and_not_renewed_for_ever() -> None:
    async with application_world() as world:
        expired = b'{"error":"expired_token","error_description":"The access token provided has expired."}'
        world.simulator.faults.add(
            HttpError(401, expired, content_type="application/json"), operation=wire.FINISH, times=None
        )
        registered = await world.crm.perform("register", world.card(), CardProgress())
        with pytest.raises(SignInRefused, match="expired_token"):
            await world.crm.perform("finish", world.card(), CardProgress({"register": registered}))
        assert world.asked(wire.FINISH) == 2


@pytest.mark.parametrize("code", ["invalid_token", "NO_AUTH_FOUND"])
async def test_another_refusal_of_the_token_renews_nothing(code: str) -> None:
    async with application_world() as world:
        await world.crm.who_am_i()
        refused = f'{{"error":"{code}","error_description":""}}'.encode()
        world.simulator.faults.add(
            HttpError(401, refused, content_type="application/json"), operation=wire.USER_CURRENT
        )
        with pytest.raises(SignInRefused):
            await world.crm.who_am_i()
        assert world.asked(OFFICE) == 1


async def test_a_lost_renewal_leaves_the_step_unsent_not_unknown() -> None:
    async with application_world() as world:
        world.simulator.faults.add(LoseReply(), operation=OFFICE)
        with pytest.raises(LinkError):
            await world.crm.perform("register", world.card(), CardProgress())
        assert world.asked(wire.REGISTER) == 0


async def test_a_revoked_application_has_to_sign_in_again() -> None:
    async with application_world() as world:
        await world.crm.who_am_i()
        world.simulator.bitrix24.desk.revoke()
        with pytest.raises(SignInRefused, match="oauth_sign_in_again"):
            await world.crm.who_am_i()


async def test_without_the_applications_secrets_the_webhook_is_used() -> None:
    async with application_world() as world:
        values = {"PULT_BITRIX24_REFRESH_TOKEN": REFRESH_TOKEN, "PULT_BITRIX24_WEBHOOK": world.simulator.webhook_url}
        async with application_world(environment=values) as other:
            assert await bitrix24_tokens(other.settings, other.secrets, other.http, other.tokens) is None
            assert other.asked(OFFICE) == 0
            await other.crm.who_am_i()
        assert world.asked(wire.USER_CURRENT) == 1


async def test_a_portal_that_is_switched_off_is_not_connected() -> None:
    async with application_world() as world:
        off = parse_settings(b"[bitrix24]\nenabled = false\n")
        assert await build_bitrix24(off, world.secrets, world.http, SystemClock(), tokens=world.tokens) is None


async def test_the_check_works_for_an_application_too() -> None:
    async with application_world() as world:
        tokens = await bitrix24_tokens(world.settings, world.secrets, world.http, world.tokens)
        assert tokens is not None
        check = ConnectionCheck(world.settings, world.secrets, SystemClock())
        answer = await check.check_bitrix24(tokens)
        assert (answer.code, answer.ok, answer.params["user_id"]) == ("bitrix24_ready", True, 7)
        assert world.simulator.bitrix24.open_calls == {}
        assert (await check_bitrix24(Bitrix24Application("", tokens))).code == "portal_url_missing"
        assert (await check_bitrix24(Bitrix24Application("http://portal.example.test", tokens))).code == "insecure_url"
        world.simulator.bitrix24.desk.revoke()
        assert (await check.check_bitrix24(tokens)).code == "oauth_sign_in_again"
