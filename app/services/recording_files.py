"""The private folder of fetched recordings: which files are whole, which belong to nobody. Fetches nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from app.background import DaemonWorker
from app.http.download import HEAD_BYTES, not_saved
from app.services.recording_fetch import sound_format
from app.services.recording_rows import RecordingRow

R = TypeVar("R")

_logger = logging.getLogger(__name__)


class RecordingFiles:
    """Files of `folder`, each named in a row. Its methods raise NotSaved."""

    def __init__(self, folder: Path, files: DaemonWorker) -> None:
        self.folder = folder
        self._files = files

    async def prepare(self, named: frozenset[str]) -> None:
        """Make the folder, for its owner alone, and clear it of what no row names: a crash leaves pieces."""

        def clear() -> None:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for path in self.folder.iterdir():
                if path.is_file() and path.name not in named:
                    path.unlink(missing_ok=True)

        await self._on_disk(clear)

    def path_of(self, row: RecordingRow) -> Path:
        return self.folder / row.file_name

    async def is_whole(self, row: RecordingRow) -> bool:
        """As large as it was when it was finished, and still sound: caches are cleared by others, disks fill up."""

        def look() -> bool:
            path = self.path_of(row)
            try:
                if path.stat().st_size != row.size:
                    return False
                with path.open("rb") as file:
                    return sound_format(file.read(HEAD_BYTES)) is not None
            except FileNotFoundError:
                return False

        return bool(row.file_name) and await self._on_disk(look)

    async def remove(self, row: RecordingRow) -> None:
        if row.file_name:
            await self._on_disk(lambda: self.path_of(row).unlink(missing_ok=True))

    async def aclose(self) -> None:
        await self._files.aclose()

    async def _on_disk(self, work: Callable[[], R]) -> R:
        try:
            return await self._files.call(work)
        except OSError as error:
            raise not_saved(error) from error
