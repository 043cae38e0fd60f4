"""The table of foreign errors: complete, and honest about what was sent."""

from __future__ import annotations

import inspect
import socket
import ssl
from collections.abc import Collection

import httpx
import pytest

from app.errors import LinkDown, LinkTimeout, OutcomeUnknown
from app.http.failures import FAILURES, Phase, failure_of


def httpx_errors() -> dict[str, type[Exception]]:
    return {
        name: kind
        for name, kind in vars(httpx).items()
        if inspect.isclass(kind) and issubclass(kind, Exception) and not issubclass(kind, Warning)
    }


def differences(table: Collection[str]) -> set[str]:
    return set(httpx_errors()) ^ set(table)


def test_every_error_class_of_httpx_has_its_row() -> None:
    assert differences(FAILURES) == set()


@pytest.mark.parametrize("row", ["ReadError", "InvalidURL", "ProxyError"])
def test_a_row_less_or_more_is_noticed(row: str) -> None:
    assert differences([name for name in FAILURES if name != row]) == {row}
    assert differences([*FAILURES, "NewError"]) == {"NewError"}


@pytest.mark.parametrize("name", sorted(FAILURES))
def test_before_sending_nothing_is_unknown_and_after_it_nothing_is_certain(name: str) -> None:
    error = make(httpx_errors()[name])
    for phase in (Phase.PREPARING, Phase.CONNECTING, Phase.SECURING):
        unsent = failure_of(error, phase)
        assert isinstance(unsent, LinkDown | LinkTimeout)
        assert unsent.params["cause"] == name
    sent = failure_of(error, Phase.SENDING)
    # Only what can be raised by nothing but our own request before its first byte may claim that nothing was
    # sent.
    harmless = name in ("LocalProtocolError", "UnsupportedProtocol", "InvalidURL")
    assert isinstance(sent, LinkDown if harmless else OutcomeUnknown)


def make(kind: type[Exception]) -> Exception:
    error = kind.__new__(kind)
    Exception.__init__(error, "https://p.bitrix24.ru/rest/1/s3cr3t/")
    return error


def test_an_error_httpx_never_declared_is_mapped_all_the_same() -> None:
    assert failure_of(ZeroDivisionError(), Phase.SENDING).code == "connection_lost"
    assert failure_of(ZeroDivisionError(), Phase.PREPARING).code == "connect"


def test_a_subclass_takes_the_row_of_its_parent() -> None:
    class NewReadTimeout(httpx.ReadTimeout):
        pass

    assert failure_of(NewReadTimeout("x"), Phase.SENDING).code == "read_timeout"


def caused_by(cause: BaseException) -> httpx.ConnectError:
    error = httpx.ConnectError("x")
    error.__cause__ = OSError("all attempts failed")
    error.__cause__.__cause__ = ExceptionGroup("attempts", [cause]) if isinstance(cause, Exception) else cause
    return error


def certificate_error(verify_code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = verify_code
    return error


@pytest.mark.parametrize(
    ("cause", "code", "reason"),
    [
        (socket.gaierror(-2, "Name or service not known"), "dns", None),
        (certificate_error(10), "tls", "expired"),
        (certificate_error(62), "tls", "wrong_host"),
        (certificate_error(1234), "tls", "other"),
        (ssl.SSLError(1, "wrong version number"), "tls", "other"),
        (ConnectionRefusedError(111, "refused"), "connect", None),
    ],
)
def test_the_reason_is_found_however_deep_it_lies(cause: BaseException, code: str, reason: str | None) -> None:
    error = failure_of(caused_by(cause), Phase.CONNECTING)
    assert (error.code, error.params.get("reason")) == (code, reason)


def test_a_circle_of_causes_ends() -> None:
    error = httpx.ConnectError("x")
    error.__cause__ = inner = OSError("y")
    inner.__context__ = error
    assert failure_of(error, Phase.CONNECTING).code == "connect"
