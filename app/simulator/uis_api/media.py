"""The hosts of recordings, ``app.`` and ``media.`` of the brand in one port (uis-notes §2)."""

import re

from app.simulator.exchange import Reply, Request
from app.simulator.pbx.live_calls import NoSuchCallError
from app.simulator.pbx.world import PbxWorld

PLACES = (
    (re.compile(r"/system/media/(talk|wav)/(\d+)/([0-9a-z]+)/"), "talk"),
    (re.compile(r"/()(\d+)/([0-9a-z]+)"), "file"),
)
TYPES = {"mp3": "audio/mpeg", "wav": "audio/wav"}
HTML = (("content-type", "text/html; charset=utf-8"),)
LOGIN_PAGE = "<!DOCTYPE html><html><body><form action='/login'>Вход в личный кабинет</form></body></html>".encode()
NOT_FOUND_PAGE = b"<html><body>404 Not Found</body></html>"


class MediaFace:
    """GET a recording; 404 while it is not there."""

    name = "media"

    def __init__(self, world: PbxWorld) -> None:
        self._world = world

    def operation_of(self, request: Request) -> str:
        """``media.talk`` by the cabinet's path, ``media.file`` by the glued file's."""
        return next((f"media.{name}" for pattern, name in PLACES if pattern.fullmatch(request.path)), "")

    def handle(self, request: Request) -> Reply:
        """The bytes written by now."""
        if request.method != "GET":
            return Reply(405, b"", (*HTML, ("allow", "GET")))
        recordings = self._world.recordings
        if recordings.moved_to is not None:
            return Reply(302, b"", (*HTML, ("location", recordings.moved_to)))
        if recordings.needs_login:
            return Reply(200, LOGIN_PAGE, HTML)
        for pattern, _ in PLACES:
            found = pattern.fullmatch(request.path)
            if found is not None:
                return self._recording(int(found[2]), found[3], "wav" if found[1] == "wav" else "mp3")
        return Reply(404, NOT_FOUND_PAGE, HTML)

    def _recording(self, call_session_id: int, record: str, kind: str) -> Reply:
        try:
            call = self._world.call(call_session_id)
        except NoSuchCallError:
            return Reply(404, NOT_FOUND_PAGE, HTML)
        sound = self._world.recordings.find(call, record, kind)
        if sound is None:
            return Reply(404, NOT_FOUND_PAGE, HTML)
        return Reply(200, sound, (("content-type", TYPES[kind]),))
