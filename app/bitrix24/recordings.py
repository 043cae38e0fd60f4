"""The step `record`: a call's recording attached to its finished call, as a file or as a link (crm-notes 1.3).

A repeat replaces the recording, so an unknown outcome is simply repeated, under a new name. Where recordings come from
is the shelf's.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from app.background import run_on_daemon_thread
from app.bitrix24 import mapping
from app.bitrix24.client import Bitrix24Client
from app.bitrix24.errors import OPERATING_LIMIT
from app.clock import Clock
from app.crm.port import CardProgress, CardToWrite, Recording, RecordingShelf, RecordingState, StepReceipt
from app.errors import LimitExceeded, NotYet, Refused, RightsMissing, SignInRefused
from app.http import FileToSend

LOOK_AGAIN_S = 60.0
# The shelf wakes the step when it has something: a day's cards must not be claimed and put back every minute.
_SHELF_TELLS_S = 600.0
# What fits into one request without anybody noticing; more is streamed.
INLINE_BYTES = 1024 * 1024

_CONTENT_TYPES = {".mp3": "audio/mpeg", ".wav": "audio/wav"}


class RecordStep:
    """`shelf` None: nobody looks for recordings here, the step waits. `by_link`: the administrator lets the portal
    fetch the PBX's own address; else the file is sent."""

    def __init__(self, client: Bitrix24Client, shelf: RecordingShelf | None, clock: Clock, *, by_link: bool) -> None:
        self._client = client
        self._shelf = shelf
        self._clock = clock
        self._by_link = by_link

    async def perform(self, card: CardToWrite, progress: CardProgress, call_id: str) -> StepReceipt:
        """`file_id`, or `recording` "none" when there is none. Raises NotYet while it is looked for, and while the
        portal lets nobody attach recordings."""
        recording = await self._recording_of(card.card_key)
        if recording is None:
            return StepReceipt({"recording": "none"})
        try:
            return await self._attach(recording, progress.attempt, call_id)
        except LimitExceeded as error:
            if error.code != OPERATING_LIMIT:
                raise
            # Of this method alone: cards go on being written.
            wait_s = error.resets_in_s or LOOK_AGAIN_S
        raise NotYet(OPERATING_LIMIT, retry_in_s=wait_s)

    async def _recording_of(self, card_key: str) -> Recording | None:
        """What can be sent; None when there is no recording for sure."""
        if self._shelf is None:
            raise NotYet("recording_not_ready", retry_in_s=_SHELF_TELLS_S)
        recording = await self._shelf.recording_of(card_key)
        if recording.recording_state is RecordingState.NONE:
            return None
        if recording.recording_state is RecordingState.READY or (self._by_link and recording.link):
            return recording
        raise NotYet("recording_not_ready", {"reason": recording.reason}, retry_in_s=_SHELF_TELLS_S)

    async def _attach(self, recording: Recording, attempt: int, call_id: str) -> StepReceipt:
        """Under the name of this try; where the portal has that name already, under one that tells the time, too."""
        try:
            return await self._attach_as(recording, attempt, "", call_id)
        except Refused as error:
            if error.code != "file_name_taken":
                raise
        again = f"-{int(self._clock.now().timestamp())}"
        return await self._attach_as(recording, attempt, again, call_id)

    async def _attach_as(self, recording: Recording, attempt: int, again: str, call_id: str) -> StepReceipt:
        if self._by_link and recording.link:
            name = mapping.record_name(recording.card_key, attempt, mapping.suffix_of_link(recording.link), again)
            return await self._client.attach_link(call_id, name, recording.link)
        path = recording.path
        if path is None:
            raise NotYet("recording_not_ready", {"reason": recording.reason}, retry_in_s=LOOK_AGAIN_S)
        content_type = _CONTENT_TYPES.get(path.suffix.lower())
        if content_type is None:
            raise Refused("recording_wrong_format", {"suffix": path.suffix})
        name = mapping.record_name(recording.card_key, attempt, path.suffix, again)
        size = await run_on_daemon_thread(partial(_size_of, path, recording.size), name="recording-size")
        if size <= INLINE_BYTES:
            content = await run_on_daemon_thread(partial(_content_of, path, size), name="recording-read")
            return await self._client.attach_content(call_id, name, content)
        part = FileToSend("", name, content_type, path, size)
        return await self._upload(call_id, part)

    async def _upload(self, call_id: str, part: FileToSend) -> StepReceipt:
        """Where the address's own token has run out, another address is asked for, once. What the address refuses says
        nothing about our own access, so it parks this recording and pauses nothing."""
        try:
            return await self._send(call_id, part)
        except _UploadRefused as error:
            if not error.has_run_out:
                raise error.as_refusal() from None
        try:
            return await self._send(call_id, part)
        except _UploadRefused as error:
            raise error.as_refusal() from None

    async def _send(self, call_id: str, part: FileToSend) -> StepReceipt:
        address = await self._client.ask_upload(call_id, part.file_name)
        named = replace(part, field_name=address.field_name)
        try:
            return await self._client.upload(address, named)
        except (SignInRefused, RightsMissing) as error:
            raise _UploadRefused(error) from None


class _UploadRefused(Exception):
    """The upload address, not the portal's method, turned the request away."""

    def __init__(self, said: SignInRefused | RightsMissing) -> None:
        super().__init__(said.code)
        self._said = said
        self.has_run_out = isinstance(said, SignInRefused)

    def as_refusal(self) -> Refused:
        return Refused("http_refused", vendor_code=self._said.vendor_code, vendor_message=self._said.vendor_message)


def _size_of(path: Path, expected: int) -> int:
    """Raises Refused when the file is gone, NotYet when it is not whole yet, or not any more."""
    try:
        size = path.stat().st_size
    except OSError as error:
        cause = type(error).__name__
    else:
        if size == 0 or (expected and size != expected):
            raise NotYet("recording_not_ready", {"reason": "size_changed"}, retry_in_s=LOOK_AGAIN_S)
        return size
    raise Refused("recording_unreadable", {"cause": cause})


def _content_of(path: Path, size: int) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        cause = type(error).__name__
    else:
        if len(content) != size:
            raise NotYet("recording_not_ready", {"reason": "size_changed"}, retry_in_s=LOOK_AGAIN_S)
        return content
    raise Refused("recording_unreadable", {"cause": cause})
