"""Tokens: one login at a time, renewed in time, given back at the end."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from app.errors import LinkDown, LinkError, SignInRefused
from app.simulator.config import SimulatorConfig
from app.simulator.faults import HoldUntilReleased, LoseReply, Mutate
from app.uis.sign_in import LoginAndPassword, PermanentKey, SessionToken, UisSignIn
from tests.app.telephony.stack import PbxStack, open_stack


def logins(stack: PbxStack) -> int:
    return len(stack.simulator.journal.entries_of("login.user"))


async def test_twenty_requests_cause_one_login() -> None:
    async with open_stack(start=False) as stack:
        await asyncio.gather(*(stack.client.list_talk_options() for _ in range(20)))
        assert logins(stack) == 1


async def test_twenty_requests_with_a_token_that_ended_cause_one_login_more() -> None:
    async with open_stack(start=False) as stack:
        await stack.client.list_talk_options()
        stack.simulator.account.tokens.expire_all()
        await asyncio.gather(*(stack.client.list_talk_options() for _ in range(20)))
        assert logins(stack) == 2


async def test_a_token_is_renewed_a_minute_before_its_end() -> None:
    async with open_stack(start=False) as stack:
        await stack.client.list_talk_options()
        stack.clock.advance(3539)
        await stack.client.list_talk_options()
        assert logins(stack) == 1
        stack.clock.advance(2)
        await stack.client.list_talk_options()
        assert logins(stack) == 2
        assert [entry.outcome for entry in stack.simulator.journal.entries if entry.outcome != "ok"] == []


async def test_a_wrong_wall_clock_causes_no_login_before_every_request() -> None:
    async with open_stack(start=False) as stack:
        stack.clock.set_wall(stack.clock.now() - timedelta(hours=5))
        await stack.client.list_talk_options()
        stack.clock.set_wall(stack.clock.now() + timedelta(hours=10))
        stack.simulator.account.tokens.expire_all()
        for _ in range(5):
            await stack.client.list_talk_options()
        assert logins(stack) == 2


@pytest.mark.parametrize("spelling", [b'"expire"', b'"other"'])
async def test_an_end_under_another_name_or_none_is_an_hour_at_most(spelling: bytes) -> None:
    async with open_stack(SimulatorConfig(token_ttl_s=7200), start=False) as stack:
        stack.simulator.faults.add(Mutate(lambda body: body.replace(b'"expire_at"', spelling)), operation="login.user")
        await stack.client.list_talk_options()
        stack.clock.advance(3541)
        await stack.client.list_talk_options()
        assert logins(stack) == 2


async def test_a_permanent_key_is_the_token_and_its_end_is_told_as_it_is() -> None:
    async with open_stack(start=False, permanent=True) as stack:
        await stack.client.list_talk_options()
        stack.simulator.account.tokens.permanent_is_expired = True
        with pytest.raises(SignInRefused, match="access_token_expired"):
            await stack.client.list_talk_options()
        assert logins(stack) == 0
        assert len(stack.simulator.journal.entries) == 2


async def test_an_unanswered_login_means_that_nothing_was_sent() -> None:
    async with open_stack(start=False) as stack:
        call_session_id = stack.simulator.pbx.ring_in("79161234567", employees=[2001])
        stack.simulator.faults.add(LoseReply(), operation="login.user")
        with pytest.raises(LinkError) as raised:
            await stack.client.release_call(call_session_id)
        assert (type(raised.value), raised.value.code) == (LinkDown, "sign_in_unanswered")
        assert stack.simulator.journal.entries_of("release.call") == []


async def test_a_cancelled_login_does_not_block_the_next() -> None:
    async with open_stack(start=False) as stack:
        held = stack.simulator.faults.add(HoldUntilReleased(), operation="login.user")
        first = asyncio.get_running_loop().create_task(stack.client.list_talk_options())
        await held.wait_held()
        second = asyncio.get_running_loop().create_task(stack.client.list_talk_options())
        first.cancel()
        assert await second
        held.release()
        with pytest.raises(asyncio.CancelledError):
            await first


async def test_signing_out_gives_the_token_back_and_forgets_the_credentials() -> None:
    async with open_stack(start=False) as stack:
        await stack.telephony.list_calls()
        await stack.telephony.sign_out()
        assert stack.simulator.journal.entries[-1].operation == "logout.user"
        assert stack.simulator.journal.entries[-1].outcome == "ok"
        with pytest.raises(SignInRefused, match="signed_out"):
            await stack.telephony.list_calls()
        await stack.telephony.sign_out()


async def test_a_token_fetched_meanwhile_is_not_forgotten() -> None:
    async with open_stack(start=False) as stack:
        sign_in = UisSignIn(
            LoginAndPassword(stack.simulator.config.login, stack.simulator.config.password), stack.clock
        )
        token = await sign_in.token(stack.client.signed_in)
        sign_in.forget("the one before")
        assert await sign_in.token(stack.client.signed_in) == token
        sign_in.forget(token)
        assert await sign_in.token(stack.client.signed_in) != token


def test_secrets_do_not_show() -> None:
    shown = repr([LoginAndPassword("login", "hunter2"), PermanentKey("hunter2"), SessionToken("hunter2", 1.0)])
    assert "hunter2" not in shown
