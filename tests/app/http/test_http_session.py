"""The session against real servers: what is sent, what comes back, and which errors mean what."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
import traceback
from functools import partial

import httpx
import pytest

from app.clock import SystemClock
from app.errors import LinkDown, LinkError, LinkTimeout, OutcomeUnknown, PultError
from app.http import HttpReply, HttpSession
from tests.app.http.loopback import Caller, Respond, Server, answering, open_session, reply, serving
from tests.helpers.waiting import until

DEADLINE_S = 3.0
CAP = 1_000_000


async def ask(url: str, *, deadline_s: float = DEADLINE_S, body_cap: int = CAP) -> HttpReply:
    async with open_session() as http_session:
        return await http_session.post_json(url, b'{"n":1}', deadline_s=deadline_s, body_cap=body_cap)


async def failure_of_asking(url: str, *, deadline_s: float = DEADLINE_S, body_cap: int = CAP) -> PultError:
    with pytest.raises(PultError) as caught:
        await ask(url, deadline_s=deadline_s, body_cap=body_cap)
    return caught.value


async def test_a_post_goes_out_as_it_is_given() -> None:
    async with serving(answering(reply(b'{"ok":true}', "X-Limit: 3"))) as server, open_session() as http_session:
        got = await http_session.post_json(
            server.url("/v4.0"), "{}я".encode(), deadline_s=3, body_cap=100, headers={"Authorization": "Bearer abc"}
        )
        assert got == HttpReply(200, got.headers, b'{"ok":true}')
        assert got.headers["x-limit"] == "3"
        assert http_session.last_round_trip_s is not None
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    assert lines[0] == b"post /v4.0 http/1.1"
    assert body == "{}я".encode()
    for line in (
        b"content-type: application/json; charset=utf-8",
        b"accept-encoding: identity",
        b"user-agent: pult/test",
        b"authorization: bearer abc",
        b"content-length: 4",
    ):
        assert line in lines


async def test_any_http_status_is_a_reply() -> None:
    async with serving(answering(reply(b"<html>", status="502 Bad Gateway"))) as server, open_session() as http_session:
        got = await http_session.get(server.url("/x?y=1"), deadline_s=3, body_cap=100)
    assert (got.http_status, got.body) == (502, b"<html>")
    assert server.requests[0].startswith(b"GET /x?y=1 HTTP/1.1\r\n")


async def test_connections_are_kept_and_cookies_are_not() -> None:
    async with serving(answering(reply(b"{}", "Set-Cookie: seen=1"))) as server, open_session() as http_session:
        for _ in range(3):
            await http_session.get(server.url(), deadline_s=3, body_cap=100)
    assert server.connections == 1
    assert b"cookie" not in b"".join(server.requests).lower()


async def test_redirects_are_replies_and_nobody_goes_there() -> None:
    async with serving(answering(reply(b"stolen"))) as other:
        moved = reply(b"", f"Location: {other.url('/elsewhere')}", status="307 Temporary Redirect")
        async with serving(answering(moved)) as server:
            got = await ask(server.url())
            assert got.http_status == 307
            assert other.requests == []
            # The other server would have been reached by a client that follows.
            async with httpx.AsyncClient(follow_redirects=True) as careless:
                await careless.post(server.url(), content=b"{}")
            assert len(other.requests) == 1


async def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def test_nobody_listening_is_a_link_that_is_down() -> None:
    error = await failure_of_asking(f"http://127.0.0.1:{await closed_port()}/")
    assert isinstance(error, LinkDown)
    assert (error.code, error.params["errno"]) == ("connect", "ECONNREFUSED")


async def test_an_unknown_name_is_told_apart() -> None:
    error = await failure_of_asking("https://callapi.pult-test.invalid/")
    assert (type(error), error.code) == (LinkDown, "dns")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://192.0.2.1/v4.0", "insecure_url"),
        ("http://callapi.example/v4.0", "insecure_url"),
        ("http://127.0.0.1.example/", "insecure_url"),
        ("http://localhost@callapi.example/", "insecure_url"),
        ("http://[::2]/", "insecure_url"),
        ("ftp://127.0.0.1/", "bad_url"),
        ("callapi.uiscom.ru", "bad_url"),
        ("https://", "bad_url"),
        ("https://a.example:port/", "bad_url"),
        ("http://127.0.0.1/\r\nX: y", "bad_url"),
    ],
)
async def test_addresses_that_must_not_be_used_are_refused_unsent(url: str, code: str) -> None:
    error = await failure_of_asking(url)
    assert (type(error), error.code) == (LinkDown, code)
    assert not error.is_retryable


async def test_plain_http_to_this_machine_is_fine_by_its_names_too() -> None:
    async with serving(answering(reply())) as server:
        try:
            told: int | str = (await ask(server.url(host="localhost"))).http_status
        except LinkDown as error:  # a bare chroot has no /etc/hosts: the name is allowed and leads nowhere
            told = error.code
    assert told == (200 if _knows_its_own_name() else "dns")


def _knows_its_own_name() -> bool:
    try:
        return bool(socket.getaddrinfo("localhost", 80, type=socket.SOCK_STREAM))
    except socket.gaierror:
        return False


async def stall(caller: Caller) -> None:
    await caller.never_answer()


async def reset(caller: Caller) -> None:
    caller.writer.transport.abort()


async def hang_up(caller: Caller) -> None:
    caller.writer.close()


async def half_a_reply(caller: Caller) -> None:
    await caller.send(reply(b"x" * 100)[:-50])
    caller.writer.close()


@pytest.mark.parametrize(
    ("respond", "code"),
    [
        (stall, "read_timeout"),
        (reset, "connection_lost"),
        (hang_up, "connection_lost"),
        (half_a_reply, "connection_lost"),
        (answering(b"\x00\xff nonsense \r\n\r\n"), "connection_lost"),
        (answering(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), "connection_lost"),
        (answering(b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 200_000), "connection_lost"),
        (answering(reply(b"x", "Content-Encoding: br")), "reply_undecodable"),
        (answering(reply(b"not gzip", "Content-Encoding: gzip")), "reply_undecodable"),
    ],
)
async def test_after_sending_every_failure_is_an_unknown_outcome(respond: Respond, code: str) -> None:
    async with serving(respond) as server:
        error = await failure_of_asking(server.url(), deadline_s=0.5)
    assert len(server.requests) == 1
    assert (type(error), error.code) == (OutcomeUnknown, code)
    assert not error.is_retryable


async def test_a_dead_connection_that_was_kept_is_replaced() -> None:
    async def answer_once(caller: Caller) -> None:
        await caller.send(reply())
        caller.writer.close()

    async with serving(answer_once) as server, open_session() as http_session:
        for _ in range(3):
            await http_session.get(server.url(), deadline_s=3, body_cap=100)
            await asyncio.sleep(0.02)
    assert server.connections == 3


async def drip(caller: Caller) -> None:
    await caller.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while not caller.server.closing.is_set():
        await caller.send(b"x")
        await asyncio.sleep(0.05)


async def test_a_dripping_reply_ends_at_the_total_deadline() -> None:
    async with serving(drip) as server:
        started_at = time.monotonic()
        error = await failure_of_asking(server.url(), deadline_s=0.4)
        assert 0.3 < time.monotonic() - started_at < 1.2
        assert (type(error), error.code) == (OutcomeUnknown, "read_timeout")
        # A timeout per read, httpx's own, never fires here.
        async with httpx.AsyncClient(timeout=0.4) as patient:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(1.2):
                    await patient.get(server.url())


async def test_a_handshake_that_stalls_is_a_link_timeout() -> None:
    async with serving(stall) as server:
        error = await failure_of_asking(server.url().replace("http:", "https:"), deadline_s=0.3)
    assert isinstance(error, LinkTimeout)
    assert error.params["phase"] == "securing"


async def test_an_illegal_header_is_refused_unsent_and_not_quoted() -> None:
    async with serving(answering(reply())) as server, open_session() as http_session:
        for value in ("Bearer s3cr3t\r\nX: 1", "Bearer s3cr3tключ"):
            with pytest.raises(LinkDown, match="bad_request") as caught:
                await http_session.get(server.url(), deadline_s=3, body_cap=100, headers={"Authorization": value})
            assert "s3cr3t" not in "".join(traceback.format_exception(caught.value))
    assert server.requests == []


async def test_closing_ends_requests_under_way_and_refuses_new_ones() -> None:
    async with serving(stall) as server:
        http_session = HttpSession(user_agent="Pult/test", clock=SystemClock())
        under_way = asyncio.create_task(http_session.get(server.url(), deadline_s=5, body_cap=100))
        await until(lambda: server.requests)
        await http_session.aclose()
        with pytest.raises(OutcomeUnknown):
            await under_way
        with pytest.raises(LinkDown, match="closed"):
            await http_session.get(server.url(), deadline_s=5, body_cap=100)
        await http_session.aclose()


def has_seen(server: Server, requests: int) -> bool:
    return len(server.requests) == requests


async def test_cancelling_frees_the_connection() -> None:
    async with serving(stall) as server, open_session() as http_session:
        for wanted in range(1, 26):
            request = asyncio.create_task(http_session.get(server.url(), deadline_s=5, body_cap=100))
            await until(partial(has_seen, server, wanted))
            request.cancel()
            with pytest.raises(asyncio.CancelledError):
                await request
    assert len(server.requests) == 25


CANARY = "s3cr3tC4n4ry"


@pytest.mark.parametrize("respond", [stall, reset, half_a_reply, answering(reply(b"x" * 200))])
async def test_the_address_appears_in_no_error_and_no_log(respond: Respond, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    async with serving(respond) as server:
        urls = [server.url(f"/rest/1/{CANARY}/"), f"http://127.0.0.1:{await closed_port()}/rest/1/{CANARY}/"]
        urls += [f"https://{CANARY}.invalid/rest/1/{CANARY}/", f"http://{CANARY}.example/", f"https://[{CANARY}/"]
        for url in urls:
            error = await failure_of_asking(url, deadline_s=0.3, body_cap=100)
            assert error.__context__ is None
            assert error.__cause__ is None
            told = [*traceback.format_exception(error), str(error), repr(error), repr(error.params)]
            assert CANARY not in "".join(told)
    assert CANARY not in caplog.text


async def test_httpx_itself_would_have_logged_the_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="httpx")
    async with serving(answering(reply())) as server, httpx.AsyncClient() as talkative:
        await talkative.get(server.url(f"/rest/1/{CANARY}/"))
    assert CANARY in caplog.text


async def test_plain_http_never_goes_through_a_company_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(answering(reply(b"proxied"))) as proxy, serving(answering(reply(b"direct"))) as server:
        monkeypatch.setenv("http_proxy", proxy.url())
        monkeypatch.setenv("all_proxy", proxy.url())
        assert (await ask(server.url())).body == b"direct"
        assert proxy.requests == []
        async with httpx.AsyncClient() as careless:
            await careless.get(server.url())
        assert len(proxy.requests) == 1


async def test_https_does_and_its_refusal_or_silence_means_nothing_was_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serving(answering(reply(b"", status="403 Forbidden"))) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url())
        error = await failure_of_asking("https://callapi.pult-test.invalid/")
        assert (type(error), error.code) == (LinkDown, "proxy")
        assert proxy.requests[0].startswith(b"CONNECT callapi.pult-test.invalid:443 ")
    async with serving(stall) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url())
        error = await failure_of_asking("https://callapi.pult-test.invalid/", deadline_s=0.3)
        assert isinstance(error, LinkTimeout)


async def test_a_proxy_that_cannot_be_used_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "nonsense://127.0.0.1:1")
    error = await failure_of_asking("https://callapi.pult-test.invalid/")
    assert isinstance(error, LinkError)
    assert error.code == "proxy"


async def test_the_loop_runs_on_while_httpx_is_being_loaded() -> None:
    async with open_session() as http_session:
        warming = asyncio.create_task(http_session.warm_up())
        turns = 0
        while not warming.done():
            turns += 1
            await asyncio.sleep(0)
    assert turns > 10
