"""The private channel between the process that owns the data folder and other commands of the same user.

One request and one reply per connection, JSON, no secrets. POSIX: a socket in a 0700 folder; Windows: a named pipe.
Both ask for the token that only the owner of the data folder can read.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import hashlib
import hmac
import json
import logging
import os
import secrets
import socket
import struct
import sys
import tempfile
import threading
from collections.abc import Awaitable, Callable, Mapping
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Final, cast

from app.background import run_on_daemon_thread
from app.clock import Clock

REQUEST_CAP: Final = 4096
REPLY_CAP: Final = 4 * 1024 * 1024
PATIENCE_S: Final = 1.0
HANDLER_DEADLINE_S: Final = 10.0
RATE_PER_S: Final = 5
_SOCKET_PATH_CAP: Final = 100

Reply = Mapping[str, object]
VerbHandler = Callable[[Mapping[str, object]], Awaitable[Reply]]

_log = logging.getLogger(__name__)


class ChannelError(Exception):
    """The owner answered, but not with a result. `code` is `refused`, `busy`, `bad_request` or `failed`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class LocalChannel:
    """Serves an allow-list of verbs from a thread of its own; handlers run on the loop that started it."""

    def __init__(self, data_dir: Path, verbs: Mapping[str, VerbHandler], clock: Clock) -> None:
        self._data_dir = data_dir
        self._verbs = dict(verbs)
        self._clock = clock
        self._token = ""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listener: Listener | None = None
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()
        self._asked: concurrent.futures.Future[Reply] | None = None
        self._served_at: list[float] = []

    def start(self) -> None:
        """Listen. Only the process that holds the database may call this: it removes a socket left by a killed one."""
        self._loop = asyncio.get_running_loop()
        self._token = _write_token(self._data_dir)
        address = channel_address(self._data_dir)
        if sys.platform != "win32":
            _make_private(Path(address).parent)
            Path(address).unlink(missing_ok=True)
        self._listener = Listener(address, family=_family(), backlog=16)
        if sys.platform != "win32":
            Path(address).chmod(0o600)
        self._thread = threading.Thread(target=self._serve, name="local-channel", daemon=True)
        self._thread.start()

    async def aclose(self) -> None:
        """Stop listening and wait for the thread."""
        if self._listener is None or self._thread is None:
            return
        self._closing.set()
        if self._asked is not None:
            self._asked.cancel()
        listener, thread = self._listener, self._thread
        await run_on_daemon_thread(lambda: self._stop_thread(listener, thread), name="close local channel")
        self._listener = None
        _token_file(self._data_dir).unlink(missing_ok=True)

    def _stop_thread(self, listener: Listener, thread: threading.Thread) -> None:
        with contextlib.suppress(OSError):
            Client(channel_address(self._data_dir), family=_family()).close()  # wakes accept()
        thread.join(timeout=5)
        listener.close()

    def _serve(self) -> None:
        listener = self._listener
        while listener is not None and not self._closing.is_set():
            try:
                connection = listener.accept()
            except (OSError, EOFError):
                continue
            with contextlib.suppress(OSError, EOFError), connection:
                if not self._closing.is_set():
                    self._answer(connection)

    def _answer(self, connection: Connection) -> None:
        _limit_waiting(connection)
        if not connection.poll(PATIENCE_S):
            return
        reply = self._reply_to(connection.recv_bytes(REQUEST_CAP))
        connection.send_bytes(_encoded(reply))

    def _reply_to(self, request: bytes) -> Reply:
        try:
            message = json.loads(request)
        except (ValueError, RecursionError):
            return {"error": "bad_request"}
        if not isinstance(message, dict) or not isinstance(message.get("params", {}), dict):
            return {"error": "bad_request"}
        if not hmac.compare_digest(_bytes_of(message.get("token", "")), _bytes_of(self._token)):
            return {"error": "refused"}
        handler = self._verbs.get(str(message.get("verb", "")))
        if handler is None:
            return {"error": "refused"}
        if self._is_too_often():
            return {"error": "busy"}
        return self._run(handler, message.get("params", {}))

    def _is_too_often(self) -> bool:
        now = self._clock.monotonic()
        self._served_at = [at for at in self._served_at if now - at < 1.0]
        if len(self._served_at) >= RATE_PER_S:
            return True
        self._served_at.append(now)
        return False

    def _run(self, handler: VerbHandler, params: Mapping[str, object]) -> Reply:
        loop = self._loop
        if loop is None or loop.is_closed():
            return {"error": "failed"}
        future = asyncio.run_coroutine_threadsafe(_as_coroutine(handler, params), loop)
        self._asked = future
        if self._closing.is_set():
            future.cancel()
        try:
            error = future.exception(timeout=HANDLER_DEADLINE_S)
        except (TimeoutError, asyncio.CancelledError, concurrent.futures.CancelledError):
            future.cancel()
            return {"error": "failed"}
        if isinstance(error, ChannelError):
            return {"error": error.code}
        if error is not None:
            _log.error("a verb of the local channel failed", exc_info=error)
            return {"error": "failed"}
        return {"result": future.result()}


def _limit_waiting(connection: Connection) -> None:
    """Who stops half-way through a message, or does not take the reply, must not hold up everybody else."""
    if sys.platform == "win32":
        return
    limit = struct.pack("ll", int(PATIENCE_S), 0)
    with socket.socket(fileno=os.dup(connection.fileno())) as same:
        same.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        same.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)


def _bytes_of(text: object) -> bytes:
    return str(text).encode("utf-8", "surrogatepass")


def _encoded(reply: Reply) -> bytes:
    try:
        return json.dumps(reply).encode()
    except (TypeError, ValueError):
        _log.exception("a verb of the local channel failed: its answer is no JSON")
        return json.dumps({"error": "failed"}).encode()


async def _as_coroutine(handler: VerbHandler, params: Mapping[str, object]) -> Reply:
    return await handler(params)


def call_owner(data_dir: Path, verb: str, params: Mapping[str, object] | None = None) -> Reply | None:
    """Ask the process that owns the data folder; None when none listens. Blocking: call it from a command or a thread.

    Raises ChannelError when the owner refuses or fails.
    """
    try:
        token = _token_file(data_dir).read_text(encoding="ascii")
        connection = Client(channel_address(data_dir), family=_family())
    except OSError:
        return None
    with connection:
        request = {"token": token, "verb": verb, "params": dict(params or {})}
        try:
            connection.send_bytes(json.dumps(request).encode())
            if not connection.poll(HANDLER_DEADLINE_S + 1):
                raise ChannelError("failed")
            reply = cast("dict[str, object]", json.loads(connection.recv_bytes(REPLY_CAP)))
        except (EOFError, OSError, ValueError):
            # It hung up in the middle: what became of the request is not known.
            raise ChannelError("failed") from None
    if "error" in reply:
        raise ChannelError(str(reply["error"]))
    return cast("Reply", reply["result"])


def channel_address(data_dir: Path) -> str:
    """Where the owner listens. Socket paths hold about 107 bytes, so a deep folder gets a hashed one."""
    name = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:16]
    if sys.platform == "win32":
        return rf"\\.\pipe\pult-{name}"
    inside = data_dir / "run" / "console.sock"
    if len(os.fsencode(inside)) <= _SOCKET_PATH_CAP:
        return str(inside)
    base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    return str(Path(base) / f"pult-{os.getuid()}-{name}" / "console.sock")


def _family() -> str:
    return "AF_PIPE" if sys.platform == "win32" else "AF_UNIX"


def _token_file(data_dir: Path) -> Path:
    return data_dir / "run" / "channel.token"


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    if sys.platform != "win32" and folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else")


def _write_token(data_dir: Path) -> str:
    token = secrets.token_hex(16)
    path = _token_file(data_dir)
    _make_private(path.parent)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(token)
    return token
