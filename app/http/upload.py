"""One file as a multipart/form-data body, read from the disk piece by piece while it is sent. No connection here."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from app.background import DaemonWorker
from app.errors import NotYet

_PIECE = 256 * 1024
_SLOWEST_BYTES_PER_S = 64 * 1024
_BASE_DEADLINE_S = 60.0


@dataclass(frozen=True, slots=True)
class FileToSend:
    """What goes out: `size` bytes of the file at `path`, under `field_name`, called `file_name` over there."""

    field_name: str
    file_name: str
    content_type: str
    path: Path
    size: int


def upload_deadline_s(size: int) -> float:
    """Seconds for the whole exchange, so that a slow line is not cut off half-way: 64 KB a second at least."""
    return _BASE_DEADLINE_S + size / _SLOWEST_BYTES_PER_S


@dataclass(slots=True)
class MultipartFile:
    """The body, to be opened, sent once and closed. Raises NotYet when the file cannot be read ("file_not_readable") or
    is not as long as was said ("file_changed"): its request is then cut short, and nobody took it for a whole one."""

    part: FileToSend
    boundary: str = field(default_factory=lambda: secrets.token_hex(16))
    _reading: DaemonWorker = field(init=False, default_factory=lambda: DaemonWorker("upload"))
    _handle: BinaryIO | None = field(init=False, default=None)

    @property
    def content_type(self) -> str:
        return f"multipart/form-data; boundary={self.boundary}"

    @property
    def length(self) -> int:
        """Of the whole body, in bytes."""
        return len(self._head) + self.part.size + len(self._tail)

    async def __aenter__(self) -> MultipartFile:
        try:
            self._handle = await self._reading.call(partial(_opened, self.part))
        except OSError as error:
            cause = type(error).__name__
        except BaseException:
            self._reading.abandon()
            raise
        else:
            return self
        self._reading.abandon()
        raise NotYet("file_not_readable", {"cause": cause})

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        handle, self._handle = self._handle, None
        try:
            if handle is not None:
                # Behind a read that may still be under way.
                await self._reading.call(handle.close)
        finally:
            self._reading.abandon()

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """The bytes of the body, in order."""
        yield self._head
        left = self.part.size
        while left:
            piece = await self._read(min(left, _PIECE))
            left -= len(piece)
            yield piece
        yield self._tail

    async def _read(self, size: int) -> bytes:
        handle = self._handle
        if handle is None:
            raise NotYet("file_not_readable", {"cause": "closed"})
        try:
            piece = await self._reading.call(partial(handle.read, size))
        except OSError as error:
            cause = type(error).__name__
        else:
            if piece:
                return piece
            raise NotYet("file_changed")
        raise NotYet("file_not_readable", {"cause": cause})

    @property
    def _head(self) -> bytes:
        names = f'name="{_quotable(self.part.field_name)}"; filename="{_quotable(self.part.file_name)}"'
        return (
            f"--{self.boundary}\r\nContent-Disposition: form-data; {names}\r\n"
            f"Content-Type: {self.part.content_type}\r\n\r\n"
        ).encode()

    @property
    def _tail(self) -> bytes:
        return f"\r\n--{self.boundary}--\r\n".encode()


def _opened(part: FileToSend) -> BinaryIO:
    """Raises NotYet("file_changed") when it grew or shrank since it was measured: somebody still writes it."""
    # Unbuffered: the pieces are large already.
    handle = part.path.open("rb", buffering=0)
    if os.fstat(handle.fileno()).st_size != part.size:
        handle.close()
        raise NotYet("file_changed")
    return handle


def _quotable(name: str) -> str:
    """As browsers write a name, so that none can end the header early."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
