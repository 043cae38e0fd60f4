"""Ways in which a PBX's reply can be wrong: its JSON, its bytes, its HTTP. Seeded, so that each can be repeated."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable
from typing import Any

from app.simulator.faults import (
    BlackHole,
    Drip,
    DropBefore,
    Fault,
    HalfReply,
    HtmlPage,
    HttpError,
    HugeBody,
    LoseReply,
    Mutate,
    RawReply,
    ResetMidReply,
    Status200Error,
    WrongLength,
)

OVER_EVERY_CAP = 17 * 1024 * 1024
MUST_BE_TOO_LARGE = frozenset({"gzip bomb", "huge body", "huge chunked body"})
"""Kinds whose only right outcome is "reply_too_large"."""

_ODD_VALUES: list[object] = [
    None,
    True,
    False,
    0,
    -1,
    2**31,
    2**63,
    10**30,
    1.5,
    1e308,
    "",
    "true",
    "3960098281",
    "x" * 100_000,
    "\u202e\u0000\u0007<b>",
    "Ж́" * 50,
    [],
    {},
    [None],
    [[[]]],
    {"a": {"b": None}},
]
_ODD_TEXTS = [b"1e999", b"-0", b"9" * 5000, b"NaN", b"Infinity", b"'x'", b"tru", b'"\\ud800"', b'"\xff"', b'"\\x"']
_BOMB = gzip.compress(bytes(64 * 1024 * 1024), compresslevel=9, mtime=0)
_JSON_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def pick_fault(dice: random.Random) -> tuple[str, Fault]:
    """One thing that goes wrong, with its kind."""
    kind = dice.choices(list(_WEIGHTS), weights=list(_WEIGHTS.values()))[0]
    return kind, _MAKERS[kind](dice)


def _flip(dice: random.Random) -> Fault:
    def change(body: bytearray) -> None:
        for _ in range(dice.randint(1, 8) if body else 0):
            body[dice.randrange(len(body))] = dice.randrange(256)

    return _on_bytes(change)


def _on_bytes(change: Callable[[bytearray], object]) -> Fault:
    def changed(body: bytes) -> bytes:
        mutable = bytearray(body)
        change(mutable)
        return bytes(mutable)

    return Mutate(changed)


def _cut_out(dice: random.Random) -> Fault:
    def change(body: bytearray) -> None:
        start = dice.randrange(len(body) + 1)
        del body[start : start + dice.randint(1, 40)]

    return _on_bytes(change)


def _repeat(dice: random.Random) -> Fault:
    def change(body: bytearray) -> None:
        start = dice.randrange(len(body) + 1)
        piece = body[start : start + dice.randint(1, 200)]
        body[start:start] = piece * dice.randint(1, 20)

    return _on_bytes(change)


def _insert(dice: random.Random) -> Fault:
    def change(body: bytearray) -> None:
        start = dice.randrange(len(body) + 1)
        body[start:start] = dice.choice([*_ODD_TEXTS, dice.randbytes(dice.randint(1, 50)), b"\x00", b"{", b"]", b","])

    return _on_bytes(change)


def _cut_off(dice: random.Random) -> Fault:
    return Mutate(lambda body: body[: dice.randrange(len(body) + 1)])


def _odd_member(dice: random.Random) -> Fault:
    """Another value in the place of one, anywhere in the tree; or a missing or an extra member."""

    def change(body: bytes) -> bytes:
        tree = json.loads(body)
        parent, key = dice.choice(_spots(tree))
        if dice.random() < 0.2 and isinstance(parent, dict):
            del parent[key]
        elif dice.random() < 0.1 and isinstance(parent, dict):
            parent["new"] = dice.choice(_ODD_VALUES)
        else:
            parent[key] = dice.choice(_ODD_VALUES)
        return json.dumps(tree, ensure_ascii=dice.random() < 0.5).encode()

    return Mutate(change)


def _odd_spelling(dice: random.Random) -> Fault:
    """One scalar spelt as no JSON writer would."""

    def change(body: bytes) -> bytes:
        tree = json.loads(body)
        parent, key = dice.choice(_spots(tree))
        parent[key] = "@@here@@"
        return json.dumps(tree, ensure_ascii=False).encode().replace(b'"@@here@@"', dice.choice(_ODD_TEXTS))

    return Mutate(change)


def _spots(tree: object) -> list[tuple[Any, Any]]:
    """Every container with every key or index in it."""
    found: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        for key, value in members:
            found.append((node, key))
            waiting.append(value)
    return found


def _deep(dice: random.Random) -> Fault:
    depth = dice.choice([500, 1_100, 5_000, 200_000])
    shapes = [
        b"[" * depth,
        b"[" * depth + b"]" * depth,
        b'{"result":' * depth,
        b'{"jsonrpc":"2.0","id":1,"result":{"data":' + b"[" * depth + b"]" * depth + b"}}",
        b'{"jsonrpc":"2.0","id":1,"result":{"data":[{"call_session_id":1,"new":'
        + b"[" * depth
        + b"]" * depth
        + b"}]}}",
        b'{"jsonrpc":"2.0","id":1,"error":{"code":1,"data":{"params":' + b"[" * depth + b"]" * depth + b"}}}",
    ]
    return _instead(dice.choice(shapes))


def _other_json(dice: random.Random) -> Fault:
    return _instead(
        dice.choice(
            [
                b"",
                b" ",
                b"null",
                b"[]",
                b"17",
                b'"text"',
                b"{}{}",
                b"\xef\xbb\xbf{}",
                b'{"jsonrpc":"2.0","method":"call.ended","params":{}}',
                b'[{"jsonrpc":"2.0","id":1,"result":{"data":[]}}]',
                b'{"jsonrpc":"2.0","id":null,"error":"no"}',
                b'{"jsonrpc":"2.0","id":null,"error":{"code":"x","data":17}}',
                b'{"jsonrpc":"2.0","id":null,"error":{"code":-32001}}',
                b'{"jsonrpc":"2.0","id":1,"result":{"data":{"success":"maybe"}}}',
                b'{"jsonrpc":"2.0","id":1,"result":{"data":[]},"error":{"code":1}}',
                b'{"result":{"data":null}}',
                dice.randbytes(dice.randint(1, 4000)),
            ]
        )
    )


def _instead(body: bytes) -> Fault:
    return Mutate(lambda _: body)


def _odd_http(dice: random.Random) -> Fault:
    body = b'{"jsonrpc":"2.0","id":1,"result":{"data":{"success":"true"}}}'
    length = b"Content-Length: %d\r\n" % len(body)
    return RawReply(
        dice.choice(
            [
                b"",
                b"\r\n\r\n",
                b"hello\r\n\r\n",
                b"HTTP/1.1 999 Odd\r\n" + length + b"\r\n" + body,
                b"HTTP/1.1 200\r\n" + length + b"\r\n" + body,
                b"HTTP/0.9 200 OK\r\n\r\n" + body,
                b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                b"HTTP/1.1 100 Continue\r\n\r\n" * 2000 + _JSON_HEAD + length + b"\r\n" + body,
                b"HTTP/1.1 100 Continue\r\n\r\n",
                b"HTTP/1.1 204 No Content\r\n\r\n" + body,
                b"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
                b"HTTP/1.1 307 Moved\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n",
                _JSON_HEAD + b"X-Long: " + b"x" * 200_000 + b"\r\n" + length + b"\r\n" + body,
                _JSON_HEAD + b"X: y\r\n" * 20_000 + length + b"\r\n" + body,
                _JSON_HEAD + b"Bad Header\r\n" + length + b"\r\n" + body,
                _JSON_HEAD + b"X: \x00\xff\r\n" + length + b"\r\n" + body,
                _JSON_HEAD + b"Content-Length: -5\r\n\r\n" + body,
                _JSON_HEAD + b"Content-Length: 99999999999999999999\r\n\r\n" + body,
                _JSON_HEAD + b"Content-Length: 5\r\nContent-Length: 7\r\n\r\n" + body,
                _JSON_HEAD + b"Content-Length: 3\r\n\r\n" + body,
                _JSON_HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + body,
                _JSON_HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n" + body,
                _JSON_HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n" + body,
                _JSON_HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n" % (len(body), body),
                _JSON_HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(body), body),
                _JSON_HEAD + b"Transfer-Encoding: chunked\r\n" + length + b"\r\n" + body,
                _JSON_HEAD + b"Transfer-Encoding: gzip\r\n\r\n" + body,
                _JSON_HEAD + b"Content-Encoding: gzip\r\n" + length + b"\r\n" + body,
                _JSON_HEAD + b"Content-Encoding: br\r\n" + length + b"\r\n" + body,
                _JSON_HEAD + b"Content-Encoding: gzip\r\nContent-Length: 20\r\n\r\n" + gzip.compress(body)[:20],
                _JSON_HEAD + b"\r\n" + body,
                dice.randbytes(dice.randint(1, 2000)),
            ]
        )
    )


def _gzip_bomb(_: random.Random) -> Fault:
    return RawReply(_JSON_HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(_BOMB) + _BOMB)


def _huge_chunked(_: random.Random) -> Fault:
    chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    return RawReply(_JSON_HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 18)


def _whole_failure(dice: random.Random) -> Fault:
    return dice.choice(
        [
            DropBefore(),
            LoseReply(),
            ResetMidReply(),
            HalfReply(fraction=dice.random()),
            WrongLength(delta=dice.choice([-20, -1, 1, 5000])),
            HttpError(dice.choice([400, 401, 403, 404, 429, 500, 503, 599])),
            HtmlPage(dice.choice([200, 302, 502])),
            Status200Error(),
            Drip(bytes_per_chunk=dice.choice([7, 64]), pause_s=0.0),
        ]
    )


_MAKERS: dict[str, Callable[[random.Random], Fault]] = {
    "bytes flipped": _flip,
    "bytes cut out": _cut_out,
    "bytes repeated": _repeat,
    "bytes inserted": _insert,
    "cut off": _cut_off,
    "odd member": _odd_member,
    "odd spelling": _odd_spelling,
    "deep JSON": _deep,
    "other JSON": _other_json,
    "odd HTTP": _odd_http,
    "failure": _whole_failure,
    "gzip bomb": _gzip_bomb,
    "huge body": lambda _: HugeBody(OVER_EVERY_CAP),
    "huge chunked body": _huge_chunked,
    "drip past the deadline": lambda _: Drip(bytes_per_chunk=1, pause_s=0.05),
    "black hole": lambda _: BlackHole(),
}
_WEIGHTS = dict.fromkeys(_MAKERS, 100.0) | {
    "gzip bomb": 4.0,
    "huge body": 2.0,
    "huge chunked body": 2.0,
    "drip past the deadline": 4.0,
    "black hole": 4.0,
}
