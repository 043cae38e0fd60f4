"""A shelf with recordings that a test puts there. No tests."""

from __future__ import annotations

from pathlib import Path

from app.crm.port import Recording, RecordingState


class Shelf:
    """RecordingShelf over a folder; what nobody put there is NOT_YET."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known: dict[str, Recording] = {}
        self.asked = 0

    def put(
        self, card_key: str, content: bytes, *, suffix: str = ".mp3", link: str = "", size: int | None = None
    ) -> Path:
        """A whole recording; `size`: what the shelf believes it has, where that is something else."""
        path = self.folder / f"{len(self.known)}{suffix}"
        path.write_bytes(content)
        told = len(content) if size is None else size
        self.known[card_key] = Recording(card_key, RecordingState.READY, link, path, told)
        return path

    def put_none(self, card_key: str) -> None:
        self.known[card_key] = Recording(card_key, RecordingState.NONE, reason="not_recorded")

    def put_link(self, card_key: str, link: str) -> None:
        self.known[card_key] = Recording(card_key, RecordingState.NOT_YET, link)

    async def recording_of(self, card_key: str) -> Recording:
        self.asked += 1
        return self.known.get(card_key, Recording(card_key, RecordingState.NOT_YET, reason="looked_for"))
