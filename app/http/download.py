"""A file fetched piece by piece into a `.part` beside its place, and the look whether it still grows. Nobody's vendor.

What the bytes are is for the caller to say; here they are counted, capped and kept.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.background import DaemonWorker
from app.errors import NotSaved, OutcomeUnknown
from app.http.session import HttpSession

HEAD_DEADLINE_S = 20.0
HEAD_BYTES = 64
_SLOWEST_BYTES_PER_S = 32 * 1024
_GATHERED_BYTES = 256 * 1024
_LEFT_FREE_BYTES = 64 * 1024 * 1024
_OK = 200
_HEADERS = {"Accept": "audio/mpeg, audio/wav, audio/x-wav, */*;q=0.5"}

OpenPart = Callable[[Path], IO[bytes]]


@dataclass(frozen=True, slots=True)
class Downloaded:
    """What came. `size`: bytes of the body, 0 for any HTTP status but 200; `head`: its first bytes; `location`: where a
    redirect leads."""

    http_status: int
    size: int = 0
    head: bytes = b""
    content_type: str = ""
    location: str = ""


class FileDownloads:
    """Fetches files. `files`: the thread that writes them; `open_part`: makes the private file that is written.

    Raises LinkError and OutcomeUnknown as HttpSession does (OutcomeUnknown "reply_too_large" over the cap), and
    NotSaved ("disk_full", "disk_error", "read_only") when the disk does not take it. Whatever fails, no `.part` stays.
    """

    def __init__(self, http: HttpSession, files: DaemonWorker, open_part: OpenPart | None = None) -> None:
        self._http = http
        self._files = files
        self._open_part = open_part or open_private

    async def fetch(self, url: str, part: Path, cap: int) -> Downloaded:
        """Fetch the whole file into `part`, at most `cap` bytes of it, on the disk for good when this returns. For any
        HTTP status but 200 there is no file afterwards."""
        receiver = _ToFile(part, cap, self._files, self._open_part)
        try:
            await self._http.get_into(url, receiver, head_deadline_s=HEAD_DEADLINE_S, headers=_HEADERS)
            await receiver.finish()
        except BaseException:
            await receiver.abandon()
            raise
        return receiver.downloaded

    async def size_of(self, url: str, cap: int) -> int | None:
        """How large the file is by now: as its head says, else counted; None when it cannot be had any more."""
        receiver = _Counter(cap)
        await self._http.get_into(url, receiver, head_deadline_s=HEAD_DEADLINE_S, headers=_HEADERS)
        return receiver.size

    async def move(self, part: Path, target: Path) -> None:
        """Give the finished file its name. Raises NotSaved."""
        await self._on_disk(lambda: part.replace(target))

    async def remove(self, path: Path) -> None:
        """Raises NotSaved."""
        await self._on_disk(lambda: path.unlink(missing_ok=True))

    async def _on_disk(self, work: Callable[[], object]) -> None:
        try:
            await self._files.call(work)
        except OSError as error:
            raise not_saved(error) from error


def open_private(path: Path) -> IO[bytes]:
    """A new file for the owner alone, in the place of any old one."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600), "wb")


def not_saved(error: OSError) -> NotSaved:
    """Ours for the system's. Its text names the file and stays out."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return NotSaved("disk_full")
    code = "read_only" if isinstance(error, PermissionError) or error.errno == errno.EROFS else "disk_error"
    return NotSaved(code, {"cause": type(error).__name__})


def body_deadline_s(size: int) -> float:
    """Seconds a body of that size may take on the slowest line that counts."""
    return HEAD_DEADLINE_S + size / _SLOWEST_BYTES_PER_S


class _ToFile:
    """Gathers the body and writes it off the loop."""

    def __init__(self, part: Path, cap: int, files: DaemonWorker, open_part: OpenPart) -> None:
        self._part = part
        self._cap = cap
        self._files = files
        self._open_part = open_part
        self._file: IO[bytes] | None = None
        self._gathered = bytearray()
        self._announced: int | None = None
        self.downloaded = Downloaded(0)

    def begin(self, http_status: int, headers: Mapping[str, str]) -> float | None:
        content_type, location = headers.get("content-type", ""), headers.get("location", "")
        self.downloaded = Downloaded(http_status, content_type=content_type, location=location)
        if http_status != _OK:
            return None
        if headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
            raise OutcomeUnknown("reply_undecodable", {"cause": "content_encoding"})
        self._announced = length_of(headers)
        if self._announced is not None and self._announced > self._cap:
            raise _too_large(self._cap)
        return body_deadline_s(self._cap if self._announced is None else self._announced)

    async def add(self, chunk: bytes) -> None:
        before = self.downloaded
        size = before.size + len(chunk)
        if size > self._cap:
            raise _too_large(self._cap)
        head = before.head if len(before.head) >= HEAD_BYTES else (before.head + chunk)[:HEAD_BYTES]
        self.downloaded = Downloaded(before.http_status, size, head, before.content_type)
        self._gathered += chunk
        if len(self._gathered) >= _GATHERED_BYTES:
            await self._write()

    async def finish(self) -> None:
        """Everything came: it lies on the disk when this returns."""
        if self.downloaded.http_status == _OK:
            await self._write(is_last=True)

    async def abandon(self) -> None:
        """Nothing stays. An error of the disk here hides none that came before."""
        file, self._file = self._file, None
        if file is None:
            return

        def throw_away() -> None:
            # What was not written yet cannot be; the file goes anyway.
            with suppress(OSError):
                file.close()
            self._part.unlink(missing_ok=True)

        try:
            await self._files.call(throw_away)
        except OSError:
            return

    async def _write(self, *, is_last: bool = False) -> None:
        piece, self._gathered = bytes(self._gathered), bytearray()
        try:
            await self._files.call(lambda: self._write_now(piece, is_last=is_last))
        except OSError as error:
            raise not_saved(error) from error

    def _write_now(self, piece: bytes, *, is_last: bool) -> None:
        if self._file is None:
            # Caches are cleared away by others while the program runs.
            self._part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._leave_room()
            self._file = self._open_part(self._part)
        self._file.write(piece)
        if is_last:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def _leave_room(self) -> None:
        """The cards share this disk, and they matter more than what can be fetched again."""
        needed = _LEFT_FREE_BYTES + (self._announced or 0)
        found = getattr(os, "statvfs", None)
        if found is None:
            return
        room = found(self._part.parent)
        if room.f_bavail * room.f_frsize < needed:
            raise OSError(errno.ENOSPC, "no room")


class _Counter:
    """Counts a body without keeping it; where its head tells the size the body is not even read."""

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self.size: int | None = None

    def begin(self, http_status: int, headers: Mapping[str, str]) -> float | None:
        if http_status != _OK:
            return None
        self.size = length_of(headers)
        if self.size is not None:
            return None
        self.size = 0
        return body_deadline_s(self._cap)

    async def add(self, chunk: bytes) -> None:
        self.size = (self.size or 0) + len(chunk)
        if self.size > self._cap:
            raise _too_large(self._cap)


def length_of(headers: Mapping[str, str]) -> int | None:
    """Content-Length; None where there is none that can be believed."""
    written = headers.get("content-length", "").strip()
    return int(written) if written.isascii() and written.isdigit() and len(written) <= 12 else None


def _too_large(cap: int) -> OutcomeUnknown:
    return OutcomeUnknown("reply_too_large", {"cap_bytes": cap})
