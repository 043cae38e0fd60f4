"""A recording fetched into the private cache: which address gives it, whether it is sound, whether it still grows."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from app.clock import Clock
from app.errors import LinkError, OutcomeUnknown
from app.http.download import Downloaded, FileDownloads

_STEADY_AFTER_S = 5.0
_REDIRECTS = 4
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]", re.ASCII)
_OK = 200
_LOGIN = frozenset({401, 403})
_MOVED = frozenset({301, 302, 303, 307, 308})
_MP3_SYNC, _MP3_SYNC_MASK, _LAYER_MASK = 0xFF, 0xE0, 0x06

NEEDS_LOGIN = "recording_needs_login"
BAD_FORMAT = "recording_bad_format"
TOO_LARGE = "recording_too_large"
NOT_READY = "recording_not_ready"
STILL_WRITTEN = "recording_still_written"
ELSEWHERE = "recording_elsewhere"
UNREACHABLE = "recording_unreachable"
# The reason told when several addresses failed: the one that says most.
_TELLING = (TOO_LARGE, STILL_WRITTEN, NEEDS_LOGIN, BAD_FORMAT, ELSEWHERE, UNREACHABLE, NOT_READY)

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fetched:
    """`file_name`: the finished file in the cache, empty when there is none, and then `reason` says why. `link`: the
    address that gave it, or the likeliest one."""

    link: str
    file_name: str = ""
    size: int = 0
    reason: str = ""


class RecordingFetch:
    """Fetches into `folder`. `may_ask`: the address as it may be asked for, None for strangers. Raises NotSaved."""

    def __init__(
        self, downloads: FileDownloads, folder: Path, clock: Clock, may_ask: Callable[[str], str | None], cap: int
    ) -> None:
        self._downloads = downloads
        self._folder = folder
        self._clock = clock
        self._may_ask = may_ask
        self._cap = cap

    async def fetch(self, card_key: str, links: Sequence[str]) -> Fetched:
        """The first address that gives a whole recording."""
        stem = _UNSAFE.sub("_", card_key)
        reasons: dict[str, str] = {}
        for link in links:
            found = await self._try(self._folder / f"{stem}.part", link)
            if found.file_name:
                return found
            reasons.setdefault(found.reason, link)
            if found.reason in (TOO_LARGE, STILL_WRITTEN):
                break
        reason = next((one for one in _TELLING if one in reasons), NOT_READY)
        return Fetched(reasons.get(reason, links[0] if links else ""), reason=reason)

    async def _try(self, part: Path, link: str) -> Fetched:
        try:
            return await self._fetch_one(link, part)
        except OutcomeUnknown as error:
            reason = TOO_LARGE if error.code == "reply_too_large" else UNREACHABLE
        except LinkError:
            reason = UNREACHABLE
        await self._downloads.remove(part)
        return Fetched(link, reason=reason)

    async def _fetch_one(self, link: str, part: Path) -> Fetched:
        url: str | None = link
        for _ in range(_REDIRECTS):
            url = None if url is None else self._may_ask(url)
            if url is None:
                return Fetched(link, reason=ELSEWHERE)
            came = await self._downloads.fetch(url, part, self._cap)
            if came.http_status not in _MOVED or not came.location:
                break
            url = urljoin(url, came.location)
        reason = _why_not(came)
        suffix = sound_format(came.head)
        if reason is None and not await self._is_steady(url or link, came.size):
            reason = STILL_WRITTEN
        if reason is not None or suffix is None:
            await self._downloads.remove(part)
            return Fetched(link, reason=reason or BAD_FORMAT)
        target = part.with_suffix(f".{suffix}")
        await self._downloads.move(part, target)
        return Fetched(link, target.name, came.size)

    async def _is_steady(self, url: str, size: int) -> bool:
        """The PBX may serve what it has written so far, with a length that fits: only time tells."""
        await self._clock.sleep(_STEADY_AFTER_S)
        return await self._downloads.size_of(url, self._cap) == size


def sound_format(head: bytes) -> str | None:
    """`mp3` or `wav` by the first bytes; None for anything else, whatever its content type says."""
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[:3] == b"ID3":
        return "mp3"
    is_frame = len(head) > 1 and head[0] == _MP3_SYNC and head[1] & _MP3_SYNC_MASK == _MP3_SYNC_MASK
    return "mp3" if is_frame and head[1] & _LAYER_MASK else None


def _why_not(came: Downloaded) -> str | None:
    if came.http_status in _LOGIN:
        return NEEDS_LOGIN
    if came.http_status in _MOVED:
        return ELSEWHERE
    if came.http_status != _OK or came.size == 0:
        return NOT_READY
    if sound_format(came.head) is not None:
        return None
    is_page = "html" in came.content_type.lower() or came.head.lstrip()[:1] == b"<"
    return NEEDS_LOGIN if is_page else BAD_FORMAT
