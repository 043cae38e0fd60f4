"""Every documented way amoCRM says no, over real HTTP, and what becomes of it; rate and tokens."""

from __future__ import annotations

import asyncio
import json
import logging

import msgspec
import pytest

from app.amocrm import mapping, wire
from app.amocrm.client import BURST, RATE_PER_S, AmocrmClient
from app.amocrm.errors import BLOCKED_PAUSE_S, BY_STATUS, reply_error
from app.errors import (
    LimitExceeded,
    LinkError,
    NotFound,
    OutcomeUnknown,
    PultError,
    Refused,
    RightsMissing,
    SignInRefused,
)
from app.http import TokenBucket
from app.oauth import StaticToken
from app.simulator.faults import HttpError, LoseReply
from tests.app.amocrm.account_world import TOKEN, AccountWorld, account_world
from tests.helpers.clock import FakeClock

PROBLEM = "application/problem+json"
CASES: list[tuple[int, dict[str, object], type[PultError], str]] = [
    (400, {"title": "Bad Request", "detail": "wrong"}, Refused, "amo_refused"),
    (400, {"detail": "no type"}, Refused, "amo_refused"),
    (400, {"code": 244, "detail": "no rights"}, Refused, "amo_rights_or_subscription"),
    (400, {"error_code": "244"}, Refused, "amo_rights_or_subscription"),
    (400, {"_total_items": 0, "errors": [{"title": "Entity not found"}]}, NotFound, "amo_number_unknown"),
    (400, {"errors": [{"detail": "Сущность не найдена"}]}, NotFound, "amo_number_unknown"),
    (400, {"errors": [{"title": "Something else", "code": 7}]}, Refused, "amo_call_refused"),
    (401, {"title": "Unauthorized"}, SignInRefused, "amo_token_refused"),
    (402, {"title": "Payment Required"}, RightsMissing, "amo_subscription_ended"),
    (403, {"code": 113, "detail": "address"}, RightsMissing, "amo_address_not_allowed"),
    (403, {"detail": "The account is blocked for exceeding the request rate"}, LimitExceeded, "amo_blocked_for_rate"),
    (403, {"detail": "Слишком много запросов"}, LimitExceeded, "amo_blocked_for_rate"),
    (403, {"detail": "You have no rights"}, RightsMissing, "amo_forbidden"),
    (404, {"title": "Not Found"}, NotFound, "amo_not_found"),
    (405, {"title": "Method Not Allowed"}, Refused, "amo_refused"),
    (422, {"title": "?"}, Refused, "amo_refused"),
    (429, {"title": "Too Many Requests"}, LimitExceeded, "amo_too_many_requests"),
    (500, {"title": "Error"}, OutcomeUnknown, "http_status"),
    (502, {}, OutcomeUnknown, "http_status"),
    (503, {}, OutcomeUnknown, "http_status"),
    (504, {"detail": "too many entities"}, OutcomeUnknown, "http_status"),
]


@pytest.mark.parametrize(("status", "body", "kind", "code"), CASES)
async def test_a_problem_is_told_by_status_code_and_text(
    status: int, body: dict[str, object], kind: type[PultError], code: str
) -> None:
    async with account_world() as world:
        fault = HttpError(status, json.dumps(body).encode(), content_type=PROBLEM)
        world.faults.add(fault, times=None)
        with pytest.raises(kind) as caught:
            await world.client.account()
        assert (type(caught.value), caught.value.code) == (kind, code)
        assert TOKEN not in repr(caught.value) + str(caught.value.params) + str(caught.value.__context__)


@pytest.mark.parametrize("status", [200, 301, 400, 401, 402, 403, 404, 429, 500, 502, 504])
@pytest.mark.parametrize("page", [b"<html>nginx</html>", b"", b"null", b"\xff"])
async def test_a_page_instead_of_a_document_is_told_by_its_status(status: int, page: bytes) -> None:
    error = reply_error(status, {}, None)
    if status == 301:
        assert isinstance(error, RightsMissing)
        assert error.code == "amo_account_moved"
    elif status == 200:
        assert isinstance(error, OutcomeUnknown)
    else:
        assert error is not None
        by_document = {case[0]: case[2] for case in CASES}
        assert type(error) is (RightsMissing if status == 403 else by_document[status])


def test_every_row_of_the_table_is_tried_here() -> None:
    assert set(BY_STATUS) - {204} <= {status for status, *_ in CASES}
    assert reply_error(204, {}, None) is None


async def test_a_bad_field_is_named_by_its_path() -> None:
    async with account_world() as world:
        with pytest.raises(Refused) as caught:
            await world.client._post("calls", world_call(world, source=""))
        error = caught.value
        assert (error.code, error.params["path"], error.params["problem"]) == (
            "amo_invalid_field",
            "source",
            "NotBlank",
        )
        assert error.vendor_message == "This value should not be blank."


async def test_a_moved_account_is_told_without_its_address() -> None:
    async with account_world() as world:
        moved = HttpError(301, b"", headers=(("location", "https://new.amocrm.ru/secret/path"),))
        world.faults.add(moved)
        with pytest.raises(RightsMissing, match="amo_account_moved") as caught:
            await world.client.account()
        assert dict(caught.value.params) == {"host": "new.amocrm.ru"}


async def test_who_was_blocked_for_the_rate_stays_quiet_for_long() -> None:
    async with account_world() as world:
        world.account.switches.limit_rate = True
        world.account.window.refusals = world.account.switches.blocks_after_refusals
        with pytest.raises(LimitExceeded, match="amo_blocked_for_rate") as caught:
            await world.client.account()
        assert caught.value.resets_in_s == BLOCKED_PAUSE_S
        asked = len(world.journal.entries)
        with pytest.raises(LimitExceeded) as turned_away:
            await world.client.account()
        assert (turned_away.value.resets_in_s or 0.0) > BLOCKED_PAUSE_S - 10.0
        assert len(world.journal.entries) == asked


async def test_the_clients_own_rate_keeps_the_account_from_refusing() -> None:
    clock = FakeClock()
    async with account_world(clock=clock, limit_rate=True) as world:
        client = rated(world, clock)
        began_s = clock.monotonic()
        waiting = asyncio.ensure_future(_ask(client, 50))
        await play(waiting, clock)
        await waiting
        assert {entry.outcome for entry in world.journal.entries} == {"ok"}
        assert clock.monotonic() - began_s <= 50 / 5.0


async def test_a_burst_as_large_as_the_rate_would_be_refused() -> None:
    """Negative control: seven at once and seven a second are fourteen within the first second."""
    clock = FakeClock()
    async with account_world(clock=clock, limit_rate=True) as world:
        client = AmocrmClient(world.http, world.url, StaticToken(TOKEN), TokenBucket(7.0, 7, clock))
        waiting = asyncio.ensure_future(_ask(client, 20))
        await play(waiting, clock)
        with pytest.raises(LimitExceeded, match="amo_too_many_requests"):
            await waiting


async def test_without_the_rate_the_account_refuses() -> None:
    """Negative control: the same burst unlimited."""
    clock = FakeClock()
    async with account_world(clock=clock, limit_rate=True) as world:
        with pytest.raises(LimitExceeded, match="amo_too_many_requests"):
            await _ask(world.client, 50)


class CountingTokens:
    """Gives another token each time it is asked to renew."""

    def __init__(self, first: str, then: str) -> None:
        self.first, self.then = first, then
        self.renewals = 0

    async def access_token(self) -> str:
        return self.then if self.renewals else self.first

    async def renewed(self, stale: str) -> str:
        assert stale == (self.then if self.renewals else self.first)
        self.renewals += 1
        return self.then


async def test_a_refused_token_is_renewed_once_and_the_request_repeated() -> None:
    async with account_world() as world:
        tokens = CountingTokens("stale", TOKEN)
        await world.with_tokens(tokens).add_call(world_call(world))
        assert (tokens.renewals, len(world.account.calls)) == (1, 1)


async def test_a_new_token_that_is_refused_too_is_not_renewed_over_and_over() -> None:
    async with account_world() as world:
        tokens = CountingTokens("stale", "stale-too")
        with pytest.raises(SignInRefused, match="amo_token_refused"):
            await world.with_tokens(tokens).account()
        assert (tokens.renewals, len(world.journal.entries)) == (1, 2)


async def test_a_long_lived_token_that_is_refused_is_for_the_administrator() -> None:
    async with account_world() as world:
        client = world.with_tokens(StaticToken("over", refusal="amo_token_refused"))
        with pytest.raises(SignInRefused, match="amo_token_refused"):
            await client.account()
        assert len(world.journal.entries) == 1


async def test_a_down_account_is_a_link_error() -> None:
    async with account_world() as world:
        world.server.set_down(down=True)
        with pytest.raises(LinkError):
            await world.client.account()
        world.server.set_down(down=False)


async def test_the_token_is_in_no_error_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="app")
    async with account_world() as world:
        for fault in (LoseReply(), HttpError(500), HttpError(401), HttpError(403), HttpError(400, TOKEN.encode())):
            world.faults.add(fault)
            with pytest.raises(PultError) as caught:
                await world.client.account()
            assert TOKEN not in f"{caught.value!r} {caught.value.params} {caught.value.__cause__!r}"
    assert TOKEN not in caplog.text


def rated(world: AccountWorld, clock: FakeClock) -> AmocrmClient:
    limiter = TokenBucket(RATE_PER_S, BURST, clock)
    return AmocrmClient(world.http, world.url, StaticToken(TOKEN), limiter)


def world_call(world: AccountWorld, **changes: str) -> wire.Call:
    return msgspec.structs.replace(mapping.call_of(world.card(), ""), **changes)


async def play(waiting: asyncio.Future[None], clock: FakeClock) -> None:
    """Let time pass while the client waits for its turn, and stand still while a request is on its way."""
    while not waiting.done():
        if clock.sleepers:
            await clock.pass_time(0.02)
        await asyncio.wait({waiting}, timeout=0.001)


async def _ask(client: AmocrmClient, times: int) -> None:
    for _ in range(times):
        await client.account()
