"""Eight bad servers are refused before a byte of the request is sent, four good ones are accepted."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import trustme

from app.errors import LinkDown, LinkTimeout, PultError
from tests.app.http.loopback import Server, answering, open_session, reply, serving

MakeServer = Callable[[trustme.CA], ssl.SSLContext]
NOW = datetime.now(UTC)


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """The only authority the session under test trusts, as a company would set it."""
    authority = trustme.CA()
    bundle = tmp_path / "roots.pem"
    authority.cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
    return authority


def context_for(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def good(authority: trustme.CA) -> ssl.SSLContext:
    return context_for(authority.issue_cert("127.0.0.1", "localhost"))


def good_with_intermediate(authority: trustme.CA) -> ssl.SSLContext:
    return context_for(authority.create_child_ca().issue_cert("127.0.0.1"))


def good_tls_1_2(authority: trustme.CA) -> ssl.SSLContext:
    context = good(authority)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


def good_tls_1_3(authority: trustme.CA) -> ssl.SSLContext:
    context = good(authority)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


def wrong_host(authority: trustme.CA) -> ssl.SSLContext:
    return context_for(authority.issue_cert("callapi.example"))


def unknown_authority(authority: trustme.CA) -> ssl.SSLContext:
    return context_for(trustme.CA().issue_cert("127.0.0.1"))


def expired(authority: trustme.CA) -> ssl.SSLContext:
    return context_for(authority.issue_cert("127.0.0.1", not_before=NOW - timedelta(9), not_after=NOW - timedelta(1)))


def not_yet_valid(authority: trustme.CA) -> ssl.SSLContext:
    return context_for(authority.issue_cert("127.0.0.1", not_before=NOW + timedelta(1), not_after=NOW + timedelta(9)))


def missing_intermediate(authority: trustme.CA) -> ssl.SSLContext:
    certificate = authority.create_child_ca().issue_cert("127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with certificate.private_key_and_cert_chain_pem.tempfile() as whole:
        key_and_leaf = Path(whole).read_bytes().split(b"-----BEGIN CERTIFICATE-----")[:2]
    alone = trustme.Blob(b"-----BEGIN CERTIFICATE-----".join(key_and_leaf))
    with alone.tempfile() as path:
        context.load_cert_chain(path)
    return context


def self_signed(authority: trustme.CA) -> ssl.SSLContext:
    stranger = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with trustme.Blob(stranger.private_key_pem.bytes() + stranger.cert_pem.bytes()).tempfile() as path:
        context.load_cert_chain(path)
    return context


def tls_1_1(authority: trustme.CA) -> ssl.SSLContext:
    context = good(authority)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


async def ask(server: Server) -> int:
    async with open_session() as http_session:
        return (await http_session.get(server.url(), deadline_s=5, body_cap=100)).http_status


@pytest.mark.parametrize("make", [good, good_with_intermediate, good_tls_1_2, good_tls_1_3])
async def test_good_servers_are_accepted(make: MakeServer, trusted: trustme.CA) -> None:
    async with serving(answering(reply()), make(trusted)) as server:
        assert await ask(server) == 200


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (wrong_host, "wrong_host"),
        (unknown_authority, "unknown_ca"),
        (expired, "expired"),
        (not_yet_valid, "not_yet_valid"),
        (missing_intermediate, "unknown_ca"),
        (self_signed, "self_signed"),
        (tls_1_1, "other"),
    ],
)
async def test_bad_servers_are_refused_before_anything_is_sent(
    make: MakeServer, reason: str, trusted: trustme.CA
) -> None:
    async with serving(answering(reply()), make(trusted)) as server:
        with pytest.raises(PultError) as caught:
            await ask(server)
        assert server.requests == []
    assert isinstance(caught.value, LinkDown | LinkTimeout)
    assert (caught.value.code, caught.value.params.get("reason")) == ("tls", reason)


async def test_the_eighth_speaks_no_tls_at_all(trusted: trustme.CA) -> None:
    async def complain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await reader.read(1)
        writer.close()

    listening = await asyncio.start_server(complain, "127.0.0.1", 0)
    async with listening:
        with pytest.raises(LinkDown, match="tls"):
            await ask(Server(listening.sockets[0].getsockname()[1], "https"))


@pytest.mark.parametrize(
    "make", [wrong_host, unknown_authority, expired, not_yet_valid, missing_intermediate, self_signed]
)
async def test_a_client_that_does_not_verify_would_have_talked_to_them(make: MakeServer, trusted: trustme.CA) -> None:
    async with serving(answering(reply()), make(trusted)) as server:
        async with httpx.AsyncClient(verify=unverified()) as careless:
            assert (await careless.get(server.url())).status_code == 200
        assert len(server.requests) == 1


def unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def test_without_the_companys_roots_even_a_good_server_is_unknown(
    trusted: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.delenv("SSL_CERT_DIR")
    async with serving(answering(reply()), good(trusted)) as server:
        with pytest.raises(LinkDown, match="tls"):
            await ask(server)
