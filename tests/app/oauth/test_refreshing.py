"""Renewing access tokens over real HTTP: once for all, stored before used, and what a lost reply means."""

from __future__ import annotations

import asyncio
import logging

import pytest

from app.errors import LinkDown, LinkError, PultError, RightsMissing, SignInRefused
from app.logs import redact
from app.oauth import RefreshingToken, StaticToken
from app.simulator.faults import DropBefore, HoldUntilReleased, HttpError, LoseReply
from tests.app.oauth.office_world import CLIENT_SECRET, SEED, VENDORS, office_world
from tests.helpers.guards import ExpectedLog
from tests.helpers.waiting import until

pytestmark = pytest.mark.parametrize("vendor", VENDORS)


async def test_the_first_token_comes_by_the_refresh_token_and_the_next_one_is_in_the_keyring(vendor: str) -> None:
    async with office_world(vendor) as world:
        async with world.run(SEED[vendor]) as (source, _):
            token = await source.access_token()
            assert world.desk.is_valid(token)
            assert await source.access_token() == token
            assert not source.is_in_memory_only
        assert (world.asked, world.keyring.writes) == (1, 1)
        if vendor == "bitrix24":
            assert source.facts["client_endpoint"].endswith("/rest/")


async def test_a_rotated_token_wins_over_the_environment_it_came_from_and_loses_to_a_new_one(vendor: str) -> None:
    async with office_world(vendor) as world:
        for renewals in (1, 2, 3):
            async with world.run(SEED[vendor]) as (source, _):
                assert world.desk.is_valid(await source.access_token())
            assert world.desk.renewals == renewals
        # The administrator installed the application anew.
        fresh = world.desk.issue().refresh_token
        async with world.run(fresh) as (source, _):
            assert world.desk.is_valid(await source.access_token())
        # Every one of them was answered at the first try: no used token was ever sent.
        assert world.asked == 4
        async with world.run() as (source, _):
            assert world.desk.is_valid(await source.access_token())
        assert world.asked == 5


async def test_without_the_mark_the_environment_would_be_asked_with_a_used_token(vendor: str) -> None:
    """Negative control: what SecretStore.get alone would do."""
    async with office_world(vendor) as world, world.run(SEED[vendor]) as (source, secrets):
        await source.access_token()
        naive = await secrets.get(world.secret_name)
        assert naive == SEED[vendor]
        with pytest.raises(SignInRefused, match="oauth_sign_in_again"):
            await world.office().renew(naive)


async def test_a_token_set_by_hand_begins_a_new_chain(vendor: str) -> None:
    async with office_world(vendor) as world:
        async with world.run(SEED[vendor]) as (source, secrets):
            await source.access_token()
            await secrets.set(world.secret_name, world.desk.issue().refresh_token)
        world.desk.expire_access()
        async with world.run() as (source, _):
            assert world.desk.is_valid(await source.access_token())
        async with world.run() as (source, _):
            assert world.desk.is_valid(await source.access_token())


async def test_many_who_ask_at_once_renew_once(vendor: str) -> None:
    async with office_world(vendor) as world, world.run(SEED[vendor]) as (source, _):
        stale = await source.access_token()
        world.desk.expire_access()
        renewed = await asyncio.gather(*(source.renewed(stale) for _ in range(20)))
        assert len(set(renewed)) == 1
        assert world.desk.is_valid(renewed[0])
        assert world.asked == 2
        # Who comes late with the old one gets the new one without asking.
        assert await source.renewed(stale) == renewed[0]
        assert world.asked == 2


async def test_two_sources_over_one_secret_make_each_others_pair_worthless(vendor: str) -> None:
    """Negative control: without one owner the second renewal is refused."""
    async with office_world(vendor) as world, world.run(SEED[vendor]) as (first, secrets):
        second = RefreshingToken(world.office(), secrets, world.secret_name)
        rule = world.simulator.faults.add(HoldUntilReleased(before_effect=True), operation=world.operation, times=2)
        both = asyncio.gather(first.access_token(), second.access_token(), return_exceptions=True)
        while rule.held < 2:
            await rule.wait_held()
            await asyncio.sleep(0)
        rule.release()
        outcomes = await both
        refused = [outcome for outcome in outcomes if isinstance(outcome, SignInRefused)]
        assert len(refused) == 1
        await second.aclose()


async def test_the_new_pair_is_stored_before_anybody_uses_it(vendor: str) -> None:
    async with office_world(vendor) as world, world.run(SEED[vendor]) as (source, _):
        world.keyring.holds_writes.clear()
        asking = asyncio.ensure_future(source.access_token())
        await until(lambda: world.keyring.is_writing, what="the pair is being stored")
        assert not asking.done(), "the token was given out before its pair was stored"
        world.keyring.holds_writes.set()
        assert world.desk.is_valid(await asking)


async def test_who_gives_up_waiting_does_not_lose_the_pair_for_the_others(vendor: str) -> None:
    async with office_world(vendor) as world:
        async with world.run(SEED[vendor]) as (source, _):
            rule = world.simulator.faults.add(HoldUntilReleased(), operation=world.operation)
            asking = asyncio.ensure_future(source.access_token())
            await rule.wait_held()
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            rule.release()
            # Closing waits for the renewal that nobody awaits any more.
        async with world.run() as (source, _):
            assert world.desk.is_valid(await source.access_token())


async def test_a_lost_reply_is_tried_once_more_and_then_asks_to_sign_in_again(vendor: str) -> None:
    async with office_world(vendor) as world, world.run(SEED[vendor]) as (source, secrets):
        world.simulator.faults.add(LoseReply(), operation=world.operation)
        with pytest.raises(LinkError) as caught:
            await source.access_token()
        assert (caught.value.code, caught.value.params["cause"]) == ("sign_in_unanswered", "connection_lost")
        with pytest.raises(SignInRefused, match="oauth_pair_lost"):
            await source.access_token()
        asked = world.asked
        with pytest.raises(SignInRefused, match="oauth_pair_lost"):
            await source.access_token()
        assert world.asked == asked, "a refused token is not tried over and over"
        await secrets.set(world.secret_name, world.desk.issue().refresh_token)
        assert world.desk.is_valid(await source.access_token())


async def test_a_request_that_died_on_the_way_is_simply_sent_again(vendor: str) -> None:
    async with office_world(vendor) as world, world.run(SEED[vendor]) as (source, _):
        world.simulator.faults.add(DropBefore(), operation=world.operation)
        with pytest.raises(LinkDown, match="sign_in_unanswered"):
            await source.access_token()
        assert world.desk.is_valid(await source.access_token())


async def test_a_down_office_is_a_link_error(vendor: str) -> None:
    async with office_world(vendor) as world, world.run(SEED[vendor]) as (source, _):
        world.simulator.set_down(vendor, down=True)
        with pytest.raises(LinkError):
            await source.access_token()
        world.simulator.set_down(vendor, down=False)


async def test_a_revoked_application_has_to_sign_in_again_and_a_wrong_secret_says_so(vendor: str) -> None:
    async with office_world(vendor) as world:
        async with world.run(SEED[vendor], office=world.office(client_secret="wrong")) as (source, _):
            with pytest.raises(SignInRefused, match="oauth_client_refused"):
                await source.access_token()
        world.desk.revoke()
        async with world.run(SEED[vendor]) as (source, _):
            with pytest.raises(SignInRefused, match="oauth_sign_in_again"):
                await source.access_token()


async def test_an_account_that_is_not_paid_for_is_told(vendor: str) -> None:
    async with office_world(vendor) as world, world.run(SEED[vendor]) as (source, _):
        world.desk.is_paid = False
        with pytest.raises(RightsMissing, match="payment_required"):
            await source.access_token()


async def test_nothing_given_is_told_without_asking(vendor: str) -> None:
    async with office_world(vendor) as world, world.run() as (source, _):
        with pytest.raises(SignInRefused, match="oauth_token_missing"):
            await source.access_token()
        assert world.asked == 0


async def test_a_keyring_that_does_not_store_is_told_and_the_run_goes_on(
    vendor: str, expected_log: ExpectedLog
) -> None:
    expected_log("in memory only")
    async with office_world(vendor) as world:
        world.keyring.is_locked = True
        async with world.run(SEED[vendor]) as (source, secrets):
            token = await source.access_token()
            told = [source.is_in_memory_only]
            world.desk.expire_access()
            assert world.desk.is_valid(await source.renewed(token))
            world.keyring.is_locked = False
            world.desk.expire_access()
            await source.renewed(await source.access_token())
            told.append(source.is_in_memory_only)
            assert told == [True, False]
            assert await secrets.kept(world.secret_name) is not None
        async with world.run(SEED[vendor]) as (source, _):
            assert world.desk.is_valid(await source.access_token())


async def test_a_reconnected_source_is_the_same_one(vendor: str) -> None:
    async with office_world(vendor) as world, world.run(SEED[vendor]) as (source, secrets):
        first = await source.access_token()
        source.use_office(world.office())
        assert await source.access_token() != first
        assert await secrets.kept(world.secret_name)


@pytest.mark.parametrize(
    "fault",
    [
        HttpError(500),
        HttpError(502, before_effect=False),
        HttpError(200, b"<html>"),
        HttpError(400, b"?"),
        HttpError(429),
    ],
)
async def test_no_secret_stands_in_any_error_repr_or_log(
    vendor: str, fault: HttpError, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with office_world(vendor) as world, world.run(SEED[vendor]) as (source, _):
        world.simulator.faults.add(fault, operation=world.operation)
        with pytest.raises(PultError) as caught:
            await source.access_token()
        error = caught.value
        told = f"{error!r} {error.params} {error.__cause__!r} {error.__context__!r} {source!r} {world.office()!r}"
        journal = repr(world.simulator.journal.entries)
        for secret in (SEED[vendor], CLIENT_SECRET):
            assert secret not in told + journal + caplog.text


async def test_every_token_that_passes_is_kept_out_of_the_log(vendor: str) -> None:
    async with office_world(vendor) as world, world.run(SEED[vendor]) as (source, secrets):
        token = await source.access_token()
        kept = await secrets.kept(world.secret_name)
        assert kept is not None
        refresh_token = kept.rpartition(":")[2]
        for secret in (token, refresh_token, kept, SEED[vendor]):
            assert secret not in redact(f"here it stands: {secret} in a sentence")


async def test_a_fixed_token_is_not_renewed(vendor: str) -> None:
    source = StaticToken(f"fixed-{vendor}")
    assert await source.access_token() == f"fixed-{vendor}"
    with pytest.raises(SignInRefused, match="token_refused"):
        await source.renewed(f"fixed-{vendor}")
    assert f"fixed-{vendor}" not in repr(source)
