"""Replies as they come, quirks included; hostile bytes become one kind of error."""

from __future__ import annotations

import json

import msgspec
import pytest

from app.errors import OutcomeUnknown
from app.http import PointsLimits
from app.uis import wire
from app.uis.snapshot import decode_calls
from app.uis.wire import is_success, read_call, read_reply

LIMITS = {
    "day_limit": 750,
    "day_remaining": 741,
    "day_reset": 31492,
    "minute_limit": 150,
    "minute_remaining": 149,
    "minute_reset": 52,
}
READ_LIMITS = PointsLimits(750, 741, 31492, 150, 149, 52)
CALL = {
    "call_session_id": 3960098281,
    "direction": "in",
    "start_time": "2016-10-19T12:26:48.418",
    "virtual_phone_number": "74951045771",
    "contact_phone_number": "74959268686",
    "external_id": None,
    "tags": [{"tag_id": 456, "tag_name": "Целевой"}],
    "legs": [
        {
            "leg_id": 5287866245,
            "calling_phone_number": "74951045771",
            "called_phone_number": "74959268686...9.2.3.3",
            "is_operator": False,
            "employee_id": None,
            "employee_full_name": None,
            "record_call_enabled": True,
            "state": "Разговор",
        }
    ],
}


def reply(**members: object) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": "1", **members}, ensure_ascii=False).encode()


def calls_reply(*entries: object) -> bytes:
    return reply(result={"data": list(entries), "metadata": {"limits": LIMITS}})


@pytest.mark.parametrize(
    ("answer", "limits", "is_deprecated"),
    [
        (reply(result={"data": {}, "metadata": {"limits": LIMITS}}), READ_LIMITS, False),
        (reply(result={"data": {}}, metadata={"limits": LIMITS}), READ_LIMITS, False),
        (reply(result={"data": {}, "metadata": {"limits": {}, "version": None}}), None, False),
        (reply(result={"data": {}, "metadata": None}), None, False),
        (reply(result={"data": {}, "metadata": {"api_version": {"current_version_depricated": True}}}), None, True),
        (reply(result={"data": {}, "metadata": {"api_version": {"current_version_deprecated": "true"}}}), None, True),
        (
            reply(error={"code": -32004, "message": "m", "data": {"mnemonic": "x", "metadata": {"limits": LIMITS}}}),
            READ_LIMITS,
            False,
        ),
        (reply(error={"code": -32004, "message": "m"}, metadata={"limits": LIMITS}), READ_LIMITS, False),
        (
            reply(result={"data": {}, "metadata": {"limits": {name: str(figure) for name, figure in LIMITS.items()}}}),
            READ_LIMITS,
            False,
        ),
    ],
)
def test_metadata_is_read_wherever_it_is(answer: bytes, limits: PointsLimits | None, is_deprecated: bool) -> None:
    read = read_reply(answer, 200)
    assert (read.limits, read.is_version_deprecated) == (limits, is_deprecated)


@pytest.mark.parametrize("http_status", [200, 400, 401, 403, 500, 503])
def test_the_http_status_is_not_asked_where_json_rpc_answers(http_status: int) -> None:
    error = read_reply(
        reply(error={"code": "-32004", "message": "no", "data": {"mnemonic": "invalid_state"}}), http_status
    )
    assert error.error is not None
    assert (error.error.code, error.error.mnemonic) == (-32004, "invalid_state")
    assert read_reply(reply(result={"data": []}), http_status).data is not None


@pytest.mark.parametrize(
    ("body", "http_status", "code"),
    [
        (b"<html>502</html>", 502, "http_status"),
        (b"", 204, "reply_undecodable"),
        (b"", 200, "reply_undecodable"),
        (b"[]", 200, "reply_undecodable"),
        (b"17", 200, "reply_undecodable"),
        (b"{}", 200, "reply_undecodable"),
        (b"\xff\xfe", 200, "reply_undecodable"),
        (b"[" * 1_000_000, 200, "reply_undecodable"),
        (b'{"result":' * 100_000, 200, "reply_undecodable"),
        (b'{"error":"INTERNAL_SERVER_ERROR"}', 200, "reply_undecodable"),
        (b'{"error":{}}', 200, "reply_undecodable"),
        (b'{"error":null,"result":null}', 200, "reply_undecodable"),
        (b'{"result":{"data":1},"error":{"code":1}}', 200, "reply_undecodable"),
        (b'{"result":{}}', 200, "reply_undecodable"),
        (b'{"result":' + b"9" * 10_000 + b"}", 200, "reply_undecodable"),
        (b'{"result":"' + b"\\ud800" * 10 + b'"}', 200, "reply_undecodable"),
    ],
)
def test_what_is_no_answer_is_an_unknown_outcome(body: bytes, http_status: int, code: str) -> None:
    with pytest.raises(OutcomeUnknown) as raised:
        read_reply(body, http_status)
    assert raised.value.code == code


def test_deep_json_gets_through_when_the_recursion_is_not_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: DecodeError alone is not enough."""
    monkeypatch.setattr(wire, "DECODE_ERRORS", (msgspec.DecodeError,))
    with pytest.raises(RecursionError):
        read_reply(b'{"result":' + b"[" * 1_000_000, 200)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"success":true}', True),
        (b'{"success":"true"}', True),
        (b'{"success":"True"}', True),
        (b'{"success":false}', False),
        (b'{"success":"false"}', False),
        (b'{"success":1}', False),
        (b'{"success":null}', False),
        (b"{}", False),
        (b"[]", False),
        (b"true", False),
    ],
)
def test_success_is_true_or_spelt_true(data: bytes, expected: bool) -> None:
    assert is_success(msgspec.Raw(data)) is expected


ODD_CALLS: list[tuple[str, dict[str, object]]] = [
    ("ids as text", {"call_session_id": "3960098281"}),
    ("ids as floats", {"call_session_id": 3960098281.0}),
    ("null lists", {"tags": None, "legs": None}),
    ("lists that are none", {"tags": "none", "legs": {}}),
    ("numbers as numbers", {"contact_phone_number": 74959268686, "external_id": 12}),
    ("flags as text", {"legs": [{"leg_id": "5", "is_operator": "true", "record_call_enabled": "1", "state": 7}]}),
    ("a leg of nothing", {"legs": [{}, None, 5, {"leg_id": None}]}),
    ("a leg id beyond 64 bits", {"legs": [{"leg_id": 2**70}]}),
    ("an employee id of a wrong type", {"legs": [{"leg_id": 1, "employee_id": {"id": 5}}]}),
    ("deep nonsense in a new field", {"new": [[[{"a": [1, None]}]]]}),
    ("a null direction", {"direction": None, "start_time": 1475853742}),
    ("a tag without an id", {"tags": [{"tag_name": "x"}]}),
]


@pytest.mark.parametrize("change", [row[1] for row in ODD_CALLS], ids=[row[0] for row in ODD_CALLS])
def test_an_odd_call_is_read_as_far_as_it_goes(change: dict[str, object]) -> None:
    (call_session,) = decode_calls(calls_reply({**CALL, **change}), {}).calls
    assert call_session.call_session_id == 3960098281
    assert call_session.line_number == "74951045771"


def test_missing_fields_are_empty_and_extra_ones_ignored() -> None:
    (call_session,) = decode_calls(calls_reply({"call_session_id": 5, "mood": "good"}), {}).calls
    assert (call_session.call_session_id, call_session.legs) == (5, ())


@pytest.mark.parametrize("spelling", [b"\\ud800", b"\xff\xfe", b"\\u0000", b"\\ud83d\\ude00"])
def test_a_name_of_broken_characters_hides_nobody(spelling: bytes) -> None:
    body = calls_reply(CALL, {**CALL, "call_session_id": 6}).replace("Целевой".encode(), spelling)
    assert [call_session.call_session_id for call_session in decode_calls(body, {}).calls] == [3960098281, 6]


@pytest.mark.parametrize(
    "entry", [None, 5, "x", [], {}, {"call_session_id": "x"}, {"call_session_id": 2**80}, {"call_session_id": True}]
)
def test_an_entry_without_an_id_is_skipped_and_counted(entry: object) -> None:
    decoded = decode_calls(calls_reply(entry, CALL), {})
    assert [call_session.call_session_id for call_session in decoded.calls] == [3960098281]
    assert len(decoded.skipped) == 1


def test_unchanged_bytes_give_the_very_same_call() -> None:
    first = decode_calls(calls_reply(CALL, {**CALL, "call_session_id": 6}), {})
    changed = {**CALL, "call_session_id": 6, "tags": []}
    second = decode_calls(calls_reply(changed, CALL), first.cache)
    assert second.calls[1] is first.calls[0]
    assert second.calls[0] is not first.calls[1]
    assert len(second.cache) == 2


def test_a_surrogate_in_one_name_does_not_cost_the_others_their_identity() -> None:
    body = calls_reply(CALL, {**CALL, "call_session_id": 6, "external_id": "?"}).replace(b'"?"', b'"\\ud800"')
    first = decode_calls(body, {})
    assert decode_calls(body, first.cache).calls[0] is first.calls[0]


def test_unknown_states_are_named_once_per_changed_call() -> None:
    odd = json.loads(json.dumps(CALL))
    odd["legs"][0]["state"] = "Левитация"
    first = decode_calls(calls_reply(odd), {})
    assert first.unknown_states == {"Левитация"}
    assert decode_calls(calls_reply(odd), first.cache).unknown_states == frozenset()


def test_read_call_never_raises_on_bytes_that_are_no_json() -> None:
    assert read_call(b"\xff" * 10) is None
    assert read_call(b"[" * 100_000) is None
